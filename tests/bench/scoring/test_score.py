import math
from dataclasses import replace

import pytest

from bench.metrics import select_metrics
from bench.running import Run, RunHeader, RunRow
from bench.scoring.cases import projection_ceiling
from bench.scoring.score import dataset_of, score
from bench.scoring.summary import summarise
from corpus import DataError
from labels import open_dataset

LINE_F1 = select_metrics(("line_f1",))


def run(name, kept=None, rows=None, **header):
    """A run of an extractor that keeps lines, or of rows given as they are."""
    if rows is None:
        rows = [RunRow(page_id, "ok", kept=lines) for page_id, lines in kept.items()]
    return Run(RunHeader(name, **header), {row.id: row for row in rows})


def value(scores, page_id, metric="line_f1"):
    pages = scores.pages
    (found,) = pages[(pages["id"] == page_id) & (pages["metric"] == metric)]["value"]
    return found


def test_a_perfect_run_scores_one_on_every_page(dataset, perfect):
    metrics = select_metrics(("line", "char", "word_f1", "token_f1"))
    scores = score([run("oracle", perfect)], dataset, metrics)
    assert (scores.pages["value"] == 1).all()
    assert len(scores.pages) == 4 * 8


def test_kept_lines_are_counted_without_the_optional_ones(dataset, everything):
    # a-1: two body lines and two of noise are kept, the title does not count.
    scores = score([run("all", everything)], dataset, LINE_F1)
    assert value(scores, "a-1") == pytest.approx(2 * 2 / (4 + 2))


def test_a_text_is_aligned_with_the_lines(dataset):
    text = "the ferry to the island runs again from monday\nand something else"
    row = RunRow("a-1", "ok", text=text)
    scores = score([run("tool", rows=[row])], dataset, LINE_F1)
    assert value(scores, "a-1") == pytest.approx(2 * 1 / (1 + 2))


@pytest.mark.parametrize("status", ["empty", "error", "timeout", "crash", "memory", "skipped"])
def test_a_failed_page_counts_as_keeping_nothing(dataset, perfect, status):
    rows = [RunRow(page_id, "ok", kept=kept) for page_id, kept in perfect.items()]
    rows[0] = RunRow("a-1", status, error="why")
    scores = score([run("tool", rows=rows)], dataset, LINE_F1)
    (row,) = summarise(scores)
    assert value(scores, "a-1") == 0
    assert row.value == pytest.approx(3 / 4)
    assert row.failures == 1
    assert row.pages == 4


def test_a_page_that_the_run_lacks_is_missing_and_counts_as_keeping_nothing(dataset, perfect):
    del perfect["b-1"]
    scores = score([run("tool", perfect)], dataset, LINE_F1)
    (row,) = summarise(scores)
    assert list(scores.statuses[scores.statuses["id"] == "b-1"]["status"]) == ["missing"]
    assert (row.value, row.failures) == (pytest.approx(3 / 4), 1)


def test_rows_have_the_documented_keys_and_groups_follow_all(dataset, perfect, everything):
    scores = score([run("oracle", perfect), run("all", everything)], dataset, LINE_F1)
    rows = summarise(scores, by="page_type")
    assert [(row.extractor, row.group) for row in rows] == [
        ("oracle", "all"), ("all", "all"),
        ("oracle", "article"), ("all", "article"),
        ("oracle", "forum"), ("all", "forum"),
    ]  # fmt: skip
    assert [row.rank for row in rows[:2]] == [1, 2]
    # a-1: 4/6, a-2: 2/3; b-1 and c-1: 2/3 and 2/4.
    assert rows[3].value == pytest.approx((4 / 6 + 2 / 3) / 2)
    assert rows[5].value == pytest.approx((2 / 3 + 2 / 4) / 2)


def test_a_mean_of_no_page_is_none_not_a_number(dataset, perfect):
    metrics = select_metrics(("leak_social",))
    (row,) = summarise(score([run("oracle", perfect)], dataset, metrics))
    assert (row.value, row.low, row.high, row.rank, row.pages) == (None, None, None, None, 0)


def test_the_profile_decides_what_must_be_kept(dataset, perfect):
    with_comments = score([run("o", perfect)], dataset, LINE_F1, profile="with-comments")
    assert value(with_comments, "c-1") == pytest.approx(2 / 3)


def test_a_run_on_another_dataset_is_refused(dataset, perfect):
    other = run("tool", perfect, dataset="small", fingerprint="0" * 16)
    with pytest.raises(DataError, match="the run of tool was made on small 0000000000000000"):
        score([other], dataset, LINE_F1)


def test_two_runs_that_are_called_the_same_are_refused(dataset, perfect):
    with pytest.raises(DataError, match="2 runs called 'tool'"):
        score([run("tool", perfect)] * 2, dataset, LINE_F1)


def test_kept_lines_of_another_number_are_refused(dataset, perfect):
    perfect["a-1"] = perfect["a-1"][:-1]
    with pytest.raises(DataError, match="page 'a-1': kept has 4 entries for 5 lines"):
        score([run("tool", perfect)], dataset, LINE_F1)


def test_runs_of_different_splits_are_refused_unless_one_is_named(dataset, perfect):
    runs = [run("one", perfect, split="dev"), run("other", perfect)]
    with pytest.raises(DataError, match="different splits \\(all, dev\\)"):
        score(runs, dataset, LINE_F1)
    assert len(score(runs, dataset, LINE_F1, split="dev").statuses) == 8


def test_runs_find_their_dataset(dataset, perfect):
    found = dataset_of([run("tool", perfect, dataset=str(dataset.path))], None)
    assert found.manifest == dataset.manifest
    with pytest.raises(DataError, match="say where it is with --dataset"):
        dataset_of([run("tool", perfect, dataset="/nowhere")], None)
    with pytest.raises(DataError, match="give it with --dataset"):
        dataset_of([run("tool", perfect)], None)
    assert dataset_of([run("tool", perfect)], str(dataset.path)).name == "small"


@pytest.mark.parametrize(("by", "profile", "named"), [
    ("colour", "default", "page_type"),
    (None, "lenient", "with-title"),
])  # fmt: skip
def test_unknown_attributes_and_profiles_are_refused_with_those_there_are(
    dataset, perfect, by, profile, named
):
    with pytest.raises(DataError, match=named):
        summarise(score([run("tool", perfect)], dataset, LINE_F1, profile=profile), by)


def test_the_ceiling_is_what_the_body_lines_reach_against_the_gold_text(dataset):
    pages = list(dataset.pages())
    assert projection_ceiling(pages[1]) is None
    half = replace(pages[1], gold_text="Nobody had counted the herons on the lake before. Ever.")
    words = 9
    assert projection_ceiling(half) == pytest.approx(2 * words / (words + words + 1))


def test_pages_that_a_shipped_model_was_trained_on_are_known():
    starter = open_dataset("starter")
    train = {p.page.id for p in starter.pages("train")}
    kept = {p.page.id: p.labels == 0 for p in starter.pages()}
    scores = score([run("logreg", kept), run("tool", kept)], starter, LINE_F1)
    assert scores.seen == {"logreg": train, "tool": frozenset()}
    unseen = score([run("logreg", kept, out_of_fold=True)], starter, LINE_F1)
    assert unseen.seen == {"logreg": frozenset()}


def test_no_value_is_nan_where_every_page_has_one(dataset, perfect):
    scores = score([run("oracle", perfect)], dataset, select_metrics(("char",)))
    assert not scores.pages["value"].map(math.isnan).any()
