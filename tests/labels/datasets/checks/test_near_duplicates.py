import pytest

from labels.datasets.checks.near_duplicates import NearIndex, common_share, is_short, shingles

WORDS = [f"word{number}" for number in range(40)]


def text(*changed):
    """Forty words, some of them others."""
    return [" ".join("other" if row in changed else word for row, word in enumerate(WORDS))]


def test_a_text_has_a_shingle_for_each_five_words_in_a_row():
    assert len(shingles(text())) == 36
    assert len(shingles(text() * 2)) == 36 + 4  # those across the seam are new


def test_white_space_lines_and_case_make_no_difference():
    assert (shingles(text()) == shingles([word.upper() for word in WORDS])).all()


@pytest.mark.parametrize(
    ("changed", "share"),
    [((), 1.0), ((39,), 35 / 37), ((20,), 31 / 41), (range(40), 0.0)],
)
def test_the_common_share_is_that_of_all_shingles(changed, share):
    assert common_share(shingles(text()), shingles(text(*changed))) == share


def test_a_text_under_thirty_words_is_like_no_other():
    short, long = [" ".join(WORDS[:29])], [" ".join(WORDS[:30])]
    assert (is_short(short), is_short(long)) == (True, False)
    assert (len(shingles(short)), len(shingles(long))) == (0, 26)
    assert common_share(shingles(short), shingles(short)) == 0.0


def test_pairs_that_are_nearly_the_same_become_candidates_in_any_order():
    texts = {"a": text(), "b": text(39), "c": text(0), "d": [word[::-1] for word in WORDS]}
    for names in ("abcd", "dcba"):
        index = NearIndex()
        for name in names:
            index.add(name, shingles(texts[name]))
        index.add("short", shingles(["one two three"]))
        assert set(index.candidates) == {("a", "b"), ("a", "c"), ("b", "c")}
