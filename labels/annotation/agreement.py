"""Measure agreement of annotators: Cohen's kappa, Krippendorff's alpha, lines in dispute.

Both are agreement beyond what chance gives, 1 for perfect. Kappa (Cohen 1960) compares two
annotators, each with habits of its own. Alpha (Krippendorff 2011, nominal data) compares any
number, who need not all have labelled a line, and takes their habits together. Either is undefined
where all labels are the same one: then chance agrees perfectly, too.

All is computed from tables of counts, which add up over pages; an interval resamples pages.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from labels.annotation.drafts.annotators import PageAnnotations
from labels.label import LABELS, ROLES, roles
from labels.resampling import percentiles, resample

MISSING = -1
"""The code of a line that an annotator did not label."""

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]


class Estimate(NamedTuple):
    """A value over pages with its interval; NaN is what is undefined."""

    value: float
    low: float
    high: float
    """The interval is NaN if there are fewer than two pages."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far some annotators agree on the lines that two of them at least have labelled."""

    annotators: tuple[str, ...]
    pages: int
    lines: int
    share: Estimate
    """Of the pairs of labels on one line, those that are equal; NaN if there is no such line."""
    kappa: Estimate | None
    """None of more than two annotators; NaN if there is no line, or one label for all."""
    alpha: Estimate
    """NaN if there is no line, or one label for all."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A line on which annotators differ."""

    id: str
    """The page."""
    line: int
    """Number of the line on the page, from 1."""
    text: str
    labels: dict[str, str]
    """By annotator, of those who labelled the page."""
    in_role: bool
    """Whether they differ in role, too, so that it matters for scores."""


def confusion(one: Codes, other: Codes, kinds: int) -> NDArray[np.int64]:
    """Count the lines by the label of each of two annotators, shape (kinds, kinds).

    Rows are ``one``'s labels. A line that either has not labelled counts nowhere.
    """
    both = (one != MISSING) & (other != MISSING)
    cells = one[both].astype(np.int64) * kinds + other[both]
    return np.bincount(cells, minlength=kinds * kinds).reshape(kinds, kinds)


def coincidences(codes: Codes, kinds: int) -> Floats:
    """Count Krippendorff's coincidences of m annotators' codes, shape (m, n), as (kinds, kinds).

    Each ordered pair of labels on one line counts 1 / (labels on that line - 1), so that a line
    weighs as much as it has labels. A line with fewer than two weighs nothing.
    """
    counts = (codes[:, :, None] == np.arange(kinds)).sum(axis=0).astype(np.float64)
    labelled = counts.sum(axis=1)
    counts = counts[labelled > 1]
    weights = 1 / (labelled[labelled > 1] - 1)
    weighted = counts * weights[:, None]
    pairs: Floats = counts.T @ weighted - np.diag(weighted.sum(axis=0))
    return pairs


def cohens_kappa(tables: Floats) -> Floats:
    """Compute Cohen's kappa of each confusion table, tables of shape (..., k, k).

    (observed - expected) / (1 - expected), where observed is the share on the diagonal and
    expected that of two annotators who draw from their own labels blindly. NaN for a table
    without lines, or where both gave one and the same label to all.
    """
    observed, expected = _trace(tables), (tables.sum(axis=-1) * tables.sum(axis=-2)).sum(axis=-1)
    total = tables.sum(axis=(-2, -1))
    return _ratio(total * observed - expected, total * total - expected)


def krippendorffs_alpha(tables: Floats) -> Floats:
    """Compute Krippendorff's alpha, nominal, of coincidence matrices of shape (..., k, k).

    1 - observed / expected disagreement, where expected is that of labels drawn blindly from all
    that were given, without putting them back. NaN for a matrix without pairs, or with one and the
    same label everywhere.
    """
    total, of_kind = tables.sum(axis=(-2, -1)), tables.sum(axis=-1)
    differ = total - _trace(tables)
    by_chance = total * total - (of_kind * of_kind).sum(axis=-1)
    return 1 - _ratio(differ * (total - 1), by_chance)


def agreement(
    pages: Sequence[PageAnnotations],
    annotators: Sequence[str],
    *,
    profile: str | None = None,
    seed: int = 0,
) -> Agreement:
    """Compare two or more annotators over the pages that two of them at least have labelled.

    Under a profile, roles are compared; without one, labels. The ``seed`` is that of resampling.
    Where there is no such page, the counts are 0 and all else is NaN.
    """
    kinds = len(LABELS if profile is None else ROLES)
    codes = [_codes(page, annotators, profile) for page in pages]
    codes = [page for page in codes if (page != MISSING).any(axis=1).sum() > 1]
    pairs = _stack([coincidences(page, kinds) for page in codes], kinds)
    kappa = None
    if len(annotators) == 2:  # noqa: PLR2004 - kappa is of two
        tables = _stack([confusion(page[0], page[1], kinds) for page in codes], kinds)
        kappa = _estimate(tables, cohens_kappa, seed)
    return Agreement(
        annotators=tuple(annotators),
        pages=len(codes),
        lines=sum(page.shape[1] for page in codes),
        share=_estimate(pairs, lambda tables: _ratio(_trace(tables), tables.sum((-2, -1))), seed),
        kappa=kappa,
        alpha=_estimate(pairs, krippendorffs_alpha, seed),
    )


def agreements(
    pages: Sequence[PageAnnotations],
    annotators: Sequence[str],
    *,
    profile: str | None = None,
    seed: int = 0,
) -> list[Agreement]:
    """Compare each pair of annotators and, if there are more than two, all of them together."""
    groups: list[tuple[str, ...]] = list(combinations(annotators, 2))
    if len(groups) > 1:
        groups.append(tuple(annotators))
    return [agreement(pages, group, profile=profile, seed=seed) for group in groups]


def total_confusion(pages: Sequence[PageAnnotations], one: str, other: str) -> NDArray[np.int64]:
    """Count the lines of all pages by the labels of two annotators; rows are ``one``'s."""
    both = [page.labels for page in pages if one in page.labels and other in page.labels]
    tables = [confusion(labels[one], labels[other], len(LABELS)) for labels in both]
    return sum(tables, np.zeros((len(LABELS), len(LABELS)), np.int64))


def disputes(
    pages: Sequence[PageAnnotations], annotators: Sequence[str], *, profile: str = "default"
) -> list[Dispute]:
    """Find the lines on which annotators differ, by page and line."""
    found = []
    for page in pages:
        names = [name for name in annotators if name in page.labels]
        codes = _codes(page, names, None)
        as_roles = roles(codes, profile)
        for row in np.flatnonzero((codes != codes[:1]).any(axis=0)).tolist():
            labels = [str(LABELS[code]) for code in codes[:, row]]
            by_name = dict(zip(names, labels, strict=True))
            in_role = bool((as_roles[:, row] != as_roles[0, row]).any())
            found.append(Dispute(page.page.id, row + 1, page.texts[row], by_name, in_role))
    return found


def _codes(page: PageAnnotations, annotators: Sequence[str], profile: str | None) -> Codes:
    """Stack the labels of a page, or their roles under a profile, shape (annotators, n)."""
    codes = np.full((len(annotators), len(page.texts)), MISSING, np.int8)
    for row, name in enumerate(annotators):
        if (own := page.labels.get(name)) is not None:
            codes[row] = own if profile is None else roles(own, profile)
    return codes


def _stack(tables: Sequence[NDArray[Any]], kinds: int) -> Floats:
    """Stack tables of pages, of which there may be none, shape (pages, kinds, kinds)."""
    return np.array(tables, np.float64).reshape(-1, kinds, kinds)


def _estimate(tables: Floats, measure: Callable[[Floats], Floats], seed: int) -> Estimate:
    """Measure the sum of the pages' tables, shape (pages, k, k), with its interval."""
    value = float(measure(tables.sum(axis=0)))
    pages, kinds, _ = tables.shape
    if pages < 2:  # noqa: PLR2004 - one page has no spread
        return Estimate(value, float("nan"), float("nan"))
    resampled = resample(pages, seed) @ tables.reshape(pages, -1)
    return Estimate(value, *percentiles(measure(resampled.reshape(-1, kinds, kinds))))


def _trace(tables: Floats) -> Floats:
    return np.asarray(np.trace(tables, axis1=-2, axis2=-1))


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Divide; NaN where the whole is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole == 0, np.nan, part / whole)
