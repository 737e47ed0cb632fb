"""One page through one extractor."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from baselines import LineClassifier, shipped_models
from baselines.model import DEFAULT
from bench.extractors.registry import find, find_extractors
from bench.running.sandbox import run_extractor
from corpus import DataError, Page
from labels import KEPT_SHARE, LABELS, align


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor kept of a page's n lines."""

    lines: list[str]
    keep: list[bool]
    probabilities: list[float | None]
    """Of body; None each where the extractor gives none."""
    labels: list[str | None]
    """Likeliest labels; None each where the extractor gives none."""
    text: str
    """The extractor's own text; for one that keeps lines, the kept lines joined by newlines."""


def extract_page(
    name: str,
    page: Page,
    *,
    profile: str = DEFAULT,
    timeout: float = 30.0,
    memory: int = 2048,
) -> Extraction:
    """Run an extractor by name, or a model by its file, on one page.

    Under a profile, a model keeps what the profile counts as body.

    Raises:
        DataError: if there is no such extractor or model, it fails on the page, or it is given a
            profile and knows none.
    """
    if name in shipped_models() or (name not in find_extractors() and Path(name).exists()):
        return _classify(name, page, profile)
    extractor = find(name)
    if profile != DEFAULT:
        models = " or ".join(shipped_models())
        raise DataError(f"{name} knows no profiles; use {models}, or leave out --profile")
    if extractor.needs_html and page.markup == "text":
        raise DataError(f"{name} needs HTML, and this page has none; logreg-text takes any page")
    texts = page.lines().texts
    (row,) = run_extractor(
        [page],
        spec=extractor.spec,
        needs_html=extractor.needs_html,
        jobs=1,
        timeout=timeout,
        memory_mb=memory,
    )
    if row.status not in ("ok", "empty"):
        raise DataError(f"{name} failed on this page: {row.error or row.status}")
    if row.kept is not None:
        kept, text = row.kept, _joined(texts, row.kept)
    else:
        text = row.text or ""
        kept = align(texts, text).kept if row.coverage is None else row.coverage >= KEPT_SHARE
    unknown = [None] * len(texts)
    return Extraction(texts, kept.tolist(), [*unknown], [*unknown], text)


def _classify(name: str, page: Page, profile: str) -> Extraction:
    """Decide with a shipped model, or one in a file."""
    lines = page.lines()
    probabilities, kept, codes = LineClassifier.load(name).classify(lines, profile)
    labels = [str(LABELS[code]) for code in codes]
    text = _joined(lines.texts, kept)
    return Extraction(lines.texts, kept.tolist(), probabilities.tolist(), [*labels], text)


def _joined(texts: list[str], kept: NDArray[np.bool_]) -> str:
    return "\n".join([line for line, keep in zip(texts, kept, strict=True) if keep])
