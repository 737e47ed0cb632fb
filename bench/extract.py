"""Run one extractor on one page."""

from dataclasses import dataclass
from functools import partial
from itertools import compress
from pathlib import Path
from typing import Any

from baselines import Model, shipped_models
from baselines.model import DEFAULT
from bench.extractors.registry import find, find_extractors
from bench.running import RunRow
from bench.running.sandbox import run_extractor
from corpus import DataError, Page
from corpus.limited import call_limited
from labels import KEPT_SHARE, LABELS, align


@dataclass(frozen=True, slots=True)
class ExtractedLine:
    """Hold a line of a page, and what an extractor decided about it."""

    text: str
    keep: bool
    p: float | None = None
    """Probability of body, with four decimals; None if the extractor gives none."""
    label: str | None = None
    """The likeliest label; None if the extractor gives none."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor kept of a page."""

    lines: list[ExtractedLine]
    text: str
    """The extractor's own text; for one that keeps lines, the kept lines joined by newlines."""


def extract_page(
    name: str, page: Page, *, profile: str = DEFAULT, timeout: float = 30.0, memory_mb: int = 2048
) -> Extraction:
    """Run an extractor by name, or a model by its file, on one page.

    Under a profile, a model keeps what the profile counts as body. ``timeout`` is in seconds,
    ``memory_mb`` in MiB.

    Raises:
        DataError: if there is no such extractor or model, it fails on the page, or there is a
            profile and the extractor knows none.
    """
    limited = partial(call_limited, timeout=timeout, memory_mb=memory_mb)
    if name in shipped_models() or (name not in find_extractors() and Path(name).exists()):
        lines = limited(partial(_decided, name, profile), page)
        return Extraction(lines, "\n".join(line.text for line in lines if line.keep))
    row = _run(name, page, profile, timeout=timeout, memory_mb=memory_mb)
    texts = limited(_texts, page)
    text, kept = row.text or "", row.kept
    if kept is None:
        coverage = align(texts, text).coverage if row.coverage is None else row.coverage
        kept = coverage >= KEPT_SHARE
    else:
        text = "\n".join(compress(texts, kept))
    lines = [ExtractedLine(*line) for line in zip(texts, kept.tolist(), strict=True)]
    return Extraction(lines, text)


def _decided(name: str, profile: str, page: Page) -> list[ExtractedLine]:
    lines = page.lines()
    decisions = Model.load(name).classify(lines, profile)
    return [
        ExtractedLine(text, bool(keep), round(float(body), 4), str(LABELS[code]))
        for text, body, keep, code in zip(lines.texts, *decisions, strict=True)
    ]


def _texts(page: Page) -> list[str]:
    return page.lines().texts


def _run(name: str, page: Page, profile: str, **limits: Any) -> RunRow:
    extractor = find(name)
    if profile != DEFAULT:
        models = " or ".join(shipped_models())
        raise DataError(f"{name} knows no profiles; use {models}, or leave out --profile")
    if extractor.needs_html and page.markup == "text":
        raise DataError(f"{name} needs HTML, and this page has none; logreg-text takes any page")
    (row,) = run_extractor(
        [page], spec=extractor.spec, needs_html=extractor.needs_html, jobs=1, **limits
    )
    if row.status not in ("ok", "empty"):
        raise DataError(f"{name} failed on this page: {row.error or row.status}")
    return row
