"""Records are read in other processes; see tests/corpus/test_workers.py for what can befall these."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from labels.datasets import importing
from labels.datasets.importers._records import ImportedPage, SourceRecord
from labels.datasets.importing import read_all

# An importer whose records say what becomes of the process that reads them.
IMPORTER = """
import os, time
from corpus import DataError, Page
from labels import LabelledPage, codes

LICENCE = "MIT"
LABELLED = LabelledPage(Page("a", b"The ferry", "text"), ["The ferry"], codes(["body"]))

def read(record):
    match record.name.split():
        case ["exit", code]: os._exit(int(code))
        case ["hang"]:
            while True: pass
        case ["sleep", seconds]: time.sleep(float(seconds))
        case ["fail"]: raise AssertionError("two\\n lines\\ud83d")
        case ["memory"]: raise MemoryError
        case ["refuse"]: raise DataError("files/x: is torn")
        case ["break"]: return Broken()
        case ["leave"]: raise SystemExit(1)
        case ["odd"]: return (letter for letter in record.name)
        case ["pid", path]: open(path, "w").write(str(os.getpid())); time.sleep(60)
    return LABELLED
"""


@pytest.fixture(autouse=True)
def importer(tmp_path, monkeypatch):
    (tmp_path / "test_importer.py").write_text(IMPORTER)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("test_importer", None)


def outcomes(names, jobs=2):
    """For each record 'page', or why there is none."""
    records = [SourceRecord(name, f"files/{name}") for name in names]
    return [
        "page" if isinstance(outcome, ImportedPage) else outcome
        for outcome in read_all("test_importer", records, jobs)
    ]


@pytest.mark.parametrize("jobs", [1, 3])
def test_records_come_back_in_their_order_whichever_is_ready_first(jobs):
    names = ["sleep 0.2", "refuse", "sleep 0.1", "fine", "refuse", "fine"]
    torn = ("files/x", "is torn")
    assert outcomes(names, jobs) == ["page", torn, "page", "page", torn, "page"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("exit 3", "reading it ended the process (exit code 3)"),
        ("fail", "reading it failed (AssertionError: two lines)"),
        ("memory", "reading it failed (MemoryError)"),
        ("leave", "reading it failed (SystemExit: 1)"),
        ("break", "reading it failed (NameError: name 'Broken' is not defined)"),
        ("odd", "reading it failed (AttributeError: 'generator' object has no attribute 'page')"),
    ],
)
def test_a_record_that_breaks_its_process_is_lost_alone_and_reported_with_its_place(name, reason):
    assert outcomes(["fine", name, "fine", "fine"]) == [
        "page",
        (f"files/{name}", reason),
        "page",
        "page",
    ]


def test_a_record_that_hangs_is_given_up_after_the_time_limit(monkeypatch):
    monkeypatch.setattr(importing, "TIME_LIMIT", 0.5)
    assert outcomes(["fine", "hang", "fine"], 1) == [
        "page",
        ("files/hang", "reading it took longer than 0.5 s"),
        "page",
    ]


def test_source_and_licence_are_those_of_the_importer():
    (outcome,) = read_all("test_importer", [SourceRecord("fine", "files/fine")], 1)
    page = outcome.labelled.page
    assert (page.source, page.licence) == ("test_importer", "MIT")


def test_no_process_remains_when_no_more_records_are_wanted(tmp_path):
    file = tmp_path / "pid"
    names = [*["fine"] * importing._TOGETHER, f"pid {file}"]
    reading = read_all("test_importer", [SourceRecord(name, name) for name in names], 1)
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
        from labels.datasets.importers._records import SourceRecord
        from labels.datasets.importing import read_all
        records = [SourceRecord(name, name) for name in ("x", "pid {file}")]
        pages = (outcome.labelled for outcome in read_all("test_importer", records, 1))
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
    _, stderr = process.communicate(timeout=10)
    assert b"KeyboardInterrupt" in stderr
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)
    assert not out.exists()
    assert not list(tmp_path.glob(".out*"))
