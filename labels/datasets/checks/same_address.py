"""When two URLs are the same address."""

import re
from urllib.parse import quote, urlsplit

_TRACKING = re.compile(
    r"utm_\w+|gclid|gclsrc|dclid|gbraid|wbraid|_g[al]|srsltid|fbclid|igshid|msclkid|twclid|ttclid|"
    r"yclid|_openstat|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|vero_id|oly_(?:anon|enc)_id",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_KEPT = "%!$&'()*+,/:;=?@~[]"  # by `quote`, beside letters and digits


def address_of(url: str) -> str | None:
    """What is left of a URL when all that does not tell one page from another is taken off.

    These are the scheme, if it is HTTP or HTTPS; the name of a user; ``www.``; the scheme's own
    port; strokes at the end of the path; parameters for tracking (``utm_*``, ``gclid`` and the
    like); and the fragment, unless it is the route of an application (``#!``, ``#/``). The host is
    in lower case, other parameters are sorted, percent-encoding is written in one way. None if
    there is no host.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host:
        return None
    scheme = "" if parts.scheme in _DEFAULT_PORTS else f"{parts.scheme}://"
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    parameters = [
        parameter
        for parameter in parts.query.split("&")
        if parameter and not _TRACKING.fullmatch(parameter.partition("=")[0])
    ]
    query = f"?{'&'.join(sorted(map(_one_way, parameters)))}" if parameters else ""
    fragment = f"#{_one_way(parts.fragment)}" if parts.fragment.startswith(("!", "/")) else ""
    path = _one_way(parts.path).rstrip("/")
    return f"{scheme}{host.removeprefix('www.')}{path}{query}{fragment}"


def _one_way(text: str) -> str:
    return quote(_ESCAPE.sub(_shortest, text), safe=_KEPT)


def _shortest(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()
