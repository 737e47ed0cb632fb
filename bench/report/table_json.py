"""The rows of a summary as JSON: an array of objects with `bench.scoring.score.SUMMARY_KEYS`."""

import json

from bench.report.summary import Summary


def render(summary: Summary) -> str:
    """Write an object for each metric, group and extractor; null is a value not told."""
    return json.dumps(summary.rows, indent=1, ensure_ascii=False) + "\n"
