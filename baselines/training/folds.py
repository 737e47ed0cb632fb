"""Divide pages by site: weights are measured on sites that they never saw."""

from collections.abc import Sequence

from baselines.training.samples import Sample
from corpus import DataError


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
