"""Floors beside what was reached."""

from collections.abc import Sequence

from bench.report.formats import Report, table_of
from bench.scoring.gate import Bound, Floors


def floors_report(floors: Floors, found: Sequence[Bound]) -> Report:
    """Show each floor beside the value of a run."""
    split = f", split {floors.split}" if floors.split else ""
    notes = [f"{sum(bound.held for bound in found)} of {len(found)} floors held."]
    if floors.profile != "default":
        notes.append(f"Scored under the profile {floors.profile}.")
    table = table_of(
        f"{floors.extractor}, {floors.dataset}{split}: floors and values",
        (
            {
                "metric": bound.metric,
                "group": bound.group,
                "floor": _number(bound, bound.floor),
                "value": _number(bound, bound.value),
                "": "" if bound.held else "not held",
            }
            for bound in found
        ),
        notes,
    )
    return Report(found, [table])


def _number(bound: Bound, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if bound.metric == "failures" else f"{value:.4f}".removeprefix("0")
