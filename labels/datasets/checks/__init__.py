"""Find what is wrong with a dataset, by kind, and on which pages."""

from labels.datasets.checks.finding import DatasetFinding, DatasetFindingKind
from labels.datasets.checks.lint import leaked, lint

__all__ = ["DatasetFinding", "DatasetFindingKind", "leaked", "lint"]
