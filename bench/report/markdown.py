"""Tables in Markdown."""

from bench.report.summary import Summary
from bench.report.tables import Table, tables


def render(summary: Summary) -> str:
    """Write the tables of a summary."""
    return "\n".join(map(write, tables(summary)))


def write(table: Table) -> str:
    """Write one table with its notes beneath; ends with a newline."""
    rows = [table.columns, tuple("---" for _ in table.columns), *table.rows]
    lines = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    notes = [f"\n{note.replace('*', chr(92) + '*')}" for note in table.notes]
    title = [f"**{table.title}**", ""] if table.title else []
    return "\n".join([*title, *lines, *notes]) + "\n"
