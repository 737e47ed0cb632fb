"""The application: its addresses, and what answers them."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from secrets import token_urlsafe
from string import Template
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from corpus import DataError
from labels.annotation.checks.check_labels import open_findings
from labels.annotation.drafts.resolution import Resolver
from labels.annotation.drafts.store import ConflictError, GoldDiffersError, OpenDraft, Store
from labels.annotation.web import requests, responses
from labels.annotation.web.page_frame import STATIC, frame
from labels.annotation.web.page_queue import Queue, ordered
from labels.annotation.web.requests import Values
from labels.annotation.web.security import Guard, Guarded

_SHELL = "shell.html"
_WINDOWS = 256  # whose frames can still choose lines; older ones load their page again
_QUEUE_STEP = 8  # pages that are read anew for one response, so that the first comes soon
_WATCH_SECONDS = 1.0

_Json = dict[str, Any]


def application(
    store: Store,
    guard: Guard,
    *,
    resolver: Resolver | None = None,
    stopping: Callable[[], bool] = lambda: False,
    order: str = "uncertain",
) -> Guarded:
    """The application for one annotator, behind its guard.

    Args:
        store: the annotator's drafts.
        guard: judges who may use it.
        resolver: for deciding between drafts.
        stopping: whether the server wants its connections to end.
        order: of the queue, to begin with.
    """
    routes = _Routes(store, resolver or Resolver(store), stopping, order)
    handlers: Any = {
        DataError: _mistake,
        ConflictError: _conflict,
        GoldDiffersError: _gold_differs,
    }
    return Guarded(Starlette(routes=routes.all(), exception_handlers=handlers), guard)


@dataclass
class _Routes:
    """What answers each address. What may take a while is no coroutine, and runs in a thread."""

    store: Store
    resolver: Resolver
    stopping: Callable[[], bool]
    order: str

    def __post_init__(self) -> None:
        self.queue = Queue(self.store)
        # Lines chosen in the frame of each window that shows a page, by a key of the window.
        self.windows: OrderedDict[str, asyncio.Queue[int]] = OrderedDict()

    def all(self) -> list[Route | Mount]:
        views = {
            "/": "queue",
            "/edit/{id}": "edit",
            "/resolve": "disputes",
            "/resolve/{id}": "resolve",
        }
        changes = {
            "/api/page/{id}/change": self.change,
            "/api/page/{id}/check": self.check,
            "/api/page/{id}/accept": self.accept,
            "/api/resolve/{id}/decide": self.decide,
            "/api/resolve/{id}/accept": self.accept_resolution,
        }
        return [
            *(Route(path, partial(self.show, view)) for path, view in views.items()),
            *(
                Route(path, partial(_answer_change, change), methods=["POST"])
                for path, change in changes.items()
            ),
            Route("/labels.css", self.get_colours),
            Route("/api/queue", self.get_queue),
            Route("/api/page/{id}", self.get_page),
            Route("/api/disputes", self.get_disputes),
            Route("/api/resolve/{id}", self.get_resolution),
            Route("/events/{key}", self.events),
            Route("/frame/{key}/{id}", self.get_frame),
            Route("/pick/{key}/{line:int}", self.pick),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]

    def new_window(self) -> str:
        """The key of another window."""
        key = token_urlsafe(16)
        self.windows[key] = asyncio.Queue()
        while len(self.windows) > _WINDOWS:
            self.windows.popitem(last=False)
        return key

    def show(self, view: str, request: Request) -> Response:
        """A page that people visit: a shell that a module fills."""
        page_id = request.path_params.get("id", "")
        if page_id:
            self.store.page(page_id)
        values = {
            "view": view,
            "id": page_id,
            "annotator": self.store.annotator,
            "corpus": self.store.folders.name,
            "order": self.order,
        }
        template = Template((STATIC / _SHELL).read_text(encoding="utf-8"))
        return HTMLResponse(template.substitute({k: escape(v) for k, v in values.items()}))

    def get_colours(self, _: Request) -> Response:
        return Response(responses.labels_css(), media_type="text/css")

    def get_queue(self, request: Request) -> Response:
        order = requests.order(request.query_params.get("order", self.order))
        pages = self.queue.statuses(_QUEUE_STEP)
        known = ordered([page for page in pages if page is not None], order)
        return JSONResponse(responses.queue_json(self.store, known, len(pages) - len(known)))

    def get_page(self, request: Request) -> Response:
        values = responses.page_json(self.store, request.path_params["id"])
        return JSONResponse(values | {"window": self.new_window()})

    def change(self, page_id: str, values: Values) -> _Json:
        version, name = requests.text(values, "version"), requests.text(values, "name")
        changed = self.store.change(page_id, version, name, requests.step(values))
        return responses.draft_json(changed)

    def check(self, page_id: str, _: Values) -> _Json:
        store, opened = self.store, self.store.open(page_id)
        labels = opened.draft.labels
        findings = open_findings(store.folders, page_id, store.lines(page_id), labels)
        uncertain = store.proposals(page_id).uncertain
        problems = responses.problems_json(opened.draft, uncertain, findings)
        return {"version": opened.version, "problems": problems}

    def accept(self, page_id: str, values: Values) -> _Json:
        version, gold = requests.text(values, "version"), requests.optional(values, "gold")
        return responses.draft_json(self.store.accept(page_id, version, gold=gold))

    def get_disputes(self, _: Request) -> Response:
        pages = [responses.dispute_json(one) for one in self.resolver.disputes()]
        return JSONResponse({"corpus": self.store.folders.name, "pages": pages})

    def get_resolution(self, request: Request) -> Response:
        opened = self.resolver.open(request.path_params["id"])
        values = responses.resolution_json(self.resolver, opened)
        return JSONResponse(values | {"window": self.new_window()})

    def decide(self, page_id: str, values: Values) -> _Json:
        label, version = requests.label(values), requests.text(values, "version")
        lines = requests.lines(values)
        return responses.decisions_json(self.resolver.decide(page_id, version, lines, label))

    def accept_resolution(self, page_id: str, values: Values) -> _Json:
        version, gold = requests.text(values, "version"), requests.optional(values, "gold")
        self.resolver.accept(page_id, version, gold=gold)
        return {"accepted": page_id}

    def get_frame(self, request: Request) -> Response:
        key, page_id = request.path_params["key"], request.path_params["id"]
        if self.windows.get(key) is None:
            return JSONResponse({"error": "no such window; load the page again"}, 404)
        plain = request.query_params.get("look") == "plain"
        page, lines = self.store.page(page_id), self.store.lines(page_id)
        return HTMLResponse(frame(page, lines, f"/pick/{key}/", plain=plain))

    async def pick(self, request: Request) -> Response:
        chosen = self.windows.get(request.path_params["key"])
        if chosen is not None:
            chosen.put_nowait(request.path_params["line"])
        return Response(status_code=204)  # the frame stays where it is

    async def events(self, request: Request) -> Response:
        chosen = self.windows.get(request.path_params["key"])
        if chosen is None:
            return Response(status_code=204)  # which makes an event source give up

        async def stream() -> AsyncIterator[str]:
            yield ": here\n\n"
            while not self.stopping():
                try:
                    line = await asyncio.wait_for(chosen.get(), _WATCH_SECONDS)
                except TimeoutError:
                    continue
                yield f"event: line\ndata: {line}\n\n"

        return StreamingResponse(stream(), media_type="text/event-stream")


async def _answer_change(change: Callable[[str, Values], _Json], request: Request) -> Response:
    values = await requests.read_values(request)
    return JSONResponse(await run_in_threadpool(change, request.path_params["id"], values))


def _mistake(request: Request, error: DataError) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": str(error)}, 400)
    return HTMLResponse(f"<!doctype html><title>bench label</title><p>{escape(str(error))}", 404)


def _conflict(_: Request, error: ConflictError) -> Response:
    is_draft = isinstance(error.current, OpenDraft)
    to_json: Any = responses.draft_json if is_draft else responses.decisions_json
    values = {"error": str(error), "conflict": "draft", "current": to_json(error.current)}
    return JSONResponse(values, 409)


def _gold_differs(_: Request, error: GoldDiffersError) -> Response:
    values = {"error": str(error), "conflict": "gold", "gold": error.version}
    return JSONResponse(values | {"lines": list(error.lines)}, 409)
