import numpy as np
import pytest

from corpus import SPLITTER_VERSION, DataError, split_text
from corpus.files import write_atomically
from labels import codes, label_problems, read_labels, write_labels
from labels.label_file import read_stored_labels

TEXTS = ["홈", "The ferry is back.", "Read also: herons"]
LINES = split_text("\n".join(TEXTS))
LABELS = codes(["navigation", "body", "recommendation"])
HEADER = f"# splitter {SPLITTER_VERSION}\n"
GOOD = f"{HEADER}navigation\t홈\nbody\tThe ferry is back.\nrecommendation\tRead also: herons\n"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "xx-0001.tsv"


def problems(path, content):
    path.write_text(content, encoding="utf-8")
    return [problem.removeprefix(f"{path}") for problem in label_problems(path, LINES)]


def test_a_file_is_a_row_a_line(path):
    write_labels(path, TEXTS, LABELS)
    assert path.read_text(encoding="utf-8") == GOOD


def test_what_is_written_is_read(path):
    write_labels(path, TEXTS, LABELS)
    np.testing.assert_array_equal(read_labels(path, LINES), LABELS)
    assert label_problems(path, LINES) == []


def test_a_page_without_lines_has_a_file_of_one_row(path):
    write_labels(path, [], codes([]))
    assert path.read_text(encoding="utf-8") == HEADER
    assert read_labels(path, split_text("")).shape == (0,)


def test_one_changed_label_is_one_changed_row(path):
    write_labels(path, TEXTS, codes(["navigation", "body", "advert"]))
    changed = path.read_text(encoding="utf-8").split("\n")
    assert [row for row in changed if row not in GOOD.split("\n")] == ["advert\tRead also: herons"]


def test_rows_of_windows_are_read(path):
    path.write_bytes(GOOD.replace("\n", "\r\n").encode())
    np.testing.assert_array_equal(read_labels(path, LINES), LABELS)


def test_a_byte_order_mark_is_no_part_of_the_file(path):
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    np.testing.assert_array_equal(read_labels(path, LINES), LABELS)
    assert read_stored_labels(path).splitter == SPLITTER_VERSION


def test_the_last_row_may_lack_its_newline(path):
    path.write_text(GOOD.removesuffix("\n"), encoding="utf-8")
    np.testing.assert_array_equal(read_labels(path, LINES), LABELS)


def test_labels_must_be_as_many_as_lines(path):
    with pytest.raises(ValueError, match="zip"):
        write_labels(path, TEXTS, LABELS[:2])
    assert not path.exists()


def test_text_edited_after_labelling_is_refused(path):
    content = GOOD.replace("The ferry is back.", "The ferry was back.")
    assert problems(path, content) == [
        ":3: the text is not that of the page, 'The ferry is back.'; restore it, only labels may be edited"
    ]
    with pytest.raises(DataError, match=r"xx-0001\.tsv:3: the text is not that of the page"):
        read_labels(path, LINES)


@pytest.mark.parametrize(
    "edited",
    ["The ferry is back. ", " The ferry is back.", "the ferry is back.", "", "The ferry\tis back."],
)
def test_the_smallest_edit_of_a_text_is_refused(path, edited):
    assert problems(path, GOOD.replace("The ferry is back.", edited))[0].startswith(
        ":3: the text is not"
    )


def test_an_unknown_label_is_refused_with_the_known_ones(path):
    (problem,) = problems(path, GOOD.replace("navigation", "navi"))
    assert problem.startswith(":2: unknown label 'navi'; use one of body, title, byline, caption, ")
    assert problem.endswith("legal, noise")


def test_every_unknown_label_is_reported(path):
    content = GOOD.replace("navigation", "navi").replace("recommendation", "Body")
    assert [problem.partition(";")[0] for problem in problems(path, content)] == [
        ":2: unknown label 'navi'",
        ":4: unknown label 'Body'",
    ]
    with pytest.raises(DataError, match=r":2: unknown label 'navi'.*\(and 1 more\)"):
        read_labels(path, LINES)


def test_a_row_without_a_tab_is_refused(path):
    assert problems(path, GOOD.replace("body\t", "body ")) == [
        ":3: no tab; each row is a label, a tab and the text"
    ]


def test_a_row_too_few_is_refused_with_the_line_that_lacks(path):
    rows = GOOD.splitlines(keepends=True)
    assert problems(path, "".join(rows[:-1])) == [
        ":3: ends after 2 of 3 lines; next is 'Read also: herons'"
    ]
    assert problems(path, HEADER) == [":1: ends after 0 of 3 lines; next is '홈'"]


def test_a_row_too_many_is_refused(path):
    assert problems(path, GOOD + "noise\tmore\n") == [
        ":5: the page has only 3 lines; remove the rows from here on"
    ]


def test_a_row_that_fell_out_is_one_problem_not_many(path):
    rows = GOOD.splitlines(keepends=True)
    (problem,) = problems(path, "".join([rows[0], *rows[2:]]))
    assert problem.startswith(":2: the text is not that of the page, '홈'")


@pytest.mark.parametrize("first", ["", "# splitter\n", "# splitter one\n", "splitter 1\n"])
def test_a_file_that_names_no_splitter_is_refused(path, first):
    assert problems(path, GOOD.replace(HEADER, first)) == [
        f":1: the first row must be '# splitter {SPLITTER_VERSION}'"
    ]


def test_labels_of_another_splitter_are_refused(path):
    other = SPLITTER_VERSION + 1
    assert problems(path, GOOD.replace(HEADER, f"# splitter {other}\n")) == [
        f":1: made by splitter {other}, this is splitter {SPLITTER_VERSION}; "
        "carry the labels over with 'bench label migrate'"
    ]


def test_a_missing_file_is_a_problem(path):
    assert label_problems(path, LINES) == [f"{path}: no such file; the page has no labels yet"]
    with pytest.raises(DataError, match="the page has no labels yet"):
        read_labels(path, LINES)


def test_a_file_that_is_no_utf_8_is_a_problem(path):
    path.write_bytes(b"\xff" + GOOD.encode())
    (problem,) = label_problems(path, LINES)
    assert problem.startswith(f"{path}: cannot be read as UTF-8 text")


def test_an_empty_file_is_a_problem(path):
    assert problems(path, "") == [f":1: the first row must be '# splitter {SPLITTER_VERSION}'"]


def test_a_long_text_is_shown_in_part(path):
    lines = split_text("x" * 100)
    path.write_text(f"{HEADER}body\ty\n", encoding="utf-8")
    (problem,) = label_problems(path, lines)
    assert f"'{'x' * 59}…'" in problem


# Without its page


def test_a_file_is_read_without_its_page_whatever_its_splitter(path):
    path.write_text(GOOD.replace(HEADER, "# splitter 1\n"), encoding="utf-8")
    stored = read_stored_labels(path)
    assert (stored.splitter, stored.texts) == (1, TEXTS)
    np.testing.assert_array_equal(stored.labels, LABELS)
    with pytest.raises(DataError, match="made by splitter 1, this is splitter 2"):
        read_stored_labels(path, splitter=2)


def test_a_wrong_row_is_refused_without_its_page_too(path):
    path.write_text(GOOD.replace("navigation", "navi"), encoding="utf-8")
    with pytest.raises(DataError, match=r"\.tsv:2: unknown label 'navi'"):
        read_stored_labels(path)


# Writing


def test_writing_makes_the_folder_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "a" / "b" / "file.txt"
    write_atomically(path, "한글\r\n")
    assert path.read_bytes() == "한글\r\n".encode()
    write_atomically(path, b"\x00\xff")
    assert path.read_bytes() == b"\x00\xff"
    assert [p.name for p in path.parent.iterdir()] == ["file.txt"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_write_that_fails_leaves_the_old_file_alone(tmp_path, monkeypatch):
    path = tmp_path / "file.txt"
    write_atomically(path, "old")

    def fail(_):
        raise OSError("disk full")

    monkeypatch.setattr("corpus.files.os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, "new")
    assert [p.name for p in tmp_path.iterdir()] == ["file.txt"]
    assert path.read_text(encoding="utf-8") == "old"
