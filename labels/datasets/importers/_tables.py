"""Read rows of JSON Lines, Parquet and Arrow files, a few in memory at a time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.files import lines_of, open_text
from labels.datasets.importers._files import find_json_lines, read_json_line, reading
from labels.datasets.importers._records import RecordError, SourceRecord, Unread

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS_AT_ONCE = 64
_PARQUET = ".parquet"
TABLES = (_PARQUET, ".arrow")
"""Suffixes of tables; other files are JSON Lines."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of several files, read as they are needed: there may be millions."""

    files: tuple[Path, ...]
    columns: tuple[str, ...]
    """What is read of tables, if it is there."""
    count: int

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[SourceRecord]:
        for file in self.files:
            if file.suffix in TABLES:
                yield from read_rows(file, self.columns)
            else:
                yield from find_json_lines([file], "id")


def find_rows(files: Iterable[Path], columns: Sequence[str]) -> tuple[Rows, list[Unread]]:
    """List the rows of files, and the files that cannot be read."""
    readable: list[Path] = []
    unread: list[Unread] = []
    count = 0
    for file in files:
        try:
            count += count_rows(file)
            readable.append(file)
        except RecordError as error:
            unread.append((error.place, error.reason))
    return Rows(tuple(readable), tuple(columns), count), unread


def read_row(record: SourceRecord) -> dict[str, Any]:
    """Read the values of a record that `Rows` lists.

    Raises:
        RecordError: if it cannot be read.
    """
    if isinstance(record.gold, str):  # why the row is lost
        raise RecordError(record.place, record.gold)
    return record.gold if isinstance(record.gold, dict) else read_json_line(record)


def count_rows(file: Path) -> int:
    """Count the rows in a table, or the lines with something in them.

    Raises:
        RecordError: if it is damaged.
    """
    import pyarrow.parquet as pq

    if file.suffix not in TABLES:
        with reading(file, "cannot be read"), open_text(file) as lines:
            return sum(1 for _, line in lines_of(lines) if line.strip())
    with reading(file, "no table"):
        is_parquet = file.suffix == _PARQUET
        return int(pq.ParquetFile(file).metadata.num_rows if is_parquet else len(_arrow(file)))


def column_names(file: Path) -> list[str]:
    """List the columns of a table."""
    import pyarrow.parquet as pq

    with reading(file, "no table"):
        if file.suffix == _PARQUET:
            return list(pq.read_schema(file).names)
        return list(_arrow(file).column_names)


def read_rows(file: Path, columns: Sequence[str]) -> Iterator[SourceRecord]:
    """Read the rows of a table, of these columns those that it has, each named by its ``id``.

    One without is named by the file and the row's number, from 0 up. The gold of each is its values
    by column. Where a row group of a Parquet file, or an Arrow file, is damaged, one row stands for
    all that are lost, and its gold is the reason.
    """
    end = 0
    for length, batches in _groups(file, columns):
        number, end = end, end + length
        try:
            with reading(file, "damaged"):
                for batch in batches:
                    for values in batch.to_pylist():
                        given = values.get("id")
                        name = (
                            f"{file.stem}-{number}" if given is None or given == "" else str(given)
                        )
                        yield SourceRecord(name, f"{file} row {number}", values)
                        number += 1
        except RecordError as error:
            lost = f"{error.reason}; {end - number:,} rows are lost"
            yield SourceRecord(f"{file.stem}-{number}", f"{file} row {number}", lost)


def _groups(file: Path, columns: Sequence[str]) -> Iterator[tuple[int, Iterable["pa.RecordBatch"]]]:
    """The number of rows in each group, and these rows; an Arrow file is one group."""
    import pyarrow.parquet as pq

    if file.suffix != _PARQUET:
        rows = _arrow(file)
        rows = rows.select([name for name in rows.column_names if name in columns])
        yield len(rows), rows.to_batches(max_chunksize=_ROWS_AT_ONCE)
        return
    with pq.ParquetFile(file) as table:
        names = [name for name in table.schema_arrow.names if name in columns]
        for group in range(table.num_row_groups):
            length = table.metadata.row_group(group).num_rows
            yield length, table.iter_batches(_ROWS_AT_ONCE, row_groups=[group], columns=names)


def _arrow(file: Path) -> "pa.Table":
    """The rows of an Arrow file, a stream or with an index at its end; they stay on disk."""
    import pyarrow as pa

    source = pa.memory_map(str(file))
    try:
        return pa.ipc.open_file(source).read_all()
    except pa.ArrowInvalid:
        source.seek(0)
        return pa.ipc.open_stream(source).read_all()
