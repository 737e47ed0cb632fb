"""Train as a command does: read datasets, cross-validate, fit, write model, card and run."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from baselines import Model
from baselines.training.cross_validation import Fold, cross_validate
from baselines.training.fit import MODEL_VIEWS, fit
from baselines.training.model_card import CardSource, model_card
from baselines.training.samples import Sample, samples, weigh_sources
from bench.extractors.extractor import kit_version
from bench.metrics import select_metrics
from bench.running import Run, RunHeader, RunRow, write_run
from bench.scoring.score import score
from bench.scoring.summary import Score, summarise
from corpus import DataError
from corpus.files import write_atomically
from labels import Dataset, open_dataset
from labels.datasets.checks import leaked_pages

_CARD_METRICS = ("line_f1", "char_f1", "word_f1", "token_f1")


@dataclass(frozen=True, slots=True)
class Training:
    """What a training found and wrote."""

    folds: tuple[Fold, ...]
    remarks: tuple[str, ...]
    """Sentences: out-of-fold scores for each dataset, pages fitted to and left out."""
    written: tuple[Path, ...]


def train_model(
    kind: str,
    names: Sequence[str],
    out: Path,
    *,
    weights: Mapping[str, float] | None = None,
    out_of_fold: Path | None = None,
    leak_safe: bool = False,
    seed: int = 0,
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> Training:
    """Cross-validate a model by site, fit it to all pages, and write it with its card.

    Pages of a split ``test`` are never read; ``leak_safe`` leaves out those that another split has,
    too (`labels.datasets.checks.leaked_pages`). The pages of a dataset together count for the root
    of how many they are, times its weight by name. ``progress`` is called with the name of a piece
    of work, what is done of it, and its total.

    Raises:
        DataError: if a dataset cannot be opened, holds too little to train on, a weight is of none
            of them, or ``out_of_fold`` is set with more than one dataset.
    """
    if out_of_fold is not None and len(names) != 1:
        raise DataError("an out-of-fold run covers one dataset; give --dataset once")
    datasets = [open_dataset(name) for name in dict.fromkeys(names)]
    weights = weights or {}
    if unknown := sorted(weights.keys() - {dataset.name for dataset in datasets}):
        shown = ", ".join(dataset.name for dataset in datasets)
        raise DataError(f"a weight of {unknown[0]!r}, but the datasets are {shown}")
    pages, rows, leaking = _read(datasets, leak_safe, progress)
    pages = weigh_sources(pages, weights)
    result = cross_validate(
        MODEL_VIEWS[kind],
        pages,
        seed=seed,
        progress=lambda n, total: progress("cross-validation", n, total),
    )
    model = fit(kind, kit_version(), pages, seed=seed)
    metrics = select_metrics(_CARD_METRICS)
    runs: list[Run] = []
    scores: list[Score] = []
    for dataset, of_dataset in zip(datasets, rows, strict=True):
        header = RunHeader(
            extractor=kind,
            version=kit_version(),
            options={"folds": len(result.folds)},
            dataset=dataset.location,
            split=dataset.training_split,
            fingerprint=dataset.manifest.fingerprint,
            splitter=dataset.manifest.splitter,
            seed=seed,
            out_of_fold=True,
            leak_safe=leak_safe,
        )
        decided = (_decision(pages[row], result.kept[row]) for row in of_dataset)
        runs.append(Run(header, {row.id: row for row in decided}))
        scores += summarise(score(runs[-1:], dataset, metrics, seed=seed))
    fitted = _fitted(model, pages, leaking)
    card_rows = [(row.dataset, row.metric, _interval(row), row.pages) for row in scores]
    contents = {
        out / f"{kind}.json": model.to_json(),
        out / f"{kind}.md": model_card(
            model, _sources(datasets, weights), result, card_rows, fitted, seed
        ),
    }
    for path, content in contents.items():
        write_atomically(path, content)
    if out_of_fold is not None:
        write_run(out_of_fold, runs[0])
    return Training(
        result.folds,
        (*map(_sentence, scores), fitted),
        (*contents, *([out_of_fold] if out_of_fold is not None else [])),
    )


def _read(
    datasets: Sequence[Dataset], leak_safe: bool, progress: Callable[[str, int, int], None]
) -> tuple[list[Sample], list[range], int]:
    """Read the pages to train on, which are of each dataset, and how many were left out."""
    pages: list[Sample] = []
    rows: list[range] = []
    leaking = 0
    # A site that is tested on in one dataset is not trained on in another.
    reserved = {site for dataset in datasets for site in dataset.manifest.reserved_sites}
    for dataset in datasets:
        before, split = len(pages), dataset.training_split
        left_out = leaked_pages(dataset, split) if leak_safe else frozenset()
        leaking += len(left_out)
        total = dataset.manifest.splits[split] if split else dataset.manifest.pages
        used = (page for page in dataset.pages(split) if page.page.id not in left_out)
        for sample in samples(used, reserved, dataset.name):
            pages.append(sample)
            progress(f"features of {dataset.name}", len(pages) - before, total - len(left_out))
        rows.append(range(before, len(pages)))
    return pages, rows, leaking


def _sources(datasets: Sequence[Dataset], weights: Mapping[str, float]) -> list[CardSource]:
    sources = []
    for dataset in datasets:
        licences = Counter(
            labelled.page.licence or dataset.manifest.licence
            for labelled in dataset.pages(dataset.training_split)
        )
        named = [
            f"{licence} ({count:,} pages)" if len(licences) > 1 else licence
            for licence, count in licences.most_common()
        ]
        sources.append(CardSource(
            dataset, sum(licences.values()), "; ".join(named), weights.get(dataset.name, 1.0)
        ))  # fmt: skip
    return sources


def _decision(page: Sample, kept: NDArray[np.bool_]) -> RunRow:
    return RunRow(page.id, "ok", kept=kept) if kept.any() else RunRow(page.id, "empty")


def _sentence(row: Score) -> str:
    metric = row.metric.replace("_", " ")
    return f"{row.dataset}, out of fold, {row.pages:,} pages: {metric} {_interval(row)}"


def _interval(row: Score) -> str:
    if row.low is None:
        return f"{row.value:.3f}"
    return f"{row.value:.3f} ({row.low:.3f} to {row.high:.3f})"


def _fitted(model: Model, pages: Sequence[Sample], leaking: int) -> str:
    reserved = sum(page.reserved for page in pages)
    empty = sum(not page.usable for page in pages if not page.reserved)
    leaks = f", {leaking:,} because they leak between splits" if leaking else ""
    return (
        f"fitted to {len(model.trained_on):,} of {len(pages) + leaking:,} pages: {reserved:,} left "
        f"out because their site is in a test split, {empty:,} because their gold text is "
        f"empty{leaks}"
    )
