"""Run extractors, score runs and show scores: what a notebook calls, and the commands too.

`docs/runs.md` has an example.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.extract import extract_page
from bench.extractors.registry import find, installed, under
from bench.metrics import select_metrics
from bench.report import Report, render
from bench.report.comparison import comparison_report
from bench.report.figures import floors_report
from bench.report.html import html_report
from bench.report.scores import scores_report
from bench.running import read_runs, runner
from bench.scoring.gate import bounds, pin, read_floors, write_floors
from bench.scoring.score import Scores, dataset_of
from bench.scoring.score import score as score_runs
from corpus import DataError
from labels import Dataset, body_labels, open_dataset

__all__ = [
    "comparison_report",
    "extract_page",
    "gate",
    "html_report",
    "render",
    "run",
    "score",
    "scores_report",
]

METRICS = ("line_f1", "char_f1", "word_f1")
"""What is measured by default."""


def run(
    extractors: Sequence[str] = (),
    dataset: str | Dataset = "starter",
    *,
    out: Path | None = None,
    split: str | None = None,
    profile: str = "default",
    remark: Callable[[str], None] = lambda text: None,
    **running: Any,
) -> list[Path]:
    """Run extractors, by default all that are installed, over the pages of a split.

    ``split`` may be ``all``; without it the dataset's default holds. Under a profile, the kit's
    models keep what it counts as body. ``running`` are more arguments of
    `bench.running.runner.run`: jobs, limits, seed ...

    Returns:
        The run files, in ``out``, by default ``runs/DATASET``.

    Raises:
        DataError: if there is no such extractor, dataset, split or profile.
    """
    body_labels(profile)
    opened = open_dataset(dataset) if isinstance(dataset, str) else dataset
    chosen_split = opened.choose_split(split)
    chosen = [find(name) for name in dict.fromkeys(extractors)] or installed()
    folder = out or Path("runs") / opened.name
    what = chosen[0].name if len(chosen) == 1 else f"{len(chosen)} extractors"
    remark(f"{what} on {opened.name}, split {chosen_split or 'all'}; run files in {folder}")
    extractors_under = [under(extractor, profile) for extractor in chosen]
    return runner.run(
        opened, extractors_under, folder, split=chosen_split, remark=remark, **running
    )


def score(
    runs: Sequence[Path],
    *,
    metrics: Sequence[str] = METRICS,
    dataset: str | Dataset | None = None,
    split: str | None = None,
    profile: str = "default",
    leak_safe: bool = False,
    seed: int = 0,
) -> Scores:
    """Score run files against the labels of their dataset.

    ``metrics`` are names or families (``line``, ``leak``). ``dataset`` says where the dataset is
    if it is not where the runs say. See `bench.scoring.score.score` for the rest.

    Raises:
        DataError: if a file is no run, the runs do not go together, or there is no such metric,
            profile or dataset.
    """
    selected = select_metrics(tuple(metrics))
    read = read_runs(runs)
    opened = dataset if isinstance(dataset, Dataset) else dataset_of(read, dataset)
    return score_runs(
        read, opened, selected, profile=profile, split=split, leak_safe=leak_safe, seed=seed
    )


def gate(
    run: Path,
    path: Path,
    *,
    update: bool = False,
    allow_regression: bool = False,
    dataset: str | None = None,
    by: str | None = None,
    **scoring: Any,
) -> Report | None:
    """Hold a run file against the floors in a file, or pin them to what it reaches.

    Values are those of all pages together. ``update`` raises the floors if the run holds all of
    them, with ``allow_regression`` in any case; it writes a new file, too. An existing file says
    what is measured; ``by`` and ``scoring``, arguments of `score`, are for a new one.

    Returns:
        Each floor beside the value, whose ``data`` are `bench.scoring.gate.Bound`; None where
        nothing is compared.

    Raises:
        DataError: if the file is missing and not to be written, the run is of something else than
            the floors, or as `score`.
    """
    floors = read_floors(path) if path.exists() else None
    if floors:
        by, scoring = floors.by, floors.scoring()
    elif not update:
        raise DataError(f"{path}: no such file; pin the values of a run with --update")
    now = pin(score([run], dataset=dataset, **scoring), by)
    found = list(bounds(floors, now)) if floors and not allow_regression else []
    if update and all(bound.held for bound in found):
        write_floors(path, now)
    return floors_report(floors, found) if floors and found else None
