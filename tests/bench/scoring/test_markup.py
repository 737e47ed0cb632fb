"""Pages with HTML and text-only pages apart: an extractor is compared on what it takes."""

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from bench.cli import main
from bench.metrics import select_metrics
from bench.report import render
from bench.report.comparison import comparison_report
from bench.report.scores import scores_report
from bench.running import Run, RunHeader, RunRow, write_run
from bench.scoring.compare import compare, losses
from bench.scoring.gate import pin
from bench.scoring.score import score
from bench.scoring.summary import by_markup, summarise
from corpus import Page
from labels import LabelledPage, codes, write_dataset

METRICS = select_metrics(("line_f1", "leak_navigation"))
KEPT = {
    # Of navigation, body, body.
    "good": [False, True, True],  # F1 1
    "half": [False, True, False],  # F1 2/3
    "none": [False, False, False],
}


def page(name, markup):
    texts = ["Home", "The ferry runs again.", "It had been laid up since March."]
    raw = "".join(f"<p>{text}</p>" for text in texts) if markup == "html" else "\n".join(texts)
    about = Page(name, raw.encode(), markup, site=f"{name}.example", language="en")
    return LabelledPage(about, texts, codes(["navigation", "body", "body"]))


def written(folder, pages):
    about = {"name": folder.name, "licence": "CC0-1.0", "description": "Pages."}
    return write_dataset(folder, [page(*one) for one in pages], **about)


@pytest.fixture
def both(tmp_path):
    pages = [("h1", "html"), ("h2", "html"), ("t1", "text"), ("t2", "text"), ("t3", "text")]
    return written(tmp_path / "both", pages)


def run(name, **rows):
    """A run: of each page what is kept, or a status."""
    return Run(
        RunHeader(name, version="1.0"),
        {
            page: RunRow(page, "ok", kept=np.array(KEPT[kept]), seconds=0.1)
            if kept in KEPT
            else RunRow(page, kept)
            for page, kept in rows.items()
        },
    )


ANY = run("any", h1="half", h2="half", t1="good", t2="half", t3="good")
NEEDS_HTML = run("dom", h1="good", h2="crash", t1="skipped", t2="skipped", t3="skipped")


def rows_of(scores, name, metric="line_f1", **options):
    return [
        row
        for part in by_markup(scores, **options)
        for row in summarise(part, options.get("by"))
        if (row.extractor, row.metric) == (name, metric)
    ]


def test_each_kind_of_pages_has_its_own_means_ranks_and_failures(both):
    scores = score([ANY, NEEDS_HTML], both, METRICS)
    html, text = rows_of(scores, "any")
    assert (html.markup, html.value, html.pages, html.failures) == (
        "html",
        pytest.approx(2 / 3),
        2,
        0,
    )
    assert (text.markup, text.pages, text.failures) == ("text", 3, 0)
    assert text.value == pytest.approx((1 + 2 / 3 + 1) / 3)
    html, text = rows_of(scores, "dom")
    # The page on which it crashed counts as keeping nothing.
    assert (html.value, html.pages, html.failures, html.rank) == (0.5, 2, 1, 1)
    # The text-only pages are not its own: no zero, no failure, no rank.
    assert (text.value, text.low, text.rank, text.pages, text.failures) == (None, None, None, 0, 0)
    _, noise = rows_of(scores, "dom", "leak_navigation")
    assert (noise.value, noise.pages) == (None, 0)


def test_together_a_skipped_page_counts_as_keeping_nothing(both):
    scores = score([ANY, NEEDS_HTML], both, METRICS)
    (row,) = rows_of(scores, "dom", together=True)
    assert (row.value, row.pages, row.failures, row.markup) == (pytest.approx(1 / 5), 5, 4, None)
    grouped = rows_of(scores, "dom", by="markup")
    assert [(row.group, row.value, row.failures) for row in grouped] == [
        ("all", pytest.approx(1 / 5), 4), ("html", 0.5, 1), ("text", 0, 3),
    ]  # fmt: skip


def test_a_missing_page_counts_as_keeping_nothing_on_either_kind(both):
    cut_off = run("dom", h1="good", t1="skipped", t2="skipped")
    scores = score([ANY, cut_off], both, METRICS)
    html, text = rows_of(scores, "dom")
    assert (html.value, html.failures) == (0.5, 1)
    assert (text.value, text.pages, text.failures) == (0, 1, 1)
    assert "1 missing, 2 not applicable" in render(scores_report(scores), "table")


@pytest.mark.parametrize("took", ["good", "empty", "crash"])
def test_an_extractor_that_took_a_text_only_page_does_not_need_html(both, took):
    some = run("some", h1="good", h2="good", t1=took, t2="skipped", t3="skipped")
    _, text = rows_of(score([some], both, METRICS), "some")
    assert (text.value, text.pages) == (pytest.approx((took == "good") / 3), 3)
    assert text.failures == (2 if took == "good" else 3)


def test_an_extractor_that_lacks_a_package_for_all_text_only_pages_does_not_need_html(both):
    rows = {page: RunRow(page, "skipped", seconds=0.1, error="no package") for page in ("t1", "t2")}
    _, text = rows_of(score([Run(RunHeader("x"), rows)], both, METRICS), "x")
    assert (text.value, text.pages, text.failures) == (0, 3, 3)


def test_a_skipped_page_with_html_counts_as_keeping_nothing(both):
    html, _ = rows_of(score([run("x", h1="good", h2="skipped")], both, METRICS), "x")
    assert (html.value, html.failures) == (0.5, 1)


@pytest.mark.parametrize(("markup", "value"), [("html", 0), ("text", None)])
def test_a_dataset_of_one_kind_has_one_part(tmp_path, markup, value):
    one_kind = written(tmp_path / "one", [("a", markup), ("b", markup)])
    scores = score([run("dom", a="skipped", b="skipped")], one_kind, METRICS)
    (row,) = rows_of(scores, "dom")
    assert (row.value, row.markup) == (value, markup)
    table = render(scores_report(scores), "table")
    assert table.startswith("one: 2 pages, by line_f1\n")
    assert ("needs HTML" in table) == (markup == "text")


def test_tables_say_how_many_pages_of_which_kind_and_what_is_not_applicable(both):
    lines = render(scores_report(score([ANY, NEEDS_HTML], both, METRICS)), "table").splitlines()
    assert [line for line in lines if line.startswith(("both", "share"))] == [
        "both: 2 pages with HTML, by line_f1",
        "share of each kind of noise let through, 2 pages with HTML",
        "both: 3 text-only pages, by line_f1",
        "share of each kind of noise let through, 3 text-only pages",
    ]
    assert [line.split() for line in lines if " dom " in line] == [
        ["1", "dom", "1.0", ".500", ".00–1.0", "10", "1", "crash"],
        ["dom", "1.0", "–", "needs", "HTML"],
    ]
    grouped = render(scores_report(score([ANY, NEEDS_HTML], both, METRICS), by="language"), "md")
    assert grouped.count("Not applicable, because they need HTML: dom.") == 1
    assert "| dom | 1.0 | – | – |" in grouped


def test_noise_has_no_table_where_no_extractor_applies(both):
    lines = render(scores_report(score([NEEDS_HTML], both, METRICS)), "table").splitlines()
    assert [line for line in lines if line.startswith("share")] == [
        "share of each kind of noise let through, 2 pages with HTML"
    ]


def test_csv_and_json_hold_the_rows_of_both_kinds(both):
    report = scores_report(score([ANY, NEEDS_HTML], both, METRICS))
    rows = json.loads(render(report, "json"))
    assert [row["markup"] for row in rows] == ["html"] * 4 + ["text"] * 4
    header, *lines = render(report, "csv").splitlines()
    assert header.endswith(",failures,markup")
    assert lines[5] == "dom,both,line_f1,all,,,,,0,0,text"


def test_where_nobody_takes_text_nothing_is_compared(both):
    scores = score([NEEDS_HTML], both, METRICS)
    assert "both: 3 text-only pages, by line_f1" in render(scores_report(scores), "table")
    assert [row.value for row in rows_of(scores, "dom")] == [0.5, None]


def test_runs_are_compared_on_pages_that_both_take(both):
    scores = score([NEEDS_HTML, ANY], both, METRICS)
    (html, _), (text, _) = (compare(part) for part in by_markup(scores))
    assert (html.difference, html.pages, html.markup) == (pytest.approx(0.5 - 2 / 3), 2, "html")
    assert (text.first_value, text.difference, text.verdict) == (None, None, None)
    assert (text.pages, text.first_failures, text.markup) == (0, 0, "text")
    table = render(comparison_report(scores, worst=3), "table")
    assert "dom against any, both: 3 text-only pages" in table
    assert table.count("Not applicable, because they need HTML: dom.") == 1
    both_ways = json.loads(render(comparison_report(scores, worst=3), "json"))
    assert {row["id"] for row in both_ways["worst"] if row["metric"] == "line_f1"} == {"h2"}
    (together,) = by_markup(scores, together=True)
    assert len(losses(replace(together, metrics=METRICS[:1]), 9)) == 2 * 4


def test_floors_are_of_all_pages_together(both):
    floors = pin(score([NEEDS_HTML], both, METRICS), "markup")
    assert floors.failures == 4
    assert {group: values["line_f1"] for group, values in floors.floors.items()} == {
        "all": 0.2, "html": 0.5, "text": 0.0,
    }  # fmt: skip


def test_the_report_has_a_section_for_each_kind(both, tmp_path):
    about = {"dataset": both.location, "fingerprint": both.manifest.fingerprint}
    paths = []
    for one in (ANY, NEEDS_HTML):
        paths.append(tmp_path / f"{one.name}.jsonl")
        write_run(paths[-1], Run(replace(one.header, **about), one.rows))
    reports = []
    for options in ([], ["--together"]):
        out = tmp_path / "report.html"
        done = CliRunner().invoke(main, ["report", *map(str, paths), "-o", str(out), *options])
        assert done.exit_code == 0, done.output
        reports.append(out.read_text(encoding="utf-8"))
    apart, together = reports
    assert [f"<h3>{kind}</h3>" in apart for kind in ("2 pages with HTML", "3 text-only pages")] == [
        True, True,
    ]  # fmt: skip
    assert "<td>1 crash, 3 not applicable</td>" in apart
    assert "needs HTML" in apart
    assert "<h1>both: 5 pages</h1>" in apart
    assert "needs HTML" not in together
    assert "<td>1 crash, 3 skipped</td>" in together


def test_the_first_table_fits_a_terminal_and_wide_has_all_columns(tmp_path):
    def lines(*options):
        names = ("length-and-punctuation", "html-text", "keep-none")
        done = CliRunner().invoke(main, ["run", *names, "-o", str(tmp_path), "-j", "1", *options])
        assert done.exit_code == 0, done.output
        return done.stdout.splitlines()

    narrow, wide = lines(), lines("--wide")
    assert max(map(len, narrow)) <= 100
    assert narrow[1].split() == [
        "#",
        "extractor",
        "line",
        "P",
        "line",
        "R",
        "line",
        "F1",
        "pages/s",
        "failures",
    ]
    assert wide[1].split() == (
        [
            "#",
            "extractor",
            "version",
            "line",
            "P",
            "line",
            "R",
            "line",
            "F1",
            "char",
            "P",
            "char",
            "R",
            "char",
            "F1",
            "pages/s",
            "failures",
        ]
    )
    assert sum("needs HTML" in line for line in narrow) == 1
    assert not any("needs HTML" in line for line in lines("--together"))
