"""One request over HTTP/1.1, to an address that was checked before.

The connection goes to the address and never by a name, so that what is connected to is what was
checked. TLS verifies the host's name all the same. `h11` reads what comes back; nothing but the
headers here is ever sent: no cookies, no credentials, and no proxy is asked.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

import h11

from corpus.acquire.capture import MOST_BYTES
from corpus.acquire.decompression import Body
from corpus.acquire.request_url import Location
from corpus.errors import DataError

AGENT = "boilerbench"
"""What the kit is called in a ``robots.txt``."""
MOST_HEADER_BYTES = 1 << 16
_CHUNK = 1 << 14
_FRAMING = 2
"""So many times a body's limit may come in all, for the sake of its framing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a page may take, in seconds, and how much of it may come."""

    connect: float = 10.0
    """For each address, TLS included."""
    read: float = 20.0
    """Between two pieces."""
    total: float = 60.0
    """For all of it: names, redirects and ``robots.txt`` too."""
    most_bytes: int = MOST_BYTES
    """Of one answer, packed and unpacked."""
    redirects: int = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. ``headers`` have names in lower case; the first of each counts."""

    status: int
    reason: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def user_agent() -> str:
    """Who asks, and for what."""
    try:
        kit = version(AGENT)
    except PackageNotFoundError:
        kit = "0"
    return f"{AGENT}/{kit} (a person adds single pages to a corpus of labelled web pages)"


async def ask(
    location: Location,
    addresses: Sequence[str],
    limits: Limits,
    *,
    wants_body: Callable[[Answer], bool],
    trust: ssl.SSLContext | None = None,
) -> Answer:
    """Ask for a page at the first of the addresses that takes the connection.

    ``wants_body`` sees the answer's head and decides whether the body is read, or raises.

    Raises:
        DataError: if nothing readable comes back within the limits; the reason alone.
    """
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEADER_BYTES)
    request = h11.Request(
        method="GET",
        target=location.target,
        headers=[
            ("Host", location.authority),
            ("User-Agent", user_agent()),
            ("Accept", "text/html, application/xhtml+xml, text/plain;q=0.9"),
            ("Accept-Encoding", "gzip, identity"),
            ("Connection", "close"),
        ],
    )
    async with _connected(location, addresses, limits, trust) as (reader, writer):
        try:
            writer.write((connection.send(request) or b"") + _end(connection))
            await writer.drain()
            return await _receive(connection, reader, limits, wants_body)
        except h11.RemoteProtocolError as error:
            raise DataError(f"the answer is not HTTP as it must be ({error})") from None
        except OSError as error:
            raise DataError(f"the connection was lost ({_said(error)})") from None


def _end(connection: h11.Connection) -> bytes:
    return connection.send(h11.EndOfMessage()) or b""


@asynccontextmanager
async def _connected(
    location: Location,
    addresses: Sequence[str],
    limits: Limits,
    trust: ssl.SSLContext | None,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to the first address that takes one, cut off in the end."""
    context = (trust or _trusted()) if location.https else None
    reason = "it has no address"
    for address in addresses:
        try:
            async with asyncio.timeout(limits.connect):
                reader, writer = await asyncio.open_connection(
                    address,
                    location.port,
                    ssl=context,
                    server_hostname=location.host if context else None,
                )
        except TimeoutError:
            reason = f"no connection within {limits.connect:g} seconds"
        except OSError as error:  # of which those of TLS are some
            reason = f"no connection ({_said(error)})"
        else:
            try:
                yield reader, writer
            finally:
                writer.transport.abort()
            return
    raise DataError(reason)


def _trusted() -> ssl.SSLContext:
    """The authorities that downloads of datasets go by, too."""
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


async def _receive(
    connection: h11.Connection,
    reader: asyncio.StreamReader,
    limits: Limits,
    wants_body: Callable[[Answer], bool],
) -> Answer:
    answer: Answer | None = None
    body = Body("", limits.most_bytes)
    came = 0
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            try:
                async with asyncio.timeout(limits.read):
                    piece = await reader.read(_CHUNK)
            except TimeoutError:
                raise DataError(f"nothing came for {limits.read:g} seconds") from None
            came += len(piece)
            if came > _FRAMING * limits.most_bytes + MOST_HEADER_BYTES:
                raise DataError(f"over {limits.most_bytes:,} bytes and no end")
            connection.receive_data(piece)
        elif isinstance(event, h11.Response):
            answer = _head(event)
            if not wants_body(answer):
                return answer
            _refuse_declared_length(answer, limits)
            body = Body(answer.headers.get("content-encoding", ""), limits.most_bytes)
        elif isinstance(event, h11.Data):
            body.add(bytes(event.data))
        elif isinstance(event, h11.EndOfMessage) and answer:
            return Answer(answer.status, answer.reason, answer.headers, body.whole())
        elif not isinstance(event, h11.InformationalResponse):
            raise DataError("the connection ended before an answer")


def _head(response: h11.Response) -> Answer:
    headers: dict[str, str] = {}
    for name, value in response.headers:
        headers.setdefault(name.decode(), _text(value))
    return Answer(response.status_code, _text(response.reason), headers)


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _refuse_declared_length(answer: Answer, limits: Limits) -> None:
    length = answer.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limits.most_bytes:
        raise DataError(f"over {limits.most_bytes:,} bytes, the most that a page may have")


def _said(error: OSError) -> str:
    """What an error says, without the numbers that only programmers read."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    return error.strerror or str(error) or type(error).__name__
