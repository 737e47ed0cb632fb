import re

import numpy as np
import pytest

from corpus import split_html, split_text
from labels import LABELS, Facts, project

TITLE = "The ferry is back"
DATE = re.compile(r"\b3 May 2025\b")


def labelled(lines, gold, facts=None):
    labels, coverage = project(lines, gold, facts)
    return [str(LABELS[code]) for code in labels], coverage


def test_labels_follow_coverage():
    # 4, 3, 2 and 1 of 5 tokens, all, none.
    page = split_text("a b c d x\ne f g x x\ni j x x x\nx x x x k l m n o p\nq r s t\nx x x")
    gold = "a b c d\ne f g\ni j\nk l\nq r s t"
    labels, coverage = labelled(page, gold)
    np.testing.assert_allclose(coverage, [0.8, 0.6, 0.4, 0.2, 1, 0], atol=1e-6)
    assert labels == ["body", "mixed", "mixed", "noise", "body", "noise"]
    assert coverage.dtype == np.float32


@pytest.mark.parametrize("gold", ["", "Nothing of this is there"])
def test_a_gold_text_that_is_nowhere_leaves_noise(gold):
    labels, coverage = labelled(split_text("one two three\nfour five six"), gold)
    assert labels == ["noise", "noise"]
    assert coverage.tolist() == [0, 0]


def test_a_page_without_lines_has_no_labels():
    labels, coverage = project(split_text(""), "some gold", Facts(title=TITLE))
    assert labels.shape == coverage.shape == (0,)


PAGE = split_html(
    "<nav>Home</nav><h1>The ferry is back</h1><p>By Ann Bell, <time>3 May 2025</time></p>"
    "<p>It runs again from Monday on.</p><p>Ann Bell waved.</p>"
    "<aside><p>The ferry is back</p><p>3 May 2025</p><h2>The ferry is back!</h2></aside>"
)
GOLD = "It runs again from Monday on.\nAnn Bell waved."


def test_title_author_and_date_become_optional():
    labels, _ = labelled(PAGE, GOLD, Facts(TITLE, "Ann Bell", DATE))
    assert labels == ["noise", "title", "byline", "body", "body", "noise", "byline", "title"]


def test_a_byline_has_up_to_24_words_however_long_they_are():
    words = ["international-correspondent"] * 11  # two words each
    page = split_text("\n".join(" ".join(["Ann", "Bell", *words, *more]) for more in ([], ["x"])))
    labels, _ = labelled(page, "", Facts(author="Ann Bell"))
    assert labels == ["byline", "noise"]


def test_without_facts_they_are_noise():
    labels, _ = labelled(PAGE, GOLD)
    assert labels == ["noise", "noise", "noise", "body", "body", "noise", "noise", "noise"]
    assert labelled(PAGE, GOLD, Facts())[0] == labels


def test_a_title_that_the_gold_text_holds_is_body():
    labels, _ = labelled(PAGE, f"{TITLE}\n{GOLD}", Facts(TITLE))
    assert labels[1] == "body"


def test_below_the_body_only_a_heading_is_the_title():
    page = split_text(f"{TITLE}\nIt runs again from Monday on.\n{TITLE}")
    assert labelled(page, "It runs again from Monday on.", Facts(TITLE))[0] == [
        "title",
        "body",
        "noise",
    ]


def test_part_of_the_title_is_not_the_title():
    page = split_text("The ferry\nThe ferry is back - Daily News\nIt runs again from Monday on.")
    labels, _ = labelled(page, "It runs again from Monday on.", Facts(TITLE))
    assert labels == ["noise", "noise", "body"]


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("Ann Bell", "byline"),
        ("by ANN BELL | Thornquay", "byline"),
        ("Joann Bell", "noise"),
        ("Ann Bellamy", "noise"),
        ("Bell Ann", "noise"),
        ("Ann Bell " + "and others " * 12, "noise"),  # 26 words are no byline
    ],
)
def test_a_byline_is_short_and_names_the_author_in_whole_words(line, label):
    page = split_text(f"{line}\nIt runs again from Monday on.")
    labels, _ = labelled(page, "It runs again from Monday on.", Facts(author="Ann Bell"))
    assert labels == [label, "body"]


def test_the_authors_name_in_a_line_of_body_stays_body():
    assert labelled(PAGE, GOLD, Facts(author="Ann Bell"))[0][4] == "body"


def test_korean_names_are_found_as_they_stand():
    page = split_text("홍길동 기자\n나룻배가 월요일부터 다시 다닌다.\n많이 본 기사")
    labels, _ = labelled(page, "나룻배가 월요일부터 다시 다닌다.", Facts(author="홍길동"))
    assert labels == ["byline", "body", "noise"]
