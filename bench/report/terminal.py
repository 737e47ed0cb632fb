"""Tables for a terminal, and for anything that shows monospaced text."""

import io
import re

from bench.report.summary import Summary
from bench.report.tables import Table, tables

_WIDEST = 400
# A number with what may follow it, or a dash or nothing where there is none.
_NUMBER = re.compile(r"[+−]?[\d.,]+([ *][\d.,–*]*)?$|–?$")


def render(summary: Summary) -> str:
    """Draw the tables of a summary, wide characters counted as wide."""
    return "\n".join(draw(table) for table in tables(summary))


def draw(table: Table) -> str:
    """Draw one table with its notes beneath; ends with a newline."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable

    drawn = RichTable(box=box.SIMPLE_HEAD, pad_edge=False)
    for row, column in enumerate(table.columns):
        number = column != "version" and all(_NUMBER.match(cells[row]) for cells in table.rows)
        drawn.add_column(column, justify="right" if number else "left", no_wrap=True)
    for cells in table.rows:
        drawn.add_row(*cells)
    out = io.StringIO()
    console = Console(file=out, width=_WIDEST, color_system=None, markup=False, highlight=False)
    console.print(drawn)
    # The box has an edge of one blank.
    lines = [line[1:].rstrip() for line in out.getvalue().splitlines()]
    title = [table.title] if table.title else []
    return "\n".join([*title, *filter(None, lines), *table.notes]) + "\n"
