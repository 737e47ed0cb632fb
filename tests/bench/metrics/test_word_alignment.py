from difflib import SequenceMatcher

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.metrics.published import word_alignment


def words(kinds, size):
    return st.lists(st.sampled_from(kinds.split()), max_size=size)


@pytest.mark.parametrize(
    ("predicted", "gold", "precision", "recall", "f1"),
    [
        ("a b c", "a b c", 1, 1, 1),
        ("a b c d", "b c", 2 / 4, 1, 4 / 6),
        # difflib takes the longest block, c d e, and can then align neither a nor b.
        ("c d e a b", "a b c d e", 3 / 5, 3 / 5, 3 / 5),
        ("a x b y c", "a b c", 3 / 5, 1, 6 / 8),
        ("A b", "a b", 1 / 2, 1 / 2, 1 / 2),
        ("서울의 다리", "서울 다리", 1 / 2, 1 / 2, 1 / 2),
        ("a\nb", "a  b", 1, 1, 1),
        ("", "", 1, 1, 1),
        ("", "a", 0, 0, 0),
        ("a", "", 0, 0, 0),
    ],
)
def test_cleaneval_by_hand(value, predicted, gold, precision, recall, f1):
    assert value("cleaneval_precision", predicted, gold) == precision
    assert value("cleaneval_recall", predicted, gold) == recall
    assert value("cleaneval_f1", predicted, gold) == f1


def assert_as_difflib(predicted, gold):
    expected = SequenceMatcher(None, predicted, gold).get_matching_blocks()[:-1]
    found = word_alignment.aligned(" ".join(predicted), " ".join(gold))
    assert found.hits == sum(block.size for block in expected)


@settings(max_examples=150, deadline=None)
@given(words("a b c 다리 다 x", 40), words("a b c 다리 다", 40))
def test_the_alignment_is_that_of_difflib(predicted, gold):
    assert_as_difflib(predicted, gold)


@pytest.mark.parametrize("size", [199, 200, 320])
@pytest.mark.parametrize("kinds", [3, 40, 90, 200])
def test_words_that_make_up_a_hundredth_of_a_long_gold_text_begin_no_block(size, kinds):
    random = np.random.default_rng([size, kinds])
    vocabulary = [f"w{k}" for k in range(kinds)]
    for _ in range(10):
        gold = random.choice(vocabulary, size).tolist()
        predicted = [word for word in gold if random.random() < 0.8]
        for place in random.integers(0, len(predicted), 4).tolist():
            predicted[place:place] = random.choice(vocabulary, random.integers(12)).tolist()
        assert_as_difflib(predicted, gold)


@pytest.mark.parametrize(
    ("limit", "predicted", "gold", "by_blocks", "by_subsequence"),
    [
        # Three pairs of three words. The first a b c is aligned with the last; d e f is past it.
        ("_MOST_PAIRS", "a b c d e f a b c", "d e f x y z a b c", 3, 6),
        # The same with words, of which there are three pairs too.
        ("_MOST_PAIRS_BETWEEN", "a d a", "d x a", 1, 2),
    ],
)
def test_texts_that_repeat_themselves_too_much_have_their_longest_subsequence_counted(
    monkeypatch, limit, predicted, gold, by_blocks, by_subsequence
):
    for most, expected in ((3, by_blocks), (2, by_subsequence)):
        monkeypatch.setattr(word_alignment, limit, most)
        word_alignment.aligned.cache_clear()
        assert word_alignment.aligned(predicted, gold).hits == expected
