"""Decompress gzip, deflate, Brotli and Zstandard while they are read, and never beyond a limit."""

import re
import sys
import zlib
from bisect import bisect_right
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import BinaryIO, Protocol

import brotli

from corpus.errors import DataError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_GZIP, _ZLIB, _RAW = 31, 15, -15  # the `wbits` of `zlib` for gzip, for its own format, for neither
_GZIP_START = b"\x1f\x8b\x08"
_ZSTD_START = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")  # the second are skipped
# Of a WARC archive, by https://iipc.github.io/warc-specifications/specifications/warc-zstd.
_DICTIONARY_START = b"\x5d\x2a\x4d\x18"
_MOST_DICTIONARY = 16 << 20
_FILL = b"\0\r\n \t"
_HEADER_BYTES = 8  # that tell what begins, and how long a dictionary is
_PIECE = 1 << 14  # members may be twenty bytes long, and what follows one is copied
# Web pages shrink to a tenth, the most repetitive of them to a fiftieth.
_BOMB_RATIO, _BOMB_BYTES = 200, 16 << 20


class Decompressor(Protocol):
    """Decompresses one stream, with the methods of `bz2.BZ2Decompressor`.

    ``decompress`` takes ``b""`` while ``needs_input`` is false; ``unused_data`` is what stands
    after the end. Damage raises one of `DAMAGE`.
    """

    @property
    def eof(self) -> bool: ...  # noqa: D102 - as there
    @property
    def needs_input(self) -> bool: ...  # noqa: D102
    @property
    def unused_data(self) -> bytes: ...  # noqa: D102
    def decompress(self, data: bytes, max_length: int) -> bytes: ...  # noqa: D102


class _Deflate:
    def __init__(self, wbits: int) -> None:
        self._inflate = zlib.decompressobj(wbits)

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def needs_input(self) -> bool:
        return not self._inflate.unconsumed_tail and not self.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inflate.decompress(self._inflate.unconsumed_tail + data, max_length)


class _Brotli:
    """Decompresses Brotli; its library takes bytes after the end for damage."""

    unused_data = b""

    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    @property
    def eof(self) -> bool:
        return bool(self._decoder.is_finished())

    @property
    def needs_input(self) -> bool:
        return bool(self._decoder.can_accept_more_data()) and not self.eof

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return bytes(self._decoder.process(data, output_buffer_limit=max_length))


DAMAGE = (zlib.error, zstd.ZstdError, brotli.error)

WITHOUT_MAGIC: Mapping[str, tuple[Callable[[], Decompressor], ...]] = {
    "deflate": (lambda: _Deflate(_ZLIB), lambda: _Deflate(_RAW)),
    "br": (_Brotli,),
}
"""Decompressors of what no first bytes prove. ``deflate`` should have the frame of zlib, and often
has not (RFC 9110, 8.4.1.2)."""


def compression_of(head: bytes) -> str | None:
    """The compression, ``gzip`` or ``zstd``, of what begins with these bytes; None if of neither.

    Zstandard may begin with a frame to be skipped.
    """
    if head.startswith(_GZIP_START):
        return "gzip"
    return "zstd" if _ZSTD_START.match(head) else None


class Decompressed:
    """A file of gzip or Zstandard, decompressed while it is read from beginning to end.

    Such a file may consist of several members, one after the other. It ends before the first
    bytes that begin no other. Of an archive these bytes may be a member that breaks off, and what
    it decompresses to is limited by its size.
    """

    def __init__(self, file: BinaryIO, *, is_archive: bool = True) -> None:
        self._file = file
        self._is_archive = is_archive
        self._compressed = b""
        self._came = 0  # bytes of the file
        self._position = 0  # bytes that came out
        self._member: Decompressor | None = None
        self._members = [(0, 0)]  # where each begins: in what came out, and in the file
        self._name = "compression"
        self._dictionary: zstd.ZstdDict | None = None

    def read(self, size: int) -> bytes:
        """Up to ``size`` of the bytes that come next; none at the end.

        Raises:
            DataError: if the file is damaged or breaks off or, being an archive, decompresses to
                far more than pages do; the reason alone.
        """
        piece = b""
        while not piece and self._has_member():
            member, data = self._open_member(), b""
            if member.needs_input:
                data, self._compressed = self._compressed or self._next(), b""
                if not data:
                    raise DataError(f"its {self._name} ends in the middle")
            try:
                piece = member.decompress(data, size)
            except DAMAGE as error:
                raise DataError(f"its {self._name} is damaged ({error})") from None
            self._position += len(piece)
            if member.eof:
                self._compressed, self._member = member.unused_data, None
            self._refuse_bomb()
        return piece

    def place_of(self, position: int) -> int:
        """Where in the file the member begins that holds a position of what came out."""
        return self._members[bisect_right(self._members, position, key=itemgetter(0)) - 1][1]

    def _has_member(self) -> bool:
        if self._member is None:
            while len(self._compressed) < _HEADER_BYTES and (more := self._next()):
                self._compressed += more
        if self._member is not None or compression_of(self._compressed):
            return True
        if self._is_archive and self._compressed and _GZIP_START.startswith(self._compressed):
            raise DataError(f"its {self._name} ends in the middle")
        return False

    def rest(self) -> int:
        """How many bytes follow the end, but for those that only fill up."""
        count = len(self._compressed.strip(_FILL))
        while more := self._next():
            count += len(more.strip(_FILL))
        return count

    def _open_member(self) -> Decompressor:
        if self._member is None:
            self._name = compression_of(self._compressed) or self._name
            if self._compressed.startswith(_DICTIONARY_START) and self._position == 0:
                self._read_dictionary()
            is_gzip = self._name == "gzip"
            self._member = (
                _Deflate(_GZIP) if is_gzip else zstd.ZstdDecompressor(zstd_dict=self._dictionary)
            )
            self._members.append((self._position, self._came - len(self._compressed)))
        return self._member

    def _read_dictionary(self) -> None:
        """Read the frame with the dictionary that all others are compressed with."""
        end = _HEADER_BYTES + int.from_bytes(self._compressed[4:_HEADER_BYTES], "little")
        while len(self._compressed) < min(end, _MOST_DICTIONARY) and (more := self._next()):
            self._compressed += more
        dictionary = self._compressed[_HEADER_BYTES:end]
        try:
            if compression_of(dictionary):
                dictionary = zstd.ZstdDecompressor().decompress(dictionary, _MOST_DICTIONARY)
            self._dictionary = zstd.ZstdDict(dictionary)
        except (zstd.ZstdError, ValueError) as error:
            raise DataError(f"its dictionary for zstd is damaged ({error})") from None
        self._compressed = self._compressed[end:]

    def _next(self) -> bytes:
        piece = self._file.read(_PIECE)
        self._came += len(piece)
        return piece

    def _refuse_bomb(self) -> None:
        position, begin = self._members[-1]
        taken = self._came - len(self._compressed) - begin
        if self._is_archive and self._position - position > max(_BOMB_BYTES, _BOMB_RATIO * taken):
            raise DataError(f"its {self._name} decompresses to over {_BOMB_RATIO} times its size")


def until_end_of_brotli(raw: bytes, most: int) -> bytes | None:
    """What Brotli with other bytes after its end decompresses to; None if it has no end.

    The end shows only where bytes are given one by one. No more than ``most`` + 1 bytes come out.
    """
    decompressor, out = _Brotli(), bytearray()
    for at in range(len(raw)):
        try:
            out += decompress(decompressor, raw[at : at + 1], most - len(out))
        except brotli.error:
            return None
        if decompressor.eof or len(out) > most:
            return bytes(out)
    return None


def decompress(decompressor: Decompressor, data: bytes, most: int) -> bytes:
    """What comes out when data go into a decompressor: at most ``most`` + 1 bytes.

    Raises:
        Exception: one of `DAMAGE`.
    """
    out = decompressor.decompress(data, most + 1)
    while not (decompressor.eof or decompressor.needs_input or len(out) > most):
        out += decompressor.decompress(b"", most + 1 - len(out))
    return out
