import os
import signal
import subprocess
import sys
import time
from collections import Counter

import numpy as np
import pytest

from bench.extractors.extractor import Extractor, kit_version
from bench.extractors.registry import find
from bench.running import read_run, runner
from bench.running.runner import machine, run
from corpus import SPLITTER_VERSION, DataError, Page
from labels import LabelledPage, open_dataset, write_dataset

SENTENCE = "The harbour museum opens on Sunday."

# Notes each page that it is given, but for the one that it is called on while it loads.
NOTING = """
import os, time
PACE = 0.06
def extract(page):
    if page.id != "first":
        with open(os.environ["NOTES"], "a") as notes:
            notes.write(page.id + "\\n")
        time.sleep(PACE)
    return "The harbour museum opens on Sunday."
"""

SCRIPT = """
import sys
from pathlib import Path
from bench.extractors.registry import Extractor
from bench.running.runner import run
from labels import open_dataset

if __name__ == "__main__":
    extractor = Extractor("noting", "noting", False, {}, "module:noting", "1")
    run(open_dataset(sys.argv[1]), [extractor], Path(sys.argv[2]), split=None, jobs=1,
        timeout=20, memory_mb=500, seed=0, progress=lambda *_: None)
"""


def labelled(number, split):
    html = f"<p>{SENTENCE}</p><p>Page {number}</p>"
    page = Page(f"page-{number}", html.encode(), "html", split=split)
    return LabelledPage(page, page.lines().texts, np.zeros(2, np.int8))


@pytest.fixture
def dataset(tmp_path):
    pages = [labelled(number, "test" if number % 2 else "dev") for number in range(10)]
    pages.append(
        LabelledPage(
            Page("page-text", SENTENCE.encode(), "text", split="dev"),
            [SENTENCE],
            np.zeros(1, np.int8),
        )
    )
    return write_dataset(
        tmp_path / "harbour", pages, name="harbour", licence="CC0-1.0", description="For a test."
    )


@pytest.fixture
def noting(tmp_path, monkeypatch):
    (tmp_path / "noting.py").write_text(NOTING)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    return Extractor("noting", "noting", False, {}, "module:noting", "1")


def start(dataset, extractors, out, **changes):
    settings = {
        "split": None,
        "jobs": 2,
        "timeout": 20,
        "memory_mb": 500,
        "seed": 3,
        "progress": lambda *_: None,
    }
    return run(dataset, extractors, out, **settings | changes)


def test_each_extractor_gets_a_file_with_every_page(dataset, tmp_path):
    out = tmp_path / "runs"
    paths = start(dataset, [find("keep-all"), find("html-text")], out)
    assert paths == [out / "keep-all.jsonl", out / "html-text.jsonl"]
    kept, text = map(read_run, paths)
    assert set(kept.rows) == set(text.rows) == {labelled.page.id for labelled in dataset.pages()}
    assert Counter(row.status for row in kept.rows.values()) == {"ok": 11}
    assert Counter(row.status for row in text.rows.values()) == {"ok": 10, "skipped": 1}
    np.testing.assert_array_equal(kept.rows["page-3"].kept, [True, True])
    np.testing.assert_array_equal(text.rows["page-3"].coverage, [1, 1])


def test_the_header_says_what_the_run_is_of(dataset, tmp_path):
    (path,) = start(dataset, [find("html-text")], tmp_path / "runs", split="test")
    header = read_run(path).header
    assert header.extractor == "html-text"
    assert header.version == find("html-text").version
    assert header.options == find("html-text").options
    assert (header.dataset, header.split) == (dataset.location, "test")
    assert header.fingerprint == dataset.manifest.fingerprint
    assert (header.splitter, header.kit, header.seed) == (SPLITTER_VERSION, kit_version(), 3)
    assert header.time.endswith("+00:00")
    assert header.out_of_fold is False


def test_the_machine_has_no_host_name(monkeypatch):
    monkeypatch.setattr("platform.node", lambda: "alices-laptop")
    assert "alices-laptop" not in machine()
    assert "Python 3" in machine()


def test_only_the_split_is_run_and_progress_is_reported(dataset, tmp_path):
    steps = []
    (path,) = start(
        dataset,
        [find("keep-all")],
        tmp_path,
        split="test",
        progress=lambda *state: steps.append(state),
    )
    assert set(read_run(path).rows) == {f"page-{number}" for number in (1, 3, 5, 7, 9)}
    assert steps == [("keep-all", done, 5) for done in range(6)]


def test_a_split_that_is_not_there_is_refused(dataset, tmp_path):
    with pytest.raises(DataError, match="no split 'final'"):
        start(dataset, [find("keep-all")], tmp_path, split="final")
    assert not (tmp_path / "keep-all.jsonl").exists()


def test_a_finished_run_is_not_run_again(dataset, noting, tmp_path):
    start(dataset, [noting], tmp_path)
    first = (tmp_path / "noting.jsonl").read_bytes()
    steps = []
    start(dataset, [noting], tmp_path, progress=lambda *state: steps.append(state))
    assert (tmp_path / "noting.jsonl").read_bytes() == first
    assert steps == [("noting", 11, 11)]
    assert Counter((tmp_path / "notes").read_text().split()).most_common(1)[0][1] == 1


def test_a_fresh_run_runs_every_page_again(dataset, noting, tmp_path):
    remarks = []
    start(dataset, [noting], tmp_path)
    (path,) = start(dataset, [noting], tmp_path, fresh=True, remark=remarks.append)
    assert len(read_run(path).rows) == 11
    assert set(Counter((tmp_path / "notes").read_text().split()).values()) == {2}
    assert remarks == []


def test_a_run_of_another_split_is_replaced_with_a_remark(dataset, tmp_path):
    remarks = []
    start(dataset, [find("keep-all")], tmp_path, split="test", remark=remarks.append)
    assert remarks == []
    (path,) = start(dataset, [find("keep-all")], tmp_path, split="dev", remark=remarks.append)
    assert len(read_run(path).rows) == 6
    assert remarks == [f"{path}: held another run, which was replaced"]


def test_a_limit_that_the_platform_does_not_enforce_is_remarked_once(
    dataset, tmp_path, monkeypatch
):
    monkeypatch.setattr(runner, "enforced_limits", lambda: {"time"})
    remarks = []
    start(dataset, [find("keep-all"), find("html-text")], tmp_path, remark=remarks.append)
    assert remarks == ["the memory limit is not enforced on this platform"]


def test_a_run_that_was_killed_goes_on_where_it_stopped(dataset, noting, tmp_path):
    script, path = tmp_path / "script.py", tmp_path / "noting.jsonl"
    script.write_text(SCRIPT)
    search = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, str(script), str(dataset.path), str(tmp_path)],
        env=os.environ | {"PYTHONPATH": search},
    )
    try:
        deadline = time.monotonic() + 20
        while not path.exists() or path.read_bytes().count(b"\n") < 4:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    time.sleep(0.5)  # the orphaned worker finishes its page and goes
    with path.open("ab") as file:
        file.write(b'{"id": "page-')
    done = {line.split(b'"')[3].decode() for line in path.read_bytes().split(b"\n")[1:-1]}
    (tmp_path / "notes").unlink()

    start(open_dataset(str(dataset.path)), [noting], tmp_path)

    assert len(done) >= 3
    assert set(read_run(path).rows) == {labelled.page.id for labelled in dataset.pages()}
    assert set((tmp_path / "notes").read_text().split()) == set(read_run(path).rows) - done
