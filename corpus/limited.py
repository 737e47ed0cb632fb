"""Call a function of ours once, under limits that stop it wherever it is."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from corpus.errors import DataError
from corpus.workers import Failure, Workers, limited_memory

# The second is what the parser raises where it gets no memory.
_OUT_OF_MEMORY = (MemoryError.__name__, SystemError.__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")


def call_limited(
    function: Callable[[Item], Result], item: Item, *, timeout: float, memory_mb: int
) -> Result:
    """Call a function on an item in a process of its own.

    It may take ``timeout`` seconds and ``memory_mb`` MiB beyond what the process holds already.
    Function, item and result must be picklable.

    Raises:
        DataError: that of the function; or one that names the limit that it went over, or the error
            that it ended with.
    """
    with Workers(partial(_loaded, function, memory_mb), jobs=1) as workers:
        (task,) = workers.map([item], seconds=timeout)
    outcome = task.outcome
    if isinstance(outcome, DataError):
        raise outcome
    if not isinstance(outcome, Failure):
        return outcome
    if outcome.kind == "timeout":
        raise DataError(f"stopped after {timeout:g} s; a higher --timeout gives it more")
    if outcome.error.startswith(_OUT_OF_MEMORY):
        raise DataError(f"it needs more than {memory_mb:,} MiB; a higher --memory gives it more")
    raise DataError(f"it ended with {outcome.error}")


def _loaded(
    function: Callable[[Item], Result], memory_mb: int
) -> Callable[[Item], Result | DataError]:
    return partial(_call, function, memory_mb)


def _call(function: Callable[[Item], Result], memory_mb: int, item: Item) -> Result | DataError:
    try:
        with limited_memory(memory_mb):
            return function(item)
    except DataError as error:
        return error
