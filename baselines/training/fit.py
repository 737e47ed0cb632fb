"""Fit models: regressions over the lines of samples, in both stages of each view."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from baselines.features.batch import Batch
from baselines.features.columns import Features, Floats, side_by_side
from baselines.model import DIGEST_DIGITS, VIEWS, Model
from baselines.regression import Inputs, Linear, Mixture, Multinomial, Stages, Values, logistic
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
_C = {"text": 0.001, "html": 0.007}
_C_OF_PAGES = 0.2
_C_OF_LABELS = 0.1
_TWO = 2
SHARE = {"text": 0.6, "html": 0.6}
"""Share of the F1 that can be expected from which lines are kept (``benchmarks/travel.py``): above
the half that is best where probabilities are true, as on pages of other sources noise is taken for
body more often than body for noise."""
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
    if kind not in MODEL_VIEWS:
        raise DataError(f"no model {kind!r}; those that can be fitted are {', '.join(MODEL_VIEWS)}")
    return fit(kind, "", list(samples(label_pages(pages, labels))), seed=seed)


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
    random = np.random.default_rng(seed)
    chosen = [lines_to_fit(page, _BY_CHARS[view], random) for page in used]
    lines, weights = [rows for rows, _ in chosen], [weights for _, weights in chosen]
    features = [page.features[view] for page in used]
    names = None
    if view == "html":
        names, scores = fit_names(used, count, lines, weights, seed)
        features = list(map(side_by_side, features, scores))
    inputs = Inputs.fit(features)
    values = [inputs.of(one) for one in features]
    rows = _Rows.of(used, lines, weights)
    article, first = _fit_first(view, rows, values)
    contexts: list[Features] = [features[0]] * len(used)
    for test, others in site_folds(used, _INNER_FOLDS, seed):
        inner_article, inner = _fit_first(view, rows.only(others), values)
        for row in test:
            probability = float(logistic(inner_article.log_odds(values[row]).mean()))
            odds = inner.mixed(probability).log_odds(values[row])
            contexts[row] = VIEWS[view].context(logistic(odds), Batch.of([used[row].lines]))
    context = Inputs.fit(contexts)
    both = [np.hstack([one, context.of(more)]) for one, more in zip(values, contexts, strict=True)]
    second = _fit_mixture(view, rows, both)
    other_labels = _fit_other_labels(used, both)
    return Stages(
        inputs, article, first, context, second, SHARE[view], other_labels=other_labels, names=names
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
    """The lines of pages that regressions are fitted to."""

    pages: Sequence[Sample]
    at: Sequence[int]
    """Positions of the pages used, of the values of all."""
    lines: Sequence[NDArray[np.intp]]
    """Of each page used."""
    weights: Sequence[Floats]

    @classmethod
    def of(
        cls,
        pages: Sequence[Sample],
        lines: Sequence[NDArray[np.intp]],
        weights: Sequence[Floats],
    ) -> "_Rows":
        return cls(pages, range(len(pages)), lines, weights)

    def only(self, at: Sequence[int]) -> "_Rows":
        """Leave out the other pages."""
        pages, lines = [self.pages[row] for row in at], [self.lines[row] for row in at]
        return _Rows(pages, at, lines, [self.weights[row] for row in at])


def _fit_first(view: str, rows: _Rows, values: Sequence[Values]) -> tuple[Linear, Mixture]:
    """Fit what distinguishes pages of articles from others, and the first stage of both."""
    known = [
        (values[at].mean(axis=0), page.is_article)
        for at, page in zip(rows.at, rows.pages, strict=True)
        if page.is_article is not None
    ]
    is_article = np.array([article for _, article in known], np.bool_)
    if is_article.all() or not is_article.any():  # of one type, or of none
        article = Linear(np.zeros(values[0].shape[1], np.float32), 0.0)
    else:
        means = np.array([mean for mean, _ in known], np.float32)
        article = _fit_linear(means, is_article, np.ones(len(known)), _C_OF_PAGES)
    return article, _fit_mixture(view, rows, values)


def _fit_mixture(view: str, rows: _Rows, values: Sequence[Values]) -> Mixture:
    body = np.concatenate(
        [page.targets[lines] == BODY for page, lines in zip(rows.pages, rows.lines, strict=True)]
    )
    if body.all() or not body.any():
        raise DataError("the training pages need lines of body and of noise; add a dataset")
    inputs = np.concatenate(
        [values[at][lines] for at, lines in zip(rows.at, rows.lines, strict=True)]
    )
    weight = np.concatenate(rows.weights)
    shares = [_article_share(page) for page in rows.pages]
    article = np.repeat(shares, [len(lines) for lines in rows.lines])
    return Mixture(
        _fit_linear(inputs, body, weight * article, _C[view]),
        _fit_linear(inputs, body, weight * (1 - article), _C[view]),
    )


def _fit_other_labels(pages: Sequence[Sample], values: Sequence[Values]) -> Multinomial | None:
    """Fit what distinguishes kinds of noise, titles, bylines, captions; None if no two are there.

    Pages count alike, and so do the lines of a page.
    """
    unknown = Label.NOISE.code
    labels = np.concatenate(
        [
            p.labels if p.labels is not None and p.by_line else np.full(len(p.roles), unknown)
            for p in pages
        ]
    )
    weight = np.concatenate([np.full(len(page.roles), 1 / len(page.roles)) for page in pages])
    used = np.isin(labels, _OTHER_LABELS)
    if len(np.unique(labels[used])) < _TWO:
        return None
    values_used = np.concatenate(values)[used]
    model = regression(values_used, labels[used], weight[used], _C_OF_LABELS, "lbfgs")
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
