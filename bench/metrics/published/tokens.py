"""Number the tokens of a page's texts, so that arrays do the comparing.

A text is read once for all metrics, as parts between blanks and line feeds, and each part is cut
into tokens once, since the texts that extractors make of a page are mostly of the same parts.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import count, islice

import numpy as np
from numpy.typing import NDArray

import labels

Ints = NDArray[np.int64]

Cut = Callable[[str], list[str]]
"""Cuts a text into tokens, of which each of its line feeds is one. No other token may hold a line
feed, and none a blank beside other characters."""

_MOST_PARTS = 1 << 20
_RECENT_TEXTS = 8

words: Cut = re.compile(r"\w+|\n").findall
r"""Cuts out runs of letters, digits and underscores (``\w+``), case kept."""
alphanumerics: Cut = re.compile(r"[^\W_]+|\n").findall
r"""Cuts at runs of other characters and underscores (``[\W_]+``), case kept."""
pieces: Cut = re.compile(r"\S+|\n").findall
"""Cuts at white space."""


def lower_words(text: str) -> list[str]:
    r"""Cut out runs of letters, digits and underscores (``\w+``), lower-cased."""
    return words(text.lower())


def alignment_tokens(text: str) -> list[str]:
    """Cut a text into the tokens of `labels.alignment`."""
    tokens = []
    for line in text.split("\n"):
        tokens += labels.tokenize(line)
        tokens.append("\n")
    return tokens[:-1]


class PageTokens:
    """Hold the texts of one page, of which the gold text is the first."""

    def __init__(self, gold_text: str) -> None:
        self._lines = _Lines()
        self._tables: dict[Cut, _Table] = {}
        self._texts: dict[str, Text] = {}
        self.gold = Text(self, gold_text, self._lines)
        self._gold_parts = len(self._lines.parts)

    @property
    def full(self) -> bool:
        """Whether more texts would take too much memory."""
        return max(len(self._lines), len(self._lines.parts)) > _MOST_PARTS

    def read(self, text: str) -> "Text":
        """Read a text of the page; the last few are kept."""
        found = self._texts.get(text)
        if found is None:
            if len(self._texts) >= _RECENT_TEXTS:
                del self._texts[next(iter(self._texts))]
            found = self._texts[text] = Text(self, text, self._lines)
        return found

    def known(self, cut: Cut) -> int:
        """Count the numbers that are of tokens of the gold text: 0 up to it."""
        return self.table(cut).known

    def table(self, cut: Cut) -> "_Table":
        """Get the tokens of all parts that were read."""
        parts = self._lines.parts
        table = self._tables.get(cut)
        if table is None:
            table = self._tables[cut] = _Table(cut)
            table.add(list(islice(parts, self._gold_parts)))
            table.known = len(table.number)
        if table.size < len(parts):
            table.add(list(islice(parts, table.size, None)))
        return table


class Text:
    """Number the tokens of one text as those of the page's other texts."""

    def __init__(self, page: PageTokens, text: str, lines: "_Lines") -> None:
        self._page = page
        self._text = text
        self._tokens: dict[Cut, tuple[Ints, Ints]] = {}
        read = [lines[line] for line in text.split("\n")]
        self._parts: Ints = np.frombuffer(b"".join(read), np.intc).astype(np.int64)
        sizes = np.array([len(line) for line in read]) // array("i").itemsize
        self._line_ends: Ints = np.cumsum(sizes)

    def tokens(self, cut: Cut) -> Ints:
        """Get the tokens without the line feeds, shape (t,)."""
        return self._cut(cut)[0]

    def line_ends(self, cut: Cut) -> Ints:
        """Get the end of each line among these tokens, shape (l,)."""
        return self._cut(cut)[1]

    def tokens_and_white_space(self, cut: Cut) -> Ints:
        """Get the tokens with every blank and line feed, shape (t,)."""
        table = self._page.table(cut)
        if "\r\n" in self._text:
            return table.numbered(cut(self._text))
        tokens, ends = table.tokens(self._parts, with_end=True)
        between = np.ones(len(ends), np.bool_)
        between[self._line_ends - 1] = False
        tokens[ends[between] - 1] = table.numbered([" "])[0]
        return tokens[:-1]

    def _cut(self, cut: Cut) -> tuple[Ints, Ints]:
        found = self._tokens.get(cut)
        if found is None:
            tokens, ends = self._page.table(cut).tokens(self._parts)
            found = self._tokens[cut] = tokens, ends[self._line_ends - 1]
        return found


class _Lines(dict[str, bytes]):
    """Map lines to the numbers of their parts, as bytes of C integers."""

    def __init__(self) -> None:
        self.parts: dict[str, int] = defaultdict(count().__next__)

    def __missing__(self, line: str) -> bytes:
        self[line] = numbers = array("i", map(self.parts.__getitem__, line.split(" "))).tobytes()
        return numbers


class _Table:
    """Hold the tokens of parts, all parts in one array."""

    def __init__(self, cut: Cut) -> None:
        self._cut = cut
        self.number: dict[str, int] = defaultdict(count(1).__next__, {"\n": 0})
        self.known = 0
        """How many numbers there were when only the gold text had been read."""
        self._flat: Ints = np.empty(0, np.int64)
        """Tokens of each part in turn, with a line feed after each."""
        self._starts: Ints = np.empty(0, np.int64)
        """Where each part's tokens begin."""
        self._sizes: Ints = np.empty(0, np.int64)
        """How many they are, without the line feed."""

    @property
    def size(self) -> int:
        """Number of parts."""
        return len(self._starts)

    def add(self, parts: Sequence[str]) -> None:
        """Cut more parts: all at once, unless one could join its end to a line feed, as CR LF."""
        together = "\n".join(parts)
        joined = [together] if "\r" not in together else parts
        tokens: list[str] = []
        for text in joined if parts else ():
            tokens += self._cut(text)
            tokens.append("\n")
        added = self.numbered(tokens)
        feeds = np.flatnonzero(added == 0)
        starts = np.append(0, feeds + 1)[:-1]
        self._starts = np.append(self._starts, len(self._flat) + starts)
        self._sizes = np.append(self._sizes, feeds - starts)
        self._flat = np.append(self._flat, added)

    def numbered(self, tokens: Sequence[str]) -> Ints:
        """Number tokens, anew those that have no number."""
        return np.fromiter(map(self.number.__getitem__, tokens), np.int64, len(tokens))

    def tokens(self, parts: Ints, *, with_end: bool = False) -> tuple[Ints, Ints]:
        """List the tokens of parts in turn, and where each ends; with line feeds or without."""
        sizes = self._sizes[parts] + with_end
        ends = np.cumsum(sizes)
        shifts = np.repeat(self._starts[parts] - (ends - sizes), sizes)
        return self._flat[shifts + np.arange(ends[-1])], ends


@lru_cache(maxsize=1)
def _page(gold_text: str) -> PageTokens:
    return PageTokens(gold_text)


def page_tokens(gold_text: str) -> PageTokens:
    """Get the page with this gold text; the last one is kept."""
    page = _page(gold_text)
    if page.full:
        _page.cache_clear()
        page = _page(gold_text)
    return page


def shared(tokens: Ints, gold: Ints, known: int) -> int:
    """Count the tokens that two texts share as multisets."""
    counts = np.bincount(tokens[tokens < known], minlength=known)
    return int(np.minimum(counts, np.bincount(gold, minlength=known)).sum())


def as_text(tokens: Ints) -> str:
    """Make characters of numbers, past the surrogates: rapidfuzz and `str` compare them fastest."""
    return (tokens + 0xE000).astype("<u4").tobytes().decode("utf-32-le")
