"""Weigh the words of which classes and ids are made: what authors of pages call their elements.

No word is listed by hand. The weights are those of regressions over words that recur on many sites
of the training pages (`baselines.training.fit_names`): one of body, one of comments.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.features.columns import Features, Floats

TARGETS = ("body", "comment")
"""What is regressed on the words, in the order of the weights."""
WRAPPER = 0.9
"""An element that holds this share of its page's prose says nothing by its name: ``page``, ``post
with-comments``."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_FEWEST_LETTERS = 2
_MOST_KNOWN = 1 << 16


@lru_cache(maxsize=1 << 16)
def words_of(names: str) -> tuple[str, ...]:
    """List the different words of class names and ids, in lower case, sorted.

    ``post-body mainText`` has the words body, main, post and text; words are of letters a to z.
    """
    words = {word.lower() for word in _WORD.findall(names)}
    return tuple(sorted(word for word in words if len(word) >= _FEWEST_LETTERS))


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """Weights of V words for each of `TARGETS`."""

    weights: Mapping[str, Sequence[float]]
    """By word, as many values as there are targets."""
    intercepts: Sequence[float]
    _known: dict[str, tuple[float, ...]] = field(default_factory=dict, repr=False)
    """Sums by names, as sites repeat them from page to page."""

    def scores(self, batch: Batch) -> Features:
        """Compute log-odds of each target by the words around a line, shape (n,) each.

        A word counts once for each element around the line that is called so.
        """
        scores = np.repeat(np.array(self.intercepts)[:, np.newaxis], len(batch), axis=1)
        if len(batch.containers):  # text has none
            of_elements = batch.over_ancestors(np.add, self._of_elements(batch))
            scores += of_elements[:, batch.container]
        names = tuple(f"named_{target}" for target in TARGETS)
        return Features(names, scores.astype(np.float32))

    def _of_elements(self, batch: Batch) -> Floats:
        """Sum the weights of each element's own words, shape (targets, m)."""
        names = batch.containers.names
        rows = {name: row for row, name in enumerate(dict.fromkeys(names))}
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        table = np.array([self._known.get(name) or self._sum(name) for name in rows])
        of_element = np.fromiter(map(rows.__getitem__, names), np.intp, len(names))
        return np.where(is_wrapper(batch), 0.0, table[of_element].T)

    def _sum(self, names: str) -> tuple[float, ...]:
        nothing = (0.0,) * len(TARGETS)
        found = (self.weights.get(word, nothing) for word in words_of(names))
        total = self._known[names] = tuple(map(sum, zip(nothing, *found, strict=True)))
        return total


def is_wrapper(batch: Batch) -> NDArray[np.bool_]:
    """Find the elements that hold nearly all of their page's prose, shape (m,)."""
    return batch.held_prose >= WRAPPER
