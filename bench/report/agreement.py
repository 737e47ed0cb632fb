"""How far annotators agree."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

import numpy as np

from bench.report import markdown, terminal
from bench.report.tables import Table, heading, short
from bench.scoring.annotator_scores import Comparison
from corpus.wording import plural, shown
from labels import LABELS

_MEASURES = ("share", "kappa", "alpha")
_LONGEST_TEXT = 48


def render_agreement(comparison: Comparison, form: str, *, disputes: bool) -> str:
    """Show a comparison as ``table``, ``md`` or ``json``; ends with a newline.

    ``disputes`` adds the lines on which annotators differ.
    """
    if form == "json":
        return json.dumps(_as_json(comparison, disputes), indent=1, ensure_ascii=False) + "\n"
    draw = markdown.write if form == "md" else terminal.draw
    tables = [_agreement(comparison), *_scores(comparison), *_confusions(comparison)]
    if disputes:
        tables.append(_disputes(comparison))
    return "\n".join(map(draw, tables))


def _as_json(comparison: Comparison, disputes: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "annotators": list(comparison.annotators),
        "pages": comparison.pages,
        "agreement": comparison.agreement,
        "scores": comparison.scores,
        "confusion": [
            {
                "annotators": list(pair),
                "labels": [str(LABELS[one]), str(LABELS[other])],
                "lines": int(table[one, other]),
            }
            for pair, table in comparison.confusion.items()
            for one, other in np.argwhere(table)
        ],
    }
    if disputes:
        found["disputes"] = [asdict(dispute) for dispute in comparison.disputes]
    return found


def _agreement(comparison: Comparison) -> Table:
    """A row for each group and set of annotators, with labels and roles side by side."""
    rows = []
    by_set: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in comparison.agreement:
        by_set.setdefault((row["group"], *row["annotators"]), []).append(row)
    for (group, *names), (labels, roles) in by_set.items():
        rows.append(
            (
                *_group(comparison, group),
                " ".join(names),
                f"{labels['pages']:,}",
                f"{labels['lines']:,}",
                *(_interval(row, name) for row in (labels, roles) for name in _MEASURES),
            )
        )
    measures = [f"{over} {name}" for over in ("labels", "roles") for name in _MEASURES]
    notes = [
        "Share: pairs of labels on a line that are equal. Kappa: Cohen's, of two. Alpha: "
        "Krippendorff's, nominal.",
        f"Intervals of 95 %: bootstrap over pages, seed {comparison.seed}. –: not defined, as "
        "where all labels are the same.",
    ]
    if comparison.profile != "default":
        notes.append(f"Roles of the profile {comparison.profile}.")
    return Table(
        f"{comparison.corpus}: agreement on {plural(comparison.pages, 'page')} that two or more "
        "labelled",
        (*_group(comparison, comparison.by), "annotators", "pages", "lines", *measures),
        tuple(rows),
        tuple(notes),
    )


def _scores(comparison: Comparison) -> Iterator[Table]:
    """Annotators as extractors, against each one's labels."""
    if not comparison.metrics:
        return
    rows = []
    key = ("group", "gold", "extractor")
    cells = sorted(comparison.scores, key=lambda row: _place(comparison, row))
    for (group, gold, extractor), found in groupby(cells, lambda row: [row[k] for k in key]):
        values = {row["metric"]: row for row in found}
        first = values[comparison.metrics[0].name]
        rows.append(
            (
                *_group(comparison, group),
                gold,
                extractor if first["human"] else f"{extractor} (run)",
                f"{first['pages']:,}",
                *(_interval(values[metric.name], "value") for metric in comparison.metrics),
            )
        )
    yield Table(
        "one annotator against another, scored as an extractor: the ceiling for extractors",
        (
            *_group(comparison, comparison.by),
            "gold",
            "extractor",
            "pages",
            *map(heading, comparison.metrics),
        ),
        tuple(rows),
        (f"Intervals of 95 %: bootstrap over sites, seed {comparison.seed}.",),
    )


def _place(comparison: Comparison, row: dict[str, Any]) -> tuple[Any, ...]:
    """Order of rows: by group as they came, by gold, annotators before runs."""
    groups = list(dict.fromkeys(row["group"] for row in comparison.scores))
    gold = comparison.annotators.index(row["gold"])
    return groups.index(row["group"]), gold, not row["human"], row["extractor"]


def _confusions(comparison: Comparison) -> Iterator[Table]:
    for (one, other), table in comparison.confusion.items():
        used = np.flatnonzero(table.sum(axis=0) + table.sum(axis=1))
        yield Table(
            f"lines by label: rows {one}, columns {other}",
            (one, *(LABELS[code] for code in used)),
            tuple(
                (
                    str(LABELS[row]),
                    *(f"{table[row, column]:,}" if table[row, column] else "" for column in used),
                )
                for row in used
            ),
        )


def _disputes(comparison: Comparison) -> Table:
    matter = sum(dispute.in_role for dispute in comparison.disputes)
    return Table(
        f"{plural(len(comparison.disputes), 'line')} in dispute",
        ("page", "line", *comparison.annotators, "text"),
        tuple(
            (
                dispute.id + "*" * dispute.in_role,
                str(dispute.line),
                *(dispute.labels.get(name, "") for name in comparison.annotators),
                shown(dispute.text, _LONGEST_TEXT),
            )
            for dispute in comparison.disputes
        ),
        (f"* in role, too: {plural(matter, 'line')}, which scores depend on.",),
    )


def _group(comparison: Comparison, value: str | None) -> tuple[str, ...]:
    return () if comparison.by is None else (str(value),)


def _interval(row: dict[str, Any], name: str) -> str:
    """A value with its interval, under the keys that its name begins; agreement is near 1."""
    low, high = ("low", "high") if name == "value" else (f"{name}_low", f"{name}_high")
    if row[name] is None:
        return "–"
    value = _signed(row[name])
    if row[low] is None:
        return value
    return f"{value} {_signed(row[low])}–{_signed(row[high])}"


def _signed(number: float) -> str:
    return ("−" if number < 0 else "") + short(abs(number))
