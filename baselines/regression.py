"""Weights that anyone can read: logistic regressions over a page's lines, and what is kept of them.

A regression is one weight for each standardised feature. Pages differ in what counts as body: on a
page of an article, comments and teasers are noise; on a forum, the comments are the body. So each
regression comes twice, fitted to pages of articles and to other pages, and a third, over the means
of a page's features, tells how likely the page is one of an article. What a line is
that is no body, one regression over all other labels tells.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from baselines.features.columns import Features, Floats
from baselines.threshold import Shares
from corpus import DataError
from labels import LABELS, Label

CLIP = 4.0
"""Standardised features are clipped to plus and minus this: pages have extreme values."""

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """The features that a regression takes, k of them, and how they are standardised."""

    names: tuple[str, ...]
    mean: Values
    scale: Values

    def of(self, features: Features) -> Values:
        """Subtract the mean, divide by the scale, clip; shape (n, k).

        Raises:
            DataError: if these are not the features that it was fitted to.
        """
        if features.names != self.names:
            raise DataError("the model was fitted to other features; train it again")
        values = features.values - self.mean
        values /= self.scale
        return np.clip(values, -CLIP, CLIP, out=values)

    @classmethod
    def fit(cls, names: tuple[str, ...], values: Values) -> "Inputs":
        """Mean and standard deviation of columns, shape (n, k); 1 for those that hardly vary."""
        mean = values.mean(axis=0, dtype=np.float64)
        scale = values.std(axis=0, dtype=np.float64)
        scale[scale < _CONSTANT] = 1.0
        return cls(names, mean.astype(np.float32), scale.astype(np.float32))


_CONSTANT = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """A logistic regression's weights, shape (k,), and its intercept."""

    weight: Values
    intercept: float

    def log_odds(self, values: Values, more: Values | None = None) -> Values:
        """Of each row of standardised features, shape (n, k): shape (n,).

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
        """The weights for a page that is one of an article with this probability."""
        return Linear(
            np.float32(article) * self.articles.weight
            + np.float32(1 - article) * self.others.weight,
            article * self.articles.intercept + (1 - article) * self.others.intercept,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """A multinomial regression: which label a line has that is no body."""

    labels: tuple[Label, ...]
    """Those it tells apart, L of them."""
    weight: Values
    """Shape (L, k)."""
    intercept: Values
    """Shape (L,)."""

    def probabilities(self, values: Values) -> Floats:
        """Of each label, were the line no body; shape (n, number of labels), 0 for one untold."""
        odds = np.asarray(values @ self.weight.T + self.intercept, np.float64)
        odds = np.exp(odds - odds.max(axis=1, keepdims=True))
        told = np.zeros((len(values), len(LABELS)))
        told[:, [LABELS.index(label) for label in self.labels]] = odds
        result: Floats = told / odds.sum(axis=1, keepdims=True)
        return result


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """Two stages: the second sees, beside the features, what the first thinks of lines around."""

    inputs: Inputs
    article: Linear
    """Over the means of a page's inputs: whether the page is one of an article."""
    first: Mixture
    context: Inputs
    second: Mixture
    shares: Shares = field(default_factory=Shares)
    kinds: Kinds | None = None
    """None if the training pages did not tell what their noise is."""

    def article_probability(self, values: Values) -> float:
        """Whether a page is one of an article, by its lines' inputs, shape (n, k)."""
        return float(logistic(self.article.log_odds(values).mean()))


def logistic(log_odds: ArrayLike) -> Floats:
    """Probabilities of log-odds."""
    result: Floats = 1 / (1 + np.exp(-np.asarray(log_odds, np.float64)))
    return result
