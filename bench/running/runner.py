"""Run extractors over a dataset: one run file each, in parallel, resumable."""

import os
import platform
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bench.extractors.extractor import Extractor, kit_version
from bench.running import RunHeader, RunWriter, read_header, run_path
from bench.running.sandbox import run_extractor
from corpus.workers import enforced_limits
from labels import Dataset
from labels.datasets.checks import leaked_pages


def run(
    dataset: Dataset,
    extractors: Sequence[Extractor],
    out: Path,
    *,
    split: str | None,
    jobs: int = 2,
    timeout: float = 30.0,
    memory_mb: int = 2048,
    seed: int = 0,
    leak_safe: bool = False,
    fresh: bool = False,
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
    remark: Callable[[str], None] = lambda text: None,
) -> list[Path]:
    """Run extractors, one after the other, over the pages of a split (None: of all splits).

    Each writes ``EXTRACTOR.jsonl`` in ``out``. Pages in a file of the same identity are not run
    again, whatever their status, unless ``fresh``. A run of another identity is replaced, and an
    out-of-fold run on the same pages is kept. ``leak_safe`` leaves out pages that another split
    has, too (see `labels.datasets.checks`). ``timeout`` (seconds) and ``memory_mb`` (MiB) are a
    page's limits. The seed is only recorded. ``progress`` is called with an extractor's name, the
    pages done and their total; ``remark`` with what was replaced or kept, and where the platform
    does not enforce the limit of memory.

    Returns:
        The run files, in the order of the extractors.

    Raises:
        DataError: if the dataset has no such split, or a file in the way is no run.
    """
    if split is not None:
        dataset.choose_split(split)
    if "memory" not in enforced_limits():
        remark("the memory limit is not enforced on this platform")
    left_out = leaked_pages(dataset, split) if leak_safe else frozenset()
    total = (dataset.manifest.splits[split] if split else dataset.manifest.pages) - len(left_out)
    paths = [run_path(out, extractor.name) for extractor in extractors]
    for extractor, path in zip(extractors, paths, strict=True):
        if fresh and path.exists():
            read_header(path)  # another file is refused
            path.unlink()
        if _is_out_of_fold(path, dataset, split):
            remark(f"{path}: kept, since it holds out-of-fold decisions on these pages")
            continue
        header = RunHeader(
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
        with RunWriter(path, header) as writer:
            if writer.replaced:
                remark(f"{path}: held another run, which was replaced")
            progress(extractor.name, len(writer.done), total)
            passed_over = writer.done | left_out
            pages = (labelled.page for labelled in dataset.pages(split))
            rows = run_extractor(
                (page for page in pages if page.id not in passed_over),
                spec=extractor.spec,
                needs_html=extractor.needs_html,
                jobs=jobs,
                timeout=timeout,
                memory_mb=memory_mb,
            )
            with closing(rows):
                for done, row in enumerate(rows, start=len(writer.done) + 1):
                    writer.write(row)
                    progress(extractor.name, done, total)
    return paths


def _is_out_of_fold(path: Path, dataset: Dataset, split: str | None) -> bool:
    """Check whether a file has what a model decides without having seen a page's site.

    Running the model itself, which is trained on all of them, would say less.
    """
    header = read_header(path) if path.exists() else None
    covered = (True, dataset.manifest.fingerprint, split)
    return header is not None and (header.out_of_fold, header.fingerprint, header.split) == covered


def machine() -> str:
    """Describe what the times of a run depend on: system, Python and processors; no host's name."""
    python = f"Python {platform.python_version()}"
    return f"{platform.platform()}, {python}, {os.cpu_count()} processors"
