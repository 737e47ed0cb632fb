"""Fit models: regressions over the lines of samples, in both stages of each view."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from baselines.features.batch import Batch
from baselines.features.columns import Features, Floats
from baselines.model import DIGEST_DIGITS, VIEWS, Model
from baselines.regression import Inputs, Linear, Mixture, Multinomial, Stages, Values, logistic
from baselines.threshold import HALF, Shares
from baselines.training.augment_markup import old_markup_samples
from baselines.training.augment_text import text_samples
from baselines.training.samples import BODY, OPTIONAL, Sample, label_pages, line_weights, samples
from corpus import DataError, Page
from labels import LABELS, Label

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

MODEL_VIEWS: dict[str, tuple[str, ...]] = {"logreg": ("html", "text"), "logreg-text": ("text",)}
"""The models that can be trained, and the views each consists of; the better view decides."""

# The second stage is fitted to decisions of the first about pages that it was not fitted to.
_INNER_FOLDS = 3
# Inverse of the regularisation strength. On pages like those trained on the result hardly moves
# between .001 and 1; the strongest was taken when article-extraction-benchmark showed it better.
# With HTML each line comes twice, so that half of it is as strong.
_C = {"text": 0.001, "html": 0.0005}
_C_OF_PAGES = 0.2
_C_OF_LABELS = 0.1
_ITERATIONS = 1000
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


def fit(
    kind: str, version: str, pages: Sequence[Sample], shares: Mapping[str, Shares], *, seed: int = 0
) -> Model:
    """Fit a model to the usable pages, less those whose site belongs to a test split.

    Raises:
        DataError: if no page is left, or none has both body and noise.
    """
    used = [pages[row] for row in rows_to_fit(pages)]
    stages = {
        view: replace(fit_stages(view, used, seed), shares=shares[view])
        for view in MODEL_VIEWS[kind]
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
        DataError: if ``kind`` is unknown, labels do not match the lines of their page, or the
            pages hold too little to fit to.
    """
    if kind not in MODEL_VIEWS:
        raise DataError(f"no model {kind!r}; those that can be fitted are {', '.join(MODEL_VIEWS)}")
    shares = dict.fromkeys(MODEL_VIEWS[kind], Shares())
    return fit(kind, "", list(samples(label_pages(pages, labels))), shares, seed=seed)


def rows_to_fit(pages: Sequence[Sample]) -> list[int]:
    """List the positions of the pages that a model is fitted to."""
    return [row for row, page in enumerate(pages) if page.usable and not page.reserved]


def fit_stages(view: str, pages: Sequence[Sample], seed: int, *, augment: bool = True) -> Stages:
    """Fit both stages of a view to the usable pages among those given.

    With ``augment``, also to pages that datasets lack and that are made of these: of text, portal
    pages and pages with hardly any noise; with HTML, pages in the markup of twenty years ago.

    Raises:
        DataError: if no page has the view, or all lines are body or all noise.
    """
    used = [page for page in pages if page.usable and view in page.features]
    if not used:
        raise DataError(f"no page to train on has {view}; add a dataset")
    if augment:
        used += text_samples(used, seed) if view == "text" else old_markup_samples(used)
    features = [page.features[view] for page in used]
    inputs = Inputs.fit(features)
    values = [inputs.of(one) for one in features]
    article, first = _fit_first(view, used, values)
    contexts: list[Features] = [features[0]] * len(used)
    for test, others in site_folds(used, _INNER_FOLDS, seed):
        inner_article, inner = _fit_first(
            view, [used[row] for row in others], [values[row] for row in others]
        )
        for row in test:
            probability = float(logistic(inner_article.log_odds(values[row]).mean()))
            odds = inner.mixed(probability).log_odds(values[row])
            contexts[row] = VIEWS[view].context(logistic(odds), Batch.of([used[row].lines]))
    context = Inputs.fit(contexts)
    both = [np.hstack([one, context.of(more)]) for one, more in zip(values, contexts, strict=True)]
    second = _fit_mixture(view, used, both)
    other_labels = _fit_other_labels(used, both)
    return Stages(inputs, article, first, context, second, other_labels=other_labels)


def fit_folds(
    view: str, pages: Sequence[Sample], count: int, seed: int, *, augment: bool = True
) -> Iterator[tuple[list[int], Stages]]:
    """Fit the stages of a view to all folds but one, in turn.

    Yields:
        Positions of the pages of the fold that is left out, and the stages.
    """
    for test, others in site_folds(pages, count, seed):
        yield test, fit_stages(view, [pages[row] for row in others], seed, augment=augment)


def site_folds(pages: Sequence[Sample], count: int, seed: int) -> list[tuple[list[int], list[int]]]:
    """Divide pages into folds, all pages of a site into one: positions of its pages, and others.

    Raises:
        DataError: if there are fewer sites than folds.
    """
    from sklearn.model_selection import GroupKFold

    sites = [page.site for page in pages]
    if len(set(sites)) < count:
        raise DataError(
            f"pages of {len(set(sites))} sites are too few to cross-validate in {count} folds; "
            "add a dataset"
        )
    split = GroupKFold(count, shuffle=True, random_state=seed).split(sites, groups=sites)
    return [(test.tolist(), others.tolist()) for others, test in split]


def _fit_first(
    view: str, pages: Sequence[Sample], values: Sequence[Values]
) -> tuple[Linear, Mixture]:
    """Fit what distinguishes pages of articles from others, and the first stage of both."""
    known = [row for row, page in enumerate(pages) if page.is_article is not None]
    means = np.array([values[row].mean(axis=0) for row in known], np.float32)
    is_article = np.array([pages[row].is_article for row in known], np.bool_)
    if is_article.all() or not is_article.any():  # of one type, or of none
        article = Linear(np.zeros(values[0].shape[1], np.float32), 0.0)
    else:
        article = _fit_linear(means, is_article, np.ones(len(known)), _C_OF_PAGES)
    return article, _fit_mixture(view, pages, values)


def _fit_mixture(view: str, pages: Sequence[Sample], values: Sequence[Values]) -> Mixture:
    decided = np.concatenate([page.targets != OPTIONAL for page in pages])
    body = np.concatenate([page.targets == BODY for page in pages])[decided]
    if body.all() or not body.any():
        raise DataError("the training pages need lines of body and of noise; add a dataset")
    inputs = np.concatenate(values)[decided]
    weight = np.concatenate(
        [page.weight * line_weights(page.lines.chars, _BY_CHARS[view]) for page in pages]
    )[decided]
    article = _of_lines(pages, [_article_share(page) for page in pages])[decided]
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
        [np.full(len(p.roles), unknown) if p.labels is None else p.labels for p in pages]
    )
    weight = _of_lines(pages, [1 / len(page.roles) for page in pages])
    used = np.isin(labels, _OTHER_LABELS)
    if len(np.unique(labels[used])) < _TWO:
        return None
    values_used = np.concatenate(values)[used]
    model = _regression(values_used, labels[used], weight[used], _C_OF_LABELS, "lbfgs")
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
        return HALF
    return 1 - _OTHER_KIND if page.is_article else _OTHER_KIND


def _of_lines(pages: Sequence[Sample], values: Sequence[float]) -> Floats:
    """Repeat a value of each page at each of its lines."""
    return np.repeat(np.array(values), [len(page.roles) for page in pages])


def _fit_linear(
    inputs: Values, target: NDArray[np.bool_], weight: NDArray[np.float64], c: float
) -> Linear:
    model = _regression(inputs, target, weight, c, "newton-cholesky")
    return Linear(model.coef_[0].astype(np.float32), float(np.float32(model.intercept_[0])))


def _regression(
    inputs: Values, target: NDArray[np.generic], weight: Floats, c: float, solver: str
) -> "LogisticRegression":
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    model = LogisticRegression(C=c, solver=solver, max_iter=_ITERATIONS)
    with threadpool_limits(1):  # the same sums in the same order, and no waiting for busy cores
        return model.fit(inputs, target, sample_weight=(weight / weight.mean()).astype(np.float32))
