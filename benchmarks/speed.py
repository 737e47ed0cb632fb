"""Measure pages a second, on one core, over the pages of an imported dataset.

    python benchmarks/speed.py DIR [--every N] [--rounds N] [--memory PAGES]

Bytes of HTML in, kept lines or text out: `logreg` in batches and page by page, trafilatura and
resiliparse by turns on the same pages, and what the steps of `logreg` take. With several rounds the
fastest counts; other work on the machine only ever makes a round slower. With --memory it instead
lets `logreg` decide so many pages in a stream and prints the memory the process holds on the way.
"""

import argparse
import resource
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import count, cycle, islice

from threadpoolctl import threadpool_limits

from baselines import LineClassifier, Model
from baselines.features.batch import Batch
from baselines.model import VIEWS, read_pages
from corpus import Page
from labels import LabelledPage, align, open_dataset

_REPORTS = 10
_AT_ONCE = 8  # pages


def main() -> None:
    """Time each step and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", type=int, metavar="PAGES")
    options = parser.parse_args()
    labelled = islice(open_dataset(options.dataset).pages(), 0, None, options.every)
    pages = [one for one in labelled if one.page.markup == "html"]
    with threadpool_limits(1):
        if options.memory:
            watch_memory(pages, options.memory)
        else:
            compare(pages, options.rounds)
            time_steps(pages, options.rounds)


def compare(pages: Sequence[LabelledPage], rounds: int) -> None:
    """Print pages a second of each, and how that compares with trafilatura."""
    import trafilatura
    from resiliparse.extract.html2text import extract_plain_text

    model = LineClassifier.load("logreg")
    contenders: dict[str, Callable[[Iterator[Page]], Iterable[object]]] = {
        "trafilatura": partial(map, lambda page: trafilatura.extract(page.content())),
        "logreg": model.keep_many,
        "logreg, one by one": partial(map, model.keep),
        "resiliparse": partial(
            map, lambda page: extract_plain_text(page.content(), main_content=True)
        ),
    }
    best = dict.fromkeys(contenders, float("inf"))
    for _ in range(rounds):
        for name, extract in contenders.items():
            began = time.process_time()
            for _ in extract(_fresh(labelled.page) for labelled in pages):
                pass
            best[name] = min(best[name], time.process_time() - began)
    print(f"end to end, {len(pages):,} pages:")
    for name, seconds in best.items():
        ratio = best["trafilatura"] / seconds
        print(f"  {name:20} {len(pages) / seconds:8.0f} pages/s  {ratio:6.1f} times trafilatura")


def time_steps(pages: Sequence[LabelledPage], rounds: int) -> None:
    """Print the milliseconds a page that each step takes."""
    model = Model.load("logreg")
    if model.html is None:
        raise SystemExit("this needs weights for HTML")
    view, stages = VIEWS["html"], model.html
    lines = [one for labelled in pages if len(one := labelled.page.lines())]
    batches = [Batch.of(lines[at : at + _AT_ONCE]) for at in range(0, len(lines), _AT_ONCE)]
    read = [(batch, view.features(batch)) for batch in batches]
    steps: dict[str, Callable[[], object]] = {
        "decode": lambda: [_fresh(labelled.page).content() for labelled in pages],
        "decode and split": lambda: [_fresh(labelled.page).lines() for labelled in pages],
        "features": lambda: [view.features(batch) for batch in batches],
        "both stages": lambda: [
            [reading.probabilities for reading in read_pages(view, stages, batch, features)]
            for batch, features in read
        ],
        "align a gold text": lambda: [
            align(labelled.texts, labelled.gold_text or "") for labelled in pages
        ],
    }
    print("milliseconds a page:")
    for name, step in steps.items():
        milliseconds = 1000 * min(_seconds(step) for _ in range(rounds)) / len(pages)
        print(f"  {name:20} {milliseconds:8.2f}")


def watch_memory(pages: Sequence[LabelledPage], total: int) -> None:
    """Print the most memory the process has held, as pages go through."""
    model = LineClassifier.load("logreg")
    stream: Iterator[Page] = (_fresh(labelled.page) for labelled in cycle(pages))
    done = count(1)
    for _ in model.keep_many(islice(stream, total)):
        number = next(done)
        if number % max(total // _REPORTS, 1) == 0:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{number:9,} pages  {peak:7.0f} MB at most", flush=True)


def _fresh(page: Page) -> Page:
    """The page as it comes: bytes."""
    return Page(page.id, page.raw, page.markup)


def _seconds(step: Callable[[], object]) -> float:
    began = time.process_time()
    step()
    return time.process_time() - began


if __name__ == "__main__":
    main()
