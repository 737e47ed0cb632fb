"""Make and read runs: what one extractor kept on one dataset, failures included.

A run file is JSONL: a header, then a row a page. Any tool may write one; of the header only
``extractor`` is required, of a row ``id`` and either ``text`` or ``kept``.
"""

from bench.running.run import Run, RunHeader, RunRow, Status, first_failures, run_path
from bench.running.run_reader import read_header, read_run, read_runs
from bench.running.run_writer import RunWriter, write_run

__all__ = [
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
