"""Fitting the line classifiers: cross-validation by site, then one fit to all pages."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from baselines.augment import portal_pages
from baselines.calibration import Calibration, calibration
from baselines.columns import Features, Floats
from baselines.features import text_features
from baselines.model import TRAINED_ON_DIGITS, VIEWS, Model, read_page
from baselines.weights import (
    Inputs,
    Linear,
    Mixture,
    Stages,
    Values,
    keep_by_expected_f1,
    line_sizes,
    logistic,
)
from corpus import DataError, Lines, Page
from labels import LABELS, ROLES, Label, LabelledPage, Role, codes, roles

KINDS: dict[str, tuple[str, ...]] = {"logreg": ("html", "text"), "logreg-text": ("text",)}
"""The models that can be trained, and the views each consists of; the better view decides."""

FOLDS = 5
# The second stage is fitted to what the first says of pages that it was not fitted to.
_INNER_FOLDS = 3
# Inverse of the regularisation strength. On pages like those trained on the result hardly moves
# between .001 and 1; on others, less is better.
_C = 0.001
_C_OF_PAGES = 0.2
_ITERATIONS = 100
_ARTICLE = "article"
# What a page counts for in the regression of the other kind of page; half if its type is untold.
_OTHER_KIND = 0.05
# A page whose labels tell the kinds of noise counts for so many whose labels were projected from
# a gold text: it shows scripts, markup and lists that the large datasets lack.
_LABELLED_LINE_BY_LINE = 10.0
_PAGES_FOR_A_PORTAL = 4  # one portal page is made up for so many text pages
_SHARES = np.round(np.arange(0.3, 0.71, 0.02), 2)
_HALF = 0.5

# A title outside the gold text, a byline or a caption is no body, whatever scoring makes of it.
_TARGETS = np.array(
    [
        ROLES.index(
            Role.BODY
            if label is Label.BODY
            else Role.OPTIONAL
            if label is Label.MIXED
            else Role.NOISE
        )
        for label in LABELS
    ],
    np.int8,
)
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
    """Positions in `ROLES`, for scoring, shape (n,)."""
    targets: NDArray[np.int8]
    """Positions in `ROLES`, for fitting, shape (n,): what is optional is left out."""
    is_article: bool | None
    """Whether the page is one of an article; None if that is untold."""
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
    probabilities: list[Floats]
    """Of body of each line, likewise."""
    shares: dict[str, float]
    """For each view, what suits the probabilities of all pages to be fitted to best."""
    calibration: Calibration
    """Of the probabilities of lines of usable pages that are body or noise."""


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
            targets=_TARGETS[labelled.labels],
            is_article=page.page_type == _ARTICLE if page.page_type else None,
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

    The share of the expected F1 from which lines are kept, too, is the one that suits the pages of
    the other folds best. ``progress`` is called with the fits done and their total.

    Raises:
        DataError: if there are fewer sites than folds.
    """
    tests = _folds(pages, FOLDS, seed)
    kept = [np.zeros(len(page.roles), np.bool_) for page in pages]
    decided = [np.zeros(len(page.roles)) for page in pages]
    shares: dict[str, float] = {}
    fits = 0
    for view in reversed(KINDS[kind]):  # what the better view decides, it decides last
        probabilities = [np.zeros(len(page.roles)) for page in pages]
        for test in tests:
            stages = _fit_stages(view, _others(pages, test), seed)
            for row in test:
                if view in pages[row].features:
                    probabilities[row] = decided[row] = _probabilities(view, stages, pages[row])
            fits += 1
            progress(fits, FOLDS * len(KINDS[kind]))
        curves = _share_curves(view, pages, probabilities)
        shares[view] = _best(curves, _rows_to_fit(pages))
        for test in tests:
            share = _best(curves, set(range(len(pages))).difference(test))
            for row in test:
                if view in pages[row].features:
                    kept[row] = _keep(pages[row], probabilities[row], share)
    folds = []
    for number, test in enumerate(tests, start=1):
        scores = [_char_f1(pages[row], kept[row]) for row in test if pages[row].usable]
        sites = len({pages[row].site for row in test})
        mean = float(np.mean(scores)) if scores else float("nan")
        folds.append(Fold(number, len(test), sites, mean))
    return CrossValidation(tuple(folds), kept, decided, shares, _calibration(pages, decided))


def fit(
    kind: str, version: str, pages: Sequence[Sample], shares: dict[str, float], *, seed: int = 0
) -> Model:
    """Fit a model to the usable pages, less those whose site belongs to a test split.

    Raises:
        DataError: if no page is left, or none has both body and noise.
    """
    used = [pages[row] for row in _rows_to_fit(pages)]
    stages = {
        view: replace(_fit_stages(view, used, seed), share=shares[view]) for view in KINDS[kind]
    }
    return Model(
        name=kind,
        version=version,
        text=stages["text"],
        html=stages.get("html"),
        trained_on=frozenset(page.sha256[:TRAINED_ON_DIGITS] for page in used),
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
    return fit(kind, "", fitted_to, dict.fromkeys(KINDS[kind], _HALF), seed=seed)


def mean_char_f1(
    pages: Sequence[Page], labels: Sequence[ArrayLike], kept: Sequence[NDArray[np.bool_]]
) -> float:
    """Mean over pages of the F1 of body in characters.

    Raises:
        DataError: if labels do not match the lines of their page.
    """
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
        is_coded = values.dtype.kind in "iu" or not len(values)
        yield LabelledPage(page, texts, values.astype(np.int8) if is_coded else codes(values))


def _calibration(pages: Sequence[Sample], probabilities: Sequence[Floats]) -> Calibration:
    rows = [row for row, page in enumerate(pages) if page.usable]
    clear = [pages[row].roles != _OPTIONAL for row in rows]
    return calibration(
        [probabilities[row][lines] for row, lines in zip(rows, clear, strict=True)],
        [pages[row].roles[lines] == _BODY for row, lines in zip(rows, clear, strict=True)],
        [
            _line_weights(pages[row].lines.chars)[lines]
            for row, lines in zip(rows, clear, strict=True)
        ],
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
    inputs = Inputs.fit(features[0].names, np.concatenate([one.values for one in features]))
    values = [inputs.of(one) for one in features]
    article, first = _fit_first(used, values)
    contexts: list[Features] = [features[0]] * len(used)
    articles = np.zeros(len(used))
    for test in _folds(used, _INNER_FOLDS, seed):
        others = sorted(set(range(len(used))).difference(test))
        gate, inner = _fit_first([used[row] for row in others], [values[row] for row in others])
        for row in test:
            articles[row] = logistic(gate.log_odds(values[row].mean(axis=0, keepdims=True)))[0]
            odds = inner.mixed(articles[row]).log_odds(values[row])
            contexts[row] = VIEWS[view].context(logistic(odds), used[row].lines)
    context = Inputs.fit(contexts[0].names, np.concatenate([one.values for one in contexts]))
    seen = [np.hstack([one, context.of(more)]) for one, more in zip(values, contexts, strict=True)]
    second = _fit_mixture(used, seen)
    return Stages(inputs, article, first, context, second, share=_HALF)


def _probabilities(view: str, stages: Stages, page: Sample) -> Floats:
    return read_page(VIEWS[view], stages, page.lines, page.features[view]).probabilities


def _keep(page: Sample, probabilities: Floats, share: float) -> NDArray[np.bool_]:
    return keep_by_expected_f1(probabilities, line_sizes(page.lines.chars), share)


def _made_up(pages: Sequence[Sample], seed: int) -> list[Sample]:
    """Portal pages from the lines of training pages, each of the site that gave its body."""
    given = [(page.lines.texts, page.targets) for page in pages]
    made = []
    for row, lines, line_roles in portal_pages(given, len(pages) // _PAGES_FOR_A_PORTAL, seed):
        features = {"text": text_features(lines)}
        made.append(
            replace(
                pages[row],
                lines=lines,
                features=features,
                roles=line_roles,
                targets=line_roles,
                weight=1.0,
            )
        )
    return made


def _fit_first(pages: Sequence[Sample], values: Sequence[Values]) -> tuple[Linear, Mixture]:
    """What tells pages of articles from others, and the first stage of both."""
    told = [row for row, page in enumerate(pages) if page.is_article is not None]
    means = np.array([values[row].mean(axis=0) for row in told], np.float32)
    is_article = np.array([pages[row].is_article for row in told], np.bool_)
    if is_article.all() or not is_article.any():  # nothing to tell apart
        article = Linear(np.zeros(values[0].shape[1], np.float32), 0.0)
    else:
        article = _fit_linear(means, is_article, np.ones(len(told)), _C_OF_PAGES)
    return article, _fit_mixture(pages, values)


def _fit_mixture(pages: Sequence[Sample], values: Sequence[Values]) -> Mixture:
    decided = np.concatenate([page.targets != _OPTIONAL for page in pages])
    body = np.concatenate([page.targets == _BODY for page in pages])[decided]
    if body.all() or not body.any():
        raise DataError("the training pages need lines of body and of noise; add a dataset")
    inputs = np.concatenate(values)[decided]
    weight = np.concatenate([page.weight * _line_weights(page.lines.chars) for page in pages])
    article = np.concatenate([np.full(len(page.roles), _article_share(page)) for page in pages])
    weight, article = weight[decided], article[decided]
    return Mixture(
        _fit_linear(inputs, body, weight * article, _C),
        _fit_linear(inputs, body, weight * (1 - article), _C),
    )


def _article_share(page: Sample) -> float:
    """How much of a page goes to the regression for articles."""
    if page.is_article is None:
        return _HALF
    return 1 - _OTHER_KIND if page.is_article else _OTHER_KIND


def _fit_linear(
    inputs: Values, target: NDArray[np.bool_], weight: NDArray[np.float64], c: float
) -> Linear:
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    model = LogisticRegression(C=c, solver="newton-cholesky", max_iter=_ITERATIONS)
    with threadpool_limits(1):  # the same sums in the same order, and no waiting for busy cores
        model.fit(inputs, target, sample_weight=(weight / weight.mean()).astype(np.float32))
    return Linear(model.coef_[0].astype(np.float32), float(np.float32(model.intercept_[0])))


def _line_weights(chars: NDArray[np.int32]) -> NDArray[np.float64]:
    """Weights of a page's lines, shape (n,).

    Half way between each line alike and each character alike, and such that a page of many
    lines weighs no more than one of few.
    """
    share = np.sqrt(chars / max(int(chars.sum()), 1))
    weights: NDArray[np.float64] = share / np.sqrt(max(len(chars), 1))
    return weights


def _share_curves(
    view: str, pages: Sequence[Sample], probabilities: Sequence[Floats]
) -> NDArray[np.float64]:
    """How well each share suits each page, NaN where the page says nothing.

    Half F1 in characters, half in lines: the kit scores both.
    """
    curves = np.full((len(pages), len(_SHARES)), np.nan)
    for row, (page, values) in enumerate(zip(pages, probabilities, strict=True)):
        if page.usable and view in page.features:
            for column, share in enumerate(_SHARES):
                kept = _keep(page, values, share)
                curves[row, column] = (_char_f1(page, kept) + _line_f1(page, kept)) / 2
    return curves


def _best(curves: NDArray[np.float64], rows: Iterable[int]) -> float:
    return float(_SHARES[np.nanmean(curves[list(rows)], axis=0).argmax()])


def _char_f1(page: Sample, kept: NDArray[np.bool_]) -> float:
    return _f1(page.roles, kept, page.lines.chars)


def _line_f1(page: Sample, kept: NDArray[np.bool_]) -> float:
    return _f1(page.roles, kept, np.ones(len(kept), np.int32))


def _f1(line_roles: NDArray[np.int8], kept: NDArray[np.bool_], sizes: NDArray[np.int32]) -> float:
    """F1 of body, optional lines left out; 1 if there is neither body nor anything kept."""
    sizes = np.where(line_roles == _OPTIONAL, 0, sizes)
    body = line_roles == _BODY
    both = 2 * float(sizes[body & kept].sum())
    either = float(sizes[body].sum() + sizes[kept].sum())
    return both / either if either else 1.0
