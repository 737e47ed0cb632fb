"""Runs of n tokens that two texts share."""

import numpy as np

from bench.metrics.published.tokens import Ints

_MOST = 1 << 62


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
        """Up to which token each look-up goes, and what it looks up in."""
        starts = np.arange(len(gold) - n + 1)
        numbers, reach = np.zeros(len(starts), np.int64), 1
        for k in range(n):
            if reach * self._base > _MOST:
                numbers = self._step(k, numbers)
                reach = len(self._steps[-1][1])
            numbers = numbers * self._base + gold[starts + k]
            reach *= self._base
        self.numbers = self._step(n, numbers)
        """The n-gram at each place where one begins, shape (g,)."""
        self.counts: Ints = np.bincount(self.numbers)
        """How often each n-gram occurs."""

    def _step(self, k: int, packed: Ints) -> Ints:
        known, numbers = np.unique(packed, return_inverse=True)
        self._steps.append((k, known))
        return numbers

    def find(self, ids: Ints) -> tuple[Ints, Ints]:
        """Where n-grams of the gold text begin among numbered tokens, and which; shapes (m,)."""
        known = ids < self._base
        size = max(len(ids) - self._n + 1, 0)
        whole = known[:size].copy()
        for k in range(1, self._n):
            whole &= known[k : k + size]
        starts = np.flatnonzero(whole)
        if not len(self.counts):
            starts = starts[:0]
        numbers, done = np.zeros(len(starts), np.int64), 0
        for k, table in self._steps:
            for token in range(done, k):
                numbers = numbers * self._base + ids[starts + token]
            place = np.minimum(np.searchsorted(table, numbers), len(table) - 1)
            found = table[place] == numbers
            starts, numbers, done = starts[found], place[found], k
        return starts, numbers

    def hits(self, ids: Ints) -> int:
        """How many n-grams of the tokens are among these, none more often than it occurs here."""
        _, numbers = self.find(ids)
        counts = np.bincount(numbers, minlength=len(self.counts))
        return int(np.minimum(counts, self.counts).sum())
