import numpy as np
import pytest

from baselines import Model
from bench.label_proposals import find_missed_by_all, propose_with
from bench.running import Run, RunHeader, RunRow
from corpus import Page
from labels import LABELS, codes, open_dataset

HTML = """<!doctype html><html><head><title>The mill turns again - Valley News</title></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/n">News</a></li><li><a href="/v">Village</a></li></ul></nav>
<article><h1>The mill turns again</h1>
<p>The old mill by the river was opened again on Sunday, after four years of repairs that cost the
village more than anyone had expected, and that nobody regrets.</p>
<figure><img src="m.jpg"><figcaption>The wheel, made of larch.</figcaption></figure>
<p>Visitors may now see how flour was ground there until 1961, when the last miller, a quiet man with
a loud dog, retired and left the keys with the baker.</p></article>
<aside><ul><li><a href="/1">Why the river has carried less water every year since</a></li>
<li><a href="/2">A walk along the new bridge, and what there is to see</a></li></ul></aside>
<footer><p>© 2024 Valley News</p></footer></body></html>"""


@pytest.fixture(scope="module")
def propose():
    return propose_with(Model.load("logreg"))


def test_what_a_model_makes_of_a_page_is_proposed(propose):
    page = Page("en-1", HTML.encode(), "html")
    proposals = propose(page, page.lines())
    names = [str(LABELS[code]) for code in proposals.labels]
    assert names[:3] == ["navigation"] * 3
    assert [names[4], names[6]] == ["body", "body"]
    assert proposals.labels.tolist() == Model.load("logreg").label(page.lines()).tolist()
    assert (proposals.confidence >= 0.5).all()


def test_of_pages_that_no_model_saw_most_lines_are_proposed_right(propose):
    right = [
        np.mean(propose(labelled.page, labelled.page.lines()).labels == labelled.labels)
        for labelled in open_dataset("starter").pages("test")
    ]
    assert np.mean(right) > 0.65


def test_a_page_without_lines_has_no_proposals(propose):
    page = Page("en-1", b"", "text")
    assert len(propose(page, page.lines()).labels) == 0


def run(name, **kept):
    rows = {
        page_id: RunRow(page_id, "ok", kept=np.array(lines, np.bool_))
        for page_id, lines in kept.items()
    }
    return Run(RunHeader(name), rows)


def test_a_line_is_missed_if_every_run_gets_it_wrong():
    page = Page("a", b"Home\nThe mill\nIt is open.\nAgain.\nShare", "text")
    labels = codes(["navigation", "title", "body", "body", "social"])
    runs = [run("one", a=[1, 1, 0, 0, 0]), run("two", a=[1, 1, 0, 1, 0])]
    missed = find_missed_by_all(runs)(page, page.lines(), labels)
    assert missed.tolist() == [True, False, True, False, False]


def test_a_run_that_failed_keeps_nothing_and_one_without_the_page_says_nothing():
    page = Page("a", b"Home\nIt is open.", "text")
    labels = codes(["navigation", "body"])
    failed = Run(RunHeader("one"), {"a": RunRow("a", "timeout")})
    assert find_missed_by_all([failed])(page, page.lines(), labels).tolist() == [False, True]
    assert not find_missed_by_all([failed, run("two", b=[1])])(page, page.lines(), labels).any()
    assert not find_missed_by_all([])(page, page.lines(), labels).any()
