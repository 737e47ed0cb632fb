"""How importers read files: every failure names its place."""

import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from corpus import DataError, clean, decode

Record = TypeVar("Record")

_BROKEN = (
    OSError, EOFError, zlib.error, ValueError, KeyError, IndexError, TypeError, AttributeError,
    RecursionError,
)  # fmt: skip


@contextmanager
def reading(place: object, complaint: str) -> Iterator[None]:
    """Say at what place of the dataset something could not be read, and why.

    Raises:
        DataError: "PLACE: COMPLAINT (what happened)", for all that a broken file can cause.
    """
    try:
        yield
    except DataError as error:
        raise DataError(f"{place}: {error}") from None
    except _BROKEN as error:
        raise DataError(f"{place}: {complaint} ({error!r})") from None


def read_bytes(path: Path) -> bytes:
    """The bytes of a file."""
    with reading(path, "cannot be read"):
        return path.read_bytes()


def read_gzip(path: Path) -> bytes:
    """The bytes in a gzip file."""
    with reading(path, "cannot be unpacked"):
        return gzip.decompress(path.read_bytes())


def read_text(path: Path, encoding: str | None = None) -> str:
    """The text of a file; each of its lines ends in a line feed alone.

    ``encoding`` is what bytes are taken for that are no UTF and do not contradict it.
    """
    with reading(path, "cannot be read"):
        text = clean(decode(path.read_bytes(), encoding))
        return text.replace("\r\n", "\n").replace("\r", "\n")


def read_json(path: Path) -> Any:
    """What a JSON file holds. It is kept until another one is read: treat it as read-only."""
    with reading(path, "no JSON"):
        return _parsed(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _parsed(path: Path, _changed: int) -> Any:
    return json.loads(path.read_bytes())


@dataclass(frozen=True, slots=True)
class JsonLine:
    """Where a record of a JSON Lines file stands."""

    path: Path
    number: int
    offset: int
    """Of its first byte in the file."""
    name: str
    """What it calls itself; the file and the line's number where it says nothing."""

    def __str__(self) -> str:
        return f"{self.path}:{self.number}"


def find_json_lines(path: Path, key: str) -> Iterator[JsonLine]:
    """List the records of a JSON Lines file, each named by the first string under ``key``."""
    named = re.compile(rb'[{,]\s*"%b"\s*:\s*("(?:[^"\\]|\\.)*")' % key.encode())
    offset = 0
    with reading(path, "cannot be read"), path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                name = f"{path.stem}-{number}"
                if found := named.search(line):
                    with suppress(ValueError):  # a broken line is reported when it is read
                        name = json.loads(found[1])
                yield JsonLine(path, number, offset, name)
            offset += len(line)


def read_json_line(record: JsonLine) -> dict[str, Any]:
    """The object in one line of a JSON Lines file."""
    with reading(record, "no JSON object"), record.path.open("rb") as file:
        file.seek(record.offset)
        row = json.loads(file.readline())
        return dict(row.items())


@dataclass(frozen=True, slots=True)
class Layout:
    """Two folders that hold a page and its gold under the same name."""

    pages: str
    page_suffix: str
    golds: str
    gold_suffix: str

    def __str__(self) -> str:
        return f"{self.pages}/*{self.page_suffix} with {self.golds}/*{self.gold_suffix}"

    def fits(self, path: Path) -> bool:
        """Whether a folder has both folders."""
        return (path / self.pages).is_dir() and (path / self.golds).is_dir()


@dataclass(frozen=True, slots=True)
class Pair:
    """A page and its gold; one of the files may be missing, which reading them reports."""

    id: str
    name: str
    page: Path
    gold: Path


def find_pairs(path: Path, *layouts: Layout) -> list[Pair]:
    """List what is in the folders of the first layout that fits, by name.

    Raises:
        DataError: if none fits, or the folders are empty.
    """
    for layout in layouts:
        if layout.fits(path):
            pages, golds = path / layout.pages, path / layout.golds
            names = _names(pages, layout.page_suffix) | _names(golds, layout.gold_suffix)
            if names:
                return [
                    Pair(
                        page_id,
                        name,
                        pages / f"{name}{layout.page_suffix}",
                        golds / f"{name}{layout.gold_suffix}",
                    )
                    for page_id, name in with_ids(sorted(names), str)
                ]
    raise DataError(f"{path}: no {', no '.join(map(str, layouts))}")


def _names(folder: Path, suffix: str) -> set[str]:
    files = [entry.name for entry in folder.iterdir() if entry.is_file()]
    return {name.removesuffix(suffix) for name in files if not name.startswith(".")}


WESTERN = "windows-1252"
"""What a gold of an English dataset is in, if it is no UTF: a curly quote is too little to tell."""


def read_pair(pair: Pair, encoding: str | None = None) -> tuple[bytes, str]:
    """The page's bytes and the gold's text, by default in whatever encoding it seems to be in.

    Raises:
        DataError: if one of them is missing or cannot be read.
    """
    if not pair.page.is_file():
        raise DataError(f"{pair.gold}: gold without a page, {pair.page.name} is missing")
    if not pair.gold.is_file():
        raise DataError(f"{pair.page}: page without gold, {pair.gold.name} is missing")
    return read_bytes(pair.page), read_text(pair.gold, encoding)


_UNSAFE = re.compile(r"""[\s/\\:*?"<>|\x00-\x1f]+""")
_LONGEST_ID = 110


def with_ids(records: Iterable[Record], name: Callable[[Record], str]) -> list[tuple[str, Record]]:
    """Give each record an id made of its name: safe as a file's name, and unique.

    A name that is safe is the id as it is; where ids would repeat, the later ones are numbered.
    """
    seen: Counter[str] = Counter()
    found: list[tuple[str, Record]] = []
    for record in records:
        safe = _UNSAFE.sub("-", clean(name(record))).strip("-.")[:_LONGEST_ID] or "page"
        page_id = safe
        while seen[page_id]:
            seen[safe] += 1
            page_id = f"{safe}~{seen[safe]}"
        seen[page_id] += 1
        found.append((page_id, record))
    return found


def find_files(path: Path, *suffixes: str) -> list[Path]:
    """All files below a folder with one of these suffixes, hidden ones aside.

    Raises:
        DataError: if there is none.
    """
    files = [
        file
        for file in sorted(path.rglob("*"))
        if file.suffix in suffixes and file.is_file() and not file.name.startswith(".")
    ]
    if not files:
        raise DataError(f"{path}: no *{', no *'.join(suffixes)}")
    return files
