"""What is in a dataset."""

from dataclasses import asdict
from typing import Any

from labels import Dataset


def dataset_info(dataset: Dataset) -> dict[str, Any]:
    """What the manifest says of a dataset.

    Keys: ``name``, ``pages``, ``splits``, those of `labels.manifest.Counts`, ``unreadable`` (how
    many records), ``licence``, ``splitter`` and ``fingerprint``.
    """
    manifest = dataset.manifest
    return {
        "name": manifest.name,
        "pages": manifest.pages,
        "splits": manifest.splits,
        **asdict(manifest.counts),
        "unreadable": len(manifest.unreadable),
        "licence": manifest.licence,
        "splitter": manifest.splitter,
        "fingerprint": manifest.fingerprint,
    }
