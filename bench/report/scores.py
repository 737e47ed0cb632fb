"""Show scores as tables."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.metrics import Metric
from bench.report.formats import Report, Table, table_of
from bench.scoring.score import NOT_RUN, Scores
from bench.scoring.summary import Score, by_markup, summarise

_OUT_OF_FOLD, _SEEN, _FIRST = "†", "‡", "*"
_TWO_DIGITS = 10
_SHORT = {"precision": "P", "recall": "R", "f1": "F1"}
_KINDS = {"html": "pages with HTML", "text": "text-only pages"}


@dataclass(frozen=True, slots=True)
class About:
    """Describe one extractor beside its scores."""

    shown: str
    """Its name with its marks, which `notes` explains."""
    version: str
    out_of_fold: bool
    seen_pages: int
    """Of the scored pages, those that the extractor was trained on."""
    failures: str
    """Pages of each status other than ``ok``; empty if there is none."""
    applies: bool
    """Whether it takes pages of this kind."""
    speed: str
    """Pages a second that it ran on, one process; empty if that is not known."""


def scores_report(
    scores: Scores, *, by: str | None = None, together: bool = False, wide: bool = True
) -> Report:
    """Show means, intervals, ranks, failures and speed, for each kind of pages.

    Without groups: a table of all metrics, and one of noise let through. With groups: one for each
    metric, with a column for each group. ``together`` takes both kinds of pages together, and
    versions are shown if it is to be ``wide``.
    """
    rows: list[Score] = []
    tables: list[Table] = []
    for part in by_markup(scores, by=by, together=together):
        of_part = summarise(part, by)
        rows += of_part
        tables += score_tables(part, of_part, by, wide=wide)
    return Report(rows, tables, rows, Score)


def score_tables(
    scores: Scores, rows: Sequence[Score], by: str | None = None, *, wide: bool = True
) -> list[Table]:
    """Make the tables of one kind of pages, with notes beneath the last of them."""
    extractors = abouts(scores)
    if by:
        *above, last = _by_group(scores, rows, extractors, by)
        meaning = f"{_FIRST} first, or tied with the first, in its column."
        failed = None
    else:
        *above, last = _overall(scores, rows, extractors, wide)
        meaning = "Extractors whose paired interval spans zero share a rank."
        failed = ["Pages that failed or were skipped count as keeping nothing."]
        failed *= any(about.failures and about.applies for about in extractors.values())
    return [*above, replace(last, notes=notes(scores, extractors, [meaning], failed))]


def _overall(
    scores: Scores, rows: Sequence[Score], extractors: Mapping[str, About], wide: bool
) -> Iterator[Table]:
    cells = {(row.extractor, row.metric): row for row in rows}
    quality = [metric for metric in scores.metrics if metric.higher_is_better]
    noise = [metric for metric in scores.metrics if not metric.higher_is_better]
    if quality:
        leading = next((metric for metric in quality if metric.name == "line_f1"), quality[-1])
        yield table_of(
            f"{where(scores)}, by {leading.name}",
            (
                {"#": str(cells[name, leading.name].rank or ""), "extractor": about.shown}
                | ({"version": about.version} if wide else {})
                | {heading(m): _with_interval(cells[name, m.name]) for m in quality}
                | {"pages/s": about.speed, "failures": about.failures or "–"}
                for name, about in ordered(extractors, rows, leading)
            ),
        )
    known = [m for m in noise if any(cells[name, m.name].pages for name in extractors)]
    if known:
        yield table_of(
            "share of each kind of noise let through" + f", {pages_of(scores)}" * scores.is_part,
            (
                {"extractor": about.shown}
                | {m.name.removeprefix("leak_"): short(cells[name, m.name].value) for m in known}
                for name, about in ordered(extractors, rows, (quality or noise[:1])[-1])
            ),
        )


def _by_group(
    scores: Scores, rows: Sequence[Score], extractors: Mapping[str, About], by: str
) -> Iterator[Table]:
    for metric in scores.metrics:
        mine = [row for row in rows if row.metric == metric.name]
        size: dict[str, int] = {}
        for row in mine:
            size[row.group] = max(row.pages, size.get(row.group, 0))
        cells = {
            (row.extractor, row.group): (
                _with_interval(row) if row.group == "all" else short(row.value)
            )
            + _FIRST * (row.rank == 1)
            for row in mine
        }
        yield table_of(
            f"{metric.name}, {where(scores)}, by {by}",
            (
                {"extractor": about.shown, "version": about.version}
                | {f"{group} ({pages:,})": cells[name, group] for group, pages in size.items()}
                for name, about in ordered(extractors, rows, metric)
            ),
        )


def abouts(scores: Scores) -> dict[str, About]:
    """Describe each extractor, by its name in the order of the runs."""
    found, statuses = {}, scores.statuses
    for run in scores.runs:
        pages = statuses[statuses["extractor"] == run.name]
        seen = int(pages["id"].isin(scores.seen.get(run.name, ())).sum())
        timed = pages["seconds"][~pages["status"].isin(NOT_RUN)].dropna()
        speed = len(timed) / float(timed.sum()) if timed.sum() else 0
        counts = Counter(pages["status"].where(pages["applies"], "not applicable"))
        failures = [f"{counts[status]} {status}" for status in sorted(counts) if status != "ok"]
        applies = bool(pages["applies"].any())
        found[run.name] = About(
            shown=run.name + _OUT_OF_FOLD * run.header.out_of_fold + _SEEN * bool(seen),
            version=run.header.version or "",
            out_of_fold=run.header.out_of_fold,
            seen_pages=seen,
            failures=", ".join(failures) if applies else "needs HTML",
            applies=applies,
            speed=f"{speed:,.{0 if speed >= _TWO_DIGITS else 1}f}" if speed else "",
        )
    return found


def notes(
    scores: Scores,
    extractors: Mapping[str, About],
    meaning: Sequence[str],
    failed: Sequence[str] | None = None,
) -> tuple[str, ...]:
    """Write notes on pages, intervals, profile and leaks, on marks, and on failures.

    ``meaning`` explains the table. ``failed`` stands in place of the failures of each extractor.
    """
    pages = scores.pages.drop_duplicates("id")
    # A page without a site is a site of its own, as for intervals.
    sites = int(pages["site"].nunique() + pages["site"].isna().sum())
    found = [
        f"Means over {len(pages):,} pages of {sites:,} sites. Intervals of 95 %: "
        f"bootstrap over sites, seed {scores.seed}."
    ]
    if scores.profile != "default":
        found.append(f"Scored under the profile {scores.profile}.")
    if scores.left_out is not None:
        found.append(
            f"Leak-safe: {len(scores.left_out):,} pages that leak between splits left out."
        )
    found += meaning
    if any(about.out_of_fold for about in extractors.values()):
        found.append(
            f"{_OUT_OF_FOLD} cross-validated by site: each page was decided by a model that saw "
            "no page of its site."
        )
    if seen := [f"{name} {a.seen_pages:,}" for name, a in extractors.items() if a.seen_pages]:
        found.append(f"{_SEEN} trained on some of these pages: {', '.join(seen)}.")
    if failed is None:
        of_each = [f"{n} {a.failures}" for n, a in extractors.items() if a.failures and a.applies]
        failed = [f"Failures, counted as keeping nothing: {'; '.join(of_each)}."] * bool(of_each)
        if needing := [name for name, about in extractors.items() if not about.applies]:
            failed += [f"Not applicable, because they need HTML: {', '.join(needing)}."]
    return (*found, *failed)


def where(scores: Scores) -> str:
    """Name dataset, split and pages, as titles do."""
    split = f", split {scores.split}" if scores.split else ""
    return f"{scores.dataset.name}{split}: {pages_of(scores)}"


def pages_of(scores: Scores) -> str:
    """Say how many pages there are, and of which kind if the dataset has both."""
    kind = _KINDS[scores.markup or ""] if scores.is_part else "pages"
    return f"{scores.pages['id'].nunique():,} {kind}"


def ordered(
    extractors: Mapping[str, About], rows: Sequence[Score], metric: Metric
) -> list[tuple[str, About]]:
    """Order extractors from best to worst by a metric; those without a value at the end."""
    sign = -1 if metric.higher_is_better else 1
    overall = [row for row in rows if row.metric == metric.name and row.group == "all"]
    overall.sort(key=lambda row: (row.value is None, sign * (row.value or 0)))
    return [(row.extractor, extractors[row.extractor]) for row in overall]


def heading(metric: Metric) -> str:
    """Write a metric's name as columns do: ``line F1`` of ``line_f1``."""
    family, _, what = metric.name.partition("_")
    return f"{family} {_SHORT.get(what, what)}"


def pairs(values: Mapping[str, object]) -> str:
    """Write keys with their values on one line: ``key 1,200, key="text"``."""
    return ", ".join(
        f"{key} {value:,}"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else f"{key}={json.dumps(value, ensure_ascii=False)}"
        for key, value in values.items()
    )


def short(number: float | None, digits: int = 3) -> str:
    """Write a number up to 1 without its leading zero, 1 as wide; a dash for none."""
    if number is None:
        return "–"
    size = abs(number)
    shown = f"{size:.{digits}f}".removeprefix("0") if size < 1 else f"{size:.{digits - 1}f}"
    return "−" * (number < 0) + shown


def signed(number: float | None) -> str:
    """Write a difference as `short` does, with its sign; a dash for none."""
    return "+" * (number is not None and number >= 0) + short(number)


def _with_interval(row: Score) -> str:
    if row.low is None or row.high is None:
        return short(row.value)
    return f"{short(row.value)} {short(row.low, 2)}–{short(row.high, 2)}"
