"""Counts of kinds of characters in every line of a page, all at once, in any script."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from baselines.columns import Floats

LETTER, WIDE, DIGIT, SPACE, STOP, COMMA, QUOTE, MARK = range(8)
"""Kinds: letters of alphabets; Han, kana and Hangul; digits; white space; what ends a sentence;
what divides one; quotation marks; all other signs."""
KINDS = 8

# Not the ellipsis: headlines are full of it.
_STOPS = ".!?。！？｡؟۔।॥։።"
_COMMAS = ",;:、，；：､،؛・"
_QUOTES = "\"'“”‘’„«»‹›「」『』《》〈〉"
_WIDE_RANGES = (
    (0x1100, 0x11FF), (0x3005, 0x3007), (0x3041, 0x30FF), (0x3131, 0x318E), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xF900, 0xFAFF),
    (0xFF66, 0xFF9D),
)  # fmt: skip
_FIRST_WIDE_SIGN = 0x3000
_FIRST_HAN_BEYOND = 0x20000
_BMP = 0x10000

# A word has about five letters, and says about as much as two Han, kana or Hangul characters.
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
    for first, last in _WIDE_RANGES:
        table[first : last + 1] = WIDE
    for kind, signs in ((STOP, _STOPS), (COMMA, _COMMAS), (QUOTE, _QUOTES)):
        table[[ord(sign) for sign in signs]] = kind
    return table


@dataclass(frozen=True, slots=True)
class Characters:
    """The characters of n lines, counted."""

    counts: Floats
    """How many of each kind, shape (n, KINDS)."""
    units: Floats
    """Length in units that are alike between scripts, shape (n,): about one a word."""
    first: NDArray[np.uint8]
    """Kind of each line's first character, shape (n,)."""
    last: NDArray[np.uint8]
    """Kind of each line's last character that is no quotation mark or bracket, shape (n,)."""
    exact: NDArray[np.uint64]
    """Hash of each line, shape (n,)."""
    skeleton: NDArray[np.uint64]
    """Hash of each line with all digits alike and white space gone, shape (n,)."""


def count_characters(texts: Sequence[str]) -> Characters:
    """Count the characters of lines that are not empty."""
    n = len(texts)
    points = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), np.uint32)
    kinds = _table()[np.minimum(points, _BMP) + (points >= _FIRST_HAN_BEYOND)]
    lengths = np.fromiter(map(len, texts), np.int64, n)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    line = np.repeat(np.arange(n), lengths)
    # "3.5" and "example.org" end no sentence; the signs of wide scripts need no blank after them.
    inside = np.zeros(len(points), bool)
    inside[:-1] = (kinds[1:] <= DIGIT) & (line[1:] == line[:-1])
    kinds[inside & (points < _FIRST_WIDE_SIGN) & ((kinds == STOP) | (kinds == COMMA))] = MARK
    counts = np.bincount(line * KINDS + kinds, minlength=n * KINDS).reshape(n, KINDS)

    closing = _is_closing()[np.minimum(points, _BMP)]
    # Of a line that has nothing but closing signs, the first.
    at = np.where(closing, starts[line], np.arange(len(points)))
    last = np.maximum.reduceat(at, starts) if n else starts

    within = np.arange(len(points)) - starts[line]
    factors = _factors(int(lengths.max(initial=0)))
    solid = kinds != SPACE
    alike = np.where(kinds == DIGIT, np.uint32(48), points)
    rank = np.cumsum(solid) - 1
    rank -= rank[starts][line]
    return Characters(
        counts=counts.astype(np.float64),
        units=counts[:, LETTER] / LETTERS_IN_UNIT + counts[:, WIDE] / WIDE_IN_UNIT,
        first=kinds[starts],
        last=kinds[last],
        exact=_hash(points, factors[within], starts),
        skeleton=_hash(np.where(solid, alike, 0), factors[np.maximum(rank, 0)], starts),
    )


_CLOSING = ")]}）］｝】〕"


@cache
def _is_closing() -> NDArray[np.bool_]:
    """Whether a character of the basic multilingual plane may follow a sentence's end."""
    table = np.zeros(_BMP + 1, np.bool_)
    table[[ord(sign) for sign in _QUOTES + _CLOSING]] = True
    return table


def _hash(
    points: NDArray[np.uint32], factors: NDArray[np.uint64], starts: NDArray[np.int64]
) -> NDArray[np.uint64]:
    if not len(starts):
        return np.zeros(0, np.uint64)
    return np.add.reduceat(points.astype(np.uint64) * factors, starts)


def _factors(length: int) -> NDArray[np.uint64]:
    """Odd pseudo-random factors for the positions in a line, the same on every machine."""
    at = np.arange(1, length + 1, dtype=np.uint64)
    at = (at ^ (at >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    at = (at ^ (at >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (at ^ (at >> np.uint64(31))) | np.uint64(1)
