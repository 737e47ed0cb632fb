"""Files of JSON rows that grow beside the label files."""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpus import DataError
from labels.tsv import write_atomically


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder, which is made where it is missing, against whoever else asks for it.

    The lock is advisory and vanishes with the process that holds it; no file is left behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def read_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Read the rows of a file, each with its place; nothing where there is no file.

    Raises:
        DataError: naming file and row, if one is no JSON object.
    """
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read as UTF-8 text ({error})") from None
    for number, text in enumerate(content.removesuffix("\n").split("\n"), start=1):
        place = f"{path}:{number}"
        try:
            row = json.loads(text)
        except ValueError as error:
            raise DataError(f"{place}: not JSON ({error}); mend or remove the row") from None
        if not isinstance(row, dict):
            raise DataError(f"{place}: not an object; mend or remove the row")
        yield place, row


def append_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add rows to the end of a file, all of them or none, one writer at a time."""
    added = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    with locked(path.parent):
        present = path.read_text(encoding="utf-8") if path.exists() else ""
        if present and not present.endswith("\n"):
            present += "\n"
        write_atomically(path, present + added)
