import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels import KEPT_SHARE, align, alignment, tokenize


def covered(page, text):
    """Coverage by line, rounded, and the share of the text that is missing."""
    found = align(page, text)
    return [round(float(share), 3) for share in found.coverage], round(found.missing, 3)


# Tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        (" — *** \n…", []),
        ("Hello, World!", ["hello", "world"]),
        ("foo_bar's 3.5", ["foo", "bar", "s", "3", "5"]),
        ("Straße ÉTÉ", ["straße", "été"]),
        ("한글 두자", ["한", "글", "두", "자"]),
        ("砂戸川のカナ", ["砂", "戸", "川", "の", "カ", "ナ"]),
        ("2025년 11월", ["2025", "년", "11", "월"]),
        ("KBS뉴스9", ["kbs", "뉴", "스", "9"]),
        ("ＡＢＣ１２ ｶﾅ ﬁne ①", ["abc12", "カ", "ナ", "fine", "1"]),  # NFKC
        ("e\u0301te\u0301", ["été"]),
        ("co­op\u200ber\u2060ation\ufeff", ["cooperation"]),
        ("سنة ٢٠٢٥", ["سنة", "٢٠٢٥"]),
        ("𠀀𠀁", ["𠀀", "𠀁"]),
    ],
)
def test_a_token_is_a_word_or_a_han_kana_or_hangul_character(text, tokens):
    assert tokenize(text) == tokens


# By hand


@pytest.mark.parametrize(
    ("page", "text", "coverage", "missing"),
    [
        # Empty cases.
        ([], "", [], 0),
        ([], "some text", [], 1),
        (["a line"], "", [0], 0),
        (["a line"], " \n ", [0], 0),
        (["a line"], "— …", [0], 0),
        (["---"], "text", [0], 1),
        (["---", "***"], "---", [0, 0], 0),
        # Whole lines.
        (["One two three.", "Four five six."], "One two three.\nFour five six.", [1, 1], 0),
        (["Menu", "One two three four.", "Home"], "One two three four.", [0, 1, 0], 0),
        (["One two three."], "ONE, TWO — three", [1], 0),
        # Text without line breaks.
        (["One two three.", "Ad", "Four five six."], "One two three. Four five six.", [1, 0, 1], 0),
        (["One two three four five.", "Yes", "No"], "One two three four five. Yes", [1, 1, 0], 0),
        # Part of a line: 4 of 8 tokens, 6 of 10.
        (["a b c d e f g h"], "a b c d", [0.5], 0),
        (
            ["a mixed line of body text share tweet pin mail"],
            "A mixed line of body text.",
            [0.6],
            0,
        ),
        # Text that is not on the page: 4 of 9 tokens.
        (["The ferry is back today."], "The ferry is back today. Nobody had seen it.", [1], 0.444),
        # One-word lines are found where they are lines.
        (["Yes", "No"], "Yes\nNo", [1, 1], 0),
        (["Tom", "Ann"], "Tom", [1, 0], 0),
        # Rows of signs are held where the lines around them are.
        (
            ["Home", "---", "One two three.", "***", "Four five six.", "---"],
            "One two three.\nFour five six.",
            [0, 0, 1, 1, 1, 1],
            0,
        ),
    ],
)
def test_coverage_and_what_is_missing_by_hand(page, text, coverage, missing):
    assert covered(page, text) == (coverage, missing)


def test_words_scattered_over_a_sentence_prove_nothing():
    sentence = "The news of the day is that nothing at all happened on the island."
    page = ["News", "Day", "The island", "Weather", sentence, "On the", "Happened"]
    assert covered(page, sentence) == ([0, 0, 0, 0, 1, 0, 0], 0)


def test_an_unrelated_text_covers_next_to_nothing():
    page = ["All the best offers of the week are here.", "Sign up for the letter of the shop."]
    text = "The herons on the lake had not been counted by the wardens of the park before."
    coverage, missing = covered(page, text)
    assert max(coverage) < KEPT_SHARE
    assert missing >= 0.8


@pytest.mark.parametrize(
    ("page", "text", "coverage"),
    [
        (
            ["첫 문단은 이렇게 시작한다.", "추천 기사", "둘째 문단은 저렇게 끝난다."],
            "첫 문단은 이렇게 시작한다.\n둘째 문단은 저렇게 끝난다.",
            [1, 0, 1],
        ),
        (
            ["첫 문단은 이렇게 시작한다.", "추천 기사", "둘째 문단은 저렇게 끝난다."],
            "첫문단은이렇게시작한다.둘째문단은저렇게끝난다.",
            [1, 0, 1],
        ),
        (
            ["砂戸川の渡し船が終わる。", "ランキング", "九十一年の歴史に幕。"],
            "砂戸川の渡し船が終わる。九十一年の歴史に幕。",
            [1, 0, 1],
        ),
        (
            ["末班车推迟到零点以后。", "热门", "谁在坐夜车？"],
            "末班车推迟到零点以后。\n谁在坐夜车？",
            [1, 0, 1],
        ),
        (
            ["الحافلة الليلية تعمل الآن", "الأكثر قراءة", "قال السائق إنه سعيد"],
            "الحافلة الليلية تعمل الآن قال السائق إنه سعيد",
            [1, 0, 1],
        ),
        # 7 of 14 syllables.
        (["가나다라마바사 아자차카타파하"], "가나다라마바사", [0.5]),
    ],
)
def test_scripts_without_spaces_align_by_character(page, text, coverage):
    assert covered(page, text) == (coverage, 0)


def test_two_characters_are_no_evidence_but_four_are():
    # In a run, a Hangul character weighs half a word, and two words are a run.
    assert covered(["강물이 흐른다"], "오늘 강물 없음") == ([0], 1)
    assert covered(["서울특별시 강남구"], "오늘 서울특별 소식") == ([0.5], 0.5)


def test_a_run_weighs_two_words_or_four_characters_at_least():
    # A run in the middle of other tokens; three characters weigh 1.5, four weigh 2.
    assert covered(["x 가나다 y"], "p 가나다 q") == ([0], 1)
    assert covered(["x 가나다라 y"], "p 가나다라 q") == ([0.667], 0.333)
    assert covered(["x one 가나 y"], "p one 가나 q") == ([0.6], 0.4)
    assert covered(["x one 가 y"], "p one 가 q") == ([0], 1)


def test_soft_hyphens_and_widths_do_not_part_page_and_text():
    page = ["Donau\u00addampf\u200bschifffahrt im Winter", "ＡＢＣ １２３ ｶﾅ"]
    assert covered(page, "Donaudampfschifffahrt im Winter\nABC 123 カナ") == ([1, 1], 0)


def test_text_that_moved_is_found():
    page = [
        "The ferry runs again.",
        "Sign up now!",
        "Nobody had seen it coming.",
        "Ann Bell waved at us.",
    ]
    assert covered(page, "\n".join([page[3], page[0]])) == ([1, 0, 0, 1], 0)
    assert covered(page, " ".join([page[2], page[3], page[0]])) == ([1, 0, 1, 1], 0)


def test_a_short_line_that_moved_is_found_where_it_is_a_line():
    page = ["Yes", "The ferry to the island runs again."]
    assert covered(page, "The ferry to the island runs again.\nYes") == ([1, 1], 0)


def test_a_run_that_moved_weighs_four_words_at_least():
    line = "alpha beta gamma delta epsilon zeta"
    # Of the text's ten tokens, the three that moved and the last are missing.
    assert covered(["p one two three q", line], f"{line} one two three r") == ([0, 1], 0.4)
    # Of its eleven, only the last.
    page = ["p one two three four q", line]
    assert covered(page, f"{line} one two three four r") == ([0.667, 1], 0.091)


def test_a_word_or_two_that_moved_are_not_believed():
    page = ["Home", "The ferry to the island runs again.", "More"]
    coverage, missing = covered(page, "The ferry to the island runs again. home")
    assert (coverage, missing) == ([0, 1, 0], 0.125)  # 1 of 8


@pytest.mark.parametrize(
    ("page", "text", "coverage"),
    [
        # The headline of the article, not the one in the ranking.
        (
            ["Ferry is back again", "It runs from Monday on.", "Ferry is back again"],
            "Ferry is back again\nIt runs from Monday on.",
            [1, 1, 0],
        ),
        (
            ["Ferry is back again", "It runs from Monday on.", "Ferry is back again"],
            "It runs from Monday on.\nFerry is back again",
            [0, 1, 1],
        ),
        # As often as the text has it.
        (["Same old line of text."] * 3, "\n".join(["Same old line of text."] * 3), [1, 1, 1]),
        # Between two paragraphs there is one "Read more".
        (
            [
                "Read more",
                "The first paragraph of it.",
                "Read more",
                "The second paragraph of it.",
                "Read more",
            ],
            "The first paragraph of it.\nRead more\nThe second paragraph of it.",
            [0, 1, 1, 1, 0],
        ),
    ],
)
def test_of_equal_lines_the_one_in_its_place_counts(page, text, coverage):
    assert covered(page, text) == (coverage, 0)


def test_a_line_that_the_text_has_once_counts_once():
    found = align(
        ["Same old line of text.", "Menu", "Same old line of text."], "Same old line of text."
    )
    assert found.kept.sum() == 1
    assert align(["x y z"] * 5, "x y z\nx y z").kept.sum() == 2


def test_a_short_heading_between_long_lines_is_found_in_its_place():
    page = [
        "Intro",
        "A first long paragraph of text.",
        "Intro",
        "A second long paragraph of text.",
        "Outro",
    ]
    text = "A first long paragraph of text.\nIntro\nA second long paragraph of text."
    assert covered(page, text) == ([0, 1, 1, 1, 0], 0)
    assert covered(page, text.replace("\n", " ")) == ([0, 1, 1, 1, 0], 0)


def test_a_line_is_looked_for_where_it_is_a_line_of_the_text():
    page = ["Sail to the island with them", "to the island"]
    # 5 of 6 tokens; "us", 1 of the text's 9, is missing.
    assert covered(page, "Sail to the island with us\nto the island") == ([0.833, 1], 0.111)


def test_a_line_of_three_words_is_looked_for_inside_lines_of_the_text_a_lighter_one_is_not():
    for line, found in (("one two three", [(1, 3)]), ("one two 가", []), ("one two", [])):
        aligner = alignment._Aligner([line], f"p {line} q")
        assert list(aligner.occurrences(aligner.lines[0])) == found


def test_of_two_chains_that_weigh_the_same_the_one_that_ends_first_is_fixed():
    page = ["one two three", "two three four"]
    assert covered(page, "one two three four") == ([1, 0], 0.25)


def test_a_word_before_a_line_that_was_found_is_found_too():
    page = ["head one", "alpha beta gamma delta"]
    assert covered(page, "other one alpha beta gamma delta") == ([0.5, 1], 0.167)


def test_a_whole_line_wins_over_one_that_is_only_its_beginning():
    assert covered(["x y", "x y z"], "alpha x y z beta") == ([0, 1], 0.4)


def test_a_text_that_wraps_lines_elsewhere_covers_them():
    page = ["One two three four five six seven.", "Menu", "Eight nine ten eleven twelve."]
    assert covered(page, "One two three four\nfive six seven. Eight\nnine ten eleven twelve.") == (
        [1, 0, 1],
        0,
    )


def test_markers_in_the_text_do_not_keep_lines_from_being_found():
    page = ["Heading of the part", "First point of three", "Second point of three"]
    assert covered(
        page, "## Heading of the part\n\n* First point of three\n* Second point of three"
    ) == ([1, 1, 1], 0)


def test_a_line_is_kept_from_half_its_tokens_on():
    page = ["a b c d", "e f g h i j k"]
    found = align(page, "a b\ne f g")
    np.testing.assert_allclose(found.coverage, [0.5, 3 / 7])
    assert found.kept.tolist() == [True, False]


def test_a_line_that_repeats_beyond_counting_is_still_found():
    page = ["Reply"] * 100 + ["The end of the thread."]
    assert covered(page, "\n".join(page)) == ([1] * 101, 0)


# Properties

WORDS = st.sampled_from(
    ["the", "of", "ferry", "island", "3", "한", "글", "砂", "a", "is", "back", "—", "Été"]
)
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), max_size=12)
LONG_LINES = st.lists(
    st.lists(st.sampled_from("abcdefgh"), min_size=3, max_size=8).map(" ".join),
    min_size=1,
    max_size=12,
    unique=True,
)


@settings(max_examples=150, deadline=None)
@given(LINES, LINES)
def test_shares_are_shares_whatever_the_text(page, other):
    found = align(page, "\n".join(other))
    assert found.coverage.shape == (len(page),)
    assert np.all((found.coverage >= 0) & (found.coverage <= 1))
    assert 0 <= found.missing <= 1
    # No token of the text is found in two places.
    held = sum(
        round(float(share) * len(tokenize(line)))
        for share, line in zip(found.coverage, page, strict=True)
    )
    tokens = len(tokenize("\n".join(other)))
    assert held == round((1 - found.missing) * tokens)


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_a_page_covers_itself(page):
    found = align(page, "\n".join(page))
    if any(map(tokenize, page)):
        assert found.coverage.tolist() == [1] * len(page)
    assert found.missing == 0


@settings(max_examples=100, deadline=None)
@given(st.data(), LONG_LINES)
def test_distinct_long_lines_that_were_kept_are_distinguished_from_those_that_were_not(data, page):
    kept = data.draw(st.lists(st.booleans(), min_size=len(page), max_size=len(page)))
    found = align(page, "\n".join(line for line, keep in zip(page, kept, strict=True) if keep))
    assert found.coverage.tolist() == [float(keep) for keep in kept]
    assert found.missing == 0


@settings(max_examples=100, deadline=None)
@given(LONG_LINES)
def test_long_lines_are_found_without_line_breaks(page):
    found = align(page, " ".join(page))
    assert found.coverage.tolist() == [1] * len(page)


@settings(max_examples=50, deadline=None)
@given(LINES, LINES)
def test_alignment_is_deterministic(page, other):
    one, two = align(page, "\n".join(other)), align(page, "\n".join(other))
    np.testing.assert_array_equal(one.coverage, two.coverage)
    assert one.missing == two.missing


def page_of(size):
    words = np.random.default_rng(size)
    return [" ".join(f"w{words.integers(5000)}" for _ in range(12)) for _ in range(size)]


@pytest.mark.parametrize("shape", ["every second line", "no line breaks", "moved", "all alike"])
def test_time_is_about_linear_in_the_page(shape):
    def cpu_seconds(size):
        page = page_of(size)
        text = {
            "every second line": "\n".join(page[::2]),
            "no line breaks": " ".join(page[::2]),
            "moved": "\n".join(page[size // 2 :] + page[: size // 2]),
            "all alike": "\n".join(["x y"] * size),
        }[shape]
        if shape == "all alike":
            page = ["x y"] * size
        best = np.inf
        for _ in range(2):
            start = time.process_time()
            align(page, text)
            best = min(best, time.process_time() - start)
        return best

    assert cpu_seconds(4000) < 8 * cpu_seconds(1000) + 0.1
