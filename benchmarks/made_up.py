"""What the training pages that are made up are worth: word F1 with and without them.

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
from ablation import word_f1_of
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.model import VIEWS, read_page
from baselines.threshold import keep_by_expected_f1, line_sizes
from baselines.training.augment_markup import old_markup
from baselines.training.cross_validation import FOLDS
from baselines.training.fit import fit_stages, site_folds
from baselines.training.samples import Sample, samples
from bench.scoring.statistics import bootstrap
from corpus import Lines, split_text
from labels import ROLES, LabelledPage, Role, open_dataset

NOISE = ROLES.index(Role.NOISE)

Way = Callable[[Sample], tuple[Lines, NDArray[np.intp]]]
"""A way in which a page is read: as which lines, and which of its lines they are."""


def rewritten(rewrite: Callable[[Lines], Lines]) -> Way:
    """All lines of a page, written otherwise."""
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
    labelled, pages, seed = arguments(__doc__)
    sites = [page.site for page in pages]
    print(f"{len(pages):,} pages         without    with  difference")
    for view, ways in WAYS.items():
        without, found = (
            scores(view, labelled, pages, ways, seed=seed, more=more) for more in (False, True)
        )
        for name in without:
            low, high = bootstrap(
                np.column_stack([found[name], without[name]]), sites, seed=0
            ).difference(0, 1)
            print(
                f"{name:20} {np.nanmean(without[name]):8.4f} {np.nanmean(found[name]):7.4f}"
                f"  {np.nanmean(found[name] - without[name]):+.4f} ({low:+.4f} to {high:+.4f})",
                flush=True,
            )


def arguments(description: str | None) -> tuple[list[LabelledPage], list[Sample], int]:
    """The pages that the command line names, as they are and as training sees them; the seed."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("dataset")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    labelled = list(islice(open_dataset(options.dataset).pages(), 0, None, options.every))
    return labelled, list(samples(labelled)), options.seed


def scores(
    view: str,
    labelled: Sequence[LabelledPage],
    pages: Sequence[Sample],
    ways: Mapping[str, Way],
    *,
    seed: int,
    more: bool = True,
) -> dict[str, NDArray[np.float64]]:
    """Word F1 of each page out of fold, by the way in which it is read."""
    found = {name: np.full(len(pages), np.nan) for name in ways}
    for test in site_folds(pages, FOLDS, seed):
        held_out = set(test)
        others = [page for row, page in enumerate(pages) if row not in held_out]
        stages = fit_stages(view, others, seed, more=more)
        for row in test:
            for name, way in ways.items():
                lines, lines_of_page = way(pages[row])
                kept = np.zeros(len(pages[row].lines), np.bool_)
                if len(lines):
                    features = VIEWS[view].features(Batch.of([lines]))
                    reading = read_page(VIEWS[view], stages, lines, features)
                    sizes = line_sizes(lines.chars)
                    kept[lines_of_page] = keep_by_expected_f1(
                        reading.probabilities, sizes, reading.share
                    )
                found[name][row] = word_f1_of(labelled[row], pages[row], kept)
    return found


if __name__ == "__main__":
    main()
