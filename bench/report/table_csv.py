"""The rows of a summary as comma-separated values, a header first."""

import csv
import io

from bench.report.summary import Summary
from bench.scoring.score import SUMMARY_KEYS


def render(summary: Summary) -> str:
    """Write a row for each metric, group and extractor; an empty cell is a value not told."""
    out = io.StringIO()
    writer = csv.DictWriter(out, SUMMARY_KEYS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(summary.rows)
    return out.getvalue()
