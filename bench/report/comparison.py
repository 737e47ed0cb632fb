"""One run set against others."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.metrics import Metric
from bench.report import markdown, terminal
from bench.report.summary import Scope, scope_of
from bench.report.tables import Table, failures_note, how_scored, marks, short, shown_name, where
from bench.scoring.compare import COMPARISON_KEYS, WORST_KEYS, compare, worst_pages
from bench.scoring.score import Scores

_COLUMNS = (
    "pages", "first", "other", "difference", "95 % interval", "verdict", "better", "equal", "worse",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison(Scope):
    """The first of some runs set against each other one, ready to be shown."""

    rows: list[dict[str, Any]]
    """Rows with `bench.scoring.compare.COMPARISON_KEYS`."""
    worst: list[dict[str, Any]] | None
    """Rows with `bench.scoring.compare.WORST_KEYS`; None if the worst pages were not asked for."""


def comparison_of(
    scores: Scores,
    metrics: Sequence[Metric],
    *,
    by: str | None = None,
    worst: int = 0,
    seed: int = 0,
    profile: str = "default",
) -> Comparison:
    """Compare the first run with the others, and find up to ``worst`` pages for each metric."""
    scope = scope_of(scores, metrics, by=by, seed=seed, profile=profile)
    return Comparison(
        **scope,
        rows=compare(scores, metrics, by=by, seed=seed),
        worst=worst_pages(scores, metrics, worst, by=by) if worst else None,
    )


def render_comparison(comparison: Comparison, form: str) -> str:
    """Show a comparison in one of `bench.report.FORMATS`; ends with a newline.

    JSON is an object with both kinds of rows, ``comparisons`` and ``worst``. CSV has one kind:
    the worst pages if they were asked for, else the comparisons.
    """
    if form == "json":
        both = {"comparisons": comparison.rows, "worst": comparison.worst or []}
        return json.dumps(both, indent=1, ensure_ascii=False) + "\n"
    if form == "csv":
        if comparison.worst is None:
            return _csv(COMPARISON_KEYS, comparison.rows)
        return _csv(WORST_KEYS, comparison.worst)
    write = markdown.write if form == "md" else terminal.draw
    return "\n".join(map(write, comparison_tables(comparison)))


def comparison_tables(comparison: Comparison) -> list[Table]:
    """The tables of a comparison, with the notes beneath the last of the differences.

    Without groups: one for each other run, with a row for each metric. With groups: one for each
    metric and other run, with a row for each group; beneath ``all`` that in which the first run
    loses most comes first. Then one of the worst pages for each metric.
    """
    by_metric = _by_group if comparison.by else _overall
    *drawn, last = by_metric(comparison)
    notes = (
        *how_scored(comparison),
        "Difference: first minus other, paired. A tie: its interval spans zero, or there is none.",
        "Better, equal, worse: pages on which the first run is so.",
        *marks(comparison),
        *failures_note(comparison),
    )
    return [*drawn, Table(last.title, last.columns, last.rows, notes), *_worst(comparison)]


def _overall(comparison: Comparison) -> Iterator[Table]:
    for other in _others(comparison):
        rows = [row for row in comparison.rows if row["other"] == other]
        yield Table(
            f"{_against(comparison, other)}, {where(comparison)}",
            ("metric", *_COLUMNS),
            tuple((row["metric"], *_cells(row)) for row in rows),
        )


def _by_group(comparison: Comparison) -> Iterator[Table]:
    for metric in comparison.metrics:
        sign = 1 if metric.higher_is_better else -1
        for other in _others(comparison):
            overall, *rows = (
                row
                for row in comparison.rows
                if (row["metric"], row["other"]) == (metric.name, other)
            )
            told = [row for row in rows if row["difference"] is not None]
            untold = [row for row in rows if row["difference"] is None]
            told.sort(key=lambda row: sign * row["difference"])
            yield Table(
                f"{metric.name}: {_against(comparison, other)}, {where(comparison)}",
                (str(comparison.by), *_COLUMNS),
                tuple((row["group"], *_cells(row)) for row in (overall, *told, *untold)),
            )


def _worst(comparison: Comparison) -> Iterator[Table]:
    if comparison.worst is None:
        return
    first, *others = comparison.about
    rivals = others[0] if len(others) == 1 else "the best of the others"
    for metric in comparison.metrics:
        rows = [row for row in comparison.worst if row["metric"] == metric.name]
        pages = list(dict.fromkeys(row["id"] for row in rows))
        cells = {(row["id"], row["extractor"]): row for row in rows}
        typed = any(row["page_type"] for row in rows)
        yield Table(
            f"{metric.name}: pages on which {first} loses most against {rivals}",
            ("loss", *comparison.about, *["page_type"] * typed, "page"),
            tuple(
                (
                    short(cells[page, first]["loss"]),
                    *(_value_and_status(cells[page, name]) for name in comparison.about),
                    *[cells[page, first]["page_type"] or "–"] * typed,
                    page,
                )
                for page in pages
            ),
            () if pages else ("There is none.",),
        )


def _others(comparison: Comparison) -> list[str]:
    return list(comparison.about)[1:]


def _against(comparison: Comparison, other: str) -> str:
    first = next(iter(comparison.about))
    one, two = (shown_name(name, comparison.about[name]) for name in (first, other))
    return f"{one} against {two}"


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    interval = "–"
    if row["low"] is not None and row["high"] is not None:
        interval = f"{_signed(row['low'])} to {_signed(row['high'])}"
    return (
        f"{row['pages']:,}",
        _value(row["first_value"]),
        _value(row["other_value"]),
        "–" if row["difference"] is None else _signed(row["difference"]),
        interval,
        row["verdict"] or "–",
        *(f"{row[key]:,}" for key in ("pages_better", "pages_equal", "pages_worse")),
    )


def _value_and_status(row: dict[str, Any]) -> str:
    return _value(row["value"]) + ("" if row["status"] == "ok" else f" {row['status']}")


def _value(value: float | None) -> str:
    return "–" if value is None else short(value)


def _signed(number: float) -> str:
    return ("−" if number < 0 else "+") + short(abs(number))


def _csv(keys: Sequence[str], rows: Sequence[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, keys, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
