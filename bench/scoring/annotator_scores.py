"""Annotators as if they were extractors: how well one's labels tell another's body.

No extractor can be expected to agree better with gold labels than a second annotator does; that is
the ceiling of a table of scores.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import nan
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bench.metrics import Metric
from bench.running import Run, RunHeader, RunRow
from bench.scoring.cases import page_cases
from bench.scoring.score import ATTRIBUTES, or_none, over_pages, with_parts
from corpus import DataError
from labels import ROLES, LabelledPage, Role, roles
from labels.annotation.agreement import (
    Agreement,
    Dispute,
    Estimate,
    agreements,
    disputes,
    total_confusion,
)
from labels.annotation.drafts.annotators import PageAnnotations

if TYPE_CHECKING:
    import pandas as pd

AGREEMENT_KEYS = (
    "annotators", "group", "over", "pages", "lines", "share", "share_low", "share_high",
    "kappa", "kappa_low", "kappa_high", "alpha", "alpha_low", "alpha_high",
)  # fmt: skip
"""Keys of a row that tells how far some annotators agree."""

HUMAN_KEYS = (
    "gold", "extractor", "human", "group", "metric", "value", "low", "high", "pages",
)  # fmt: skip
"""Keys of a row that scores one annotator, or a run, against another annotator's labels."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Some annotators compared, ready to be shown."""

    corpus: str
    annotators: tuple[str, ...]
    pages: int
    """Pages that two of them at least have labelled."""
    agreement: list[dict[str, Any]]
    """Rows with `AGREEMENT_KEYS`: over ``labels`` and over ``roles``."""
    scores: list[dict[str, Any]]
    """Rows with `HUMAN_KEYS`."""
    confusion: dict[tuple[str, str], NDArray[np.int64]]
    """Of each pair, lines by the labels of both; rows are the first one's."""
    disputes: list[Dispute]
    metrics: tuple[Metric, ...]
    by: str | None
    profile: str
    seed: int


def compare_annotators(
    corpus: str,
    opinions: Sequence[PageAnnotations],
    annotators: Sequence[str],
    metrics: Sequence[Metric],
    *,
    runs: Sequence[Run] = (),
    by: str | None = None,
    profile: str = "default",
    seed: int = 0,
) -> Comparison:
    """Compare annotators over all pages and, with ``by``, over each group of them.

    Raises:
        DataError: if no page was labelled by two of them, or as `human_scores`.
    """
    shared = [page for page in opinions if len(page.labels) > 1]
    if not shared:
        raise DataError(
            f"{', '.join(annotators)} have labelled no page in common; agreement takes pages that "
            "two of them have labelled"
        )
    agreement: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    for group, pages in _groups(shared, by):
        for over, roles_of in (("labels", None), ("roles", profile)):
            agreement += [
                _agreement_row(found, group, over)
                for found in agreements(pages, annotators, profile=roles_of, seed=seed)
            ]
        rows = human_scores(pages, annotators, metrics, runs=runs, profile=profile, seed=seed)
        scores += [{key: (row | {"group": group})[key] for key in HUMAN_KEYS} for row in rows]
    return Comparison(
        corpus=corpus,
        annotators=tuple(annotators),
        pages=len(shared),
        agreement=agreement,
        scores=scores,
        confusion={pair: total_confusion(shared, *pair) for pair in combinations(annotators, 2)},
        disputes=disputes(shared, annotators, profile=profile),
        metrics=tuple(metrics),
        by=by,
        profile=profile,
        seed=seed,
    )


def _groups(
    opinions: Sequence[PageAnnotations], by: str | None
) -> Iterator[tuple[str, list[PageAnnotations]]]:
    """Name and pages of each group, the group ``all`` first."""
    yield "all", list(opinions)
    if by is not None:
        values = [str(getattr(page.page, by) or "unknown") for page in opinions]
        for value in sorted(set(values)):
            yield value, [page for page, own in zip(opinions, values, strict=True) if own == value]


def _agreement_row(found: Agreement, group: str, over: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "annotators": list(found.annotators),
        "group": group,
        "over": over,
        "pages": found.pages,
        "lines": found.lines,
    }
    for name in ("share", "kappa", "alpha"):
        estimate: Estimate | None = getattr(found, name)
        for key, value in zip(("", "_low", "_high"), estimate or (nan,) * 3, strict=True):
            row[f"{name}{key}"] = or_none(value)
    return row


def run_of(annotator: str, opinions: Sequence[PageAnnotations], profile: str = "default") -> Run:
    """An annotator's labels as a run: what is body under the profile is kept."""
    rows = {
        page.page.id: RunRow(
            page.page.id,
            "ok",
            kept=roles(page.labels[annotator], profile) == ROLES.index(Role.BODY),
        )
        for page in opinions
        if annotator in page.labels
    }
    return Run(RunHeader(annotator), rows)


def human_scores(
    opinions: Sequence[PageAnnotations],
    annotators: Sequence[str],
    metrics: Sequence[Metric],
    *,
    runs: Sequence[Run] = (),
    profile: str = "default",
    seed: int = 0,
) -> list[dict[str, Any]]:
    """Score each annotator against each other one's labels as gold, over the pages of both.

    ``runs`` are scored beside them, over the pages that gold and at least one other annotator have
    labelled; a page that a run lacks or failed on counts as keeping nothing. Intervals resample
    sites, as those of all scores.

    Returns:
        Rows with `HUMAN_KEYS` but for the group, by gold, metric and extractor. ``human`` says
        that it is an annotator. Value and interval are None where there is no page.

    Raises:
        DataError: if a run has the name of an annotator, or kept lines of another page.
    """
    names = [run.name for run in runs]
    if clash := sorted(set(names) & set(annotators)):
        raise DataError(f"run and annotator are both called {clash[0]!r}; rename the run")
    people = {name: run_of(name, opinions, profile) for name in annotators}
    rows: list[dict[str, Any]] = []
    for gold in annotators:
        others = [name for name in annotators if name != gold]
        table = _values(opinions, gold, [people[name] for name in others], runs, metrics, profile)
        for metric in metrics:
            result = over_pages(metric, table, [*others, *names], seed)
            mine = table[(table["metric"] == metric.name) & table["value"].notna()]
            counts = mine.groupby("extractor").size()
            for column, name in enumerate([*others, *names]):
                low, high = result.interval(column)
                rows.append({
                    "gold": gold,
                    "extractor": name,
                    "human": name in people,
                    "metric": metric.name,
                    "value": or_none(result.means[column]),
                    "low": or_none(low),
                    "high": or_none(high),
                    "pages": int(counts.get(name, 0)),
                })  # fmt: skip
    return rows


def _values(
    opinions: Sequence[PageAnnotations],
    gold: str,
    people: Sequence[Run],
    runs: Sequence[Run],
    metrics: Sequence[Metric],
    profile: str,
) -> "pd.DataFrame":
    """Tidy rows as those of `bench.scoring.score.Scores.pages`, against one annotator's labels."""
    import pandas as pd

    needed = with_parts(metrics)
    values: list[tuple[Any, ...]] = []
    for page in opinions:
        present = [run for run in people if page.page.id in run.rows]
        if gold not in page.labels or not present:
            continue
        labelled = LabelledPage(page.page, page.texts, page.labels[gold])
        about = tuple(getattr(page.page, name) for name in ATTRIBUTES)
        compared = [*present, *runs]
        for run, case in zip(compared, page_cases(labelled, compared, profile), strict=True):
            values += [(run.name, page.page.id, m.name, *m.on(case), *about) for m in needed]
    columns = ["extractor", "id", "metric", "value", "weight", *ATTRIBUTES]
    return pd.DataFrame(values, columns=columns)
