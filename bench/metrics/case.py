"""What a metric sees: one page's gold beside what one extractor made of the page."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labels import ROLES, Role


@dataclass(frozen=True, slots=True)
class Case:
    """One page and one extractor; the arrays have an entry for each of the page's n lines."""

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

    def _sum(self, role: Role, *, kept: bool = False, chars: bool = False) -> int:
        mask = self.roles == ROLES.index(role)
        if kept:
            mask = mask & self.kept
        return int(self.chars[mask].sum()) if chars else int(mask.sum())

    @property
    def body(self) -> int:
        """Body lines."""
        return self._sum(Role.BODY)

    @property
    def kept_body(self) -> int:
        """Body lines that were kept."""
        return self._sum(Role.BODY, kept=True)

    @property
    def kept_noise(self) -> int:
        """Noise lines that were kept."""
        return self._sum(Role.NOISE, kept=True)

    @property
    def body_chars(self) -> int:
        """Characters in body lines."""
        return self._sum(Role.BODY, chars=True)

    @property
    def kept_body_chars(self) -> int:
        """Characters in body lines that were kept."""
        return self._sum(Role.BODY, kept=True, chars=True)

    @property
    def kept_noise_chars(self) -> int:
        """Characters in noise lines that were kept."""
        return self._sum(Role.NOISE, kept=True, chars=True)
