"""One page through one extractor."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from baselines import LineClassifier, shipped_models
from bench.catalogue import find, find_extractors
from bench.sandbox import Sandbox
from corpus import DataError, Page
from labels import align


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor kept of a page's n lines."""

    lines: list[str]
    keep: list[bool]
    probabilities: list[float | None]
    """Of body; None each where the extractor gives none."""
    text: str
    """The extractor's own text; for one that keeps lines, the kept lines joined by newlines."""


def extract_page(name: str, page: Page, *, timeout: float = 30.0, memory: int = 2048) -> Extraction:
    """Run an extractor by name, or a model by its file, on one page.

    Raises:
        DataError: if there is no such extractor or model, or it fails on the page.
    """
    texts = page.lines().texts
    if name in shipped_models() or (name not in find_extractors() and Path(name).exists()):
        return _classify(name, page)
    extractor = find(name)
    if extractor.needs_html and page.markup == "text":
        raise DataError(f"{name} needs HTML, and this page has none; logreg-text takes any page")
    with Sandbox(
        spec=extractor.spec,
        needs_html=extractor.needs_html,
        jobs=1,
        timeout=timeout,
        memory_mb=memory,
    ) as sandbox:
        (row,) = sandbox.run([page])
    if row.status not in ("ok", "empty"):
        raise DataError(f"{name} failed on this page: {row.error or row.status}")
    untold = [None] * len(texts)
    if row.kept is not None:
        return _extraction(texts, row.kept, untold, None)
    text = row.text or ""
    return _extraction(texts, align(texts, text).kept, untold, text)


def _classify(name: str, page: Page) -> Extraction:
    """Decide with a shipped model, or one in a file."""
    model = LineClassifier.load(name)
    lines = page.lines()
    probabilities, kept = model.decide(lines)
    return _extraction(lines.texts, kept, list(map(float, probabilities)), None)


def _extraction(
    texts: list[str],
    kept: NDArray[np.bool_],
    probabilities: list[float] | list[None],
    text: str | None,
) -> Extraction:
    if text is None:
        text = "\n".join([line for line, keep in zip(texts, kept, strict=True) if keep])
    return Extraction(texts, kept.tolist(), [*probabilities], text)
