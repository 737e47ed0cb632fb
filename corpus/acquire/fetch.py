"""Fetch one page from the web without being led to the machines inside.

Every address that a host name has is checked before each request, redirects included, and the
connection goes to a checked address, so that a name whose addresses change in between gains
nothing. ``robots.txt`` is requested in the same way and obeyed at every step.
"""

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.acquire import addresses
from corpus.acquire.capture import Capture
from corpus.acquire.codings import decompressed
from corpus.acquire.request_url import Location, locate
from corpus.acquire.response import declared_type, take_apart
from corpus.acquire.robots import parse_rules
from corpus.errors import DataError
from corpus.wording import shown

if TYPE_CHECKING:
    from protego import Protego

    from corpus.acquire.http import Client, Limits, Response

_OK = 200
_REDIRECTS = {301, 302, 303, 307, 308}
_SUCCESS, _CLIENT_ERROR = 2, 4  # hundreds
_TOO_MANY_REQUESTS = 429
_SHOWN_CHARS = 200


def fetch(url: str, limits: "Limits | None" = None) -> Capture:
    """Fetch a page, within the time that ``limits`` gives, or that the system takes for a name.

    Raises:
        DataError: if it may not be requested, or no page comes back within the limits.
    """
    from corpus.acquire.http import Client, Limits

    client = Client(limits or Limits())
    try:
        location, response = _Fetcher(client).follow(locate(url))
        most = client.limits.most_bytes
        return take_apart(url, response.body, response.headers, url=location.url, most=most)
    except DataError as error:
        is_late = time.monotonic() > client.deadline
        reason = f"took more than {client.limits.total:g} seconds" if is_late else error
        raise DataError(f"{url}: {reason}") from None


@dataclass
class _Fetcher:
    client: "Client"
    rules: dict[str, "Protego | None"] = field(default_factory=dict)
    """What the ``robots.txt`` of each origin says; None where there is none."""

    def follow(self, location: Location, *, to_rules: bool = False) -> "tuple[Location, Response]":
        """Request a page, or a ``robots.txt``, wherever the redirects lead."""
        seen: set[str] = set()
        redirected = ""
        try:
            while True:
                if location.url in seen:
                    raise DataError("a circle")
                if len(seen) > self.client.limits.redirects:
                    raise DataError(f"the last of {len(seen)} redirects, which are too many")
                seen.add(location.url)
                checked = self._checked_addresses(location)
                if not to_rules:
                    self._refuse_if_disallowed(location)
                wants_body = _are_rules if to_rules else _is_page
                response = self.client.get(location, checked, wants_body)
                if response.status not in _REDIRECTS:
                    return location, response
                if not (target := response.headers.get("location")):
                    raise DataError(f"answered {response.status} but does not say where to go")
                redirected = f"redirected to {shown(target, _SHOWN_CHARS)}: "
                location = locate(target, location)
        except DataError as error:
            raise DataError(f"{redirected}{error}") from None

    def _checked_addresses(self, location: Location) -> list[str]:
        """The addresses of a host, all of which may be connected to."""
        if time.monotonic() > self.client.deadline:
            raise DataError("no time is left")
        try:
            found = addresses.resolve(location.host, location.port)
        except (OSError, UnicodeError):
            raise DataError(f"no address is known for {location.host}") from None
        if refused := [address for address in found if not addresses.is_public(address)]:
            raise DataError(
                f"{location.host} has the address {refused[0]}, which is not of the public "
                "internet; save the page and add the file"
            )
        return found

    def _refuse_if_disallowed(self, location: Location) -> None:
        from corpus.acquire.http import AGENT

        if location.origin not in self.rules:
            self.rules[location.origin] = self._read_rules(location.origin)
        rules = self.rules[location.origin]
        if rules is not None and not rules.can_fetch(location.url, AGENT):
            raise DataError(
                "its robots.txt disallows it for programs; if you may take it, save it from a "
                "browser and add the file"
            )

    def _read_rules(self, origin: str) -> "Protego | None":
        """Read a site's ``robots.txt``: RFC 9309, except that 429 does not permit to go on."""
        try:
            _, response = self.follow(locate(f"{origin}/robots.txt"), to_rules=True)
            if response.status // 100 != _SUCCESS:
                return None
            headers = response.headers
            encoding = headers.get("content-encoding", "")
            body = decompressed(response.body, encoding, self.client.limits.most_bytes)
            return parse_rules(body, declared_type(headers.get("content-type", ""))[1])
        except DataError as error:
            raise DataError(
                f"its robots.txt cannot be read ({error}), and what is not known to be allowed is "
                "not done; try again later, or save the page and add the file"
            ) from None


def _is_page(head: "Response") -> bool:
    """Whether a page may follow; refuses, before the body, all but pages and redirects."""
    if head.status in _REDIRECTS:
        return False
    if head.status != _OK:
        raise DataError(f"answered {head.status} {head.reason}".rstrip())
    return True


def _are_rules(head: "Response") -> bool:
    """Whether rules follow; refuses what does not say whether there are any."""
    says_none = head.status // 100 == _CLIENT_ERROR and head.status != _TOO_MANY_REQUESTS
    if head.status not in _REDIRECTS and head.status // 100 != _SUCCESS and not says_none:
        raise DataError(f"answered {head.status} {head.reason}".rstrip())
    return head.status // 100 == _SUCCESS
