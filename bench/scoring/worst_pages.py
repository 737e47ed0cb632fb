"""Show pages on which runs lose most, line by line, with the lines that they got wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, islice
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from bench.metrics import Metric
from bench.scoring.cases import page_cases
from bench.scoring.compare import Loss, losses
from bench.scoring.score import NOT_RUN, Scores
from corpus import Page
from labels import LABELS, ROLES, LabelledPage, Role

_BODY, _NOISE = ROLES.index(Role.BODY), ROLES.index(Role.NOISE)
_MOST_LINES = 100


@dataclass(frozen=True, slots=True)
class LineView:
    """Show a line, and which runs kept it and were wrong about it, in their order."""

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
    runs: tuple[Loss, ...]
    """The run, and the best of the others if there are any."""
    wrong: tuple[int, ...]
    """Lines that each got wrong."""
    lines: tuple[LineView | int, ...]
    """Lines that one of them got wrong, and those next to them; a number stands for as many lines
    left out."""


def page_views(scores: Scores, metric: Metric, count: int) -> dict[str, list[PageView]]:
    """Find, by run, up to ``count`` pages on which it loses most by a metric, most first.

    Each beside the run that is best there; a run alone is held against what is perfect. Pages that
    a run skipped or lacks are not among its own.
    """
    chosen = {name: dict(islice(_worst(scores, metric, name), count)) for name in scores.names}
    views = {
        (name, labelled.page.id): _view(labelled, of_run[labelled.page.id], scores)
        for labelled in scores.dataset.pages(scores.split)
        for name, of_run in chosen.items()
        if labelled.page.id in of_run
    }
    return {name: [views[name, page] for page in of_run] for name, of_run in chosen.items()}


def _worst(scores: Scores, metric: Metric, name: str) -> Iterator[tuple[str, tuple[Loss, ...]]]:
    """Yield pages with what the run reaches there, and the best of the others."""
    runs = sorted(scores.runs, key=lambda run: run.name != name)  # the run itself first
    rows = losses(replace(scores, runs=tuple(runs), metrics=(metric,)), len(scores.pages))
    sign = -1 if metric.higher_is_better else 1
    for page, (mine, *others) in groupby(rows, key=attrgetter("id")):
        if mine.status not in NOT_RUN:
            rivals = [row for row in others if row.value is not None]
            yield page, (mine, *sorted(rivals, key=lambda row: sign * (row.value or 0))[:1])


def _view(labelled: LabelledPage, shown: tuple[Loss, ...], scores: Scores) -> PageView:
    runs = {run.name: run for run in scores.runs}
    cases = list(page_cases(labelled, [runs[row.extractor] for row in shown], scores.profile))
    kept = np.array([case.kept for case in cases])
    wrong = np.where(kept, cases[0].roles == _NOISE, cases[0].roles == _BODY)
    counts = tuple(wrong.sum(axis=1).tolist())
    return PageView(labelled.page, shown, counts, tuple(_lines(labelled, kept, wrong)))


def _lines(
    labelled: LabelledPage, kept: NDArray[np.bool_], wrong: NDArray[np.bool_]
) -> Iterator[LineView | int]:
    """Yield the lines to show of r runs, whose ``kept`` and ``wrong`` have shape (r, n)."""
    shown = np.convolve(wrong.any(axis=0), np.ones(3), "same") > 0
    shown[np.flatnonzero(shown)[_MOST_LINES:]] = False
    for is_shown, rows in groupby(range(len(labelled.texts)), key=shown.__getitem__):
        if not is_shown:
            yield len(list(rows))
            continue
        for row in rows:
            yield LineView(
                row + 1,
                str(LABELS[labelled.labels[row]]),
                labelled.texts[row],
                tuple(kept[:, row].tolist()),
                tuple(wrong[:, row].tolist()),
            )
