"""Read run files, of this kit or another tool."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from sys import float_info
from typing import Any

import numpy as np

from bench.running.run import FORMAT, STATUSES, Run, RunHeader, RunRow
from corpus import DataError, clean
from corpus.files import lines_of, open_text, parse_json
from corpus.wording import printable

_SHARE = np.float32
_HEADER = {
    "extractor": str, "version": str, "options": dict, "dataset": str, "split": str,
    "fingerprint": str, "splitter": int, "kit": str, "machine": str, "seed": int, "time": str,
    "out_of_fold": bool, "leak_safe": bool,
}  # fmt: skip


def read_run(path: Path) -> Run:
    """Read a run file, of this kit or another tool. Empty lines are ignored.

    Raises:
        DataError: naming file and line, for whatever is not as it must be.
    """
    header = read_header(path)
    rows: dict[str, RunRow] = {}
    with open_text(path) as file:
        for number, (_, line) in enumerate(lines_of(file), start=1):
            if number == 1 or not line.strip():
                continue
            place = f"{path}:{number}"
            row = _to_row(_parse(line, place), place)
            if row.id in rows:
                raise DataError(f"{place}: page {row.id!r} has a row already; remove one of them")
            rows[row.id] = row
    return Run(header, rows)


def read_runs(paths: Sequence[Path]) -> list[Run]:
    """Read run files that are to be compared, in their order.

    Runs of one extractor are distinguished by the names of their files if these differ, or else by
    their paths, ``trafilatura (before)`` and ``trafilatura (after)``.

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
        replace(run, display_name=_display_name(run.header.extractor, path, files))
        for path, run in zip(paths, runs, strict=True)
    ]


def _display_name(extractor: str, path: Path, files: Mapping[str, Sequence[Path]]) -> str:
    paths = files[extractor]
    if len(paths) == 1:
        return extractor
    is_unique = len({other.stem for other in paths}) == len(paths)
    return f"{extractor} ({path.stem if is_unique else path.with_suffix('').as_posix()})"


def read_header(path: Path) -> RunHeader:
    """Read the first line of a run file.

    Raises:
        DataError: naming the file, if it is no run.
    """
    place = f"{path}:1"
    remedy = "the first line of a run must be an object with 'extractor'"
    try:
        with open_text(path) as file:
            _, first = next(lines_of(file), (0, b""))
        values = parse_json(first)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); give a run file") from None
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
    _check_shown(extractor, "extractor", place)
    known = {name: _typed(values, name, kind, place) for name, kind in _HEADER.items()}
    return RunHeader(**{name: value for name, value in known.items() if value is not None})


def _to_row(values: dict[str, Any], place: str) -> RunRow:
    if "id" not in values:
        raise DataError(f"{place}: no 'id'; each row needs the id of its page")
    page_id = _typed(values, "id", str, place)
    if not page_id:
        raise DataError(f"{place}: 'id' is empty; give the id of the page")
    _check_shown(page_id, "id", place)
    status = values.get("status", "ok")
    if status not in STATUSES:
        raise DataError(f"{place}: unknown status {status!r}; use one of {', '.join(STATUSES)}")
    if status == "ok" and ("text" in values) == ("kept" in values):
        raise DataError(f"{place}: page {page_id!r} needs either 'text' or 'kept'; give one")
    text, kept, coverage = None, None, None
    if status == "ok":
        text = _typed(values, "text", str, place)
        kept = _array(values, "kept", np.bool_, "0 or 1 for each line of the page", place)
        coverage = _array(values, "coverage", _SHARE, "a share (0 to 1) for each line", place)
        if not (text and text.strip()) and not (kept is not None and kept.any()):
            status, text, kept, coverage = "empty", None, None, None
    return RunRow(
        id=page_id,
        status=status,
        text=None if text is None else clean(text),
        kept=kept,
        coverage=coverage,
        seconds=_typed(values, "seconds", float, place),
        peak_mb=_typed(values, "peak_mb", float, place),
        error=_typed(values, "error", str, place),
    )


def _check_shown(name: str, key: str, place: str) -> None:
    if printable(name) != name:
        raise DataError(f"{place}: {key!r} is {name!r:.60}; leave out what cannot be shown")


def _parse(line: bytes, place: str) -> dict[str, Any]:
    try:
        values = parse_json(line)
    except ValueError:
        if not line.endswith((b"\n", b"\r")):
            raise DataError(
                f"{place}: cut off; run the extractor again to finish it, or remove this line"
            ) from None
        raise DataError(f"{place}: not JSON; write one object a line") from None
    if not isinstance(values, dict):
        raise DataError(f"{place}: not an object; write one object a line")
    return values


_KINDS = {
    str: "a string", int: "an integer", float: "a number from 0 up", dict: "an object",
    bool: "true or false",
}  # fmt: skip


def _typed(values: dict[str, Any], name: str, kind: type[Any], place: str) -> Any:
    value = values.get(name)
    if value is None:
        return None
    if isinstance(value, bool) == (kind is bool):
        if kind is not float and isinstance(value, kind):
            return value
        if kind is float and isinstance(value, int | float) and 0 <= value <= float_info.max:
            return float(value)
    raise DataError(f"{place}: {name!r} is {value!r:.60}; make it {_KINDS[kind]}, or leave it out")


def _array(values: dict[str, Any], name: str, dtype: type[Any], what: str, place: str) -> Any:
    value = values.get(name)
    if value is None:
        return None
    is_right = isinstance(value, list) and all(
        isinstance(share, int | float) and (share in (0, 1) or (dtype is _SHARE and 0 < share < 1))
        for share in value
    )
    if not is_right:
        raise DataError(f"{place}: {name!r} must be a list with {what}")
    return np.array(value, dtype)
