"""The application: addresses and what answers them. What is behind them is elsewhere."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
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
from labels.annotation.drafts.resolution import Resolver, StaleError
from labels.annotation.drafts.store import ConflictError, GoldDiffersError, Store
from labels.annotation.web import requests as asked
from labels.annotation.web.middleware import Guarded
from labels.annotation.web.page_frame import frame
from labels.annotation.web.page_queue import Queue, ordered
from labels.annotation.web.responses import (
    decisions_json,
    draft_json,
    labels_css,
    page_json,
    problems_json,
    queue_json,
    resolution_json,
)
from labels.annotation.web.security import Guard

STATIC = Path(__file__).parent / "static"
_SHELL = "shell.html"
_WINDOWS = 256  # whose frames can still choose lines; older ones load their page again
_QUEUE_STEP = 8  # pages that are read anew for one answer, so that the first comes soon
_WATCH_SECONDS = 1.0


@dataclass(slots=True)
class Windows:
    """Windows that show a page, by the key of their frame: which line was chosen in it."""

    _chosen: OrderedDict[str, "asyncio.Queue[int]"] = field(default_factory=OrderedDict)

    def new(self) -> str:
        """The key of another window."""
        key = token_urlsafe(16)
        self._chosen[key] = asyncio.Queue()
        while len(self._chosen) > _WINDOWS:
            self._chosen.popitem(last=False)
        return key

    def of(self, key: str) -> "asyncio.Queue[int] | None":
        """The lines chosen in a window's frame, None if there is no such window."""
        return self._chosen.get(key)


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
    return Guarded(Starlette(routes=routes.all(), exception_handlers=_HANDLERS), guard)


class _Routes:
    def __init__(
        self, store: Store, resolver: Resolver, stopping: Callable[[], bool], order: str
    ) -> None:
        self.store = store
        self.resolver = resolver
        self.queue = Queue(store)
        self.windows = Windows()
        self.stopping = stopping
        self.order = order

    def all(self) -> list[Route | Mount]:
        read = [
            ("/", self.show("queue")),
            ("/edit/{id}", self.show("edit")),
            ("/resolve", self.show("disputes")),
            ("/resolve/{id}", self.show("resolve")),
            ("/labels.css", self.get_colours),
            ("/api/queue", self.get_queue),
            ("/api/page/{id}", self.get_page),
            ("/api/disputes", self.get_disputes),
            ("/api/resolve/{id}", self.get_resolution),
            ("/events/{key}", self.events),
            ("/frame/{key}/{id}", self.get_frame),
            ("/pick/{key}/{line:int}", self.pick),
        ]
        write = [
            ("/api/page/{id}/change", self.change),
            ("/api/page/{id}/check", self.check),
            ("/api/page/{id}/accept", self.accept),
            ("/api/resolve/{id}/decide", self.decide),
            ("/api/resolve/{id}/accept", self.accept_resolution),
        ]
        return [
            *(Route(path, answer, methods=["GET"]) for path, answer in read),
            *(Route(path, answer, methods=["POST"]) for path, answer in write),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]

    def show(self, view: str) -> Callable[[Request], Awaitable[Response]]:
        """The answer of an address that people visit: a shell that a module fills."""

        async def shell(request: Request) -> Response:
            page_id = request.path_params.get("id", "")
            if page_id:
                await run_in_threadpool(self.store.page, page_id)
            values = {
                "view": view,
                "id": page_id,
                "annotator": self.store.annotator,
                "corpus": self.store.folders.name,
                "order": self.order,
            }
            template = Template((STATIC / _SHELL).read_text(encoding="utf-8"))
            return HTMLResponse(template.substitute({k: escape(v) for k, v in values.items()}))

        return shell

    async def get_colours(self, _: Request) -> Response:
        return Response(labels_css(), media_type="text/css")

    async def get_queue(self, request: Request) -> Response:
        order = asked.order(request.query_params.get("order", self.order))

        def answer() -> dict[str, Any]:
            summaries = self.queue.summaries(_QUEUE_STEP)
            known = ordered([one for one in summaries if one is not None], order)
            return queue_json(self.store, [*known, *(one for one in summaries if one is None)])

        return JSONResponse(await run_in_threadpool(answer))

    async def get_page(self, request: Request) -> Response:
        page_id = request.path_params["id"]
        values = await run_in_threadpool(page_json, self.store, page_id)
        return JSONResponse(values | {"window": self.windows.new()})

    async def change(self, request: Request) -> Response:
        operation = asked.operation(await asked.values_of(request))
        opened = await run_in_threadpool(self.store.change, request.path_params["id"], operation)
        return JSONResponse(draft_json(opened))

    async def check(self, request: Request) -> Response:
        page_id = request.path_params["id"]

        def answer() -> dict[str, Any]:
            opened = self.store.open(page_id)
            lines, proposals = self.store.lines(page_id), self.store.proposals(page_id)
            draft = opened.draft
            findings = open_findings(self.store.folders, page_id, lines, draft.labels)
            problems = problems_json(draft, proposals.uncertain, findings)
            return {"version": opened.version, "problems": problems}

        return JSONResponse(await run_in_threadpool(answer))

    async def accept(self, request: Request) -> Response:
        values = await asked.values_of(request)
        version, gold = asked.text(values, "version"), asked.optional(values, "gold")
        page_id = request.path_params["id"]
        accepted = await run_in_threadpool(self.store.accept, page_id, version, gold=gold)
        return JSONResponse(draft_json(accepted))

    async def get_disputes(self, _: Request) -> Response:
        found = await run_in_threadpool(self.resolver.disputes)
        names = ("id", "annotators", "disputed", "open")
        rows = [dict(zip(names, row, strict=True)) for row in found]
        return JSONResponse({"corpus": self.store.folders.name, "pages": rows})

    async def get_resolution(self, request: Request) -> Response:
        def answer() -> dict[str, Any]:
            opened = self.resolver.open(request.path_params["id"])
            return resolution_json(self.resolver, opened)

        return JSONResponse(await run_in_threadpool(answer) | {"window": self.windows.new()})

    async def decide(self, request: Request) -> Response:
        values = await asked.values_of(request)
        label, version = asked.label(values), asked.text(values, "version")
        lines = asked.numbers(values, "lines")
        page_id = request.path_params["id"]
        resolution = await run_in_threadpool(self.resolver.decide, page_id, version, lines, label)
        return JSONResponse(decisions_json(resolution))

    async def accept_resolution(self, request: Request) -> Response:
        values = await asked.values_of(request)
        version, gold = asked.text(values, "version"), asked.optional(values, "gold")
        page_id = request.path_params["id"]
        await run_in_threadpool(self.resolver.accept, page_id, version, gold=gold)
        return JSONResponse({"accepted": page_id})

    async def get_frame(self, request: Request) -> Response:
        key, page_id = request.path_params["key"], request.path_params["id"]
        if self.windows.of(key) is None:
            return JSONResponse({"error": "no such window; load the page again"}, 404)
        plain = request.query_params.get("look") == "plain"

        def answer() -> str:
            page, lines = self.store.page(page_id), self.store.lines(page_id)
            return frame(page, lines, f"/pick/{key}/", plain=plain)

        return HTMLResponse(await run_in_threadpool(answer))

    async def pick(self, request: Request) -> Response:
        chosen = self.windows.of(request.path_params["key"])
        if chosen is not None:
            chosen.put_nowait(request.path_params["line"])
        return Response(status_code=204)  # the frame stays where it is

    async def events(self, request: Request) -> Response:
        chosen = self.windows.of(request.path_params["key"])
        if chosen is None:
            return Response(status_code=204)  # which tells an event source to give up

        async def stream() -> AsyncIterator[str]:
            yield ": here\n\n"
            while not self.stopping():
                try:
                    line = await asyncio.wait_for(chosen.get(), _WATCH_SECONDS)
                except TimeoutError:
                    continue
                yield f"event: line\ndata: {line}\n\n"

        return StreamingResponse(stream(), media_type="text/event-stream")


async def _mistake(request: Request, error: Exception) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": str(error)}, 400)
    return HTMLResponse(f"<!doctype html><title>bench label</title><p>{escape(str(error))}", 404)


async def _conflict(_: Request, error: Exception) -> Response:
    current: dict[str, Any] = {}
    if isinstance(error, ConflictError):
        current = draft_json(error.current)
    elif isinstance(error, StaleError):
        current = decisions_json(error.current)
    return JSONResponse({"error": str(error), "conflict": "draft", "current": current}, 409)


async def _gold_differs(_: Request, error: Exception) -> Response:
    told: dict[str, Any] = {"error": str(error), "conflict": "gold"}
    if isinstance(error, GoldDiffersError):
        told |= {"gold": error.version, "lines": list(error.lines)}
    return JSONResponse(told, 409)


_HANDLERS: Mapping[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    DataError: _mistake,
    ConflictError: _conflict,
    StaleError: _conflict,
    GoldDiffersError: _gold_differs,
}
