"""A report in one HTML file, which needs nothing else: no scripts, no network."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.extractors.extractor import kit_version
from bench.metrics import Metric
from bench.report.summary import Summary
from bench.report.tables import failures, heading, ordered, pairs, short, shown_name, tables, where
from bench.running import Run
from bench.scoring.worst_pages import PageView
from labels import Dataset

_TEMPLATE = "report.html"
_LONGEST_TEXT = 240


@dataclass(frozen=True, slots=True)
class _Bar:
    """An extractor's value as it is drawn; all shares of the width."""

    name: str
    rank: int | None
    value: float
    low: float
    high: float


def render_report(
    summaries: Sequence[Summary],
    runs: Sequence[Run],
    dataset: Dataset,
    views: Mapping[str, Sequence[PageView]],
) -> str:
    """Write the report: scores with intervals, groups, failures, and pages line by line.

    Args:
        summaries: that of all pages, then one for each attribute they are grouped by.
        runs: the runs that were scored.
        dataset: what they were made on.
        views: for each run, pages to look at.
    """
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
    overall, *by_group = summaries
    template = environment.get_template(_TEMPLATE)
    return template.render(
        where=where(overall),
        manifest=dataset.manifest,
        kit=kit_version(),
        charts=list(_charts(overall)),
        tables=[table for table in tables(overall) if len(table.columns) > 1],
        groups=[table for summary in by_group for table in tables(summary)],
        runs=[_about(run, overall) for run in runs],
        views={name: of_run for name, of_run in views.items() if of_run},
        metric=heading(overall.metrics[0]),
    )


def _charts(summary: Summary) -> Iterator[tuple[str, list[_Bar]]]:
    for metric in summary.metrics:
        if metric.higher_is_better and (bars := list(_bars(summary, metric))):
            yield heading(metric), bars


def _bars(summary: Summary, metric: Metric) -> Iterator[_Bar]:
    rows = {row["extractor"]: row for row in summary.rows if row["metric"] == metric.name}
    for name in ordered(summary, metric):
        row = rows[name]
        if row["value"] is not None:
            low, high = (row["value"] if row[key] is None else row[key] for key in ("low", "high"))
            shown = shown_name(name, summary.about[name])
            yield _Bar(shown, row["rank"], row["value"], low, high)


def _about(run: Run, summary: Summary) -> dict[str, str]:
    return {
        "name": run.name,
        "extractor": run.header.extractor,
        "version": run.header.version or "–",
        "options": pairs(run.header.options) or "–",
        "failures": failures(summary.about[run.name]),
    }


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT].rstrip() + "…"
