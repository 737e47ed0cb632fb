"""Serve the application at one port of the loopback address, until it is stopped."""

import socket
from collections.abc import Callable
from contextlib import suppress

from corpus import DataError
from labels.annotation.drafts.resolution import Resolver
from labels.annotation.drafts.store import Store

_ADDRESS = "127.0.0.1"
_SECONDS_TO_END = 3


def serve(
    store: Store,
    *,
    started: Callable[[str], None],
    path: str = "/",
    port: int = 0,
    resolver: Resolver | None = None,
    order: str = "uncertain",
) -> None:
    """Serve the application at a port (0 takes a free one) until somebody stops it.

    ``started`` is called with the address of the application's page at ``path`` when requests are
    answered; the queue begins in ``order``.

    Raises:
        DataError: if the port is taken, or what the application needs is not installed.
    """
    try:
        import starlette  # noqa: F401 - what the application imports
        import uvicorn
    except ModuleNotFoundError as error:
        raise DataError(
            f"{error.name} is not installed; labelling in a browser needs it: "
            "pip install 'boilerbench[annotate]'"
        ) from None
    from labels.annotation.web.app import application
    from labels.annotation.web.security import Guard

    with socket.socket() as listening:
        # On Windows, SO_REUSEADDR would let another program take the port over.
        option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
        listening.setsockopt(socket.SOL_SOCKET, option, 1)
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
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_SECONDS_TO_END,
        )
        server = uvicorn.Server(config)
        started(guard.address_of(path))  # connections wait from here on, and are soon answered
        with suppress(KeyboardInterrupt):  # how it is stopped
            server.run(sockets=[listening])
