r"""Blocks that hold content, as Dragnet labels and scores them.

Source: Peters and Lecocq, "Content Extraction Using Diverse Feature Sets", WWW 2013 companion, and
the code of Dragnet (``data_processing.py``, ``lcs.pyx``, ``model_training.py``). The tokens of all
blocks in turn are compared with those of the gold text by longest common subsequence; a block is
content if more than a tenth of its tokens are in it. Tokens are what ``[\W_]+`` separates, case
kept. Precision, recall and F1 are of the blocks' tokens, summed over all pages before they are
divided, as Dragnet does with the blocks of all its test pages.

Blocks here are the page's lines, and an extractor predicts those to be content that its own text
makes content. A line without a token is no content and weighs nothing. Two things of Dragnet's
are left out, which come from its training: there no block weighs more than 200 tokens, and pages
of fewer than three blocks are passed over.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bench.metrics.case import Case
from bench.metrics.metric import Weighted, metrics_of
from bench.metrics.published.lcs import matched_rows_from_the_right, positions
from bench.metrics.published.overlap import Overlap, pooled
from bench.metrics.published.tokens import Ints, Text, alphanumerics, as_text, page_of

CONTENT_SHARE = 0.1
"""A block is content if more than this share of its tokens is in the subsequence."""
MOST_TOKENS = 100_000
"""Tokens of a page and of a text that are compared, from their start. What comes later on the page
is no content; the time grows with the product, to some seconds."""
_RUN = 16
"""Tokens that are compared at once."""


def dragnet_precision(case: Case) -> Weighted:
    """Share of the tokens of predicted blocks in content, over all pages: none, left out."""
    overlap = _overlap(case)
    return pooled(overlap.hits, overlap.predicted)


def dragnet_recall(case: Case) -> Weighted:
    """Share of the tokens of content in predicted blocks, over all pages: none, left out."""
    overlap = _overlap(case)
    return pooled(overlap.hits, overlap.gold)


def dragnet_f1(case: Case) -> Weighted:
    """F1 of blocks as content by their tokens, over all pages: none on either side, left out."""
    overlap = _overlap(case)
    return pooled(2 * overlap.hits, overlap.predicted + overlap.gold)


def tokens_in(page: Ints, text: Ints) -> list[int]:
    """Which tokens of a page are in its longest common subsequence with a text, from the last.

    Of several, it is the one that Dragnet reads out of the table of lengths.
    """
    page = page[:MOST_TOKENS]
    there = np.zeros(max(page.max(initial=0), text.max(initial=0)) + 1, np.bool_)
    there[page] = True
    text = text[there[text]][:MOST_TOKENS]
    number = np.cumsum(there)  # few enough to be characters
    page, text = number[page], number[text]
    same = _common_end(page, text)
    rows, columns = len(page) - same, len(text) - same
    places = _last_places(as_text(page[:rows]), as_text(text[:columns]))
    if places is None:
        places = _from_table(page[:rows].tolist(), text[:columns].tolist())
    return [*range(len(page) - 1, rows - 1, -1), *places]


def _common_end(one: Ints, other: Ints) -> int:
    """How many tokens two lists end with alike."""
    shorter = min(len(one), len(other))
    differ = np.flatnonzero(one[len(one) - shorter :] != other[len(other) - shorter :])
    return shorter - 1 - int(differ[-1]) if len(differ) else shorter


def _last_places(page: str, text: str) -> list[int] | None:
    """The last places at which the text is on the page, if all of it is, in order.

    Most often it is, and then no table is needed to tell what Dragnet would read out of it.
    Tokens are characters here, so that runs of them are compared and found at once.
    """
    places: list[int] = []
    place, left = len(page), len(text)
    while left:
        while left >= _RUN and page[place - _RUN : place] == text[left - _RUN : left]:
            places.extend(range(place - 1, place - _RUN - 1, -1))
            place, left = place - _RUN, left - _RUN
        if left:
            place, left = page.rfind(text[left - 1], 0, place), left - 1
            if place < 0:
                return None
            places.append(place)
    return places


def _from_table(page: Sequence[int], text: Sequence[int]) -> list[int]:
    columns = positions(text)
    rows = [columns.get(token, 0) for token in page]
    places = [k for k, row in enumerate(rows) if row or (k and rows[k - 1])]
    matched = matched_rows_from_the_right(
        [rows[place] for place in places], [page[place] for place in places], text
    )
    return [places[row] for row in matched]


def _overlap(case: Case) -> Overlap:
    return _block_overlap(tuple(case.lines), case.text, case.gold_text)


@lru_cache(maxsize=1)
def _block_overlap(lines: tuple[str, ...], text: str, gold_text: str) -> Overlap:
    page = page_of(gold_text)
    blocks = page.read("\n".join(lines))
    gold = _gold_content(lines, gold_text)
    predicted = _content(blocks, page.read(text))
    sizes = _sizes(blocks)
    hits, ours, theirs = (int(sizes[flags].sum()) for flags in (predicted & gold, predicted, gold))
    return Overlap(hits, ours, theirs)


@lru_cache(maxsize=1)
def _gold_content(lines: tuple[str, ...], gold_text: str) -> NDArray[np.bool_]:
    page = page_of(gold_text)
    return _content(page.read("\n".join(lines)), page.gold)


def _content(blocks: Text, text: Text) -> NDArray[np.bool_]:
    """Which lines are content, according to a text."""
    sizes = _sizes(blocks)
    page, tokens = blocks.tokens(alphanumerics), text.tokens(alphanumerics)
    places = tokens_in(page, tokens)
    block = np.repeat(np.arange(len(sizes)), sizes)
    found = np.bincount(block[places], minlength=len(sizes))
    return found > CONTENT_SHARE * sizes


def _sizes(blocks: Text) -> Ints:
    """Tokens of each line."""
    return np.diff(blocks.line_ends(alphanumerics), prepend=0)


METRICS = metrics_of((dragnet_precision, dragnet_recall, dragnet_f1))
