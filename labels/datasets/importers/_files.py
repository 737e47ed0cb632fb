"""How importers read files: every failure names its place."""

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from corpus import DataError, clean, decode
from corpus.files import lines_of, open_text, parse_json
from labels.datasets.importers._records import RecordError, SourceRecord, Unread

_BROKEN = (
    OSError, EOFError, zlib.error, ValueError, KeyError, IndexError, TypeError, AttributeError,
    RuntimeError,
)  # fmt: skip


@contextmanager
def reading(place: object, complaint: str) -> Iterator[None]:
    """Name the place in the dataset where something cannot be read, and the reason.

    Raises:
        RecordError: "PLACE: COMPLAINT (what happened)", for all that a broken file can cause.
    """
    try:
        yield
    except DataError as error:
        raise RecordError(place, str(error)) from None
    except _BROKEN as error:
        raise RecordError(place, f"{complaint} ({error!r})") from None


def read_bytes(path: Path) -> bytes:
    """Read the bytes of a file, or those in a gzip file."""
    is_packed = path.suffix == ".gz"
    with reading(path, "cannot be unpacked" if is_packed else "cannot be read"):
        return gzip.decompress(path.read_bytes()) if is_packed else path.read_bytes()


def read_text(path: Path) -> str:
    """Read text in whatever encoding it seems to be; its lines end in line feeds alone."""
    with reading(path, "cannot be read"):
        return _tidy(decode(path.read_bytes()))


_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Characters of UTF-8 that take several bytes; in a group, so that splitting keeps them.
_MULTIBYTE = re.compile(
    rb"((?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+)"
)


def read_western_text(path: Path) -> str:
    """Read text in English; its lines end in line feeds alone.

    It was typed or pasted from several sources: what is UTF-8 is read as that, the other bytes as
    windows-1252, both in one file if need be. UTF-16 is detected, too.
    """
    with reading(path, "cannot be read"):
        raw = path.read_bytes()
        if not raw.startswith(_WIDE_MARKS) and b"\0" not in raw:
            parts = _MULTIBYTE.split(raw)
            raw = "".join([
                part.decode("utf-8" if row % 2 else "cp1252", "replace")
                for row, part in enumerate(parts)
            ]).encode()  # fmt: skip
        return _tidy(decode(raw))


def _tidy(text: str) -> str:
    return clean(text).replace("\r\n", "\n").replace("\r", "\n")


def read_json(path: Path) -> Any:
    """Read a JSON file. Its content is kept until another one is read: treat it as read-only."""
    with reading(path, "no JSON"):
        return _parsed(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _parsed(path: Path, _changed: int) -> Any:
    return parse_json(path.read_bytes())


def find_json_lines(files: Iterable[Path], key: str) -> Iterator[SourceRecord]:
    """List the records of JSON Lines files, named by what is under ``key``.

    That is a string or whole number; one without is named by its file and the line's number. Their
    gold is for `read_json_line`: the file and where in it the line begins.
    """
    named = re.compile(rb'[{,]\s*"%b"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+(?=\s*[,}]))' % key.encode())
    for path in files:
        with reading(path, "cannot be read"), open_text(path) as file:
            for number, (offset, line) in enumerate(lines_of(file), start=1):
                if line.strip():
                    name = f"{path.stem}-{number}"
                    with suppress(ValueError):  # a broken line is reported when it is read
                        found = named.findall(line)
                        name = str(parse_json(found[0])) if found else name
                        if len(found) > 1:  # all but one of them stand in an object within
                            name = _named(parse_json(line), key) or name
                    yield SourceRecord(name, f"{path}:{number}", (path, offset))


def _named(row: Any, key: str) -> str | None:
    value = row.get(key) if isinstance(row, dict) else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def read_json_line(record: SourceRecord) -> dict[str, Any]:
    """Read the object in one line of a JSON Lines file."""
    path, offset = record.gold
    with reading(record.place, "no JSON object"), open_text(path) as file:
        file.seek(offset)
        row = parse_json(next(lines_of(file))[1])
        if not isinstance(row, dict):
            raise DataError("not an object; correct or remove the row")
        return row


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
        """Whether a folder has both folders, with such files in them."""
        return all(
            any(not file.name.startswith(".") for file in (path / folder).glob(f"*{suffix}"))
            for folder, suffix in ((self.pages, self.page_suffix), (self.golds, self.gold_suffix))
        )


def choose_layout(path: Path, *layouts: Layout) -> Layout:
    """Choose the first layout that fits a folder.

    Raises:
        DataError: if none does; it names a folder below where one does.
    """
    for layout in layouts:
        if layout.fits(path):
            return layout
    wanted = f"no {', no '.join(map(str, layouts))}"
    for below in sorted(entry for entry in path.iterdir() if entry.is_dir()):
        if any(layout.fits(below) for layout in layouts):
            raise DataError(f"{path}: {wanted}, but {below.name} has them; name that folder")
    raise DataError(f"{path}: {wanted}")


def find_pairs(path: Path, *layouts: Layout) -> tuple[list[SourceRecord], list[Unread]]:
    """List the pages with gold in the folders of the first layout that fits, by name.

    Place and gold of a record are the two files. Beside the records comes what stands there without
    its other half or under another kind of name, hidden files aside.

    Raises:
        DataError: if no layout fits.
    """
    layout = choose_layout(path, *layouts)
    pages, unread = by_name(path / layout.pages, layout.page_suffix)
    golds, others = by_name(path / layout.golds, layout.gold_suffix)
    unread += others
    for name in sorted(pages.keys() ^ golds.keys()):
        if name in pages:
            reason = f"page without gold, {name}{layout.gold_suffix} is missing"
        else:
            reason = f"gold without a page, {name}{layout.page_suffix} is missing"
        unread.append((str(pages.get(name) or golds[name]), reason))
    both = sorted(pages.keys() & golds.keys())
    return [SourceRecord(name, pages[name], golds[name]) for name in both], unread


def by_name(folder: Path, *suffixes: str) -> tuple[dict[str, Path], list[Unread]]:
    """List the files of a folder by their names without the suffix, which is one of several.

    Beside them comes what has another suffix, is a folder or has a name that is there already;
    hidden files are ignored.
    """
    named: dict[str, Path] = {}
    unread: list[Unread] = []
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if not entry.is_file():
            unread.append((str(entry), "is no file"))
            continue
        suffix = next(filter(entry.name.endswith, suffixes), None)
        name = entry.name.removesuffix(suffix or "")
        if suffix is None:
            unread.append((str(entry), f"its name does not end in {' or '.join(suffixes)}"))
        elif name in named:
            unread.append((str(entry), f"there is {named[name].name} already; remove one of them"))
        else:
            named[name] = entry
    return named, unread


_PACKED = {".gz", ".bz2", ".xz", ".zst", ".lz4", ".zip", ".7z", ".tar", ".tgz"}


def find_files(path: Path, *suffixes: str) -> tuple[list[Path], list[Unread]]:
    """List the files below a folder with one of these suffixes, hidden ones aside, and packed ones.

    Raises:
        DataError: if there is none.
    """
    files = [
        file
        for file in sorted(path.rglob("*"))
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts)
    ]
    found = [file for file in files if file.suffix in suffixes]
    packed = [file for file in files if file.suffix in _PACKED]
    if not found:
        remedy = f"; unpack {packed[0].name}" if packed else ""
        raise DataError(f"{path}: no *{', no *'.join(suffixes)}{remedy}")
    return found, [(str(file), "is packed; unpack it to have it read") for file in packed]
