"""Public datasets, a browser, and skips that nobody overlooks."""

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "shared" / "data"
NEEDS_DATA = "needs ../shared/data/"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
NEEDS_BROWSER = "needs a browser: Google Chrome, or apt-get install chromium fonts-nanum"


def pytest_runtest_setup(item):
    for mark in item.iter_markers("data"):
        (name,) = mark.args
        if not (DATA / name).exists():
            pytest.skip(f"{NEEDS_DATA}{name}")


@pytest.fixture
def data_folder(request):
    """The folder that the test's mark names: ``@pytest.mark.data("wcxb")``."""
    return DATA / request.node.get_closest_marker("data").args[0]


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright (extra dev)")
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        pytest.skip(NEEDS_BROWSER)
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


def skips(config):
    """How many tests were skipped for each reason."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", []) if reporter else []
    return Counter(report.longrepr[2].removeprefix("Skipped: ") for report in reports)


def hidden(config):
    """The skips that a continuous integration must not have: all but those for want of data."""
    if os.environ.get("CI", "").lower() not in {"1", "true"}:
        return []
    return [reason for reason in skips(config) if not reason.startswith(NEEDS_DATA)]


def pytest_sessionfinish(session):
    if session.exitstatus == pytest.ExitCode.OK and hidden(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter, config):
    """End with one line that says what was skipped and what it needs."""
    result = yield
    if counts := skips(config):
        listed = ", ".join(f"{count} ({reason})" for reason, count in counts.most_common())
        terminalreporter.line(f"Skipped tests: {listed}", yellow=True)
    if hidden(config):
        terminalreporter.line(
            "Failed: under CI no test is skipped, except where a public dataset is missing",
            red=True,
        )
    return result
