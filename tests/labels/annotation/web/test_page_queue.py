import numpy as np
import pytest

from corpus import Page, split_html
from labels import Label, write_labels
from labels.annotation.checks.review import review
from labels.annotation.drafts.proposals import ProposedLabels
from labels.annotation.drafts.store import Store
from labels.annotation.web.page_queue import PageStatus, Queue, ordered, read_status
from labels.annotation.web.responses import containers_json, problems_json, queue_json

BODY = Label.BODY.code


def summarised(page_id, **values):
    return PageStatus(Page(page_id, b"", "text"), **values)


def test_entropy_is_a_bit_where_nothing_is_known_and_nothing_where_all_is():
    proposals = ProposedLabels(np.zeros(3, np.int8), np.array([0.5, 1.0, 0.89]))
    assert proposals.entropy.round(3).tolist() == [1.0, 0.0, 0.5]
    assert proposals.uncertain.tolist() == [True, False, False]


def test_the_most_uncertain_page_comes_first_and_gold_last():
    pages = [
        summarised("a", status="draft", entropy=0.1),
        summarised("b", status="gold", entropy=0.0),
        summarised("c", status="new", entropy=0.7),
        summarised("d", status="gold", entropy=0.0, missed=9),
    ]
    assert [one.page.id for one in ordered(pages, "uncertain")] == ["c", "a", "b", "d"]
    assert [one.page.id for one in ordered(pages, "missed")] == ["d", "c", "a", "b"]
    assert [one.page.id for one in ordered(pages, "corpus")] == ["a", "b", "c", "d"]


def test_a_page_goes_from_new_over_draft_to_gold(store):
    page = store.page("en-1")
    new = read_status(store, page)
    # Lines of 4, 36, 11 and 5 characters: confidence .9, .9, .725 and .875.
    assert (new.status, new.lines, new.decided, new.uncertain) == ("new", 4, 0, 1)
    assert new.entropy == pytest.approx((0.4690 + 0.4690 + 0.8485 + 0.5436) / 4, abs=1e-4)
    changed = store.change(
        "en-1", store.open("en-1").version, "1", lambda draft: draft.label([2], BODY)
    )
    draft = read_status(store, page)
    assert (draft.status, draft.decided, draft.uncertain) == ("draft", 1, 0)
    assert draft.entropy == pytest.approx((0.4690 + 0.4690 + 0.5436) / 4, abs=1e-4)
    store.accept("en-1", changed.version)
    gold = read_status(store, page)
    assert (gold.status, gold.decided) == ("gold", 4)


def test_who_labels_blank_does_not_see_gold_and_is_finished_with_the_last_line(
    folders, store, propose
):
    store.accept("en-1", store.open("en-1").version)
    blank = Store(folders, "other", propose, blank=True)
    page = blank.page("en-1")
    assert read_status(blank, page).status == "new"
    blank.change(
        "en-1", blank.open("en-1").version, "1", lambda draft: draft.label([0, 1, 2, 3], BODY)
    )
    assert read_status(blank, page).status == "finished"


def test_lines_that_all_extractors_get_wrong_are_counted(folders, propose):
    def misses(_page, _lines, labels):
        return labels == BODY

    assert (
        read_status(Store(folders, "one", propose, find_missed=misses), next(folders.read())).missed
        == 4
    )


def test_a_page_whose_labels_cannot_be_read_says_so_and_the_rest_goes_on(store, folders):
    path = folders.draft_of("ko-1", "one")
    path.parent.mkdir(parents=True)
    path.write_text("no label file\n")
    broken, fine = Queue(store).statuses()
    assert broken.status == "draft"
    assert "ko-1.tsv:1: the first row must be" in broken.problem
    assert fine.problem is None
    assert queue_json(store, [broken, fine], 0)["pages"][0]["problem"] == broken.problem


def test_summaries_come_a_few_at_a_time_and_are_made_again_only_after_a_change(store, monkeypatch):
    queue, read = Queue(store), []
    monkeypatch.setattr(
        "labels.annotation.web.page_queue.read_status",
        lambda store, page: read.append(page.id) or read_status(store, page),
    )
    assert [one is None for one in queue.statuses(1)] == [False, True]
    assert [one is None for one in queue.statuses(1)] == [False, False]
    queue.statuses()
    assert read == ["ko-1", "en-1"]
    store.change(
        "en-1", store.open("en-1").version, "1", lambda draft: draft.label([0], Label.ADVERT.code)
    )
    assert queue.statuses()[1].decided == 1
    assert read == ["ko-1", "en-1", "en-1"]


def test_sums_are_over_the_pages_that_are_known(store):
    first, other = Queue(store).statuses(1)
    assert other is None
    sent = queue_json(store, [first], 1)
    assert (sent["pending"], len(sent["pages"])) == (1, 1)
    assert (sent["totals"]["pages"], sent["totals"]["lines"]) == (2, 12)


def test_containers_grow_from_a_line_outwards():
    lines = split_html(
        "<body><div><h1>a</h1><ul><li>b</li><li>c</li></ul></div><section><p>d</p></section></body>"
    )
    sent = containers_json(lines)
    chains = [sent["chains"][at] for at in sent["of"]]
    assert chains == [[0, 2, 0, 3], [1, 2, 0, 2, 0, 3], [1, 2, 0, 2, 0, 3], [0, 3]]


def test_problems_name_their_lines_and_what_stops_a_draft(store, folders, propose):
    lines, draft = store.lines("en-1"), store.open("en-1").draft
    uncertain = np.array([False, False, True, False])
    texts = [
        (one["text"], one["line"], one["stops"])
        for one in problems_json(draft, uncertain, review(lines, draft.labels))
    ]
    assert ("1 line proposed without certainty and not confirmed", 2, False) in texts
    assert ("no line is labelled title", None, False) in texts
    legal = draft.label([0, 1, 2, 3], Label.LEGAL.code)
    without = problems_json(legal, uncertain, review(lines, legal.labels))
    assert tuple(without[0].values()) == ("no line is body; a page needs one", None, True)
    blank = Store(folders, "other", propose, blank=True).open("en-1").draft.label([1], BODY)
    assert [
        tuple(one.values()) for one in problems_json(blank, uncertain, review(lines, blank.labels))
    ] == [("3 lines without a label", 0, True)]


def test_gold_made_elsewhere_counts_without_a_draft(store, folders):
    lines = store.lines("en-1")
    write_labels(folders.gold_of("en-1"), lines.texts, np.zeros(4, np.int8))
    assert read_status(store, store.page("en-1")).status == "gold"
