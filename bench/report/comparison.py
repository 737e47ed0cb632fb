"""Show one run against others."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from bench.report.formats import Report, Table, table_of
from bench.report.scores import abouts, notes, pages_of, short, signed, where
from bench.scoring.compare import Difference, Loss, compare, losses
from bench.scoring.score import Scores
from bench.scoring.summary import by_markup


def comparison_report(
    scores: Scores, *, by: str | None = None, worst: int = 0, together: bool = False
) -> Report:
    """Compare the first run with the others, and find up to ``worst`` pages for each metric.

    Pages with HTML and text-only pages are compared apart, unless ``together``. JSON is an object
    with both kinds of rows, ``comparisons`` and ``worst``. CSV has one kind: the worst pages if
    they are wanted, else the comparisons.
    """
    differences: list[Difference] = []
    lost: list[Loss] = []
    tables: list[Table] = []
    for part in by_markup(scores, by=by, together=together):
        of_part = compare(part, by)
        differences += of_part
        tables += _differences(part, of_part, by)
        if worst:
            pages = losses(part, worst, by)
            lost += pages
            tables += _losses(part, pages)
    rows, row_type = (lost, Loss) if worst else (differences, Difference)
    return Report({"comparisons": differences, "worst": lost}, tables, rows, row_type)


def _differences(scores: Scores, rows: Sequence[Difference], by: str | None) -> list[Table]:
    """Make the tables of differences, with notes beneath the last.

    Without groups: one for each other run, with a row for each metric. With groups: one for each
    metric and other run, with a row for each group; beneath ``all`` that in which the first run
    loses most comes first.
    """
    extractors = abouts(scores)
    first, *others = extractors.values()
    tables = []
    for metric in scores.metrics if by else [None]:
        for name, other in zip(scores.names[1:], others, strict=True):
            mine = [row for row in rows if row.other == name]
            title = f"{first.shown} against {other.shown}, {where(scores)}"
            if metric:
                title = f"{metric.name}: {title}"
                mine = [row for row in mine if row.metric == metric.name]
                sign = 1 if metric.higher_is_better else -1
                mine[1:] = sorted(
                    mine[1:], key=lambda row: (row.difference is None, sign * (row.difference or 0))
                )
            tables.append(table_of(title, (_cells(row, by) for row in mine)))
    meaning = (
        "Difference: first minus other, paired. A tie: its interval spans zero, or there is none.",
        "Better, equal, worse: pages on which the first run is so.",
    )
    tables[-1] = replace(tables[-1], notes=notes(scores, extractors, meaning))
    return tables


def _cells(row: Difference, by: str | None) -> dict[str, str]:
    return {
        by or "metric": row.group if by else row.metric,
        "pages": f"{row.pages:,}",
        "first": short(row.first_value),
        "other": short(row.other_value),
        "difference": signed(row.difference),
        "95 % interval": "–" if row.low is None else f"{signed(row.low)} to {signed(row.high)}",
        "verdict": row.verdict or "–",
        "better": f"{row.pages_better:,}",
        "equal": f"{row.pages_equal:,}",
        "worse": f"{row.pages_worse:,}",
    }


def _losses(scores: Scores, rows: Sequence[Loss]) -> Iterator[Table]:
    first, *others = scores.names
    rivals = others[0] if len(others) == 1 else "the best of the others"
    of_kind = f", {pages_of(scores)}" * scores.is_part
    for metric in scores.metrics:
        mine = [row for row in rows if row.metric == metric.name]
        typed = any(row.page_type for row in mine)
        cells = [
            (
                short(row.loss),
                *(f"{short(r.value)} {r.status}".removesuffix(" ok") for r in (row, *of_others)),
                *[row.page_type or "–"] * typed,
                page,
            )
            for page, (row, *of_others) in groupby(mine, key=attrgetter("id"))
        ]
        yield Table(
            f"{metric.name}: pages on which {first} loses most against {rivals}{of_kind}",
            ("loss", first, *others, *["page_type"] * typed, "page"),
            tuple(cells),
            () if cells else ("There is none.",),
        )
