import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.metrics.published import content_blocks, lcs

LINES = (
    "Home News Log in",  # four tokens
    "The ferry to the island runs again.",  # seven
    "It had been laid up since March.",  # seven
    "— * —",  # none
)


@pytest.mark.parametrize(
    ("predicted", "gold", "precision", "recall", "f1"),
    [
        (LINES[1], LINES[1], 1, 1, 1),
        ("\n".join(LINES), "\n".join(LINES[1:3]), 14 / 18, 1, 28 / 32),
        (LINES[1], "\n".join(LINES[1:3]), 1, 7 / 14, 14 / 21),
        ("ferry", LINES[1], 1, 1, 1),  # one of seven tokens is more than a tenth
        ("FERRY", LINES[1], None, 0, 0),  # case counts
        (LINES[0], LINES[1], 0, 0, 0),
        ("", LINES[1], None, 0, 0),
        (LINES[1], "", 0, None, 0),
        ("— * —", "— * —", None, None, None),
        ("", "", None, None, None),
    ],
)
def test_blocks_by_hand(value, predicted, gold, precision, recall, f1):
    assert value("dragnet_precision", predicted, gold, LINES) == precision
    assert value("dragnet_recall", predicted, gold, LINES) == recall
    assert value("dragnet_f1", predicted, gold, LINES) == f1


def test_a_page_without_lines_says_nothing(value):
    assert value("dragnet_f1", "a", "a") is None


def test_a_tenth_of_a_block_is_too_little(value):
    block = "a b c d e f g h i j"
    assert value("dragnet_recall", block, "a", (block,)) is None
    assert value("dragnet_recall", block, "a b", (block,)) == 1


def test_tokens_are_what_underscores_and_other_characters_separate(value):
    assert value("dragnet_f1", "한글_줄 하나", "한글 줄", ("한글-줄",)) == 1


def test_tokens_are_summed_over_pages_before_they_are_divided(case, over_pages):
    pages = (case("a b c d", "a b", ("a b", "c d")), case("e", "e", ("e", "f g h i j k l m")))
    assert over_pages("dragnet_precision", *pages) == 3 / 5
    assert over_pages("dragnet_recall", *pages) == 1
    assert over_pages("dragnet_f1", *pages) == 6 / 8


def as_dragnet_reads_it(page, text):
    """Places by the table of lengths and the way back that Dragnet takes, cell by cell."""
    table = np.zeros((len(page) + 1, len(text) + 1), int)
    for i, ours in enumerate(page, start=1):
        for j, theirs in enumerate(text, start=1):
            table[i, j] = (
                table[i - 1, j - 1] + 1 if ours == theirs else max(table[i - 1, j], table[i, j - 1])
            )
    i, j = table.shape[0] - 1, table.shape[1] - 1
    places = []
    while i and j:
        if page[i - 1] == text[j - 1]:
            i, j = i - 1, j - 1
            places.append(i)
        elif table[i, j - 1] >= table[i - 1, j]:
            j -= 1
        else:
            i -= 1
    return places[::-1]


def found(page, text):
    """Places by `tokens_in`, to which a text comes without the tokens that the page lacks."""
    return np.flatnonzero(content_blocks.tokens_in(page, text[np.isin(text, page)])).tolist()


def tokens(most):
    return st.lists(st.integers(1, 5), max_size=most).map(lambda ids: np.array(ids, np.int64))


@settings(max_examples=200, deadline=None)
@given(tokens(24), tokens(24), st.sampled_from([lcs._STORED_BITS, 4]), st.sampled_from([2, 16]))
def test_the_subsequence_is_the_one_that_dragnet_reads(page, text, stored, run):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content_blocks, "_RUN", run)
        patch.setattr(lcs, "_STORED_BITS", stored)
        assert found(page, text) == as_dragnet_reads_it(page, text)


@settings(max_examples=100, deadline=None)
@given(tokens(30), st.data())
def test_the_subsequence_is_the_one_that_dragnet_reads_when_much_was_kept(page, data):
    kept = [token for token in page if data.draw(st.integers(0, 5))]
    extra = data.draw(st.lists(st.integers(1, 5), max_size=2))
    text = np.array([*extra, *kept], np.int64)
    assert found(page, text) == as_dragnet_reads_it(page, text)


@pytest.mark.parametrize(
    ("page", "text", "places"),
    [
        ("abcab", "ab", [4, 3]),
        ("abxcdab", "abcd", [4, 3, 1, 0]),
        ("abcd", "abcd", [3, 2, 1, 0]),
        ("abab", "aab", [3, 2, 0]),
        ("ab", "", []),
        ("", "a", None),
        ("ab", "ba", None),
        ("bcd", "abcd", None),
    ],
)
def test_runs_are_found_at_their_last_places(monkeypatch, page, text, places):
    for run in (1, 2, 16):
        monkeypatch.setattr(content_blocks, "_RUN", run)
        runs = content_blocks._last_runs(page, text)
        in_runs = runs and [place for r in runs for place in reversed(range(r.start, r.stop))]
        assert in_runs == places


def test_only_the_first_tokens_of_a_long_page_are_compared(monkeypatch):
    monkeypatch.setattr(content_blocks, "MOST_TOKENS", 3)
    page = np.array([1, 2, 3, 4, 5])
    assert found(page, page) == [0, 1, 2]


def test_tokens_past_the_first_of_a_long_page_take_no_place_among_the_texts(monkeypatch, value):
    monkeypatch.setattr(content_blocks, "MOST_TOKENS", 3)
    assert value("dragnet_precision", "z z z y", "z z z y", ("w y v", "z u")) == 1
