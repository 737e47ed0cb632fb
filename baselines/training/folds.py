"""Divide pages by site: weights are measured on sites that they never saw."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from baselines.training.samples import Sample
from corpus import DataError, Page

if TYPE_CHECKING:
    from baselines.classifier import LineClassifier


def site_folds(pages: Sequence[Sample], count: int, seed: int) -> list[tuple[list[int], list[int]]]:
    """Divide pages into folds, all pages of a site into one: positions of its pages, and others.

    Raises:
        DataError: if there are fewer sites than folds.
    """
    return folds_of([page.site for page in pages], count, seed)


def folds_of(sites: Sequence[str], count: int, seed: int) -> list[tuple[list[int], list[int]]]:
    """Divide pages by their sites, likewise."""
    from sklearn.model_selection import GroupKFold

    if len(set(sites)) < count:
        raise DataError(
            f"pages of {len(set(sites))} sites are too few to cross-validate in {count} folds; "
            "add a dataset"
        )
    split = GroupKFold(count, shuffle=True, random_state=seed).split(sites, groups=sites)
    return [(test.tolist(), others.tolist()) for others, test in split]


def out_of_fold(
    classifier: "LineClassifier",
    pages: Sequence[Page],
    labels: Sequence[ArrayLike],
    folds: int = 5,
    seed: int = 0,
) -> list[NDArray[np.bool_]]:
    """Keep or drop the lines of each page, shape (n,) each, by weights that saw none of its site.

    It does the work of scikit-learn's ``cross_val_predict``, which takes no targets of different
    lengths. ``labels`` are for each page those of its lines, as `LineClassifier.fit` takes them;
    a page without a site is a site of its own.

    Raises:
        DataError: if there are fewer sites than folds, or what `LineClassifier.fit` refuses.
    """
    from sklearn.base import clone

    sites = [page.site or page.id for page in pages]
    kept: list[NDArray[np.bool_]] = [np.zeros(0, np.bool_)] * len(pages)
    for test, others in folds_of(sites, folds, seed):
        fitted = clone(classifier).fit([pages[at] for at in others], [labels[at] for at in others])
        for at, decided in zip(test, fitted.predict([pages[at] for at in test]), strict=True):
            kept[at] = decided
    return kept
