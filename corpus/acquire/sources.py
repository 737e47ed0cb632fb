"""Read pages from where they are: URLs, files, standard input, archives, folders.

In a folder or a ZIP archive a file is a page if it is HTML, whatever its name, or a text whose name
ends in ``.txt``. What a browser saved beside a page is left out. Nothing is written by the names in
an archive.
"""

import os
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from corpus.acquire import mhtml
from corpus.acquire.capture import MOST_BYTES, MOST_PAGES, Capture, Refusal
from corpus.acquire.decompression import compression_of
from corpus.acquire.fetch import fetch
from corpus.acquire.response import begins_as_html, take_apart
from corpus.acquire.warc import is_warc, matcher, read_warc
from corpus.decode import decode
from corpus.errors import DataError

STDIN = "-"
MOST_FILES = 100_000
"""So many files may a folder or an archive have."""

_NO_PAGE = "files that are no pages"
_HEAD = 1 << 18  # bytes by which a file is recognised: a block of Zstandard, and more
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_SUFFIX = re.compile(
    r"(?:(\.html?|\.xhtml|\.shtml|\.mhtml?)|(\.txt|\.text))?(?:\.(?:gz|br|zst))?$", re.IGNORECASE
)
_HTML_SUFFIX = re.compile(r"\.(?:html?|xhtml|shtml)$", re.IGNORECASE)
# How browsers call the folder of what they save beside a page.
_BESIDE = ("_files", ".files", "-Dateien", "_fichiers", "_archivos", "_arquivos", "_bestanden")
_HIDDEN = re.compile(r"(?:^|/)(?:\.(?!\.?/)|__MACOSX/)")
_UTF_8_NAME, _ENCRYPTED = 0x800, 0x1  # flags of a member
_UNPACKED_HERE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def captures(
    source: str,
    stdin: BinaryIO,
    *,
    wanted: str | None = None,
    left_out: Counter[str] | None = None,
    fetch: Callable[[str], Capture] = fetch,
) -> Iterator[Capture | Refusal]:
    """Read the pages of a source: a URL, a file, ``-`` for standard input, an archive, a folder.

    What cannot be read comes as a refusal. ``wanted`` chooses among the pages of an archive or a
    folder, by a part of the URL or name, or, with ``*`` for anything, all of it; what holds no page
    in one is counted in ``left_out``, by reason.
    """
    try:
        if source == STDIN:
            _refuse_filter(wanted)
            yield take_apart(source, _read_limited(stdin))
        elif "://" in source:
            _refuse_filter(wanted)
            yield fetch(source)
        else:
            yield from _file(Path(source), wanted, Counter() if left_out is None else left_out)
    except DataError as error:
        yield Refusal(source, str(error).removeprefix(f"{source}: "))
    except OSError as error:
        yield Refusal(source, f"cannot be read ({error.strerror or error})")


def _file(path: Path, wanted: str | None, left_out: Counter[str]) -> Iterator[Capture | Refusal]:
    if path.is_dir():
        yield from _read_folder(path, wanted, left_out)
        return
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if not (is_warc(head) or _is_zip(head)):
            _refuse_filter(wanted)
            yield take_apart(str(path), _read_limited(file, head))
            return
    read = read_warc if is_warc(head) else _read_zip
    yield from read(path, wanted, left_out)


def _refuse_filter(wanted: str | None) -> None:
    if wanted is not None:
        raise DataError("neither an archive nor a folder, which are all that --filter chooses from")


@dataclass(frozen=True, slots=True)
class _File:
    name: str  # with the folders that it is in
    open: Callable[[], IO[bytes]]
    is_regular: bool = True
    reason: str | None = None  # why it cannot be read


def _read_limited(file: IO[bytes], head: bytes = b"") -> bytes:
    """The bytes of a file, whose ``head`` was read before, as far as a page may be long.

    One byte more shows that it is longer. Only MHTML may be, because of its pictures.
    """
    head = head or file.read(_HEAD)
    most = mhtml.MOST_BYTES if mhtml.is_mhtml(head) else MOST_BYTES
    return head + file.read(most + 1 - len(head))


def _is_zip(head: bytes) -> bool:
    """Whether a file is a ZIP archive, by its first bytes."""
    return head.startswith(_ZIP)


def _read_folder(
    folder: Path, wanted: str | None, left_out: Counter[str]
) -> Iterator[Capture | Refusal]:
    """Read the pages in a folder and those below it; what cannot be read comes as a refusal.

    ``wanted`` is a part of the name, or, with ``*`` for anything, all of it. Files that are no
    pages are counted in ``left_out``, by reason.

    Raises:
        DataError: if there is no page, or more than `MOST_PAGES` or `MOST_FILES`.
    """
    files: list[_File] = []
    unread: list[OSError] = []
    for parent, below, names in os.walk(folder, onerror=unread.append):
        below.sort()
        for name in sorted(names):
            path = Path(parent, name)
            relative = path.relative_to(folder).as_posix()
            files.append(_File(relative, partial(_open, path), path.is_file()))
            _refuse_many(folder, len(files))
    for error in unread:
        yield Refusal(str(error.filename), f"cannot be read ({error.strerror})")
    yield from _pages(folder, files, wanted, left_out)


def _open(path: Path) -> IO[bytes]:
    return path.open("rb")


def _read_zip(
    path: Path, wanted: str | None, left_out: Counter[str]
) -> Iterator[Capture | Refusal]:
    """Read the pages in a ZIP archive, as `_read_folder` does those of a folder."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _refuse_many(path, len(members))
            files = [
                _File(name, partial(archive.open, member), reason=_unreadable(member))
                for name, member in zip(_names(members), members, strict=True)
            ]
            yield from _pages(path, files, wanted, left_out)
    except (*_DAMAGE, OverflowError) as error:
        raise DataError(f"{path}: a damaged ZIP archive ({error})") from None


def _refuse_many(place: Path, count: int) -> None:
    if count > MOST_FILES:
        raise DataError(f"{place}: holds more than {MOST_FILES:,} files; give a part of them")


def _unreadable(member: zipfile.ZipInfo) -> str | None:
    if member.flag_bits & _ENCRYPTED:
        return "it is encrypted; unpack the archive with its password and add the folder"
    if member.compress_type not in _UNPACKED_HERE:
        method = f"by method {member.compress_type}, which is not read here"
        return f"it is compressed {method}; unpack the archive and add the folder"
    return None


def _names(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The names of members; those in no stated encoding are decoded together, like a page."""
    names = [member.filename for member in members]
    unstated = [i for i, member in enumerate(members) if not member.flag_bits & _UTF_8_NAME]
    raw = b"\n".join(names[i].encode("cp437", "replace") for i in unstated)
    try:
        decoded = decode(raw).split("\n")
    except DataError:
        return names
    if len(decoded) == len(unstated):
        for i, name in zip(unstated, decoded, strict=True):
            names[i] = name
    return names


def _pages(
    place: Path, files: Sequence[_File], wanted: str | None, left_out: Counter[str]
) -> Iterator[Capture | Refusal]:
    is_wanted = matcher(wanted)
    saved = {_HTML_SUFFIX.sub("", file.name) for file in files if _HTML_SUFFIX.search(file.name)}
    without: Counter[str] = Counter()
    pages = 0
    for file in files:
        entry = _entry(place, file, saved) if is_wanted(file.name) else "files of other names"
        if isinstance(entry, str):
            without[entry] += 1
            left_out[entry] += 1
            continue
        pages += 1
        if pages > MOST_PAGES:
            raise DataError(f"{place}: holds more than {MOST_PAGES} pages; choose with --filter")
        yield entry
    if not pages:
        reasons = ", ".join(f"{reason}: {times:,}" for reason, times in without.most_common())
        raise DataError(f"{place}: no page among its files ({reasons or 'there are none'})")


def _entry(place: Path, file: _File, saved: set[str]) -> Capture | Refusal | str:
    """The page in a file, or the reason why there is none."""
    if _HIDDEN.search(file.name):
        return "hidden files"
    if any(_is_beside(str(folder), saved) for folder in PurePosixPath(file.name).parents):
        return "files beside saved pages"
    suffix = _SUFFIX.search(file.name)
    is_named = suffix is not None and bool(suffix[1] or suffix[2])
    where = f"{place}: {file.name}"
    try:
        if file.reason:
            raise DataError(file.reason)
        page = _read(where, file, is_named=is_named) if file.is_regular else _NO_PAGE
    except (DataError, OSError, *_DAMAGE) as error:
        reason = str(error) if isinstance(error, DataError) else f"cannot be read ({error})"
        return Refusal(where, reason) if is_named else _NO_PAGE
    return page if isinstance(page, str) else replace(page, name=_SUFFIX.sub("", file.name))


def _read(where: str, file: _File, *, is_named: bool) -> Capture | str:
    with file.open() as opened:
        head = opened.read(_HEAD)
        if is_warc(head) or _is_zip(head):
            return "archives, which are to be added by themselves"
        if not (is_named or compression_of(head) or _is_page(head)):
            return _NO_PAGE
        page = take_apart(where, _read_limited(opened, head))
    return page if is_named or page.markup or begins_as_html(page.raw) else _NO_PAGE


def _is_page(head: bytes) -> bool:
    return mhtml.is_mhtml(head) or begins_as_html(head)


def _is_beside(folder: str, saved: set[str]) -> bool:
    """Whether a folder holds what a browser saved beside a page."""
    return any(folder.endswith(end) and folder.removesuffix(end) in saved for end in _BESIDE)
