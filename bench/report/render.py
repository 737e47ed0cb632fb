"""Show a summary in one of the output formats."""

from bench.report import markdown, table_csv, table_json, terminal
from bench.report.summary import Summary

_RENDERERS = {
    "table": terminal.render,
    "md": markdown.render,
    "csv": table_csv.render,
    "json": table_json.render,
}

FORMATS = tuple(_RENDERERS)
"""Names of the output formats."""


def render(summary: Summary, form: str) -> str:
    """Show a summary in one of `FORMATS`; ends with a newline."""
    return _RENDERERS[form](summary)
