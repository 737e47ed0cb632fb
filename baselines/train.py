"""Fitting the line classifiers: cross-validation by site, then one fit to all pages."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from baselines.augment import portal_pages
from baselines.classifier import (
    TRAINED_ON_DIGITS,
    VIEWS,
    LineClassifier,
    Stages,
    Weights,
    standardise,
)
from baselines.features import Features, text_features
from corpus import DataError, Lines
from labels import ROLES, LabelledPage, Role, roles

KINDS: dict[str, tuple[str, ...]] = {"logreg": ("html", "text"), "logreg-text": ("text",)}
"""The models that can be trained, and the views each consists of; the better view decides."""

FOLDS = 5
# The second stage is fitted to what the first says of pages that it was not fitted to.
_INNER_FOLDS = 3
# Inverse of the regularisation strength; the result hardly moves between .1 and 10.
_C = 1.0
_ITERATIONS = 100
# A page whose labels tell the kinds of noise counts for so many whose labels were projected from
# a gold text: it shows scripts, markup and lists that the large datasets lack.
_LABELLED_LINE_BY_LINE = 10.0
_PAGES_FOR_A_PORTAL = 4  # one portal page is made up for so many text pages
_CONSTANT = 1e-9  # a feature that varies less is the same everywhere
_THRESHOLDS = np.round(np.arange(0.2, 0.71, 0.02), 2)

_BODY = ROLES.index(Role.BODY)
_OPTIONAL = ROLES.index(Role.OPTIONAL)


@dataclass(frozen=True, slots=True)
class Sample:
    """One page as the training sees it; n lines."""

    id: str
    sha256: str
    site: str
    lines: Lines
    features: dict[str, Features]
    """By view: of the text, and of the HTML where the page has it. None of an empty page."""
    roles: NDArray[np.int8]
    """Positions in `ROLES`, shape (n,)."""
    weight: float
    """How many pages it counts for."""
    usable: bool
    """Whether its labels tell anything: those of a page with an empty gold text do not."""
    reserved: bool
    """Whether its site belongs to a test split, so that a shipped model must not see it."""


@dataclass(frozen=True, slots=True)
class Fold:
    """What one fold of the cross-validation found."""

    number: int
    pages: int
    sites: int
    char_f1: float
    """Mean over the usable pages of the fold; NaN if there is none."""


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """Decisions about every page by weights that were fitted to other sites."""

    folds: tuple[Fold, ...]
    kept: list[NDArray[np.bool_]]
    """Kept lines of each page, in the order of the samples, shapes (n,)."""
    thresholds: dict[str, float]
    """For each view, what suits the out-of-fold probabilities of all pages to be fitted to best."""


def samples(pages: Iterable[LabelledPage], reserved_sites: Iterable[str] = ()) -> Iterator[Sample]:
    """Compute the features of labelled pages, one at a time."""
    reserved = frozenset(reserved_sites)
    for labelled in pages:
        page = labelled.page
        lines = page.lines()
        views = ("text", "html") if lines.is_html else ("text",)
        site = page.site or page.id
        yield Sample(
            id=page.id,
            sha256=page.sha256,
            site=site,
            lines=lines,
            features={view: VIEWS[view].features(lines) for view in views if len(lines)},
            roles=roles(labelled.labels),
            weight=_LABELLED_LINE_BY_LINE if labelled.coverage is None else 1.0,
            usable=labelled.gold_text != "",
            reserved=site in reserved,
        )


def cross_validate(
    kind: str,
    pages: Sequence[Sample],
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> CrossValidation:
    """Decide about every page with weights fitted to the pages of other sites.

    The threshold, too, is the one that suits the pages of the other folds best. ``progress`` is
    called with the fits done and their total.

    Raises:
        DataError: if there are fewer sites than folds.
    """
    tests = _folds(pages, FOLDS, seed)
    kept = [np.zeros(len(page.roles), np.bool_) for page in pages]
    thresholds: dict[str, float] = {}
    fits = 0
    for view in reversed(KINDS[kind]):  # what the better view decides, it decides last
        probabilities = [np.zeros(len(page.roles)) for page in pages]
        for test in tests:
            stages = _fit_stages(view, _others(pages, test), seed)
            for row in test:
                if view in pages[row].features:
                    probabilities[row] = stages.probabilities(VIEWS[view], pages[row].lines)
            fits += 1
            progress(fits, FOLDS * len(KINDS[kind]))
        curves = _threshold_curves(view, pages, probabilities)
        thresholds[view] = _best(curves, _rows_to_fit(pages))
        for test in tests:
            threshold = _best(curves, set(range(len(pages))).difference(test))
            for row in test:
                if view in pages[row].features:
                    kept[row] = probabilities[row] >= threshold
    folds = []
    for number, test in enumerate(tests, start=1):
        scores = [_char_f1(pages[row], kept[row]) for row in test if pages[row].usable]
        sites = len({pages[row].site for row in test})
        mean = float(np.mean(scores)) if scores else float("nan")
        folds.append(Fold(number, len(test), sites, mean))
    return CrossValidation(tuple(folds), kept, thresholds)


def fit(
    kind: str, version: str, pages: Sequence[Sample], thresholds: dict[str, float], *, seed: int = 0
) -> LineClassifier:
    """Fit a model to the usable pages, less those whose site belongs to a test split.

    Raises:
        DataError: if no page is left, or none has both body and noise.
    """
    used = [pages[row] for row in _rows_to_fit(pages)]
    stages = {
        view: replace(_fit_stages(view, used, seed), threshold=thresholds[view])
        for view in KINDS[kind]
    }
    return LineClassifier(
        name=kind,
        version=version,
        text=stages["text"],
        html=stages.get("html"),
        trained_on=frozenset(page.sha256[:TRAINED_ON_DIGITS] for page in used),
    )


def _rows_to_fit(pages: Sequence[Sample]) -> list[int]:
    return [row for row, page in enumerate(pages) if page.usable and not page.reserved]


def _folds(pages: Sequence[Sample], count: int, seed: int) -> list[list[int]]:
    """Positions of the pages of each fold; all pages of a site are in one."""
    from sklearn.model_selection import GroupKFold

    sites = [page.site for page in pages]
    if len(set(sites)) < count:
        raise DataError(
            f"pages of {len(set(sites))} sites are too few to cross-validate in {count} folds; "
            "add a dataset"
        )
    split = GroupKFold(count, shuffle=True, random_state=seed)
    return [test.tolist() for _, test in split.split(sites, groups=sites)]


def _others(pages: Sequence[Sample], test: Sequence[int]) -> list[Sample]:
    held_out = set(test)
    return [page for row, page in enumerate(pages) if row not in held_out]


def _fit_stages(view: str, pages: Sequence[Sample], seed: int) -> Stages:
    used = [page for page in pages if page.usable and view in page.features]
    if not used:
        raise DataError(f"no page to train on has {view}; add a dataset")
    if view == "text":
        used += _made_up(used, seed)
    features = [page.features[view] for page in used]
    first = _fit(used, features)
    seen = list(features)
    for test in _folds(used, _INNER_FOLDS, seed):
        inner = _fit(_others(used, test), [page.features[view] for page in _others(used, test)])
        for row in test:
            context = VIEWS[view].context(inner.probabilities(features[row]), used[row].lines)
            seen[row] = features[row].beside(context)
    return Stages(first, _fit(used, seen), threshold=0.5)


def _made_up(pages: Sequence[Sample], seed: int) -> list[Sample]:
    """Portal pages from the lines of training pages, each of the site that gave its body."""
    given = [(page.lines.texts, page.roles) for page in pages]
    made = []
    for row, lines, line_roles in portal_pages(given, len(pages) // _PAGES_FOR_A_PORTAL, seed):
        features = {"text": text_features(lines)}
        made.append(
            replace(pages[row], lines=lines, features=features, roles=line_roles, weight=1.0)
        )
    return made


def _fit(pages: Sequence[Sample], features: Sequence[Features]) -> Weights:
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    decided = np.concatenate([page.roles != _OPTIONAL for page in pages])
    body = np.concatenate([page.roles == _BODY for page in pages])[decided]
    if body.all() or not body.any():
        raise DataError("the training pages need lines of body and of noise; add a dataset")
    values = np.concatenate([columns.values for columns in features])[decided]
    weight = np.concatenate([page.weight * _line_weights(page.lines.chars) for page in pages])
    weight = weight[decided]
    mean = values.mean(axis=0, dtype=np.float64)
    scale = values.std(axis=0, dtype=np.float64)
    scale[scale < _CONSTANT] = 1.0
    model = LogisticRegression(C=_C, solver="newton-cholesky", max_iter=_ITERATIONS)
    # Double precision: features that nearly repeat each other make the Hessian ill-conditioned.
    inputs = standardise(values, mean, scale).astype(np.float64)
    with threadpool_limits(1):  # the same sums in the same order, and no waiting for busy cores
        model.fit(inputs, body, sample_weight=weight / weight.mean())
    return Weights(
        names=features[0].names,
        mean=tuple(mean.tolist()),
        scale=tuple(scale.tolist()),
        weight=tuple(model.coef_[0].astype(float).tolist()),
        intercept=float(model.intercept_[0]),
    )


def _line_weights(chars: NDArray[np.int32]) -> NDArray[np.float64]:
    """Weights of a page's lines, shape (n,).

    Half way between each line alike and each character alike, and such that a page of many
    lines weighs no more than one of few.
    """
    share = np.sqrt(chars / max(int(chars.sum()), 1))
    weights: NDArray[np.float64] = share / np.sqrt(max(len(chars), 1))
    return weights


def _threshold_curves(
    view: str, pages: Sequence[Sample], probabilities: Sequence[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """How well each threshold suits each page, NaN where the page says nothing.

    Half F1 in characters, half in lines: the kit scores both.
    """
    curves = np.full((len(pages), len(_THRESHOLDS)), np.nan)
    for row, (page, values) in enumerate(zip(pages, probabilities, strict=True)):
        if page.usable and view in page.features:
            for column, threshold in enumerate(_THRESHOLDS):
                kept = values >= threshold
                curves[row, column] = (_char_f1(page, kept) + _line_f1(page, kept)) / 2
    return curves


def _best(curves: NDArray[np.float64], rows: Iterable[int]) -> float:
    return float(_THRESHOLDS[np.nanmean(curves[list(rows)], axis=0).argmax()])


def _char_f1(page: Sample, kept: NDArray[np.bool_]) -> float:
    return _f1(page, kept, page.lines.chars)


def _line_f1(page: Sample, kept: NDArray[np.bool_]) -> float:
    return _f1(page, kept, np.ones(len(kept), np.int32))


def _f1(page: Sample, kept: NDArray[np.bool_], size: NDArray[np.int32]) -> float:
    """F1 of body, optional lines left out; 1 if there is neither body nor anything kept."""
    size = np.where(page.roles == _OPTIONAL, 0, size)
    body = page.roles == _BODY
    both = 2 * float(size[body & kept].sum())
    either = float(size[body].sum() + size[kept].sum())
    return both / either if either else 1.0
