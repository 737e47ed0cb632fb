"""Store, import, download and check datasets of many labelled pages."""

from labels.datasets.dataset import Dataset, open_dataset, write_dataset
from labels.datasets.manifest import Counts, Manifest

__all__ = ["Counts", "Dataset", "Manifest", "open_dataset", "write_dataset"]
