"""List what there is: datasets, extractors, metrics, labels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bench.extractors.registry import find_extractors
from bench.metrics import METRICS
from bench.report import Report, Table, table_of
from bench.report.scores import pairs
from labels import LABELS, PROFILES, Dataset, open_dataset
from labels.datasets.dataset import MANIFEST, STARTER
from labels.datasets.fetch import how_to_get, read_publications
from labels.datasets.manifest import NO_SPLIT, UNKNOWN

Row = dict[str, Any]

DATA = Path("data")
"""Where imported datasets are looked for."""

_MOST_LISTED = 6


def extractors() -> list[Row]:
    """List all extractors; ``version`` is None for one that is not installed."""
    return [
        {
            "extractor": found.name,
            "version": found.version,
            "package": found.package,
            "needs": "HTML" if found.needs_html else "text",
            "options": dict(found.options),
            "note": found.reason,
        }
        for found in find_extractors().values()
    ]


def datasets(folder: Path = DATA) -> list[Row]:
    """List the starter corpus, the datasets below a folder, and the public ones to import.

    ``lines`` and ``ceiling`` are known of a dataset that is there; of a public one that is not, the
    rest is what its makers publish. None is what is not known.
    """
    stored = sorted(manifest.parent for manifest in folder.glob(f"*/{MANIFEST}"))
    rows = [_dataset(open_dataset(name)) for name in (STARTER, *map(str, stored))]
    there = {row["dataset"] for row in rows}
    return rows + [
        {
            "dataset": publication.name,
            "pages": publication.pages,
            "lines": None,
            "languages": list(publication.languages) or None,
            "licence": publication.licence,
            "gold": publication.gold,
            "splits": list(publication.splits) or None,
            "ceiling": None,
            "where": how_to_get(publication.name),
        }
        for publication in read_publications().values()
        if publication.name not in there
    ]


def _dataset(dataset: Dataset) -> Row:
    manifest, counts = dataset.manifest, dataset.manifest.counts
    return {
        "dataset": manifest.name,
        "pages": manifest.pages,
        "lines": counts.lines,
        "languages": [name for name in counts.languages if name != UNKNOWN] or None,
        "licence": manifest.licence,
        "gold": ", ".join(counts.gold),
        "splits": [name for name in manifest.splits if name != NO_SPLIT] or None,
        "ceiling": counts.ceiling,
        "where": "comes with the kit" if dataset.path is None else str(dataset.path),
    }


def metrics() -> list[Row]:
    """List all metrics."""
    return [
        {
            "metric": name,
            "what": metric.description + (f" ({metric.missing})" if metric.missing else ""),
        }
        for name, metric in METRICS.items()
    ]


def labels() -> list[Row]:
    """List all labels, with their role under each profile."""
    return [
        {
            "label": str(label),
            **{name: str(roles[label]) for name, roles in PROFILES.items()},
            "what": label.meaning,
        }
        for label in LABELS
    ]


INVENTORIES: Mapping[str, Callable[[], list[Row]]] = MappingProxyType(
    {"datasets": datasets, "extractors": extractors, "metrics": metrics, "labels": labels}
)


def inventory_report(rows: Sequence[Row]) -> Report:
    """Show rows that have the same keys."""
    cells = ({key: _cell(value) for key, value in row.items()} for row in rows)
    return Report(rows, [table_of("", cells)])


def dataset_report(dataset: Dataset) -> Report:
    """Show what the manifest says of a dataset.

    Its keys are ``name``, ``pages``, ``splits``, those of `labels.datasets.manifest.Counts`,
    ``unreadable`` (how many records), ``licence``, ``splitter`` and ``fingerprint``.
    """
    manifest, counts = dataset.manifest, dataset.manifest.counts
    data = {
        "name": manifest.name,
        "pages": manifest.pages,
        "splits": manifest.splits,
        **asdict(counts),
        "unreadable": len(manifest.unreadable),
        "licence": manifest.licence,
        "splitter": manifest.splitter,
        "fingerprint": manifest.fingerprint,
    }
    unmeasured = "not measured" if "text" in counts.gold else "no gold text"
    ceiling = counts.ceiling
    shown = {
        **{name: _cell(data[name]) for name in (
            "pages", "lines", "labels", "languages", "page_types", "splits", "sites", "gold",
        )},
        "ceiling": unmeasured if ceiling is None else f"word F1 {ceiling:.4f}",
        "left out": f"{data['unreadable']:,} unreadable records",
        **{name: str(data[name]) for name in ("licence", "splitter", "fingerprint")},
    }  # fmt: skip
    return Report(data, [Table("", ("dataset", manifest.name), tuple(shown.items()))])


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return pairs(value)
    if isinstance(value, list):
        shown = ", ".join(value[:_MOST_LISTED])
        return shown + (f" and {len(value) - _MOST_LISTED}" if len(value) > _MOST_LISTED else "")
    if isinstance(value, float):
        return f"{value:.4f}"
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
