import numpy as np
import pytest

from corpus import DataError
from labels import LABELS, Label
from labels.annotation.drafts import draft as drafts
from labels.annotation.drafts.draft import Draft

BODY, TITLE, LEGAL = (LABELS.index(label) for label in (Label.BODY, Label.TITLE, Label.LEGAL))


def of(*labels, start="proposals"):
    return Draft(np.array(labels, np.int8), np.zeros(len(labels), np.bool_), start)


def test_each_label_has_a_key_of_its_own_that_no_command_has():
    keys = [label.key for label in LABELS]
    assert len(set(keys)) == len(LABELS)
    assert not set(keys) & set("jkugzdqv")


def test_a_label_decides_its_lines_and_no_others():
    draft = of(BODY, BODY, BODY).label([2, 0, 2], LEGAL)
    assert draft.labels.tolist() == [LEGAL, BODY, LEGAL]
    assert draft.decided.tolist() == [True, False, True]


def test_confirming_keeps_the_label_and_decides_it():
    draft = of(BODY, TITLE).confirm([1])
    assert draft.labels.tolist() == [BODY, TITLE]
    assert draft.decided.tolist() == [False, True]


def test_undo_and_redo_restore_labels_and_what_was_decided():
    first = of(BODY, BODY).label([0], TITLE)
    second = first.label([0, 1], LEGAL)
    back = second.undo()
    assert (back.labels.tolist(), back.decided.tolist()) == ([TITLE, BODY], [True, False])
    assert back.undo().decided.tolist() == [False, False]
    assert back.redo().labels.tolist() == [LEGAL, LEGAL]
    assert back.undo().undo().undo().labels.tolist() == [BODY, BODY]
    assert second.redo() is second


def test_a_new_change_ends_what_could_be_done_again():
    assert of(BODY).label([0], TITLE).undo().label([0], LEGAL).undone == ()


def test_a_change_that_changes_nothing_is_no_step():
    draft = of(BODY).label([0], TITLE)
    assert draft.label([0], TITLE) is draft
    assert draft.confirm([0]) is draft


def test_a_line_that_is_not_there_is_refused():
    with pytest.raises(DataError, match="no line 3; the page has 2"):
        of(BODY, BODY).label([2], TITLE)
    with pytest.raises(DataError, match="no line 0"):
        of(BODY, BODY).confirm([-1])
    with pytest.raises(DataError, match="no line 3; the page has 2"):
        of(BODY, BODY, start="blank").confirm([2])


def test_a_blank_draft_has_no_label_until_one_is_given():
    draft = of(LEGAL, LEGAL, start="blank")
    assert draft.missing == 2
    with pytest.raises(DataError, match="without a label cannot be confirmed"):
        draft.confirm([0])
    assert draft.label([0], LEGAL).missing == 1
    assert draft.label([0], LEGAL).undo().missing == 2


def test_what_is_written_is_read_again():
    draft = of(BODY, TITLE, LEGAL).label([0, 2], TITLE).label([1], BODY).undo()
    read = Draft.from_json(draft.to_json(), 3)
    assert read.to_json() == draft.to_json()
    assert read.redo().labels.tolist() == [TITLE, BODY, TITLE]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": 2}',
        of(BODY).to_json(),
        of(BODY, BODY).to_json().replace("bb", "b?"),
    ],
)
def test_what_is_no_state_of_the_page_is_refused(text):
    with pytest.raises(ValueError, match=r"draft|version|number of lines|Expecting"):
        Draft.from_json(text, 2)


def test_history_forgets_the_oldest_steps_and_never_the_last(monkeypatch):
    monkeypatch.setattr(drafts, "HISTORY", 3)
    draft = of(BODY, BODY, BODY, BODY)
    for code in (TITLE, LEGAL, TITLE):
        draft = draft.label([0, 1], code)
    assert len(draft.done) == 1
    assert len(draft.label([0, 1, 2, 3], LEGAL).done) == 1
