"""What there is: datasets, extractors, metrics, labels."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from bench.catalogue import find_extractors
from bench.metrics import METRICS
from bench.report.tables import Table
from bench.report.terminal import draw as draw_table
from labels import LABELS, PROFILES
from labels.dataset import STARTER
from labels.importers import importers, load_importer
from labels.label import DESCRIPTIONS

Row = dict[str, Any]


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


def datasets() -> list[Row]:
    """The starter corpus, and the public datasets that can be imported."""
    rows: list[Row] = [
        {"dataset": STARTER, "licence": "CC0-1.0", "how": "comes with the kit", "what": _STARTER}
    ]
    for name in importers():
        importer = load_importer(name)
        rows.append({
            "dataset": name,
            "licence": importer.LICENCE,
            "how": f"bench dataset import {name} PATH -o DIR",
            "what": importer.DESCRIPTION,
        })  # fmt: skip
    return rows


def metrics() -> list[Row]:
    """All metrics."""
    return [{"metric": name, "what": metric.description} for name, metric in METRICS.items()]


def labels() -> list[Row]:
    """All labels, with their role under each profile."""
    return [
        {
            "label": str(label),
            **{name: str(roles[label]) for name, roles in PROFILES.items()},
            "what": DESCRIPTIONS[label],
        }
        for label in LABELS
    ]


INVENTORIES: Mapping[str, Callable[[], list[Row]]] = {
    "datasets": datasets,
    "extractors": extractors,
    "metrics": metrics,
    "labels": labels,
}

_STARTER = "Original pages in seven languages, a label for every line."


def draw(rows: list[Row], form: str) -> str:
    """Show rows of the same keys as a table or as JSON; ends with a newline."""
    if form == "json":
        return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
    columns = tuple(rows[0])
    cells = tuple(tuple(_cell(row[column]) for column in columns) for row in rows)
    return draw_table(Table("", columns, cells))


def draw_info(info: Row) -> str:
    """Show what `bench.info.dataset_info` found."""
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
        return ", ".join(
            f"{key}={json.dumps(part)}" if isinstance(part, bool | str) else f"{key} {part:,}"
            for key, part in value.items()
        )
    return "–" if value is None else str(value)
