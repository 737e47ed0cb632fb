"""Measure what the training pages that are made up are worth: word F1 with and without them.

    python benchmarks/made_up.py DIR [--every N] [--seed S]

Cross-validations by site on every N-th page of the dataset, with the share of expected F1 that
models have before any is chosen. The view with HTML reads each page as it is and in the markup of
twenty years ago, that of text alone as it is and without its noise. Intervals of 95 % by bootstrap
over sites, paired page by page.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.model import VIEWS, read_pages
from baselines.threshold import keep_by_expected_f1, line_sizes
from baselines.training.augment_markup import old_markup
from baselines.training.cross_validation import FOLDS
from baselines.training.fit import fit_folds
from baselines.training.samples import Sample, samples
from bench.metrics import METRICS
from bench.running import Run, RunHeader, RunRow
from bench.scoring.cases import page_cases
from bench.scoring.statistics import bootstrap
from corpus import Lines, split_text
from labels import ROLES, LabelledPage, Role, open_dataset

NOISE = ROLES.index(Role.NOISE)

Way = Callable[[Sample], tuple[Lines, NDArray[np.intp]]]
"""A way in which a page is read: as which lines, and which of its lines they are."""


def rewritten(rewrite: Callable[[Lines], Lines]) -> Way:
    """Read all lines of a page, after they were rewritten."""
    return lambda page: (rewrite(page.lines), np.arange(len(page.lines)))


def body_alone(page: Sample) -> tuple[Lines, NDArray[np.intp]]:
    """The text of a page without its noise."""
    rows = np.flatnonzero(page.roles != NOISE)
    return split_text("\n".join([page.lines.texts[row] for row in rows])), rows


AS_IT_IS = rewritten(lambda lines: lines)
WAYS: dict[str, dict[str, Way]] = {
    "html": {"html, as it is": AS_IT_IS, "html, in old markup": rewritten(old_markup)},
    "text": {"text, as it is": AS_IT_IS, "text, body alone": body_alone},
}
"""The ways in which pages are read, for each view."""


def main() -> None:
    """Cross-validate with and without, and print the table."""
    labelled, pages, options = arguments(__doc__, seed=0)
    print(f"{len(pages):,} pages         without    with  difference")
    for view, ways in WAYS.items():
        without, found = (
            scores(view, labelled, pages, ways, seed=options.seed, augment=augment)
            for augment in (False, True)
        )
        for name in without:
            means = f"{np.nanmean(without[name]):8.4f} {np.nanmean(found[name]):7.4f}"
            gained = difference(found[name], without[name], pages)
            print(f"{name:20} {means}  {gained}", flush=True)


def arguments(
    description: str | None, **options: str | int
) -> tuple[list[LabelledPage], list[Sample], argparse.Namespace]:
    """The pages that the command line names, as labelled and as training sees them; its options.

    Beside ``--every``, there are the options that are named here with their defaults.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("dataset")
    parser.add_argument("--every", type=int, default=1)
    for name, default in options.items():
        choices = tuple(VIEWS) if name == "view" else None
        parser.add_argument(f"--{name}", type=type(default), default=default, choices=choices)
    chosen = parser.parse_args()
    labelled = list(islice(open_dataset(chosen.dataset).pages(), 0, None, chosen.every))
    return labelled, list(samples(labelled)), chosen


def scores(
    view: str,
    labelled: Sequence[LabelledPage],
    pages: Sequence[Sample],
    ways: Mapping[str, Way],
    *,
    seed: int,
    augment: bool = True,
) -> dict[str, NDArray[np.float64]]:
    """Word F1 of each page out of fold, by the way in which it is read; NaN without the view."""
    found = {name: np.full(len(pages), np.nan) for name in ways}
    for test, stages in fit_folds(view, pages, FOLDS, seed, augment=augment):
        for row in (row for row in test if view in pages[row].features):
            for name, way in ways.items():
                lines, lines_of_page = way(pages[row])
                kept = np.zeros(len(pages[row].lines), np.bool_)
                if len(lines):
                    (reading,) = read_pages(VIEWS[view], stages, Batch.of([lines]))
                    kept[lines_of_page] = keep_by_expected_f1(
                        reading.probabilities, line_sizes(lines.chars), reading.share
                    )
                found[name][row] = word_f1_of(labelled[row], kept)
    return found


def word_f1_of(page: LabelledPage, kept: NDArray[np.bool_]) -> float:
    """Word F1 of what is kept of a page, as a run of it is scored."""
    row = RunRow(page.page.id, "ok", kept=kept)
    (case,) = page_cases(page, [Run(RunHeader("benchmark"), {row.id: row})])
    return METRICS["word_f1"].on(case).value


def difference(
    first: NDArray[np.float64], other: NDArray[np.float64], pages: Sequence[Sample]
) -> str:
    """The mean difference of two scores of the pages that have both, with its interval."""
    rows = np.flatnonzero(~np.isnan(first - other))
    pairs, sites = np.column_stack([first, other])[rows], [pages[row].site for row in rows]
    mean, low, high = bootstrap(pairs, sites, seed=0).difference(0, 1)
    return f"{mean:+.4f} ({low:+.4f} to {high:+.4f})"


if __name__ == "__main__":
    main()
