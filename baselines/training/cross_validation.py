"""Training the line classifiers: cross-validation by site, then one fit to all pages."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from baselines.features.columns import Floats
from baselines.model import DIGEST_DIGITS, VIEWS, Model, Reading, read_page
from baselines.regression import Stages
from baselines.threshold import HALF, Shares, keep_by_expected_f1, line_sizes
from baselines.training.calibration import Calibration, calibration
from baselines.training.fit import fit_stages, site_folds
from baselines.training.samples import BODY, OPTIONAL, Sample, line_weights, samples
from corpus import DataError, Page
from labels import LABELS, Label, LabelledPage, codes, roles

KINDS: dict[str, tuple[str, ...]] = {"logreg": ("html", "text"), "logreg-text": ("text",)}
"""The models that can be trained, and the views each consists of; the better view decides."""

FOLDS = 5
SHARES = np.round(np.arange(0.3, 0.81, 0.05), 2)
"""Shares of the expected F1 that are tried."""
_AS_GOOD = 0.002
"""Shares whose means differ by no more are as good. Of those the highest is taken, since on pages
unlike those of the fit noise passes for body more often than body for noise
(``benchmarks/shares.py``)."""


@dataclass(frozen=True, slots=True)
class Fold:
    """What one fold of the cross-validation found."""

    number: int
    pages: int
    sites: int
    char_f1: float
    """Mean over the usable pages of the fold; NaN if there is none."""


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How well one label is told, over the lines of all pages that were labelled line by line."""

    label: Label
    lines: int
    """How many have it."""
    precision: float
    """Share of those told to have it that do; 0 if there is none."""
    recall: float
    """Share of those that have it that are told to; 0 if there is none."""


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """Decisions about every page by weights that were fitted to other sites."""

    folds: tuple[Fold, ...]
    kept: list[NDArray[np.bool_]]
    """Kept lines of each page, in the order of the samples, shapes (n,)."""
    probabilities: list[Floats]
    """Of body of each line, likewise."""
    shares: dict[str, Shares]
    """For each view, what suits the probabilities of all pages to be fitted to best."""
    calibration: Calibration
    """Of the probabilities of lines of usable pages that are body or noise."""
    labels: tuple[LabelScore, ...]
    """For each label that pages have or are told to have, in the order of `LABELS`."""


def cross_validate(
    views: Sequence[str],
    pages: Sequence[Sample],
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> CrossValidation:
    """Decide about every page with weights fitted to the pages of other sites.

    Of several views, the first that a page has decides it. The shares of the expected F1 from which
    lines are kept, too, are those that suit the pages of the other folds best. ``progress`` is
    called with the fits done and their total.

    Raises:
        DataError: if there are fewer sites than folds.
    """
    tests = site_folds(pages, FOLDS, seed)
    kept = [np.zeros(len(page.roles), np.bool_) for page in pages]
    probabilities = [np.zeros(len(page.roles)) for page in pages]
    told = [np.zeros(len(page.roles), np.int8) for page in pages]
    shares: dict[str, Shares] = {}
    fits = 0
    for view in reversed(views):  # what the better view decides, it decides last
        readings: list[Reading | None] = [None] * len(pages)
        for test in tests:
            stages = fit_stages(view, _others(pages, test), seed)
            for row in test:
                if view in pages[row].features:
                    readings[row] = _read(view, stages, pages[row])
            fits += 1
            progress(fits, FOLDS * len(views))
        curves = share_curves(pages, readings)
        articles = np.array([reading.article if reading else np.nan for reading in readings])
        shares[view] = _best(pages, curves, articles, _rows_to_fit(pages))
        for test in tests:
            best = _best(pages, curves, articles, set(range(len(pages))).difference(test))
            for row in test:
                if (reading := readings[row]) is not None:
                    probabilities[row] = reading.probabilities
                    kept[row] = _keep(pages[row], probabilities[row], best.on(reading.article))
                    told[row] = reading.labels(kept[row])
    folds = []
    for number, test in enumerate(tests, start=1):
        scores = [_char_f1(pages[row], kept[row]) for row in test if pages[row].usable]
        sites = len({pages[row].site for row in test})
        mean = float(np.mean(scores)) if scores else float("nan")
        folds.append(Fold(number, len(test), sites, mean))
    return CrossValidation(
        tuple(folds),
        kept,
        probabilities,
        shares,
        _calibration(pages, probabilities),
        _label_scores(pages, told),
    )


def fit(
    kind: str, version: str, pages: Sequence[Sample], shares: dict[str, Shares], *, seed: int = 0
) -> Model:
    """Fit a model to the usable pages, less those whose site belongs to a test split.

    Raises:
        DataError: if no page is left, or none has both body and noise.
    """
    used = [pages[row] for row in _rows_to_fit(pages)]
    stages = {
        view: replace(fit_stages(view, used, seed), shares=shares[view]) for view in KINDS[kind]
    }
    return Model(
        name=kind,
        version=version,
        text=stages["text"],
        html=stages.get("html"),
        trained_on=frozenset(page.sha256[:DIGEST_DIGITS] for page in used),
    )


def fit_pages(
    kind: str, pages: Sequence[Page], labels: Sequence[ArrayLike], *, seed: int = 0
) -> Model:
    """Fit a model to pages and the labels of their lines, names or codes.

    Raises:
        DataError: if ``kind`` is no model, labels do not match the lines of their page, or the
            pages hold too little to fit to.
    """
    if kind not in KINDS:
        raise DataError(f"no model {kind!r}; those that can be fitted are {', '.join(KINDS)}")
    fitted_to = list(samples(_labelled(pages, labels)))
    return fit(kind, "", fitted_to, dict.fromkeys(KINDS[kind], Shares()), seed=seed)


def mean_char_f1(
    pages: Sequence[Page], labels: Sequence[ArrayLike], kept: Sequence[NDArray[np.bool_]]
) -> float:
    """Mean over pages of the F1 of body in characters.

    Raises:
        DataError: if labels do not match the lines of their page.
    """
    if not len(pages):
        raise DataError("no pages to score; give some")
    scores = [
        _f1(roles(page.labels), decided, page.page.lines().chars)
        for page, decided in zip(_labelled(pages, labels), kept, strict=True)
    ]
    return float(np.mean(scores))


def _labelled(pages: Sequence[Page], labels: Sequence[ArrayLike]) -> Iterator[LabelledPage]:
    if len(pages) != len(labels):
        raise DataError(f"{len(pages):,} pages and labels of {len(labels):,}; give as many")
    for page, given in zip(pages, labels, strict=True):
        texts, values = page.lines().texts, np.asarray(given)
        if len(texts) != len(values):
            raise DataError(f"{page.id}: {len(texts):,} lines and {len(values):,} labels")
        yield LabelledPage(page, texts, _codes(page.id, values))


def _codes(page_id: str, values: NDArray[Any]) -> NDArray[np.int8]:
    is_coded = values.dtype.kind in "iu" or not len(values)
    known = set(range(len(LABELS)) if is_coded else LABELS)
    if unknown := [value for value in values.tolist() if value not in known]:
        raise DataError(f"{page_id}: unknown label {unknown[0]!r}; use one of {', '.join(LABELS)}")
    return values.astype(np.int8) if is_coded else codes(values)


def _calibration(pages: Sequence[Sample], probabilities: Sequence[Floats]) -> Calibration:
    rows = [row for row, page in enumerate(pages) if page.usable]
    clear = [pages[row].roles != OPTIONAL for row in rows]
    return calibration(
        [probabilities[row][lines] for row, lines in zip(rows, clear, strict=True)],
        [pages[row].roles[lines] == BODY for row, lines in zip(rows, clear, strict=True)],
        [
            line_weights(pages[row].lines.chars)[lines]
            for row, lines in zip(rows, clear, strict=True)
        ],
    )


def _label_scores(
    pages: Sequence[Sample], told: Sequence[NDArray[np.int8]]
) -> tuple[LabelScore, ...]:
    from sklearn.metrics import precision_recall_fscore_support

    pairs = [
        np.stack((page.labels, codes))
        for page, codes in zip(pages, told, strict=True)
        if page.labels is not None
    ]
    if not pairs:
        return ()
    true, found = np.concatenate(pairs, axis=1)
    known = np.union1d(true, found)
    precision, recall, _, lines = precision_recall_fscore_support(
        true, found, labels=known, zero_division=0
    )
    return tuple(
        LabelScore(LABELS[code], int(count), float(p), float(r))
        for code, count, p, r in zip(known, lines, precision, recall, strict=True)
    )


def _rows_to_fit(pages: Sequence[Sample]) -> list[int]:
    return [row for row, page in enumerate(pages) if page.usable and not page.reserved]


def _others(pages: Sequence[Sample], test: Sequence[int]) -> list[Sample]:
    held_out = set(test)
    return [page for row, page in enumerate(pages) if row not in held_out]


def _read(view: str, stages: Stages, page: Sample) -> Reading:
    return read_page(VIEWS[view], stages, page.lines, page.features[view])


def _keep(page: Sample, probabilities: Floats, share: float) -> NDArray[np.bool_]:
    return keep_by_expected_f1(probabilities, line_sizes(page.lines.chars), share)


def share_curves(
    pages: Sequence[Sample], readings: Sequence[Reading | None]
) -> NDArray[np.float64]:
    """How well each of `SHARES` suits each page, NaN where the page says nothing.

    Half F1 in characters, half in lines: the kit scores both.
    """
    curves = np.full((len(pages), len(SHARES)), np.nan)
    for row, (page, reading) in enumerate(zip(pages, readings, strict=True)):
        if page.usable and reading is not None:
            probabilities = reading.probabilities
            for column, share in enumerate(SHARES):
                kept = _keep(page, probabilities, share)
                curves[row, column] = (_char_f1(page, kept) + _line_f1(page, kept)) / 2
    return curves


def _best(
    pages: Sequence[Sample], curves: NDArray[np.float64], articles: Floats, rows: Iterable[int]
) -> Shares:
    """The shares that suit pages of articles and others best, the highest of those as good.

    A page counts for as many as in the fit.
    """
    told = [row for row in rows if not np.isnan(curves[row, 0])]
    weights = np.array([pages[row].weight for row in told])
    return Shares(
        _highest_of_the_best(curves[told], weights * articles[told]),
        _highest_of_the_best(curves[told], weights * (1 - articles[told])),
    )


def _highest_of_the_best(curves: NDArray[np.float64], weights: Floats) -> float:
    """Of `SHARES`, by the weighted mean of pages' curves; one half if no page has a say."""
    if not weights.any():
        return HALF
    mean = weights @ curves / weights.sum()
    return float(SHARES[np.flatnonzero(mean >= mean.max() - _AS_GOOD)[-1]])


def _char_f1(page: Sample, kept: NDArray[np.bool_]) -> float:
    return _f1(page.roles, kept, page.lines.chars)


def _line_f1(page: Sample, kept: NDArray[np.bool_]) -> float:
    return _f1(page.roles, kept, np.ones(len(kept), np.int32))


def _f1(line_roles: NDArray[np.int8], kept: NDArray[np.bool_], sizes: NDArray[np.int32]) -> float:
    """F1 of body, optional lines left out; 1 if there is neither body nor anything kept."""
    sizes = np.where(line_roles == OPTIONAL, 0, sizes)
    body = line_roles == BODY
    both = 2 * float(sizes[body & kept].sum())
    either = float(sizes[body].sum() + sizes[kept].sum())
    return both / either if either else 1.0
