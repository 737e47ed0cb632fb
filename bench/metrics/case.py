"""Define what a metric sees: one page's gold beside what one extractor made of the page."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Case:
    """Hold one page and one extractor; arrays have an entry for each of the page's n lines."""

    labels: NDArray[np.int8]
    roles: NDArray[np.int8]
    """Positions in `labels.ROLES`."""
    chars: NDArray[np.int32]
    """Length of each line in characters."""
    kept: NDArray[np.bool_]
    text: str
    """The extractor's own text; for one that keeps lines, the kept lines joined by newlines."""
    gold_text: str
    """The source's gold text; where people labelled lines, the body lines joined by newlines."""
    lines: Sequence[str] = ()
    """The texts of the lines."""
    with_snippets: tuple[str, ...] = ()
    """Texts that must be in what an extractor keeps."""
    without_snippets: tuple[str, ...] = ()
    """Texts that must not be in it."""
