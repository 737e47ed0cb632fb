"""Compute the features of each view of a page: text alone, or text and markup.

A module of this folder that is not shared holds a group of features: ``VIEWS`` names the views that
it belongs to, ``columns`` computes it. In a view, groups stand in the order of their ``PLACE``;
those without one come last, by name, so that a new group moves no column of the others.
"""

import importlib
import math
import pkgutil
from functools import cache
from types import ModuleType

from baselines.features.batch import Batch
from baselines.features.columns import Features, side_by_side

_SHARED = {"batch", "characters", "columns", "views"}


def view_features(view: str, batch: Batch) -> Features:
    """Compute the features of a view, ``text`` or ``html``; for ``html`` the pages must have it."""
    seen = batch if view == "html" or not batch.link_chars.any() else batch.without_links()
    return side_by_side(*(group.columns(seen) for group in _groups(view)))


@cache
def _groups(view: str) -> list[ModuleType]:
    package = importlib.import_module("baselines.features")
    names = {found.name for found in pkgutil.iter_modules(package.__path__)} - _SHARED
    groups = [importlib.import_module(f"{package.__name__}.{name}") for name in sorted(names)]
    of_view = [group for group in groups if view in group.VIEWS]
    return sorted(of_view, key=lambda group: getattr(group, "PLACE", math.inf))
