import math
import sys

import numpy as np
import pytest

from bench.inventory import metrics
from bench.metrics import METRICS, Case, select_metrics
from corpus import DataError
from labels import NOISE_LABELS, codes, roles


def case(rows, text="", gold_text="", profile="default"):
    """A page from rows of (label, characters, kept)."""
    labels = codes([label for label, _, _ in rows])
    return Case(
        labels=labels,
        roles=roles(labels, profile),
        chars=np.array([chars for _, chars, _ in rows], np.int32),
        kept=np.array([kept for _, _, kept in rows], bool),
        text=text,
        gold_text=gold_text,
    )


# Two of three body lines kept (30 of 60 characters), one of two noise lines (10 of 30).
MIXED_PAGE = [
    ("title", 8, True),
    ("body", 10, True),
    ("body", 20, True),
    ("body", 30, False),
    ("caption", 99, True),
    ("navigation", 10, True),
    ("legal", 20, False),
]
NO_BODY = [("navigation", 5, False), ("legal", 5, False)]
NO_BODY_BUT_KEPT = [("navigation", 5, True), ("legal", 5, False)]
NOTHING_KEPT = [("body", 5, False), ("legal", 5, False)]
ONLY_OPTIONAL_KEPT = [("title", 5, True), ("body", 5, False)]


@pytest.mark.parametrize(
    ("metric", "rows", "expected"),
    [
        ("line_precision", MIXED_PAGE, 2 / 3),
        ("line_recall", MIXED_PAGE, 2 / 3),
        ("line_f1", MIXED_PAGE, 2 / 3),
        ("char_precision", MIXED_PAGE, 30 / 40),
        ("char_recall", MIXED_PAGE, 30 / 60),
        ("char_f1", MIXED_PAGE, 0.6),
        ("line_precision", NO_BODY, 1),
        ("line_recall", NO_BODY, 1),
        ("line_f1", NO_BODY, 1),
        ("char_f1", NO_BODY, 1),
        ("line_precision", NO_BODY_BUT_KEPT, 0),
        ("line_recall", NO_BODY_BUT_KEPT, 1),
        ("line_f1", NO_BODY_BUT_KEPT, 0),
        ("char_f1", NO_BODY_BUT_KEPT, 0),
        ("line_precision", NOTHING_KEPT, 0),
        ("line_recall", NOTHING_KEPT, 0),
        ("line_f1", NOTHING_KEPT, 0),
        ("line_precision", ONLY_OPTIONAL_KEPT, 0),
        ("char_recall", ONLY_OPTIONAL_KEPT, 0),
        ("leak_navigation", MIXED_PAGE, 1),
        ("leak_legal", MIXED_PAGE, 0),
        ("line_f1", [], 1),
    ],
)
def test_line_metrics_by_hand(metric, rows, expected):
    assert METRICS[metric].of(case(rows)) == pytest.approx(expected)


def test_a_page_without_the_label_says_nothing_about_its_leak():
    assert math.isnan(METRICS["leak_comment"].of(case(MIXED_PAGE)))


def test_every_kind_of_noise_has_its_leak():
    assert {f"leak_{label}" for label in NOISE_LABELS} <= set(METRICS)


def test_a_profile_moves_titles_into_the_sums():
    strict = case(MIXED_PAGE, profile="strict")
    with_title = case(MIXED_PAGE, profile="with-title")
    assert METRICS["line_precision"].of(strict) == pytest.approx(2 / 5)
    assert METRICS["line_recall"].of(with_title) == pytest.approx(3 / 4)


@pytest.mark.parametrize(
    ("predicted", "gold", "word", "token"),
    [
        ("", "", 1, 1),
        ("", "gold", 0, 0),
        ("text", "", 0, 0),
        ("!!!", "...", 1, 1),
        ("The cat, the CAT", "the cat", 2 * 2 / 6, 2 * 2 / 6),
        ("snake_case", "snake case", 0, 1),
        ("서울의 다리", "서울 다리", 2 * 1 / 4, 2 * 4 / 9),
        ("天氣很好", "天氣不好", 0, 2 * 3 / 8),
    ],
)
def test_text_metrics_by_hand(predicted, gold, word, token):
    page = case([], text=predicted, gold_text=gold)
    assert METRICS["word_f1"].of(page) == pytest.approx(word)
    assert METRICS["token_f1"].of(page) == pytest.approx(token)


def test_a_family_selects_all_its_metrics():
    assert [m.name for m in select_metrics(("line",))] == [
        "line_precision",
        "line_recall",
        "line_f1",
    ]
    assert len(select_metrics(("leak",))) == len(NOISE_LABELS)
    assert [m.name for m in select_metrics(("token_f1", "token"))] == [
        "token_f1",
        "token_similarity",
    ]


def test_an_unknown_metric_is_refused_with_those_there_are():
    with pytest.raises(DataError, match="no metric 'bleu'; there are line_precision"):
        select_metrics(("bleu",))


@pytest.fixture
def without_jieba(monkeypatch):
    monkeypatch.setitem(sys.modules, "jieba", None)


@pytest.mark.usefixtures("without_jieba")
@pytest.mark.parametrize("name", ["rouge5", "rouge5_f1"])
def test_a_metric_whose_extra_is_missing_is_refused_with_the_remedy(name):
    with pytest.raises(
        DataError,
        match=r"^metric rouge5_\w+ needs the package jieba; "
        r"install it with: pip install 'boilerbench\[webmainbench\]'$",
    ):
        select_metrics((name,))


@pytest.mark.usefixtures("without_jieba")
def test_without_an_extra_the_other_metrics_go_on():
    names = tuple(name for name in METRICS if not name.startswith("rouge5"))
    page = case([("body", 8, True)], text="我来到北京。", gold_text="我来到北京清华大学。")
    assert [metric.name for metric in select_metrics(names)] == list(names)
    assert all(metric.on(page) for metric in select_metrics(names))
    listed = {row["metric"]: row["what"] for row in metrics()}
    missing = "(needs the package jieba; install it with: pip install 'boilerbench[webmainbench]')"
    assert {name for name, what in listed.items() if what.endswith(missing)} == {
        "rouge5_precision", "rouge5_recall", "rouge5_f1",
    }  # fmt: skip


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
def test_every_metric_says_what_it_means_and_its_empty_case(metric):
    assert ":" in metric.description
    assert metric.description.endswith(".")
