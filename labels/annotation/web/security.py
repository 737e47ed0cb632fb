"""Who may talk to the application: the browser that was given its address, and nobody else.

It listens on the loopback address, which every page in the same browser, and every program on the
same machine, can send requests to. So each request is judged by itself:

- its ``Host`` is one of the two the application has, which undoes DNS rebinding;
- what a browser says of where it comes from (``Sec-Fetch-Site``, ``Origin``) is the application;
- what changes something is JSON, which no other site's form can send;
- it carries the token of the session, in a cookie that scripts cannot read and other sites'
  requests do not carry.

Nothing here does input or output.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus import DataError
from labels.annotation.drafts.opinions import refuse_annotator
from labels.annotation.web.page_frame import FRAME_POLICY

LARGEST_BODY = 1 << 20
"""Bytes of a request's body; a change of each of 3,000 lines takes a sixtieth."""

_TOKEN_BYTES = 32
_READS = {"GET", "HEAD"}
_HOSTS = ("127.0.0.1", "localhost")
_COMMON = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
_UNSAFE = re.compile(r"[^\w.@+-]+")


@dataclass(frozen=True, slots=True)
class Request:
    """What a request is judged by."""

    method: str
    path: str
    headers: Mapping[str, str]
    """With names in lower case."""
    cookies: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None
    """Of the address, on the first visit."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not answered."""

    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class Guard:
    """Judges requests to the application at one port."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(_TOKEN_BYTES), repr=False)

    @property
    def cookie(self) -> str:
        """Name of the cookie that holds the token: ports share their cookies."""
        return f"bench-label-{self.port}"

    def address_of(self, path: str = "/") -> str:
        """The address of a page of the application, with the token for the first visit."""
        return f"http://{_HOSTS[0]}:{self.port}{path}?token={self.token}"

    def refusal(self, request: Request) -> Refusal | None:
        """Why a request is refused, None if it is not."""
        host = request.headers.get("host", "")
        if host not in {f"{name}:{self.port}" for name in _HOSTS}:
            return Refusal(421, "this application answers at 127.0.0.1 and localhost only")
        if request.path.startswith("/pick/") and request.method == "GET":
            return None  # from the frame, which has no origin and no cookies; its key is judged
        if refusal := _wrong_origin(request, f"http://{host}"):
            return refusal
        if not self.knows(request.cookies.get(self.cookie)) and not self.first_visit(request):
            return Refusal(403, "open the address that 'bench label edit' printed when it started")
        return None

    def first_visit(self, request: Request) -> bool:
        """Whether a request brings the token in its address, which is then put into a cookie."""
        return request.method == "GET" and self.knows(request.token)

    def knows(self, token: str | None) -> bool:
        """Whether a token is that of the session; the time it takes tells nothing."""
        return token is not None and secrets.compare_digest(token.encode(), self.token.encode())

    def policies(self, path: str, host: str) -> dict[str, str]:
        """The headers of an answer, which tell the browser what its document may do."""
        origin = f"http://{host}"
        if path.startswith("/frame/"):
            return _COMMON | {"content-security-policy": FRAME_POLICY.format(origin=origin)}
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"connect-src 'self'; frame-src {origin}/frame/ {origin}/pick/; form-action 'none'; "
            "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        )
        return _COMMON | {"content-security-policy": policy, "x-frame-options": "DENY"}


def _wrong_origin(request: Request, origin: str) -> Refusal | None:
    """Why a request cannot be one of the application's own."""
    headers, reads = request.headers, request.method in _READS
    site = headers.get("sec-fetch-site", "same-origin")
    visited = site == "none" and reads  # typed, or opened from elsewhere than a page
    if headers.get("origin", origin) != origin or not (site == "same-origin" or visited):
        return Refusal(403, "requests from other sites are not answered")
    if reads:
        return None
    if "origin" not in headers:
        return Refusal(403, "a change must say where it comes from")
    if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        return Refusal(415, "a change must be JSON")
    return None


def safe_annotator(name: str) -> str:
    """The name of an annotator, if it can be that of a folder of drafts.

    Raises:
        DataError: if it cannot.
    """
    refuse_annotator(name)
    return name


def annotator_from(*candidates: str | None) -> str:
    """The first of several names that can be made that of a folder of drafts."""
    for candidate in candidates:
        name = _UNSAFE.sub("-", (candidate or "").strip()).strip("-.@+")[:64]
        try:
            return safe_annotator(name)
        except DataError:
            continue
    return "annotator"
