"""One extractor in processes that can be stopped: a page that breaks it costs that page only.

A page is one task or two: the extraction, which is timed and limited, and, for text, the alignment
with the page's lines. The alignment is no part of ``seconds`` and has a time limit of its own;
where it fails the text stays and the coverage is None.
"""

import multiprocessing
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np
from pebble import ProcessExpired, ProcessPool

from bench.extractors.extractor import Outcome
from bench.extractors.registry import load
from bench.running import RunRow, Status
from corpus import Page, clean
from labels import align

LOADING_LIMIT = 120.0
"""Seconds that loading the extractor may take, in each attempt; they count for no page."""
ALIGNING_LIMIT = 60.0
"""Seconds that the alignment of one page may take."""

_IN_FLIGHT = 4  # pages a worker: enough that none waits for the parent, few in memory
_GRACE = 15.0  # seconds past every limit after which a silent pool is given up
_ERROR_CHARS = 500

_Flying = dict[Future[RunRow], "_Task"]

_ENVIRONMENT = {"HF_HUB_OFFLINE": "1"} | {
    f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "RAYON")
}

_SENTENCE = b"<p>The harbour museum, closed since the spring, opens its doors again on Sunday. "
# What an extractor is called on while it loads, so that it imports what it imports late.
_FIRST_PAGE = Page("first", _SENTENCE * 20, "html", "https://page.invalid/", language="en")


@dataclass(frozen=True, slots=True)
class _Task:
    page: Page
    extracted: RunRow | None = None  # of a page whose text is to be aligned
    alone: bool = False  # in the pool, since one broke that held this page and others


@dataclass(slots=True, kw_only=True)
class Sandbox:
    """Runs one extractor over pages in worker processes; a context manager.

    Loading the extractor counts for no page, nor does a first call, on a page of our own, by which
    it imports what it imports late. If it cannot be loaded, every page gets the status ``error``.
    While a sandbox is open, this process has the environment that its workers inherit: no remote
    hub, one thread a library.
    """

    spec: str
    needs_html: bool
    jobs: int
    """Number of processes."""
    timeout: float
    """Seconds of wall time a page."""
    memory_mb: int
    """Address space (MiB) that a page may take beyond what the process holds when the call begins:
    neither large imports nor the pages before count. It is more than resident memory."""
    _pool: ProcessPool | None = field(default=None, init=False)
    _failure: str | None = field(default=None, init=False)
    _with_first_page: bool = field(default=True, init=False)
    _environment: dict[str, str] = field(default_factory=dict, init=False)

    def __enter__(self) -> Self:
        self._environment = {name: os.environ[name] for name in _ENVIRONMENT.keys() & os.environ}
        os.environ.update(_ENVIRONMENT)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        for name in _ENVIRONMENT:
            del os.environ[name]
        os.environ.update(self._environment)

    def run(self, pages: Iterable[Page]) -> Iterator[RunRow]:
        """Run the extractor over a stream of pages; rows come in the order of completion.

        A few pages a worker are in memory at a time. A skipped page starts nothing.
        """
        yield from self._run((_Task(page) for page in pages), _IN_FLIGHT * self.jobs)

    def _run(self, tasks: Iterable[_Task], limit: int) -> Iterator[RunRow]:
        flying: _Flying = {}
        for task in tasks:
            if self.needs_html and task.page.markup != "html":
                yield RunRow(task.page.id, "skipped", error="the extractor needs HTML")
                continue
            yield from self._send(task, flying)
            while len(flying) >= limit:
                yield from self._receive(flying)
        while flying:
            yield from self._receive(flying)

    def _send(self, task: _Task, flying: _Flying) -> Iterator[RunRow]:
        if self._pool is None and self._failure is None:
            self._start()
        if self._pool is None:
            yield task.extracted or RunRow(task.page.id, "error", error=self._failure)
            return
        limit = self.timeout if task.extracted is None else ALIGNING_LIMIT
        try:
            flying[self._pool.schedule(_work, (task, self.memory_mb), timeout=limit)] = task
        except RuntimeError:  # the pool broke before it got this page
            yield from self._recover(flying)
            yield from self._send(task, flying)

    def _receive(self, flying: _Flying) -> Iterator[RunRow]:
        patience = max(self.timeout, ALIGNING_LIMIT) + LOADING_LIMIT + _GRACE
        done, _ = wait(flying, patience, FIRST_COMPLETED)
        if not done:
            yield from self._recover(flying)
        for future in done:
            if future in flying and _broke(future):
                yield from self._recover(flying)
            elif future in flying:  # not recovered meanwhile
                yield from self._settle(flying.pop(future), future, flying)

    def _settle(self, task: _Task, future: Future[RunRow], flying: _Flying) -> Iterator[RunRow]:
        row = self._row(task, future)
        if row.text is not None and task.extracted is None:
            yield from self._send(_Task(task.page, row), flying)
        else:
            yield row

    def _recover(self, flying: _Flying) -> Iterator[RunRow]:
        """Give up a pool that broke; a page that breaks another one alone is what crashed it."""
        self._stop()
        landed = {f: task for f, task in flying.items() if f.done() and not _broke(f)}
        lost = [task for f, task in flying.items() if f not in landed]
        flying.clear()
        for task in lost:
            if task.alone:
                crash = RunRow(task.page.id, "crash", error="the worker pool broke")
                yield task.extracted or crash
            else:
                yield from self._run([replace(task, alone=True)], 1)
        for future, task in landed.items():
            yield from self._settle(task, future, flying)

    def _row(self, task: _Task, future: Future[RunRow]) -> RunRow:
        try:
            row = future.result()
            if row.seconds is not None and row.seconds > self.timeout:  # before it was stopped
                raise TimeoutError
        except Exception as error:  # noqa: BLE001 - whatever a dead or foreign process gives
            page_id, reason = task.page.id, _describe(error)
            if task.extracted is not None:
                return replace(task.extracted, error=f"not aligned ({reason})")
            if isinstance(error, TimeoutError):
                return RunRow(page_id, "timeout", error=f"stopped after {self.timeout:g} s")
            if isinstance(error, ProcessExpired):
                return RunRow(page_id, "crash", error=f"exit code {error.exitcode}")
            return RunRow(page_id, "error", error=reason)
        return row

    def _start(self) -> None:
        """Start the pool; without the first page, if that is what the extractor breaks at."""
        while True:
            self._pool = ProcessPool(
                max_workers=self.jobs,
                initializer=_load,
                initargs=(self.spec, self._with_first_page),
                context=multiprocessing.get_context("spawn"),
            )
            try:
                self._failure = self._pool.schedule(_why_not_loaded).result(LOADING_LIMIT)
            except (TimeoutError, BrokenProcessPool, ProcessExpired) as error:
                self._stop()
                if self._with_first_page:
                    self._with_first_page = False
                    continue
                reason = f"{_describe(error)}; it may take {LOADING_LIMIT:g} s"
                self._failure = f"the extractor cannot be loaded ({reason})"
            if self._failure is not None:
                self._stop()
            return

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None


def _broke(future: Future[RunRow]) -> bool:
    return isinstance(future.exception(), BrokenProcessPool)


# What follows runs in a worker. It has one extractor, put here by the initialiser.
_functions: list[Callable[[Page], Outcome]] = []
_failures: list[str] = []


def _load(spec: str, with_first_page: bool) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # ends a hang inside C at once
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):  # what extractors print, warn and log goes there
        os.dup2(nowhere, stream)
    warnings.simplefilter("ignore")
    try:
        _functions.append(load(spec))
        if with_first_page:
            _functions[0](_FIRST_PAGE)
    except BaseException as error:  # noqa: BLE001 - foreign code, may raise anything
        if not _functions or isinstance(error, ImportError):  # else the dataset's pages will tell
            _failures.append(f"the extractor cannot be loaded ({_describe(error)})")


def _why_not_loaded() -> str | None:
    return _failures[0] if _failures else None


def _work(task: _Task, memory_mb: int) -> RunRow:
    """Extract from a page, or align with it what was extracted."""
    if task.extracted is not None:
        alignment = align(task.page.lines().texts, task.extracted.text or "")
        return replace(task.extracted, coverage=alignment.coverage)
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # forget the peak of the pages before
    start = time.perf_counter()
    try:
        with _limited_memory(memory_mb):
            outcome = _functions[0](task.page)
        end = time.perf_counter()
        row = _to_row(task.page, outcome)
    except BaseException as error:  # noqa: BLE001 - foreign code, may raise anything
        end = time.perf_counter()
        status: Status = "memory" if isinstance(error, MemoryError) else "error"
        row = RunRow(task.page.id, status, error=_describe(error))
    return replace(row, seconds=end - start, peak_mb=_peak_mb())


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


def _describe(error: BaseException) -> str:
    described = type(error).__name__
    with suppress(Exception):  # foreign code, may raise anything
        described += ": " + " ".join(clean(str(error)).split())
    return described[:_ERROR_CHARS].removesuffix(": ")


@contextmanager
def _limited_memory(memory_mb: int) -> Iterator[None]:
    """Limit the address space to what is taken now and ``memory_mb`` more, where that is known."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (ImportError, OSError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = pages * resource.getpagesize() + memory_mb * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard < 0 else min(limit, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _peak_mb() -> float | None:
    """Peak resident memory (MiB) since it was forgotten; ever, where that is not possible."""
    with suppress(OSError, IndexError):
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    with suppress(ImportError):
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (2**20 if sys.platform == "darwin" else 1024)
    return None
