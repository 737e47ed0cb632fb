"""Fitting regressions to the lines of samples: both stages of a view."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.features.columns import Features
from baselines.model import VIEWS
from baselines.regression import Inputs, Kinds, Linear, Mixture, Stages, Values, logistic
from baselines.threshold import HALF
from baselines.training.augment_markup import old_markup
from baselines.training.augment_text import cleared_pages, portal_pages
from baselines.training.samples import BODY, OPTIONAL, Sample, line_weights
from corpus import DataError, Lines, split_text
from labels import LABELS, Label

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

# The second stage is fitted to what the first says of pages that it was not fitted to.
_INNER_FOLDS = 3
# Inverse of the regularisation strength. On pages like those trained on the result hardly moves
# between .001 and 1; the strongest was taken when article-extraction-benchmark showed it better.
# With HTML each line comes twice, so that half of it is as strong.
_C = {"text": 0.001, "html": 0.0005}
_C_OF_PAGES = 0.2
_C_OF_KINDS = 0.1
_ITERATIONS = 1000
_TWO = 2
# How much the characters of a line make of its weight. Out of fold, the text view lets fewer short
# lines of noise through on starter pages with less, and does no worse on WCXB; not so with HTML.
_BY_CHARS = {"text": 0.25, "html": 0.5}
_KINDS = tuple(
    code for code, label in enumerate(LABELS) if label not in {Label.BODY, Label.MIXED, Label.NOISE}
)
"""Codes of what a line can be that is no body; `Label.NOISE` is as often untold as it is a kind."""
# What a page counts for in the regression of the other kind of page; half if its type is untold.
_OTHER_KIND = 0.05
_PAGES_FOR_A_PORTAL = 4  # one portal page is made up for so many text pages
# What a page counts for in old markup, and as text with most noise cleared away, to 1 as it is.
_OLD_MARKUP = 0.5
_CLEARED = 0.1


def fit_stages(view: str, pages: Sequence[Sample], seed: int, *, more: bool = True) -> Stages:
    """Fit both stages of a view to the usable pages among those given.

    With ``more``, also to pages that datasets lack and that are made of these: of text, portal
    pages and pages with hardly any noise; with HTML, pages in the markup of twenty years ago.

    Raises:
        DataError: if no page has the view, or all lines are body or all noise.
    """
    used = [page for page in pages if page.usable and view in page.features]
    if not used:
        raise DataError(f"no page to train on has {view}; add a dataset")
    if more:
        used += _more_text(used, seed) if view == "text" else _in_old_markup(used)
    features = [page.features[view] for page in used]
    inputs = Inputs.fit(features[0].names, np.concatenate([one.values for one in features]))
    values = [inputs.of(one) for one in features]
    article, first = _fit_first(view, used, values)
    contexts: list[Features] = [features[0]] * len(used)
    articles = np.zeros(len(used))
    for test in site_folds(used, _INNER_FOLDS, seed):
        others = sorted(set(range(len(used))).difference(test))
        gate, inner = _fit_first(
            view, [used[row] for row in others], [values[row] for row in others]
        )
        for row in test:
            articles[row] = logistic(gate.log_odds(values[row]).mean())
            odds = inner.mixed(articles[row]).log_odds(values[row])
            contexts[row] = VIEWS[view].context(logistic(odds), Batch.of([used[row].lines]))
    context = Inputs.fit(contexts[0].names, np.concatenate([one.values for one in contexts]))
    seen = [np.hstack([one, context.of(more)]) for one, more in zip(values, contexts, strict=True)]
    second = _fit_mixture(view, used, seen)
    return Stages(inputs, article, first, context, second, kinds=_fit_kinds(used, seen))


def _more_text(pages: Sequence[Sample], seed: int) -> list[Sample]:
    """Portal pages, each of the site that gave its body, and pages cleared of most noise."""
    given = [(page.lines.texts, page.targets) for page in pages]
    portals = portal_pages(given, len(pages) // _PAGES_FOR_A_PORTAL, seed)
    made = [_of_text(pages[row], lines, targets, 1.0) for row, lines, targets in portals]
    for row, left in cleared_pages([page.targets for page in pages], seed):
        page = pages[row]
        lines = split_text("\n".join([page.lines.texts[line] for line in left]))
        made.append(_of_text(page, lines, page.targets[left], _CLEARED * page.weight))
    return made


def _of_text(page: Sample, lines: Lines, targets: NDArray[np.int8], weight: float) -> Sample:
    """What a page was made into."""
    features = VIEWS["text"].features(Batch.of([lines])).only(page.features["text"].names)
    return replace(
        page,
        lines=lines,
        features={"text": features},
        roles=targets,
        targets=targets,
        labels=None,
        weight=weight,
    )


def _in_old_markup(pages: Sequence[Sample]) -> list[Sample]:
    """The pages once more, written as pages were twenty years ago."""
    made = []
    for page in pages:
        lines = old_markup(page.lines)
        features = VIEWS["html"].features(Batch.of([lines]))
        made.append(
            replace(
                page,
                lines=lines,
                features={"html": features.only(page.features["html"].names)},
                weight=_OLD_MARKUP * page.weight,
            )
        )
    return made


def _fit_first(
    view: str, pages: Sequence[Sample], values: Sequence[Values]
) -> tuple[Linear, Mixture]:
    """What tells pages of articles from others, and the first stage of both."""
    told = [row for row, page in enumerate(pages) if page.is_article is not None]
    means = np.array([values[row].mean(axis=0) for row in told], np.float32)
    is_article = np.array([pages[row].is_article for row in told], np.bool_)
    if is_article.all() or not is_article.any():  # nothing to tell apart
        article = Linear(np.zeros(values[0].shape[1], np.float32), 0.0)
    else:
        article = _fit_linear(means, is_article, np.ones(len(told)), _C_OF_PAGES)
    return article, _fit_mixture(view, pages, values)


def _fit_mixture(view: str, pages: Sequence[Sample], values: Sequence[Values]) -> Mixture:
    decided = np.concatenate([page.targets != OPTIONAL for page in pages])
    body = np.concatenate([page.targets == BODY for page in pages])[decided]
    if body.all() or not body.any():
        raise DataError("the training pages need lines of body and of noise; add a dataset")
    inputs = np.concatenate(values)[decided]
    weight = np.concatenate(
        [page.weight * line_weights(page.lines.chars, _BY_CHARS[view]) for page in pages]
    )
    article = np.concatenate([np.full(len(page.roles), _article_share(page)) for page in pages])
    weight, article = weight[decided], article[decided]
    return Mixture(
        _fit_linear(inputs, body, weight * article, _C[view]),
        _fit_linear(inputs, body, weight * (1 - article), _C[view]),
    )


def _fit_kinds(pages: Sequence[Sample], values: Sequence[Values]) -> Kinds | None:
    """What tells kinds of noise, titles, bylines and captions apart; None if no two are there.

    Pages count alike, and so do the lines of a page.
    """
    untold = Label.NOISE.code
    labels = np.concatenate(
        [np.full(len(page.roles), untold) if page.labels is None else page.labels for page in pages]
    )
    weight = np.concatenate([np.full(len(page.roles), 1 / len(page.roles)) for page in pages])
    told = np.isin(labels, _KINDS)
    if len(np.unique(labels[told])) < _TWO:
        return None
    model = _regression(
        np.concatenate(values)[told], labels[told], weight[told], _C_OF_KINDS, "lbfgs"
    )
    coefficients, intercepts = model.coef_, model.intercept_
    if len(model.classes_) == _TWO:  # scikit-learn then has the second's alone
        coefficients, intercepts = (np.concatenate([-a, a]) / 2 for a in (coefficients, intercepts))
    return Kinds(
        tuple(LABELS[code] for code in model.classes_),
        coefficients.astype(np.float32),
        intercepts.astype(np.float32),
    )


def _article_share(page: Sample) -> float:
    """How much of a page goes to the regression for articles."""
    if page.is_article is None:
        return HALF
    return 1 - _OTHER_KIND if page.is_article else _OTHER_KIND


def _fit_linear(
    inputs: Values, target: NDArray[np.bool_], weight: NDArray[np.float64], c: float
) -> Linear:
    model = _regression(inputs, target, weight, c, "newton-cholesky")
    return Linear(model.coef_[0].astype(np.float32), float(np.float32(model.intercept_[0])))


def _regression(
    inputs: Values,
    target: NDArray[np.generic],
    weight: NDArray[np.float64],
    c: float,
    solver: str,
) -> "LogisticRegression":
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    model = LogisticRegression(C=c, solver=solver, max_iter=_ITERATIONS)
    with threadpool_limits(1):  # the same sums in the same order, and no waiting for busy cores
        return model.fit(inputs, target, sample_weight=(weight / weight.mean()).astype(np.float32))


def site_folds(pages: Sequence[Sample], count: int, seed: int) -> list[list[int]]:
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
