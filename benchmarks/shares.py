"""Measure how each share of expected F1 that lines are kept from suits pages of another source.

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

from baselines.model import VIEWS, Reading
from baselines.training.cross_validation import FOLDS
from baselines.training.fit import fit_folds, fit_stages
from baselines.training.samples import Sample, read_sample, samples
from baselines.training.shares import SHARES, share_curves
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
    of_seen = {
        row: read_sample(view, stages, seen[row])
        for test, stages in fit_folds(view, seen, FOLDS, 0)
        for row in test
    }
    stages = fit_stages(view, seen, 0)
    of_other = [read_sample(view, stages, page) for page in other]
    columns = [*means(seen, [of_seen[row] for row in range(len(seen))]), *means(other, of_other)]
    print(f"share  {len(seen):5,} pages out of fold    {len(other):5,} pages never seen")
    print("         articles   others         articles   others")
    for share, *values in zip(SHARES, *columns, strict=True):
        print(f"{share:5.2f}  {{:9.4f}} {{:9.4f}}     {{:9.4f}} {{:9.4f}}".format(*values))


def means(
    pages: Sequence[Sample], readings: Sequence[Reading]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How good each share is, on pages of articles and on others."""
    curves = share_curves(pages, readings)
    usable = np.flatnonzero(~np.isnan(curves[:, 0]))
    articles = np.array([readings[row].article for row in usable])
    of_articles, of_others = (w @ curves[usable] / w.sum() for w in (articles, 1 - articles))
    return of_articles, of_others


if __name__ == "__main__":
    main()
