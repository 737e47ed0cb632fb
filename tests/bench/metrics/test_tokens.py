import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.metrics.published import ngrams, tokens
from labels import tokenize

# Everything that could join across, or be lost at, a blank or the end of a line.
TEXTS = st.lists(
    st.one_of(
        st.sampled_from([" ", "  ", "\n", "\r\n", "\r", "\t", "\x0b", "\x1c", "\x85", "\u2028", "\u3000"]),
        st.sampled_from(["a", "A_b", "x", "́", "e\u0301", "Σ", "ΑΣ", "ΣΑ", "'", "İ", "ſ", "´", "ﬁ", "ᄀ", "ᅡ", "다리", "漢字", "１"]),
        st.text(max_size=3),
    ),
    max_size=20,
).map("".join)  # fmt: skip


def without_line_feeds(found):
    return [piece for piece in found if piece != "\n"]


def read(text, gold, cut):
    """A text's tokens, back from their numbers."""
    page = tokens.PageTokens(gold)
    names = {}
    ids = page.read(text).tokens(cut)
    names = {number: token for token, number in page.table(cut).number.items()}
    return [names[number] for number in ids.tolist()]


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_a_text_read_part_by_part_has_the_tokens_of_the_whole(text, gold):
    assert read(text, gold, tokens.words) == without_line_feeds(tokens.words(text))
    assert read(text, gold, tokens.lower_words) == without_line_feeds(tokens.lower_words(text))
    assert read(text, gold, tokens.alphanumerics) == without_line_feeds(tokens.alphanumerics(text))
    assert read(text, gold, tokens.pieces) == text.split()
    assert read(text, gold, tokens.alignment_tokens) == tokenize(text)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_line_has_the_tokens_that_stand_in_it(text):
    page = tokens.PageTokens("")
    ends = page.read(text).line_ends(tokens.pieces).tolist()
    sizes = np.diff([0, *ends]).tolist()
    assert sizes == [len(line.split()) for line in text.split("\n")]


def test_numbers_of_the_gold_text_come_first():
    page = tokens.PageTokens("b a")
    assert page.read("c a b").tokens(tokens.words).tolist() == [3, 2, 1]
    assert page.known(tokens.words) == 3


def test_a_page_that_took_in_too_much_is_begun_anew(monkeypatch):
    monkeypatch.setattr(tokens, "_MOST_PARTS", 3)
    page = tokens.page_tokens("a b")
    page.read("c d e f")
    assert tokens.page_tokens("a b") is not page
    assert tokens.page_tokens("a b") is tokens.page_tokens("a b")


@pytest.mark.parametrize("most", [1 << 62, 40])
@settings(max_examples=100, deadline=None)
@given(
    ids=st.lists(st.integers(1, 6) | st.just(1 << 40), max_size=30),
    gold=st.lists(st.integers(1, 4), max_size=30),
    n=st.integers(1, 5),
)
def test_ngrams_are_counted_as_tuples_would_be(most, ids, gold, n):
    def grams(sequence):
        return [tuple(sequence[k : k + n]) for k in range(len(sequence) - n + 1)]

    expected = sum(min(grams(ids).count(g), grams(gold).count(g)) for g in set(grams(gold)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ngrams, "_MOST", most)
        found = ngrams.GoldGrams(np.array(gold, np.int64), 5, n)
        assert found.hits(np.array(ids, np.int64)) == expected


@pytest.mark.parametrize("slots_each", [1, 4])
@settings(max_examples=100, deadline=None)
@given(
    known=st.lists(st.integers(0, 200), min_size=1, max_size=60, unique=True).map(sorted),
    sought=st.lists(st.one_of(st.integers(0, 220), st.integers(-(1 << 63), (1 << 63) - 1))),
)
def test_numbers_are_found_whether_or_not_they_share_a_slot(slots_each, known, sought):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ngrams, "_SLOTS_EACH", slots_each)
        places = ngrams._Places(np.array(known, np.int64))
    found, where = places.find(np.array(sought, np.int64))
    assert found.tolist() == [number in known for number in sought]
    assert where.tolist() == [known.index(number) for number in sought if number in known]
