"""Take the page out of MHTML, RFC 2557: what a browser writes as one file.

The file is a message whose parts are the page, its frames, pictures and styles, each in a transfer
encoding of its own. Only the page is taken.
"""

import quopri
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser

from corpus.errors import DataError

MOST_BYTES = 50_000_000
"""So long may such a file be, because of its pictures; the page in it as long as any other."""

_HEAD = 1 << 14
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_HEADER = re.compile(rb"[A-Za-z][A-Za-z-]*:")
_LINE_END = re.compile(rb"\r\n|\r|\n")  # after the headers of a part that has none
_BLANK_LINE = re.compile(rb"(?>\r\n|\r|\n)[ \t]*(?>\r\n|\r|\n)")
_OF_MESSAGE = re.compile(
    rb"^(?:mime-version:|content-type:\s*multipart/)", re.IGNORECASE | re.MULTILINE
)
_LIKE_BOUNDARY = re.compile(rb"^--([^\r\n]*[^\s-][^\r\n]*)\r?$", re.MULTILINE)
_ATTRIBUTE = re.compile(rb"""=["'][^"'<>]{0,200}["'][\s>]""")
_HTML = {"text/html", "application/xhtml+xml"}
_MOST_DEPTH = 4  # of parts within parts


@dataclass(frozen=True, slots=True)
class PagePart:
    """The page in an MHTML file: its bytes, and what its headers declare."""

    raw: bytes
    content_type: str
    charset: str | None
    url: str | None


def is_mhtml(raw: bytes) -> bool:
    """Whether bytes begin a MIME message; some thousands of them are enough."""
    head = _start(raw[:_HEAD])
    if not _HEADER.match(head):
        return False
    blank = _BLANK_LINE.search(head)
    return _OF_MESSAGE.search(head, 0, blank.start() if blank else len(head)) is not None


def page_of(raw: bytes) -> PagePart:
    """The page in an MHTML file: the part that is declared to be it, or else the first HTML.

    Raises:
        DataError: if there is none, or the file breaks off in it; the reason alone.
    """
    message, body = _message(_start(raw))
    url = _url(message["Snapshot-Content-Location"]) or _url(message["Content-Location"])
    start = _parameter(message, "start").strip()
    parts = list(_parts(message, body, _MOST_DEPTH))
    by_rank: list[Callable[[Message], bool]] = [
        lambda part: bool(start) and str(part["Content-ID"]).strip() == start,
        lambda part: url is not None and _url(part["Content-Location"]) == url,
        lambda part: part["Content-Type"] is None or part.get_content_type() in _HTML,
        lambda part: part.get_content_type() == "text/plain",
    ]
    found = next((part for is_page in by_rank for part in parts if is_page(part[0])), None)
    if found is None:
        raise DataError("an MHTML file without a page among its parts")
    message, body, is_whole = found
    if not is_whole:
        raise DataError("an MHTML file that ends in the middle of its page")
    kind = message.get_content_type() if message["Content-Type"] else ""
    charset = message.get_content_charset()
    url = url or _url(message["Content-Location"])
    return PagePart(_decoded(message, body), kind, charset, url)


def _start(raw: bytes) -> bytes:
    return raw.removeprefix(_BYTE_ORDER_MARK).lstrip()


def _message(raw: bytes) -> tuple[Message, bytes]:
    """The headers of a message or a part, and what follows them."""
    blank = _BLANK_LINE.search(raw) if _HEADER.match(raw) else _LINE_END.match(raw)
    end = blank.end() if blank else len(raw)
    head, body = raw[:end], raw[end:]
    return BytesParser().parsebytes(head, headersonly=True), body


def _parts(message: Message, body: bytes, depth: int) -> Iterator[tuple[Message, bytes, bool]]:
    """The parts that are no multiparts, and whether each is there to its end."""
    if message.get_content_maintype() != "multipart":
        yield message, body, True
        return
    if not depth:
        raise DataError(f"an MHTML file with parts within parts, over {_MOST_DEPTH} deep")
    pieces, is_closed = _split(body, _parameter(message, "boundary").encode("ascii", "replace"))
    for number, piece in enumerate(pieces, start=1):
        inner, content = _message(piece)
        for part, text, is_whole in _parts(inner, content, depth - 1):
            yield part, text, is_whole and (is_closed or number < len(pieces))


def _split(body: bytes, boundary: bytes) -> tuple[list[bytes], bool]:
    """The pieces between boundaries, and whether the last boundary ends them.

    Where the declared boundary is nowhere, the first line that looks like one is.
    """
    if not boundary or b"--" + boundary not in body:
        found = _LIKE_BOUNDARY.search(body)
        if not found:
            return [], False
        boundary = found[1].rstrip()
    line = re.compile(
        rb"(?:\A|\r\n|\r|\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r|\n|\Z)(?:\r\n|\r|\n)?"
    )
    pieces: list[bytes] = []
    begin = None
    for found in line.finditer(body):
        if begin is not None:
            pieces.append(body[begin : found.start()])
        begin = found.end()
        if found[1]:
            return pieces, True
    return ([*pieces, body[begin:]] if begin is not None else []), False


def _decoded(message: Message, body: bytes) -> bytes:
    """A part's bytes without their transfer encoding, if they are in it."""
    encoding = str(message["Content-Transfer-Encoding"] or "").strip().lower()
    if encoding == "quoted-printable":
        is_plain = b"=3D" not in body.upper() and _ATTRIBUTE.search(body)  # HTML as it is
        return body if is_plain else quopri.decodestring(body)
    if encoding == "base64" and b"<" not in body:
        part = Message()
        part["Content-Transfer-Encoding"] = "base64"
        part.set_payload(body.decode("ascii", "ignore"))
        decoded = part.get_payload(decode=True)
        return decoded if isinstance(decoded, bytes) else body
    return body


def _parameter(message: Message, name: str) -> str:
    value = message.get_param(name, "")
    return str(value[2] if isinstance(value, tuple) else value)


def _url(value: object) -> str | None:
    url = "".join(str(value or "").split())  # long ones are folded
    return url if url.lower().startswith(("http://", "https://")) else None
