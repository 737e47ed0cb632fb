"""Measure what travels: fit to all sources but one, and score that one, each in turn.

    python benchmarks/travel.py SOURCE... [--runs DIR] [--view html|text] [--out DIR]
        [--only NAME...] [--every N] [--without STEP...]

A SOURCE is a dataset's folder, or ``starter``. Weights are fitted to pages of the other sources
alone, and none whose site the source has. With ``--runs``, the extractors whose runs stand in
``DIR/NAME/*.jsonl`` (``bench run trafilatura ... -d SOURCE -o DIR/NAME``) are scored on the same
pages, paired over sites. ``--out`` writes the decisions as runs. ``--without`` leaves steps of the
fit out: ``names`` (words of classes and ids), ``grafts`` (parts of other pages put in, and bodies
taken out), ``old`` (old markup), ``text`` (made-up pages of text), ``kinds`` (articles and other
pages), ``weights`` (of sources). Last come the means with other shares of the F1 that can be
expected.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.features.columns import Features
from baselines.model import VIEWS, Reading
from baselines.names import TARGETS, Names
from baselines.threshold import expected_f1, keep_by_expected_f1, line_sizes
from baselines.training import fit
from baselines.training.samples import Sample, read_sample, samples, weigh_sources
from bench.metrics import METRICS
from bench.running import Run, RunHeader, RunRow, read_run, write_run
from bench.scoring.compare import compare
from bench.scoring.score import score
from labels import Dataset, open_dataset
from labels.f1 import body_f1

_METRIC = METRICS["token_f1"]
_NAME = "logreg"
_SHARES = (0.4, 0.5, 0.6, 0.7)
_LEASTS = (0.1, 0.2, 0.3, 0.4, 0.5)


def _no_samples(*_: object) -> list[Sample]:
    return []


def _no_names(pages: Sequence[Sample], *_: object) -> tuple[Names, list[Features]]:
    """Weigh no words: all lines of all pages have the same scores."""
    nothing = Names({}, (0.0,) * len(TARGETS))
    return nothing, [nothing.scores(Batch.of([page.lines])) for page in pages]


STEPS: dict[str, dict[str, Callable[..., object]]] = {
    "names": {"fit_names": _no_names},
    "grafts": {"grafted_samples": _no_samples},
    "old": {"old_markup_samples": _no_samples},
    "text": {"text_samples": _no_samples},
    "kinds": {},
    "weights": {},
}
"""What stands in for functions of the fit where a step is left out."""


@dataclass(frozen=True)
class Source:
    """A dataset, and its pages as training sees them."""

    dataset: Dataset
    pages: list[Sample]


def main() -> None:
    """Read the sources, leave out each in turn, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--runs", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--view", choices=tuple(VIEWS), default="html")
    parser.add_argument("--without", nargs="*", choices=tuple(STEPS), default=())
    options = parser.parse_args()
    view: str = options.view
    sources = [read_source(name, view, options.every) for name in options.sources]
    everything = [page for source in sources for page in source.pages]
    if "weights" not in options.without:
        everything = weigh_sources(everything, {})
    if "kinds" in options.without:
        everything = [replace(page, is_article=None) for page in everything]
    for step in options.without:
        for name, stand_in in STEPS[step].items():
            setattr(fit, name, stand_in)
    rows, curves = [], []
    for source in sources:
        if options.only and source.dataset.name not in options.only:
            continue
        readings = left_out(view, source, everything)
        curves.append(cuts(source.pages, readings))
        run = run_of(source, readings)
        if options.out:
            write_run(options.out / source.dataset.name / f"{_NAME}.jsonl", run)
        others = other_runs(options.runs, source, run) if options.runs else []
        rows.append(row(source, [run, *others]))
        print(rows[-1][1], flush=True)
    names = sorted({name for values, _ in rows for name in values})
    means = {name: np.mean([values.get(name, np.nan) for values, _ in rows]) for name in names}
    print("macro mean of", len(rows), *(f"{name} {mean:.4f}" for name, mean in means.items()))
    print("F1 in characters, macro mean, by share and least probability")
    print("     ", *(f"{least:6}" for least in _LEASTS))
    for share, of_leasts in zip(_SHARES, np.mean(curves, axis=0), strict=True):
        print(f"{share:5}", *(f"{mean:.4f}" for mean in of_leasts))


def read_source(name: str, view: str, every: int) -> Source:
    """Read every so many-th page that has HTML and a gold text or labels."""
    dataset = open_dataset(name)
    pages = samples(list(dataset.pages(None))[::every], source=dataset.name)
    return Source(dataset, [p for p in pages if p.usable and {view, "html"} <= p.features.keys()])


def left_out(view: str, source: Source, everything: Sequence[Sample]) -> list[Reading]:
    """Read a source's pages with weights that saw no page of it, nor of its sites."""
    sites = {page.site for page in source.pages}
    others = [page for page in everything if page.source != source.dataset.name]
    stages = fit.fit_stages(view, [page for page in others if page.site not in sites], 0)
    return [read_sample(view, stages, page) for page in source.pages]


def run_of(source: Source, readings: Sequence[Reading]) -> Run:
    """Make the run of what is kept of each page."""
    header = RunHeader(
        _NAME,
        dataset=source.dataset.location,
        fingerprint=source.dataset.manifest.fingerprint,
        splitter=source.dataset.manifest.splitter,
        out_of_fold=True,
    )
    rows = {}
    for page, reading in zip(source.pages, readings, strict=True):
        sizes = line_sizes(page.lines.chars)
        kept = keep_by_expected_f1(reading.probabilities, sizes, reading.share)
        found = RunRow(page.id, "ok", kept=kept) if kept.any() else RunRow(page.id, "empty")
        rows[page.id] = found
    return Run(header, rows)


def cuts(pages: Sequence[Sample], readings: Sequence[Reading]) -> NDArray[np.float64]:
    """Average the F1 of body in characters over pages, shape (shares, least probabilities)."""
    scores = np.zeros((len(_SHARES), len(_LEASTS)))
    for page, reading in zip(pages, readings, strict=True):
        likely, chars = reading.probabilities, page.lines.chars
        expected = expected_f1(likely, line_sizes(chars))
        for at, (share, least) in enumerate(product(_SHARES, _LEASTS)):
            kept = likely >= max(share * expected, least)
            scores.flat[at] += body_f1(page.roles, kept, chars)
    return scores / len(pages)


def other_runs(folder: Path, source: Source, run: Run) -> list[Run]:
    """Read the runs over the source, less the pages that are not compared."""
    paths = sorted((folder / source.dataset.name).glob("*.jsonl"))
    runs = [read_run(path) for path in paths]
    return [
        replace(
            other,
            header=replace(other.header, split=run.header.split, dataset=run.header.dataset),
            rows={page: row for page, row in other.rows.items() if page in run.rows},
        )
        for other in runs
    ]


def row(source: Source, runs: Sequence[Run]) -> tuple[Mapping[str, float], str]:
    """Score the runs of a source, and say how the first compares with the best of the others."""
    scores = score(runs, source.dataset, [_METRIC])
    scored = {page.id for page in source.pages}
    scores = replace(scores, pages=scores.pages[scores.pages["id"].isin(scored)])
    compared = compare(scores) if len(runs) > 1 else []
    values = {one.other: one.other_value or 0.0 for one in compared}
    own = float(scores.pages.query("extractor == @_NAME")["value"].mean())
    text = f"{source.dataset.name:12} {len(scored):5,} pages  {_NAME} {own:.4f}"
    for one in sorted(compared, key=lambda one: -(one.other_value or 0))[:2]:
        text += (
            f"  {one.other} {one.other_value:.4f}, difference {one.difference:+.3f} "
            f"({one.low:+.3f} to {one.high:+.3f}) {one.verdict}"
        )
    return {_NAME: own, **values}, text


if __name__ == "__main__":
    main()
