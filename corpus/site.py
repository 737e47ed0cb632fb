"""Which pages belong together: the site of a URL."""

from functools import cache, lru_cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList


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
