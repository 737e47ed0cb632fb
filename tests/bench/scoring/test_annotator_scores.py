from dataclasses import fields

import numpy as np
import pytest

from bench.metrics import METRICS, select_metrics
from bench.running import Run, RunHeader, RunRow
from bench.scoring.annotator_scores import (
    AgreementRow,
    AnnotatorScore,
    annotator_scores,
    compare_annotators,
    run_of,
)
from corpus import DataError, Page
from labels import codes
from labels.annotation.drafts.annotators import PageAnnotations

LETTERS = {"b": "body", "t": "title", "n": "navigation", "a": "advert", "o": "comment"}
F1 = select_metrics(("line_f1",))
ALL = select_metrics(("line_precision", "line_recall", "line_f1"))


def page(name, site=None, language=None, **labels):
    said = {who: codes([LETTERS[letter] for letter in word]) for who, word in labels.items()}
    n = len(next(iter(said.values())))
    about = Page(name, b"", "text", site=site or name, language=language)
    return PageAnnotations(about, [f"line {row}" for row in range(n)], said)


def value(rows, gold, extractor, metric="line_f1"):
    (row,) = [r for r in rows if (r.gold, r.extractor, r.metric) == (gold, extractor, metric)]
    return row


def test_an_annotator_keeps_what_it_calls_body():
    run = run_of("ann", [page("p1", ann="nbtb"), page("p2", bob="b")])
    assert run.header.extractor == "ann"
    assert list(run.rows) == ["p1"]
    assert run.rows["p1"].kept.tolist() == [False, True, False, True]
    with_title = run_of("ann", [page("p1", ann="nbtb")], "with-title")
    assert with_title.rows["p1"].kept.tolist() == [False, True, True, True]


def test_one_annotator_is_scored_against_another_in_both_directions():
    # ann calls lines 2 to 4 body, bob lines 2, 3 and 5.
    rows = annotator_scores([page("p1", ann="nbbbn", bob="nbbnb")], ["ann", "bob"], ALL)
    assert [field.name for field in fields(AnnotatorScore)] == [
        "gold", "extractor", "human", "group", "metric", "value", "low", "high", "pages",
    ]  # fmt: skip
    assert {row.group for row in rows} == {"all"}
    for gold, other in (("ann", "bob"), ("bob", "ann")):
        for metric in ("line_precision", "line_recall", "line_f1"):
            row = value(rows, gold, other, metric)
            assert row.value == pytest.approx(2 / 3)
            assert (row.human, row.pages, row.low) == (True, 1, None)


def test_optional_lines_neither_help_nor_hurt_which_makes_the_directions_differ():
    # Against ann, whose title is optional, bob keeps both lines of body and nothing else that
    # counts; against bob, ann misses one of three.
    rows = annotator_scores([page("p1", ann="tbb", bob="bbb")], ["ann", "bob"], ALL)
    assert value(rows, "ann", "bob").value == 1
    assert value(rows, "bob", "ann", "line_recall").value == pytest.approx(2 / 3)
    assert value(rows, "bob", "ann", "line_precision").value == 1
    with_title = annotator_scores(
        [page("p1", ann="tbb", bob="bbb")], ["ann", "bob"], ALL, profile="with-title"
    )
    assert value(with_title, "bob", "ann").value == 1


def test_only_pages_of_both_count():
    opinions = [page("p1", ann="nb", bob="nb"), page("p2", ann="nb"), page("p3", bob="bn")]
    rows = annotator_scores(opinions, ["ann", "bob"], F1)
    assert (value(rows, "ann", "bob").value, value(rows, "ann", "bob").pages) == (1, 1)


def test_without_a_page_of_both_there_is_no_value():
    opinions = [page("p1", ann="nb", bob="nb"), page("p2", cay="nb", bob="nb")]
    row = value(annotator_scores(opinions, ["ann", "bob", "cay"], F1), "ann", "cay")
    assert (row.value, row.low, row.pages) == (None, None, 0)
    assert annotator_scores([page("p1", ann="nb")], ["ann"], F1) == []


def test_intervals_resample_sites():
    opinions = [
        page(f"p{n}", site=f"s{n % 2}", ann="nb", bob="nb" if n % 2 else "bn") for n in range(6)
    ]
    row = value(annotator_scores(opinions, ["ann", "bob"], F1), "ann", "bob")
    assert (row.value, row.low, row.high) == (0.5, 0, 1)


def test_runs_stand_beside_annotators_over_the_same_pages():
    opinions = [
        page("p1", ann="nbb", bob="nbb"),
        page("p2", ann="nbb", bob="nbn"),
        page("p3", ann="bbb"),
    ]
    rows = {
        "p1": RunRow("p1", "ok", kept=np.array([1, 1, 1], bool)),
        "p3": RunRow("p3", "ok", text="x"),
    }
    run = Run(RunHeader("all"), rows)
    found = annotator_scores(opinions, ["ann", "bob"], F1, runs=[run])
    row = value(found, "ann", "all")
    # On p1 two of three kept lines are body, on p2 it kept nothing; p3 is nobody's but ann's.
    assert row.value == pytest.approx((4 / 5 + 0) / 2)
    assert (row.human, row.pages) == (False, 2)
    with pytest.raises(DataError, match="both called 'ann'"):
        annotator_scores(opinions, ["ann", "bob"], F1, runs=[Run(RunHeader("ann"), {})])


def test_metrics_that_are_made_of_others_are_computed_too():
    rows = annotator_scores(
        [page("p1", ann="nbb", bob="nbb")], ["ann", "bob"], [METRICS["shingle_f1"]]
    )
    assert value(rows, "ann", "bob", "shingle_f1").value == 1


def compare(opinions, names=("ann", "bob"), **options):
    return compare_annotators("small", opinions, list(names), F1, **options)


def test_a_comparison_has_labels_and_roles_of_all_pages_and_of_each_group():
    opinions = [page("p1", language="ko", ann="na", bob="nn"), page("p2", ann="nb", bob="nb"),
                page("p3", ann="n")]  # fmt: skip
    found = compare(opinions, by="language")
    assert found.pages == 2
    assert [field.name for field in fields(AgreementRow)] == [
        "annotators", "group", "over", "pages", "lines", "share", "share_low", "share_high",
        "kappa", "kappa_low", "kappa_high", "alpha", "alpha_low", "alpha_high",
    ]  # fmt: skip
    assert [(row.group, row.over, row.share, row.pages) for row in found.agreement] == [
        ("all", "labels", 0.75, 2), ("all", "roles", 1, 2),
        ("ko", "labels", 0.5, 1), ("ko", "roles", 1, 1),
        ("unknown", "labels", 1, 1), ("unknown", "roles", 1, 1),
    ]  # fmt: skip
    assert found.agreement[3].kappa is None  # all is noise
    assert {(row.group, row.gold) for row in found.scores} == {
        (group, gold) for group in ("all", "ko", "unknown") for gold in ("ann", "bob")
    }
    assert len(found.scores) == 6
    assert found.confusion["ann", "bob"].sum() == 4
    assert [(d.id, d.line, d.in_role) for d in found.disputes] == [("p1", 2, False)]


def test_without_a_page_in_common_there_is_nothing_to_compare():
    with pytest.raises(DataError, match="ann, bob have labelled no page in common"):
        compare([page("p1", ann="nb"), page("p2", bob="nb")])
