"""Download public datasets from where their makers publish them, laid out to be imported."""

from labels.datasets.fetch.fetch_dataset import Fetched, fetch
from labels.datasets.fetch.publications import File, Publication, how_to_get, read_publications

__all__ = ["Fetched", "File", "Publication", "fetch", "how_to_get", "read_publications"]
