"""Let in requests of the browser that has the application's address, and no others.

It listens on the loopback address, which every page in the same browser, and every program on the
same machine, can send requests to. So each request is judged by itself:

- its ``Host`` is one of the two the application has, which prevents DNS rebinding;
- what a browser says of where it comes from (``Sec-Fetch-Site``, ``Origin``) is the application;
- what changes something is JSON, which no other site's form can send;
- it carries the token of the session, in a cookie that scripts cannot read and other sites'
  requests do not carry.
"""

import secrets
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from labels.annotation.web.page_frame import FRAME_POLICY

_TOKEN_BYTES = 32
_READS = {"GET", "HEAD"}
_HOSTS = ("127.0.0.1", "localhost")
_JUDGED = ("host", "origin", "sec-fetch-site", "content-type", "cookie")
_COMMON = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Guard:
    """Judge requests to the application at one port."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(_TOKEN_BYTES), repr=False)

    @property
    def cookie(self) -> str:
        """Name of the cookie that holds the token: ports share their cookies."""
        return f"bench-label-{self.port}"

    def address_of(self, path: str = "/") -> str:
        """Write the address of a page of the application, with the token for the first visit."""
        return f"http://{_HOSTS[0]}:{self.port}{path}?token={self.token}"

    def refusal(self, request: Request) -> Response | None:
        """Answer a request that is refused; None if it is not."""
        headers = request.headers
        if any(len(headers.getlist(name)) > 1 for name in _JUDGED):
            return PlainTextResponse("a header that must come once came twice", 400)
        host = headers.get("host", "")
        if host not in {f"{name}:{self.port}" for name in _HOSTS}:
            return PlainTextResponse(
                "this application answers at 127.0.0.1 and localhost only", 421
            )
        if request.scope["path"].startswith("/pick/") and request.method == "GET":
            return None  # from the frame, which has no origin and no cookies; its key is judged
        if refusal := _refusal_of_origin(request, f"http://{host}"):
            return refusal
        if not self.knows(request.cookies.get(self.cookie)) and not self.is_first_visit(request):
            return PlainTextResponse(
                "open the address that 'bench label edit' printed when it started", 403
            )
        return None

    def is_first_visit(self, request: Request) -> bool:
        """Find out whether the address brings the token, which is then put into a cookie."""
        return request.method == "GET" and self.knows(request.query_params.get("token"))

    def knows(self, token: str | None) -> bool:
        """Compare a token with that of the session, in constant time."""
        return token is not None and secrets.compare_digest(token.encode(), self.token.encode())

    def policies(self, path: str, host: str) -> dict[str, str]:
        """Write the headers that say what the browser lets a response's document do."""
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


def _refusal_of_origin(request: Request, origin: str) -> Response | None:
    """Answer a request that cannot be one of the application's own; None if it can."""
    headers, reads = request.headers, request.method in _READS
    site = headers.get("sec-fetch-site", "same-origin")
    visited = site == "none" and reads  # typed, or opened from elsewhere than a page
    if headers.get("origin", origin) != origin or not (site == "same-origin" or visited):
        return PlainTextResponse("requests from other sites are not answered", 403)
    if not reads and "origin" not in headers:
        return PlainTextResponse("a change must say where it comes from", 403)
    content_type = headers.get("content-type", "").split(";")[0].strip().lower()
    if not reads and content_type != "application/json":
        return PlainTextResponse("a change must be JSON", 415)
    return None


class Guarded:
    """An application behind its guard; policies go with every response."""

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self._app = app
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge a request, and let it in or answer it here."""
        if scope["type"] != "http":
            return  # web sockets are not answered, and nothing is to be done at the start
        request = Request(scope)
        policies = self._guard.policies(scope["path"], request.headers.get("host", ""))

        async def send_with_policies(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(policies)
            await send(message)

        response: ASGIApp | None = self._guard.refusal(request)
        if response is None and self._guard.is_first_visit(request):
            redirect = RedirectResponse(scope["path"], 303)
            redirect.set_cookie(
                self._guard.cookie, self._guard.token, httponly=True, samesite="strict"
            )
            response = redirect
        await (response or self._app)(scope, receive, send_with_policies)
