"""Find texts that are nearly the same: MinHash with banding finds candidates among many.

Broder, On the resemblance and containment of documents, 1997; Leskovec, Rajaraman and Ullman,
Mining of Massive Datasets, section 3.4.
"""

import zlib
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from labels.alignment import tokenize

SHINGLE = 5
"""Words in a row that make a shingle."""
SHORTEST = 30
"""Words that a text must have to be compared: shorter ones are alike by chance."""

# Of pairs that have 80 % of their shingles in common, one in 20 million is no candidate.
_BANDS, _ROWS = 32, 4
_SEED = 1
_FACTORS = np.array(
    [pow(0x9E3779B97F4A7C15, power, 1 << 64) for power in range(SHINGLE)], np.uint64
)

Shingles = NDArray[np.uint64]
"""Digests of all runs of `SHINGLE` words, ascending, each once; none of a text that is short."""


def is_short(texts: Iterable[str]) -> bool:
    """Find out whether lines have too few words to be compared."""
    words = (word for text in texts for word in tokenize(text))
    return next(islice(words, SHORTEST - 1, None), None) is None


def shingles(texts: Iterable[str]) -> Shingles:
    """Compute the shingles of lines that follow each other."""
    words = np.array([_digest(word) for text in texts for word in tokenize(text)], np.uint64)
    if len(words) < SHORTEST:
        return np.zeros(0, np.uint64)
    runs = np.lib.stride_tricks.sliding_window_view(words, SHINGLE)
    return np.unique((runs * _FACTORS).sum(axis=1, dtype=np.uint64))


@lru_cache(1 << 18)
def _digest(word: str) -> int:
    return zlib.crc32(word.encode())


def common_share(one: Shingles, other: Shingles) -> float:
    """Compute the share of two texts' shingles that both have (Jaccard); 0 if one has none."""
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both) if both else 0.0


class NearIndex:
    """Finds texts that may be nearly the same; keeps a signature of 512 bytes of each."""

    def __init__(self) -> None:
        from datasketch import MinHash, MinHashLSH

        hashes = _BANDS * _ROWS
        self._blank = MinHash(num_perm=hashes, seed=_SEED, hashfunc=int)
        self._bands = MinHashLSH(num_perm=hashes, params=(_BANDS, _ROWS))
        self.candidates: list[tuple[str, str]] = []
        """Names of two texts that may be nearly the same, in ascending order."""

    def add(self, name: str, text: Shingles) -> None:
        """Add a text; one without shingles is like no other."""
        if not len(text):
            return
        signature = self._blank.copy()
        signature.update_batch((text >> np.uint64(32)).tolist())
        pairs = [(min(name, other), max(name, other)) for other in self._bands.query(signature)]
        self.candidates += sorted(pairs)
        self._bands.insert(name, signature)
