"""Run files: what one extractor kept on one dataset, failures included.

A run file is JSONL: a header, then a row a page. Any tool may write one; of the header only
``extractor`` is required, of a row ``id`` and either ``text`` or ``kept``.
"""

from bench.runs.reading import read_header, read_run, read_runs
from bench.runs.run import SAFE_NAME, Run, RunHeader, RunRow, Status, first_failures, run_path
from bench.runs.writing import RunWriter, write_run

__all__ = [
    "SAFE_NAME",
    "Run",
    "RunHeader",
    "RunRow",
    "RunWriter",
    "Status",
    "first_failures",
    "read_header",
    "read_run",
    "read_runs",
    "run_path",
    "write_run",
]
