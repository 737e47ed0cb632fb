import re
import sys
import time

from bench.cli.progress import Progress


def pretend_a_terminal(monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")


def shown(capsys):
    """What stood on standard error, drawing by drawing, without control sequences."""
    plain = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", capsys.readouterr().err)
    return [line.strip() for line in re.split(r"[\r\n]+", plain) if line.strip()]


def test_elsewhere_than_in_a_terminal_each_thing_done_is_a_line(capsys):
    with Progress() as progress:
        for done in range(1_001):
            progress.update("keep-all", done, 1_000)
        progress.update("logreg", 3, 30)
        progress.update("wcxb", 1_000, None)
        progress.update("wcxb", 2_000, 2_000)
    assert capsys.readouterr().err == "keep-all: 1,000 in 0 s\nwcxb: 2,000 in 0 s\n"


def test_in_a_terminal_a_bar_has_rate_and_time_left(capsys, monkeypatch):
    pretend_a_terminal(monkeypatch)
    with Progress() as progress:
        for done in range(0, 1_200, 300):
            progress.update("wcxb [/dev]", done, 1_500)
            time.sleep(0.1)
    lines = shown(capsys)
    assert re.fullmatch(r"wcxb \[/dev\]: 900 of 1,500 ━+[╸╺]?━* [\d,.]+/s \d:\d\d:\d\d", lines[-1])
    assert "in 0 s" not in lines[-1]


def test_a_bar_vanishes_for_a_line_when_the_work_is_done(capsys, monkeypatch):
    pretend_a_terminal(monkeypatch)
    with Progress() as progress:
        progress.update("wcxb", 1_000, None)
        progress.update("wcxb", 2_000, 2_000)
        sys.stderr.write("a remark\n")
        progress.update("next", 1, 2)
    raw = capsys.readouterr().err
    assert "wcxb: 1,000 " in raw
    assert "\x1b[2Kwcxb: 2,000 in 0 s\na remark\n" in raw
    assert raw.endswith("\x1b[2K")  # nothing remains of what was given up
