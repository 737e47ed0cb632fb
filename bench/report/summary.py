"""What every output format shows: the summary of some scored runs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.metrics import Metric
from bench.running import Run
from bench.scoring.score import NOT_RUN, Scores, summarise


@dataclass(frozen=True, slots=True)
class About:
    """What is said of one extractor beside its scores."""

    version: str
    out_of_fold: bool
    seen_pages: int
    """Of the scored pages, those that the extractor was trained on."""
    failures: dict[str, int]
    """Pages of each status other than ``ok``."""
    pages_per_second: float | None
    """Pages it ran on by the seconds it took for them, one process; None if not told."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What was scored, and how."""

    dataset: str
    split: str | None
    pages: int
    sites: int
    seed: int
    profile: str
    left_out: int | None
    """Pages left out since they are in another split, too; None if that was not asked for."""
    by: str | None
    metrics: tuple[Metric, ...]
    about: dict[str, About]
    """By extractor, in the order of the runs."""


@dataclass(frozen=True, slots=True)
class Summary(Scope):
    """The scores of some runs on one dataset, ready to be shown."""

    rows: list[dict[str, Any]]
    """Rows with `bench.scoring.score.SUMMARY_KEYS`."""


def summary_of(
    scores: Scores,
    metrics: Sequence[Metric],
    *,
    by: str | None = None,
    seed: int = 0,
    profile: str = "default",
) -> Summary:
    """Summarise scores: means, intervals, ranks, failures and speed."""
    scope = scope_of(scores, metrics, by=by, seed=seed, profile=profile)
    return Summary(**scope, rows=summarise(scores, metrics, by=by, seed=seed))


def scope_of(
    scores: Scores, metrics: Sequence[Metric], *, by: str | None, seed: int, profile: str
) -> dict[str, Any]:
    """The fields of a `Scope`."""
    pages = scores.statuses.drop_duplicates("id")
    return {
        "dataset": scores.dataset,
        "split": scores.split,
        "pages": len(pages),
        # A page without a site is one of its own, as intervals take it.
        "sites": int(pages["site"].nunique() + pages["site"].isna().sum()),
        "seed": seed,
        "profile": profile,
        "left_out": None if scores.left_out is None else len(scores.left_out),
        "by": by,
        "metrics": tuple(metrics),
        "about": {run.name: _about(run, scores) for run in scores.runs},
    }


def _about(run: Run, scores: Scores) -> About:
    name = run.name
    mine = scores.statuses[scores.statuses["extractor"] == name]
    timed = mine[~mine["status"].isin(NOT_RUN)]["seconds"].dropna()
    seconds = float(timed.sum())
    counts = Counter(mine["status"])
    return About(
        version=run.header.version or "",
        out_of_fold=run.header.out_of_fold,
        seen_pages=int(mine["id"].isin(scores.seen.get(name, ())).sum()),
        failures={status: counts[status] for status in sorted(counts) if status != "ok"},
        pages_per_second=len(timed) / seconds if seconds else None,
    )
