"""Published figures beside those obtained."""

from collections.abc import Sequence

from bench.conformance import Figure, Published
from bench.report.formats import Report, table_of


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
