"""The record of what was fetched into a folder, beside the files."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus import DataError
from corpus.files import write_atomically

RECORD = ".fetched.json"
"""Its name; importers look past files whose name begins with a dot."""


@dataclass(frozen=True, slots=True)
class Record:
    """The files of a dataset that were fetched into a folder."""

    dataset: str
    urls: list[str]
    content: str
    """Digest of all files, see `content_digest`."""
    files: dict[str, str]
    """Path of each file below the folder, with slashes, and its sha256."""


def digest_files(folder: Path) -> dict[str, str]:
    """Compute the sha256 of each file below a folder by its path there, the record aside."""
    return {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != RECORD
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def content_digest(files: Mapping[str, str], parts: Iterable[str] = ("",)) -> str:
    """Compute one sha256 over files, whatever archive they came in.

    It is that of the lines "SHA256  PATH", sorted by path and joined by line feeds, over the
    files whose path begins with one of ``parts``; of no files, that of an empty text.
    """
    beginnings = tuple(parts)
    lines = [f"{files[path]}  {path}" for path in sorted(files) if path.startswith(beginnings)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def read_record(folder: Path) -> Record | None:
    """Read the record of what a folder holds; None if it is empty or not there.

    Raises:
        DataError: if the folder holds something that was not fetched.
    """
    path = folder / RECORD
    if path.is_file():
        try:
            return Record(**json.loads(path.read_bytes()))
        except (ValueError, TypeError) as error:
            raise DataError(
                f"{path}: damaged ({error}); move the folder away to fetch again"
            ) from None
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise DataError(f"{folder}: holds something that was not fetched; choose another folder")
    return None


def write_record(record: Record, folder: Path) -> None:
    """Put the record beside the files."""
    write_atomically(
        folder / RECORD, json.dumps(asdict(record), indent=1, ensure_ascii=False) + "\n"
    )


def is_whole(record: Record, folder: Path) -> bool:
    """Whether a folder still has all files of its record, as they were.

    Raises:
        DataError: if it has a file that was changed or added: nothing of anyone's is replaced.
    """
    found = digest_files(folder)
    foreign = [path for path, digest in found.items() if record.files.get(path) != digest]
    if foreign:
        raise DataError(
            f"{folder / foreign[0]}: not as it was fetched ({len(foreign):,} such files); move "
            "the folder away to fetch again"
        )
    return len(found) == len(record.files)
