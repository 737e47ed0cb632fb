import gzip
from collections import Counter

import pytest

from corpus import DataError
from corpus.acquire import Capture, Refusal, warc
from corpus.acquire.warc import is_warc, read_warc

MILL = b"<p>The old mill by the river was opened again on Sunday.</p>"


def record(
    url, body=MILL, *, kind="text/html; charset=utf-8", status="200 OK", type_="response", **headers
):
    head = {"Content-Type": kind} | {name.replace("_", "-"): v for name, v in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    block = "\r\n".join(lines).encode() + body
    about = [
        "WARC/1.0",
        f"WARC-Type: {type_}",
        f"WARC-Target-URI: {url}",
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>",
        "WARC-Date: 2026-01-02T03:04:05Z",
        f"Content-Type: application/http; msgtype={type_}",
        f"Content-Length: {len(block)}",
        "",
        "",
    ]
    return "\r\n".join(about).encode() + block + b"\r\n\r\n"


A, B, C = (record(f"https://mill.example/{name}", name.encode() + MILL) for name in "abc")


@pytest.fixture
def read(tmp_path):
    """Read an archive of these bytes; the error in the end, if there is one, comes as a string."""

    def all_of(data, wanted=None, left_out=None):
        path = tmp_path / "x.warc"
        path.write_bytes(data)
        found = []
        try:
            for entry in read_warc(path, wanted, Counter() if left_out is None else left_out):
                found.append(entry)  # noqa: PERF402 - those before an error count
        except DataError as error:
            found.append(str(error).removeprefix(f"{path}: "))
        return found

    return all_of


def urls(entries):
    return [entry.url.rpartition("/")[2] for entry in entries if isinstance(entry, Capture)]


@pytest.mark.parametrize(
    "data", [A + B + C, b"".join(map(gzip.compress, (A, B, C))), gzip.compress(A + B + C)],
    ids=["plain", "member by member", "one member"],
)  # fmt: skip
def test_pages_come_with_url_bytes_and_charset(read, data):
    entries = read(data)
    assert urls(entries) == ["a", "b", "c"]
    assert entries[0].raw == b"a" + MILL
    assert (entries[0].markup, entries[0].charset) == ("html", "utf-8")
    assert entries[0].place.endswith("x.warc: https://mill.example/a")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("mill", "abc"),
        ("/b", "b"),
        ("https://mill.example/*", "abc"),
        ("*/b", "b"),
        ("/b*", ""),
        ("*mill*c", "c"),
        ("?", ""),
        (".*", ""),
    ],
)
def test_pages_are_chosen_by_part_or_pattern_of_their_url(read, wanted, found):
    assert "".join(urls(read(A + B + C, wanted))) == found


def test_what_holds_no_page_is_counted_by_reason(read):
    left_out = Counter()
    data = b"".join([
        record("https://mill.example/q", type_="request"),
        record("https://mill.example/i.png", kind="image/png"),
        record("https://mill.example/t.txt", kind="text/plain"),
        record("https://mill.example/gone", status="404 Not Found"),
        record("https://inn.example/"),
        A,
    ])  # fmt: skip
    assert urls(read(data, "mill.example", left_out)) == ["a"]
    assert left_out == {
        "no responses over HTTP": 1,
        "without HTML": 2,
        "with another status than 200": 1,
        "of other URLs": 1,
    }


def test_an_archive_without_a_page_says_what_it_has(read):
    png = record("https://mill.example/i.png", kind="image/png")
    assert read(png * 2) == ["no page among its records (without HTML: 2)"]
    assert read(A, "inn") == ["no page among its records (of other URLs: 1)"]


def test_gzip_and_chunks_are_undone_where_they_are(read):
    packed = gzip.compress(MILL)
    chunks = f"{len(packed):x}\r\n".encode() + packed + b"\r\n0\r\n\r\n"
    entries = read(
        record("https://mill.example/a", packed, Content_Encoding="gzip")
        + record(
            "https://mill.example/b", chunks, Content_Encoding="gzip", Transfer_Encoding="chunked"
        )
        + record(
            "https://mill.example/c", MILL, Content_Encoding="gzip", Transfer_Encoding="chunked"
        )
    )
    assert [entry.raw for entry in entries] == [MILL] * 3


def test_a_page_that_cannot_be_read_is_refused_and_the_next_one_comes(read):
    bomb = gzip.compress(bytes(30_000_000))
    entries = read(
        record("https://mill.example/bomb", bomb, Content_Encoding="gzip")
        + record("https://mill.example/br", b"...", Content_Encoding="br")
        + record("https://mill.example/chunk", b"ff\r\nshort", Transfer_Encoding="chunked")
        + record("https://mill.example/long", b"x" * 2_000_001)
        + record("https://mill.example/longer", b"x" * 9_000_000)
        + C
    )
    assert [type(entry) for entry in entries] == [Refusal] * 5 + [Capture]
    reasons = [entry.reason for entry in entries[:5]]
    assert reasons[0] == "it decompresses to over 2,000,000 bytes"
    assert "compressed with 'br'" in reasons[1]
    assert "chunks are damaged" in reasons[2]
    assert reasons[3] == reasons[4] == "over 2,000,000 bytes, the most that a page may have"


@pytest.mark.parametrize("cut", [1, 5, len(B) // 2, len(B) - 100, len(B) - 8])
def test_an_archive_that_breaks_off_reports_where_and_how_much_was_read(read, cut):
    entries = read(A + B[:cut])
    assert urls(entries) == ["a"]
    place = 0 if cut < 9 else len(A)
    assert reports_place(entries[-1], place, "1 record, 1 page")


def reports_place(said, place, counts):
    return f"at or after byte {place:,} (read before that: {counts})" in said


@pytest.mark.parametrize("cut", [1, 30, 120, -1])
def test_a_compressed_archive_that_breaks_off_reports_where_and_how_much_was_read(read, cut):
    a, b = gzip.compress(A), gzip.compress(B)
    entries = read(a + b[:cut])
    assert urls(entries)[:1] == ["a"]
    assert "breaks off" in entries[-1]
    assert "at or after byte " in entries[-1]


def test_damage_reports_where_and_how_much_was_read(read):
    packed = bytearray(gzip.compress(A) + gzip.compress(B))
    packed[len(gzip.compress(A)) + 60] ^= 0xFF
    entries = read(bytes(packed))
    assert urls(entries) == ["a"]
    assert "gzip is damaged" in entries[-1]
    entries = read(A + b"JUNK" + B[4:] + C)
    assert urls(entries) == ["a"]
    assert reports_place(entries[-1], 0, "1 record, 1 page")


def test_an_archive_that_decompresses_to_far_too_much_is_refused(read, monkeypatch):
    monkeypatch.setattr(warc, "_BOMB_BYTES", 1 << 20)
    bomb = gzip.compress(record("https://mill.example/bomb", bytes(20_000_000)))
    entries = read(gzip.compress(A) + bomb)
    assert urls(entries) == ["a"]
    assert "gzip decompresses to over 200 times its size" in entries[-1]
    assert reports_place(entries[-1], len(gzip.compress(A)), "1 record, 1 page")


def test_no_more_pages_are_taken_than_a_person_labels(read, monkeypatch):
    monkeypatch.setattr(warc, "MOST_PAGES", 2)
    entries = read(A + B + C)
    assert urls(entries) == ["a", "b"]
    assert entries[-1] == "holds more than 2 pages; choose with --filter"
    assert urls(read(A + B + C, "/c")) == ["c"]


def test_archives_are_recognised_by_their_first_bytes():
    assert is_warc(A[:100])
    assert is_warc(gzip.compress(A)[:100])
    assert not is_warc(b"<!doctype html><p>WARC/1.0")
    assert not is_warc(gzip.compress(MILL))
    assert not is_warc(b"\x1f\x8bjunk")
    assert not is_warc(b"")
