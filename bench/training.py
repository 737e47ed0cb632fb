"""Training as a command does it: read datasets, cross-validate, fit, write model, card and run."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from baselines import Model
from baselines.training.cross_validation import CrossValidation, Fold, cross_validate
from baselines.training.fit import MODEL_VIEWS, fit
from baselines.training.model_card import interval, model_card
from baselines.training.samples import Sample, samples
from bench.extractors.extractor import kit_version
from bench.metrics import select_metrics
from bench.running import Run, RunHeader, RunRow, Status, write_run
from bench.scoring.score import score
from bench.scoring.summary import summarise
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
    out_of_fold: Path | None = None,
    leak_safe: bool = False,
    seed: int = 0,
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> Training:
    """Cross-validate a model by site, fit it to all pages, and write it with its card.

    Pages of a split ``test`` are never read; ``leak_safe`` leaves out those that another split has,
    too (`labels.datasets.checks.leaked_pages`). ``progress`` is called with the name of a piece of
    work, what is done of it, and its total.

    Raises:
        DataError: if a dataset cannot be opened, holds too little to train on, or
            ``out_of_fold`` is asked for with more than one dataset.
    """
    if out_of_fold is not None and len(names) != 1:
        raise DataError("an out-of-fold run covers one dataset; give --dataset once")
    datasets = [open_dataset(name) for name in dict.fromkeys(names)]
    pages, slices, leaking = _read(datasets, leak_safe, progress)
    result = cross_validate(
        MODEL_VIEWS[kind],
        pages,
        seed=seed,
        progress=lambda n, total: progress("cross-validation", n, total),
    )
    model = fit(kind, kit_version(), pages, result.shares, seed=seed)
    runs = [
        _out_of_fold_run(kind, dataset, pages, result, seed, leak_safe, rows)
        for dataset, rows in zip(datasets, slices, strict=True)
    ]
    rows = [_scores(run, dataset, seed) for run, dataset in zip(runs, datasets, strict=True)]
    remarks = [_sentence(row) for dataset_rows in rows for row in dataset_rows]
    remarks.append(_fitted(model, pages, leaking))

    written = [out / f"{kind}.json", out / f"{kind}.md"]
    write_atomically(written[0], model.to_json())
    card = model_card(model, datasets, result, rows, remarks[-1], seed)
    write_atomically(written[1], card)
    if out_of_fold is not None:
        write_run(out_of_fold, runs[0])
        written.append(out_of_fold)
    return Training(result.folds, tuple(remarks), tuple(written))


def _read(
    datasets: Sequence[Dataset], leak_safe: bool, progress: Callable[[str, int, int], None]
) -> tuple[list[Sample], list[range], int]:
    """The pages to train on, which of them are of each dataset, and how many were left out."""
    pages: list[Sample] = []
    slices: list[range] = []
    leaking = 0
    # A site that is tested on in one dataset is not trained on in another.
    reserved = {site for dataset in datasets for site in dataset.manifest.reserved_sites}
    for dataset in datasets:
        before = len(pages)
        split = dataset.training_split
        left_out = leaked_pages(dataset, split) if leak_safe else frozenset()
        leaking += len(left_out)
        total = dataset.manifest.splits[split] if split else dataset.manifest.pages
        used = (page for page in dataset.pages(split) if page.page.id not in left_out)
        for sample in samples(used, reserved):
            pages.append(sample)
            progress(f"features of {dataset.name}", len(pages) - before, total - len(left_out))
        slices.append(range(before, len(pages)))
    return pages, slices, leaking


def _out_of_fold_run(
    kind: str,
    dataset: Dataset,
    pages: Sequence[Sample],
    result: CrossValidation,
    seed: int,
    leak_safe: bool,
    rows: range,
) -> Run:
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
    done = {}
    for row in rows:
        kept = result.kept[row]
        status: Status = "ok" if kept.any() else "empty"
        done[pages[row].id] = RunRow(pages[row].id, status, kept=kept if kept.any() else None)
    return Run(header, done)


def _scores(run: Run, dataset: Dataset, seed: int) -> list[dict[str, Any]]:
    metrics = select_metrics(_CARD_METRICS)
    return list(map(asdict, summarise(score([run], dataset, metrics, seed=seed))))


def _sentence(row: dict[str, Any]) -> str:
    return (
        f"{row['dataset']}, out of fold, {row['pages']:,} pages: "
        f"{row['metric'].replace('_', ' ')} {interval(row)}"
    )


def _fitted(model: Model, pages: Sequence[Sample], leaking: int) -> str:
    reserved = sum(page.reserved for page in pages)
    empty = sum(not page.usable for page in pages if not page.reserved)
    leaks = f", {leaking:,} since they leak between splits" if leaking else ""
    return (
        f"fitted to {len(model.trained_on):,} of {len(pages) + leaking:,} pages: {reserved:,} left "
        f"out since their site is in a test split, {empty:,} since their gold text is empty{leaks}"
    )
