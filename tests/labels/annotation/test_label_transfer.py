from hypothesis import given, settings
from hypothesis import strategies as st

from labels import LABELS, codes
from labels.annotation.label_transfer import UNKNOWN, transfer_labels

PAGE = [
    ("navigation", "Home News Sport"),
    ("title", "The ferry is back"),
    ("byline", "by Ada Ferro"),
    ("body", "The ferry to the island runs again from Monday."),
    ("body", "It had been laid up since the storm in March."),
    ("recommendation", "Read also: what the storm cost the harbour"),
    ("social", "Share"),
    ("legal", "All rights reserved."),
]


def carried(texts, page=PAGE):
    """The label of each text, and how it came by it."""
    labels, stored = zip(*page, strict=True) if page else ((), ())
    found = transfer_labels(stored, codes(labels), texts)
    names = [None if code == UNKNOWN else str(LABELS[code]) for code in found.codes]
    return list(zip(names, map(str, found.how), strict=True))


def texts(**changed):
    """The page's texts; ``lN`` gives what line N is now: a text, several, or nothing."""
    now = []
    for number, (_, text) in enumerate(PAGE, start=1):
        value = changed.get(f"l{number}", text)
        now += [value] if isinstance(value, str) else value
    return now


def test_lines_that_are_as_they_were_keep_their_labels():
    assert carried(texts()) == [(label, "same") for label, _ in PAGE]


def test_what_a_line_was_cut_into_inherits_its_label():
    got = carried(
        texts(
            l1=["Home", "News", "Sport"], l4=["The ferry to the island", "runs again from Monday."]
        )
    )
    assert got[:3] == [("navigation", "part")] * 3
    assert got[5:7] == [("body", "part")] * 2
    assert [how for _, how in got].count("same") == 6


def test_joined_lines_of_one_label_keep_it():
    both = f"{PAGE[3][1]} {PAGE[4][1]}"
    assert carried(texts(l4=both, l5=[]))[3] == ("body", "part")


def test_body_joined_with_a_fair_share_of_noise_is_mixed():
    both = f"{PAGE[4][1]} {PAGE[5][1]}"
    assert carried(texts(l5=both, l6=[]))[4] == ("mixed", "mixed")


def test_body_joined_with_a_little_noise_stays_body_and_is_reported():
    # "Share" has 5 of 42 + 5 letters.
    page = [*PAGE[:4], PAGE[6], *PAGE[4:6]]
    now = [text for _, text in page]
    now[3:5] = [f"{now[3]} {now[4]}"]
    assert carried(now, page)[3] == ("body", "joined")


def test_of_two_optional_lines_the_longer_gives_the_label():
    both = "The ferry is back by Ada Ferro"
    assert carried(texts(l2=both, l3=[]))[1] == ("title", "joined")


def test_a_line_whose_text_was_nowhere_is_left():
    got = carried(texts(l7=["Share", "Sign up for our letter on boats and people"]))
    assert got[7] == (None, "left")
    assert [how for _, how in got].count("left") == 1


def test_a_line_of_which_less_than_half_was_there_is_left():
    now = "The ferry to the island " + " ".join(f"word{n}" for n in range(12))
    assert carried(texts(l4=now))[3] == (None, "left")


def test_a_line_that_moved_takes_its_label_along():
    moved = [*texts(l6=[]), PAGE[5][1]]
    assert carried(moved)[-1] == ("recommendation", "moved")


def test_a_text_that_had_two_labels_is_not_guessed_where_it_moved():
    page = [("navigation", "Top"), ("body", "One two three four."), ("social", "Share"),
            ("advert", "Share"), ("body", "Five six seven eight.")]  # fmt: skip
    got = carried(["Share", "Top", "One two three four.", "Five six seven eight."], page)
    assert got[0] == (None, "left")


def test_a_line_without_words_takes_the_label_of_those_beside_it():
    got = carried(texts(l1=["Home", "|", "News", "|", "Sport"]))
    assert got[:5] == [("navigation", "part"), ("navigation", "beside")] * 2 + [
        ("navigation", "part")
    ]
    between = carried(texts(l3=["by Ada Ferro", "***"]))
    assert between[3] == (None, "left")  # between byline and body


def test_lines_without_words_keep_labels_of_their_own():
    page = [("body", "One two three."), ("advert", "***"), ("body", "Four five six."),
            ("noise", "***"), ("body", "Seven eight nine.")]  # fmt: skip
    now = ["One two", "three.", "***", "Four five six.", "***", "Seven eight nine."]
    assert [label for label, _ in carried(now, page)] == [
        "body", "body", "advert", "body", "noise", "body",
    ]  # fmt: skip


def test_a_page_without_stored_lines_is_left_and_one_without_lines_has_nothing():
    assert carried(["Home"], []) == [(None, "left")]
    assert carried([]) == []


def test_korean_is_cut_and_joined_by_its_characters():
    page = [
        ("navigation", "홈 뉴스 연예"),
        ("body", "배가 다시 다닌다."),
        ("body", "봄까지 멈춰 있었다."),
    ]
    got = carried(["홈", "뉴스", "연예", "배가 다시 다닌다. 봄까지 멈춰 있었다."], page)
    assert got == [("navigation", "part")] * 3 + [("body", "part")]


# Any page, cut and joined at random

WORDS = st.lists(
    st.sampled_from(["sun", "moon", "star", "sea", "sand", "달", "바다", "모래"]),
    min_size=1,
    max_size=6,
)
NAMES = st.sampled_from(["body", "title", "navigation", "advert"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(NAMES, WORDS), min_size=1, max_size=12), st.data())
def test_cut_lines_inherit_whatever_the_page(page, data):
    cuts = [data.draw(st.integers(1, len(words))) for _, words in page]
    now, expected = [], []
    for (label, words), cut in zip(page, cuts, strict=True):
        parts = [part for part in (words[:cut], words[cut:]) if part]
        now += [" ".join(part) for part in parts]
        expected += [label] * len(parts)
    stored = [(label, " ".join(words)) for label, words in page]
    assert [label for label, _ in carried(now, stored)] == expected


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(NAMES, WORDS), min_size=2, max_size=12), st.data())
def test_joined_lines_of_one_label_keep_it_whatever_the_page(page, data):
    now, expected = [], []
    for label, words in page:
        if now and expected[-1] == label and data.draw(st.booleans()):
            now[-1] += " " + " ".join(words)
        else:
            now.append(" ".join(words))
            expected.append(label)
    stored = [(label, " ".join(words)) for label, words in page]
    assert [label for label, _ in carried(now, stored)] == expected
