"""Show pages on which runs lose most, line by line, with the lines that they got wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from bench.metrics import Case, Metric
from bench.running import Run
from bench.scoring.cases import page_cases
from bench.scoring.compare import losses
from bench.scoring.score import NOT_RUN, Scores
from corpus import Page
from labels import LABELS, ROLES, LabelledPage, Role

_BODY, _NOISE = ROLES.index(Role.BODY), ROLES.index(Role.NOISE)
_MOST_LINES = 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one run made of a page."""

    name: str
    status: str
    value: float | None


@dataclass(frozen=True, slots=True)
class LineView:
    """A line, and which runs kept it and were wrong about it, in their order."""

    number: int
    """From 1."""
    label: str
    text: str
    kept: tuple[bool, ...]
    wrong: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """What a run, and the best of the others, made of one page."""

    page: Page
    loss: float
    """By how much the other's value is better."""
    runs: tuple[Verdict, ...]
    """The run, and the best of the others if there are any."""
    wrong: tuple[int, ...]
    """Lines that each got wrong."""
    lines: tuple[LineView | int, ...]
    """Lines that one of them got wrong, and those next to them; a number stands for as many lines
    left out."""


def page_views(scores: Scores, metric: Metric, count: int) -> dict[str, list[PageView]]:
    """By run, up to ``count`` pages on which it loses most by a metric, the greatest loss first.

    Each beside the run that is best there; a run alone is held against what is perfect. Pages that
    a run skipped or lacks are not among its own.
    """
    runs = {run.name: run for run in scores.runs}
    chosen = {name: dict(islice(_worst(scores, metric, name), count)) for name in runs}
    found: dict[tuple[str, str], PageView] = {}
    for labelled in scores.dataset.pages(scores.split):
        for name, of_run in chosen.items():
            if (verdicts := of_run.get(labelled.page.id)) is not None:
                found[name, labelled.page.id] = _view(labelled, *verdicts, runs, scores.profile)
    return {name: [found[name, page] for page in of_run] for name, of_run in chosen.items()}


def _worst(
    scores: Scores, metric: Metric, name: str
) -> Iterator[tuple[str, tuple[float, tuple[Verdict, ...]]]]:
    """Pages with what the run loses there, and the verdicts on it and on the best of the others."""
    ordered = sorted(scores.runs, key=lambda run: run.name != name)  # the run itself first
    pages = scores.pages["id"].nunique()
    rows = losses(replace(scores, runs=tuple(ordered), metrics=(metric,)), pages)
    sign = 1 if metric.higher_is_better else -1
    for page, (mine, *others) in groupby(rows, key=attrgetter("id")):
        if mine.status not in NOT_RUN:
            rivals = [row for row in others if row.value is not None]
            shown = [mine, *sorted(rivals, key=lambda row: -sign * (row.value or 0))[:1]]
            yield page, (mine.loss, tuple(Verdict(r.extractor, r.status, r.value) for r in shown))


def _view(
    labelled: LabelledPage,
    loss: float,
    verdicts: tuple[Verdict, ...],
    runs: Mapping[str, Run],
    profile: str,
) -> PageView:
    cases = list(page_cases(labelled, [runs[verdict.name] for verdict in verdicts], profile))
    kept = np.array([case.kept for case in cases])
    wrong = np.array([_wrong(case) for case in cases])
    return PageView(
        page=labelled.page,
        loss=loss,
        runs=verdicts,
        wrong=tuple(wrong.sum(axis=1).tolist()),
        lines=tuple(_lines(labelled, kept, wrong)),
    )


def _wrong(case: Case) -> NDArray[np.bool_]:
    wrong: NDArray[np.bool_] = np.where(case.kept, case.roles == _NOISE, case.roles == _BODY)
    return wrong


def _lines(
    labelled: LabelledPage, kept: NDArray[np.bool_], wrong: NDArray[np.bool_]
) -> Iterator[LineView | int]:
    """Of r runs, whose ``kept`` and ``wrong`` have shape (r, n)."""
    shown = np.convolve(wrong.any(axis=0), np.ones(3), "same") > 0
    shown[np.flatnonzero(shown)[_MOST_LINES:]] = False
    for is_shown, rows in groupby(range(len(labelled.texts)), key=shown.__getitem__):
        numbers: Sequence[int] = list(rows)
        if not is_shown:
            yield len(numbers)
            continue
        for row in numbers:
            yield LineView(
                row + 1,
                str(LABELS[labelled.labels[row]]),
                labelled.texts[row],
                tuple(kept[:, row].tolist()),
                tuple(wrong[:, row].tolist()),
            )
