"""Write reports in the output formats: a function each, listed at the end."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from types import MappingProxyType
from typing import Any

_WIDEST = 400
# A number with what may follow it, or a dash or nothing where there is none.
_NUMBER = re.compile(r"[+−]?[\d.,]+([ *][\d.,–*]*)?$|–?$")


@dataclass(frozen=True, slots=True)
class Table:
    """Hold cells ready to be drawn; columns of numbers are set to the right."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def table_of(title: str, rows: Iterable[Mapping[str, str]], notes: Iterable[str] = ()) -> Table:
    """Make a table of rows that map the same columns to cells."""
    listed = list(rows)
    cells = tuple(tuple(row.values()) for row in listed)
    return Table(title, tuple(*listed[:1]), cells, tuple(notes))


@dataclass(frozen=True, slots=True)
class Report:
    """What a command shows: data for programs, tables and sentences for people."""

    data: Any
    """What JSON holds; a dataclass is an object whose keys are its fields."""
    tables: Sequence[Table | str]
    rows: Sequence[Any] = ()
    """What CSV holds: instances of ``row_type``."""
    row_type: Any = None


def render(report: Report, format_: str) -> str:
    """Write a report in one of `FORMATS`; ends with a newline unless there is nothing to show.

    ``text`` is what ``table`` is called where there are sentences alone.
    """
    return FORMATS["table" if format_ == "text" else format_](report)


def to_terminal(report: Report) -> str:
    """Draw tables for a terminal, and for anything that shows monospaced text."""
    return "\n".join(f"{t}\n" if isinstance(t, str) else _draw(t) for t in report.tables)


def to_markdown(report: Report) -> str:
    """Write tables in Markdown."""
    return "\n".join(f"{t}\n" if isinstance(t, str) else _markdown(t) for t in report.tables)


def to_csv(report: Report) -> str:
    """Write rows as comma-separated values, a header first; an empty cell is an unknown value."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field.name for field in fields(report.row_type))
    writer.writerows(map(astuple, report.rows))
    return out.getvalue()


def to_json(report: Report) -> str:
    """Write data as JSON; null is an unknown value."""
    return json.dumps(report.data, default=asdict, indent=1, ensure_ascii=False) + "\n"


def _draw(table: Table) -> str:
    """Draw one table with its notes beneath; wide characters count as wide."""
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
    return "\n".join([*filter(None, [table.title, *lines]), *table.notes]) + "\n"


def _markdown(table: Table) -> str:
    rows = [table.columns, ("---",) * len(table.columns), *table.rows]
    lines = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    notes = [f"\n{note.replace('*', chr(92) + '*')}" for note in table.notes]
    title = [f"**{table.title}**", ""] if table.title else []
    return "\n".join([*title, *lines, *notes]) + "\n"


FORMATS: Mapping[str, Callable[[Report], str]] = MappingProxyType(
    {"table": to_terminal, "md": to_markdown, "csv": to_csv, "json": to_json}
)
