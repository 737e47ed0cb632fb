"""Start a server for each line of standard input, and print its process and address.

What takes time to import is imported once; each server is a fork of this process.
"""

import os
import signal
import sys
from pathlib import Path

import numpy as np
import uvicorn  # noqa: F401 - so that no server has to

import labels.annotation.web.app  # noqa: F401 - the same
from labels.annotation.drafts.proposals import ProposedLabels
from labels.annotation.drafts.store import Store
from labels.annotation.web.server import serve
from labels.folder import Folders


def nothing(_page, lines):
    """Every line is body, for certain."""
    return ProposedLabels(np.zeros(len(lines), np.int8), np.ones(len(lines)))


def run(folder):
    """Serve until killed."""
    store = Store(Folders.under(folder), "one", nothing)
    serve(
        store,
        started=lambda address: print(os.getpid(), address, flush=True),  # noqa: T201
    )


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    children = []
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            run(Path(sys.argv[1]))
            os._exit(0)
        children.append(child)
    for child in children:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue
