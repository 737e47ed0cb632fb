"""Count the runs of n tokens that two texts share."""

import numpy as np
from numpy.typing import NDArray

from bench.metrics.published.tokens import Ints

_MOST = 1 << 62
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""An odd number near 2**64 over the golden ratio: its multiples have well spread upper bits."""
_SLOTS_EACH = 4


class GoldGrams:
    """Number the n-grams of a gold text, so that a prediction's can be found among them.

    As many tokens as fit are packed into one integer, and looked up for all places at once; where
    n do not fit, what was found is packed with the next ones. All tokens are below ``known``.
    """

    def __init__(self, gold: Ints, known: int, n: int) -> None:
        self._n = n
        self._base = max(known, 1)
        self._steps: list[tuple[int, _Places]] = []
        """Up to which token each look-up goes, and where it looks."""
        starts = np.arange(len(gold) - n + 1)
        numbers, reach = np.zeros(len(starts), np.int64), 1
        for k in range(n):
            if reach * self._base > _MOST:
                numbers = self._step(k, numbers)
                reach = int(numbers.max(initial=0)) + 1
            numbers = numbers * self._base + gold[starts + k]
            reach *= self._base
        self.numbers = self._step(n, numbers)
        """The n-gram at each place where one begins, shape (g,)."""
        self.counts: Ints = np.bincount(self.numbers)
        """How often each n-gram occurs."""

    def _step(self, k: int, packed: Ints) -> Ints:
        known, numbers = np.unique(packed, return_inverse=True)
        self._steps.append((k, _Places(known)))
        return numbers

    def find(self, ids: Ints) -> tuple[Ints, Ints]:
        """Find where n-grams of the gold text begin among tokens, and which; shapes (m,)."""
        size = max(len(ids) - self._n + 1, 0)
        is_known = ids < self._base
        starts = np.flatnonzero(
            np.logical_and.reduce([is_known[k : k + size] for k in range(self._n)])
        )
        if not len(self.counts):
            starts = starts[:0]
        packed, done = np.zeros(size, np.int64), 0
        for end, known in self._steps:
            for k in range(done, end):
                packed = packed * self._base + ids[k : k + size]
            found, places = known.find(packed[starts])
            starts, done = starts[found], end
            packed[starts] = places
        return starts, packed[starts]

    def hits(self, ids: Ints) -> int:
        """Count the n-grams of the tokens that are among these, each at most as often as here."""
        _, numbers = self.find(ids)
        counts = np.bincount(numbers, minlength=len(self.counts))
        return int(np.minimum(counts, self.counts).sum())


class _Places:
    """Find numbers in a sorted list without doubles.

    Most have a slot of their own in a table, by the upper bits of a multiple; of those that share
    one, all but one are looked for by halving.
    """

    def __init__(self, known: Ints) -> None:
        self._known = known
        self._bits = (len(known) * _SLOTS_EACH).bit_length()
        self._slots = np.zeros(1 << self._bits, np.int32)
        slots = self._slots_of(known)
        self._slots[slots] = np.arange(len(known))
        self._others = np.flatnonzero(self._slots[slots] != np.arange(len(known)))

    def _slots_of(self, numbers: Ints) -> NDArray[np.uint64]:
        return (numbers.view(np.uint64) * _SPREAD) >> np.uint64(64 - self._bits)

    def find(self, numbers: Ints) -> tuple[NDArray[np.bool_], Ints]:
        """Find which of some numbers are in the list, shape (m,), and the places of these."""
        places: Ints = self._slots[self._slots_of(numbers)].astype(np.int64)
        found = self._known[places] == numbers
        if len(self._others):
            rest = np.flatnonzero(~found)
            near = np.searchsorted(self._known[self._others], numbers[rest])
            places[rest] = self._others[np.minimum(near, len(self._others) - 1)]
            found[rest] = self._known[places[rest]] == numbers[rest]
        return found, places[found]
