"""Find what is wrong with a dataset, by kind, and on which pages."""

from labels.datasets.checks.finding import MEANINGS, Finding, Kind
from labels.datasets.checks.lint import leaked, lint

__all__ = ["MEANINGS", "Finding", "Kind", "leaked", "lint"]
