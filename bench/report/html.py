"""Write a report in one HTML file, which needs nothing else: no scripts, no network."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from bench.extractors.extractor import kit_version
from bench.metrics import Metric
from bench.report.scores import (
    abouts,
    heading,
    ordered,
    pages_of,
    pairs,
    score_tables,
    short,
    where,
)
from bench.scoring.score import Scores
from bench.scoring.summary import by_markup, summarise
from bench.scoring.worst_pages import page_views
from corpus.wording import shortened

_LONGEST_TEXT = 240


def html_report(
    scores: Scores,
    metrics: Sequence[Metric],
    *,
    by: Sequence[str] = (),
    pages: int = 0,
    together: bool = False,
) -> str:
    """Write the report: scores with intervals, groups, failures, and pages line by line.

    Groups, by attributes that have several values, are shown of ``metrics``. For each run there are
    up to ``pages`` on which it loses most by the first of these.
    """
    import pandas as pd
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("bench.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"short": short, "clip": partial(shortened, longest=_LONGEST_TEXT)}
    parts = by_markup(scores, together=together)
    extractors = abouts(replace(scores, pages=pd.concat([part.pages for part in parts])))
    views = page_views(scores, metrics[0], pages)
    return environment.get_template("report.html").render(
        where=where(scores),
        manifest=scores.dataset.manifest,
        kit=kit_version(),
        sections=list(map(_section, parts)),
        groups=[
            table
            for part in parts
            for attribute in by
            if len(part.statuses[attribute].unique()) > 1
            for grouped in [replace(part, metrics=tuple(metrics))]
            for table in score_tables(grouped, summarise(grouped, attribute), attribute)
        ],
        runs=[
            (run, pairs(run.header.options), extractors[run.name].failures) for run in scores.runs
        ],
        views={name: of_run for name, of_run in views.items() if of_run},
        metric=heading(metrics[0]),
    )


def _section(scores: Scores) -> dict[str, Any]:
    """Make charts and tables of one kind of pages; no title where all pages are of one kind."""
    rows = summarise(scores)
    extractors = abouts(scores)
    cells = {(row.metric, row.extractor): row for row in rows}
    charts = {
        heading(metric): [
            (about.shown, cells[metric.name, name])
            for name, about in ordered(extractors, rows, metric)
            if cells[metric.name, name].value is not None
        ]
        for metric in scores.metrics
        if metric.higher_is_better
    }
    return {
        "title": pages_of(scores) if scores.is_part else "",
        "charts": [(title, bars) for title, bars in charts.items() if bars],
        "tables": [table for table in score_tables(scores, rows) if len(table.columns) > 1],
    }
