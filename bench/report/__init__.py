"""Show what the library found: one module a kind of report, one function an output format."""

from bench.report.formats import FORMATS, Report, Table, render, table_of

__all__ = ["FORMATS", "Report", "Table", "render", "table_of"]
