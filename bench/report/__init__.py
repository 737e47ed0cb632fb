"""Show scores: one module an output format."""

from bench.report.render import FORMATS, render
from bench.report.summary import Summary, summary_of

__all__ = ["FORMATS", "Summary", "render", "summary_of"]
