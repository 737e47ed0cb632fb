"""Align a text with the lines of a page: how much of each line does it hold?

One algorithm serves two purposes: projecting a gold text onto a page's lines, and finding which
lines an extractor kept. It preserves order over tokens:

1. Lines that stand in the text as they are become candidates; the chain of candidates in both
   orders that holds most tokens is fixed (a weighted longest increasing subsequence).
2. Between two fixed lines, the rest is matched by longest common subsequence. A match counts
   only in a run: single words picked from here and there prove nothing.
3. The rest of the text is looked for once more in the rest of the page, so that text
   which an extractor moved is found.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from corpus.scripts import CJK, character_class
from corpus.visible import UNSEEN

KEPT_SHARE = 0.5
"""A line counts as kept if the text holds at least this share of its tokens."""

_CJK = character_class(*CJK)
_TOKEN = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
_ONE_CJK = re.compile(f"[{_CJK}]")
_WORD = re.compile(r"[^\W_]+")

# A run of matches counts from this weight on; a word weighs 1, a character of the above 1/2.
_RUN_WEIGHT = 2.0
# Lines that weigh less are only looked for where they are a whole line of the text.
_ANCHOR_WEIGHT = 3.0
# Text that moved is believed from this weight on.
_MOVED_WEIGHT = 4.0
# A line found more often than this in the text fixes nothing.
_MOST_OCCURRENCES = 64
# The longest common subsequence needs a bit for each pair of tokens: 2e9 are 250 MB.
_MOST_PAIRS = 2_000_000_000

_OTHER = "\0"
_FIRST_CODE = 0xE000  # codes go up from here, past the surrogates


@dataclass(frozen=True, slots=True)
class Alignment:
    """What of each line is in a text, and what of the text is on the page."""

    coverage: NDArray[np.float32]
    """Share of each line's tokens that the text holds, shape (n,)."""
    missing: float
    """Share of the text's tokens that are nowhere on the page; 0 if the text has none."""

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Lines of which the text holds at least half, shape (n,)."""
        return self.coverage >= KEPT_SHARE


def tokenize(text: str) -> list[str]:
    """Split a text into tokens: Unicode words, and each Han, kana or Hangul character by itself.

    The text is normalised (NFKC) and lower-cased. White space, punctuation, the underscore and
    symbols give none.
    """
    if text.isascii():
        return _WORD.findall(text.lower())
    visible = unicodedata.normalize("NFKC", text).translate(UNSEEN)
    return _TOKEN.findall(visible.lower())


def align(texts: Sequence[str], text: str) -> Alignment:
    """Find how much of each line ``text`` holds.

    A line without tokens (a row of dashes) counts as held where the lines around it are.
    An empty page gives no shares; an empty text gives zeros and misses nothing.
    """
    return _Aligner(texts, text).align()


def correspond(texts: Sequence[str], others: Sequence[str]) -> NDArray[np.int64]:
    """Count the characters of each of n lines that stand in each of m other ones, shape (n, m).

    The lines are aligned as `align` does it, the others as the lines of its text; if both are made
    of the same tokens throughout, each token is where it is. Only characters of tokens count.
    """
    here, there = ([tokenize(text) for text in side] for side in (texts, others))
    row, column = (
        np.repeat(np.arange(len(side)), [len(tokens) for tokens in side]) for side in (here, there)
    )
    words = [token for tokens in here for token in tokens]
    if words == [token for tokens in there for token in tokens]:
        match = np.arange(len(words))
    else:
        aligner = _Aligner(texts, "\n".join(others))
        aligner.align()
        match = aligner.match
    chars = np.array([len(word) for word in words], np.int64)
    found = match >= 0
    table = np.zeros((len(texts), len(others)), np.int64)
    np.add.at(table, (row[found], column[match[found]]), chars[found])
    return table


class _Aligner:
    """The page and the text as strings with one character a token."""

    def __init__(self, texts: Sequence[str], text: str) -> None:
        text_lines = [tokens for line in text.split("\n") if (tokens := tokenize(line))]
        known = dict.fromkeys(token for line in text_lines for token in line)
        code = {token: chr(_FIRST_CODE + place) for place, token in enumerate(known)}
        self.text = "".join([code[token] for line in text_lines for token in line])
        self.text_line_ends = {0, *accumulate(map(len, text_lines))}
        self.lines = [
            "".join([code.get(token, _OTHER) for token in tokenize(line)]) for line in texts
        ]
        self.starts = [0, *accumulate(map(len, self.lines))]
        self.page_line_ends = set(self.starts)
        self.page = "".join(self.lines)
        self.weight = {
            code: 0.5 if _ONE_CJK.fullmatch(token) else 1.0 for token, code in code.items()
        }
        # Which token of the text each token of the page was found to be, or -1.
        self.match = np.full(len(self.page), -1, np.int64)

    def align(self) -> Alignment:
        edges = [(0, 0), *self.fix_lines(), (len(self.page), len(self.text))]
        for (page_from, text_from), (page_to, text_to) in zip(edges[::2], edges[1::2], strict=True):
            self.match_in_order(
                np.arange(page_from, page_to), np.arange(text_from, text_to), _RUN_WEIGHT
            )
        is_missing = np.ones(len(self.text), bool)
        is_missing[self.match[self.match >= 0]] = False
        if is_missing.any():  # text that was moved: the rest of it in the rest of the page
            self.match_in_order(
                np.flatnonzero(self.match < 0), np.flatnonzero(is_missing), _MOVED_WEIGHT
            )
        return self.result()

    def weigh(self, tokens: str) -> float:
        return sum(map(self.weight.__getitem__, tokens))

    def fix_lines(self) -> list[tuple[int, int]]:
        """Fix the heaviest chain of whole lines; returns its edges, (start, end) by turns."""
        # Of the best chains so far, from the empty one on: their ends and weights, both ascending.
        ends, totals = [0], [0.0]
        chains: list[_Link | None] = [None]
        for row, line in enumerate(self.lines):
            found = []
            for at, weight in self.occurrences(line):
                best = bisect_right(ends, at) - 1
                found.append((at + len(line), weight + totals[best], _Link(row, at, chains[best])))
            for end, total, link in found:
                place = bisect_left(ends, end)
                is_taken = place < len(ends) and ends[place] == end
                if totals[place - 1] < total and not (is_taken and totals[place] > total):
                    worse = bisect_right(totals, total, lo=place)
                    ends[place:worse] = [end]
                    totals[place:worse] = [total]
                    chains[place:worse] = [link]
        edges: list[tuple[int, int]] = []
        last = chains[-1]
        while last is not None:
            start, length = self.starts[last.row], len(self.lines[last.row])
            self.match[start : start + length] = np.arange(last.at, last.at + length)
            edges += [(start + length, last.at + length), (start, last.at)]
            last = last.before
        return edges[::-1]

    def occurrences(self, line: str) -> Iterator[tuple[int, float]]:
        """Find where a line stands in the text as it is, with its weight."""
        if not line or _OTHER in line:
            return
        weight = self.weigh(line)
        at = -1
        for _ in range(_MOST_OCCURRENCES):
            at = self.text.find(line, at + 1)
            if at < 0:
                return
            is_line = at in self.text_line_ends and at + len(line) in self.text_line_ends
            if is_line or weight >= _ANCHOR_WEIGHT:
                # Between two places that hold the line, the one where it is a line wins.
                yield at, weight + (0.5 if is_line else 0.0)

    def match_in_order(
        self, page_at: NDArray[np.int64], text_at: NDArray[np.int64], least: float
    ) -> None:
        """Match tokens of the page with tokens of the text, in order, in runs of some weight."""
        text = "".join([self.text[at] for at in text_at])
        known = set(text)
        page_at = np.array([at for at in page_at if self.page[at] in known], np.int64)
        if not len(page_at) or len(page_at) * len(text) > _MOST_PAIRS:
            return
        page = "".join([self.page[at] for at in page_at])
        for block in LCSseq.opcodes(page, text).as_matching_blocks():
            if block.size:
                a = page_at[block.a : block.a + block.size]
                b = text_at[block.b : block.b + block.size]
                breaks = np.flatnonzero((np.diff(a) != 1) | (np.diff(b) != 1)) + 1
                for start, end in zip([0, *breaks], [*breaks, len(a)], strict=True):
                    self.accept_run(int(a[start]), int(b[start]), int(end - start), least)

    def accept_run(self, page_from: int, text_from: int, length: int, least: float) -> None:
        """Accept a run of matches that is heavy enough, goes on with another, or is whole lines."""
        page_to, text_to = page_from + length, text_from + length
        if (
            self.weigh(self.text[text_from:text_to]) >= least
            or page_from > 0 <= text_from - 1 == self.match[page_from - 1]
            or (page_to < len(self.page) and self.match[page_to] == text_to < len(self.text))
            or (
                {page_from, page_to} <= self.page_line_ends
                and {text_from, text_to} <= self.text_line_ends
            )
        ):
            self.match[page_from:page_to] = np.arange(text_from, text_to)

    def result(self) -> Alignment:
        lengths = np.array([len(line) for line in self.lines], np.int64)
        sums = np.concatenate([[0], np.cumsum(self.match >= 0)])
        coverage = np.diff(sums[self.starts]) / np.maximum(lengths, 1)
        filled = np.flatnonzero(lengths)
        for row in np.flatnonzero(lengths == 0):
            after = int(np.searchsorted(filled, row))
            around = filled[max(0, after - 1) : after + 1]
            coverage[row] = coverage[around].min() if len(around) else 0.0
        found = len(np.unique(self.match[self.match >= 0]))
        missing = 1 - found / len(self.text) if self.text else 0.0
        return Alignment(coverage.astype(np.float32), float(missing))


class _Link(NamedTuple):
    """A line in a chain: its row, where it stands in the text, and the line before it."""

    row: int
    at: int
    before: "_Link | None"
