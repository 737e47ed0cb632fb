"""Run one extractor in processes that can be stopped: a page that breaks it costs that page only.

A page is one task or two: the extraction, which is timed and limited, and, for text, the alignment
with the page's lines. The alignment is no part of ``seconds`` and has a time limit of its own;
where it fails the text stays and the coverage is None.
"""

import os
import sys
import time
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from bench.extractors.extractor import NotInstalledError, Outcome
from bench.extractors.registry import load
from bench.running import RunRow, Status
from corpus import Page, clean
from corpus.workers import Failure, Workers, describe, limited_memory
from labels import align

ALIGNING_LIMIT = 60.0
"""Seconds that the alignment of one page may take."""

_ENVIRONMENT = {"HF_HUB_OFFLINE": "1"} | {
    f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "RAYON")
}

_SENTENCE = b"<p>The harbour museum, closed since the spring, opens its doors again on Sunday. "
# What an extractor is called on while it loads, so that it imports what it imports late.
_FIRST_PAGE = Page("first", _SENTENCE * 20, "html", "https://page.invalid/", language="en")

_Item = tuple[Page, RunRow | None]
"""A page, and the row with its text where that is to be aligned with it."""


def run_extractor(
    pages: Iterable[Page],
    *,
    spec: str,
    needs_html: bool,
    jobs: int,
    timeout: float,
    memory_mb: int,
) -> Generator[RunRow, None, None]:
    """Run an extractor over a stream of pages in ``jobs`` processes.

    Rows come in the order of completion; a few pages a process are in memory at a time. ``spec``
    is the extractor's (`bench.extractors.registry.load`). Loading it counts for no page, nor does
    a first call, on a page made for it, by which it imports what it imports late. If it cannot be
    loaded, every page gets the status ``error``. A page skipped for want of HTML starts nothing.

    ``timeout`` is in seconds of wall time a page, ``memory_mb`` the address space (MiB) that a page
    may take beyond what the process holds when the call begins: what loading took does not count.
    It is more than resident memory; see `corpus.workers.enforced_limits`. The processes have one
    thread a library, and no remote hub.
    """
    loaders = [partial(_load, spec, memory_mb, first_page) for first_page in (_FIRST_PAGE, None)]
    with Workers(*loaders, jobs=jobs, start_method="spawn") as workers:
        for page in pages:
            if needs_html and page.markup != "html":
                yield RunRow(page.id, "skipped", error="the extractor needs HTML")
                continue
            workers.send((page, None), seconds=timeout)
            while workers.is_full:
                yield from _receive(workers, timeout)
        while workers.is_busy:
            yield from _receive(workers, timeout)


def _receive(workers: Workers[_Item, RunRow], timeout: float) -> Iterator[RunRow]:
    """Yield the rows that are finished; texts are sent to be aligned."""
    for task in workers.receive():
        page, extracted = task.item
        row = _row(page, extracted, task.outcome, timeout)
        if row.text is not None and extracted is None:
            workers.send((page, row), seconds=ALIGNING_LIMIT)
        else:
            yield row


def _row(page: Page, extracted: RunRow | None, outcome: RunRow | Failure, timeout: float) -> RunRow:
    if isinstance(outcome, RunRow):
        if outcome.seconds is None or outcome.seconds <= timeout:
            return outcome
        outcome = Failure("timeout", "it returned before it was stopped")
    if extracted is not None:
        return replace(extracted, error=f"not aligned ({outcome.error})")
    reasons: dict[str, tuple[Status, str]] = {
        "error": ("error", outcome.error),
        "timeout": ("timeout", f"stopped after {timeout:g} s"),
        "crash": ("crash", f"exit code {outcome.exit_code}"),
        "broken": ("crash", "the worker pool broke"),
        "unloaded": ("error", f"the extractor cannot be loaded ({outcome.error})"),
    }
    status, error = reasons[outcome.kind]
    return RunRow(page.id, status, error=error)


# What follows runs in the other processes.


def _load(spec: str, memory_mb: int, first_page: Page | None) -> Callable[[_Item], RunRow]:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):  # what extractors print, warn and log goes there
        os.dup2(nowhere, stream)
    warnings.simplefilter("ignore")
    os.environ.update(_ENVIRONMENT)
    threadpool_limits(1)  # of libraries that are loaded already
    extract = load(spec)
    try:
        if first_page is not None:
            extract(first_page)
    except ImportError:
        raise
    except BaseException:  # noqa: BLE001, S110 - it shows again at the dataset's pages
        pass
    return partial(_work, extract, memory_mb)


def _work(extract: Callable[[Page], Outcome], memory_mb: int, item: _Item) -> RunRow:
    """Extract from a page, or align with it what was extracted."""
    page, extracted = item
    if extracted is not None:
        return replace(extracted, coverage=align(page.lines().texts, extracted.text or "").coverage)
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # resets the peak
    start = time.perf_counter()
    try:
        with limited_memory(memory_mb):
            outcome = extract(page)
        end = time.perf_counter()
        row = _to_row(page, outcome)
    except BaseException as error:  # noqa: BLE001 - foreign code, may raise anything
        end = time.perf_counter()
        row = RunRow(page.id, _status(error), error=describe(error))
    return replace(row, seconds=end - start, peak_mb=_peak_mb())


def _status(error: BaseException) -> Status:
    if isinstance(error, NotInstalledError):
        return "skipped"
    return "memory" if isinstance(error, MemoryError) else "error"


def _to_row(page: Page, outcome: object) -> RunRow:
    if outcome is None:
        return RunRow(page.id, "empty")
    if isinstance(outcome, str):
        text = clean(str.__str__(outcome))  # a subclass may hold on to its whole tree
        return RunRow(page.id, "ok", text=text) if text.strip() else RunRow(page.id, "empty")
    if not isinstance(outcome, np.ndarray) or outcome.dtype != np.bool_:
        raise TypeError(f"returned {type(outcome).__name__}, not text, None or an array of bool")
    if outcome.shape != (count := len(page.lines()),):
        raise ValueError(f"returned shape {outcome.shape} for a page of {count} lines")
    return RunRow(page.id, "ok", kept=outcome) if outcome.any() else RunRow(page.id, "empty")


def _peak_mb() -> float | None:
    """Measure peak resident memory (MiB) of the call; if that fails, of the process."""
    with suppress(OSError, IndexError):
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    with suppress(ImportError):
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (2**20 if sys.platform == "darwin" else 1024)
    return None
