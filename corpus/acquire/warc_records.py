"""Read the records of WARC archives, ISO 28500, also of those that were not written well.

Lines end in any way, and a length that leads to where no record begins is corrected: the block
then ends where the next record does begin.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from corpus.errors import DataError

MOST_HEADER_BYTES = 1 << 16
_PIECE = 1 << 16
_VERSION = re.compile(rb"WARC/\d[\d.]*[ \t]*(?:\r?\n|\r)")
_NEXT_VERSION = re.compile(rb"(?<=[\r\n])WARC/\d[\d.]*[ \t]*(?:\r?\n|\r)")
_CUT = re.compile(rb"W(?:A(?:R(?:C(?:/[\d.]*)?)?)?)?")  # a version line that breaks off
_LONGEST_VERSION = 32  # bytes, its line end included
_HEAD_END = re.compile(rb"(?>\r\n|\r|\n)(?>\r\n|\r|\n)")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_END = b"\r\n\0 \t"  # what stands between records, and fills up after the last one


class Stream(Protocol):
    """A file, or what decompresses one."""

    def read(self, size: int, /) -> bytes: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One record. ``headers`` have names in lower case; the first of each counts.

    ``block`` has no more bytes than were wanted, and ``is_whole`` says whether the archive goes on
    to the record's end; in ``skipped`` bytes before it there was none.
    """

    position: int
    headers: dict[str, str]
    block: bytes
    is_whole: bool
    skipped: int = 0


def read_records(stream: Stream, most: int) -> Iterator[WarcRecord]:
    """Read records one after the other, of each block ``most`` bytes.

    The last one, without headers, may stand for bytes at the end that are of no record.

    Raises:
        OSError, DataError: what the stream raises, after the records before that.
    """
    reader = _Reader(stream)
    while True:
        skipped = reader.skip_to_version()
        position = reader.position
        if not reader.fill(1):
            reader.raise_error()
            if skipped:
                yield WarcRecord(position, {}, b"", True, skipped)
            return
        head, is_whole = reader.take_head()
        headers = _headers(head)
        block = b""
        if is_whole:
            block, is_whole = _block(reader, headers.get("content-length", ""), most)
        yield WarcRecord(position, headers, block, is_whole, skipped)


def _block(reader: "_Reader", length: str, most: int) -> tuple[bytes, bool]:
    """A record's block, and whether the archive has it to its end."""
    is_number = length.isascii() and length.isdecimal() and len(length) < _LONGEST_VERSION
    stated = int(length) if is_number else 0
    kept = reader.take(min(stated, most))
    passed = len(kept) + reader.skip(stated - len(kept))
    is_whole = is_number and passed == stated
    if is_whole and reader.is_between_records():
        return kept, True
    # The length is not true: the block ends where the next record begins.
    begin = _NEXT_VERSION.search(kept)
    if begin and passed == len(kept):
        reader.put_back(kept[begin.start() :])
        return _without_end(kept[: begin.start()]), True
    more, ends = reader.take_to_version(most - len(kept))
    if passed == len(kept):
        kept += more
    return _without_end(kept), ends or is_whole


def _without_end(block: bytes) -> bytes:
    """A block without the two line ends that follow each."""
    for _ in range(2):
        block = block.removesuffix(b"\n").removesuffix(b"\r")
    return block


def _headers(head: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    name = ""
    for line in _LINE_END.split(head)[1:]:
        text = line.decode("utf-8", "replace")
        if text[:1] in {" ", "\t"} and name:
            headers[name] += f" {text.strip()}"
        elif ":" in text:
            name, _, value = text.partition(":")
            name = name.strip().lower()
            headers.setdefault(name, value.strip())
    return headers


class _Reader:
    """A stream with what was read ahead of it."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._ahead = b""
        self._error: OSError | DataError | None = None
        self.position = 0

    def raise_error(self) -> None:
        """Raise what the stream raised at its end, if it did."""
        if self._error:
            raise self._error

    def fill(self, count: int) -> int:
        """Read ahead so many bytes, or all there are, and give their number."""
        pieces = [self._ahead]
        length = len(self._ahead)
        while length < count and (piece := self._read()):
            pieces.append(piece)
            length += len(piece)
        self._ahead = b"".join(pieces)
        return length

    def _read(self) -> bytes:
        try:
            return b"" if self._error else self._stream.read(_PIECE)
        except (OSError, DataError) as error:
            self._error = error
            return b""

    def take(self, count: int) -> bytes:
        self.fill(count)
        taken, self._ahead = self._ahead[:count], self._ahead[count:]
        self.position += len(taken)
        return taken

    def put_back(self, data: bytes) -> None:
        self._ahead = data + self._ahead
        self.position -= len(data)

    def skip(self, count: int) -> int:
        """Pass over so many bytes, or all there are, and give their number."""
        passed = 0
        while passed < count and (piece := self.take(min(_PIECE, count - passed))):
            passed += len(piece)
        return passed

    def take_head(self) -> tuple[bytes, bool]:
        """The lines up to an empty one, and whether there is one."""
        self.fill(MOST_HEADER_BYTES)
        end = _HEAD_END.search(self._ahead, 0, MOST_HEADER_BYTES)
        return self.take(end.end() if end else len(self._ahead)), end is not None

    def is_between_records(self) -> bool:
        """Whether two line ends follow, as after each record, or the next record, or nothing."""
        self.fill(2 * _LONGEST_VERSION)
        rest = self._ahead[: 2 * _LONGEST_VERSION]
        if _HEAD_END.match(rest):
            return True
        rest = rest.lstrip(_END)
        return not rest or _VERSION.match(rest) is not None

    def take_to_version(self, most: int) -> tuple[bytes, bool]:
        """What stands before the next record, no more than ``most`` bytes of it.

        Also whether there is a next record.
        """
        kept: list[bytes] = []
        count = 0
        while self.fill(_PIECE + _LONGEST_VERSION):
            found = _NEXT_VERSION.search(self._ahead)
            is_last = len(self._ahead) < _PIECE + _LONGEST_VERSION
            if found is None and not is_last:
                piece = self.take(_PIECE)
            else:
                piece = self.take(found.start() if found else len(self._ahead))
            kept.append(piece[: max(0, most - count)])
            count += len(piece)
            if found:
                return b"".join(kept), True
        return b"".join(kept), False

    def skip_to_version(self) -> int:
        """Pass over what stands before a record, and count what is no line end."""
        skipped = 0
        while self.fill(_LONGEST_VERSION):
            rest = self._ahead.lstrip(_END)
            self.skip(len(self._ahead) - len(rest))
            if not rest:
                continue
            self.fill(_LONGEST_VERSION)
            is_cut = len(self._ahead) < _LONGEST_VERSION and _CUT.fullmatch(self._ahead)
            if is_cut or _VERSION.match(self._ahead):
                break
            begin = self.position
            self.take(1)
            self.take_to_version(0)
            skipped += self.position - begin
        return skipped
