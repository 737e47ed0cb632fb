"""Hold the labels that a model proposes for a page's lines before anyone has labelled them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus import Lines, Page

UNCERTAIN = 0.8
"""A proposal of less confidence than this is marked, for somebody to look at."""


@dataclass(frozen=True, slots=True)
class ProposedLabels:
    """Proposed labels of a page's n lines."""

    labels: NDArray[np.int8]
    """Codes (positions in `labels.LABELS`), shape (n,)."""
    confidence: NDArray[np.float64]
    """How certain the model is that a line is body, or is not: .5 to 1, shape (n,)."""

    @property
    def uncertain(self) -> NDArray[np.bool_]:
        """Which lines somebody should look at, shape (n,)."""
        marked: NDArray[np.bool_] = self.confidence < UNCERTAIN
        return marked

    @property
    def entropy(self) -> NDArray[np.float64]:
        """Entropy of body or not, in bits, 0 to 1, shape (n,)."""
        sure = np.clip(self.confidence, 0.5, 1 - 1e-12)
        bits: NDArray[np.float64] = -(sure * np.log2(sure) + (1 - sure) * np.log2(1 - sure))
        return bits


ProposeLabels = Callable[[Page, Lines], ProposedLabels]
"""Propose labels for a page; handed over by who knows a model."""

FindMissedLines = Callable[[Page, Lines, NDArray[np.int8]], NDArray[np.bool_]]
"""Find lines that every extractor gets wrong if these codes are right; handed over with runs."""
