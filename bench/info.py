"""What is in a dataset."""

from collections import Counter
from typing import Any

import numpy as np

from bench.score import projection_ceiling
from labels import LABELS, Dataset


def dataset_info(dataset: Dataset) -> dict[str, Any]:
    """Counts over a dataset, read as a stream.

    Keys: ``pages``, ``lines``, ``labels`` (lines of each), ``languages``, ``page_types`` and
    ``splits`` (pages of each), ``sites`` (how many), ``ceiling`` (mean word F1 that the body
    lines alone reach against the gold text, None without gold texts), ``fingerprint``.
    """
    lines = np.zeros(len(LABELS), np.int64)
    languages: Counter[str] = Counter()
    page_types: Counter[str] = Counter()
    splits: Counter[str] = Counter()
    sites: set[str] = set()
    pages = 0

    def counted() -> Any:
        nonlocal pages
        for labelled in dataset.pages():
            page = labelled.page
            pages += 1
            lines[:] += np.bincount(labelled.labels, minlength=len(LABELS))
            languages[page.language or "unknown"] += 1
            page_types[page.page_type or "unknown"] += 1
            splits[page.split or "none"] += 1
            sites.add(page.site or f"page {page.id}")
            yield labelled

    ceiling = projection_ceiling(counted())
    return {
        "pages": pages,
        "lines": int(lines.sum()),
        "labels": {
            str(label): int(count) for label, count in zip(LABELS, lines, strict=True) if count
        },
        "languages": _by_size(languages),
        "sites": len(sites),
        "page_types": _by_size(page_types),
        "splits": _by_size(splits),
        "ceiling": ceiling,
        "fingerprint": dataset.manifest.fingerprint,
    }


def _by_size(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
