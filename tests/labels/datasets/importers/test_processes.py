import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from labels.datasets.importers import _processes
from labels.datasets.importers._processes import read_all
from labels.datasets.importers._records import Reading

# An importer whose records say what becomes of the process that reads them.
IMPORTER = """
import ctypes, faulthandler, os, signal, time
from corpus import DataError, Page
from labels import LabelledPage, codes

LABELLED = LabelledPage(Page("a", b"The ferry", "text"), ["The ferry"], codes(["body"]))

def place(record):
    return f"files/{record}"

def read(record):
    match record.split():
        case ["exit", code]: os._exit(int(code))
        case ["kill"]: os.kill(os.getpid(), signal.SIGKILL)
        case ["segfault"]: faulthandler.disable(); ctypes.string_at(0)
        case ["hang"]:
            while True: pass
        case ["sleep", seconds]: time.sleep(float(seconds))
        case ["fail"]: raise AssertionError("two\\n lines\\ud83d")
        case ["memory"]: raise MemoryError
        case ["refuse"]: raise DataError("files/x: is torn")
        case ["break"]: return Broken()
        case ["leave"]: raise SystemExit(1)
        case ["odd"]: return (letter for letter in record)
        case ["pid", path]: open(path, "w").write(str(os.getpid())); time.sleep(60)
    return LABELLED

class Broken:
    def __reduce__(self): return getattr, (dict, "no_such_name")
"""


@pytest.fixture(autouse=True)
def importer(tmp_path, monkeypatch):
    (tmp_path / "test_importer.py").write_text(IMPORTER)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("test_importer", None)


def outcomes(records, jobs=2):
    """For each record 'page', or why there is none."""
    return [
        "page" if isinstance(outcome, Reading) else outcome
        for outcome in read_all("test_importer", records, jobs)
    ]


@pytest.mark.parametrize("jobs", [1, 3])
def test_records_come_back_in_their_order_whichever_is_ready_first(jobs):
    records = ["sleep 0.2", "refuse", "sleep 0.1", "fine", "refuse", "fine"]
    torn = ("files/x", "is torn")
    assert outcomes(records, jobs) == ["page", torn, "page", "page", torn, "page"]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("exit 3", "reading it ended the process (exit code 3)"),
        ("kill", "reading it ended the process (exit code -9)"),
        ("segfault", "reading it ended the process (exit code -11)"),
        ("fail", "reading it failed (AssertionError: two lines)"),
        ("memory", "reading it failed (MemoryError: )"),
        ("leave", "reading it failed (SystemExit: 1)"),
        ("odd", "reading it failed (TypeError: cannot pickle"),
    ],
)
def test_a_record_that_breaks_its_process_is_lost_alone_and_told_with_its_place(
    record, reason, jobs
):
    found = outcomes(["fine", record, "fine", "fine"], jobs)
    (place, told) = found.pop(1)
    assert place == f"files/{record}"
    assert told.startswith(reason)
    assert found == ["page", "page", "page"]


def test_a_record_that_hangs_is_given_up_after_the_time_limit(monkeypatch):
    monkeypatch.setattr(_processes, "TIME_LIMIT", 0.5)
    began = time.monotonic()
    assert outcomes(["fine", "hang", "fine"], 1) == [
        "page",
        ("files/hang", "reading it took longer than 0.5 s"),
        "page",
    ]
    assert time.monotonic() - began < 5


def test_a_record_that_breaks_the_pool_takes_none_of_the_others_with_it():
    records = ["fine", "sleep 0.1", "break", "fine", "refuse", "break", "fine"]
    broke = ("files/break", "reading it broke the pool of processes")
    assert outcomes(records) == [
        "page",
        "page",
        broke,
        "page",
        ("files/x", "is torn"),
        broke,
        "page",
    ]


def test_few_records_are_in_memory_at_a_time():
    drawn = []
    records = (drawn.append(row) or "fine" for row in range(100))
    most = 0
    for done, _ in enumerate(read_all("test_importer", records, 2), start=1):
        most = max(most, len(drawn) - done)
    assert len(drawn) == 100
    assert most < 2 * _processes._IN_FLIGHT * _processes._TOGETHER


def test_no_process_is_left_when_no_more_records_are_wanted(tmp_path):
    file = tmp_path / "pid"
    reading = read_all("test_importer", [*["fine"] * _processes._TOGETHER, f"pid {file}"], 1)
    next(reading)
    while not (file.exists() and file.read_text()):
        time.sleep(0.01)
    reading.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)


def test_an_interrupt_ends_all_processes_and_leaves_nothing_half_written(tmp_path):
    file, out = tmp_path / "pid", tmp_path / "out"
    script = f"""
        import signal, sys; sys.path.insert(0, {str(tmp_path)!r})
        signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored
        from pathlib import Path
        from labels.datasets.dataset import write_dataset
        from labels.datasets.importers._processes import read_all
        pages = (outcome.labelled for outcome in read_all("test_importer", ["x", "pid {file}"], 1))
        write_dataset(Path({str(out)!r}), pages, name="x", licence="MIT", description="x")
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while not (file.exists() and file.read_text()):
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, said = process.communicate(timeout=10)
    assert b"KeyboardInterrupt" in said
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)
    assert not out.exists()
    assert not list(tmp_path.glob(".out*"))
