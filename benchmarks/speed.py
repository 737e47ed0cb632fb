"""Pages a second, on one core, over the pages of an imported dataset.

    python benchmarks/speed.py DIR [--pages N] [--rounds N]

Times decode + split, alignment of each gold text with its page, and `logreg` end to end: bytes of
HTML in, kept lines out. With several rounds the fastest counts; other work on the machine only
ever makes a round slower.
"""

import argparse
import time
from collections.abc import Callable, Sequence

from threadpoolctl import threadpool_limits

from baselines import LineClassifier
from corpus import Page
from labels import LabelledPage, align, open_dataset


def main() -> None:
    """Time each step and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset")
    parser.add_argument("--pages", type=int, default=None, help="only the first N")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    pages = list(open_dataset(options.dataset).pages())[: options.pages]
    model = LineClassifier.load("logreg")
    steps: dict[str, Callable[[LabelledPage], object]] = {
        "decode + split": lambda labelled: labelled.page.lines(),
        "align": lambda labelled: align(labelled.texts, labelled.gold_text or ""),
        "logreg, end to end": lambda labelled: model.keep(_fresh(labelled.page)),
    }
    with threadpool_limits(1):
        for name, step in steps.items():
            seconds = min(_seconds(step, pages) for _ in range(options.rounds))
            print(f"{name:20} {len(pages) / seconds:8.0f} pages/s  ({len(pages):,} pages)")


def _fresh(page: Page) -> Page:
    """The page as it comes: bytes."""
    return Page(page.id, page.raw, page.markup)


def _seconds(step: Callable[[LabelledPage], object], pages: Sequence[LabelledPage]) -> float:
    began = time.perf_counter()
    for labelled in pages:
        step(labelled)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
