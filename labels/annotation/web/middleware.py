"""The guard at the door of the application: what `security` judges, done to requests."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from labels.annotation.web.security import LARGEST_BODY, Guard, Refusal, Request


class Guarded:
    """An application behind its guard; policies go with every answer."""

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self._app = app
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge a request, and let it in or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # web sockets are not answered
        request = _request(scope)
        policies = self._guard.policies(request.path, request.headers.get("host", ""))

        async def send_with_policies(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = [(name.encode(), value.encode()) for name, value in policies.items()]
                message = {**message, "headers": [*message.get("headers", []), *added]}
            await send(message)

        refusal = self._guard.refusal(request)
        if refusal is None and request.method not in {"GET", "HEAD"}:
            body = await _body(receive)
            if body is None:
                refusal = Refusal(413, f"a request holds no more than {LARGEST_BODY:,} bytes")
            else:
                receive = _once(body, receive)
        if refusal is not None:
            answer: Response = PlainTextResponse(refusal.reason, refusal.status)
            await answer(scope, receive, send_with_policies)
        elif self._guard.first_visit(request):
            answer = RedirectResponse(request.path, 303)
            answer.set_cookie(
                self._guard.cookie, self._guard.token, httponly=True, samesite="strict"
            )
            await answer(scope, receive, send_with_policies)
        else:
            await self._app(scope, receive, send_with_policies)


def _request(scope: Scope) -> Request:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        # Of a header that comes twice neither is believed.
        headers[name] = "twice" if name in headers else value
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", ""))
    except CookieError:
        cookies.clear()
    tokens = parse_qs(scope["query_string"].decode("latin-1")).get("token")
    return Request(
        method=scope["method"],
        path=scope["path"],
        headers=headers,
        cookies={name: morsel.value for name, morsel in cookies.items()},
        token=tokens[0] if tokens else None,
    )


async def _body(receive: Receive) -> bytes | None:
    """The whole body of a request, None if it is too long; what is too long is not kept."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def _once(body: bytes, receive: Receive) -> Receive:
    """What an application receives of a request whose body has been read."""
    told = False

    async def received() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return received
