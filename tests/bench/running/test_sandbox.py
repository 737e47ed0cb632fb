import os
import sys
import time
from contextlib import closing
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pytest

from bench.running import sandbox as module
from bench.running.sandbox import run_extractor
from corpus import Page

LINUX = pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux's /proc")

# Does what the page's id says; any other page is kept whole.
TROUBLED = r"""
import logging, os, re, signal, sys, time, warnings
import numpy as np
from bench.extractors.extractor import NotInstalledError

sys.stdout.write("chatter on import\n")

class Odd(str):
    __slots__ = ()

class Unspeakable(Exception):
    def __str__(self):
        raise ValueError

def extract(page):
    match page.id.partition("-")[0]:
        case "exits": os._exit(3)
        case "leaves": sys.exit("goodbye")
        case "segfaults": os.kill(os.getpid(), signal.SIGSEGV)
        case "hangs": re.fullmatch("(a+)+b", "a" * 60)
        case "hogs": return str(len(bytearray(2**34)))
        case "raises": raise RuntimeError("no\n  luck \ud800 today")
        case "unspeakable": raise Unspeakable
        case "misses": import there_is_no_such_module
        case "lacks": raise NotInstalledError("its language needs a package")
        case "times": raise TimeoutError("its own")
        case "number": return 42
        case "nothing": return None
        case "blank": return " \n\u3000"
        case "dirty": return "The harbour\ud800 museum\0 opens."
        case "odd": return Odd("The harbour museum opens.")
        case "kept": return np.array([True, False])
        case "none": return np.array([False, False])
        case "short": return np.array([True])
        case "ints": return np.array([1, 0])
        case "chats":
            print("chatter")
            os.write(1, b"chatter")
            os.write(2, b"chatter")
            warnings.warn("chatter")
            logging.error("chatter")
            return input() if sys.stdin is None else "read " + repr(sys.stdin.read())
        case "sleeps": time.sleep(0.4)
        case "allocates": return str(len(b"x" * (120 * 2**20)))
        case "environment": return os.environ["OMP_NUM_THREADS"] + os.environ["HF_HUB_OFFLINE"]
    return "The harbour museum opens."
"""
TEXT = "The harbour museum opens."


def page(page_id, raw=b"<p>The harbour museum opens.</p><p>Imprint and terms</p>", markup="html"):
    return Page(page_id, raw, markup)


@pytest.fixture
def rows_of(tmp_path, monkeypatch):
    """Runs the extractor in a module with this source over pages."""
    monkeypatch.syspath_prepend(tmp_path)

    def make(
        pages, source=TROUBLED, *, name="troubled", needs_html=False, jobs=1, timeout=20, memory=500
    ):
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
        return run_extractor(
            pages,
            spec=f"module:{name}",
            needs_html=needs_html,
            jobs=jobs,
            timeout=timeout,
            memory_mb=memory,
        )

    return make


@pytest.fixture
def run(rows_of):
    """Rows by the ids of their pages."""

    def make(*ids, **options):
        rows = list(rows_of(map(page, ids), **options))
        assert sorted(row.id for row in rows) == sorted(ids)
        return {row.id: row for row in rows}

    return make


@pytest.mark.parametrize("jobs", [1, 2])
def test_trouble_costs_one_page_each(run, jobs):
    trouble = {
        "exits": ("crash", "exit code 3"),
        "segfaults": ("crash", "exit code -11"),
        "hangs": ("timeout", "stopped after 1.5 s"),
        "hogs": ("memory", "MemoryError"),
        "leaves": ("error", "SystemExit: goodbye"),
        "raises": ("error", "RuntimeError: no luck today"),
        "unspeakable": ("error", "Unspeakable"),
        "misses": ("error", "ModuleNotFoundError: No module named 'there_is_no_such_module'"),
        "lacks": ("skipped", "NotInstalledError: its language needs a package"),
        "times": ("error", "TimeoutError: its own"),
        "number": ("error", "TypeError: returned int, not text, None or an array of bool"),
        "ints": ("error", "TypeError: returned ndarray, not text, None or an array of bool"),
        "short": ("error", "ValueError: returned shape (1,) for a page of 2 lines"),
        "nothing": ("empty", None),
        "blank": ("empty", None),
        "none": ("empty", None),
    }
    ids = [name for number, name in enumerate(trouble) for name in (f"fine-{number}", name)]
    rows = run(*ids, jobs=jobs, timeout=1.5)
    assert {name: (rows[name].status, rows[name].error) for name in trouble} == trouble
    for name in ids:
        if name.startswith("fine"):
            assert (rows[name].status, rows[name].text) == ("ok", TEXT), name
        if rows[name].status != "ok":
            assert (rows[name].text, rows[name].kept, rows[name].coverage) == (None, None, None)


def test_seconds_are_of_the_call_alone(run):
    rows = run("sleeps", "fine", "exits", "hangs", "raises", timeout=1)
    assert 0.4 <= rows["sleeps"].seconds < 0.9
    assert rows["fine"].seconds < 0.3
    assert rows["raises"].seconds < 0.3
    assert rows["exits"].seconds is None
    assert rows["hangs"].seconds is None


def test_a_text_is_aligned_with_the_lines(run):
    row = run("fine")["fine"]
    np.testing.assert_array_equal(row.coverage, [1, 0])
    assert row.kept is None


def test_kept_lines_are_taken_as_they_are(run):
    row = run("kept")["kept"]
    np.testing.assert_array_equal(row.kept, [True, False])
    assert (row.status, row.text, row.coverage) == ("ok", None, None)


def test_nuls_and_lone_surrogates_are_removed(run):
    assert run("dirty")["dirty"].text == TEXT


def test_a_kind_of_string_becomes_a_string(run):
    assert type(run("odd")["odd"].text) is str


def test_nothing_is_printed_and_nothing_is_read(run, capfd):
    rows = run("chats", "hogs", "exits")
    assert rows["chats"].text == "read ''"
    assert capfd.readouterr() == ("", "")


def test_workers_are_offline_with_one_thread_and_we_are_as_before(run, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    assert run("environment")["environment"].text == "11"
    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert "HF_HUB_OFFLINE" not in os.environ


@LINUX
def test_the_peak_is_the_pages_own(run):
    rows = run("fine-1", "allocates", "fine-2")
    before, peak, after = (rows[name].peak_mb for name in ("fine-1", "allocates", "fine-2"))
    assert peak - before > 100
    assert after - before < 60


@LINUX
def test_what_loading_takes_is_not_held_against_a_page(run):
    ballast = "BALLAST = bytearray(300 * 2**20)\n"
    rows = run("fine-1", "allocates", "fine-2", "fine-3", source=ballast + TROUBLED, memory=100)
    statuses = {name: row.status for name, row in rows.items()}
    assert statuses == {"fine-1": "ok", "allocates": "memory", "fine-2": "ok", "fine-3": "ok"}


def test_a_page_without_html_is_skipped_and_starts_nothing(rows_of):
    with closing(rows_of([page("fine", markup="text")], needs_html=True)) as rows:
        row = next(rows)
        assert not active_children()
    assert (row.status, row.seconds) == ("skipped", None)


def test_a_page_of_text_goes_to_who_needs_no_html(rows_of):
    (row,) = rows_of([page("fine", TEXT.encode(), "text")])
    np.testing.assert_array_equal(row.coverage, [1])


def test_a_page_that_cannot_be_split_keeps_its_text(rows_of):
    deep = page("fine", b"<div>" * 20_000 + b"x")
    (row,) = rows_of([deep])
    assert (row.status, row.text, row.coverage) == ("ok", TEXT, None)
    assert row.error.startswith("not aligned (DataError: elements are nested")


def test_an_alignment_that_hangs_keeps_the_text(rows_of, monkeypatch):
    # Lines in the opposite order: seconds of work, cut short here.
    lines = [f"word{number} word{number + 1} word{number + 2}" for number in range(20_000)]
    text = "\n".join(reversed(lines))
    source = f"def extract(page):\n    return {text!r}\n"
    monkeypatch.setattr(module, "ALIGNING_LIMIT", 0.01)
    (row,) = rows_of([page("fine", "\n".join(lines).encode(), "text")], source, name="reversing")
    assert (row.status, row.text, row.coverage) == ("ok", text, None)
    assert row.error.startswith("not aligned (TimeoutError")


def test_pages_are_taken_from_the_stream_as_they_are_needed(rows_of):
    taken = []

    def stream():
        for number in range(1000):
            taken.append(number)
            yield page(f"fine-{number}")

    with closing(rows_of(stream(), jobs=2)) as rows:
        for _ in range(5):
            next(rows)
        assert 5 <= len(taken) <= 5 + 4 * 2 + 1


def test_slow_loading_counts_for_no_page(run):
    source = "import time\ntime.sleep(1.2)\n" + TROUBLED
    rows = run("fine-1", "fine-2", source=source, timeout=1)
    assert [row.status for row in rows.values()] == ["ok", "ok"]
    assert max(row.seconds for row in rows.values()) < 0.5


def test_a_late_import_counts_for_no_page(run, tmp_path):
    (tmp_path / "slow_package.py").write_text("import time\ntime.sleep(1.2)\n")
    source = "def extract(page):\n    import slow_package\n    return 'The harbour museum opens.'\n"
    row = run("fine", source=source, name="late", timeout=1)["fine"]
    assert row.status == "ok"
    assert row.seconds < 0.5


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import there_is_no_such_module", "there_is_no_such_module"),
        ("def extract(page):\n    import there_is_no_such_module", "there_is_no_such_module"),
        ("raise SystemExit('not today')", "SystemExit: not today"),
        ("import os\nos._exit(3)", "BrokenProcessPool"),
        ("nothing = 0", "has no attribute 'extract'"),
    ],
)
def test_what_cannot_be_loaded_gives_every_page_the_reason(run, source, reason):
    start = time.monotonic()
    rows = run(*map(str, range(50)), source=source, name="unloadable", jobs=2)
    assert time.monotonic() - start < 60
    assert {row.status for row in rows.values()} == {"error"}
    assert all("cannot be loaded" in row.error for row in rows.values())
    assert all(reason in row.error for row in rows.values())


def test_what_crashes_on_every_page_crashes_and_does_load(run):
    source = "import os\ndef extract(page):\n    os._exit(3)\n"
    rows = run("a", "b", source=source, name="hopeless")
    assert [row.status for row in rows.values()] == ["crash", "crash"]


def test_leaving_early_stops_the_workers(rows_of):
    start = time.monotonic()
    with closing(rows_of(map(page, ["fine", "hangs"]), jobs=2, timeout=600)) as rows:
        assert next(rows).id == "fine"
    assert time.monotonic() - start < 60


@pytest.mark.skipif(sys.platform == "win32", reason="no process groups")
def test_warnings_turned_into_errors_are_not_the_extractors_business(run, monkeypatch):
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    assert run("chats")["chats"].status == "ok"
