"""The server: one port of the loopback address, until it is stopped."""

import socket
from collections.abc import Callable
from contextlib import suppress

from corpus import DataError
from labels.annotation.drafts.resolution import Resolver
from labels.annotation.drafts.store import Store
from labels.annotation.web.security import Guard

_ADDRESS = "127.0.0.1"
_SECONDS_TO_END = 3


def serve(
    store: Store,
    *,
    started: Callable[[Guard], None],
    port: int = 0,
    resolver: Resolver | None = None,
    order: str = "uncertain",
) -> None:
    """Serve the application until somebody stops it.

    Args:
        store: the annotator's drafts.
        started: called when requests are answered; the guard knows the address.
        port: to listen at; 0 takes a free one.
        resolver: for deciding between drafts.
        order: of the queue, to begin with.

    Raises:
        DataError: if the port is taken.
    """
    import uvicorn

    from labels.annotation.web.app import application

    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((_ADDRESS, port))
        except OSError as error:
            raise DataError(
                f"port {port} cannot be used ({error.strerror}); choose another, or 0 for any"
            ) from None
        listening.listen()
        guard = Guard(listening.getsockname()[1])
        server: uvicorn.Server
        app = application(
            store, guard, resolver=resolver, stopping=lambda: server.should_exit, order=order
        )
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                lifespan="off",
                ws="none",
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=_SECONDS_TO_END,
            )
        )
        started(guard)  # connections wait from here on, and are answered in a moment
        with suppress(KeyboardInterrupt):  # how it is stopped
            server.run(sockets=[listening])
