"""Records read in processes that can be stopped: one that breaks its process is lost alone."""

import importlib
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any

from pebble import ProcessExpired, ProcessPool

from corpus import DataError
from labels.datasets.importers._records import Importer, Reading, RecordError, Unread, unread

TIME_LIMIT = 120.0
"""Seconds that reading one record may take; the slowest real one seen takes one."""

_TOGETHER = 4  # records sent at once, which costs less where they are small
_IN_FLIGHT = 4  # as often a process: enough that none waits for the parent, few in memory
_GRACE = 30.0  # seconds past the limit after which a silent pool is given up

_Outcome = Reading | Unread


def read_all(module: str, records: Iterable[Any], jobs: int) -> Generator[_Outcome, None, None]:
    """Read records with the importer of that name, in their order, few of them in memory.

    All are read in ``jobs`` other processes, in one where one job is asked for: a record that ends
    its process, takes longer than the time limit, or fails in any other way, becomes an outcome
    like one that cannot be read. Those that were sent together with it are read again.
    """
    importer: Importer = importlib.import_module(module)
    pool = _Pool(module, jobs)
    flying: deque[tuple[list[Any], Future[list[_Outcome]]]] = deque()
    waiting = iter(records)
    try:
        while together := list(islice(waiting, _TOGETHER)):
            flying.append((together, pool.send(together)))
            if len(flying) >= _IN_FLIGHT * jobs:
                yield from _land(importer, pool, *flying.popleft())
        while flying:
            yield from _land(importer, pool, *flying.popleft())
    finally:
        pool.stop()


def _land(
    importer: Importer, pool: "_Pool", records: list[Any], future: "Future[list[_Outcome]]"
) -> Iterator[_Outcome]:
    """Wait for records that were sent together; if they fail, read each of them by itself."""
    try:
        outcomes = pool.wait(future)
    except BrokenProcessPool:
        pool.stop()
    except Exception:  # noqa: BLE001, S110 - it shows again at the record that it comes from
        pass
    else:
        yield from outcomes
        return
    for record in records:
        yield _read_alone(importer, pool, record)


def _read_alone(importer: Importer, pool: "_Pool", record: Any) -> _Outcome:
    for _ in range(2):  # what breaks the pool may be another record, but not a second time
        try:
            return pool.wait(pool.send([record]))[0]
        except BrokenProcessPool:
            reason = "reading it broke the pool of processes"
            pool.stop()
        except ProcessExpired as error:
            reason = f"reading it ended the process (exit code {error.exitcode})"
            break
        except TimeoutError:
            reason = f"reading it took longer than {TIME_LIMIT:g} s"
            break
        except Exception as error:  # noqa: BLE001 - a record may break anything, and is counted
            reason = _failure(error)
            break
    return unread(importer.place(record), reason)


def _failure(error: BaseException) -> str:
    return f"reading it failed ({type(error).__name__}: {error})"


class _Pool:
    """Processes that read records; started when the first are sent, and again once stopped.

    They begin the way that is the platform's own: on Linux, whatever program imports a dataset, it
    need not be one that other processes can load again.
    """

    def __init__(self, module: str, jobs: int) -> None:
        self._module = module
        self._jobs = jobs
        self._pool: ProcessPool | None = None
        self._sent: set[Future[list[_Outcome]]] = set()

    def send(self, records: list[Any]) -> "Future[list[_Outcome]]":
        if self._pool is None:
            self._pool = ProcessPool(self._jobs, initializer=_begin)
        try:
            future: Future[list[_Outcome]] = self._pool.schedule(
                _read, (self._module, records), timeout=TIME_LIMIT
            )
        except RuntimeError:  # the pool broke before it got these
            future = Future()
            future.set_exception(BrokenProcessPool())
        self._sent.add(future)
        return future

    def wait(self, future: "Future[list[_Outcome]]") -> list[_Outcome]:
        """What came of records.

        Raises:
            ProcessExpired, TimeoutError: if they ended their process, or took too long.
            BrokenProcessPool: if they, or others, broke the pool.
        """
        try:
            return future.result(TIME_LIMIT + _GRACE)
        except TimeoutError:
            if future.done():
                raise
            raise BrokenProcessPool from None  # which says nothing any more
        finally:
            self._sent.discard(future)

    def stop(self) -> None:
        """End all processes; what they were sent has failed then."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None
        for future in self._sent:
            if not future.done():
                future.set_exception(BrokenProcessPool())
        self._sent.clear()


# What follows runs in the other processes.


def _begin() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # ends a hang inside C at once
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the parent acts


def _read(module: str, records: Sequence[Any]) -> list[_Outcome]:
    importer: Importer = importlib.import_module(module)
    return [read_one(importer, record) for record in records]


def read_one(importer: Importer, record: Any) -> _Outcome:
    """What comes of a record, whatever is wrong with it."""
    try:
        read = importer.read(record)
    except RecordError as error:
        return unread(error.place, error.reason)
    except DataError as error:
        place, _, reason = str(error).partition(": ")
        return unread(place, reason)
    except BaseException as error:  # noqa: BLE001 - a record may break anything, and is counted
        return unread(importer.place(record), _failure(error))
    return read if isinstance(read, Reading) else Reading(read)
