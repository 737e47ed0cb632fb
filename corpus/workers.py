"""Call a function on many items in processes that can be stopped: a crash or hang costs one item.

Processes are started when the first item is sent. When all of them break, they are started again,
and each item that was in them is tried again alone, which shows the one that is to blame.
"""

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Generic, Literal, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from corpus.decode import clean

LOADING_LIMIT = 120.0
"""Seconds that loading the function may take; they count for no item."""

_IN_FLIGHT = 4  # sendings a process: enough that none waits for the parent, few in memory
_GRACE = 15.0  # seconds past every limit after which silent processes are given up
_PULSE = 0.5  # seconds between two looks whether they still work
_ERROR_CHARS = 500

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an item has no result.

    The function raised an error or returned what cannot be sent (``error``), took too long
    (``timeout``), ended its process (``crash``) or broke all processes while it was alone in them
    (``broken``), or it could not be loaded at all (``unloaded``).
    """

    kind: Literal["error", "timeout", "crash", "broken", "unloaded"]
    error: str
    exit_code: int | None = None
    """Of a crash; minus the signal's number where a signal ended the process."""


@dataclass(slots=True, eq=False)
class Task(Generic[Item, Result]):
    """An item that was sent, the seconds that it may take, and, once it is done, its outcome."""

    item: Item
    seconds: float
    is_done: bool = field(default=False, init=False)
    outcome: Result | Failure = field(init=False, repr=False)

    def finish(self, outcome: Result | Failure) -> Self:
        """Note the outcome."""
        self.is_done, self.outcome = True, outcome
        return self


class Workers(Generic[Item, Result]):
    """Processes that each load a function and call it on the items sent to them.

    A context manager; leaving it ends all processes. A loader is called once in each process and
    returns the function; the next one is tried where a loader ends its process or takes too long.
    Loaders, items and results must be picklable. ``start_method`` is one of `multiprocessing`,
    None for the platform's own.
    """

    def __init__(
        self,
        *loaders: Callable[[], Callable[[Item], Result]],
        jobs: int,
        start_method: str | None = None,
    ) -> None:
        self._most = _IN_FLIGHT * jobs
        self._jobs = jobs
        self._loaders = [*loaders]
        self._context = multiprocessing.get_context(start_method)
        self._pool: ProcessPool | None = None
        self._loading_error = ""
        self._flying: dict[Future[Any], list[Task[Item, Result]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    @property
    def is_busy(self) -> bool:
        """Whether items were sent whose outcomes have not been received."""
        return bool(self._flying)

    @property
    def is_full(self) -> bool:
        """Whether outcomes should be received before more is sent."""
        return len(self._flying) >= self._most

    def send(self, *items: Item, seconds: float) -> list[Task[Item, Result]]:
        """Send items to one process, together; they may take so many seconds in all."""
        tasks: list[Task[Item, Result]] = [Task(item, seconds) for item in items]
        self._schedule(tasks)
        return tasks

    def receive(self) -> list[Task[Item, Result]]:
        """Wait for tasks that are done, in the order of completion.

        None may come at a time: items that failed together are first sent again one by one.
        """
        longest = max(task.seconds for tasks in self._flying.values() for task in tasks)
        done = self._wait(self._flying, longest + _GRACE)
        if done and not any(map(_is_broken, done)):
            ready = [future for future in self._flying if future in done]
            return [task for future in ready for task in self._settle(future)]
        self._stop()
        flying, self._flying = self._flying, {}
        lost = [future for future in flying if not future.done() or _is_broken(future)]
        alone = [self._try_alone(task) for future in lost for task in flying.pop(future)]
        self._flying = flying
        return alone + [task for future in [*flying] for task in self._settle(future)]

    def map(
        self, items: Iterable[Item], *, seconds: float, together: int = 1
    ) -> Iterator[Task[Item, Result]]:
        """Call the function on items, few in memory at a time; yield tasks in the items' order.

        So many are sent ``together``, which costs less where they are small, and may take so many
        seconds in all.
        """
        waiting: deque[Task[Item, Result]] = deque()
        stream = iter(items)
        for batch in iter(lambda: list(islice(stream, together)), []):
            waiting += self.send(*batch, seconds=seconds)
            while len(waiting) >= self._most * together:
                yield from self._first_done(waiting)
        while waiting:
            yield from self._first_done(waiting)

    def _first_done(self, waiting: deque[Task[Item, Result]]) -> Iterator[Task[Item, Result]]:
        self.receive()
        while waiting and waiting[0].is_done:
            yield waiting.popleft()

    def _schedule(self, tasks: list[Task[Item, Result]]) -> Future[Any]:
        if self._pool is None:
            self._start()
        future: Future[Any] = Future()
        try:
            if self._pool is None:
                future.set_result([Failure("unloaded", self._loading_error)] * len(tasks))
            else:
                items = [task.item for task in tasks]
                future = self._pool.schedule(_call, (items,), timeout=tasks[0].seconds)
        except RuntimeError as error:  # the pool broke before it got these
            future.set_exception(BrokenProcessPool(str(error)))
        self._flying[future] = tasks
        return future

    def _wait(self, futures: Iterable[Future[Any]], seconds: float) -> set[Future[Any]]:
        """Wait until one is done; none is where the pool broke silently, or in all that time."""
        deadline = time.monotonic() + LOADING_LIMIT + seconds
        while time.monotonic() < deadline and self._pool is not None and self._pool.active:
            if done := wait(futures, _PULSE, FIRST_COMPLETED).done:
                return done
        return wait(futures, 0).done

    def _settle(self, future: Future[Any]) -> list[Task[Item, Result]]:
        """Finish the tasks of a future; where they failed together, send each again by itself."""
        tasks = self._flying.pop(future)
        try:
            outcomes = future.result()
        except Exception as error:  # noqa: BLE001 - whatever a dead process or a pickle gives
            if len(tasks) > 1:
                for task in tasks:
                    self._schedule([task])
                return []
            outcomes = [_failure(error)]
        return [task.finish(outcome) for task, outcome in zip(tasks, outcomes, strict=True)]

    def _try_alone(self, task: Task[Item, Result]) -> Task[Item, Result]:
        """Send a task that was in a pool that broke to another, with nothing beside it."""
        future = self._schedule([task])
        if self._wait([future], task.seconds + _GRACE) and not _is_broken(future):
            return self._settle(future)[0]
        self._stop()
        self._flying.clear()
        return task.finish(Failure("broken", "it broke all processes"))

    def _start(self) -> None:
        """Start the processes, with the first loader that does not break them."""
        while self._loaders:
            begin = partial(_begin, self._loaders[0])
            self._pool = ProcessPool(self._jobs, initializer=begin, context=self._context)
            try:
                probe = self._pool.schedule(_loading_error)
                if not self._wait([probe], 0):
                    raise TimeoutError if self._pool.active else BrokenProcessPool
                if (error := probe.result()) is None:
                    return
                self._loaders.clear()
            except (RuntimeError, TimeoutError, ProcessExpired) as broken:
                error = f"{describe(broken)}; it may take {LOADING_LIMIT:g} s"
                del self._loaders[0]
            self._loading_error = error
            self._stop()

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None


def _is_broken(future: Future[Any]) -> bool:
    return isinstance(future.exception(), BrokenProcessPool)


def _failure(error: Exception) -> Failure:
    if isinstance(error, ProcessExpired):
        return Failure("crash", describe(error), error.exitcode)
    return Failure("timeout" if isinstance(error, TimeoutError) else "error", describe(error))


def describe(error: BaseException) -> str:
    """Describe an error of foreign code in one line: its type, and its message if it has one."""
    described = type(error).__name__
    with suppress(Exception):  # the message is made by foreign code, too
        described += ": " + " ".join(clean(str(error)).split())
    return described[:_ERROR_CHARS].removesuffix(": ")


def enforced_limits() -> frozenset[Literal["time", "memory"]]:
    """Which limits hold on this platform: that of time everywhere, that of memory on Linux."""
    return frozenset({"time"} if _address_space() is None else {"time", "memory"})


@contextmanager
def limited_memory(megabytes: int) -> Iterator[None]:
    """Limit the address space to what is taken now and so many MiB more; `MemoryError` beyond.

    Where `enforced_limits` has no memory, nothing is limited.
    """
    if (taken := _address_space()) is None:
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = taken + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard < 0 else min(limit, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space() -> int | None:
    """Bytes of address space that this process has; None where they are not known."""
    try:
        import resource

        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except (ImportError, OSError):
        return None


# What follows runs in the processes. Each has one function, or why it has none.
_loaded: dict[str, Any] = {}


def _begin(loader: Callable[[], Callable[[Any], Any]]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # ends a hang inside C at once
    _loaded.clear()
    try:
        _loaded["function"] = loader()
    except BaseException as error:  # noqa: BLE001 - foreign code, may raise anything
        _loaded["error"] = describe(error)


def _loading_error() -> str | None:
    return _loaded.get("error")


def _call(items: list[Any]) -> list[Any]:
    return [_outcome(item) for item in items]


def _outcome(item: Any) -> Any:
    try:
        return _loaded["function"](item)
    except BaseException as error:  # noqa: BLE001 - foreign code, may raise anything
        return Failure("error", describe(error))
