"""The kit runs where only what Windows, macOS and Linux have in common is there.

No such machine is at hand. A ``sitecustomize`` module, which each Python process loads as it starts,
takes away from the kit's own modules, and from no others, what Windows lacks: modules, names in
`os`, `signal` and others, every way but one of starting processes, and ``/proc``.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus import Page
from labels import LabelledPage, codes, write_dataset

ROOT = Path(__file__).parent.parent
PACKAGES = ("corpus", "labels", "baselines", "bench")

SITECUSTOMIZE = '''
import builtins, io, multiprocessing.context, sys, types

PACKAGES = {"corpus", "labels", "baselines", "bench"}
MODULES = set("crypt curses fcntl grp nis ossaudiodev posix pty pwd readline resource spwd syslog termios tty".split())
NAMES = {
    "os": """chown chroot confstr ctermid EX_OK fchdir fchmod fchown fork forkpty getegid geteuid getgid
        getgroups getloadavg getpgid getpgrp getpriority getsid getuid initgroups killpg lchown lockf
        major minor mkfifo mknod nice O_CLOEXEC O_DIRECTORY O_NOCTTY O_NOFOLLOW O_NONBLOCK O_SYNC
        openpty pathconf pipe2 posix_fadvise posix_fallocate posix_spawn pread preadv pwrite pwritev
        readv register_at_fork sched_getaffinity sched_setaffinity sched_yield sendfile setegid
        seteuid setgid setgroups setpgid setpriority setsid setuid statvfs sync sysconf tcgetpgrp
        ttyname uname wait wait3 wait4 waitid WNOHANG writev""",
    "signal": """alarm getitimer ITIMER_REAL pause pthread_kill pthread_sigmask setitimer SIG_BLOCK
        SIGALRM SIGBUS SIGCHLD SIGCONT SIGHUP SIGIO siginterrupt SIGKILL sigpending SIGPIPE SIGPROF
        SIGQUIT SIGSTOP SIGTSTP SIGUSR1 SIGUSR2 sigwait SIGXCPU SIGXFSZ""",
    "socket": "AF_UNIX MSG_DONTWAIT SO_REUSEPORT",
    "time": "clock_gettime CLOCK_MONOTONIC pthread_getcpuclockid tzset",
}
VALUES = {"os": {"name": "nt"}, "sys": {"platform": "win32"}}

def is_ours(name):
    return (name or "").split(".")[0] in PACKAGES

class View(types.ModuleType):
    """A module without what Windows lacks in it."""

    def __init__(self, module):
        super().__init__(module.__name__)
        self.__dict__["_module"] = module

    def __getattr__(self, name):
        module = self.__dict__["_module"]
        if name in NAMES.get(module.__name__, "").split():
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r} on Windows")
        return VALUES.get(module.__name__, {}).get(name, getattr(module, name))

    def __setattr__(self, name, value):
        setattr(self.__dict__["_module"], name, value)

views = {}
import_ = builtins.__import__

def import_as_on_windows(name, globals=None, locals=None, fromlist=(), level=0):
    module = import_(name, globals, locals, fromlist, level)
    if not is_ours((globals or {}).get("__name__")):
        return module
    if name.split(".")[0] in MODULES:
        raise ModuleNotFoundError(f"No module named {name!r} on Windows", name=name)
    if name in NAMES or name in VALUES:
        return views.setdefault(name, View(module))
    return module

builtins.__import__ = import_as_on_windows

open_ = io.open

def open_as_on_windows(file, *arguments, **options):
    frame = sys._getframe(1)
    if str(file).startswith("/proc/"):
        callers = [frame := frame.f_back for _ in range(3) if frame.f_back]
        if any(is_ours(frame.f_globals.get("__name__")) for frame in callers):
            raise FileNotFoundError(2, "No such file or directory", file)
    return open_(file, *arguments, **options)

io.open = open_as_on_windows

contexts = multiprocessing.context._concrete_contexts
for name in {*contexts} - {"spawn"}:
    del contexts[name]
multiprocessing.context._default_context._default_context = contexts["spawn"]
'''


@pytest.fixture
def run(tmp_path):
    """Runs Python as on Windows, in a folder with a dataset and a corpus."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(SITECUSTOMIZE, encoding="utf-8")
    outer = os.environ.get("PYTHONPATH", "")
    path = os.pathsep.join([str(tmp_path / "site"), str(ROOT), outer])

    def run_(*arguments):
        return subprocess.run(
            [sys.executable, *map(str, arguments)], cwd=tmp_path, env=os.environ | {"PYTHONPATH": path},
            capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip

    return run_


@pytest.mark.parametrize(
    "statement",
    ["import fcntl", "from resource import getrlimit", "import os; os.fork", "from signal import SIGKILL",
     "import multiprocessing as m; m.get_context('fork')", "from pathlib import Path; Path('/proc/self/stat').read_text()"],
)  # fmt: skip
def test_what_windows_lacks_is_missing_for_the_kit_alone(run, statement):
    ours = f"exec({statement!r}, {{'__name__': 'corpus.files'}})"
    assert run("-c", ours).returncode == 1, statement
    if "fork'" not in statement:
        assert run("-c", statement).returncode == 0, statement


def test_every_module_can_be_imported(run):
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.name != "__main__.py"
    ]
    code = f"import importlib\nfor name in {names!r}: importlib.import_module(name)"
    done = run("-c", code)
    assert done.returncode == 0, done.stderr


def test_pages_are_run_scored_and_labelled(run, tmp_path):
    texts = ["Home", "The ferry to the island runs again from Monday.", "All rights reserved."]
    page = Page(
        "a-1", "".join(f"<p>{text}</p>" for text in texts).encode(), "html", site="a.example"
    )
    labelled = LabelledPage(page, texts, codes(["navigation", "body", "legal"]))
    write_dataset(
        tmp_path / "small", [labelled], name="small", licence="CC0-1.0", description="One."
    )
    (tmp_path / "page.html").write_bytes(page.raw)
    for command, printed in {
        "run keep-all logreg -d small -o runs": "keep-all",
        "run keep-all -d small -o runs": "the memory limit is not enforced on this platform\n",
        "score runs/keep-all.jsonl runs/logreg.jsonl": "line F1",
        "extract logreg page.html --format jsonl": "The ferry",
        "label check": "0 problems",
    }.items():
        done = run("-m", "bench", *command.split())
        assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
        assert printed in done.stdout + done.stderr
    rows = (tmp_path / "runs" / "keep-all.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(row).get("status", "ok") for row in rows[1:]] == ["ok"]
