"""Skipped tests are named at the end of a run, and fail it under CI."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parent / "conftest.py"
TESTS = """
import pytest

def test_that_passes():
    pass

@pytest.mark.data("wcxb")
def test_with_a_dataset(data_folder):
    assert data_folder.name == "wcxb"
"""
IN_A_BROWSER = """
def test_in_a_browser(browser):
    pass
"""


@pytest.fixture
def run(tmp_path):
    """Runs tests beside a copy of the kit's conftest, on a machine without a browser."""

    def run_(tests, *arguments, **environment):
        folder = tmp_path / "kit" / "tests"
        folder.mkdir(parents=True)
        shutil.copy(CONFTEST, folder)
        (folder / "test_some.py").write_text(tests, encoding="utf-8")
        (tmp_path / "kit" / "pytest.ini").write_text("[pytest]\nmarkers = data\n", encoding="utf-8")
        outer = {name: value for name, value in os.environ.items() if name != "CI"}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
            cwd=tmp_path / "kit", env=outer | {"PATH": str(tmp_path)} | environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, [line for line in done.stdout.splitlines() if line]

    return run_


def test_what_was_skipped_is_one_line_at_the_end(run):
    status, lines = run(TESTS + IN_A_BROWSER)
    assert status == 0
    assert lines[-2] == (
        "Skipped tests: 1 (needs ../shared/data/wcxb), "
        "1 (needs a browser: Google Chrome, or apt-get install chromium fonts-nanum)"
    )


@pytest.mark.parametrize("processes", [(), ("-n", "1")])
def test_under_ci_a_skipped_test_fails_the_run(run, processes):
    status, lines = run(TESTS + IN_A_BROWSER, *processes, CI="true")
    assert status == 1
    assert lines[-2].startswith("Failed: under CI no test is skipped")


def test_under_ci_a_missing_dataset_fails_nothing(run):
    status, lines = run(TESTS, CI="true")
    assert status == 0
    assert lines[-2] == "Skipped tests: 1 (needs ../shared/data/wcxb)"


def test_a_dataset_that_is_there_is_used(run, tmp_path):
    (tmp_path / "shared" / "data" / "wcxb").mkdir(parents=True)
    assert run(TESTS, CI="true")[0] == 0
