"""Weigh a page's lines by logistic regressions, whose weights anyone can read.

A regression is one weight for each standardised feature. Pages differ in what counts as body: on a
page of an article, comments and teasers are noise; on a forum, the comments are the body. So each
regression comes twice, fitted to pages of articles and to other pages, and a third, over the means
of a page's features, gives the probability that the page is one of an article. One more, over all
labels but body, gives the label of a line that is not body.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from baselines.features.batch import Batch
from baselines.features.columns import Features, Floats, side_by_side
from baselines.names import Names
from baselines.threshold import SHARE
from corpus import DataError
from labels import LABELS, Label

CLIP = 4.0
"""Standardised features are clipped to plus and minus this: pages have extreme values."""
_CONSTANT = 1e-6

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """The features that a regression takes, k of them, and how they are standardised."""

    names: tuple[str, ...]
    mean: Values
    scale: Values

    @classmethod
    def fit(cls, names: tuple[str, ...], values: Values) -> "Inputs":
        """Measure features on rows of their values, (r, k); the scale is 1 if one hardly varies."""
        mean = values.mean(axis=0, dtype=np.float64)
        scale = values.std(axis=0, dtype=np.float64)
        scale[scale < _CONSTANT] = 1.0
        return cls(names, mean.astype(np.float32), scale.astype(np.float32))

    def of(self, features: Features) -> Values:
        """Take these features out of all, standardised, shape (n, k).

        Raises:
            DataError: if one is missing.
        """
        try:
            return self.standardised(features.only(self.names).values)
        except KeyError as name:
            raise DataError(
                f"the model was fitted to a feature that is not there, {name}; train it again"
            ) from None

    def standardised(self, values: Values) -> Values:
        """Take the mean off rows of values, (r, k), divide by the scale, and clip."""
        values = values - self.mean
        values /= self.scale
        return np.clip(values, -CLIP, CLIP, out=values)


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """A logistic regression's weights, shape (k,), and its intercept."""

    weight: Values
    intercept: float

    def log_odds(self, values: Values, more: Values | None = None) -> Values:
        """Compute the log-odds of rows of standardised features, shapes (n, k) and (n,).

        The last features may come apart, in ``more``.
        """
        k = values.shape[1]
        odds: Values = values @ self.weight[:k] + np.float32(self.intercept)
        return odds if more is None else odds + more @ self.weight[k:]


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """A regression for pages of articles and one for others, mixed by what a page seems to be."""

    articles: Linear
    others: Linear

    def mixed(self, article: float) -> Linear:
        """Mix the weights for a page that is one of an article with this probability."""
        return Linear(
            np.float32(article) * self.articles.weight
            + np.float32(1 - article) * self.others.weight,
            article * self.articles.intercept + (1 - article) * self.others.intercept,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Multinomial:
    """A multinomial regression: which label a line has that is not body."""

    labels: tuple[Label, ...]
    """The L labels to choose from."""
    weight: Values
    """Shape (L, k)."""
    intercept: Values
    """Shape (L,)."""

    def probabilities(self, values: Values) -> Floats:
        """Compute each label's probability, shape (n, number of labels); 0 of those not here."""
        odds = np.asarray(values @ self.weight.T + self.intercept, np.float64)
        odds = np.exp(odds - odds.max(axis=1, keepdims=True))
        of_labels = np.zeros((len(values), len(LABELS)))
        of_labels[:, [LABELS.index(label) for label in self.labels]] = odds
        of_labels /= odds.sum(axis=1, keepdims=True)
        return of_labels


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """Two stages: the second sees, beside the features, what the first thinks of lines around."""

    inputs: Inputs
    article: Linear
    """Over the means of a page's inputs: whether the page is one of an article."""
    first: Mixture
    context: Inputs
    second: Mixture
    share: float = SHARE
    """Share of the F1 that can be expected from which lines are kept."""
    other_labels: Multinomial | None = None
    """None if no training page was labelled with kinds of noise."""
    names: Names | None = None
    """None of text alone, which has no elements."""

    def values(self, features: Features, batch: Batch) -> Values:
        """Take the inputs out of a view's features, and of the names of elements, shape (n, k)."""
        if self.names is not None:
            features = side_by_side(features, self.names.scores(batch))
        return self.inputs.of(features)

    def article_probability(self, values: Values) -> float:
        """Compute how likely a page is one of an article, by its lines' inputs, shape (n, k)."""
        return float(logistic(self.article.log_odds(values).mean()))


def logistic(log_odds: ArrayLike) -> Floats:
    """Turn log-odds into probabilities."""
    return 1 / (1 + np.exp(-np.asarray(log_odds, np.float64)))
