"""Bodies of HTTP messages, unpacked while they come and never beyond a limit."""

import zlib

from corpus.errors import DataError

_GZIP = 31
"""What `zlib` is told for a gzip header and trailer."""


class Body:
    """Takes in a body piece by piece and unpacks it.

    ``encoding`` is the value of ``Content-Encoding``. ``most`` bytes may come, and as many may
    come out.

    Raises:
        DataError: from all methods; the reason alone.
    """

    def __init__(self, encoding: str, most: int) -> None:
        name = encoding.strip().lower()
        if name not in {"", "identity", "gzip", "x-gzip"}:
            raise DataError(f"it is packed as {name!r}; gzip is all that is unpacked here")
        self._inflate = zlib.decompressobj(_GZIP) if "gzip" in name else None
        self._most = most
        self._taken = 0
        self._out = bytearray()

    def add(self, piece: bytes) -> None:
        """Take in the next bytes; the limits hold before anything larger is in memory."""
        self._taken += len(piece)
        if self._taken > self._most:
            raise DataError(f"over {self._most:,} bytes, the most that a page may have")
        while piece and self._inflate:
            try:
                self._out += self._inflate.decompress(piece, self._most + 1 - len(self._out))
            except zlib.error as error:
                raise DataError(f"its gzip is damaged ({error})") from None
            if len(self._out) > self._most:
                raise DataError(f"it unpacks to over {self._most:,} bytes")
            piece = self._inflate.unused_data or self._inflate.unconsumed_tail
            if self._inflate.eof and piece:  # gzip files may stand one after the other
                self._inflate = zlib.decompressobj(_GZIP)
        self._out += piece

    def whole(self) -> bytes:
        """All that came out, after the last piece."""
        if self._inflate and not self._inflate.eof and self._taken:
            raise DataError("its gzip ends in the middle")
        return bytes(self._out)
