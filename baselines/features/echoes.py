"""Compute columns of what another line of the page repeats: a teaser comes again in every list."""

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.features.characters import DIGIT, WIDE, Characters
from baselines.features.columns import Bounds, Features, Floats, matrix, mean_around

VIEWS, PLACE = ("text", "html"), 1

_RUN = 12  # letters and digits; fewer recur in prose by chance
_AROUND = 5
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no digit of a hash is lost
_LEAST_BITS = 18  # of a table of places; more for more hashes, so that few share one


def columns(batch: Batch) -> Features:
    """Compute how much of each line, and of the lines around it, recurs on its page."""
    echoed = _echoed_share(batch.characters, batch.bounds)
    around = mean_around(echoed, _AROUND, batch.bounds)
    return matrix({"echoed": echoed, "echoed_around": around})


def _echoed_share(characters: Characters, bounds: Bounds) -> Floats:
    """Compute the share of a line's words from which another line continues alike, shape (n,).

    That is, the twelve letters and digits from the word on are the same; white space and signs do
    not count, nor do words that fewer follow in the line. 0 of a line without such words.
    """
    n = len(characters.lengths)
    letters, at, line = _words(characters)
    # Pages do not echo each other.
    hashes = _hashes(letters, at) ^ bounds.page[line].astype(np.uint64) * _FACTOR**2
    has_echo = _has_echo(hashes, line)
    return np.bincount(line, has_echo, n) / np.maximum(np.bincount(line, minlength=n), 1)


def _words(
    characters: Characters,
) -> tuple[NDArray[np.uint32], NDArray[np.intp], NDArray[np.intp]]:
    """Find all letters and digits, where the w words with enough of them begin, and their lines.

    Each Han, kana or Hangul character is a word.
    """
    kinds, ends = characters.kinds, np.cumsum(characters.lengths)
    kept = kinds <= DIGIT
    begins = kept.copy()
    begins[1:] &= ~kept[:-1] | (kinds[1:] == WIDE)
    begins[ends[:-1]] = kept[ends[:-1]]
    up_to = np.cumsum(kept)
    places = np.flatnonzero(begins)
    at, line = up_to[places] - 1, np.searchsorted(ends, places, side="right")
    is_long = up_to[ends - 1][line] - at >= _RUN
    return characters.points[kept], at[is_long], line[is_long]


def _hashes(characters: NDArray[np.uint32], at: NDArray[np.intp]) -> NDArray[np.uint64]:
    """Hash the twelve characters from each place on, shape of the places."""
    hashes = np.zeros(len(at), np.uint64)
    for step in range(_RUN):
        hashes = hashes * _FACTOR + characters[at + step]
    return hashes


def _has_echo(hashes: NDArray[np.uint64], line: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Find out whether each hash is in another line, too, shape (w,).

    A table of places is faster than sorting; hashes that share a place there get another one.
    """
    bits = max(_LEAST_BITS, len(hashes).bit_length() + 1)
    place = (hashes >> np.uint64(64 - bits)).astype(np.intp)
    rows = np.arange(len(hashes))
    table = np.empty(1 << bits, np.intp)
    table[place] = rows  # of those at one place, the last stays
    last = table[place]
    table[place[::-1]] = rows[::-1]
    first = table[place]
    has_echo: NDArray[np.bool_] = line[first] != line[last]
    shared = np.flatnonzero((hashes[first] != hashes) | (hashes[last] != hashes))
    if len(shared):
        has_echo[shared] = _has_echo(hashes[shared] * _FACTOR, line[shared])
    return has_echo
