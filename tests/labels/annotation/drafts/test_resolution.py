import json

import numpy as np
import pytest

from corpus import DataError
from labels import Label, codes, write_labels
from labels.annotation.drafts.decisions import read_decisions
from labels.annotation.drafts.resolution import Resolver
from labels.annotation.drafts.store import ConflictError, GoldDiffersError, Store

LABELLED = {
    "first": ["navigation", "body", "body", "social"],
    "second": ["navigation", "body", "legal", "advert"],
}


@pytest.fixture
def drafts(folders, store):
    def write(**changed):
        for name, labels in (LABELLED | changed).items():
            path = folders.draft_of("en-1", name)
            write_labels(path, store.lines("en-1").texts, codes(labels))

    write()
    return write


@pytest.fixture
def resolver(store, drafts):
    drafts()
    return Resolver(store)


def test_lines_on_which_annotators_differ_are_in_dispute(resolver):
    resolution = resolver.open("en-1")
    assert resolution.names == ("first", "second")
    assert resolution.disputed == resolution.open == [2, 3]
    assert [(one.id, one.names) for one in resolver.disputes()] == [("en-1", ("first", "second"))]


def test_one_draft_alone_disputes_nothing(resolver, store):
    with pytest.raises(DataError, match="ko-1: nobody has a draft; it takes two"):
        resolver.open("ko-1")
    with pytest.raises(DataError, match="en-1: first alone has a draft"):
        Resolver(store, ["first", "one"]).open("en-1")


def test_every_decision_is_kept_at_once_and_can_be_taken_back(resolver, store):
    first = resolver.decide("en-1", resolver.open("en-1").version, [2], Label.BODY)
    assert first.open == [3]
    assert Resolver(store).open("en-1").decided == {2: Label.BODY.code}
    second = resolver.decide("en-1", first.version, [2], None)
    assert second.open == [2, 3]


def test_a_line_they_agree_on_cannot_be_decided(resolver):
    with pytest.raises(DataError, match="line 1 is not in dispute"):
        resolver.decide("en-1", resolver.open("en-1").version, [0], Label.BODY)


def test_a_decision_on_what_has_changed_since_is_stale(resolver, drafts, folders):
    opened = resolver.open("en-1")
    resolver.decide("en-1", opened.version, [2], Label.BODY)
    with pytest.raises(ConflictError) as caught:
        resolver.decide("en-1", opened.version, [2], Label.LEGAL)
    assert caught.value.current.decided == {2: Label.BODY.code}
    version = resolver.open("en-1").version
    drafts(third=["navigation", "body", "body", "advert"])
    with pytest.raises(ConflictError):
        resolver.accept("en-1", version)
    assert not folders.gold_of("en-1").exists()


def test_gold_is_what_all_say_and_what_was_decided_with_who_decided(resolver, store, folders):
    opened = resolver.decide("en-1", resolver.open("en-1").version, [2], Label.BODY)
    with pytest.raises(DataError, match="line 4 is not decided yet"):
        resolver.accept("en-1", opened.version)
    opened = resolver.decide("en-1", opened.version, [3], Label.COMMENT)
    resolver.accept("en-1", opened.version)
    assert store.gold("en-1").tolist() == codes(["navigation", "body", "body", "comment"]).tolist()
    decisions = read_decisions(folders)
    assert [(one.line, one.label, one.decided_by) for one in decisions] == [
        (3, "body", "one"), (4, "comment", "one"),
    ]  # fmt: skip
    assert decisions[1].annotators == {"first": "social", "second": "advert"}


def test_gold_that_differs_is_not_replaced_unseen_and_no_decision_is_recorded(
    resolver, store, folders
):
    write_labels(folders.gold_of("en-1"), store.lines("en-1").texts, np.zeros(4, np.int8))
    opened = resolver.decide("en-1", resolver.open("en-1").version, [2, 3], Label.LEGAL)
    with pytest.raises(GoldDiffersError) as caught:
        resolver.accept("en-1", opened.version)
    assert read_decisions(folders) == []
    resolver.accept("en-1", opened.version, gold=caught.value.version)
    assert len(read_decisions(folders)) == 2


@pytest.mark.usefixtures("drafts")
def test_the_decider_may_be_one_of_the_annotators(folders, propose):
    resolver = Resolver(Store(folders, "second", propose))
    opened = resolver.decide("en-1", resolver.open("en-1").version, [2, 3], Label.BODY)
    resolver.accept("en-1", opened.version)
    assert {one.decided_by for one in read_decisions(folders)} == {"second"}


def test_damaged_decisions_are_refused_with_place_and_remedy(resolver, folders):
    path = folders.draft_of("en-1", "one").with_name("en-1.resolve.json")
    path.parent.mkdir(parents=True)
    path.write_text('{"2": "?"}')
    with pytest.raises(DataError, match=r"en-1\.resolve\.json: not decisions .*remove it"):
        resolver.open("en-1")


@pytest.mark.usefixtures("drafts")
def test_over_http_a_stale_decision_is_a_conflict_that_shows_what_is_there(client):
    received = client.json("/api/resolve/en-1")
    assert (received["names"], received["said"], received["disputed"]) == (
        ["first", "second"],
        ["nbbs", "nbla"],
        [2, 3],
    )
    wanted = {"version": received["version"], "lines": [2], "label": "body"}
    first = client.post("/api/resolve/en-1/decide", wanted)
    assert json.loads(first.body)["decided"] == "--b-"
    again = client.post("/api/resolve/en-1/decide", wanted | {"label": "legal"})
    assert again.status == 409
    assert json.loads(again.body)["current"]["decided"] == "--b-"
    assert client.json("/api/disputes")["pages"] == [
        {"id": "en-1", "annotators": ["first", "second"], "disputed": 2, "open": 1}
    ]
