import re
from html import unescape

import numpy as np
import pytest
from click.testing import CliRunner

from bench.cli import main
from bench.metrics import select_metrics
from bench.running import Run, RunHeader, RunRow, write_run
from bench.scoring.score import score
from bench.scoring.worst_pages import LineView, page_views
from corpus import Page
from labels import LabelledPage, codes, write_dataset

(LINE_F1,) = select_metrics(("line_f1",))
HOSTILE = '<script>alert(1)</script><img src=http://127.0.0.1:9/x> & "q" {{ 7 * 7 }}'


@pytest.fixture
def run(dataset):
    """Makes the run of an extractor that keeps lines; a text is a status."""

    def run_(name, kept, **header):
        about = {"dataset": dataset.location, "fingerprint": dataset.manifest.fingerprint} | header
        rows = {
            page_id: RunRow(page_id, lines) if isinstance(lines, str) else RunRow(page_id, "ok", kept=lines)
            for page_id, lines in kept.items()
        }  # fmt: skip
        return Run(RunHeader(name, **about), rows)

    return run_


@pytest.fixture
def report(tmp_path):
    """Writes runs, and the report on them; what the command printed, and the report."""

    def report_(runs, *options):
        paths = [tmp_path / "runs" / f"{run.name}.jsonl" for run in runs]
        for path, run in zip(paths, runs, strict=True):
            write_run(path, run)
        out = tmp_path / "report.html"
        arguments = ["report", *map(str, paths), "-o", str(out), *options]
        done = CliRunner().invoke(main, arguments)
        return done, out.read_text(encoding="utf-8") if out.exists() else None

    return report_


def cells(html):
    """The texts of the cells of each table row."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", html, re.DOTALL)
    return [
        [unescape(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)] for row in rows
    ]


# The views


def views(dataset, *runs, count=9):
    return page_views(score(runs, dataset, [LINE_F1]), LINE_F1, count)


def test_each_run_has_its_worst_pages_beside_the_best_run_there(dataset, run, perfect, everything):
    good = run("good", perfect | {"b-1": ~perfect["b-1"]})
    loose, none = run("loose", everything), run("none", dict.fromkeys(perfect, "crash"))
    found = views(dataset, good, loose, none)
    assert [(view.page.id, view.runs[0].loss) for view in found["good"]] == [
        ("b-1", pytest.approx(2 / 3))
    ]
    assert [(row.extractor, row.status, row.value) for row in found["good"][0].runs] == [
        ("good", "ok", 0.0),
        ("loose", "ok", pytest.approx(2 / 3)),
    ]
    assert [view.page.id for view in found["none"]] == ["a-1", "a-2", "c-1", "b-1"]
    assert [view.runs[1].extractor for view in found["none"]] == ["good", "good", "good", "loose"]
    assert {view.runs[0].status for view in found["none"]} == {"crash"}
    assert [view.page.id for view in views(dataset, good, loose, none, count=2)["none"]] == [
        "a-1",
        "a-2",
    ]


def test_a_run_alone_is_held_against_what_is_perfect(dataset, run, perfect):
    alone = views(dataset, run("alone", perfect | {"c-1": ~perfect["c-1"]}))["alone"]
    assert [(view.page.id, view.runs[0].loss, len(view.runs)) for view in alone] == [
        ("c-1", 1.0, 1)
    ]


def test_pages_that_a_run_skipped_are_not_its_own(dataset, run, perfect, everything):
    some = run("some", {"a-1": "skipped", "a-2": everything["a-2"], "b-1": perfect["b-1"]})
    found = views(dataset, some, run("all", perfect))
    assert [view.page.id for view in found["some"]] == ["a-2"]


def test_lines_that_are_wrong_are_shown_with_their_neighbours(dataset, run, perfect):
    # a-1: navigation, title, two of body, recommendation.
    missed = perfect | {"a-1": np.array([False, True, True, False, False])}
    (view,) = views(dataset, run("one", missed), run("other", perfect))["one"]
    assert view.wrong == (1, 0)
    assert view.lines == (
        2,
        LineView(3, "body", "The ferry to the island runs again from Monday.", (True, True), (False, False)),
        LineView(4, "body", "It had been laid up since the storm in March.", (False, True), (True, False)),
        LineView(5, "recommendation", "Read also: what the storm cost the harbour", (False, False), (False, False)),
    )  # fmt: skip


def test_of_a_long_page_the_first_wrong_lines_are_shown(tmp_path, run):
    page = Page("long", b"\n".join(b"line" for _ in range(500)), "text")
    labelled = LabelledPage(page, ["line"] * 500, codes(["body"] * 500))
    about = {"name": "long", "licence": "CC0-1.0", "description": "One."}
    dataset = write_dataset(tmp_path / "long", [labelled], **about)
    none = run("none", {"long": np.arange(500) == 0}, dataset="", fingerprint=None)
    (view,) = views(dataset, none)["none"]
    *shown, left_out = view.lines
    assert [line.number for line in shown] == list(range(1, 101))
    assert (left_out, view.wrong) == (400, (499,))


# The report


def test_a_report_has_scores_groups_runs_and_pages(report, run, perfect, everything):
    good = run("good", perfect, version="2.1", options={"mode": "fast", "by": "\n", "depth": 1200})
    done, html = report([good, run("loose", everything | {"b-1": "timeout"})])
    assert (done.exit_code, done.stdout) == (0, ""), done.output
    assert re.fullmatch(r"wrote \S+report\.html\n", done.stderr)
    rows = cells(html)
    ones = ["1.00 1.0–1.0"] * 3
    assert ["1", "good", "2.1", *ones, "", "–"] in rows
    assert ["extractor", "navigation", "recommendation", "comment", "legal"] in rows
    assert ["good", ".000", ".000", ".000", ".000"] in rows
    assert ["extractor", "version", "all (4)", "article (2)", "forum (2)"] in rows
    assert ["good", "good", "2.1", 'mode="fast", by="\\n", depth 1,200', "–"] in rows
    assert ["loose", "loose", "–", "–", "1 timeout"] in rows
    assert ["", "loose", "good", "label", "line"] in rows
    assert ["1", "●", "", "navigation", "Home"] in rows
    assert "language" not in html.partition("<body>")[2]  # all pages have the same, none
    assert 'style="left:100.00%"' in html


@pytest.mark.parametrize(
    ("options", "there"),
    [
        (["-m", "word_f1"], "Where each run loses most word F1"),
        (["--by", "site"], "by site"),
        (["--profile", "with-title"], "Scored under the profile with-title."),
        (["--pages", "0"], None),
    ],
)
def test_options_choose_what_is_in_it(report, run, everything, perfect, options, there):
    done, html = report([run("one", everything), run("two", perfect)], *options)
    assert done.exit_code == 0, done.output
    assert there in html if there else 'id="pages"' not in html


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--by", "weather"], "cannot be grouped by 'weather'"),
        (["--profile", "none"], "none"),
        (["-m", "beauty"], "beauty"),
    ],
)
def test_what_does_not_exist_is_reported_and_nothing_is_written(
    report, run, perfect, options, said
):
    done, html = report([run("one", perfect)], *options)
    assert (done.exit_code, html) == (1, None)
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.fixture
def hostile(tmp_path, run):
    """A dataset and a run that hold what must not come alive."""
    page = Page("p", HOSTILE.encode(), "text", site=HOSTILE, page_type=HOSTILE)
    labelled = LabelledPage(page, [HOSTILE], codes(["body"]))
    other = LabelledPage(Page("q", b"x", "text"), ["x"], codes(["body"]))
    dataset = write_dataset(
        tmp_path / "hostile", [labelled, other], name="h", licence=HOSTILE, description=HOSTILE
    )
    about = {"dataset": dataset.location, "fingerprint": dataset.manifest.fingerprint}
    about |= {"version": HOSTILE, "options": {"x": HOSTILE}}
    return run("tool", {"p": np.zeros(1, bool), "q": np.ones(1, bool)}, **about)


def test_whatever_pages_and_runs_hold_is_text(report, hostile):
    done, html = report([hostile])
    assert done.exit_code == 0, done.output
    assert "<script" not in html
    assert "<img" not in html
    assert unescape(html).count(HOSTILE) > 5


def test_a_browser_runs_nothing_and_asks_for_nothing(report, hostile, tmp_path, browser):
    report([hostile])
    requested = []
    page = browser.new_page()
    page.on("request", lambda request: requested.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto((tmp_path / "report.html").as_uri())
    assert page.locator("h1").inner_text() == "h: 2 pages"
    assert not page.locator(".lines .text").is_visible()
    page.locator("summary").click()
    assert page.locator(".lines .text").inner_text() == HOSTILE
    page.close()
    assert requested == [(tmp_path / "report.html").as_uri()]
