"""Whatever happens to a process costs one item; the users of `corpus.workers` rely on it."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

import pytest

from corpus import workers as module
from corpus.workers import Failure, Workers, describe, enforced_limits, limited_memory

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
LINUX = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")

# A function whose items say what becomes of the process in which it is called.
SOURCE = r"""
import ctypes, faulthandler, os, re, signal, threading, time
from corpus.workers import limited_memory

def call(item):
    match item.split():
        case ["exit", code]: os._exit(int(code))
        case ["kill"]: os.kill(os.getpid(), signal.SIGKILL)
        case ["segfault"]: faulthandler.disable(); ctypes.string_at(0)
        case ["hang"]:
            while True: pass
        case ["hang", "in", "C"]: re.fullmatch("(a+)+b", "a" * 60)
        case ["sleep", seconds]: time.sleep(float(seconds))
        case ["allocate", mebibytes]:
            with limited_memory(200):
                return str(len(bytearray(int(mebibytes) * 2**20)))
        case ["fail"]: raise AssertionError("two\n lines\ud83d")
        case ["time", "out"]: raise TimeoutError("its own")
        case ["leave"]: raise SystemExit("goodbye")
        case ["generator"]: return (letter for letter in item)
        case ["break"]: return Broken()
        case ["later"]: threading.Timer(0.2, os._exit, (9,)).start()
        case ["nothing"]: return None
        case ["handler"]: return signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        case ["pid", path]: open(path, "w").write(str(os.getpid())); time.sleep(60)
    return item.upper()

class Broken:
    def __reduce__(self): return getattr, (dict, "no_such_name")

def load(): return call
def load_what_is_missing(): import there_is_no_such_module
def load_and_leave(): raise SystemExit("not today")
def load_and_exit(): os._exit(3)
def load_and_hang(): time.sleep(600)
def load_slowly(): time.sleep(0.7); return call
"""

TROUBLE = {
    "exit 3": Failure("crash", "ProcessExpired: Abnormal termination", 3),
    "kill": Failure("crash", "ProcessExpired: Abnormal termination", -9),
    "segfault": Failure("crash", "ProcessExpired: Abnormal termination", -11),
    "fail": Failure("error", "AssertionError: two lines"),
    "time out": Failure("error", "TimeoutError: its own"),
    "leave": Failure("error", "SystemExit: goodbye"),
    "break": Failure("broken", "it broke all processes"),
}


@pytest.fixture
def loader(tmp_path, monkeypatch):
    """The loaders of a module that the processes can import."""
    (tmp_path / "troubled.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    yield lambda name="load": getattr(__import__("troubled"), name)
    sys.modules.pop("troubled", None)


@pytest.fixture(params=[None, "spawn"])
def start_method(request):
    return request.param


def mapped(loader, items, *, jobs=2, seconds=20, together=1, start_method=None):
    with Workers(loader, jobs=jobs, start_method=start_method) as workers:
        tasks = list(workers.map(items, seconds=seconds, together=together))
    assert [task.item for task in tasks] == items
    return [task.outcome for task in tasks]


def received(workers):
    """Items and outcomes in the order of completion, until nothing is waited for."""
    while workers.is_busy:
        yield from ((task.item, task.outcome) for task in workers.receive())


@POSIX
@pytest.mark.parametrize("together", [1, 3])
@pytest.mark.parametrize("jobs", [1, 2])
def test_trouble_costs_one_item_each(loader, jobs, together, start_method):
    items = [item for number, name in enumerate(TROUBLE) for item in (f"fine {number}", name)]
    outcomes = mapped(loader(), items, jobs=jobs, together=together, start_method=start_method)
    assert outcomes == [TROUBLE.get(item, item.upper()) for item in items]


@pytest.mark.parametrize("together", [1, 2])
@pytest.mark.parametrize("hang", ["hang", "hang in C", "exit 0", "sleep 600"])
def test_an_item_that_does_not_end_is_stopped(loader, hang, together):
    start = time.monotonic()
    outcomes = mapped(loader(), ["fine", hang, "fine"], jobs=1, seconds=0.5, together=together)
    assert time.monotonic() - start < 60
    assert outcomes == [
        "FINE",
        Failure("timeout", "TimeoutError: [Errno Task timeout] 0.5"),
        "FINE",
    ]


def test_a_hang_inside_c_need_not_come_back_to_python_to_end(loader, start_method):
    assert mapped(loader(), ["handler"], start_method=start_method) == [True]


def test_what_cannot_be_sent_back_is_an_error(loader):
    one, failure, two = mapped(loader(), ["fine", "generator", "fine"], together=3)
    assert (one, two) == ("FINE", "FINE")
    assert failure.kind == "error"
    assert failure.error.startswith("TypeError: cannot pickle")


def test_none_is_a_result(loader):
    assert mapped(loader(), ["nothing", "fine"]) == [None, "FINE"]


@LINUX
def test_memory_is_limited_beyond_what_the_process_holds(loader):
    assert "memory" in enforced_limits()
    items = ["allocate 100", "allocate 300", "fine", "allocate 100"]
    enough = str(100 * 2**20)
    failure = Failure("error", "MemoryError")
    assert mapped(loader(), items, jobs=1) == [enough, failure, "FINE", enough]


@LINUX
def test_the_limit_of_memory_is_taken_back():
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(MemoryError), limited_memory(100):  # noqa: PT012 - what is tested
        assert resource.getrlimit(resource.RLIMIT_AS) != before
        bytearray(2**34)
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_where_the_limit_of_memory_is_not_enforced_that_is_stated(monkeypatch):
    assert "time" in enforced_limits()
    monkeypatch.setitem(sys.modules, "resource", None)
    assert enforced_limits() == {"time"}
    with limited_memory(0):
        assert len(bytearray(2**20)) == 2**20


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("together", [1, 2])
def test_outcomes_come_in_the_order_of_the_items_whichever_is_done_first(loader, jobs, together):
    items = ["sleep 0.2", "fail", "sleep 0.1", "fine", "fail", "fine"]
    outcomes = mapped(loader(), items, jobs=jobs, together=together)
    assert outcomes == [TROUBLE.get(item, item.upper()) for item in items]


def test_outcomes_can_be_received_in_the_order_of_completion(loader):
    with Workers(loader(), jobs=2) as workers:
        for item in ("sleep 2", "a", "b"):
            workers.send(item, seconds=20)
        items = [item for item, _ in received(workers)]
        assert (set(items), items[-1]) == ({"a", "b", "sleep 2"}, "sleep 2")
        assert not workers.is_busy


def test_each_item_may_have_a_limit_of_its_own(loader):
    with Workers(loader(), jobs=1) as workers:
        workers.send("sleep 1", seconds=20)
        workers.send("sleep 2", seconds=0.5)
        outcomes = dict(received(workers))
    assert outcomes["sleep 1"] == "SLEEP 1"
    assert outcomes["sleep 2"].kind == "timeout"


@pytest.mark.parametrize("together", [1, 4])
def test_few_items_are_in_memory_at_a_time(loader, together):
    drawn = []
    items = (drawn.append(row) or "fine" for row in range(100))
    most = 0
    with Workers(loader(), jobs=2) as workers:
        for done, _ in enumerate(workers.map(items, seconds=20, together=together), start=1):
            most = max(most, len(drawn) - done)
    assert len(drawn) == 100
    assert most < 2 * module._IN_FLIGHT * together


def test_a_process_that_dies_between_two_items_costs_none(loader):
    def stream():
        yield "later"
        time.sleep(1)
        yield from ("fine 1", "fine 2")

    with Workers(loader(), jobs=1) as workers:
        outcomes = [task.outcome for task in workers.map(stream(), seconds=20)]
    assert outcomes == ["LATER", "FINE 1", "FINE 2"]


@pytest.mark.parametrize("together", [1, 2])
def test_processes_that_break_under_many_items_cost_none(loader, together):
    def stream():
        yield from (f"sleep 0.{number}" for number in (4, 5, 6))
        workers._pool._pool_manager.handle_broken_pool(BrokenProcessPool("for the test"))
        yield "fine"

    with Workers(loader(), jobs=2) as workers:
        tasks = workers.map(stream(), seconds=20, together=together)
        outcomes = [task.outcome for task in tasks]
    assert outcomes == ["SLEEP 0.4", "SLEEP 0.5", "SLEEP 0.6", "FINE"]


def test_processes_that_say_nothing_any_more_are_given_up(loader, monkeypatch):
    monkeypatch.setattr(module, "_GRACE", 0.5)
    monkeypatch.setattr(module, "LOADING_LIMIT", 5.0)
    with Workers(loader(), jobs=2) as workers:
        workers.send("fine 1", seconds=0.5)
        assert list(received(workers)) == [("fine 1", "FINE 1")]
        monkeypatch.setattr(module, "LOADING_LIMIT", 0.5)
        monkeypatch.setattr(workers._pool._pool_manager, "schedule", lambda task: None)
        workers.send("fine 2", seconds=0.5)
        monkeypatch.setattr(module, "LOADING_LIMIT", 5.0)
        assert list(received(workers)) == [("fine 2", "FINE 2")]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("load_what_is_missing", "ModuleNotFoundError: No module named 'there_is_no_such_module'"),
        ("load_and_leave", "SystemExit: not today"),
        ("load_and_exit", "BrokenProcessPool"),
    ],
)
def test_what_cannot_be_loaded_gives_every_item_the_reason(loader, name, reason, start_method):
    start = time.monotonic()
    items = [str(number) for number in range(50)]
    outcomes = mapped(loader(name), items, together=4, start_method=start_method)
    assert time.monotonic() - start < 60
    assert {outcome.kind for outcome in outcomes} == {"unloaded"}
    assert all(outcome.error.startswith(reason) for outcome in outcomes)


def test_loading_that_hangs_ends(loader, monkeypatch):
    monkeypatch.setattr(module, "LOADING_LIMIT", 0.7)
    outcomes = mapped(loader("load_and_hang"), ["a", "b"])
    assert outcomes == [Failure("unloaded", "TimeoutError; it may take 0.7 s")] * 2


def test_the_next_loader_is_used_where_one_breaks_the_processes(loader):
    with Workers(loader("load_and_exit"), loader(), jobs=2) as workers:
        tasks = list(workers.map(["fine", "exit 3", "fine"], seconds=20))
    assert [task.outcome for task in tasks] == ["FINE", TROUBLE["exit 3"], "FINE"]


def test_slow_loading_counts_for_no_item(loader):
    assert mapped(loader("load_slowly"), ["fine", "exit 3", "fine"], jobs=1, seconds=0.5) == [
        "FINE",
        TROUBLE["exit 3"],
        "FINE",
    ]


def test_nothing_is_started_for_no_items(loader):
    with Workers(loader(), jobs=2) as workers:
        assert list(workers.map([], seconds=20)) == []
        assert workers._pool is None


@POSIX
def test_no_process_is_left_behind(loader, tmp_path):
    file = tmp_path / "pid"
    with Workers(loader(), jobs=2) as workers:
        workers.send(f"pid {file}", seconds=600)
        while not (file.exists() and file.read_text()):
            time.sleep(0.01)
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)


@POSIX
def test_an_interrupt_ends_all_processes(loader, tmp_path, start_method):
    loader()
    file, script = tmp_path / "pid", tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(f"""
            import signal, sys; sys.path.insert(0, {str(tmp_path)!r})
            from corpus.workers import Workers
            from troubled import load
            if __name__ == "__main__":
                signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background
                with Workers(load, jobs=1, start_method={start_method!r}) as workers:
                    for item in workers.map(["fine", "pid {file}"], seconds=600):
                        print(item)
        """)
    )
    process = subprocess.Popen(
        [sys.executable, str(script)], stderr=subprocess.PIPE, start_new_session=True
    )
    while not (file.exists() and file.read_text()):
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, stderr = process.communicate(timeout=10)
    assert stderr.count(b"Traceback") == 1
    assert b"KeyboardInterrupt" in stderr
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)


def test_an_error_is_described_in_one_line():
    class UnspeakableError(Exception):
        def __str__(self):
            raise ValueError

    assert describe(RuntimeError("no\n  luck \ud800 today")) == "RuntimeError: no luck today"
    assert describe(UnspeakableError()) == "UnspeakableError"
    assert describe(ValueError()) == "ValueError"
    assert len(describe(ValueError("x" * 999))) == 500


def test_a_loader_may_have_arguments(loader):
    getter = partial(getattr, loader("load"), "__call__")  # a picklable loader made of another
    with Workers(getter, jobs=1) as workers:
        (task,) = workers.map([()], seconds=20)
    assert isinstance(task.outcome, Failure)
