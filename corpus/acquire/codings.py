"""Undo how a page was compressed and cut into chunks on its way, as its bytes say.

Headers lie about this in every way: they declare a compression that was undone before, one that
is none (``none``, ``utf-8``), or none where there is one. The bytes decide. What does not reach its
end is refused, because a part of a page is not that page; bytes after the end belong to nobody,
and are left.
"""

import io
import re

from corpus.acquire.decompression import (
    DAMAGE,
    WITHOUT_MAGIC,
    Decompressed,
    compression_of,
    decompress,
    until_end_of_brotli,
)
from corpus.errors import DataError

MOST_LAYERS = 4
"""So many times may a page be compressed; there are streams that decompress to themselves."""

_SPELLINGS = {"x-deflate": "deflate", "x-br": "br", "brotli": "br"}

# https://mimesniff.spec.whatwg.org, section 3: the bytes that text does not hold.
_NO_TEXT = bytes({*range(0x20)} - {0x09, 0x0A, 0x0C, 0x0D, 0x1B})
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HEAD = 2048
_TEXT_SHARE = 0.04  # of such bytes at most; of what is compressed they are a tenth

# RFC 9112, 7.1, and line ends as they come.
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_LINE_END = re.compile(rb"\r?\n")


def refuse_over(most: int, count: int) -> None:
    """Refuse a page of more than ``most`` bytes.

    Raises:
        DataError: if there are more; the reason alone.
    """
    if count > most:
        raise DataError(f"over {most:,} bytes, the most that a page may have")


def unchunked(raw: bytes, *, is_declared: bool) -> bytes:
    """Join the chunks of a body; one that is not cut into chunks comes back unchanged.

    It is, if it consists of chunks to the last one, or is declared to and begins like one.

    Raises:
        DataError: if it is, but the chunks are damaged or break off; the reason alone.
    """
    at = 0
    out: list[bytes] = []
    while size := _CHUNK_SIZE.match(raw, at):
        length = int(size[1], 16)
        if length == 0 and (out or is_declared):
            return b"".join(out)
        out.append(raw[size.end() : size.end() + length])
        end = _LINE_END.match(raw, size.end() + length)
        if end is None:
            break
        at = end.end()
    if is_declared and _CHUNK_SIZE.match(raw):
        raise DataError("its chunks are damaged, or the last of them are missing")
    return raw


def decompressed(raw: bytes, declared: str, most: int) -> bytes:
    """Undo all compression of some bytes; those that are not compressed come back unchanged.

    ``declared`` is the value of ``Content-Encoding``, whatever stands there. gzip and Zstandard
    are known by their first bytes, deflate and Brotli by a stream that comes to its end.

    Raises:
        DataError: if a stream is damaged or breaks off, or ``most`` bytes are exceeded; the reason
            alone.
    """
    names = [name.strip() for name in declared.lower().split(",")]
    likely = [_SPELLINGS.get(name, name) for name in reversed(names)]
    likely = [name for name in dict.fromkeys(likely) if name in WITHOUT_MAGIC]
    for _ in range(MOST_LAYERS + 1):
        refuse_over(most, len(raw))
        inner = _with_magic(raw, most) if compression_of(raw) else _without_magic(raw, likely, most)
        if inner is None:
            return raw
        if len(inner) > most:
            raise DataError(f"it decompresses to over {most:,} bytes")
        raw = inner
    raise DataError(f"it is compressed more than {MOST_LAYERS} times")


def _with_magic(raw: bytes, most: int) -> bytes:
    source, out = Decompressed(io.BytesIO(raw), is_archive=False), bytearray()
    while len(out) <= most and (piece := source.read(most + 1 - len(out))):
        out += piece
    return bytes(out)


def _without_magic(raw: bytes, likely: list[str], most: int) -> bytes | None:
    """What some bytes decompress to as one of the ``likely`` codings or, if no text, as any.

    None if they are of none. A stream proves itself by an end that is the end of the bytes; one
    that is likely, and no text to look at, may also end before.
    """
    is_text = _is_text(raw)
    if is_text and not likely:
        return None
    broken_off = None
    for name in dict.fromkeys([*likely, *WITHOUT_MAGIC]):
        is_believed = name in likely and not is_text
        for start in WITHOUT_MAGIC[name]:
            stream = start()
            try:
                out = decompress(stream, raw, most)
            except DAMAGE:
                found = until_end_of_brotli(raw, most) if is_believed and name == "br" else None
                if found:
                    return found
                continue
            is_proven = stream.eof and (is_believed or not stream.unused_data)
            if out and (is_proven or len(out) > most):
                return out
            if out and is_believed:
                broken_off = name
    if broken_off is not None:
        raise DataError(f"its {broken_off} ends in the middle")
    return None


def _is_text(raw: bytes) -> bool:
    head = raw[:_HEAD]
    unlikely = len(head) - len(head.translate(None, _NO_TEXT))
    return head.startswith(_BYTE_ORDER_MARKS) or unlikely <= _TEXT_SHARE * len(head)
