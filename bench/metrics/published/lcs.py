"""Choose the tokens of a longest common subsequence, of several the one that benchmarks choose.

Of the many longest common subsequences of two token lists, a program reads one out of the table of
their lengths, from its last cell back, and which one depends on where it turns when two ways are
as good. The table has a row for each token of the one list and a column for each of the other; a
row is held here as the bits of one integer, 0 where the length grows, so that a step down is four
operations on integers.

Source: H. Hyyrö, "Bit-parallel LCS-length computation revisited", AWOCA 2004.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from math import isqrt

_STORED_BITS = 1 << 28
"""A table of more bits is not held, but computed a second time from some of its rows (32 MB)."""


def positions(tokens: Iterable[int]) -> dict[int, int]:
    """Map each token to the places where it stands, as the bits of an integer."""
    masks: dict[int, int] = {}
    for column, token in enumerate(tokens):
        masks[token] = masks.get(token, 0) | 1 << column
    return masks


def matched_rows(rows: Sequence[int], columns: int) -> Sequence[int]:
    """List the rows of the subsequence that passes over as many last rows as it can, last first.

    Where neither token is the other's, the way goes up unless the length would shrink, as in the
    package `rouge-score`. A row without a match never counts, and is left out of ``rows``.

    ``rows`` hold for each row the columns of its token, as bits (`positions`).
    """
    if len(rows) == 1:
        return (0,)
    runs = _from_below(rows, columns)
    last = next(runs)
    if (~last[1][-1] & ((1 << columns) - 1)).bit_count() == len(rows):
        return range(len(rows))
    taken: list[int] = []
    column = columns
    for first, states in chain((last,), runs):
        for k in range(len(states) - 2, -1, -1):
            if not column:
                return taken
            matches = rows[first + k]
            if not matches >> (column - 1) & 1:
                first_columns = (1 << column) - 1
                if (states[k] & first_columns).bit_count() == (
                    states[k + 1] & first_columns
                ).bit_count():
                    continue
                column = (matches & first_columns).bit_length()
            taken.append(first + k)
            column -= 1
    return taken


def matched_rows_from_the_right(
    rows: Sequence[int], row_tokens: Sequence[int], column_tokens: Sequence[int]
) -> list[int]:
    """List the rows of the subsequence that passes over as many last columns as it can, last first.

    Where neither token is the other's, the way goes left unless the length would shrink, as in
    Dragnet. Of several rows in turn without a match one is enough.

    ``rows`` hold for each row the columns of its token, as bits (`positions`).
    """
    taken: list[int] = []
    column = len(column_tokens)
    for first, states in _from_below(rows, column):
        for k in range(len(states) - 2, -1, -1):
            if not column:
                return taken
            row = first + k
            if row_tokens[row] != column_tokens[column - 1]:
                first_columns = (1 << column) - 1
                match = (rows[row] & first_columns).bit_length()
                column = max(match, (~states[k + 1] & first_columns).bit_length())
                if column != match or not column:
                    continue
            taken.append(row)
            column -= 1
    return taken


def _from_below(rows: Sequence[int], columns: int) -> Iterator[tuple[int, list[int]]]:
    """Yield runs of rows, the last first: its first row, and the bits before and after each row.

    What is carried past the last column is never read.
    """
    everything = (1 << columns) - 1
    if len(rows) * columns <= _STORED_BITS:
        yield 0, _downwards(rows, everything)
        return
    step = isqrt(len(rows))
    heads = [everything]
    for first in range(0, len(rows), step):
        heads.append(_downwards(rows[first : first + step], heads[-1])[-1] & everything)
    for k in reversed(range(len(heads) - 1)):
        yield k * step, _downwards(rows[k * step : (k + 1) * step], heads[k])


def _downwards(rows: Sequence[int], state: int) -> list[int]:
    """Compute the bits before the first row and after each."""
    states = [state]
    for matches in rows:
        common = state & matches
        state = (state + common) | (state - common)
        states.append(state)
    return states
