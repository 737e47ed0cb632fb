"""Floors beside what was reached."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from bench.report import markdown, terminal
from bench.report.tables import Table
from bench.scoring.gate import Bound, Floors


def render_bounds(floors: Floors, found: Sequence[Bound], form: str) -> str:
    """Show bounds as ``table``, ``md`` or ``json``; ends with a newline."""
    if form == "json":
        return json.dumps([asdict(bound) for bound in found], indent=1, ensure_ascii=False) + "\n"
    split = f", split {floors.split}" if floors.split else ""
    held = sum(bound.held for bound in found)
    notes = [f"{held} of {len(found)} floors held."]
    if floors.profile != "default":
        notes.append(f"Scored under the profile {floors.profile}.")
    table = Table(
        title=f"{floors.extractor}, {floors.dataset}{split}: floors and values",
        columns=("metric", "group", "floor", "value", ""),
        rows=tuple(
            (
                bound.metric,
                bound.group,
                _number(bound, bound.floor),
                _number(bound, bound.value),
                "" if bound.held else "not held",
            )
            for bound in found
        ),
        notes=tuple(notes),
    )
    return markdown.write(table) if form == "md" else terminal.draw(table)


def _number(bound: Bound, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if bound.metric == "failures" else f"{value:.4f}".removeprefix("0")
