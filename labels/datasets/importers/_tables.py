"""Rows of Parquet and Arrow files, a few in memory at a time."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from labels.datasets.importers._files import reading
from labels.datasets.importers._records import RecordError, SourceRecord

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS_AT_ONCE = 64
_PARQUET = ".parquet"


def count_rows(file: Path) -> int:
    """Count the rows in a table.

    Raises:
        RecordError: if it is damaged.
    """
    import pyarrow.parquet as pq

    with reading(file, "no table"):
        is_parquet = file.suffix == _PARQUET
        return int(pq.ParquetFile(file).metadata.num_rows if is_parquet else len(_arrow(file)))


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
                        name = str(values.get("id") or f"{file.stem}-{number}")
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
