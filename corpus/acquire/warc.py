"""Read the pages of WARC archives, ISO 28500: the responses that hold HTML.

`fastwarc` takes the records apart. It takes a file that breaks off for one that ends, and
decompresses gzip without bounds, so both are looked after here.
"""

import io
import re
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from corpus.acquire.capture import MOST_BYTES, Capture, Refusal
from corpus.acquire.decompression import GZIP, Body
from corpus.acquire.fetch import MARKUPS, declared_type
from corpus.errors import DataError
from corpus.wording import plural

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

MOST_PAGES = 200
"""So many pages are taken from an archive at most: they are to be labelled by hand."""

_MAGIC = b"\x1f\x8b"
_START = b"WARC/"
_READ_BYTES = 1 << 16
_FRAMING = 2  # so many times a page's limit a record may have, because of its chunks
_CHUNKED = re.compile(rb"[0-9A-Fa-f]{1,8}[ \t]*(?:;[^\r\n]*)?\r\n")
# Web pages shrink to a tenth, the most repetitive of them to a fiftieth.
_BOMB_RATIO, _BOMB_BYTES = 200, 16 << 20
_OK = 200


def is_warc(head: bytes) -> bool:
    """Whether a file is a WARC archive, by its first bytes, some hundreds of them."""
    if head.startswith(_MAGIC):
        try:
            head = zlib.decompressobj(GZIP).decompress(head, len(_START))
        except zlib.error:
            return False
    return head.startswith(_START)


def read_warc(
    path: Path, wanted: str | None, left_out: Counter[str]
) -> Iterator[Capture | Refusal]:
    """Read the pages of an archive; one that cannot be read comes as a refusal.

    ``wanted`` is a part of the URL, or, with ``*`` for anything, all of it. Records that hold no
    page are counted in ``left_out``, by reason.

    Raises:
        DataError: if the archive is damaged, breaks off, decompresses to far too much, or holds no
            page or more than `MOST_PAGES`; pages before that have been yielded by then.
    """
    from fastwarc.warc import ArchiveIterator

    pattern = wanted if wanted and "*" in wanted else f"*{wanted or ''}*"
    matches = re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)
    without: Counter[str] = Counter()
    pages = position = 0
    with path.open("rb") as file:
        gunzipped = _Gunzipped(file) if file.peek(2).startswith(_MAGIC) else None
        stream = gunzipped or file
        try:
            for record in ArchiveIterator(stream, parse_http=False, stream_detect=False):
                position = record.stream_pos
                entry = _entry(path, record, matches)
                if isinstance(entry, str):
                    without[entry] += 1
                    left_out[entry] += 1
                    continue
                pages += 1
                if pages > MOST_PAGES:
                    raise DataError(
                        f"{path}: holds more than {MOST_PAGES} pages; choose with --filter"
                    )
                yield entry
        except (OSError, EOFError) as error:
            place = gunzipped.place_of(position) if gunzipped else position
            records = without.total() + pages
            raise DataError(
                f"{path}: {error}, at or after byte {place:,} (read before that: "
                f"{plural(records, 'record')}, {plural(pages, 'page')})"
            ) from None
    if not pages:
        reasons = ", ".join(f"{reason}: {times:,}" for reason, times in without.most_common())
        raise DataError(f"{path}: no page among its records ({reasons or 'there are none'})")


def _entry(path: Path, record: "WarcRecord", matches: re.Pattern[str]) -> Capture | Refusal | str:
    """The page in a record, or the reason why there is none; the record is read to its end.

    Raises:
        EOFError: if the archive ends before the record does.
    """
    if "Content-Length" not in record.headers:
        raise EOFError("breaks off in the head of a record")
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    reason = _no_page(record, url, matches)
    length = record.content_length
    payload = b"" if reason else record.reader.read(_FRAMING * MOST_BYTES)
    if len(payload) + record.reader.consume() < length:
        raise EOFError("breaks off in a record")
    if reason:
        return reason
    try:
        return _capture(f"{path}: {url}", url, record, payload)
    except DataError as error:
        return Refusal(f"{path}: {url}", str(error))


def _no_page(record: "WarcRecord", url: str, matches: re.Pattern[str]) -> str | None:
    """Why there is no page in a record; where there is one, its HTTP headers are read."""
    from fastwarc.warc import WarcRecordType

    if record.record_type != WarcRecordType.response or not record.is_http:
        return "no responses over HTTP"
    if not matches.fullmatch(url):
        return "of other URLs"
    record.parse_http()
    if not record.http_headers or record.http_headers.status_code != _OK:
        return "with another status than 200"
    kind, _ = declared_type(record.http_headers.get("Content-Type") or "")
    if MARKUPS.get(kind) != "html":
        return "without HTML"
    return None


def _capture(place: str, url: str, record: "WarcRecord", payload: bytes) -> Capture:
    """The page that a server sent, out of its chunks and its compression.

    Some archives keep the headers that declare these and not the thing itself.
    """
    from fastwarc.stream_io import ChunkedReader

    headers = record.http_headers
    transfer = (headers.get("Transfer-Encoding") or "").strip().lower()
    if transfer == "chunked" and _CHUNKED.match(payload):
        try:
            payload = ChunkedReader(io.BytesIO(payload)).read()
        except OSError as error:
            raise DataError(f"its chunks are damaged ({error})") from None
    encoding = (headers.get("Content-Encoding") or "").strip().lower()
    if "gzip" in encoding and not payload.startswith(_MAGIC):
        encoding = ""
    body = Body(encoding, MOST_BYTES)
    body.add(payload)
    _, charset = declared_type(headers.get("Content-Type") or "")
    return Capture(place, body.whole(), url, "html", charset)


class _Gunzipped:
    """A gzip file read from its beginning to its end; what `fastwarc` reads.

    Raises:
        OSError: if gzip is damaged, breaks off, or decompresses to far more than pages do.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._compressed = b""
        self._inflate: Any = None  # of the member that is being read
        self._members = [(0, 0)]  # where each begins, decompressed and in the file
        self._position = 0

    def read(self, size: int = -1) -> bytes:
        """Some of the bytes that come next, none at the end."""
        piece = b""
        while not piece:
            compressed = self._compressed or self._file.read(_READ_BYTES)
            if not compressed:
                if self._inflate:
                    raise OSError("gzip breaks off")
                break
            if self._inflate is None:
                self._inflate = zlib.decompressobj(GZIP)
                self._members.append((self._position, self._file.tell() - len(compressed)))
            try:
                piece = self._inflate.decompress(compressed, size if size > 0 else _READ_BYTES)
            except zlib.error as error:
                raise OSError(f"gzip is damaged ({error})") from None
            self._compressed = self._inflate.unconsumed_tail or self._inflate.unused_data
            position, begin = self._members[-1]
            length = self._position + len(piece) - position
            taken = self._file.tell() - len(self._compressed) - begin
            if length > max(_BOMB_BYTES, _BOMB_RATIO * taken):
                raise OSError(f"gzip decompresses to over {_BOMB_RATIO} times its size")
            if self._inflate.eof:
                self._inflate = None
        self._position += len(piece)
        return piece

    def tell(self) -> int:
        """How many bytes have been read."""
        return self._position

    def seek(self, _offset: int, _whence: int = 0) -> int:
        """Stay; `fastwarc` calls this before it begins to read."""
        return self._position

    def close(self) -> None:
        """Leave the file to whoever opened it."""

    def place_of(self, position: int) -> int:
        """Where in the file the member begins that holds a decompressed position."""
        return self._members[bisect_right(self._members, position, key=itemgetter(0)) - 1][1]
