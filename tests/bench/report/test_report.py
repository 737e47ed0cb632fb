import csv
import io
import json
from dataclasses import replace

import pytest

from bench.metrics import select_metrics
from bench.report import FORMATS, Report, Table, render
from bench.report.scores import scores_report
from bench.running import Run, RunHeader, RunRow
from bench.scoring.score import score
from labels import write_dataset

METRICS = select_metrics(("line", "char", "leak"))
KEYS = (
    "extractor", "dataset", "metric", "group", "value", "low", "high", "rank", "pages", "failures",
    "markup",
)  # fmt: skip


@pytest.fixture
def report(dataset, perfect, everything):
    del everything["b-1"]
    runs = [
        Run(
            RunHeader(name, version="1.0", out_of_fold=name == "all"),
            {i: RunRow(i, "ok", kept=kept, seconds=0.25) for i, kept in by_page.items()},
        )
        for name, by_page in {"oracle": perfect, "all": everything}.items()
    ]
    return scores_report(score(runs, dataset, METRICS))


def test_the_table_has_a_row_for_each_extractor_best_first(report):
    lines = render(report, "table").splitlines()
    rows = [line.split() for line in lines if line[:1].isdigit()]
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("1", "oracle", "1.0"),
        ("2", "all†", "1.0"),
    ]


def test_the_table_shows_intervals_speed_failures_and_noise_let_through(report):
    table = render(report, "table")
    assert "1.00 1.0–1.0" in table
    assert " 4.0 " in table  # pages a second
    assert "1 missing" in table
    noise = table[table.index("share of each kind of noise") :]
    assert noise.splitlines()[1].split() == [
        "extractor",
        "navigation",
        "recommendation",
        "comment",
        "legal",
    ]


def test_the_table_says_what_its_marks_mean(report):
    table = render(report, "table")
    assert (
        "Means over 4 pages of 3 sites. Intervals of 95 %: bootstrap over sites, seed 0." in table
    )
    assert "† cross-validated by site" in table
    assert "Pages that failed or were skipped count as keeping nothing." in table
    assert "‡" not in table


def test_pages_without_a_site_count_as_sites_of_their_own(dataset, tmp_path, perfect):
    pages = [
        replace(labelled, page=replace(labelled.page, site=None)) for labelled in dataset.pages()
    ]
    about = {"name": "siteless", "licence": "CC0-1.0", "description": "Four pages."}
    siteless = write_dataset(tmp_path / "siteless", pages, **about)
    rows = {page_id: RunRow(page_id, "ok", kept=kept) for page_id, kept in perfect.items()}
    scores = score([Run(RunHeader("oracle"), rows)], siteless, METRICS)
    assert "Means over 4 pages of 4 sites." in render(scores_report(scores), "table")


def test_groups_are_columns(dataset, perfect):
    run = Run(RunHeader("oracle"), {i: RunRow(i, "ok", kept=kept) for i, kept in perfect.items()})
    metrics = select_metrics(("line_f1", "char_f1"))
    report = scores_report(score([run], dataset, metrics), by="page_type")
    table = render(report, "table")
    headings = [line.split() for line in table.splitlines() if line.startswith("extractor")]
    assert headings == 2 * [
        ["extractor", "version", "all", "(4)", "article", "(2)", "forum", "(2)"],
    ]
    assert "* first, or tied with the first, in its column." in table


def test_columns_stand_under_each_other_whatever_the_script():
    table = Table("", ("what", "number"), (("한글", "1"), ("abc", "12")))
    drawn = render(Report(None, [table]), "table")
    assert drawn.splitlines()[2:] == ["한글        1", "abc        12"]


def test_markdown_is_a_table_of_as_many_cells_in_each_row(report):
    rows = [line for line in render(report, "md").splitlines() if line.startswith("|")]
    first = [row for row in rows if row.count("|") == rows[0].count("|")]
    assert len(first) == 4  # heading, rule, two extractors
    assert rows[1].startswith("| --- |")


def test_json_rows_have_the_documented_keys(report):
    rows = json.loads(render(report, "json"))
    assert len(rows) == 2 * len(METRICS)
    assert all(tuple(row) == KEYS for row in rows)
    (row,) = [r for r in rows if (r["extractor"], r["metric"]) == ("oracle", "line_f1")]
    assert (row["value"], row["rank"], row["group"], row["dataset"]) == (1.0, 1, "all", "small")


def test_csv_holds_the_same_as_json(report):
    rows = list(csv.DictReader(io.StringIO(render(report, "csv"))))
    as_json = json.loads(render(report, "json"))
    shown = [
        {key: "" if value is None else str(value) for key, value in row.items()} for row in as_json
    ]
    assert rows == shown


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_ends_with_a_line_break(report, format_):
    assert render(report, format_).endswith("\n")
