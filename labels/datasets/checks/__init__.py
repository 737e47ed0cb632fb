"""Find what is wrong with a dataset, by kind, and on which pages."""

from labels.datasets.checks.check_datasets import check_datasets, leaked_pages
from labels.datasets.checks.finding import DatasetFinding, DatasetFindingKind

__all__ = ["DatasetFinding", "DatasetFindingKind", "check_datasets", "leaked_pages"]
