"""Decompress bodies of HTTP messages while they come, and never beyond a limit."""

import zlib

from corpus.errors import DataError

GZIP = 31  # the `wbits` of `zlib` for data with the header and trailer of gzip


def refuse_over(most: int, count: int) -> None:
    """Refuse a page of more than ``most`` bytes.

    Raises:
        DataError: if there are more; the reason alone.
    """
    if count > most:
        raise DataError(f"over {most:,} bytes, the most that a page may have")


class Body:
    """Takes in a body piece by piece and decompresses it.

    ``encoding`` is the value of ``Content-Encoding``. ``most`` bytes may come, and as many may
    come out.

    Raises:
        DataError: from all methods; the reason alone.
    """

    def __init__(self, encoding: str, most: int) -> None:
        name = encoding.strip().lower()
        if name not in {"", "identity", "gzip", "x-gzip"}:
            raise DataError(f"it is compressed with {name!r}; only gzip is decompressed here")
        self._inflate = zlib.decompressobj(GZIP) if "gzip" in name else None
        self._most = most
        self._taken = 0
        self._out = bytearray()

    def add(self, piece: bytes) -> None:
        """Take in the next bytes; the limits hold before anything larger is in memory."""
        self._taken += len(piece)
        refuse_over(self._most, self._taken)
        while piece and self._inflate:
            try:
                self._out += self._inflate.decompress(piece, self._most + 1 - len(self._out))
            except zlib.error as error:
                raise DataError(f"its gzip is damaged ({error})") from None
            if len(self._out) > self._most:
                raise DataError(f"it decompresses to over {self._most:,} bytes")
            piece = self._inflate.unused_data or self._inflate.unconsumed_tail
            if self._inflate.eof and piece:  # gzip files may stand one after the other
                self._inflate = zlib.decompressobj(GZIP)
        self._out += piece

    def whole(self) -> bytes:
        """All that came out, after the last piece."""
        if self._inflate and not self._inflate.eof and self._taken:
            raise DataError("its gzip ends in the middle")
        return bytes(self._out)
