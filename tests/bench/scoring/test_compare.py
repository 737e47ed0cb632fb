import csv
import io
import json
from dataclasses import asdict, replace
from types import SimpleNamespace

import numpy as np
import pytest

from bench.metrics import METRICS, select_metrics
from bench.report import FORMATS, render
from bench.report.comparison import comparison_report
from bench.running import Run, RunHeader, RunRow
from bench.scoring.compare import compare, losses
from bench.scoring.score import Scores, score, tidy
from corpus import DataError

NAN = float("nan")
LINE_F1 = select_metrics(("line_f1",))
COMPARISON_KEYS = (
    "first", "other", "dataset", "metric", "group", "first_value", "other_value", "difference",
    "low", "high", "verdict", "pages", "pages_better", "pages_equal", "pages_worse",
    "first_failures", "other_failures", "markup",
)  # fmt: skip
WORST_KEYS = (
    "metric", "id", "page_type", "group", "loss", "extractor", "value", "status", "markup",
)  # fmt: skip


def run(name, kept, **failed):
    """A run of kept lines by page, and of statuses of pages that failed."""
    rows = [RunRow(page_id, "ok", kept=lines) for page_id, lines in kept.items()]
    rows += [RunRow(page_id.replace("_", "-"), status) for page_id, status in failed.items()]
    return Run(RunHeader(name, version="1.0"), {row.id: row for row in rows})


def made_up(values, *, sites=None, page_types=None, weights=None):
    """Scores whose values are known: metric -> extractor -> a value for each of pages p0, p1 ..."""
    names = list(next(iter(values.values())))
    count = len(next(iter(next(iter(values.values())).values())))
    about = [
        ("en", (sites or list("abcdefghij"))[n], (page_types or [None] * 10)[n], None, "html", None)
        for n in range(count)
    ]
    rows = [
        (name, f"p{n}", metric, value, (weights or {}).get(name, [1.0] * count)[n],
         "ok", None, True, *about[n])
        for metric, of_extractor in values.items()
        for name, of_page in of_extractor.items()
        for n, value in enumerate(of_page)
    ]  # fmt: skip
    return Scores(
        dataset=SimpleNamespace(name="made-up"),
        runs=tuple(run(name, {}) for name in names),
        metrics=tuple(METRICS[name] for name in values),
        pages=tidy(rows),
    )


def of(row, *keys):
    return tuple(getattr(row, key) for key in keys)


def test_the_difference_is_the_first_mean_less_the_other(dataset, perfect, everything):
    # Of everything: a-1 4/6, a-2 and b-1 2/3, c-1 2/4; their mean is 2.5/4.
    scores = score([run("all", everything), run("oracle", perfect)], dataset, LINE_F1)
    (row,) = compare(scores)
    assert tuple(asdict(row)) == COMPARISON_KEYS
    assert of(row, "first", "other", "dataset", "metric", "group") == (
        "all", "oracle", "small", "line_f1", "all",
    )  # fmt: skip
    assert (row.first_value, row.other_value) == (pytest.approx(0.625), 1)
    assert row.difference == pytest.approx(-0.375)
    # The sites lose 1/3, 1/3 and 1/2: so does each resample of them.
    assert (row.low, row.high) == (pytest.approx(-0.5), pytest.approx(-1 / 3))
    assert row.verdict == "worse"
    assert of(row, "pages", "pages_better", "pages_equal", "pages_worse") == (4, 0, 0, 4)


def test_the_other_way_round_all_is_turned(dataset, perfect, everything):
    scores = score([run("oracle", perfect), run("all", everything)], dataset, LINE_F1)
    (row,) = compare(scores)
    assert row.difference == pytest.approx(0.375)
    assert (row.low, row.high) == (pytest.approx(1 / 3), pytest.approx(0.5))
    assert of(row, "verdict", "pages_better", "pages_equal", "pages_worse") == ("better", 4, 0, 0)


def test_a_difference_whose_interval_spans_zero_is_a_tie():
    scores = made_up({"line_f1": {"one": [0.9, 0.1, 0.5, 0.5], "two": [0.1, 0.8, 0.5, 0.5]}})
    (row,) = compare(scores)
    assert row.difference == pytest.approx(0.1 / 4)
    assert row.low < 0 < row.high
    assert of(row, "verdict", "pages_better", "pages_equal", "pages_worse") == ("tie", 1, 2, 1)


def test_equal_runs_tie_and_one_site_has_no_interval():
    (row,) = compare(made_up({"line_f1": {"one": [0.3, 0.7], "two": [0.3, 0.7]}}))
    assert of(row, "difference", "low", "high", "verdict", "pages_equal") == (0, 0, 0, "tie", 2)
    one_site = made_up({"line_f1": {"one": [0.9, 0.9], "two": [0.1, 0.1]}}, sites=["a", "a"])
    (row,) = compare(one_site)
    assert row.difference == pytest.approx(0.8)
    assert of(row, "low", "high", "verdict", "pages_better") == (None, None, "tie", 2)


def test_values_that_differ_in_the_last_digit_are_equal():
    (row,) = compare(made_up({"line_f1": {"one": [0.1 + 0.2], "two": [0.3]}}))
    assert of(row, "pages_better", "pages_equal") == (0, 1)


def test_the_first_is_compared_with_each_other_run_whoever_else_is_there():
    values = {"one": [0.9, 0.8, 0.3], "two": [0.4, 0.9, 0.1], "three": [0.9, 0.2, 0.6]}
    rows = compare(made_up({"line_f1": values}))
    assert [of(row, "first", "other") for row in rows] == [("one", "two"), ("one", "three")]
    del values["two"]
    assert compare(made_up({"line_f1": values})) == rows[1:]


def test_where_less_is_better_the_lower_run_is_better():
    values = {"one": [0.1, 0.2, NAN], "two": [0.6, 0.2, NAN]}
    scores = made_up({"leak_legal": values}, sites=["a", "b", "c"])
    (row,) = compare(scores)
    assert row.difference == pytest.approx(-0.25)
    assert of(row, "pages", "pages_better", "pages_equal", "pages_worse") == (2, 1, 1, 0)
    swapped = made_up({"leak_legal": {"two": [0.6, 0.3], "one": [0.1, 0.2]}})
    assert compare(swapped)[0].verdict == "worse"
    assert of(losses(swapped, 1)[0], "id", "loss") == ("p0", pytest.approx(0.5))


def test_groups_are_compared_on_their_own(dataset, perfect, everything):
    scores = score([run("all", everything), run("oracle", perfect)], dataset, LINE_F1)
    rows = compare(scores, "page_type")
    assert [of(row, "group", "pages") for row in rows] == [
        ("all", 4), ("article", 2), ("forum", 2),
    ]  # fmt: skip
    assert rows[1].difference == pytest.approx(-1 / 3)
    assert rows[1].low is None  # the articles are of one site
    assert rows[2].difference == pytest.approx(-(1 / 3 + 1 / 2) / 2)


def test_a_harmonic_mean_is_compared_by_the_two_means_it_is_made_of():
    parts = {
        "shingle_precision": {"one": [1.0, 0.5], "two": [0.5, 0.5]},
        "shingle_recall": {"one": [0.5, 0.5], "two": [1.0, 0.0]},
        "shingle_f1": {"one": [2 / 3, 0.5], "two": [2 / 3, 0.0]},
    }
    *_, row = compare(made_up(parts))
    # One: P 3/4 and R 1/2 are 3/5; two: P and R 1/2 are 1/2.
    assert row.first_value == pytest.approx(0.6)
    assert row.other_value == pytest.approx(0.5)
    assert row.difference == pytest.approx(0.1)
    # Page p0 twice: 2/3 for both. Page p1 twice: 1/2 against 0.
    assert (row.low, row.high) == (pytest.approx(0), pytest.approx(0.5))
    assert of(row, "verdict", "pages_better", "pages_equal") == ("tie", 1, 1)


def test_pooled_counts_are_weighted_for_each_run_by_its_own_denominators():
    # 1 of 1 and 3 of 9 are 4 of 10; 1 of 2 and 1 of 2 are 2 of 4.
    scores = made_up(
        {"snippet_precision": {"one": [1.0, 3 / 9], "two": [0.5, 0.5]}},
        weights={"one": [1.0, 9.0], "two": [2.0, 2.0]},
    )
    (row,) = compare(scores)
    assert row.difference == pytest.approx(0.4 - 0.5)
    assert (row.low, row.high) == (pytest.approx(1 / 3 - 0.5), pytest.approx(0.5))


@pytest.mark.parametrize("status", ["empty", "error", "timeout", "crash", "memory", "skipped"])
def test_failed_and_missing_pages_count_as_keeping_nothing(dataset, perfect, status):
    kept = {page_id: perfect[page_id] for page_id in ("a-1", "a-2")}  # c-1 is missing
    scores = score([run("tool", kept, b_1=status), run("oracle", perfect)], dataset, LINE_F1)
    (row,) = compare(scores)
    assert row.difference == pytest.approx(-2 / 4)
    assert of(row, "pages", "pages_worse", "first_failures", "other_failures") == (4, 2, 2, 0)
    found = losses(scores, 5)
    assert [of(row, "id", "extractor", "value", "status") for row in found] == [
        ("b-1", "tool", 0, status), ("b-1", "oracle", 1, "ok"),
        ("c-1", "tool", 0, "missing"), ("c-1", "oracle", 1, "ok"),
    ]  # fmt: skip


def test_a_run_without_a_value_has_no_difference_and_no_verdict():
    (row,) = compare(made_up({"line_f1": {"one": [NAN, NAN], "two": [0.5, 0.5]}}))
    assert of(row, "first_value", "difference", "low", "verdict", "pages") == (
        None, None, None, None, 0,
    )  # fmt: skip


def test_a_single_run_is_refused():
    with pytest.raises(DataError, match="the run of one alone cannot be compared"):
        compare(made_up({"line_f1": {"one": [0.5]}}))


def test_the_worst_pages_are_those_farthest_behind_the_best_of_the_others():
    values = {
        "one": [0.5, 0.5, 0.5, 0.9, NAN, 0.5, 0.2],
        "two": [0.6, 0.9, 0.4, 0.1, 0.90, NAN, 0.3],
        "three": [0.8, 0.1, 0.5, 0.2, 0.90, NAN, NAN],
    }
    scores = made_up({"line_f1": values}, page_types=["forum", "forum", *["article"] * 5])
    rows = losses(scores, 10, "page_type")
    assert all(tuple(asdict(row)) == WORST_KEYS for row in rows)
    # p2 is as good as the best, p3 better, p4 and p5 have no value for the first or the others.
    assert [of(row, "id", "group", "loss") for row in rows[::3]] == [
        ("p1", "forum", pytest.approx(0.4)),
        ("p0", "forum", pytest.approx(0.3)),
        ("p6", "article", pytest.approx(0.1)),
    ]
    assert [of(row, "extractor", "value") for row in rows[6:]] == [
        ("one", 0.2), ("two", 0.3), ("three", None),
    ]  # fmt: skip
    assert [row.id for row in losses(scores, 1)] == ["p1"] * 3


def test_pages_of_equal_loss_are_in_the_order_of_their_ids():
    scores = made_up({"line_f1": {"one": [0.0, 0.7, 0.1], "two": [0.3, 1.0, 0.4]}})
    assert [row.id for row in losses(scores, 2)[::2]] == ["p0", "p1"]


@pytest.fixture
def shown():
    values = {
        "one": [0.50, 0.50, 0.90, 0.95],
        "two": [0.60, 0.80, 0.40, 0.35],
    }
    scores = made_up({"line_f1": values}, page_types=["article", "article", "forum", None])
    return comparison_report(scores, by="page_type", worst=9)


def test_the_group_in_which_the_first_loses_most_comes_first_beneath_all(shown):
    lines = render(shown, "table").splitlines()
    assert lines[0] == "line_f1: one against two, made-up: 4 pages"
    assert [line.split()[:5] for line in lines[3:7]] == [
        ["all", "4", ".712", ".537", "+.175"],
        ["article", "2", ".500", ".700", "−.200"],
        ["forum", "1", ".900", ".400", "+.500"],
        ["unknown", "1", ".950", ".350", "+.600"],
    ]
    assert lines[4].split()[5:] == ["−.300", "to", "−.100", "worse", "0", "0", "2"]
    assert lines[5].split()[5:] == ["–", "tie", "1", "0", "0"]


def test_the_table_ends_with_the_pages_to_look_at(shown):
    lines = render(shown, "table").splitlines()
    start = lines.index("line_f1: pages on which one loses most against two")
    assert [line.split() for line in lines[start + 1 : start + 2] + lines[start + 3 :]] == [
        ["loss", "one", "two", "page_type", "page"],
        [".300", ".500", ".800", "article", "p1"],
        [".100", ".500", ".600", "article", "p0"],
    ]


def test_without_groups_there_is_a_table_for_each_other_run_and_a_row_for_each_metric():
    values = {"one": [0.5, 0.9], "two": [0.4, 0.8], "three": [0.9, 0.95]}
    scores = made_up({"line_f1": values, "char_f1": values})
    table = render(comparison_report(scores, worst=1), "table")
    lines = table.splitlines()
    assert [line for line in lines if " against " in line] == [
        "one against two, made-up: 2 pages",
        "one against three, made-up: 2 pages",
        "line_f1: pages on which one loses most against the best of the others",
        "char_f1: pages on which one loses most against the best of the others",
    ]
    assert sum(line.startswith(("line_f1 ", "char_f1 ")) for line in lines) == 4
    assert max(map(len, lines)) <= 110
    assert "page_type" not in table  # none is known


def test_where_the_first_loses_nowhere_the_table_says_so():
    scores = made_up({"line_f1": {"one": [0.5, 0.9], "two": [0.4, 0.8]}})
    assert "There is none." in render(comparison_report(scores, worst=3), "table")
    assert "one loses most" not in render(comparison_report(scores), "table")


def test_the_notes_state_failures_and_what_a_tie_is(dataset, perfect):
    scores = score([run("tool", {}, a_1="timeout"), run("oracle", perfect)], dataset, LINE_F1)
    table = render(comparison_report(replace(scores, seed=7), worst=1), "table")
    assert (
        "Means over 4 pages of 3 sites. Intervals of 95 %: bootstrap over sites, seed 7." in table
    )
    assert "Failures, counted as keeping nothing: tool 3 missing, 1 timeout." in table
    assert "A tie: its interval spans zero" in table
    assert ".000 timeout" in table


def test_json_holds_both_kinds_of_rows_and_csv_the_chosen_one(shown):
    both = json.loads(render(shown, "json"))
    assert list(both) == ["comparisons", "worst"]
    assert {tuple(row) for row in both["comparisons"]} == {COMPARISON_KEYS}
    assert {tuple(row) for row in both["worst"]} == {WORST_KEYS}
    rows = list(csv.DictReader(io.StringIO(render(shown, "csv"))))
    assert [row["id"] for row in rows] == ["p1", "p1", "p0", "p0"]
    scores = made_up({"line_f1": {"one": [0.5], "two": [0.4]}})
    (row,) = csv.DictReader(io.StringIO(render(comparison_report(scores), "csv")))
    assert (row["first"], row["low"], row["pages_better"]) == ("one", "", "1")


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_ends_with_a_line_break(shown, format_):
    assert render(shown, format_).endswith("\n")


def test_the_same_seed_gives_the_same_comparison_and_another_seed_another():
    values = np.random.default_rng(3).random((2, 10))
    scores = made_up({"line_f1": dict(zip(("one", "two"), values.tolist(), strict=True))})
    assert compare(replace(scores, seed=1)) == compare(replace(scores, seed=1))
    assert compare(replace(scores, seed=1)) != compare(replace(scores, seed=2))
