import json
from dataclasses import replace

import numpy as np
import pytest

from bench.running import (
    Run,
    RunHeader,
    RunRow,
    RunWriter,
    first_failures,
    read_run,
    read_runs,
    run_path,
)
from corpus import DataError

HEADER = RunHeader(
    extractor="keep-all",
    version="1.0",
    options={"depth": 3},
    dataset="starter",
    split="test",
    fingerprint="0123456789abcdef",
    splitter=1,
    kit="0.1.0",
    machine="Linux",
    seed=7,
    time="2025-01-01T00:00:00+00:00",
)
TEXT = RunRow(
    "a",
    "ok",
    text="Ein Satz.\u2028Noch einer.",
    coverage=np.array([0, 1 / 3, 1], np.float32),
    seconds=0.25,
    peak_mb=64.0,
)
KEPT = RunRow("b", "ok", kept=np.array([True, False, True]), seconds=0.5)
CRASH = RunRow("c", "crash", error="exit code -11")


def write(path, *rows, header=HEADER):
    with RunWriter(path, header) as writer:
        for row in rows:
            writer.write(row)
    return writer


def write_lines(path, *lines):
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def path(tmp_path):
    return run_path(tmp_path, "keep-all")


def test_a_run_is_a_file_of_the_extractors_name(tmp_path):
    assert run_path(tmp_path, "html-text") == tmp_path / "html-text.jsonl"


def test_what_is_written_is_read(path):
    write(path, TEXT, KEPT, CRASH)
    run = read_run(path)
    assert run.header == HEADER
    assert list(run.rows) == ["a", "b", "c"]
    assert run.rows["a"].text == TEXT.text
    assert (run.rows["a"].seconds, run.rows["a"].peak_mb) == (0.25, 64.0)
    np.testing.assert_allclose(run.rows["a"].coverage, [0, 0.333, 1], atol=1e-7)
    np.testing.assert_array_equal(run.rows["b"].kept, [True, False, True])
    assert run.rows["c"] == CRASH


def test_the_keys_of_a_file_are_a_contract(path):
    write(path, TEXT, KEPT, CRASH)
    header, *rows = map(json.loads, path.read_text(encoding="utf-8").split("\n")[:-1])
    assert header == {
        "run": 1,
        "extractor": "keep-all",
        "version": "1.0",
        "options": {"depth": 3},
        "dataset": "starter",
        "split": "test",
        "fingerprint": "0123456789abcdef",
        "splitter": 1,
        "kit": "0.1.0",
        "machine": "Linux",
        "seed": 7,
        "time": "2025-01-01T00:00:00+00:00",
        "out_of_fold": False,
        "leak_safe": False,
    }
    assert rows == [
        {"id": "a", "status": "ok", "text": TEXT.text, "coverage": [0.0, 0.333, 1.0], "seconds": 0.25, "peak_mb": 64.0},
        {"id": "b", "status": "ok", "kept": [1, 0, 1], "seconds": 0.5, "peak_mb": None},
        {"id": "c", "status": "crash", "seconds": None, "peak_mb": None, "error": "exit code -11"},
    ]  # fmt: skip


def test_each_row_can_be_read_before_the_run_ends(path):
    with RunWriter(path, HEADER) as writer:
        assert read_run(path).rows == {}
        writer.write(CRASH)
        assert list(read_run(path).rows) == ["c"]


def test_a_run_of_the_same_identity_is_resumed(path):
    assert write(path, TEXT).done == frozenset()
    later = replace(HEADER, time="2026-01-01T00:00:00+00:00", machine="Darwin", kit="0.2.0", seed=8)
    writer = write(path, KEPT, header=later)
    assert writer.done == {"a"}
    assert not writer.replaced
    assert list(read_run(path).rows) == ["a", "b"]
    assert read_run(path).header == HEADER


@pytest.mark.parametrize(
    "change",
    [
        {"extractor": "keep-none"},
        {"version": "1.1"},
        {"options": {"depth": 4}},
        {"fingerprint": "f" * 16},
        {"split": None},
        {"splitter": 2},
        {"out_of_fold": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_run_of_another_identity_is_replaced_and_that_is_noted(path, change):
    write(path, TEXT)
    writer = write(path, KEPT, header=replace(HEADER, **change))
    assert writer.replaced
    assert writer.done == frozenset()
    assert list(read_run(path).rows) == ["b"]


def test_a_last_row_that_was_cut_off_is_dropped_on_resuming(path):
    write(path, TEXT, KEPT)
    path.write_bytes(path.read_bytes()[:-9])
    writer = write(path, KEPT)
    assert writer.done == {"a"}
    assert list(read_run(path).rows) == ["a", "b"]


def test_a_last_row_that_was_cut_off_is_refused_on_reading(path):
    write(path, TEXT, KEPT)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DataError, match=r"keep-all\.jsonl:3: cut off; run the extractor again"):
        read_run(path)


def test_a_file_that_is_no_run_is_never_overwritten(path):
    path.write_text("my notes\nwithout end")
    with pytest.raises(DataError, match=r"keep-all\.jsonl:1: not a run file"):
        RunWriter(path, HEADER)
    assert path.read_text() == "my notes\nwithout end"


def test_an_empty_file_becomes_a_run(path):
    path.touch()
    assert not write(path, TEXT).replaced
    assert list(read_run(path).rows) == ["a"]


def test_a_run_in_a_new_folder_makes_it(tmp_path):
    path = tmp_path / "runs" / "today" / "keep-all.jsonl"
    write(path, TEXT)
    assert list(read_run(path).rows) == ["a"]


def test_what_no_file_can_hold_is_cleaned(path):
    write(path, RunRow("a", "ok", text="on\0e\ud800"), RunRow("b", "error", error="\udfff!"))
    rows = read_run(path).rows
    assert (rows["a"].text, rows["b"].error) == ("one", "!")


def test_another_tools_file_needs_little(tmp_path):
    path = write_lines(
        tmp_path / "theirs.jsonl",
        '\ufeff{"extractor": "theirs", "colour": "blue"}',
        '{"id": "a", "text": "Ein Satz."}',
        "",
        '{"id": "b", "kept": [0, 1]}\r',
        '{"id": "c", "kept": [true, false], "extra": 1}',
    )
    run = read_run(path)
    assert run.header == RunHeader(extractor="theirs")
    assert [row.status for row in run.rows.values()] == ["ok", "ok", "ok"]
    np.testing.assert_array_equal(run.rows["c"].kept, [True, False])


def test_a_last_line_without_a_break_is_read(tmp_path):
    path = tmp_path / "theirs.jsonl"
    path.write_text('{"extractor": "theirs"}\n{"id": "a", "text": "x"}')
    assert list(read_run(path).rows) == ["a"]


def test_a_header_alone_is_a_run_without_pages(tmp_path):
    path = write_lines(tmp_path / "theirs.jsonl", '{"extractor": "theirs"}')
    assert read_run(path) == Run(RunHeader(extractor="theirs"), {})


@pytest.mark.parametrize(
    "content", ['"text": null', '"text": ""', '"text": " \\n"', '"kept": [0, 0]', '"kept": []']
)
@pytest.mark.parametrize("status", ["", '"status": "ok", '])
def test_keeping_nothing_is_empty_whatever_the_file_says(tmp_path, content, status):
    path = write_lines(
        tmp_path / "theirs.jsonl", '{"extractor": "theirs"}', f'{{"id": "a", {status}{content}}}'
    )
    row = read_run(path).rows["a"]
    assert (row.status, row.text, row.kept) == ("empty", None, None)


def test_a_failure_keeps_nothing_even_if_it_says_so(tmp_path):
    path = write_lines(
        tmp_path / "theirs.jsonl",
        '{"extractor": "theirs"}',
        '{"id": "a", "status": "timeout", "text": "half of it"}',
    )
    assert read_run(path).rows["a"].text is None


def run_file(path, extractor):
    path.parent.mkdir(exist_ok=True)
    return write_lines(path, f'{{"extractor": "{extractor}"}}')


def test_runs_of_different_extractors_have_their_names(tmp_path):
    paths = [run_file(tmp_path / f"{name}.jsonl", name) for name in ("one", "two")]
    assert [run.name for run in read_runs(paths)] == ["one", "two"]


def test_runs_of_one_extractor_are_distinguished_by_the_names_of_their_files(tmp_path):
    paths = [
        run_file(tmp_path / "before.jsonl", "one"),
        run_file(tmp_path / "two.jsonl", "two"),
        run_file(tmp_path / "after.jsonl", "one"),
    ]
    found = read_runs(paths)
    assert [run.name for run in found] == ["one (before)", "two", "one (after)"]
    assert [run.header.extractor for run in found] == ["one", "two", "one"]


def test_runs_of_one_extractor_in_files_of_one_name_are_distinguished_by_their_paths(tmp_path):
    paths = [run_file(tmp_path / folder / "one.jsonl", "one") for folder in ("old", "new")]
    assert [run.name for run in read_runs(paths)] == [
        f"one ({tmp_path.as_posix()}/old/one)",
        f"one ({tmp_path.as_posix()}/new/one)",
    ]


def test_a_run_that_is_given_twice_is_refused(tmp_path):
    path = run_file(tmp_path / "one.jsonl", "one")
    with pytest.raises(DataError, match=r"one\.jsonl: given 2 times; give each run once"):
        read_runs([path, tmp_path / ".." / tmp_path.name / "one.jsonl"])


ROW = '{"id": "a", "text": "x"}'


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["nothing"], r"1: not a run file; .*'extractor'"),
        (["[1]"], r"1: not a run file"),
        ([ROW], r"1: not a run file"),
        (['{"extractor": "x", "run": 2}'], r"1: run format 2, this kit reads 1"),
        (['{"extractor": " "}'], r"1: 'extractor' is empty"),
        (['{"extractor": 5}'], r"1: 'extractor' is 5; make it a string"),
        (['{"extractor": "x", "seed": "7"}'], r"1: 'seed' is '7'; make it an integer"),
        (['{"extractor": "x", "seed": true}'], r"1: 'seed' is True; make it an integer"),
        (['{"extractor": "x", "out_of_fold": 1}'], r"1: 'out_of_fold' is 1; make it true or"),
        (['{"extractor": "x", "options": []}'], r"1: 'options' is \[\]; make it an object"),
        ([ROW, "{"], r"3: not JSON; write one object a line"),
        ([ROW, "5"], r"3: not an object"),
        (['{"text": "x"}'], r"2: no 'id'"),
        (['{"id": "", "text": "x"}'], r"2: 'id' is empty"),
        (['{"id": 5, "text": "x"}'], r"2: 'id' is 5; make it a string"),
        (['{"id": "a"}'], r"2: page 'a' needs either 'text' or 'kept'"),
        (['{"id": "a", "text": "x", "kept": [1]}'], r"2: page 'a' needs either"),
        (['{"id": "a", "status": "fine"}'], r"2: unknown status 'fine'; use one of ok, empty, "),
        ([ROW, ROW], r"3: page 'a' has a row already; remove one"),
        (['{"id": "a", "text": ["x"]}'], r"2: 'text' is \['x'\]; make it a string"),
        (['{"id": "a", "kept": [0, 2]}'], r"2: 'kept' must be a list with 0 or 1"),
        (['{"id": "a", "kept": "01"}'], r"2: 'kept' must be a list"),
        (['{"id": "a", "text": "x", "coverage": [1.5]}'], r"2: 'coverage' must be a list"),
        (['{"id": "a", "text": "x", "seconds": -1}'], r"2: 'seconds' is -1; make it a number"),
        (['{"id": "a", "text": "x", "seconds": NaN}'], r"2: 'seconds' is nan"),
        (['{"id": "a", "text": "x", "peak_mb": true}'], r"2: 'peak_mb' is True"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path, lines, message):
    if "extractor" not in lines[0] and lines not in (["nothing"], ["[1]"], [ROW]):
        lines = ['{"extractor": "theirs"}', *lines]
    path = write_lines(tmp_path / "theirs.jsonl", *lines)
    with pytest.raises(DataError, match=r"theirs\.jsonl:" + message):
        read_run(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"none\.jsonl: cannot be read"):
        read_run(tmp_path / "none.jsonl")


def test_a_run_damaged_in_the_middle_is_not_resumed(path):
    write(path, TEXT, KEPT)
    header, first, *rest = path.read_text(encoding="utf-8").split("\n")
    path.write_text("\n".join([header, first[:-4], *rest]), encoding="utf-8")
    with pytest.raises(DataError, match=r"keep-all\.jsonl:2: not JSON"):
        RunWriter(path, HEADER)


def test_the_first_failure_of_each_run_is_reported_with_its_reason():
    rows = {
        "b": RunRow("b", "error", error="IndexError: no table"),
        "a": RunRow("a", "timeout", error="stopped after 30 s"),
        "c": RunRow("c", "empty"),
        "d": RunRow("d", "skipped", error="the extractor needs HTML"),
    }
    broken = Run(RunHeader("tool"), rows)
    sound = Run(RunHeader("other"), {"c": rows["c"], "d": rows["d"]})
    assert list(first_failures([sound, broken])) == [
        "tool failed on 2 pages; on a: stopped after 30 s"
    ]


def test_pages_skipped_for_want_of_a_package_are_named_apart_from_failures():
    rows = {
        "b": RunRow("b", "skipped", seconds=0.1, error="its language needs a package"),
        "c": RunRow("c", "skipped", error="the extractor needs HTML"),
    }
    assert list(first_failures([Run(RunHeader("tool"), rows)])) == [
        "tool skipped 1 page; on b: its language needs a package"
    ]
