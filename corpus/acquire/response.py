"""Take apart what came for a page, from the web, a file or an archive alike.

Bytes are believed over headers. Chunks, compression and MIME are undone where they are, the kind
of the page is seen in it, and headers decide only what bytes leave open.
"""

import re
from collections.abc import Mapping

from corpus.acquire import mhtml
from corpus.acquire.capture import MOST_BYTES, Capture, other_kind
from corpus.acquire.codings import decompressed, unchunked
from corpus.decode import decode
from corpus.errors import DataError
from corpus.page import Markup
from corpus.wording import shortened

_MARKUPS: dict[str, Markup | None] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    # These leave open what it is.
    "text/plain": None,
    "text/markdown": None,
    "application/octet-stream": None,
    "binary/octet-stream": None,
    "application/x-unknown-content-type": None,
    "unknown/unknown": None,
    "": None,
}
"""Content types of pages, and what they say of a page's markup."""

_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)\s*(?:[;,]|$)")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)

# https://mimesniff.spec.whatwg.org, section 7.1, and elements that pages begin with today.
_FIRST_TAG = re.compile(
    r"<(?:!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|"
    r"meta|link|base|main|article|section|header|nav|form|center|pre|h[2-6]|ul|ol|dl|span|img)[\s/>]",
    re.IGNORECASE,
)
_SNIFFED_BYTES = 1 << 16
_BLANKS = re.compile("[\ufeff \t\r\n\f]*")
_LINE = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_STATUS_LINE = re.compile(rb"HTTP/\d[\d.]*[ \t]+(\d{3})(?!\d)[^\r\n]*(?:\r\n|\r|\n|\Z)")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~\w-]+)[ \t]*:(.*)", re.DOTALL)


def take_apart(
    place: str,
    raw: bytes,
    headers: Mapping[str, str] | None = None,
    *,
    url: str | None = None,
    most: int = MOST_BYTES,
) -> Capture:
    """The page in a response, whose ``headers`` have names in lower case; a file has none.

    Raises:
        DataError: if it is damaged, breaks off, has more than ``most`` bytes, or is no page; the
            reason alone.
    """
    headers = headers or {}
    is_chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    raw = unchunked(raw, is_declared=is_chunked)
    if not mhtml.is_mhtml(raw):
        raw = decompressed(raw, headers.get("content-encoding", ""), most)
    if mhtml.is_mhtml(raw):
        return _page_of_mhtml(place, raw, url, most)
    kind, charset = declared_type(headers.get("content-type", ""))
    return Capture(place, raw, url, _markup(raw, kind, charset), charset)


def declared_type(value: str) -> tuple[str, str | None]:
    """Content type and charset as a ``Content-Type`` header has them; "" if it has no type."""
    kind, charset = _TYPE.match(value), _CHARSET.search(value)
    return kind[1].lower() if kind else "", charset[1] if charset else None


def _markup(raw: bytes, kind: str, charset: str | None) -> Markup | None:
    """The markup that a content type declares, if it is one of pages or the bytes are HTML.

    Raises:
        DataError: if neither.
    """
    if kind in _MARKUPS:
        return _MARKUPS[kind]
    if not begins_as_html(raw, charset):
        raise DataError(f"neither HTML nor text but {other_kind(raw) or shortened(kind)}")
    return "html"


def begins_as_html(raw: bytes, charset: str | None = None) -> bool:
    """Whether bytes begin with a doctype or an element of HTML, after comments and the like."""
    if other_kind(raw):
        return False
    try:
        content = decode(raw[:_SNIFFED_BYTES], charset)
    except DataError:
        return False
    at = 0
    while True:
        at = _BLANKS.match(content, at).end()  # type: ignore[union-attr]
        if content.startswith("<!--", at):
            end = content.find("-->", at + 4)
        elif content.startswith("<?", at):
            end = content.find(">", at)
        else:
            return _FIRST_TAG.match(content, at) is not None
        if end < 0:
            return False
        at = content.index(">", end) + 1


def _page_of_mhtml(place: str, raw: bytes, url: str | None, most: int) -> Capture:
    part = mhtml.page_of(raw)
    page = decompressed(part.raw, "", most)
    markup = _markup(page, part.content_type, part.charset)
    # A part is not kept as it came anyway: what only its header says is written into the bytes.
    if part.charset and decode(page, part.charset) != decode(page):
        page = decode(page, part.charset).encode()
    return Capture(place, page, url or part.url, markup)


def http_message(block: bytes) -> tuple[int, dict[str, str], bytes] | None:
    """Status, headers and body of a response over HTTP; None if it is none.

    Names of headers are in lower case; the first of each counts. Lines end in any way. Interim
    responses and what a proxy says before are left out. A body may follow without an empty line.
    """
    found, at = None, 0
    while status := _STATUS_LINE.match(block, at):
        if found and found[0] // 100 != 1 and "content-type" in found[1]:
            break
        headers, at = _headers(block, status.end())
        found = int(status[1]), headers
    return (*found, block[at:]) if found else None


def _headers(block: bytes, at: int) -> tuple[dict[str, str], int]:
    """The headers from a place on, and where the body begins."""
    headers: dict[str, str] = {}
    name = ""
    while at < len(block) and (line := _LINE.match(block, at)):
        if not line[1].strip():
            return headers, line.end()
        if header := _HEADER.fullmatch(line[1]):
            name = header[1].decode("ascii").lower()
            headers.setdefault(name, _text(header[2]))
        elif line[1][:1] in b" \t" and name:
            headers[name] += f" {_text(line[1])}"
        elif line[1].startswith(b"<"):
            return headers, at
        at = line.end()
    return headers, at


def _text(value: bytes) -> str:
    try:
        return value.decode().strip()
    except UnicodeDecodeError:
        return value.decode("latin-1").strip()
