import numpy as np
import pytest

from corpus import SPLITTER_VERSION, DataError
from labels import LABELS, codes, read_labels
from labels.annotation.drafts.draft import Draft
from labels.annotation.drafts.draft_file import DraftFile
from labels.annotation.label_transfer import How
from labels.annotation.migration import migrate

ROWS = [
    ("navigation", "Home"),
    ("navigation", "News"),
    ("title", "The ferry is back"),
    ("body", "The ferry to the island runs again from Monday."),
    ("body", "It had been laid up since the storm in March."),
    ("social", "Share"),
]
OLDER = [
    ("navigation", "Home News"),
    ("title", "The ferry is back"),
    ("body", "The ferry to the island runs"),
    ("body", "again from Monday. It had been laid up since the storm in March."),
    ("social", "Share"),
]
HOW_OLDER = {How.SAME: 2, How.PART: 4}
LACKING = OLDER[:-1]


def stored(path, rows, splitter=0):
    """A label file of another splitter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{label}\t{text}\n" for label, text in rows)
    path.write_text(f"# splitter {splitter}\n{text}", encoding="utf-8")
    return path


@pytest.fixture
def folders(make_corpus):
    return make_corpus({"xx-1": ROWS, "xx-2": ROWS})


def lines(folders):
    return next(iter(folders.read())).lines()


def labels_in(path, folders):
    return [str(LABELS[code]) for code in read_labels(path, lines(folders))]


def everything(folders):
    return {path: path.read_bytes() for path in sorted(folders.gold.rglob("*")) if path.is_file()}


def test_files_of_this_splitter_are_left_alone(folders):
    before = everything(folders)
    assert migrate(folders) == ([], [])
    assert everything(folders) == before


def test_an_older_file_gets_the_lines_of_this_splitter(folders):
    path = stored(folders.gold_of("xx-1"), OLDER)
    other = folders.gold_of("xx-2").read_bytes()
    ((done,), problems) = migrate(folders)
    assert problems == []
    assert (done.path, done.written, done.splitter) == (path, path, 0)
    assert (done.how, done.gone, done.look, done.is_whole) == (HOW_OLDER, 0, (), True)
    assert path.read_text(encoding="utf-8").startswith(f"# splitter {SPLITTER_VERSION}\n")
    assert labels_in(path, folders) == [label for label, _ in ROWS]
    assert folders.gold_of("xx-2").read_bytes() == other
    assert migrate(folders) == ([], [])


def test_a_dry_run_reports_the_same_and_writes_nothing(folders):
    stored(folders.gold_of("xx-1"), OLDER)
    stored(folders.draft_of("xx-1", "ada"), LACKING)
    before = everything(folders)
    planned = migrate(folders, dry_run=True)
    assert everything(folders) == before
    assert planned == migrate(folders)
    assert everything(folders) != before


def test_gold_of_which_a_line_is_left_stays_and_says_where(folders):
    path = stored(folders.gold_of("xx-1"), LACKING)
    before = everything(folders)
    ((done,), _) = migrate(folders)
    assert (done.how[How.LEFT], done.written, done.is_whole) == (1, None, False)
    assert done.look == (f"{path}:7: no stored label is known for this line: “Share”",)
    assert everything(folders) == before


def test_gold_of_which_a_line_is_left_can_become_a_draft_to_be_finished(folders):
    gold = stored(folders.gold_of("xx-1"), LACKING)
    before = gold.read_bytes()
    ((done,), _) = migrate(folders, finish_as="bea")
    draft = folders.draft_of("xx-1", "bea")
    assert (done.written, gold.read_bytes()) == (draft, before)
    assert done.look == (f"{draft}:7: no stored label is known for this line: “Share”",)
    assert labels_in(draft, folders)[:5] == [label for label, _ in ROWS[:5]]
    state = Draft.from_json(DraftFile(draft).state_path.read_bytes(), len(ROWS))
    assert state.missing == 1
    assert state.decided.tolist() == [True] * 5 + [False]


def test_a_draft_that_is_there_is_not_overwritten(folders):
    stored(folders.gold_of("xx-1"), LACKING)
    draft = stored(folders.draft_of("xx-1", "bea"), ROWS, SPLITTER_VERSION)
    before = everything(folders)
    assert migrate(folders, finish_as="bea") == (
        [],
        [f"{draft}: there is a draft already; finish as another annotator"],
    )
    assert everything(folders) == before
    with pytest.raises(DataError, match="'gold' cannot be the name"):
        migrate(folders, finish_as="gold")


def test_drafts_are_carried_over_in_their_place(folders):
    path = stored(folders.draft_of("xx-1", "ada"), OLDER)
    ((done,), _) = migrate(folders)
    assert (done.written, done.how) == (path, HOW_OLDER)
    assert labels_in(path, folders) == [label for label, _ in ROWS]
    assert not DraftFile(path).state_path.exists()


def test_a_draft_of_which_a_line_is_left_is_unfinished_afterwards(folders):
    path = stored(folders.draft_of("xx-1", "ada"), LACKING)
    ((done,), _) = migrate(folders)
    assert (done.written, done.is_whole) == (path, False)
    state = Draft.from_json(DraftFile(path).state_path.read_bytes(), len(ROWS))
    assert (state.missing, state.start) == (1, "blank")


def keep_state(path, start, decided):
    labels = codes([label for label, _ in OLDER])
    DraftFile(path).state_path.write_text(
        Draft(labels, np.array(decided), start).to_json(), encoding="utf-8"
    )


def test_what_an_annotator_has_decided_is_carried_over(folders):
    path = stored(folders.draft_of("xx-1", "ada"), OLDER)
    keep_state(path, "proposals", [True, False, True, False, True])
    migrate(folders)
    state = Draft.from_json(DraftFile(path).state_path.read_bytes(), len(ROWS))
    # The fourth line is made of one that was decided and one that was not.
    assert state.decided.tolist() == [True, True, False, False, False, True]
    assert (state.start, state.done, state.missing) == ("proposals", (), 0)


def test_lines_that_had_no_label_yet_have_none_afterwards(folders):
    path = stored(folders.draft_of("xx-1", "ada"), OLDER)
    keep_state(path, "blank", [True, True, True, True, False])
    ((done,), _) = migrate(folders)
    assert done.is_whole
    state = Draft.from_json(DraftFile(path).state_path.read_bytes(), len(ROWS))
    assert (state.missing, state.decided.tolist()) == (1, [True] * 5 + [False])


def test_a_migration_that_was_cut_off_after_the_state_goes_on(folders):
    path = stored(folders.draft_of("xx-1", "ada"), OLDER)
    keep_state(path, "blank", [True, True, True, True, False])
    older = path.read_bytes()
    migrate(folders)
    done = everything(folders)
    path.write_bytes(older)
    migrate(folders)
    assert everything(folders) == done


def test_decisions_in_progress_are_dropped_and_reported(folders):
    stored(folders.draft_of("xx-1", "ada"), OLDER)
    progress = folders.draft_of("xx-1", "cay").with_name("xx-1.resolve.json")
    other = folders.draft_of("xx-2", "cay").with_name("xx-2.resolve.json")
    progress.parent.mkdir()
    for path in (progress, other):
        path.write_text("{}\n", encoding="utf-8")
    ((done,), _) = migrate(folders, dry_run=True)
    assert progress.exists()
    ((done,), _) = migrate(folders)
    assert done.look == (f"{progress}: what was decided was of other lines; decide again",)
    assert not progress.exists()
    assert other.exists()


def test_joined_lines_of_several_labels_are_reported(folders):
    rows = [*OLDER[:3], ("body", "again from Monday."), ("advert", OLDER[3][1][19:]), OLDER[4]]
    path = stored(folders.gold_of("xx-1"), rows)
    migrate(folders)
    assert labels_in(path, folders)[3:5] == ["body", "advert"]
    joined = [
        *rows[:4],
        ("advert", "It had been laid up"),
        ("body", "since the storm in March."),
        OLDER[4],
    ]
    stored(path, joined)
    ((done,), _) = migrate(folders)
    assert done.how[How.MIXED] == 1
    (sentence,) = done.look
    assert sentence.startswith(f"{path}:6: mixed, joined of advert and body: “It had been")


def test_files_that_cannot_be_read_are_reported_and_the_rest_goes_on(folders):
    good = stored(folders.gold_of("xx-2"), OLDER)
    stored(folders.gold_of("xx-1"), [("navi", "Home")])
    nowhere = stored(folders.gold_of("xx-9"), OLDER)
    (done, problems) = migrate(folders)
    assert [found.path for found in done] == [good]
    assert problems[0].startswith(f"{folders.gold_of('xx-1')}:2: unknown label 'navi'")
    assert problems[1] == f"{nowhere}: there is no page of this id; remove the file"
    assert labels_in(good, folders) == [label for label, _ in ROWS]
