import hashlib
import http.client
import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, urlsplit

import numpy as np
import pytest

from labels import Label
from labels.annotation.drafts.proposals import ProposedLabels
from labels.annotation.drafts.resolution import Resolver
from labels.annotation.drafts.store import Store
from labels.annotation.web.security import Guard
from labels.folder import Folders

HERE = Path(__file__).parent
BODY, NAVIGATION = Label.BODY.code, Label.NAVIGATION.code

KOREAN = """<!doctype html><html lang="ko"><head><title>방앗간이 다시 돈다</title>
<style>nav { background: #eee } .menu { display: flex; gap: 12px; list-style: none }</style></head><body>
<nav><ul class="menu"><li><a href="/">처음</a></li><li><a href="/n">소식</a></li><li><a href="/m">마을</a></li></ul></nav>
<main><h1>방앗간이 다시 돈다</h1><p class="by">글 이하늘 기자</p>
<p>강가의 오래된 방앗간이 네 해에 걸친 수리를 마치고 일요일에 다시 문을 열었다.</p>
<p>이제 누구나 <b>물레바퀴</b>가 도는 모습을 보며 밀가루를 빻아 볼 수 있다.</p>
<p>입장료는 없다.</p></main>
<aside><h2>많이 본 글</h2><ol><li><a href="/1">강물이 줄어든 까닭을 찾아 나선 사람들의 긴 이야기</a></li>
<li><a href="/2">새로 놓인 다리에서 본 마을의 저녁 풍경과 그 뒷이야기</a></li></ol></aside>
<footer>© 물레 신문</footer></body></html>"""


def _by_length(_page, lines):
    """Long lines are body; the nearer to twenty characters, the less certain."""
    chars = np.array([len(text) for text in lines.texts])
    return ProposedLabels(
        np.where(chars >= 20, BODY, NAVIGATION).astype(np.int8),
        np.clip(0.5 + np.abs(chars - 20) / 40, 0.5, 1.0),
    )


def _write_corpus(folder, pages):
    """A corpus of pages: (id, markup, content)."""
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    rows = []
    for page_id, markup, content in pages:
        raw = content.encode()
        suffix = {"html": ".html", "text": ".txt"}[markup]
        (folder / "pages" / f"{page_id}{suffix}").write_bytes(raw)
        rows.append(
            {"id": page_id, "markup": markup, "sha256": hashlib.sha256(raw).hexdigest(), "language": page_id[:2]}
        )  # fmt: skip
    index = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "pages" / "pages.jsonl").write_text(index, encoding="utf-8")
    return Folders.under(folder)


@pytest.fixture
def write_corpus(tmp_path):
    return partial(_write_corpus, tmp_path)


@pytest.fixture
def propose():
    return _by_length


TEXT = "Home\nThe mill was opened again on Sunday.\nIt is free.\nShare\n"


@pytest.fixture
def folders(write_corpus):
    """Two pages, of twelve lines and of four."""
    return write_corpus([("ko-1", "html", KOREAN), ("en-1", "text", TEXT)])


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A server for tests that change nothing, and its folders."""
    pages = [("ko-1", "html", KOREAN), ("en-1", "text", TEXT)]
    folders = _write_corpus(tmp_path_factory.mktemp("running"), pages)
    with _served(Store(folders, "one", _by_length)) as client:
        yield client, folders


@pytest.fixture
def store(folders, propose):
    return Store(folders, "one", propose)


@dataclass
class Client:
    """Sends requests exactly as they are written."""

    guard: Guard
    cookies: str = ""
    host: str = field(init=False)

    def __post_init__(self):
        self.host = f"127.0.0.1:{self.guard.port}"

    def send(self, method, path, body=None, **headers):
        sent = {"Host": self.host, "Cookie": self.cookies}
        if method == "POST":
            sent |= {"Origin": f"http://{self.host}", "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.guard.port, timeout=10)
        try:
            connection.putrequest(
                method, quote(path, safe="/?=&%"), skip_host=True, skip_accept_encoding=True
            )
            for name, values in sent.items():
                for value in values if isinstance(values, list) else [values]:
                    if value:
                        connection.putheader(name, value)
            data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
            if data is not None:
                connection.putheader("Content-Length", str(len(data)))
            connection.endheaders(data)
            answer = connection.getresponse()
            return SimpleNamespace(
                status=answer.status, headers=answer.headers, body=answer.read().decode()
            )
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.send("GET", path, **headers)

    def post(self, path, body, **headers):
        return self.send("POST", path, body, **headers)

    def json(self, path):
        return json.loads(self.get(path).body)


@pytest.fixture
def serve():
    return _served


@contextmanager
def _served(store, **options):
    """The application, answering at a port of its own in a thread."""
    import socket

    import uvicorn

    from labels.annotation.web.app import application

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        guard = Guard(listening.getsockname()[1])
        app = application(store, guard, stopping=lambda: server.should_exit, **options)
        server = uvicorn.Server(
            uvicorn.Config(
                app, log_level="error", lifespan="off", ws="none", timeout_graceful_shutdown=2
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Client(guard, f"{guard.cookie}={guard.token}")
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def client(store):
    with _served(store, resolver=Resolver(store)) as client:
        yield client


class Servers:
    """Servers in processes of their own, each started in a moment, to be killed at any."""

    def __init__(self, folder):
        self._parent = subprocess.Popen(
            [sys.executable, str(HERE / "many_servers.py"), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self):
        self._parent.stdin.write("start\n")
        self._parent.stdin.flush()
        pid, address = self._parent.stdout.readline().split()
        parts = urlsplit(address)
        guard = Guard(parts.port, parts.query.removeprefix("token="))
        return int(pid), Client(guard, f"{guard.cookie}={guard.token}")

    def close(self):
        self._parent.stdin.close()
        self._parent.wait(10)
        self._parent.stdout.close()


@pytest.fixture
def servers(tmp_path):
    servers = Servers(tmp_path)
    yield servers
    servers.close()


class Window:
    """A tab of the application, and what went wrong in it."""

    def __init__(self, page, base):
        self.page = page
        self.base = base
        self.errors = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, path):
        self.page.goto(self.base + path)
        self.page.wait_for_selector("body[data-ready=yes]")
        return self

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def saved(self):
        self.page.wait_for_selector("body[data-state=saved]")
        return self

    def until(self, condition):
        """Wait for something to hold; the policy of the page forbids the usual way, which is eval."""
        self.page.evaluate(
            """condition => new Promise((resolve, reject) => {
              const end = performance.now() + 15000;
              const look = () => condition() ? resolve()
                : performance.now() > end ? reject(new Error('never ' + condition)) : setTimeout(look, 10);
              look(); })""".replace("condition()", f"({condition})")
        )
        return self

    def in_full_size(self):
        """Show the page unscaled: what drives the browser cannot aim into a scaled frame."""
        while self.page.inner_text(".zoom") != "100 %":
            self.page.click(".zoom")
        return self

    @property
    def selected(self):
        return self.page.evaluate("editor.list.selection")

    @property
    def cursor(self):
        return self.page.evaluate("editor.list.cursor")

    def keys(self):
        return self.page.evaluate("editor.draft.keys.join('')")


@pytest.fixture
def context(browser):
    context = browser.new_context(viewport={"width": 1300, "height": 800})
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def visit(context):
    """Open a window of a session that has begun."""
    windows = []

    def opened(client):
        window = Window(context.new_page(), f"http://{client.host}")
        cookie = {"name": client.guard.cookie, "value": client.guard.token, "url": window.base}
        context.add_cookies([cookie | {"httpOnly": True, "sameSite": "Strict"}])
        windows.append(window)
        return window

    yield opened
    assert [window.errors for window in windows] == [[]] * len(windows)
