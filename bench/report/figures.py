"""Published figures beside those obtained."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from bench.conformance import Figure, Published
from bench.report import markdown, terminal
from bench.report.tables import Table


def render_figures(published: Published, figures: Sequence[Figure], form: str) -> str:
    """Show figures as ``table``, ``md`` or ``json``; ends with a newline.

    A row a system and, for each metric, a column with the published and the obtained figure; ``≠``
    marks those that differ.
    """
    if form == "json":
        return json.dumps([asdict(figure) for figure in figures], indent=1) + "\n"
    table = figures_table(published, figures)
    return markdown.write(table) if form == "md" else terminal.draw(table)


def figures_table(published: Published, figures: Sequence[Figure]) -> Table:
    """The table of figures, with a sentence that counts those that agree."""
    metrics = list(dict.fromkeys(figure.metric for figure in figures))
    cells: dict[tuple[str, str | None], dict[str, str]] = {}
    for figure in figures:
        row = cells.setdefault((figure.system, figure.version), {})
        expected, obtained = (
            "–" if value is None else f"{value:.{published.decimals}f}".removeprefix("0")
            for value in (figure.expected, figure.obtained)
        )
        row[figure.metric] = f"{expected} {obtained}" + ("" if figure.agrees else " ≠")
    agreeing = sum(figure.agrees for figure in figures)
    return Table(
        title=f"{published.dataset}: published and obtained",
        columns=("system", "version", *metrics),
        rows=tuple(
            (name, version or "", *(row.get(metric, "") for metric in metrics))
            for (name, version), row in cells.items()
        ),
        notes=(
            f"{agreeing} of {len(figures)} figures agree to {published.decimals} decimals.",
            f"Published: {published.source}",
        ),
    )
