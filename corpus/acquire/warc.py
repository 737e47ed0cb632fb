"""Read the pages of WARC archives: responses and resources that hold HTML, and texts of pages."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from corpus.acquire.capture import MOST_BYTES, MOST_PAGES, Capture, Refusal
from corpus.acquire.decompression import Decompressed, compression_of
from corpus.acquire.response import begins_as_html, declared_type, http_message, take_apart
from corpus.acquire.warc_records import WarcRecord, read_records
from corpus.errors import DataError
from corpus.wording import plural, shortened

_START = b"WARC/"
_WITH_DICTIONARY = b"\x5d\x2a\x4d\x18"  # what only these archives begin with
_AFTER = "bytes after the last record"
_FRAMING = 2  # so many times a page's limit a record may have, because of its chunks
_OK = 200
_HTTP = "application/http"
_LIKELY = {"text/html", "application/xhtml+xml", ""}
_WITH_PAGES = {"response", "resource", "conversion"}
_WITHOUT_PAGES = {"continuation", "metadata", "request", "revisit", "warcinfo"}


def is_warc(head: bytes) -> bool:
    """Whether a file is a WARC archive, by its first bytes, some hundreds of them."""
    if compression_of(head) and not head.startswith(_WITH_DICTIONARY):
        try:
            head = Decompressed(BytesIO(head)).read(len(_START))
        except DataError:
            return False
    return head.startswith((_START, _WITH_DICTIONARY))


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
    is_wanted = matcher(wanted)
    without: Counter[str] = Counter()
    pages = 0
    try:
        for record in _records(path, left_out):
            if record.skipped:
                passed = f"{plural(record.skipped, 'byte')} of no record were passed over"
                yield Refusal(f"{path}: before byte {record.position:,}", passed)
            entry = _entry(path, record, is_wanted)
            if isinstance(entry, str):
                without[entry] += 1
                left_out[entry] += 1
                continue
            pages += 1
            if pages > MOST_PAGES:
                raise DataError(f"{path}: holds more than {MOST_PAGES} pages; choose with --filter")
            yield entry
    except _BrokenError as error:
        records = without.total() + pages
        raise DataError(
            f"{path}: {error} (read before that: {plural(records, 'record')}, "
            f"{plural(pages, 'page')})"
        ) from None
    if not pages:
        reasons = ", ".join(f"{reason}: {times:,}" for reason, times in without.most_common())
        raise DataError(f"{path}: no page among its records ({reasons or 'there are none'})")


def matcher(wanted: str | None) -> Callable[[str], bool]:
    """Whether a URL or a name holds what is wanted or, with ``*`` for anything, is that."""
    pattern = wanted if wanted and "*" in wanted else f"*{wanted or ''}*"
    matches = re.compile(".*".join(map(re.escape, re.split(r"\*+", pattern))), re.DOTALL)
    return lambda name: matches.fullmatch(name) is not None


class _BrokenError(Exception):
    """An archive is damaged or breaks off; the message says how and where."""


def _records(path: Path, left_out: Counter[str]) -> Iterator[WarcRecord]:
    """The records of an archive, as far as they are whole."""
    position = 0
    broken: int | None = None
    with path.open("rb") as file:
        decompressed = Decompressed(file) if compression_of(file.peek(8)) else None
        try:
            for record in read_records(decompressed or file, _FRAMING * MOST_BYTES):
                position = record.position
                if not record.is_whole:
                    broken = position if broken is None else broken
                elif record.headers:
                    yield record
                elif record.skipped:
                    left_out[_AFTER] += record.skipped
            if broken is not None:
                position = broken
                raise DataError("it breaks off in a record")
            if decompressed and (rest := decompressed.rest()):
                left_out[_AFTER] += rest
        except (OSError, DataError) as error:
            place = decompressed.place_of(position) if decompressed else position
            raise _BrokenError(f"{error}, at or after byte {place:,}") from None


def _entry(
    path: Path, record: WarcRecord, is_wanted: Callable[[str], bool]
) -> Capture | Refusal | str:
    """The page in a record, or the reason why there is none."""
    type_ = record.headers.get("warc-type", "").lower()
    if type_ not in _WITH_PAGES:
        return f"{type_} records" if type_ in _WITHOUT_PAGES else "records of other types"
    url = record.headers.get("warc-target-uri", "").strip("<>")
    if not is_wanted(url):
        return "of other URLs"
    headers, body = {"content-type": record.headers.get("content-type", "")}, record.block
    if message := http_message(body):
        status, headers, body = message
        if status != _OK:
            return "with another status than 200"
    elif headers["content-type"].lower().startswith(_HTTP):
        headers = {}
    kind, _ = declared_type(headers.get("content-type", ""))
    is_text = type_ == "conversion" and kind == "text/plain"
    place = f"{path}: {url}"
    try:
        if cut := record.headers.get("warc-truncated"):
            raise DataError(f"whoever wrote the archive cut it off ({shortened(cut)})")
        if "warc-segment-number" in record.headers:
            raise DataError("it stands in several records, which are not joined here")
        page = take_apart(place, body, headers, url=url or None)
    except DataError as error:
        return Refusal(place, str(error)) if kind in _LIKELY or is_text else "without HTML"
    if is_text:
        return replace(page, markup="text")
    return page if page.markup == "html" or _is_html(page, kind) else "without HTML"


def _is_html(page: Capture, kind: str) -> bool:
    """Whether a page is HTML that is not declared to be."""
    if kind:
        return begins_as_html(page.raw, page.charset)
    try:
        return page.read()[1] == "html"
    except DataError:
        return False
