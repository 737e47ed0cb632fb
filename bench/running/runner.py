"""A dataset through extractors: runs, in parallel, resumable."""

import os
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.extractors.extractor import Extractor, kit_version
from bench.running import RunHeader, RunWriter, read_header, run_path
from bench.running.sandbox import Sandbox
from labels import Dataset
from labels.datasets.checks import leaked_pages

Progress = Callable[[str, int, int], None]
"""Told an extractor's name, how many pages are done, and of how many."""


def run(
    dataset: Dataset,
    extractors: Sequence[Extractor],
    out: Path,
    *,
    split: str | None,
    jobs: int,
    timeout: float,
    memory_mb: int,
    seed: int = 0,
    leak_safe: bool = False,
    fresh: bool = False,
    progress: Progress = lambda name, done, total: None,
    remark: Callable[[str], None] = lambda text: None,
) -> list[Path]:
    """Run extractors, one after the other, over the pages of a split (None: of all splits).

    Each writes ``EXTRACTOR.jsonl`` in ``out``. Pages that a file of the same identity has already
    are not run again, whatever became of them, unless ``fresh``. A run of another identity is
    replaced; an out-of-fold run on the same pages is kept; ``remark`` is told so. ``leak_safe``
    leaves out the pages that another split has, too (see `labels.datasets.checks`). ``timeout``
    (seconds) and ``memory_mb`` (MiB) are a page's limits. The seed is only recorded.

    Returns:
        The run files, in the order of the extractors.

    Raises:
        DataError: if the dataset has no such split, or a file in the way is no run.
    """
    if split is not None:
        dataset.choose_split(split)
    left_out = leaked_pages(dataset, split) if leak_safe else frozenset()
    total = (dataset.manifest.splits[split] if split else dataset.manifest.pages) - len(left_out)
    paths = []
    for extractor in extractors:
        header = _header(dataset, extractor, split, seed, leak_safe)
        path = run_path(out, extractor.name)
        paths.append(path)
        if fresh:
            _forget(path)
        elif _is_out_of_fold(path, dataset, split):
            remark(f"{path}: kept, since it holds out-of-fold decisions on these pages")
            continue
        sandbox = Sandbox(
            spec=extractor.spec,
            needs_html=extractor.needs_html,
            jobs=jobs,
            timeout=timeout,
            memory_mb=memory_mb,
        )
        with RunWriter(path, header) as writer, sandbox:
            if writer.replaced:
                remark(f"{path}: held another run, which was replaced")
            done = len(writer.done)
            progress(extractor.name, done, total)
            pages = (labelled.page for labelled in dataset.pages(split))
            passed_over = writer.done | left_out
            for row in sandbox.run(page for page in pages if page.id not in passed_over):
                writer.write(row)
                done += 1
                progress(extractor.name, done, total)
    return paths


def _header(
    dataset: Dataset, extractor: Extractor, split: str | None, seed: int, leak_safe: bool
) -> RunHeader:
    return RunHeader(
        extractor=extractor.name,
        version=extractor.version,
        options=extractor.options,
        dataset=dataset.location,
        split=split,
        fingerprint=dataset.manifest.fingerprint,
        splitter=dataset.manifest.splitter,
        kit=kit_version(),
        machine=machine(),
        seed=seed,
        leak_safe=leak_safe,
        time=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _forget(path: Path) -> None:
    """Remove a run file; another file in its place is refused."""
    if path.exists():
        read_header(path)
        path.unlink()


def _is_out_of_fold(path: Path, dataset: Dataset, split: str | None) -> bool:
    """Whether a file has what a model decides without having seen a page's site.

    Running the model itself, which is trained on all of them, would say less.
    """
    if not path.exists():
        return False
    header = read_header(path)
    covered = (dataset.manifest.fingerprint, split)
    return header.out_of_fold and (header.fingerprint, header.split) == covered


def machine() -> str:
    """What the times of a run depend on: system, Python and processors; no host's name."""
    python = f"Python {platform.python_version()}"
    return f"{platform.platform()}, {python}, {os.cpu_count()} processors"
