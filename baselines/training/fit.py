"""Fit models: regressions over the lines of samples, in both stages of each view."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from baselines.features.batch import Batch
from baselines.features.columns import Features, Floats, side_by_side
from baselines.model import DIGEST_DIGITS, VIEWS, Model
from baselines.regression import Inputs, Linear, Mixture, Multinomial, Stages, Values, logistic
from baselines.threshold import SHARE
from baselines.training.augment_grafts import grafted_samples
from baselines.training.augment_markup import old_markup_samples
from baselines.training.augment_text import text_samples
from baselines.training.fit_names import fit_names
from baselines.training.folds import site_folds
from baselines.training.samples import BODY, Sample, label_pages, lines_to_fit, samples
from baselines.training.solver import regression
from corpus import DataError, Page
from labels import LABELS, Label

MODEL_VIEWS: dict[str, tuple[str, ...]] = {"logreg": ("html", "text"), "logreg-text": ("text",)}
"""The models that can be trained, and the views each consists of; the better view decides."""

# The second stage is fitted to decisions of the first about pages that it was not fitted to.
_INNER_FOLDS = 3
# Inverse of the regularisation strength. Over sources left out a tenth and ten times of it change
# the mean by less than .001, but that the scores of names need the weaker one.
_C = {"text": 0.02, "html": 0.007}
_C_OF_PAGES = 0.2
_C_OF_LABELS = 0.1
_TWO = 2
# How much the characters of a line make of its weight. Out of fold, the text view keeps fewer short
# lines of noise on starter pages with less, and does no worse on WCXB; not so with HTML.
_BY_CHARS = {"text": 0.25, "html": 0.5}
_OTHER_LABELS = [
    label.code for label in LABELS if label not in {Label.BODY, Label.MIXED, Label.NOISE}
]
"""Codes of what a line can be that is not body; `Label.NOISE` often is noise of unknown kind."""
# What a page counts for in the regression of the other kind of page; half if its type is unknown.
_OTHER_KIND = 0.05


def fit(kind: str, version: str, pages: Sequence[Sample], *, seed: int = 0) -> Model:
    """Fit a model to the usable pages, less those whose site belongs to a test split.

    Raises:
        DataError: if no page is left, or none has both body and noise.
    """
    used = [pages[row] for row in rows_to_fit(pages)]
    stages = {view: fit_stages(view, used, seed) for view in MODEL_VIEWS[kind]}
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
        DataError: if ``kind`` is unknown, labels do not match the lines of their page, or the
            pages hold too little to fit to.
    """
    views_of(kind)
    return fit(kind, "", list(samples(label_pages(pages, labels))), seed=seed)


def views_of(kind: str) -> tuple[str, ...]:
    """Name the views that a model consists of.

    Raises:
        DataError: if ``kind`` is unknown.
    """
    if kind not in MODEL_VIEWS:
        raise DataError(f"no model {kind!r}; those that can be fitted are {', '.join(MODEL_VIEWS)}")
    return MODEL_VIEWS[kind]


def rows_to_fit(pages: Sequence[Sample]) -> list[int]:
    """List the positions of the pages that a model is fitted to."""
    return [row for row, page in enumerate(pages) if page.usable and not page.reserved]


def fit_stages(view: str, pages: Sequence[Sample], seed: int, *, augment: bool = True) -> Stages:
    """Fit both stages of a view to the usable pages among those given.

    With ``augment``, also to pages that datasets lack and that are made of these: of text, portal
    pages and pages with hardly any noise; with HTML, pages with parts of other pages put in, or
    without their body, and pages in the markup of twenty years ago.

    Raises:
        DataError: if no page has the view, or all lines are body or all noise.
    """
    used = [page for page in pages if page.usable and view in page.features]
    if not used:
        raise DataError(f"no page to train on has {view}; add a dataset")
    count = len(used)
    if augment and view == "text":
        used += text_samples(used, seed)
    elif augment:
        used += [*grafted_samples(used, seed), *old_markup_samples(used)]
    rows = _Rows.choose(used, _BY_CHARS[view], seed)
    if rows.is_body.all() or not rows.is_body.any():
        raise DataError("the training pages need lines of body and of noise; add a dataset")
    names = scores = None
    if view == "html":
        names, scores = fit_names(used, count, rows.lines, rows.weights, seed)

    def features(at: int) -> Features:  # not kept, as those of all lines would fill the memory
        of_page = used[at].features[view].only(used[0].features[view].names)
        return of_page if scores is None else side_by_side(of_page, scores[at])

    values = np.concatenate([features(at).values[lines] for at, lines in enumerate(rows.lines)])
    inputs = Inputs.fit(features(0).names, values)
    values = inputs.standardised(values)
    means = np.array([inputs.of(features(at)).mean(axis=0) for at in range(len(used))])
    everywhere = np.arange(len(used))
    article = _fit_article(used, means, everywhere)
    first = _fit_mixture(view, rows, values, everywhere)
    contexts: dict[int, Features] = {}
    for test, others in site_folds(used, _INNER_FOLDS, seed):
        inner_article = _fit_article(used, means, others)
        inner = _fit_mixture(view, rows, values, others)
        for at in test:
            of_page = inputs.of(features(at))
            probability = float(logistic(inner_article.log_odds(of_page).mean()))
            odds = inner.mixed(probability).log_odds(of_page)
            contexts[at] = VIEWS[view].context(logistic(odds), Batch.of([used[at].lines]))
    of_rows = np.concatenate([contexts[at].values[lines] for at, lines in enumerate(rows.lines)])
    context = Inputs.fit(contexts[0].names, of_rows)
    both = np.hstack([values, context.standardised(of_rows)])
    second = _fit_mixture(view, rows, both, everywhere)
    other_labels = _fit_other_labels(
        [
            (page.labels, np.hstack([inputs.of(features(at)), context.of(contexts[at])]))
            for at, page in enumerate(used)
            if page.by_line and page.labels is not None
        ]
    )
    return Stages(
        inputs, article, first, context, second, SHARE, other_labels=other_labels, names=names
    )


def fit_folds(
    view: str, pages: Sequence[Sample], count: int, seed: int, *, augment: bool = True
) -> Iterator[tuple[list[int], Stages]]:
    """Fit the stages of a view to all folds but one, in turn.

    Yields:
        Positions of the pages of the fold that is left out, and the stages.
    """
    for test, others in site_folds(pages, count, seed):
        yield test, fit_stages(view, [pages[row] for row in others], seed, augment=augment)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The lines that regressions are fitted to, r of them, page by page."""

    lines: Sequence[NDArray[np.intp]]
    """Of each page, the lines that are chosen."""
    weights: Sequence[Floats]
    """Of each page, what they count for."""
    page: NDArray[np.intp]
    """Position of the page of each row, shape (r,)."""
    is_body: NDArray[np.bool_]
    article: Floats
    """How much of a row goes to the regression for articles."""

    @classmethod
    def choose(cls, pages: Sequence[Sample], by_chars: float, seed: int) -> "_Rows":
        """Choose the lines of pages."""
        random = np.random.default_rng(seed)
        chosen = [lines_to_fit(page, by_chars, random) for page in pages]
        lines = [of_page for of_page, _ in chosen]
        page = np.repeat(np.arange(len(pages)), [len(of_page) for of_page in lines])
        return cls(
            lines=lines,
            weights=[weights for _, weights in chosen],
            page=page,
            is_body=np.concatenate(
                [one.targets[of_page] == BODY for one, of_page in zip(pages, lines, strict=True)]
            ),
            article=np.array([_article_share(one) for one in pages])[page],
        )


def _fit_article(pages: Sequence[Sample], means: Values, used: ArrayLike) -> Linear:
    """Fit what distinguishes pages of articles from others, by the means of their lines' inputs."""
    known = [at for at in np.asarray(used).tolist() if pages[at].is_article is not None]
    is_article = np.array([pages[at].is_article for at in known], np.bool_)
    if is_article.all() or not is_article.any():  # of one type, or of none
        return Linear(np.zeros(means.shape[1], np.float32), 0.0)
    return _fit_linear(means[known], is_article, np.ones(len(known)), _C_OF_PAGES)


def _fit_mixture(view: str, rows: _Rows, values: Values, used: ArrayLike) -> Mixture:
    """Fit a regression for articles and one for others to the rows of the pages used."""
    at = np.flatnonzero(np.isin(rows.page, used))
    body, inputs = rows.is_body[at], values[at]
    weight, article = np.concatenate(rows.weights)[at], rows.article[at]
    return Mixture(
        _fit_linear(inputs, body, weight * article, _C[view]),
        _fit_linear(inputs, body, weight * (1 - article), _C[view]),
    )


def _fit_other_labels(pages: Sequence[tuple[NDArray[np.int8], Values]]) -> Multinomial | None:
    """Fit what distinguishes kinds of noise, titles, bylines, captions; None if no two are there.

    Pages, each of its labels and values, count alike, and so do the lines of a page.
    """
    labels = np.concatenate([np.zeros(0, np.int8), *(of_page for of_page, _ in pages)])
    used = np.isin(labels, _OTHER_LABELS)
    if len(np.unique(labels[used])) < _TWO:
        return None
    values = np.concatenate([of_page for _, of_page in pages])[used]
    weight = np.concatenate([np.full(len(of_page), 1 / len(of_page)) for of_page, _ in pages])
    model = regression(values, labels[used], weight[used], _C_OF_LABELS, "lbfgs")
    coefficients, intercepts = model.coef_, model.intercept_
    if len(model.classes_) == _TWO:  # scikit-learn then has the second's alone
        coefficients, intercepts = (np.concatenate([-a, a]) / 2 for a in (coefficients, intercepts))
    return Multinomial(
        tuple(LABELS[code] for code in model.classes_),
        coefficients.astype(np.float32),
        intercepts.astype(np.float32),
    )


def _article_share(page: Sample) -> float:
    """Choose how much of a page goes to the regression for articles."""
    if page.is_article is None:
        return 0.5
    return 1 - _OTHER_KIND if page.is_article else _OTHER_KIND


def _fit_linear(
    inputs: Values, target: NDArray[np.bool_], weight: NDArray[np.float64], c: float
) -> Linear:
    model = regression(inputs, target, weight, c, "newton-cholesky")
    return Linear(model.coef_[0].astype(np.float32), float(np.float32(model.intercept_[0])))
