import numpy as np
import pytest

from corpus import DataError
from labels import LABELS, Label, read_labels, write_labels
from labels.annotation.drafts.draft import Draft
from labels.annotation.drafts.store import (
    ConflictError,
    GoldDiffersError,
    Store,
)

BODY, NAVIGATION, ADVERT = (
    LABELS.index(label) for label in (Label.BODY, Label.NAVIGATION, Label.ADVERT)
)
KOREAN_LINES = 12


def label(version, lines, name, operation=None):
    """Arguments of a change that labels lines."""
    operation = operation or f"{version}{lines}{name}"
    return version, operation, lambda draft: draft.label(lines, Label(name).code)


def on_disk(store, page_id="ko-1"):
    return read_labels(store.folders.draft_of(page_id, "one"), store.lines(page_id))


def test_opening_a_page_writes_nothing(store):
    opened = store.open("ko-1")
    assert not opened.stored
    assert opened.draft.start == "proposals"
    assert len(opened.draft) == KOREAN_LINES
    assert not store.folders.gold.exists()


def test_a_change_is_on_disk_when_it_is_answered_and_others_keep_their_proposals(store):
    opened = store.open("ko-1")
    changed = store.change("ko-1", *label(opened.version, [0], "advert"))
    assert on_disk(store)[0] == ADVERT
    assert on_disk(store)[1:].tolist() == opened.draft.labels[1:].tolist()
    assert changed.draft.decided.tolist() == [True] + [False] * (KOREAN_LINES - 1)
    assert store.open("ko-1").version == changed.version


def test_a_draft_comes_before_gold_and_gold_before_proposals(store):
    lines = store.lines("ko-1")
    gold = np.full(len(lines), ADVERT, np.int8)
    write_labels(store.folders.gold_of("ko-1"), lines.texts, gold)
    opened = store.open("ko-1")
    assert opened.draft.start == "gold"
    assert opened.draft.labels.tolist() == gold.tolist()
    assert opened.draft.decided.all()
    store.change("ko-1", *label(opened.version, [0], "body"))
    assert store.open("ko-1").draft.labels.tolist() == [BODY, *gold[1:]]


def test_a_change_of_an_old_version_is_a_conflict_and_writes_nothing(store, folders, propose):
    opened = store.open("ko-1")
    store.change("ko-1", *label(opened.version, [0], "advert"))
    other = Store(folders, "one", propose)
    with pytest.raises(ConflictError) as caught:
        other.change("ko-1", *label(opened.version, [1], "legal"))
    assert caught.value.current.draft.labels[0] == ADVERT
    assert on_disk(store)[1] == NAVIGATION


def test_a_change_back_and_forth_is_another_version_all_the_same(store):
    first = store.change("ko-1", *label(store.open("ko-1").version, [0], "advert", "1"))
    second = store.change("ko-1", *label(first.version, [0], "legal", "2"))
    third = store.change("ko-1", *label(second.version, [0], "advert", "3"))
    assert third.version != first.version


def test_an_operation_that_comes_twice_is_done_once(store):
    operation = label(store.open("ko-1").version, [0], "advert")
    once = store.change("ko-1", *operation)
    again = store.change("ko-1", *operation)
    assert again.version == once.version
    assert len(again.draft.done) == 1


def test_undo_and_redo_outlive_the_server(store, folders, propose):
    changed = store.change("ko-1", *label(store.open("ko-1").version, [0, 1], "advert"))
    later = Store(folders, "one", propose)
    undone = later.change("ko-1", changed.version, "u", Draft.undo)
    assert on_disk(store)[:2].tolist() == [NAVIGATION, NAVIGATION]
    assert not undone.draft.decided.any()
    later.change("ko-1", undone.version, "r", Draft.redo)
    assert on_disk(store)[:2].tolist() == [ADVERT, ADVERT]


def test_a_label_file_changed_by_hand_is_taken_over_as_a_step_that_can_be_undone(store):
    changed = store.change("ko-1", *label(store.open("ko-1").version, [0], "advert"))
    labels = on_disk(store).copy()
    labels[3] = ADVERT
    write_labels(store.folders.draft_of("ko-1", "one"), store.lines("ko-1").texts, labels)
    opened = store.open("ko-1")
    assert opened.version != changed.version
    assert opened.draft.decided.nonzero()[0].tolist() == [0, 3]
    with pytest.raises(ConflictError):
        store.change("ko-1", *label(changed.version, [1], "legal"))
    store.change("ko-1", opened.version, "u", Draft.undo)
    assert on_disk(store)[3] == store.proposals("ko-1").labels[3]


def test_a_server_that_dies_between_the_two_files_loses_nothing(store, monkeypatch):
    first = store.change("ko-1", *label(store.open("ko-1").version, [0], "advert"))

    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("labels.annotation.drafts.draft_file.write_atomically", die)
    with pytest.raises(KeyboardInterrupt):
        store.change("ko-1", *label(first.version, [1], "legal"))
    monkeypatch.undo()
    opened = store.open("ko-1")
    assert opened.draft.labels[:2].tolist() == [ADVERT, Label.LEGAL.code]
    assert opened.draft.decided[:3].tolist() == [True, True, False]
    assert len(opened.draft.done) == 2


def test_a_label_file_made_elsewhere_is_decided_throughout(store):
    lines = store.lines("ko-1")
    path = store.folders.draft_of("ko-1", "one")
    write_labels(path, lines.texts, np.zeros(len(lines), np.int8))
    draft = store.open("ko-1").draft
    assert draft.start == "draft"
    assert draft.decided.all()


def test_a_damaged_state_is_refused_with_place_and_remedy(store):
    store.change("ko-1", *label(store.open("ko-1").version, [0], "advert"))
    path = store.file("ko-1").state_path
    path.write_text("{")
    with pytest.raises(DataError, match=r"ko-1\.state\.json: .*remove it to go on"):
        store.open("ko-1")


def test_a_draft_whose_text_was_edited_is_refused_and_left_alone(store):
    opened = store.change("ko-1", *label(store.open("ko-1").version, [0], "advert"))
    path = store.folders.draft_of("ko-1", "one")
    edited = path.read_text(encoding="utf-8").replace("방앗간", "찻집")
    path.write_text(edited, encoding="utf-8")
    with pytest.raises(DataError, match="the text is not that of the page"):
        store.change("ko-1", *label(opened.version, [1], "legal"))
    assert path.read_text(encoding="utf-8") == edited


def test_a_page_that_is_not_in_the_corpus_has_no_draft(store):
    for page_id in ("ko-9", "../ko-1", "..", ""):
        with pytest.raises(DataError, match="no page"):
            store.open(page_id)
        with pytest.raises(DataError, match="no page"):
            store.change(page_id, *label("x", [0], "body"))


def test_blank_drafts_show_neither_proposals_nor_gold(folders, store, propose):
    lines = store.lines("ko-1")
    write_labels(folders.gold_of("ko-1"), lines.texts, np.zeros(len(lines), np.int8))
    blank = Store(folders, "other", propose, blank=True)
    opened = blank.open("ko-1")
    assert opened.draft.missing == KOREAN_LINES
    changed = blank.change("ko-1", *label(opened.version, [0], "body"))
    with pytest.raises(DataError, match="11 lines have no label yet"):
        blank.accept("ko-1", changed.version)
    # It stays blank for whoever opens it without the switch.
    assert Store(folders, "other", propose).open("ko-1").draft.missing == KOREAN_LINES - 1


def test_a_draft_becomes_gold_once_nothing_changed_since(store):
    opened = store.open("ko-1")
    changed = store.change("ko-1", *label(opened.version, [0], "advert"))
    with pytest.raises(ConflictError):
        store.accept("ko-1", opened.version)
    assert store.gold("ko-1") is None
    store.accept("ko-1", changed.version)
    assert store.gold("ko-1").tolist() == on_disk(store).tolist()


def test_gold_that_differs_is_replaced_only_by_who_has_seen_it(store):
    accepted = store.accept("ko-1", store.open("ko-1").version)
    assert accepted.stored
    changed = store.change("ko-1", *label(accepted.version, [0, 4], "advert"))
    with pytest.raises(GoldDiffersError) as caught:
        store.accept("ko-1", changed.version)
    assert caught.value.lines == [0, 4]
    assert store.gold("ko-1")[0] == NAVIGATION
    with pytest.raises(GoldDiffersError):
        store.accept("ko-1", changed.version, gold="another")
    store.accept("ko-1", changed.version, gold=caught.value.version)
    assert store.gold("ko-1")[0] == ADVERT
    store.accept("ko-1", changed.version)  # the same once more


def test_pages_that_are_added_meanwhile_are_seen(store, folders):
    assert list(store.pages()) == ["ko-1", "en-1"]
    row = folders.index.read_text(encoding="utf-8").splitlines()[1].replace("en-1", "en-2")
    (folders.pages / "en-2.txt").write_bytes((folders.pages / "en-1.txt").read_bytes())
    folders.index.write_text(
        folders.index.read_text(encoding="utf-8") + row + "\n", encoding="utf-8"
    )
    assert list(store.pages()) == ["ko-1", "en-1", "en-2"]


def test_a_page_without_lines_can_be_opened(write_corpus, propose):
    empty = Store(write_corpus([("xx-1", "text", "\n \n")]), "one", propose)
    assert len(empty.open("xx-1").draft) == 0
