"""Align words as Evert's scorer for CleanEval does.

Source: S. Evert, "A lightweight and efficient tool for cleaning Web pages", LREC 2008, and its
scorer ``cleaneval.py`` 1.0. It aligns the words of two texts with Python's
`difflib.SequenceMatcher`: the longest block of words that both have, then the same before it and
after it. In a gold text of 200 words or more, a word that makes up more than 1 % of it begins no
block, though it may lengthen one.

Computed here is that alignment's precision and recall of words. It is not the score of the
competition of 2007, an edit distance over text and markup. The scorer's input has segment markers
(``<p> <h> <l>``), which are words to it, and a ``URL:`` line, which it drops; the texts here have
neither. The figure of a dataset is the scorer's macro average, the mean over pages.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq, Postfix, Prefix

from bench.metrics.overlap import Overlap, precision_recall_f1
from bench.metrics.published.ngrams import GoldGrams
from bench.metrics.published.tokens import Ints, as_text, page_tokens, pieces

_ANCHOR = 3
"""Words of a block that is looked for in the whole texts; smaller ones are between these."""
_POPULAR_FROM = 200
"""Words of a gold text from which on some are popular."""
_MOST_PAIRS = 100_000
"""Pairs of three words in one text and the same three in the other; of all WCXB at most 12,000."""
_MOST_PAIRS_BETWEEN = 10_000
"""Pairs of equal words, not popular, between two blocks; of all WCXB at most 3,500."""

_Anchor = tuple[int, int, int]  # minus its length, its place in the prediction, that in the gold
_Region = tuple[int, int, int, int]  # words of the prediction from and to, and of the gold text


class _Gold(NamedTuple):
    """Hold a gold text as numbers of its words."""

    words: list[int]
    text: str
    """The same as characters."""
    popular: frozenset[int]
    """Words that begin no block."""
    grams: GoldGrams
    """Runs of three words."""
    begins: NDArray[np.bool_]
    """Which of them have no popular word."""
    places: Ints
    """Where each of them in turn begins."""
    first: Ints
    """From where on in ``places`` the places of each are."""


@lru_cache(maxsize=1)
def aligned(text: str, gold_text: str) -> Overlap:
    """Count the words of two texts that `difflib.SequenceMatcher` aligns, and all of each.

    Blocks of three words and more are found in the whole texts at once, and difflib itself looks
    between them for the rest. Texts that repeat themselves so much that this would take long, by
    `_MOST_PAIRS` and `_MOST_PAIRS_BETWEEN`, have their longest common subsequence counted instead,
    the most words that any alignment has.
    """
    page, gold = page_tokens(gold_text), _gold(gold_text)
    words = np.minimum(page.read(text).tokens(pieces), page.known(pieces))  # that, if not gold
    anchors = _anchors(words, gold)
    a, b = words.tolist(), gold.words
    a_text, b_text = as_text(words), gold.text
    if anchors is None:
        return Overlap(LCSseq.similarity(a_text, b_text), len(a), len(b))
    hits = 0
    todo: list[tuple[_Region, list[_Anchor]]] = [((0, len(a), 0, len(b)), anchors)]
    while todo:
        region, anchors = todo.pop()
        left, right, top, bottom = region
        length, i, j = _longest(anchors, region)
        if length < _ANCHOR:
            hits += _aligned_by_difflib(a[left:right], b[top:bottom], gold.popular)
            continue
        i_end, j_end = i + length, j + length
        longer = Postfix.similarity(a_text[left:i], b_text[top:j])
        i, j = i - longer, j - longer
        longer = Prefix.similarity(a_text[i_end:right], b_text[j_end:bottom])
        i_end, j_end = i_end + longer, j_end + longer
        hits += i_end - i
        if left < i and top < j:
            before = [anchor for anchor in anchors if anchor[1] < i and anchor[2] < j]
            todo.append(((left, i, top, j), before))
        if i_end < right and j_end < bottom:
            after = [
                anchor
                for anchor in anchors
                if anchor[1] - anchor[0] > i_end and anchor[2] - anchor[0] > j_end
            ]
            todo.append(((i_end, right, j_end, bottom), after))
    return Overlap(hits, len(a), len(b))


def _longest(anchors: Sequence[_Anchor], region: _Region) -> tuple[int, int, int]:
    """Find the longest anchor inside a region, the first of several: length and places."""
    left, right, top, bottom = region
    best = (0, 0, 0)
    for minus_length, i, j in anchors:
        if minus_length > best[0]:
            break
        skip = max(left - i, top - j, 0)
        end = min(right - i, bottom - j, -minus_length)
        best = min(best, (skip - end, i + skip, j + skip))
    return -best[0], best[1], best[2]


def _aligned_by_difflib(a: Sequence[int], b: Sequence[int], popular: frozenset[int]) -> int:
    if set(a).isdisjoint(b):
        return 0
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    places: dict[int, list[int]] = matcher.b2j  # type: ignore[attr-defined] # documented, not typed
    for word in popular.intersection(places):
        del places[word]
    if sum(len(places.get(word, ())) for word in a) > _MOST_PAIRS_BETWEEN:
        return LCSseq.similarity(a, b)
    return sum(block.size for block in matcher.get_matching_blocks())


@lru_cache(maxsize=1)
def _gold(gold_text: str) -> _Gold:
    page = page_tokens(gold_text)
    words, known = page.gold.tokens(pieces), page.known(pieces)
    grams = GoldGrams(words, known, _ANCHOR)
    counts = np.bincount(words, minlength=known)
    popular = (counts > len(words) // 100 + 1) & (len(words) >= _POPULAR_FROM)
    bad = popular[words]
    begins = np.ones(len(grams.counts), np.bool_)
    begins[grams.numbers[bad[:-2] | bad[1:-1] | bad[2:]]] = False
    return _Gold(
        words.tolist(),
        as_text(words),
        frozenset(np.flatnonzero(popular).tolist()),
        grams,
        begins,
        np.argsort(grams.numbers, kind="stable"),
        np.cumsum(grams.counts) - grams.counts,
    )


def _anchors(tokens: Ints, gold: _Gold) -> list[_Anchor] | None:
    """Find blocks of three words or more, none popular, that cannot be longer; sorted.

    None if there are too many pairs of the same three words.
    """
    starts, numbers = gold.grams.find(tokens)
    kept = gold.begins[numbers]
    starts, numbers = starts[kept], numbers[kept]
    times = gold.grams.counts[numbers]
    if not len(starts):
        return []
    if times.sum() > _MOST_PAIRS:
        return None
    # Each pair of places with the same three words, along the diagonals of places.
    ends = np.cumsum(times)
    within = np.arange(ends[-1]) - np.repeat(ends - times, times)
    i = np.repeat(starts, times)
    j = gold.places[np.repeat(gold.first[numbers], times) + within]
    diagonals = np.sort((j - i + len(tokens)) * (len(tokens) + 1) + i)
    begins = np.flatnonzero(np.diff(diagonals, prepend=-2) != 1)
    lengths = np.diff(begins, append=len(diagonals)) + _ANCHOR - 1
    diagonal, i = np.divmod(diagonals[begins], len(tokens) + 1)
    j = diagonal - len(tokens) + i
    return sorted(zip((-lengths).tolist(), i.tolist(), j.tolist(), strict=True))


METRICS = precision_recall_f1(
    "cleaneval",
    lambda case: aligned(case.text, case.gold_text),
    "Share of the predicted words aligned with gold words: both empty, 1; one empty, 0.",
    "Share of the gold words aligned with predicted words: both empty, 1; one empty, 0.",
    "F1 of words aligned by difflib, as Evert 2008 scores: both empty, 1; one empty, 0.",
)
