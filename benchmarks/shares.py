"""How the share of expected F1 that lines are kept from suits pages of the kind that was seen.

    python benchmarks/shares.py DIR OTHER [--every N] [--view html|text]

Left, every N-th page of a dataset, cross-validated by site; right, the pages of another one, read
with weights that were fitted to those of the first alone. Each share's value is the mean of F1 in
characters and in lines, of pages of articles and of others, by what each page seems to be.
"""

import argparse
from collections.abc import Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from baselines.model import VIEWS, Reading, read_page
from baselines.regression import Stages
from baselines.training.cross_validation import FOLDS, SHARES, share_curves
from baselines.training.fit import fit_stages, site_folds
from baselines.training.samples import Sample, samples
from labels import open_dataset


def main() -> None:
    """Read both datasets, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset")
    parser.add_argument("other")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--view", choices=tuple(VIEWS), default="html")
    options = parser.parse_args()
    view = options.view
    labelled = islice(open_dataset(options.dataset).pages(), 0, None, options.every)
    seen, other = (
        [page for page in samples(pages) if view in page.features]
        for pages in (labelled, open_dataset(options.other).pages())
    )
    readings: list[Reading | None] = [None] * len(seen)
    for test in site_folds(seen, FOLDS, 0):
        held_out = set(test)
        stages = fit_stages(view, [p for row, p in enumerate(seen) if row not in held_out], 0)
        for row in test:
            readings[row] = read(view, stages, seen[row])
    stages = fit_stages(view, seen, 0)
    columns = [*means(seen, readings), *means(other, [read(view, stages, page) for page in other])]
    print(f"share  {len(seen):5,} pages out of fold    {len(other):5,} pages never seen")
    print("         articles   others         articles   others")
    for share, *values in zip(SHARES, *columns, strict=True):
        print(f"{share:5.2f}  {{:9.4f}} {{:9.4f}}     {{:9.4f}} {{:9.4f}}".format(*values))


def read(view: str, stages: Stages, page: Sample) -> Reading:
    """What the stages say of a page."""
    return read_page(VIEWS[view], stages, page.lines, page.features[view])


def means(
    pages: Sequence[Sample], readings: Sequence[Reading | None]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What each share is worth, on pages of articles and on others."""
    curves = share_curves(pages, readings)
    told = np.flatnonzero(~np.isnan(curves[:, 0]))
    articles = np.array([reading.article for row in told if (reading := readings[row])])
    return articles @ curves[told] / articles.sum(), (1 - articles) @ curves[told] / (
        1 - articles
    ).sum()


if __name__ == "__main__":
    main()
