"""Count kinds of characters in every line of a page, all at once, in any script.

Also find the shape of a line, what remains without its words, and its signs.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, pairwise

import numpy as np
from numpy.typing import NDArray

from baselines.features.columns import Bounds, Floats
from corpus.scripts import CJK, KANA_SIGNS

LETTER, WIDE, DIGIT, SPACE, STOP, COMMA, QUOTE, MARK = range(8)
"""Kinds: letters of alphabets; Han, kana and Hangul; digits; white space; signs that end sentences;
signs that divide them; quotation marks; all other signs."""
KINDS = 8

# Not the ellipsis: headlines are full of it.
_STOPS = ".!?。！？｡؟۔।॥։።"
_COMMAS = ",;:、，；：､،؛・"
_QUOTES = "\"'“”‘’„«»‹›「」『』《》〈〉"
_CLOSING = _QUOTES + ")]}）］｝】〕"
_HALF_WIDTH_KANA = (0xFF66, 0xFF9D)
_FIRST_WIDE_SIGN = 0x3000
_FIRST_HAN_BEYOND = 0x20000
_BMP = 0x10000
_ANY_LETTER, _ANY_DIGIT = ord("a"), ord("0")
_DIGIT_BEYOND_ASCII = re.compile(r"[^\D0-9]")
_DIGITS_ALIKE = bytes.maketrans(b"123456789", b"0" * 9)

# A word has about five letters, and means about as much as two Han, kana or Hangul characters.
LETTERS_IN_UNIT = 5.0
WIDE_IN_UNIT = 2.0


@cache
def _table() -> NDArray[np.uint8]:
    """Kind of every character of the basic multilingual plane; then of others, and of Han there."""
    characters = np.arange(_BMP, dtype=np.uint32).view("<U1")
    table = np.full(_BMP + 2, MARK, np.uint8)
    table[_BMP + 1] = WIDE
    combining = [unicodedata.category(chr(point)).startswith("M") for point in range(_BMP)]
    table[:_BMP][combining] = LETTER  # vowel signs and the like
    table[:_BMP][np.strings.isalpha(characters)] = LETTER
    table[:_BMP][np.strings.isdigit(characters)] = DIGIT
    table[:_BMP][np.strings.isspace(characters)] = SPACE
    for first, last in (*CJK, *KANA_SIGNS, _HALF_WIDTH_KANA):
        if last < _BMP:
            table[first : last + 1] = WIDE
    for kind, signs in ((STOP, _STOPS), (COMMA, _COMMAS), (QUOTE, _QUOTES)):
        table[[ord(sign) for sign in signs]] = kind
    return table


@dataclass(frozen=True, slots=True)
class Characters:
    """The c characters of n lines, and their counts."""

    points: NDArray[np.uint32]
    """Code points of all characters in turn, shape (c,)."""
    kinds: NDArray[np.uint8]
    """Kind of each, shape (c,)."""
    lengths: NDArray[np.int64]
    """Characters of each line, shape (n,)."""
    counts: Floats
    """How many of each kind, shape (n, KINDS)."""
    units: Floats
    """Length in units that are alike between scripts, shape (n,): about one a word."""
    first: NDArray[np.uint8]
    """Kind of each line's first character, shape (n,)."""
    last: NDArray[np.uint8]
    """Kind of each line's last character but quotation marks and brackets, shape (n,)."""
    exact: NDArray[np.intp]
    """Number, from 0, that lines of a page share if they are equal, shape (n,)."""
    skeleton: NDArray[np.intp]
    """The same, with all digits alike and white space gone, shape (n,)."""

    @property
    def lines(self) -> NDArray[np.intp]:
        """The line that each character is of, shape (c,)."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)


def count_characters(texts: Sequence[str], bounds: Bounds | None = None) -> Characters:
    """Count the characters of lines, none empty, of the pages within bounds, or of one."""
    n = len(texts)
    bounds = bounds or Bounds.of([n])
    points = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), np.uint32)
    kinds = _kinds(points)
    lengths = np.fromiter(map(len, texts), np.int64, n)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    # "3.5" and "example.org" end no sentence; the signs of wide scripts need no blank after them.
    signs = np.flatnonzero((kinds == STOP) | (kinds == COMMA))
    signs = signs[points[signs] < _FIRST_WIDE_SIGN]
    is_last = np.zeros(len(points), np.bool_)
    is_last[ends - 1] = True
    signs = signs[~is_last[signs]]
    kinds[signs[kinds[signs + 1] <= DIGIT]] = MARK
    first_bin = np.repeat(np.arange(0, n * KINDS, KINDS), lengths)
    counts = np.bincount(first_bin + kinds, minlength=n * KINDS).reshape(n, KINDS)

    # Of a line that has nothing but closing signs, the first.
    at = np.arange(len(points))
    at[sign_groups(points, (_CLOSING,)) > 0] = 0
    last = np.maximum(np.maximum.reduceat(at, starts), starts) if n else starts
    return Characters(
        points=points,
        kinds=kinds,
        lengths=lengths,
        counts=counts.astype(np.float64),
        units=counts[:, LETTER] / LETTERS_IN_UNIT + counts[:, WIDE] / WIDE_IN_UNIT,
        first=kinds[starts],
        last=kinds[last],
        exact=_numbered(texts, bounds),
        skeleton=_numbered(_skeletons(texts, points[kinds == DIGIT]), bounds),
    )


def shapes(characters: Characters, bounds: Bounds) -> NDArray[np.intp]:
    """Number, from 0, that lines of a page share if they have the same signs and digits in turn.

    One run of letters between them is like another, and white space does not count: "Read 3
    comments (new)" and "By 7 people (old)" have one shape. Shape (n,).
    """
    at = np.flatnonzero(characters.kinds != SPACE)
    points, kinds, line = characters.points[at], characters.kinds[at], characters.lines[at]
    is_letter = kinds <= WIDE
    signs = np.where(is_letter, _ANY_LETTER, np.where(kinds == DIGIT, _ANY_DIGIT, points))
    follows = np.zeros(len(at), np.bool_)  # a letter of the same line
    follows[1:] = is_letter[:-1] & (line[1:] == line[:-1])
    kept = ~(is_letter & follows)
    data = signs[kept].tobytes()
    ends = (4 * np.cumsum(np.bincount(line[kept], minlength=len(characters.lengths)))).tolist()
    return _numbered([data[start:end] for start, end in pairwise([0, *ends])], bounds)


def count_signs(characters: Characters, groups: Sequence[str]) -> Floats:
    """Count the signs of each of g groups in each of n lines, shape (n, g)."""
    n, g = len(characters.lengths), len(groups) + 1
    group = sign_groups(characters.points, groups)
    at = np.flatnonzero(group)
    counts = np.bincount(characters.lines[at] * g + group[at], minlength=n * g).reshape(n, g)
    return counts[:, 1:].astype(np.float64)


def sign_groups(points: NDArray[np.uint32], groups: Sequence[str]) -> NDArray[np.uint8]:
    """Number, from 1, of the group that each character is in, 0 of none; shape of the points."""
    return _sign_table(tuple(groups))[np.minimum(points, _BMP)]


@cache
def _sign_table(groups: tuple[str, ...]) -> NDArray[np.uint8]:
    """Number each character by its group, from 1; 0 of those in none."""
    table = np.zeros(_BMP + 1, np.uint8)
    for number, signs in enumerate(groups, start=1):
        table[[ord(sign) for sign in signs]] = number
    return table


def _kinds(points: NDArray[np.uint32]) -> NDArray[np.uint8]:
    at = points
    if points.max(initial=0) >= _BMP:
        at = np.minimum(points, _BMP) + (points >= _FIRST_HAN_BEYOND)
    return _table()[at]


def _skeletons(texts: Sequence[str], digits: NDArray[np.uint32]) -> Sequence[bytes]:
    if not texts:
        return []
    joined = "\n".join(texts)
    if digits.max(initial=0) > ord("9"):
        joined = _DIGIT_BEYOND_ASCII.sub("0", joined)
    # Bytes of ASCII are no part of any other character in UTF-8.
    return joined.encode("utf-8", "surrogatepass").translate(_DIGITS_ALIKE, b" ").split(b"\n")


def _numbered(texts: Sequence[str] | Sequence[bytes], bounds: Bounds) -> NDArray[np.intp]:
    rows: list[int] = []
    first = 0
    for start, end in zip(bounds.starts.tolist(), bounds.ends.tolist(), strict=True):
        numbers: dict[str | bytes, int] = defaultdict(count(first).__next__)
        rows += [numbers[text] for text in texts[start:end]]
        first += len(numbers)
    return np.array(rows, np.intp)
