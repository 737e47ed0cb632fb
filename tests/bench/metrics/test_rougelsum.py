import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from bench.metrics.published import lcs
from bench.metrics.published.rougelsum import rougelsum_overlap


class WhiteSpace:
    def tokenize(self, text):
        return text.split()


SCORER = RougeScorer(["rougeLsum"], tokenizer=WhiteSpace())

# Few words, so that there are many subsequences as long; white space that ends no line, and more
# words on one side, so that some stand between those that both have.
WORDS = st.sampled_from(["a", "b", "c", "다리", "다", "리"])
MORE = st.sampled_from(["a", "b", "c", "다리", "다", "리", "x", "y", "Z"])
SPACES = st.sampled_from([" ", "  ", "\n", "\n\n", " \n", "\t", "\r\n", "\x0b", "\u2028", "\u3000"])


def texts(words, size):
    return st.lists(st.tuples(words, SPACES), max_size=size).map(
        lambda parts: "".join(word + space for word, space in parts)
    )


@pytest.mark.parametrize(
    ("predicted", "gold", "precision", "recall", "f1"),
    [
        ("a b c", "a b c", 1, 1, 1),
        ("a b\nc d", "a b c d", 1, 1, 1),  # the union of two subsequences
        ("c d\na b", "a b c d", 1, 1, 1),
        ("b a", "a b", 1 / 2, 1 / 2, 1 / 2),
        ("a b\nc x", "a b\na c", 3 / 4, 3 / 4, 3 / 4),  # a is a hit of the line that both have
        ("a b\na x", "a b\na c", 3 / 4, 3 / 4, 3 / 4),  # which has one a, and there are two
        ("a", "a a a", 1, 1 / 3, 1 / 2),  # as often as the prediction has it
        ("a x", "a a\na", 1 / 2, 1 / 3, 2 / 5),
        ("A, b", "a b", 1 / 2, 1 / 2, 1 / 2),  # case and punctuation count
        ("서울의 다리", "서울의 다리는 셋", 1 / 2, 1 / 3, 2 / 5),
        ("a", "b", 0, 0, 0),
        ("", "a b", 0, 0, 0),
        (" \n", "a b", 0, 0, 0),
        ("a b", "", 0, 1, 0),
        ("a b", " \n ", 0, 1, 0),
        ("", "", 1, 1, 1),
        ("\n", " ", 1, 1, 1),
    ],
)
def test_rougelsum_by_hand(value, predicted, gold, precision, recall, f1):
    assert value("rougelsum_precision", predicted, gold) == precision
    assert value("rougelsum_recall", predicted, gold) == recall
    assert value("rougelsum_f1", predicted, gold) == f1


@pytest.fixture(scope="session")
def assert_as_rouge_score(value):
    def compare(predicted, gold):
        expected = SCORER.score(gold, predicted)["rougeLsum"]
        if gold.strip():
            for part in ("precision", "recall", "f1"):
                found = value(f"rougelsum_{part}", predicted, gold).expected
                published = getattr(expected, "fmeasure" if part == "f1" else part)
                assert found == pytest.approx(published, abs=1e-9)

    return compare


@settings(max_examples=250, deadline=None)
@given(texts(MORE, 24), texts(WORDS, 24))
def test_the_value_is_that_of_rouge_score(assert_as_rouge_score, predicted, gold):
    assert_as_rouge_score(predicted, gold)


@settings(max_examples=100, deadline=None)
@given(st.data(), texts(WORDS, 30))
def test_the_value_is_that_of_rouge_score_when_much_was_kept(assert_as_rouge_score, data, gold):
    kept = [part for part in gold.split(" ") if data.draw(st.integers(0, 4))]
    assert_as_rouge_score(" ".join(kept), gold)


@settings(max_examples=150, deadline=None)
@given(st.data(), st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=8))
def test_the_value_is_that_of_rouge_score_when_lines_are_the_same(
    assert_as_rouge_score, data, lines
):
    gold = [" ".join(line) for line in lines]
    other = st.lists(MORE, min_size=1, max_size=4).map(" ".join)
    predicted = data.draw(st.lists(st.one_of(st.sampled_from(gold), other), max_size=8))
    assert_as_rouge_score("\n".join(predicted), "\n".join(gold))


@settings(max_examples=50, deadline=None)
@given(texts(MORE, 24), texts(WORDS, 24))
def test_a_table_too_large_to_hold_gives_the_same(assert_as_rouge_score, predicted, gold):
    held, lcs._STORED_BITS = lcs._STORED_BITS, 4
    try:
        rougelsum_overlap.cache_clear()
        assert_as_rouge_score(predicted, gold)
    finally:
        lcs._STORED_BITS = held
        rougelsum_overlap.cache_clear()
