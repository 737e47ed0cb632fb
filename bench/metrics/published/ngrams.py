"""Runs of n tokens that two texts share."""

import numpy as np

from bench.metrics.published.tokens import Ints

_MOST = 1 << 62
_PAST_ALL = np.int64(2**63 - 1)
"""Ends each sorted list, so that every look-up has a place in it."""


class GoldGrams:
    """The n-grams of a gold text, numbered, so that a prediction's can be found among them.

    As many tokens as fit are packed into one integer, and looked up for all places at once; where
    n do not fit, what was found is packed with the next ones.

    Args:
        gold: numbers of the gold text's tokens.
        known: all of them are below it.
        n: tokens of an n-gram.
    """

    def __init__(self, gold: Ints, known: int, n: int) -> None:
        self._n = n
        self._base = max(known, 1)
        self._steps: list[tuple[int, Ints]] = []
        """Up to which token each look-up goes, and what it looks up, sorted."""
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
        self._steps.append((k, np.append(known, _PAST_ALL)))
        return numbers

    def find(self, ids: Ints) -> tuple[Ints, Ints]:
        """Find where n-grams of the gold text begin among tokens, and which; shapes (m,)."""
        size = max(len(ids) - self._n + 1, 0)
        is_known = ids < self._base
        starts = np.flatnonzero(
            np.logical_and.reduce([is_known[k : k + size] for k in range(self._n)])
        )
        packed, done = np.zeros(size, np.int64), 0
        for end, known in self._steps:
            for k in range(done, end):
                packed = packed * self._base + ids[k : k + size]
            places = np.searchsorted(known, packed[starts])
            found = known[places] == packed[starts]
            starts, done = starts[found], end
            packed[starts] = places[found]
        return starts, packed[starts]

    def hits(self, ids: Ints) -> int:
        """Count the n-grams of the tokens that are among these, each at most as often as here."""
        _, numbers = self.find(ids)
        counts = np.bincount(numbers, minlength=len(self.counts))
        return int(np.minimum(counts, self.counts).sum())
