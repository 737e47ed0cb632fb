"""Fitting the line classifiers: cross-validation by site, then one fit to all pages."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from baselines.classifier import TRAINED_ON_DIGITS, LineClassifier, Weights, standardise
from baselines.features import Features, dom_features, text_features
from corpus import DataError
from labels import ROLES, LabelledPage, Role, roles

Part = Literal["html", "text"]

KINDS: dict[str, tuple[Part, ...]] = {"logreg": ("html", "text"), "logreg-text": ("text",)}
"""The models that can be trained, and the weights each consists of."""

FOLDS = 5
# Inverse of the regularisation strength; the result hardly moves between .1 and 10.
_C = 1.0
_ITERATIONS = 500
# A page whose lines people labelled counts for so many whose labels were projected: it tells the
# kinds of noise, scripts and markup that the large datasets lack.
_LABELLED_BY_HAND = 10.0
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
    features: dict[Part, Features]
    """Of the text, and of the HTML where the page has it."""
    roles: NDArray[np.int8]
    """Positions in `ROLES`, shape (n,)."""
    chars: NDArray[np.int32]
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
    """Mean over the pages of the fold that have body lines."""


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """Decisions about every page by weights that were fitted to other sites."""

    folds: tuple[Fold, ...]
    kept: list[NDArray[np.bool_]]
    """Kept lines of each page, in the order of the samples, shapes (n,)."""
    thresholds: dict[Part, float]
    """The threshold that suits all out-of-fold probabilities best, for each kind of weights."""


def samples(pages: Iterable[LabelledPage], reserved_sites: Iterable[str] = ()) -> Iterator[Sample]:
    """Compute the features of labelled pages, one at a time."""
    reserved = frozenset(reserved_sites)
    for labelled in pages:
        page = labelled.page
        lines = page.lines()
        features: dict[Part, Features] = {}
        if len(lines):
            features["text"] = text_features(lines)
            if lines.is_html:
                features["html"] = dom_features(lines)
        site = page.site or page.id
        yield Sample(
            id=page.id,
            sha256=page.sha256,
            site=site,
            features=features,
            roles=roles(labelled.labels),
            chars=lines.chars,
            weight=_LABELLED_BY_HAND if labelled.coverage is None else 1.0,
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
    from sklearn.model_selection import GroupKFold

    sites = [page.site for page in pages]
    if len(set(sites)) < FOLDS:
        raise DataError(
            f"pages of {len(set(sites))} sites are too few to cross-validate in {FOLDS} folds; "
            "add a dataset"
        )
    split = GroupKFold(FOLDS, shuffle=True, random_state=seed)
    tests = [test.tolist() for _, test in split.split(sites, groups=sites)]
    kept = [np.zeros(len(page.roles), np.bool_) for page in pages]
    thresholds: dict[Part, float] = {}
    fits = 0
    for part in reversed(KINDS[kind]):  # what the better weights decide, they decide last
        probabilities = [np.zeros(len(page.roles)) for page in pages]
        for test in tests:
            held_out = set(test)
            others = [page for row, page in enumerate(pages) if row not in held_out]
            weights = _fit(part, others, 0.5)
            for row in test:
                if part in pages[row].features:
                    probabilities[row] = weights.probabilities(pages[row].features[part])
            fits += 1
            progress(fits, FOLDS * len(KINDS[kind]))
        curves = _threshold_curves(part, pages, probabilities)
        thresholds[part] = _best(curves, range(len(pages)))
        for test in tests:
            threshold = _best(curves, set(range(len(pages))).difference(test))
            for row in test:
                if part in pages[row].features:
                    kept[row] = probabilities[row] >= threshold
    folds = []
    for number, test in enumerate(tests, start=1):
        scores = [_char_f1(pages[row], kept[row]) for row in test if pages[row].usable]
        folds.append(
            Fold(number, len(test), len({sites[row] for row in test}), float(np.mean(scores)))
        )
    return CrossValidation(tuple(folds), kept, thresholds)


def fit(
    kind: str, version: str, pages: Sequence[Sample], thresholds: dict[Part, float]
) -> LineClassifier:
    """Fit a model to the usable pages, less those whose site belongs to a test split.

    Raises:
        DataError: if no page is left, or none has both body and noise.
    """
    used = [page for page in pages if page.usable and not page.reserved]
    weights = {part: _fit(part, used, thresholds[part]) for part in KINDS[kind]}
    return LineClassifier(
        name=kind,
        version=version,
        text=weights["text"],
        html=weights.get("html"),
        trained_on=frozenset(page.sha256[:TRAINED_ON_DIGITS] for page in used),
    )


def _fit(part: Part, pages: Sequence[Sample], threshold: float) -> Weights:
    from sklearn.linear_model import LogisticRegression

    used = [page for page in pages if page.usable and part in page.features]
    if not used:
        raise DataError(f"no page to train the {part} weights on; add a dataset")
    decided = np.concatenate([page.roles != _OPTIONAL for page in used])
    body = np.concatenate([page.roles == _BODY for page in used])[decided]
    if body.all() or not body.any():
        raise DataError("the training pages need lines of body and of noise; add a dataset")
    values = np.concatenate([page.features[part].values for page in used])[decided]
    weight = np.concatenate([page.weight * _line_weights(page.chars) for page in used])[decided]
    mean = values.mean(axis=0, dtype=np.float64)
    scale = values.std(axis=0, dtype=np.float64)
    scale[scale < _CONSTANT] = 1.0
    model = LogisticRegression(C=_C, max_iter=_ITERATIONS)
    model.fit(standardise(values, mean, scale), body, sample_weight=weight / weight.mean())
    return Weights(
        names=used[0].features[part].names,
        mean=tuple(mean.tolist()),
        scale=tuple(scale.tolist()),
        weight=tuple(model.coef_[0].astype(float).tolist()),
        intercept=float(model.intercept_[0]),
        threshold=threshold,
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
    part: Part, pages: Sequence[Sample], probabilities: Sequence[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Character F1 of each page under each threshold, NaN where it says nothing."""
    curves = np.full((len(pages), len(_THRESHOLDS)), np.nan)
    for row, (page, values) in enumerate(zip(pages, probabilities, strict=True)):
        if page.usable and part in page.features:
            curves[row] = [_char_f1(page, values >= threshold) for threshold in _THRESHOLDS]
    return curves


def _best(curves: NDArray[np.float64], rows: Iterable[int]) -> float:
    return float(_THRESHOLDS[np.nanmean(curves[list(rows)], axis=0).argmax()])


def _char_f1(page: Sample, kept: NDArray[np.bool_]) -> float:
    """F1 of body in characters, optional lines left out; 1 if there is neither body nor kept."""
    chars = np.where(page.roles == _OPTIONAL, 0, page.chars)
    body = page.roles == _BODY
    both = 2 * float(chars[body & kept].sum())
    either = float(chars[body].sum() + chars[kept].sum())
    return both / either if either else 1.0
