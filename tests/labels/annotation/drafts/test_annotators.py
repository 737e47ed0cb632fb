import numpy as np
import pytest

from corpus import DataError
from labels import codes
from labels.annotation.drafts.annotators import (
    check_annotator,
    choose_annotators,
    find_annotators,
    read_annotations,
)
from labels.annotation.drafts.draft import Draft
from labels.annotation.drafts.draft_file import DraftFile

ROWS = [("navigation", "Home"), ("body", "The text of it."), ("legal", "All rights reserved.")]


@pytest.fixture
def folders(make_corpus, write_draft):
    """Three pages with gold; ada has drafts of the first two, bob of the second."""
    folders = make_corpus({"xx-1": ROWS, "xx-2": ROWS, "yy-3": ROWS})
    write_draft(folders, "ada", "xx-1", ROWS)
    write_draft(folders, "ada", "xx-2", ROWS, ["navigation", "body", "advert"])
    write_draft(folders, "bob", "xx-2", ROWS)
    return folders


def read(folders, names=(), ids=()):
    """The labels of two annotators or more, as 'bench label agree' reads them."""
    return read_annotations(folders, choose_annotators(folders, names, at_least=2), ids)


def test_annotators_are_those_who_have_drafts(folders):
    assert find_annotators(folders) == ["ada", "bob"]
    assert choose_annotators(folders) == ["ada", "bob", "gold"]
    assert choose_annotators(folders, ["bob", "ada", "bob"]) == ["bob", "ada"]


def test_a_corpus_without_labels_has_no_annotators(make_corpus):
    folders = make_corpus({"xx-1": ROWS}, labelled=False)
    assert find_annotators(folders) == choose_annotators(folders) == []
    with pytest.raises(DataError, match=r"ada has no labels in .*; nobody has"):
        choose_annotators(folders, ["ada"])
    with pytest.raises(DataError, match="labels of nobody alone; agreement takes two"):
        read(folders)


def test_all_labels_of_each_page_are_read(folders):
    found = read(folders)
    assert [(page.page.id, list(page.labels)) for page in found.pages] == [
        ("xx-1", ["ada", "gold"]),
        ("xx-2", ["ada", "bob", "gold"]),
        ("yy-3", ["gold"]),
    ]
    assert found.pages[1].labels["ada"].tolist() == codes(["navigation", "body", "advert"]).tolist()
    assert found.pages[1].texts == [text for _, text in ROWS]


def test_annotators_and_pages_can_be_chosen(folders):
    found = read(folders, ["bob", "ada"])
    assert [(page.page.id, list(page.labels)) for page in found.pages] == [
        ("xx-1", ["ada"]), ("xx-2", ["bob", "ada"]), ("yy-3", []),
    ]  # fmt: skip
    assert [page.page.id for page in read(folders, ids=["yy-3"]).pages] == ["yy-3"]


def test_one_annotator_alone_unknown_ones_and_unknown_pages_are_refused(folders):
    with pytest.raises(DataError, match="labels of ada alone"):
        read(folders, ["ada"])
    with pytest.raises(DataError, match=r"cay has no labels in .*; there are ada, bob, gold"):
        read(folders, ["ada", "cay"])
    with pytest.raises(DataError, match="no page zz-9 in"):
        read(folders, ids=["zz-9"])


def test_a_draft_that_does_not_match_its_page_is_refused(folders):
    path = folders.draft_of("xx-2", "bob")
    path.write_text(path.read_text(encoding="utf-8").replace("Home", "House"), encoding="utf-8")
    with pytest.raises(DataError, match=r"xx-2\.tsv:2: the text is not that of the page"):
        read(folders)


def keep_state(folders, start, decided):
    labels = codes([name for name, _ in ROWS])
    path = DraftFile(folders.draft_of("xx-2", "bob")).state_path
    path.write_text(Draft(labels, np.array(decided), start).to_json(), encoding="utf-8")
    return path


def test_a_draft_with_lines_that_have_no_label_yet_is_left_out_and_reported(folders):
    keep_state(folders, "blank", [True, False, True])
    found = read(folders)
    assert [list(page.labels) for page in found.pages][1] == ["ada", "gold"]
    assert found.unfinished == [folders.draft_of("xx-2", "bob")]
    keep_state(folders, "blank", [True, True, True])
    assert read(folders).unfinished == []


def test_a_draft_that_began_with_proposals_has_all_its_labels(folders):
    keep_state(folders, "proposals", [False, False, False])
    assert read(folders).unfinished == []


def test_a_damaged_state_is_refused(folders):
    keep_state(folders, "blank", [True, True, True]).write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match=r"xx-2\.state\.json: not the state of this draft"):
        read(folders)


def test_pages_without_labels_are_read(folders):
    assert [(page.page.id, len(page.labels)) for page in read_annotations(folders, []).pages] == [
        ("xx-1", 0), ("xx-2", 0), ("yy-3", 0),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["ada", "하나", "a.b@c-1"])
def test_names_of_annotators_are_names_of_folders(name):
    check_annotator(name)


@pytest.mark.parametrize("name", ["gold", "", "..", "a/b", ".a", "a b", "x" * 65])
def test_other_names_are_refused(name):
    with pytest.raises(DataError, match="cannot be the name of a folder of drafts"):
        check_annotator(name)
