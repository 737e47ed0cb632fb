r"""Score blocks that hold content, as Dragnet labels and scores them.

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
from rapidfuzz.distance import Postfix

from bench.metrics.overlap import Overlap, pooled, precision_recall_f1
from bench.metrics.published.lcs import matched_rows_from_the_right, positions
from bench.metrics.published.tokens import (
    Ints,
    PageTokens,
    Text,
    alphanumerics,
    as_text,
    page_tokens,
)

CONTENT_SHARE = 0.1
"""A block is content if more than this share of its tokens is in the subsequence."""
MOST_TOKENS = 100_000
"""Tokens of a page and of a text that are compared, from their start. What comes later on the page
is no content; the time grows with the product, to some seconds."""
_RUN = 256
"""Tokens that are compared at once."""


def tokens_in(page: Ints, text: Ints) -> NDArray[np.bool_]:
    """Flag the tokens of a page in its longest common subsequence with a text, shape (t,).

    Of several, it is the one that Dragnet reads out of the table of lengths. All tokens of the
    text are on the page, and their numbers few enough to be characters.
    """
    found = np.zeros(len(page), np.bool_)
    page, text = page[:MOST_TOKENS], text[:MOST_TOKENS]
    page_text, text_text = as_text(page), as_text(text)
    runs = _last_runs(page_text, text_text)
    if runs is None:
        same = Postfix.similarity(page_text, text_text)
        rows, columns = len(page) - same, len(text) - same
        found[rows : len(page)] = True
        found[_from_table(page[:rows], text[:columns])] = True
    else:
        for run in runs:
            found[run] = True
    return found


def _last_runs(page: str, text: str) -> list[slice] | None:
    """Find the last places of the text on the page, if all of it is there in order; from the end.

    Most often it is, and then Dragnet would read these places out of its table.
    Tokens are characters here, so that runs of them are compared and found at once.
    """
    runs: list[slice] = []
    place, remaining = len(page), len(text)
    while remaining:
        size = Postfix.similarity(
            page[max(place - _RUN, 0) : place], text[max(remaining - _RUN, 0) : remaining]
        )
        if not size:
            place = page.rfind(text[remaining - 1], 0, place) + 1
            if not place:
                return None
            size = 1
        place, remaining = place - size, remaining - size
        runs.append(slice(place, place + size))
    return runs


def _from_table(page: Ints, text: Ints) -> Ints:
    in_text = np.zeros(max(page.max(initial=0), text.max(initial=0)) + 1, np.bool_)
    in_text[text] = True
    matches = in_text[page]
    places = np.flatnonzero(matches | np.append(False, matches[:-1])[: len(page)])
    tokens, text_tokens = page[places].tolist(), text.tolist()
    columns = positions(text_tokens)
    rows = [columns.get(token, 0) for token in tokens]
    return places[matched_rows_from_the_right(rows, tokens, text_tokens)]


class _Blocks:
    """Decide which lines of a page are content."""

    def __init__(self, page: PageTokens, lines: Sequence[str]) -> None:
        read = page.read("\n".join(lines))
        tokens = read.tokens(alphanumerics)
        there = np.zeros(tokens.max(initial=0) + 1, np.bool_)
        there[tokens[:MOST_TOKENS]] = True
        self._number: Ints = np.cumsum(there) * there
        """Numbers of the tokens that are compared, from 1 on; 0 of others."""
        self._tokens: Ints = self._number[tokens]
        self._ends: Ints = np.append(0, read.line_ends(alphanumerics))
        self.sizes: Ints = np.diff(self._ends)
        """Tokens of each line."""
        self.gold = self.content(page.gold)

    def content(self, text: Text) -> NDArray[np.bool_]:
        """Flag the lines that are content according to a text, shape (l,)."""
        tokens = text.tokens(alphanumerics)
        numbers = self._number[tokens[tokens < len(self._number)]]
        found = np.append(0, np.cumsum(tokens_in(self._tokens, numbers[numbers > 0])))
        return np.diff(found[self._ends]) > CONTENT_SHARE * self.sizes


@lru_cache(maxsize=1)
def _blocks(page: PageTokens, lines: tuple[str, ...]) -> _Blocks:
    return _Blocks(page, lines)


@lru_cache(maxsize=1)
def block_overlap(lines: tuple[str, ...], text: str, gold_text: str) -> Overlap:
    """Count the tokens of the blocks that are content by both texts, and by each."""
    page = page_tokens(gold_text)
    blocks = _blocks(page, lines)
    predicted = blocks.content(page.read(text))
    hits, ours, theirs = (
        int(blocks.sizes[flags].sum())
        for flags in (predicted & blocks.gold, predicted, blocks.gold)
    )
    return Overlap(hits, ours, theirs)


METRICS = precision_recall_f1(
    "dragnet",
    lambda case: block_overlap(tuple(case.lines), case.text, case.gold_text),
    "Share of the tokens of predicted blocks in content, over all pages: none, left out.",
    "Share of the tokens of content in predicted blocks, over all pages: none, left out.",
    "F1 of blocks as content by their tokens, over all pages: none on either side, left out.",
    share=pooled,
)
