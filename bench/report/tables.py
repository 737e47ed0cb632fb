"""The tables that a summary is shown as, whatever draws them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.metrics import Metric
from bench.report.summary import About, Scope, Summary

_OUT_OF_FOLD, _SEEN, _FIRST = "†", "‡", "*"
_SHORT = {"precision": "P", "recall": "R", "f1": "F1"}


@dataclass(frozen=True, slots=True)
class Table:
    """Cells ready to be drawn; the first column is text, the others are numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def tables(summary: Summary) -> list[Table]:
    """The tables of a summary.

    Without groups: one of all metrics with intervals, speed and failures, and one of leaks.
    With groups: one for each metric, with a column for each group.
    """
    drawn = _by_group(summary) if summary.by else _overall(summary)
    return [*drawn[:-1], _with_notes(drawn[-1], summary)]


def _overall(summary: Summary) -> list[Table]:
    cells = {(row["extractor"], row["metric"]): row for row in summary.rows}
    quality = [m for m in summary.metrics if m.higher_is_better]
    leaks = [m for m in summary.metrics if not m.higher_is_better]
    drawn = []
    if quality:
        leading = next((m for m in quality if m.name == "line_f1"), quality[-1])
        names = ordered(summary, leading)
        drawn.append(
            Table(
                f"{where(summary)}, by {leading.name}",
                ("#", "extractor", "version", *map(heading, quality), "pages/s", "failures"),
                tuple(
                    (
                        _rank(cells[name, leading.name]),
                        shown_name(name, summary.about[name]),
                        summary.about[name].version,
                        *(_with_interval(cells[name, m.name]) for m in quality),
                        _speed(summary.about[name]),
                        failures(summary.about[name]),
                    )
                    for name in names
                ),
            )
        )
    if leaks:
        names = ordered(summary, quality[-1] if quality else leaks[0])
        pages = {m.name: cells[names[0], m.name]["pages"] for m in leaks}
        told = [m for m in leaks if pages[m.name]]
        drawn.append(
            Table(
                "share of each kind of noise let through",
                ("extractor", *(m.name.removeprefix("leak_") for m in told)),
                tuple(
                    (
                        shown_name(name, summary.about[name]),
                        *(_value(cells[name, m.name]) for m in told),
                    )
                    for name in names
                ),
            )
        )
    return drawn


def _by_group(summary: Summary) -> list[Table]:
    drawn = []
    for metric in summary.metrics:
        rows = [row for row in summary.rows if row["metric"] == metric.name]
        cells = {(row["extractor"], row["group"]): row for row in rows}
        groups = list(dict.fromkeys(row["group"] for row in rows))
        size = {group: max(r["pages"] for r in rows if r["group"] == group) for group in groups}
        drawn.append(
            Table(
                f"{metric.name}, {where(summary)}, by {summary.by}",
                ("extractor", "version", *(f"{group} ({size[group]:,})" for group in groups)),
                tuple(
                    (
                        shown_name(name, summary.about[name]),
                        summary.about[name].version,
                        _with_interval(cells[name, groups[0]]) + _first(cells[name, groups[0]]),
                        *(
                            _value(cells[name, group]) + _first(cells[name, group])
                            for group in groups[1:]
                        ),
                    )
                    for name in ordered(summary, metric)
                ),
            )
        )
    return drawn


def _with_notes(table: Table, summary: Summary) -> Table:
    if summary.by:
        meaning = f"{_FIRST} first, or tied with the first, in its column."
        failed = failures_note(summary)
    else:
        meaning = "Extractors whose paired interval spans zero share a rank."
        failed = ["Pages that failed or were skipped count as keeping nothing."]
        failed *= any(about.failures for about in summary.about.values())
    notes = (*how_scored(summary), meaning, *marks(summary), *failed)
    return Table(table.title, table.columns, table.rows, notes)


def how_scored(scope: Scope) -> list[str]:
    """Notes on pages, intervals, profile and leaks."""
    notes = [
        f"Means over {scope.pages:,} pages of {scope.sites:,} sites. Intervals of 95 %: "
        f"bootstrap over sites, seed {scope.seed}."
    ]
    if scope.profile != "default":
        notes.append(f"Scored under the profile {scope.profile}.")
    if scope.left_out is not None:
        notes.append(f"Leak-safe: {scope.left_out:,} pages that leak between splits left out.")
    return notes


def marks(scope: Scope) -> list[str]:
    """Notes on the marks that `shown_name` sets."""
    notes = []
    if any(about.out_of_fold for about in scope.about.values()):
        notes.append(
            f"{_OUT_OF_FOLD} cross-validated by site: each page was decided by a model that saw "
            "no page of its site."
        )
    seen = [f"{name} {a.seen_pages:,}" for name, a in scope.about.items() if a.seen_pages]
    if seen:
        notes.append(f"{_SEEN} trained on some of these pages: {', '.join(seen)}.")
    return notes


def failures_note(scope: Scope) -> list[str]:
    """The failures of each extractor, in a note; no note without failures."""
    failed = [f"{name} {failures(about)}" for name, about in scope.about.items() if about.failures]
    return [f"Failures, counted as keeping nothing: {'; '.join(failed)}."] if failed else []


def where(scope: Scope) -> str:
    """Dataset, split and pages, as titles say them."""
    split = f", split {scope.split}" if scope.split else ""
    return f"{scope.dataset}{split}: {scope.pages:,} pages"


def ordered(summary: Summary, metric: Metric) -> list[str]:
    """Extractors from best to worst; those without a value at the end."""
    overall = {
        row["extractor"]: row["value"]
        for row in summary.rows
        if row["metric"] == metric.name and row["group"] == "all"
    }
    sign = -1 if metric.higher_is_better else 1
    return sorted(overall, key=lambda name: (overall[name] is None, sign * (overall[name] or 0)))


def heading(metric: Metric) -> str:
    """A metric's name as a column says it: ``line F1`` of ``line_f1``."""
    family, _, what = metric.name.partition("_")
    return f"{family} {_SHORT.get(what, what)}"


def shown_name(name: str, about: About) -> str:
    """An extractor's name with its marks, which `marks` explains."""
    return name + _OUT_OF_FOLD * about.out_of_fold + _SEEN * bool(about.seen_pages)


def _rank(row: dict[str, Any]) -> str:
    return "" if row["rank"] is None else str(row["rank"])


def _first(row: dict[str, Any]) -> str:
    return _FIRST if row["rank"] == 1 else ""


def _value(row: dict[str, Any]) -> str:
    return "–" if row["value"] is None else short(row["value"])


def _with_interval(row: dict[str, Any]) -> str:
    if row["low"] is None or row["high"] is None:
        return _value(row)
    return f"{_value(row)} {short(row['low'], 2)}–{short(row['high'], 2)}"


def pairs(values: Mapping[str, object]) -> str:
    """Keys with their values on one line: ``key 1,200, key="text"``."""
    shown = (
        f"{key} {value:,}"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else f"{key}={json.dumps(value, ensure_ascii=False)}"
        for key, value in values.items()
    )
    return ", ".join(shown)


def short(number: float, digits: int = 3) -> str:
    """A number from 0 to 1 without its leading zero, or 1 as wide."""
    return f"{number:.{digits}f}".removeprefix("0") if number < 1 else f"{number:.{digits - 1}f}"


def _speed(about: About) -> str:
    speed = about.pages_per_second
    return "" if speed is None else f"{speed:,.0f}" if speed >= 10 else f"{speed:.1f}"  # noqa: PLR2004 - two digits


def failures(about: About) -> str:
    """How many pages have each status other than ``ok``."""
    return ", ".join(f"{count} {status}" for status, count in about.failures.items()) or "–"
