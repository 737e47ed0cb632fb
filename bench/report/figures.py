"""Show figures beside those obtained: published ones, and floors."""

from collections.abc import Sequence

from bench.conformance import Figure, Published
from bench.report.formats import Report, table_of
from bench.scoring.gate import Bound, Floors


def figures_report(published: Published, figures: Sequence[Figure]) -> Report:
    """Show each published figure beside the obtained one, and count those that agree.

    A row a system and a column a metric; ``≠`` marks figures that differ.
    """
    cells: dict[tuple[str, str | None], dict[str, str]] = {}
    for figure in figures:
        row = cells.setdefault((figure.system, figure.version), {})
        expected, obtained = (
            "–" if value is None else f"{value:.{published.decimals}f}".removeprefix("0")
            for value in (figure.expected, figure.obtained)
        )
        row[figure.metric] = f"{expected} {obtained}" + " ≠" * (not figure.agrees)
    metrics = list(dict.fromkeys(figure.metric for figure in figures))
    agreeing = sum(figure.agrees for figure in figures)
    table = table_of(
        f"{published.dataset}: published and obtained",
        (
            {"system": name, "version": version or ""} | {m: row.get(m, "") for m in metrics}
            for (name, version), row in cells.items()
        ),
        (
            f"{agreeing} of {len(figures)} figures agree to {published.decimals} decimals.",
            f"Published: {published.source}",
        ),
    )
    return Report(figures, [table])


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
