"""Read text and JSON that anybody wrote, write files whole or not at all, lock folders."""

import codecs
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock

from corpus.errors import DataError

LOCK = ".lock"
"""The file in a folder that `locked` locks; it is empty, and may stay behind."""

# That of UTF-32 begins like that of UTF-16, so that it is looked for first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def parse_text(raw: bytes) -> str:
    """Decode the bytes of a text file; its lines then end in line feeds alone.

    The encoding is UTF-8, or what a byte-order mark says, which is taken off. LF, CRLF and CR end
    a line; a Unicode separator does not, since it may stand in a line.

    Raises:
        ValueError: if the bytes are something else.
    """
    mark, encoding = next((row for row in _MARKS if raw.startswith(row[0])), (b"", "utf-8"))
    return raw[len(mark) :].decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


def read_text(path: Path) -> str:
    """Read a text file, see `parse_text`.

    Raises:
        FileNotFoundError: if there is none.
        DataError: naming the file, if it cannot be read.
    """
    try:
        return parse_text(path.read_bytes())
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read as UTF-8 text ({error})") from None


def open_text(path: Path) -> BinaryIO:
    """Open a text file whose lines are read one by one, see `lines_of`, behind its byte-order mark.

    Its bytes are UTF-8, those of UTF-16 and UTF-32 converted.

    Raises:
        OSError: if it cannot be opened.
        ValueError: if it is not in the encoding of its byte-order mark.
    """
    file = path.open("rb")
    head = file.read(4)
    mark, encoding = next((row for row in _MARKS if head.startswith(row[0])), (b"", "utf-8"))
    if encoding == "utf-8":
        file.seek(len(mark))
        return file
    with file:
        return io.BytesIO(parse_text(head + file.read()).encode())


def lines_of(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Iterate over the lines of an open file, each with its offset and its end: LF, CRLF or CR."""
    offset = file.tell()
    for piece in file:
        for line in piece.splitlines(keepends=True):
            yield offset, line
            offset += len(line)


def parse_json(content: str | bytes) -> Any:
    """Parse JSON, with or without a byte-order mark.

    Raises:
        ValueError: if it is none, or is nested without end.
    """
    if isinstance(content, str):
        content = content.removeprefix("\ufeff")
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("it is nested without end") from None


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file through a temporary one beside it, so that readers see all of it or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def written_atomically(folder: Path) -> Iterator[Path]:
    """A new folder that takes the place of ``folder`` in the end, or vanishes if that fails."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        yield work
        work.chmod(0o755)
        replaced = work.with_name(f"{work.name}.replaced")
        if folder.exists():
            folder.replace(replaced)
        work.replace(folder)
        shutil.rmtree(replaced, ignore_errors=True)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder, which is made where it is missing, against other processes and threads.

    The lock is advisory, waits for whoever holds it, and ends with the process that holds it. A
    folder that cannot be written to is not locked: nobody changes what is in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        yield
        return
    with FileLock(folder / LOCK):
        yield


def read_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Read the JSON lines of a file, each with its place; nothing where there is no file.

    Raises:
        DataError: naming file and row, if one is no JSON object.
    """
    try:
        content = read_text(path)
    except FileNotFoundError:
        return
    lines = content.removesuffix("\n").split("\n") if content else []
    for number, text in enumerate(lines, start=1):
        place = f"{path}:{number}"
        try:
            row = parse_json(text)
        except ValueError as error:
            raise DataError(f"{place}: not JSON ({error}); correct or remove the row") from None
        if not isinstance(row, dict):
            raise DataError(f"{place}: not an object; correct or remove the row")
        yield place, row


def append_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Append JSON lines to a file, all of them or none, one writer at a time."""
    added = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    with locked(path.parent):
        present = read_text(path) if path.exists() else ""
        if present and not present.endswith("\n"):
            present += "\n"
        write_atomically(path, present + added)
