"""A report in one HTML file, which needs nothing else: no scripts, no network."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench.extractors.extractor import kit_version
from bench.metrics import Metric
from bench.report.formats import Table
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
from bench.scoring.summary import Score, by_markup, summarise
from bench.scoring.worst_pages import page_views

_TEMPLATE = "report.html"
_LONGEST_TEXT = 240


@dataclass(frozen=True, slots=True)
class _Section:
    """The scores on one kind of pages."""

    title: str
    """Empty where all pages are of one kind."""
    charts: list[tuple[str, list[tuple[str, Score]]]]
    """Of each metric its name, and the extractors that have a value, the best first."""
    tables: list[Table]


def html_report(
    scores: Scores,
    metrics: Sequence[Metric],
    *,
    by: Sequence[str] = (),
    pages: int = 0,
    together: bool = False,
) -> str:
    """Write the report: scores with intervals, groups, failures, and pages line by line.

    Args:
        scores: what is shown of all pages.
        metrics: those of the scores that are shown of groups, too; by the first, pages are chosen.
        by: attributes to group pages by, where they have several values.
        pages: for each run, how many of the pages on which it loses most are shown.
        together: whether pages with HTML and text-only pages are taken together.
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
    environment.filters |= {"short": short, "clip": _clip}
    parts = by_markup(scores, together=together)
    extractors = abouts(replace(scores, pages=pd.concat([part.pages for part in parts])))
    views = page_views(scores, metrics[0], pages)
    return environment.get_template(_TEMPLATE).render(
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
            {
                "name": run.name,
                "extractor": run.header.extractor,
                "version": run.header.version or "–",
                "options": pairs(run.header.options) or "–",
                "failures": extractors[run.name].failures or "–",
            }
            for run in scores.runs
        ],
        views={name: of_run for name, of_run in views.items() if of_run},
        metric=heading(metrics[0]),
    )


def _section(scores: Scores) -> _Section:
    rows = summarise(scores)
    extractors = abouts(scores)
    charts = []
    for metric in scores.metrics:
        by_name = {row.extractor: row for row in rows if row.metric == metric.name}
        bars = [
            (about.shown, by_name[name])
            for name, about in ordered(extractors, rows, metric)
            if by_name[name].value is not None
        ]
        if metric.higher_is_better and bars:
            charts.append((heading(metric), bars))
    tables = [table for table in score_tables(scores, rows) if len(table.columns) > 1]
    return _Section(pages_of(scores) if scores.is_part else "", charts, tables)


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT].rstrip() + "…"
