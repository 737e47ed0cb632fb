"""Score annotators as if they were extractors: how well one's labels predict another's body.

No extractor can be expected to agree better with gold labels than a second annotator does; that is
the ceiling of a table of scores.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import nan

import numpy as np
from numpy.typing import NDArray

from bench.metrics import Metric
from bench.running import Run, RunHeader, RunRow
from bench.scoring.score import page_values, tidy, with_parts
from bench.scoring.statistics import or_none
from bench.scoring.summary import over_pages, pages_with_value
from corpus import DataError
from labels import ROLES, LabelledPage, Role, roles
from labels.annotation.agreement import Dispute, agreements, disputes, total_confusion
from labels.annotation.drafts.annotators import PageAnnotations


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """How far some annotators agree over a group of pages; None is what is not defined."""

    annotators: tuple[str, ...]
    group: str
    over: str
    """What is compared: ``labels`` or ``roles``."""
    pages: int
    lines: int
    share: float | None
    share_low: float | None
    share_high: float | None
    kappa: float | None
    kappa_low: float | None
    kappa_high: float | None
    alpha: float | None
    alpha_low: float | None
    alpha_high: float | None


@dataclass(frozen=True, slots=True)
class AnnotatorScore:
    """What one annotator, or a run, reaches against another annotator's labels as gold."""

    gold: str
    extractor: str
    human: bool
    """Whether the extractor is an annotator."""
    group: str
    metric: str
    value: float | None
    """None, as its interval, of no page."""
    low: float | None
    high: float | None
    pages: int


@dataclass(frozen=True, slots=True)
class AnnotatorComparison:
    """What annotators say of the same pages, compared."""

    corpus: str
    annotators: tuple[str, ...]
    pages: int
    """Pages that two of them at least have labelled."""
    agreement: list[AgreementRow]
    scores: list[AnnotatorScore]
    confusion: dict[tuple[str, str], NDArray[np.int64]]
    """Of each pair, lines by the labels of both; rows are the first one's."""
    disputes: list[Dispute]
    metrics: tuple[Metric, ...]
    by: str | None
    profile: str
    seed: int


def compare_annotators(
    corpus: str,
    annotated: Sequence[PageAnnotations],
    annotators: Sequence[str],
    metrics: Sequence[Metric],
    *,
    runs: Sequence[Run] = (),
    by: str | None = None,
    profile: str = "default",
    seed: int = 0,
) -> AnnotatorComparison:
    """Compare annotators over all pages and, with ``by``, over each group of them.

    Raises:
        DataError: if no page was labelled by two of them, or as `annotator_scores`.
    """
    shared = [page for page in annotated if len(page.labels) > 1]
    if not shared:
        raise DataError(
            f"{', '.join(annotators)} have labelled no page in common; agreement takes pages that "
            "two of them have labelled"
        )
    agreement: list[AgreementRow] = []
    scores: list[AnnotatorScore] = []
    for group, pages in _groups(shared, by):
        for over, roles_of in (("labels", None), ("roles", profile)):
            for found in agreements(pages, annotators, profile=roles_of, seed=seed):
                estimates = (found.share, found.kappa or (nan,) * 3, found.alpha)
                numbers = (or_none(number) for estimate in estimates for number in estimate)
                about = (found.annotators, group, over, found.pages, found.lines)
                agreement.append(AgreementRow(*about, *numbers))
        scores += annotator_scores(
            pages, annotators, metrics, runs=runs, group=group, profile=profile, seed=seed
        )
    return AnnotatorComparison(
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
    annotated: Sequence[PageAnnotations], by: str | None
) -> Iterator[tuple[str, list[PageAnnotations]]]:
    """Yield name and pages of each group, the group ``all`` first."""
    yield "all", list(annotated)
    if by is not None:
        values = [str(getattr(page.page, by) or "unknown") for page in annotated]
        for value in sorted(set(values)):
            yield value, [page for page, own in zip(annotated, values, strict=True) if own == value]


def run_of(annotator: str, annotated: Sequence[PageAnnotations], profile: str = "default") -> Run:
    """Make a run of an annotator's labels: what is body under the profile is kept."""
    kept = {
        page.page.id: roles(page.labels[annotator], profile) == ROLES.index(Role.BODY)
        for page in annotated
        if annotator in page.labels
    }
    rows = {page: RunRow(page, "ok", kept=lines) for page, lines in kept.items()}
    return Run(RunHeader(annotator), rows)


def annotator_scores(
    annotated: Sequence[PageAnnotations],
    annotators: Sequence[str],
    metrics: Sequence[Metric],
    *,
    runs: Sequence[Run] = (),
    group: str = "all",
    profile: str = "default",
    seed: int = 0,
) -> list[AnnotatorScore]:
    """Score each annotator against each other one's labels as gold, over the pages of both.

    ``runs`` are scored beside them, over the pages that gold and at least one other annotator have
    labelled; a page that a run lacks or failed on counts as keeping nothing. Intervals resample
    sites, as those of all scores. Rows come by gold, metric and extractor.

    Raises:
        DataError: if a run has the name of an annotator, or kept lines of another page.
    """
    names = [run.name for run in runs]
    if clash := sorted(set(names) & set(annotators)):
        raise DataError(f"run and annotator are both called {clash[0]!r}; rename the run")
    people = {name: run_of(name, annotated, profile) for name in annotators}
    needed = with_parts(metrics)
    rows: list[AnnotatorScore] = []
    for gold in annotators:
        others = [people[name] for name in annotators if name != gold]
        extractors = [*(run.name for run in others), *names]
        pages = tidy(
            row
            for page in annotated
            if gold in page.labels
            and (there := [other for other in others if page.page.id in other.rows])
            for labelled in [LabelledPage(page.page, page.texts, page.labels[gold])]
            for row in page_values(labelled, [*there, *runs], needed, profile)
        )
        for metric in metrics:
            result = over_pages(metric, pages, extractors, seed)
            counts = pages_with_value(metric, pages)
            rows += [
                AnnotatorScore(
                    gold, name, name in people, group, metric.name,
                    *result.estimate(column), counts[name],
                )
                for column, name in enumerate(extractors)
            ]  # fmt: skip
    return rows
