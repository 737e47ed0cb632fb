"""URLs that may be asked for."""

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

    https: bool
    host: str
    """In lower case and ASCII; an address stands without brackets."""
    port: int
    target: str
    """Path and query, percent-encoded."""

    @property
    def authority(self) -> str:
        """Host, and port where it is not the scheme's own: what the ``Host`` header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self._scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """What a ``robots.txt`` holds for."""
        return f"{self._scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The URL, without a fragment."""
        return self.origin + self.target

    @property
    def _scheme(self) -> str:
        return "https" if self.https else "http"


def locate(url: str, base: Location | None = None) -> Location:
    """Take a URL apart, one relative to ``base`` if there is one.

    Ports below 1024 other than the schemes' own are refused, since other services listen there.

    Raises:
        DataError: if it is not one to ask for; the reason alone.
    """
    try:
        parts = urlsplit(urljoin(base.url, url) if base else url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise DataError(f"not a URL ({error})") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise DataError(f"only http and https are asked for, not {parts.scheme!r}")
    if "@" in parts.netloc:
        raise DataError("the URL holds a name or a password; take it out")
    host = _ascii(host)
    port = port if port is not None else DEFAULT_PORTS[parts.scheme]
    if port not in DEFAULT_PORTS.values() and port < _FIRST_FREE_PORT:
        raise DataError(f"port {port} is not one that pages are served at")
    target = percent_encode(parts.path) or "/"
    if parts.query:
        target += f"?{percent_encode(parts.query)}"
    return Location(parts.scheme == "https", host, port, target)


def _ascii(host: str) -> str:
    """A host name in the letters that the DNS has."""
    if ":" in host:
        try:
            return str(IPv6Address(host.replace("%", " ")))  # a zone is of this machine alone
        except ValueError:
            raise DataError(f"no host is called {host!r}") from None
    if not host.isascii():
        import idna

        try:
            host = idna.encode(host, uts46=True).decode()
        except idna.IDNAError:
            raise DataError(f"no host is called {host!r}") from None
    if not _HOST.fullmatch(host):
        raise DataError(f"no host is called {host!r}" if host else "the URL names no host")
    return host
