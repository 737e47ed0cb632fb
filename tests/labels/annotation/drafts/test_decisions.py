import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace

import pytest

from corpus import DataError
from corpus.files import LOCK, append_rows, read_rows
from labels.annotation.drafts.decisions import (
    Decision,
    append_decisions,
    decisions_path,
    read_decisions,
)
from labels.folder import Folders

ONE = Decision(
    id="ko-1",
    line=17,
    label="caption",
    annotators={"하나": "body", "ada": "caption"},
    decided_by="하나",
    time="2026-03-01T10:00:00+09:00",
)


@pytest.fixture
def folders(tmp_path):
    return Folders.under(tmp_path)


def test_without_a_file_there_are_no_decisions(folders):
    assert read_decisions(folders) == []


def test_decisions_are_read_as_they_were_added(folders):
    append_decisions(folders, [ONE, replace(ONE, line=18)])
    append_decisions(folders, [replace(ONE, line=17, label="body")])
    assert read_decisions(folders) == [ONE, replace(ONE, line=18), replace(ONE, label="body")]
    assert "하나" in decisions_path(folders).read_text(encoding="utf-8")


def test_nothing_but_the_file_is_left_behind(folders):
    append_decisions(folders, [ONE])
    assert {path.name for path in folders.gold.iterdir()} == {LOCK, "decisions.jsonl"}


def test_adding_keeps_what_is_there_byte_by_byte(folders):
    append_decisions(folders, [ONE])
    before = decisions_path(folders).read_bytes()
    append_decisions(folders, [ONE])
    assert decisions_path(folders).read_bytes() == before * 2


def test_a_row_that_lacks_its_newline_gets_it(folders):
    append_decisions(folders, [ONE])
    path = decisions_path(folders)
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    append_decisions(folders, [ONE])
    assert read_decisions(folders) == [ONE, ONE]


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("id", "", "must be names"),
        ("decided_by", None, "must be names"),
        ("line", 0, "is not a number from 1 on"),
        ("line", True, "is not a number from 1 on"),
        ("line", "3", "is not a number from 1 on"),
        ("label", "navi", "unknown label 'navi'"),
        ("label", ["body"], "unknown label"),
        ("annotators", {"ada": "bdy"}, "unknown label 'bdy'"),
        ("annotators", ["ada"], "must be an object"),
        ("time", "yesterday", "is not ISO 8601"),
        ("time", 3, "is not ISO 8601"),
        ("time", "2026-03-01T10:00:00", "lacks its offset"),
    ],
)
def test_a_wrong_decision_is_refused_where_it_is_made_and_where_it_is_read(
    folders, key, value, reason
):
    row = asdict(ONE) | {key: value}
    with pytest.raises(ValueError, match=reason):
        Decision(**row)
    append_rows(decisions_path(folders), [asdict(ONE), row])
    with pytest.raises(DataError, match=rf"decisions\.jsonl:2: not a decision \(.*{reason}"):
        read_decisions(folders)


def test_rows_of_other_keys_and_rows_that_are_no_objects_are_refused(folders):
    path = decisions_path(folders)
    append_rows(path, [asdict(ONE) | {"why": "x"}])
    with pytest.raises(DataError, match=r"decisions\.jsonl:1: not a decision"):
        read_decisions(folders)
    for content, reason in (("{", "not JSON"), ("[]", "not an object"), ("", "not JSON")):
        path.write_text(content + "\n", encoding="utf-8")
        with pytest.raises(DataError, match=rf"decisions\.jsonl:1: {reason}"):
            read_decisions(folders)


def test_rows_that_cannot_be_written_leave_the_file_as_it_was(folders):
    append_decisions(folders, [ONE])
    before = decisions_path(folders).read_bytes()
    with pytest.raises(TypeError):
        append_rows(decisions_path(folders), [{"id": object()}])
    assert decisions_path(folders).read_bytes() == before


def add(path, name):
    for number in range(20):
        append_rows(path, [{"name": name, "number": number}])


def test_writers_at_the_same_time_lose_nothing(tmp_path):
    path = tmp_path / "rows.jsonl"
    with ThreadPoolExecutor(3) as pool:
        for writer in [pool.submit(add, path, name) for name in "abc"]:
            writer.result(timeout=30)
    rows = [row for _, row in read_rows(path)]
    assert sorted((row["name"], row["number"]) for row in rows) == [
        (name, number) for name in "abc" for number in range(20)
    ]
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[0])["number"] == 0
