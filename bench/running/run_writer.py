"""Write run files: row by row as a run goes on, or at once."""

import json
from pathlib import Path
from typing import IO, Any, Self

from bench.running.run import FORMAT, Run, RunHeader, RunRow
from bench.running.run_reader import read_header, read_run
from corpus import clean
from corpus.files import write_atomically

_DECIMALS = 3


class RunWriter:
    """Append rows to a run file, which is new, resumed or replaced.

    A file of the same identity (extractor, version, options, dataset, split, splitter) is
    resumed: ``done`` holds the ids of its pages. A last row that was cut off is dropped. A run of
    another identity is replaced, and ``replaced`` is true. Each row is flushed.

    Raises:
        DataError: if the file is there and is no run, or is damaged before its last row.
    """

    def __init__(self, path: Path, header: RunHeader) -> None:
        self.path = path
        self.replaced = False
        self.done: frozenset[str] = frozenset()
        if path.exists() and path.stat().st_size:
            if read_header(path).identity() == header.identity():
                with path.open("r+b") as file:  # cut behind the last line break
                    file.truncate(file.read().rfind(b"\n") + 1)
                self.done = frozenset(read_run(path).rows)
            else:
                self.replaced = True
        if self.replaced or not path.exists() or not path.stat().st_size:
            write_atomically(path, _header_to_json(header))
        self._file: IO[bytes] = path.open("ab")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, row: RunRow) -> None:
        """Append a row."""
        self._file.write(_row_to_json(row).encode())
        self._file.flush()


def write_run(path: Path, run: Run) -> None:
    """Write a whole run at once; a file that is there is replaced."""
    rows = map(_row_to_json, run.rows.values())
    write_atomically(path, _header_to_json(run.header) + "".join(rows))


def _header_to_json(header: RunHeader) -> str:
    values = {"run": FORMAT} | {name: getattr(header, name) for name in header.__slots__}
    return json.dumps(values | {"options": dict(header.options)}, ensure_ascii=False) + "\n"


def _row_to_json(row: RunRow) -> str:
    values: dict[str, Any] = {"id": row.id, "status": row.status}
    if row.text is not None:
        values["text"] = clean(row.text)
    if row.kept is not None:
        values["kept"] = row.kept.astype(int).tolist()
    if row.coverage is not None:
        values["coverage"] = [round(share, _DECIMALS) for share in row.coverage.tolist()]
    values["seconds"] = None if row.seconds is None else round(row.seconds, 6)
    values["peak_mb"] = None if row.peak_mb is None else round(row.peak_mb, 1)
    if row.error is not None:
        values["error"] = clean(row.error)
    return json.dumps(values, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
