"""What there is: datasets, extractors, metrics, labels."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.extractors.registry import find_extractors
from bench.metrics import METRICS
from bench.report.tables import Table, pairs
from bench.report.terminal import draw as draw_table
from labels import LABELS, PROFILES, Dataset, open_dataset
from labels.datasets.dataset import MANIFEST, STARTER
from labels.datasets.fetch import how_to_get, read_publications
from labels.datasets.manifest import NO_SPLIT, UNKNOWN

Row = dict[str, Any]

DATA = Path("data")
"""Where imported datasets are looked for."""


def extractors() -> list[Row]:
    """All extractors; ``version`` is None for one that is not installed."""
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
    """The starter corpus, the datasets below a folder, and the public ones that can be imported.

    Of one that is there, ``lines`` and ``ceiling`` are told as well; of a public one that is not,
    what its makers publish. None is what is not known.
    """
    stored = sorted(manifest.parent for manifest in folder.glob(f"*/{MANIFEST}"))
    opened = [open_dataset(STARTER), *(open_dataset(str(path)) for path in stored)]
    rows = [_dataset(dataset) for dataset in opened]
    there = {dataset.name for dataset in opened}
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
        "where": _WITH_THE_KIT if dataset.path is None else str(dataset.path),
    }


def dataset_info(dataset: Dataset) -> Row:
    """What the manifest says of a dataset.

    Keys: ``name``, ``pages``, ``splits``, those of `labels.datasets.Counts`, ``unreadable`` (how
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


def metrics() -> list[Row]:
    """All metrics."""
    return [{"metric": name, "what": metric.description} for name, metric in METRICS.items()]


def labels() -> list[Row]:
    """All labels, with their role under each profile."""
    return [
        {
            "label": str(label),
            **{name: str(roles[label]) for name, roles in PROFILES.items()},
            "what": label.meaning,
        }
        for label in LABELS
    ]


INVENTORIES: Mapping[str, Callable[[], list[Row]]] = {
    "datasets": datasets,
    "extractors": extractors,
    "metrics": metrics,
    "labels": labels,
}

_WITH_THE_KIT = "comes with the kit"
_MOST_LISTED = 6


def draw(rows: list[Row], form: str) -> str:
    """Show rows of the same keys as a table or as JSON; ends with a newline."""
    if form == "json":
        return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
    columns = tuple(rows[0])
    cells = tuple(tuple(_cell(row[column]) for column in columns) for row in rows)
    return draw_table(Table("", columns, cells))


def draw_info(info: Row) -> str:
    """Show what `dataset_info` found."""
    unmeasured = "not measured" if "text" in info["gold"] else "no gold text"
    ceiling = info["ceiling"]
    about = {
        "pages": f"{info['pages']:,}",
        "lines": f"{info['lines']:,}",
        **{name: _cell(info[name]) for name in ("labels", "languages", "page_types", "splits")},
        "sites": f"{info['sites']:,}",
        "gold": _cell(info["gold"]),
        "ceiling": unmeasured if ceiling is None else f"word F1 {ceiling:.4f}",
        "left out": f"{info['unreadable']:,} unreadable records",
        "licence": info["licence"],
        "splitter": str(info["splitter"]),
        "fingerprint": info["fingerprint"],
    }
    return draw_table(Table("", ("dataset", info["name"]), tuple(about.items())))


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return pairs(value)
    if isinstance(value, list):
        shown = ", ".join(value[:_MOST_LISTED])
        return shown + (f" and {len(value) - _MOST_LISTED}" if len(value) > _MOST_LISTED else "")
    if isinstance(value, float):
        return f"{value:.4f}"
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
