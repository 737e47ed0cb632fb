"""Start a server on this machine with fixed responses, and let a fetch reach it."""

import ssl
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme

from corpus.acquire import addresses, fetch, http
from corpus.acquire.addresses import is_public
from corpus.acquire.addresses import resolve as look_up
from corpus.acquire.http import Limits

HERE = "127.0.0.1"
"""Stands for an address of the public internet; all others of this machine do not."""
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests.append((self.headers["Host"], self.path))
        self.server.headers.append(dict(self.headers))
        self.server.clients.append(self.client_address)
        response = self.server.pages.get(self.path, NOT_FOUND)
        with suppress(ConnectionError, ssl.SSLError):
            if callable(response):
                response(self.wfile)
            else:
                self.wfile.write(response)
        self.close_connection = True

    def log_message(self, *_):
        pass


class Web(ThreadingHTTPServer):
    """``pages`` gives for each path the bytes of an answer, or what writes them."""

    daemon_threads = True

    def __init__(self, address=HERE, port=0):
        super().__init__((address, port), _Handler)
        self.pages, self.requests, self.headers, self.clients = {}, [], [], []
        self.port = self.server_address[1]

    def at(self, path="/", host="mill.example", scheme="http"):
        return f"{scheme}://{host}:{self.port}{path}"

    def paths(self):
        return [path for _, path in self.requests]

    def handle_error(self, *_):
        pass


@pytest.fixture
def serve():
    """Starts servers, and stops them in the end."""
    running = []

    def start(address=HERE, port=0, context=None):
        web = Web(address, port)
        if context:
            web.socket = context.wrap_socket(web.socket, server_side=True)
        thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        running.append((web, thread))
        return web

    yield start
    for web, thread in running:
        web.shutdown()
        thread.join()
        web.server_close()


@pytest.fixture
def web(serve):
    return serve()


def allowed(address):
    return address == HERE or is_public(address)


LIMITS = Limits(connect=1.0, read=2.0, total=5.0, most_bytes=50_000)

NAMES = {
    "localhost": "127.0.0.2",
    "inside.example": "10.0.0.7",
    "metadata.example": "fd00:ec2::254",
}


def resolve(host, port):
    """Addresses and numbers stand for themselves; names are at `HERE`, but for some."""
    if host in NAMES or host.endswith(".example"):
        return [NAMES.get(host, HERE)]
    return look_up(host, port)


@pytest.fixture
def fetch_here(monkeypatch):
    """Fetches from the server that stands for the public internet.

    ``trust`` holds the authorities of certificates.
    """

    def fetch_with(url, *, allowed=allowed, resolve=resolve, limits=LIMITS, trust=None):
        with monkeypatch.context() as patch:
            patch.setattr(addresses, "is_public", allowed)
            patch.setattr(addresses, "resolve", resolve)
            if trust:
                patch.setattr(http, "_trusted", lambda: trust)
            return fetch(url, limits)

    return fetch_with


@pytest.fixture(scope="session")
def authority():
    return trustme.CA()


@pytest.fixture
def trust(authority):
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def certified(authority):
    """What a server shows that is called mill.example."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("mill.example").configure_cert(context)
    return context
