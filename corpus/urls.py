"""Compare URLs: the site that one belongs to, and the form that all URLs of a page share."""

import re
from functools import cache, lru_cache
from urllib.parse import quote, urlsplit

from publicsuffixlist import PublicSuffixList

DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"utm_\w+|gclid|gclsrc|dclid|gbraid|wbraid|_g[al]|srsltid|fbclid|igshid|msclkid|twclid|ttclid|"
    r"yclid|_openstat|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|vero_id|oly_(?:anon|enc)_id",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_NOT_ENCODED = "%!$&'()*+,/:;=?@~[]"  # beside letters and digits


@lru_cache(maxsize=65_536)
def site_of(url: str) -> str | None:
    """The registrable domain of a URL or host name, by the Public Suffix List, offline.

    Hosts below a shared suffix (``NAME.blogspot.com``) are sites of their own. A host without
    one, an address for instance, is its own site. None if there is no host.
    """
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return None
    if not host or host.rpartition(".")[2].isdecimal():  # nothing, or an address
        return host or None
    return _suffixes().privatesuffix(host) or host


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def canonical_url(url: str) -> str | None:
    """Reduce a URL to what distinguishes its page from others; None if there is no host.

    These are left out: the scheme, if it is HTTP or HTTPS; the name of a user; ``www.``; the
    scheme's default port; slashes at the end of the path; parameters for tracking (``utm_*``,
    ``gclid`` and the like); and the fragment, unless it is the route of an application (``#!``,
    ``#/``). The host is in lower case, other parameters are sorted, percent-encoding is uniform.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host:
        return None
    scheme = "" if parts.scheme in DEFAULT_PORTS else f"{parts.scheme}://"
    if port is not None and port != DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    parameters = [
        parameter
        for parameter in parts.query.split("&")
        if parameter and not _TRACKING.fullmatch(parameter.partition("=")[0])
    ]
    query = f"?{'&'.join(sorted(map(_uniform, parameters)))}" if parameters else ""
    fragment = f"#{_uniform(parts.fragment)}" if parts.fragment.startswith(("!", "/")) else ""
    path = _uniform(parts.path).rstrip("/")
    return f"{scheme}{host.removeprefix('www.')}{path}{query}{fragment}"


def percent_encode(text: str) -> str:
    """Encode what may not stand in a path or query; what is encoded already stays."""
    return quote(text, safe=_NOT_ENCODED)


def _uniform(text: str) -> str:
    return percent_encode(_ESCAPE.sub(_shortest, text))


def _shortest(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()
