"""Take apart URLs that may be requested."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import urljoin, urlsplit

from corpus.errors import DataError
from corpus.urls import DEFAULT_PORTS, percent_encode

_FIRST_FREE_PORT = 1024
_HOST = re.compile(r"[a-z0-9._-]{1,253}")


@dataclass(frozen=True, slots=True)
class Location:
    """A URL taken apart, once, for the check, the connection and the request alike."""

    scheme: str
    host: str  # in lower case and ASCII; an address stands without brackets
    port: int
    target: str  # path and query, percent-encoded

    @property
    def authority(self) -> str:
        """Host, and port where it is not the default: the ``Host`` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The part of the URL that a ``robots.txt`` holds for."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The URL, without a fragment."""
        return self.origin + self.target


def locate(url: str, base: Location | None = None) -> Location:
    """Take a URL apart, one relative to ``base`` if there is one.

    Ports below 1024 other than the default ones are refused, because other services listen there.

    Raises:
        DataError: if it may not be requested; the reason alone.
    """
    try:
        parts = urlsplit(urljoin(base.url, url) if base else url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise DataError(f"not a URL ({error})") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise DataError(f"only http and https are supported, not {parts.scheme!r}")
    if "@" in parts.netloc:
        raise DataError("the URL holds a name or a password; take it out")
    host = _ascii(host)
    port = port if port is not None else DEFAULT_PORTS[parts.scheme]
    if port not in DEFAULT_PORTS.values() and port < _FIRST_FREE_PORT:
        raise DataError(f"port {port} is not one that pages are served at")
    query = f"?{percent_encode(parts.query)}" if parts.query else ""
    return Location(parts.scheme, host, port, (percent_encode(parts.path) or "/") + query)


def _ascii(host: str) -> str:
    """A host name in the letters that the DNS has."""
    try:
        if ":" in host:
            return str(IPv6Address(host.replace("%", " ")))  # a zone is of this machine alone
        if not host.isascii():
            import idna

            host = idna.encode(host, uts46=True).decode()
    except ValueError:  # of which those of `idna` are some
        raise DataError(f"no host is called {host!r}") from None
    if not _HOST.fullmatch(host):
        raise DataError(f"no host is called {host!r}" if host else "the URL names no host")
    return host
