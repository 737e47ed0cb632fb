"""Run files: what one extractor kept on one dataset, failures included.

A run file is JSONL: a header, then a row a page. Any tool may write one; of the header only
``extractor`` is required, of a row ``id`` and either ``text`` or ``kept``.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path
from typing import IO, Any, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, clean
from labels import write_atomically

FORMAT = 1
SUFFIX = ".jsonl"
SAFE_NAME = re.compile(r"\w[\w.@+-]*")
"""What an extractor may be called: a run is a file of its name."""

Status = Literal["ok", "empty", "error", "timeout", "crash", "memory", "skipped"]
STATUSES: tuple[Status, ...] = get_args(Status)
"""Anything but ``ok`` counts as keeping nothing."""

_BROKEN = frozenset(STATUSES) - {"ok", "empty", "skipped"}
_DECIMALS = 3
_REASON = 160  # characters of an error that are shown


@dataclass(frozen=True, slots=True)
class RunHeader:
    """What a run is a run of. All but the extractor may be unknown in another tool's file."""

    extractor: str
    version: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    dataset: str | None = None
    split: str | None = None
    fingerprint: str | None = None
    """Of the dataset."""
    splitter: int | None = None
    """Version of what made the lines."""
    kit: str | None = None
    """Version of this kit."""
    machine: str | None = None
    seed: int | None = None
    time: str | None = None
    """When the run began, ISO 8601, UTC."""
    out_of_fold: bool = False
    """Whether each page was kept by a model that was not fitted to its site."""
    leak_safe: bool = False
    """Whether pages that are in another split, too, were left out; see `labels.lint.leaked`."""

    def identity(self) -> str:
        """What must be equal for a run to be resumed."""
        names = ("extractor", "version", "options", "fingerprint", "split", "splitter")
        values = {name: getattr(self, name) for name in (*names, "out_of_fold", "leak_safe")}
        return json.dumps(values, sort_keys=True, default=str)


@dataclass(frozen=True, slots=True)
class RunRow:
    """What an extractor kept of one page: ``text`` or ``kept`` if and only if it is ``ok``."""

    id: str
    status: Status
    text: str | None = None
    kept: NDArray[np.bool_] | None = None
    """Which of the page's n lines are kept, shape (n,)."""
    coverage: NDArray[np.float32] | None = None
    """Share of each line that ``text`` holds, shape (n,); None if it is not known."""
    seconds: float | None = None
    """Wall time of the call, decoding included; None where it did not return."""
    peak_mb: float | None = None
    """Peak resident memory of the process during the call, MiB; None if it is not known."""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run that was read: its header, and its rows by the id of their page."""

    header: RunHeader
    rows: dict[str, RunRow]
    called: str | None = None
    """What it is called beside other runs of its extractor; see `read_runs`."""

    @property
    def name(self) -> str:
        """What it is called in tables: its extractor, as a rule."""
        return self.called or self.header.extractor


def first_failures(runs: Iterable[Run]) -> Iterator[str]:
    """A sentence for each run in which an extractor broke, with the first page and the reason."""
    for run in runs:
        broken = [row for row in run.rows.values() if row.status in _BROKEN]
        if broken:
            first = min(broken, key=lambda row: row.id)
            pages = "1 page" if len(broken) == 1 else f"{len(broken):,} pages"
            reason = first.error or first.status
            shown = reason if len(reason) <= _REASON else reason[: _REASON - 1] + "…"
            yield f"{run.name} failed on {pages}; on {first.id}: {shown}"


def run_path(folder: Path, extractor: str) -> Path:
    """Where the run of an extractor stands in a folder.

    Raises:
        DataError: if the name is not safe as a file's name.
    """
    if not SAFE_NAME.fullmatch(extractor):
        raise DataError(
            f"extractor name {extractor!r} is not safe as a file's name; choose another"
        )
    return folder / f"{extractor}{SUFFIX}"


class RunWriter:
    """Appends rows to a run file, which is made, resumed or replaced.

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
                _drop_cut_off_row(path)
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


def read_run(path: Path) -> Run:
    """Read a run file, of this kit or another tool. Empty lines are passed over.

    Raises:
        DataError: naming file and line, for whatever is not as it must be.
    """
    header = read_header(path)
    rows: dict[str, RunRow] = {}
    with path.open("rb") as file:
        next(file)
        for number, line in enumerate(file, start=2):
            if not line.strip():
                continue
            place = f"{path}:{number}"
            row = _to_row(_parse(line, place), place)
            if row.id in rows:
                raise DataError(f"{place}: page {row.id!r} has a row already; remove one of them")
            rows[row.id] = row
    return Run(header, rows)


def read_runs(paths: Sequence[Path]) -> list[Run]:
    """Read run files that are to stand side by side, in their order.

    Several runs of one extractor, of two versions, say, are told apart by their files: by the names
    if these differ, or else by the paths, ``trafilatura (before)`` and ``trafilatura (after)``.

    Raises:
        DataError: if a file is given twice, or as `read_run` does.
    """
    for path, times in Counter(map(Path.resolve, paths)).items():
        if times > 1:
            raise DataError(f"{path}: given {times} times; give each run once")
    runs = [read_run(path) for path in paths]
    files: dict[str, list[Path]] = defaultdict(list)
    for path, run in zip(paths, runs, strict=True):
        files[run.header.extractor].append(path)
    return [
        replace(run, called=_called(run.header.extractor, path, files[run.header.extractor]))
        for path, run in zip(paths, runs, strict=True)
    ]


def _called(extractor: str, path: Path, paths: Sequence[Path]) -> str | None:
    if len(paths) == 1:
        return None
    stems = {other.stem for other in paths}
    told = path.stem if len(stems) == len(paths) else path.with_suffix("").as_posix()
    return f"{extractor} ({told})"


def read_header(path: Path) -> RunHeader:
    """Read the first line of a run file.

    Raises:
        DataError: naming the file, if it is no run.
    """
    place = f"{path}:1"
    remedy = "the first line of a run must be an object with 'extractor'"
    try:
        with path.open("rb") as file:
            first = file.readline()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); give a run file") from None
    try:
        values = json.loads(first.removeprefix(b"\xef\xbb\xbf"))
    except ValueError:
        raise DataError(f"{place}: not a run file; {remedy}") from None
    if not isinstance(values, dict) or "extractor" not in values:
        raise DataError(f"{place}: not a run file; {remedy}")
    if values.get("run", FORMAT) != FORMAT:
        raise DataError(
            f"{place}: run format {values['run']!r}, this kit reads {FORMAT}; update it"
        )
    extractor = _typed(values, "extractor", str, place)
    if not extractor or not extractor.strip():
        raise DataError(f"{place}: 'extractor' is empty; give the extractor's name")
    return RunHeader(
        extractor=extractor,
        version=_typed(values, "version", str, place),
        options=_typed(values, "options", dict, place) or {},
        dataset=_typed(values, "dataset", str, place),
        split=_typed(values, "split", str, place),
        fingerprint=_typed(values, "fingerprint", str, place),
        splitter=_typed(values, "splitter", int, place),
        kit=_typed(values, "kit", str, place),
        machine=_typed(values, "machine", str, place),
        seed=_typed(values, "seed", int, place),
        time=_typed(values, "time", str, place),
        out_of_fold=bool(_typed(values, "out_of_fold", bool, place)),
        leak_safe=bool(_typed(values, "leak_safe", bool, place)),
    )


def _to_row(values: dict[str, Any], place: str) -> RunRow:
    if "id" not in values:
        raise DataError(f"{place}: no 'id'; each row needs the id of its page")
    page_id = _typed(values, "id", str, place)
    if not page_id:
        raise DataError(f"{place}: 'id' is empty; give the id of the page")
    status = values.get("status", "ok")
    if status not in STATUSES:
        raise DataError(f"{place}: unknown status {status!r}; use one of {', '.join(STATUSES)}")
    if status == "ok" and ("text" in values) == ("kept" in values):
        raise DataError(f"{place}: page {page_id!r} needs either 'text' or 'kept'; give one")
    text, kept, coverage = None, None, None
    if status == "ok":
        text = _typed(values, "text", str, place)
        kept = _kept(values, place)
        coverage = _coverage(values, place)
        if not (text and text.strip()) and not (kept is not None and kept.any()):
            status, text, kept, coverage = "empty", None, None, None
    return RunRow(
        id=page_id,
        status=status,
        text=None if text is None else clean(text),
        kept=kept,
        coverage=coverage,
        seconds=_measure(values, "seconds", place),
        peak_mb=_measure(values, "peak_mb", place),
        error=_typed(values, "error", str, place),
    )


def _parse(line: bytes, place: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except ValueError:
        if not line.endswith(b"\n"):
            raise DataError(
                f"{place}: cut off; run the extractor again to finish it, or remove this line"
            ) from None
        raise DataError(f"{place}: not JSON; write one object a line") from None
    if not isinstance(values, dict):
        raise DataError(f"{place}: not an object; write one object a line")
    return values


_NAMES = {str: "a string", int: "an integer", dict: "an object", bool: "true or false"}


def _typed(values: dict[str, Any], name: str, kind: type[Any], place: str) -> Any:
    value = values.get(name)
    if value is None or (isinstance(value, kind) and isinstance(value, bool) == (kind is bool)):
        return value
    raise DataError(f"{place}: {name!r} is {value!r:.60}; make it {_NAMES[kind]}, or leave it out")


def _measure(values: dict[str, Any], name: str, place: str) -> float | None:
    value = values.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < inf:
        raise DataError(f"{place}: {name!r} is {value!r:.60}; make it a number from 0 up")
    return float(value)


def _kept(values: dict[str, Any], place: str) -> NDArray[np.bool_] | None:
    kept = values.get("kept")
    if kept is None:
        return None
    if not isinstance(kept, list) or not all(value in (0, 1) for value in kept):
        raise DataError(f"{place}: 'kept' must be a list with 0 or 1 for each line of the page")
    return np.array(kept, np.bool_)


def _coverage(values: dict[str, Any], place: str) -> NDArray[np.float32] | None:
    shares = values.get("coverage")
    if shares is None:
        return None
    if not isinstance(shares, list) or not all(
        isinstance(share, int | float) and 0 <= share <= 1 for share in shares
    ):
        raise DataError(f"{place}: 'coverage' must be a list with a share (0 to 1) for each line")
    return np.array(shares, np.float32)


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


def _drop_cut_off_row(path: Path) -> None:
    """Cut the file behind its last line break."""
    with path.open("r+b") as file:
        file.truncate(file.read().rfind(b"\n") + 1)
