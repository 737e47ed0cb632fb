import json

import pytest

from corpus import DataError
from corpus.files import (
    append_rows,
    lines_of,
    open_text,
    parse_json,
    parse_text,
    read_rows,
    read_text,
)

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"]
MARKS = {"utf-16-be": b"\xfe\xff"}


def encoded(text, encoding):
    return MARKS.get(encoding, b"") + text.encode(encoding)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_text_is_read_without_its_mark_and_its_lines_end_alike(tmp_path, encoding, end):
    path = tmp_path / "a.txt"
    path.write_bytes(encoded(f"달{end}{end}b\u2028c\x85d{end}", encoding))
    assert read_text(path) == "달\n\nb\u2028c\x85d\n"
    with open_text(path) as file:
        lines = [line.rstrip(b"\r\n").decode() for _, line in lines_of(file)]
    assert lines == ["달", "", "b\u2028c\x85d"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_line_is_found_again_at_its_offset(tmp_path, encoding):
    path = tmp_path / "a.jsonl"
    path.write_bytes("one\rtwo\r\nthree\nfour".encode(encoding))
    with open_text(path) as file:
        offsets = [offset for offset, _ in lines_of(file)]
    found = []
    for offset in offsets:
        with open_text(path) as file:
            file.seek(offset)
            found.append(next(lines_of(file))[1])
    assert [line.rstrip(b"\r\n") for line in found] == [b"one", b"two", b"three", b"four"]


def test_an_empty_file_has_no_lines(tmp_path):
    path = tmp_path / "a.txt"
    for raw in (b"", b"\xef\xbb\xbf"):
        path.write_bytes(raw)
        with open_text(path) as file:
            assert list(lines_of(file)) == []
        assert read_text(path) == ""


@pytest.mark.parametrize("raw", [b"caf\xe9", b"\xff\xfea", b"\xef\xbb\xbf\xff"])
def test_what_is_no_text_is_one_sentence_with_its_file(tmp_path, raw):
    path = tmp_path / "a.txt"
    path.write_bytes(raw)
    with pytest.raises(DataError, match=r"a\.txt: cannot be read as UTF-8 text"):
        read_text(path)
    with pytest.raises(ValueError, match="decode"):
        parse_text(raw)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[" * 100_000, "nested without end"),
        (b'{"a":' * 100_000, "nested without end"),
        (f"[{'9' * 5000}]", "limit"),
        (b"\xff{}", "decode"),
    ],
)  # fmt: skip
def test_json_that_is_none_is_a_value_error(content, reason):
    with pytest.raises(ValueError, match=reason):
        parse_json(content)


@pytest.mark.parametrize("content", ['\ufeff{"a": 1}', b'\xef\xbb\xbf{"a": 1}\r\n', '{"a": 1}'])
def test_json_may_begin_with_a_mark(content):
    assert parse_json(content) == {"a": 1}


def test_rows_are_separated_by_line_ends_alone(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes('\ufeff{"a": "x\u2028y"}\r{"a": "z"}\r\n'.encode())
    assert list(read_rows(path)) == [(f"{path}:1", {"a": "x\u2028y"}), (f"{path}:2", {"a": "z"})]


def test_a_row_that_is_nested_without_end_is_named_with_its_line(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{}\n{"a": ' + "[" * 100_000)
    with pytest.raises(DataError, match=r"a\.jsonl:2: not JSON \(it is nested without end\)"):
        list(read_rows(path))


def test_rows_are_appended_to_what_another_editor_left(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"a": 1}\r\n{"a": 2}'.encode("utf-16"))
    append_rows(path, [{"a": 3}])
    assert [json.loads(row)["a"] for row in path.read_text().splitlines()] == [1, 2, 3]
