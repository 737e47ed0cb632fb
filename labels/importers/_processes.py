"""Records read in processes that can be stopped: one that breaks its process is lost alone."""

import importlib
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from pebble import ProcessExpired, ProcessPool

from corpus import DataError
from labels.importers._records import Importer, Reading, RecordError, Unread, unread

TIME_LIMIT = 120.0
"""Seconds that reading one record may take; of real ones the slowest takes about one."""

_IN_FLIGHT = 8  # records a process: enough that none waits for the parent, few in memory
_GRACE = 30.0  # seconds past the limit after which a silent pool is given up

_Outcome = Reading | Unread


def read_all(module: str, records: Iterable[Any], jobs: int) -> Generator[_Outcome, None, None]:
    """Read records with the importer of that name, in their order, few of them in memory.

    All are read in ``jobs`` other processes, in one where one job is asked for: a record that ends
    its process, takes longer than the time limit, or fails in any other way, becomes an outcome
    like one that cannot be read.
    """
    importer: Importer = importlib.import_module(module)
    pool = _Pool(module, jobs)
    flying: deque[tuple[Any, Future[_Outcome]]] = deque()
    try:
        for record in records:
            flying.append((record, pool.send(record)))
            if len(flying) >= _IN_FLIGHT * jobs:
                yield from _land(importer, pool, flying)
        while flying:
            yield from _land(importer, pool, flying)
    finally:
        pool.stop()


def _land(
    importer: Importer, pool: "_Pool", flying: deque[tuple[Any, "Future[_Outcome]"]]
) -> Iterator[_Outcome]:
    """Wait for the first record; for all, each sent alone, if the pool broke meanwhile."""
    record, future = flying[0]
    try:
        outcome = _outcome(importer, record, future)
    except BrokenProcessPool:
        lost = list(flying)
        flying.clear()
        pool.stop()
        for record, future in lost:
            yield _last_outcome(importer, pool, record, future)
    else:
        flying.popleft()
        yield outcome


def _last_outcome(
    importer: Importer, pool: "_Pool", record: Any, future: "Future[_Outcome]"
) -> _Outcome:
    """What came of a record before the pool broke, or comes of it with the pool for itself."""
    try:
        if future.done():
            return _outcome(importer, record, future)
    except BrokenProcessPool:
        pass
    try:
        return _outcome(importer, record, pool.send(record))
    except BrokenProcessPool:
        pool.stop()
        return unread(importer.place(record), "reading it broke the pool of processes")


def _outcome(importer: Importer, record: Any, future: "Future[_Outcome]") -> _Outcome:
    try:
        return future.result(TIME_LIMIT + _GRACE)
    except BrokenProcessPool:
        raise
    except ProcessExpired as error:
        reason = f"reading it ended the process (exit code {error.exitcode})"
    except TimeoutError:
        if not future.done():  # neither the record nor the pool says anything any more
            raise BrokenProcessPool from None
        reason = f"reading it took longer than {TIME_LIMIT:g} s"
    except Exception as error:  # noqa: BLE001 - a record may break anything, and is counted
        reason = f"reading it failed ({type(error).__name__}: {error})"
    return unread(importer.place(record), reason)


class _Pool:
    """Processes that read records; started when the first one is sent, and again once stopped.

    They begin the way that is the platform's own: on Linux, whatever program imports a dataset, it
    need not be one that other processes can load again.
    """

    def __init__(self, module: str, jobs: int) -> None:
        self._module = module
        self._jobs = jobs
        self._pool: ProcessPool | None = None

    def send(self, record: Any) -> "Future[_Outcome]":
        if self._pool is None:
            self._pool = ProcessPool(self._jobs, initializer=_begin)
        try:
            sent: Future[_Outcome] = self._pool.schedule(
                _read, (self._module, record), timeout=TIME_LIMIT
            )
        except RuntimeError:  # the pool broke before it got this record
            sent = Future()
            sent.set_exception(BrokenProcessPool())
        return sent

    def stop(self) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None


# What follows runs in the other processes.


def _begin() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # ends a hang inside C at once


def _read(module: str, record: Any) -> _Outcome:
    try:
        read = importlib.import_module(module).read(record)
    except RecordError as error:
        return unread(error.place, error.reason)
    except DataError as error:
        place, _, reason = str(error).partition(": ")
        return unread(place, reason)
    return read if isinstance(read, Reading) else Reading(read)
