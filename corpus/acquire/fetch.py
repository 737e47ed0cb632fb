"""One page from the web, asked for with care.

Every address that a host name has is checked before each request, redirects included, and the
connection goes to a checked address, so that a name which changes its mind in between gains
nothing. ``robots.txt`` is asked for in the same way and obeyed at every step.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.acquire.addresses import is_public, resolve
from corpus.acquire.capture import Capture
from corpus.acquire.http import AGENT, Answer, Limits, ask
from corpus.acquire.request_url import Location, locate
from corpus.errors import DataError
from corpus.page import Markup

if TYPE_CHECKING:
    from protego import Protego

Resolve = Callable[[str, int], list[str]]
"""Gives the addresses of a host, for a port."""

MARKUPS: dict[str, Markup | None] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": None,  # may hold HTML all the same
    "": None,
}
"""Content types of pages, and what they say of a page's markup."""

_OK = 200
_REDIRECTS = {301, 302, 303, 307, 308}
_SUCCESS, _CLIENT_ERROR = 2, 4  # hundreds
_TOO_MANY_REQUESTS = 429
_SHOWN_CHARS = 200
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)


def fetch(
    url: str,
    *,
    allowed: Callable[[str], bool] = is_public,
    resolve: Resolve = resolve,
    limits: Limits | None = None,
    trust: ssl.SSLContext | None = None,
) -> Capture:
    """Fetch a page, within the time that ``limits`` gives, or that the system takes for a name.

    ``allowed`` says of an address whether it may be connected to; ``trust`` holds the authorities
    of certificates. Both, and ``resolve``, are for tests: no command sets them.

    Raises:
        DataError: if it may not be asked for, or no page comes back within the limits.
    """
    errand = _Errand(allowed, resolve, limits or Limits(), trust)
    return asyncio.run(errand.run(url))


def declared_type(value: str) -> tuple[str, str | None]:
    """Content type and charset as a ``Content-Type`` header has them."""
    kind, _, rest = value.partition(";")
    charset = _CHARSET.search(rest)
    return kind.strip().lower(), charset[1] if charset else None


@dataclass
class _Errand:
    """The way to one page."""

    allowed: Callable[[str], bool]
    resolve: Resolve
    limits: Limits
    trust: ssl.SSLContext | None
    rules: dict[str, "Protego | None"] = field(default_factory=dict)
    """What the ``robots.txt`` of each origin says; None where there is none."""

    async def run(self, url: str) -> Capture:
        try:
            async with asyncio.timeout(self.limits.total):
                location, answer = await self._follow(locate(url), _wants_page, obey=True)
        except TimeoutError:
            raise DataError(f"{url}: took more than {self.limits.total:g} seconds") from None
        except DataError as error:
            raise DataError(f"{url}: {error}") from None
        kind, charset = declared_type(answer.headers.get("content-type", ""))
        return Capture(url, answer.body, location.url, MARKUPS[kind], charset)

    async def _follow(
        self, location: Location, wants: Callable[[Answer], bool], *, obey: bool
    ) -> tuple[Location, Answer]:
        """Ask, and go where the answers lead; ``obey`` what ``robots.txt`` says at each step."""
        seen: set[str] = set()
        told = ""
        try:
            while True:
                if location.url in seen:
                    raise DataError("a circle")
                if len(seen) > self.limits.redirects:
                    raise DataError(f"the last of {len(seen)} redirects, which are too many")
                seen.add(location.url)
                addresses = await self._addresses(location)
                if obey:
                    await self._refuse_if_disallowed(location)
                answer = await ask(
                    location, addresses, self.limits, wants_body=wants, trust=self.trust
                )
                if answer.status not in _REDIRECTS:
                    return location, answer
                if not (target := answer.headers.get("location")):
                    raise DataError(f"answered {answer.status} but does not say where to go")
                told = f"redirected to {target[:_SHOWN_CHARS]}: "
                location = locate(target, location)
        except DataError as error:
            raise DataError(f"{told}{error}") from None

    async def _addresses(self, location: Location) -> list[str]:
        """The addresses of a host, all of which may be connected to."""
        try:
            found = await asyncio.to_thread(self.resolve, location.host, location.port)
        except (OSError, UnicodeError):
            raise DataError(f"no address is known for {location.host}") from None
        if refused := [address for address in found if not self.allowed(address)]:
            raise DataError(
                f"{location.host} has the address {refused[0]}, which is not of the public "
                "internet; save the page and add the file"
            )
        return found

    async def _refuse_if_disallowed(self, location: Location) -> None:
        if location.origin not in self.rules:
            self.rules[location.origin] = await self._read_rules(location.origin)
        rules = self.rules[location.origin]
        if rules is not None and not rules.can_fetch(location.url, AGENT):
            raise DataError(
                "its robots.txt asks programs not to take it; if you may, save it from a browser "
                "and add the file"
            )

    async def _read_rules(self, origin: str) -> "Protego | None":
        """What a site's ``robots.txt`` says; RFC 9309, but for 429, which is no leave to go on."""
        from protego import Protego

        try:
            _, answer = await self._follow(locate(f"{origin}/robots.txt"), _wants_rules, obey=False)
        except DataError as error:
            raise DataError(
                f"its robots.txt cannot be read ({error}), and what is not known to be allowed is "
                "not done; try again later, or save the page and add the file"
            ) from None
        if answer.status // 100 == _SUCCESS:
            return Protego.parse(answer.body.decode("utf-8", "replace"))
        return None


def _wants_page(answer: Answer) -> bool:
    """Refuses all but redirects and pages, before their bodies come."""
    if answer.status in _REDIRECTS:
        return False
    if answer.status != _OK:
        raise DataError(f"answered {answer.status} {answer.reason}".rstrip())
    kind, _ = declared_type(answer.headers.get("content-type", ""))
    if kind not in MARKUPS:
        raise DataError(f"neither HTML nor text but {kind}")
    return True


def _wants_rules(answer: Answer) -> bool:
    """Refuses what does not tell whether there are rules."""
    says_none = answer.status // 100 == _CLIENT_ERROR and answer.status != _TOO_MANY_REQUESTS
    if answer.status not in _REDIRECTS and answer.status // 100 != _SUCCESS and not says_none:
        raise DataError(f"answered {answer.status} {answer.reason}".rstrip())
    return answer.status // 100 == _SUCCESS
