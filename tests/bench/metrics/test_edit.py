import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Indel, Levenshtein

TEXTS = st.lists(
    st.sampled_from(["a", "b", "다리", "다", "é", " ", "  ", "\n", "\x1c", "\u3000", "\U0001f600"]),
    max_size=60,
).map("".join)


@pytest.mark.parametrize(
    ("predicted", "gold", "expected"),
    [
        ("a b c d", "a x c d", 2 * 3 / 8),
        ("d c b a", "a b c d", 2 * 1 / 8),
        ("a\nb", "a b", 1),
        ("A", "a", 0),
        ("서울의 다리", "서울 다리", 2 * 1 / 4),
        ("a b x c", "y a c z", 2 * 2 / 8),
        ("", "", 1),
        (" ", "\n", 1),
        ("a", "", 0),
        ("", "a", 0),
    ],
)
def test_token_similarity_by_hand(value, predicted, gold, expected):
    assert value("token_similarity", predicted, gold) == expected


@pytest.mark.parametrize(
    ("predicted", "gold", "expected"),
    [
        ("kitten", "sitting", 1 - 3 / 7),
        ("다리", "다리는 셋", 1 - 3 / 5),
        ("a\nb", "a b", 1 - 1 / 3),
        ("", "abc", 0),
        ("abc", "", 0),
        ("", "", None),
        (" ", "", 0),
    ],
)
def test_text_edit_by_hand(value, predicted, gold, expected):
    assert value("text_edit", predicted, gold) == expected


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_token_similarity_is_rapidfuzz_on_white_space_tokens(value, predicted, gold):
    expected = Indel.normalized_similarity(predicted.split(), gold.split())
    assert value("token_similarity", predicted, gold).expected == pytest.approx(expected, abs=1e-12)


@settings(deadline=None)
@given(TEXTS, TEXTS.filter(bool))
def test_text_edit_is_rapidfuzz_on_characters(value, predicted, gold):
    expected = Levenshtein.normalized_similarity(predicted, gold)
    assert value("text_edit", predicted, gold).expected == pytest.approx(expected, abs=1e-12)


WORDS = st.lists(st.sampled_from(["다리", "서울의", "the", "ferry"]), min_size=100, max_size=400)


@settings(max_examples=40, deadline=None)
@given(WORDS, WORDS)
def test_text_edit_does_not_depend_on_where_the_search_begins(value, predicted, gold):
    predicted, gold = " ".join(predicted), "\n".join(gold)
    expected = Levenshtein.normalized_similarity(predicted, gold)
    assert value("text_edit", predicted, gold).expected == pytest.approx(expected, abs=1e-12)
