"""Request one page over HTTP/1.1, from an address that was checked before.

The connection goes to the address and never to a name, so that what is connected to is what was
checked; TLS verifies the host's name all the same. `httpcore` writes the request and reads the
response, over a stream that holds the limits. Nothing but the headers here is ever sent: no
cookies, no credentials; proxies are not used, and no connection serves a second request.
"""

import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import certifi
import httpcore

from corpus.acquire.capture import MOST_BYTES
from corpus.acquire.codings import refuse_over
from corpus.acquire.request_url import Location
from corpus.errors import DataError

AGENT = "boilerbench"
"""What the kit is called in a ``robots.txt``."""
MOST_HEADER_BYTES = 1 << 16
_CHUNK = 1 << 14
_FRAMING = 2  # so many times a body's limit may come in all, because of its framing
_SHORTEST_TIMEOUT = 0.001


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a page may take, in seconds, and how much of it may come."""

    connect: float = 10.0  # for each address, TLS included
    read: float = 20.0  # between two pieces
    total: float = 60.0  # for all of it: names, redirects and `robots.txt` too
    most_bytes: int = MOST_BYTES  # of one response, as it comes and decompressed
    redirects: int = 8


@dataclass(frozen=True, slots=True)
class Response:
    """What a server sent, its body as it came but for chunks.

    ``headers`` have names in lower case; the first of each counts.
    """

    status: int
    reason: str
    headers: dict[str, str]
    body: bytes = b""


_WantsBody = Callable[[Response], bool]


class Client:
    """Requests pages, each over a connection of its own, within limits that hold for all of them.

    ``deadline`` is the moment, of `time.monotonic`, after which nothing is read.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.deadline = time.monotonic() + limits.total

    def get(self, location: Location, addresses: Iterable[str], wants_body: _WantsBody) -> Response:
        """Request a page from the first of the addresses that takes the connection.

        ``wants_body`` sees the response's head and decides whether the body is read, or raises.

        Raises:
            DataError: if nothing readable comes back within the limits; the reason alone.
        """
        url = httpcore.URL(
            scheme=location.scheme, host=location.host, port=location.port, target=location.target
        )
        headers = [
            ("Host", location.authority),
            ("User-Agent", user_agent()),
            ("Accept", "text/html, application/xhtml+xml, text/plain;q=0.9"),
            ("Accept-Encoding", "gzip, identity"),
            ("Connection", "close"),
        ]
        request = httpcore.Request("GET", url, headers=headers)
        with _Connection(url.origin, self._connect(location, addresses)) as connection:
            try:
                return self._read(connection.handle_request(request), wants_body)
            except httpcore.RemoteProtocolError as error:
                raise DataError(f"the response is not valid HTTP ({error})") from None
            except httpcore.TimeoutException:
                raise DataError(f"nothing came for {self.limits.read:g} seconds") from None
            except httpcore.NetworkError as error:
                raise DataError(f"the connection was lost ({_reason(error)})") from None

    def seconds(self, most: float) -> float:
        """How long an operation may take that may not take longer than ``most``."""
        return max(min(most, self.deadline - time.monotonic()), _SHORTEST_TIMEOUT)

    def _connect(self, location: Location, addresses: Iterable[str]) -> "_LimitedStream":
        reason = "it has no address"
        for address in addresses:
            until = time.monotonic() + self.limits.connect
            try:
                stream = httpcore.SyncBackend().connect_tcp(
                    address, location.port, timeout=self.seconds(self.limits.connect)
                )
                if location.scheme == "https":
                    timeout = self.seconds(until - time.monotonic())
                    stream = stream.start_tls(_trusted(), location.host, timeout)
            except httpcore.TimeoutException:
                reason = f"no connection within {self.limits.connect:g} seconds"
            except httpcore.NetworkError as error:  # of TLS, too
                reason = f"no connection ({_reason(error)})"
            else:
                return _LimitedStream(stream, self)
        raise DataError(reason)

    def _read(self, response: httpcore.Response, wants_body: _WantsBody) -> Response:
        headers: dict[str, str] = {}
        for name, value in response.headers:
            headers.setdefault(name.decode().lower(), _text(value))
        head = Response(response.status, _text(response.extensions["reason_phrase"]), headers)
        if not wants_body(head):
            return head
        most = self.limits.most_bytes
        if (length := headers.get("content-length", "")).isdecimal():
            refuse_over(most, int(length))
        body = bytearray()
        for piece in response.iter_stream():
            body += piece
            refuse_over(most, len(body))
        return replace(head, body=bytes(body))


def user_agent() -> str:
    """Name the kit and its purpose, for the ``User-Agent`` header."""
    try:
        kit = version(AGENT)
    except PackageNotFoundError:
        kit = "0"
    return f"{AGENT}/{kit} (a person adds single pages to a corpus of labelled web pages)"


class _Connection(httpcore.HTTP11Connection):
    MAX_INCOMPLETE_EVENT_SIZE = MOST_HEADER_BYTES


class _LimitedStream(httpcore.NetworkStream):
    """A connection that ends at the deadline, or when more came than a body and its framing."""

    def __init__(self, stream: httpcore.NetworkStream, client: Client) -> None:
        self._stream, self._client = stream, client
        self._came = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - ours is shorter
        limits = self._client.limits
        piece = self._stream.read(min(max_bytes, _CHUNK), self._client.seconds(limits.read))
        self._came += len(piece)
        if self._came > _FRAMING * limits.most_bytes + MOST_HEADER_BYTES:
            raise DataError(f"over {limits.most_bytes:,} bytes and no end")
        if time.monotonic() > self._client.deadline:
            raise httpcore.ReadTimeout
        return piece

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - as above
        self._stream.write(buffer, self._client.seconds(self._client.limits.read))

    def close(self) -> None:
        self._stream.close()


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that downloads of datasets go by, too."""
    return ssl.create_default_context(cafile=certifi.where())


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _reason(error: httpcore.NetworkError) -> str:
    """What the system says of an error, without the numbers that only programmers read."""
    cause = error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {cause.verify_message}"
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
