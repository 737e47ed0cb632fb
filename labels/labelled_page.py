"""Hold a page together with what is known to be right about it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corpus import SPLITTER_VERSION, Page

GoldKind = Literal["lines", "text", "snippets"]
"""What a source says is right: labelled lines, a text, or a few snippets alone."""


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page, the label of each of its n lines, and its gold text where the source has one."""

    page: Page
    texts: list[str]
    """The lines' texts, as they were when the labels were made."""
    labels: NDArray[np.int8]
    """Codes (positions in `labels.label.LABELS`), shape (n,)."""
    coverage: NDArray[np.float32] | None = None
    """Share of each line that the gold text holds, shape (n,); None if people labelled lines."""
    gold_text: str | None = None
    with_snippets: tuple[str, ...] = ()
    """Texts that must be in what an extractor keeps."""
    without_snippets: tuple[str, ...] = ()
    """Texts that must not be in it."""
    splitter: int = SPLITTER_VERSION

    def __post_init__(self) -> None:
        if len(self.labels) != len(self.texts):
            raise ValueError(
                f"page {self.page.id}: {len(self.labels)} labels for {len(self.texts)} lines"
            )

    @property
    def gold(self) -> GoldKind:
        """The kind of gold."""
        if self.gold_text is not None:
            return "text"
        return "snippets" if self.with_snippets or self.without_snippets else "lines"
