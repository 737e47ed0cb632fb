"""Write files whole or not at all, lock folders, and read and append JSON lines."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

from corpus.errors import DataError

LOCK = ".lock"
"""The file in a folder that `locked` locks; it is empty, and may stay behind."""


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
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read as UTF-8 text ({error})") from None
    lines = content.removesuffix("\n").split("\n") if content else []
    for number, text in enumerate(lines, start=1):
        place = f"{path}:{number}"
        try:
            row = json.loads(text)
        except ValueError as error:
            raise DataError(f"{place}: not JSON ({error}); correct or remove the row") from None
        if not isinstance(row, dict):
            raise DataError(f"{place}: not an object; correct or remove the row")
        yield place, row


def append_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Append JSON lines to a file, all of them or none, one writer at a time."""
    added = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    with locked(path.parent):
        present = path.read_text(encoding="utf-8") if path.exists() else ""
        if present and not present.endswith("\n"):
            present += "\n"
        write_atomically(path, present + added)
