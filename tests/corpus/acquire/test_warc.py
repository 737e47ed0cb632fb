import gzip
from collections import Counter
from contextlib import suppress

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import DataError
from corpus.acquire import Capture, Refusal, decompression, warc
from corpus.acquire.decompression import zstd
from corpus.acquire.warc import is_warc, read_warc

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
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
        record("https://mill.example/i.png", PNG, kind="image/png"),
        record("https://mill.example/t.txt", b"The mill is open.", kind="text/plain"),
        record("https://mill.example/gone", status="404 Not Found"),
        record("https://inn.example/"),
        A,
    ])  # fmt: skip
    assert urls(read(data, "mill.example", left_out)) == ["a"]
    assert left_out == {
        "request records": 1,
        "without HTML": 2,
        "with another status than 200": 1,
        "of other URLs": 1,
    }


def test_an_archive_without_a_page_says_what_it_has(read):
    png = record("https://mill.example/i.png", PNG, kind="image/png")
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
        + record("https://mill.example/br", brotli.compress(MILL)[:-2], Content_Encoding="br")
        + record("https://mill.example/chunk", b"ff\r\nshort", Transfer_Encoding="chunked")
        + record("https://mill.example/long", b"x" * 2_000_001)
        + record("https://mill.example/longer", b"x" * 9_000_000)
        + C
    )
    assert [type(entry) for entry in entries] == [Refusal] * 5 + [Capture]
    reasons = [entry.reason for entry in entries[:5]]
    assert reasons[0] == "it decompresses to over 2,000,000 bytes"
    assert reasons[1] == "its br ends in the middle"
    assert "chunks are damaged" in reasons[2]
    assert reasons[3] == reasons[4] == "over 2,000,000 bytes, the most that a page may have"


@pytest.mark.parametrize("cut", [1, 5, len(B) // 2, len(B) - 100, len(B) - 8])
def test_an_archive_that_breaks_off_reports_where_and_how_much_was_read(read, cut):
    entries = read(A + B[:cut])
    assert urls(entries) == ["a"]
    assert reports_place(entries[-1], len(A), "1 record, 1 page")


def reports_place(said, place, counts):
    return f"at or after byte {place:,} (read before that: {counts})" in said


@pytest.mark.parametrize("cut", [1, 30, 120, -1])
def test_a_compressed_archive_that_breaks_off_reports_where_and_how_much_was_read(read, cut):
    a, b = gzip.compress(A), gzip.compress(B)
    entries = read(a + b[:cut])
    assert urls(entries)[:1] == ["a"]
    assert "its gzip ends in the middle" in entries[-1]
    assert "at or after byte " in entries[-1]


def test_damage_reports_where_and_how_much_was_read(read):
    packed = bytearray(gzip.compress(A) + gzip.compress(B))
    packed[len(gzip.compress(A)) + 60] ^= 0xFF
    entries = read(bytes(packed))
    assert urls(entries) == ["a"]
    assert "gzip is damaged" in entries[-1]


def test_an_archive_that_decompresses_to_far_too_much_is_refused(read, monkeypatch):
    monkeypatch.setattr(decompression, "_BOMB_BYTES", 1 << 20)
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


def raw_record(block, type_="response", kind="application/http", length=None, end="\r\n", **more):
    head = {"WARC-Type": type_, "WARC-Target-URI": "https://mill.example/a", "Content-Type": kind}
    head |= {name.replace("_", "-"): value for name, value in more.items()}
    head["Content-Length"] = len(block) if length is None else length
    lines = [f"{name}: {value}" for name, value in head.items() if value is not None]
    return (end.join(["WARC/1.1", *lines, "", ""])).encode() + block + 2 * end.encode()


def http(body, *headers, status="HTTP/1.1 200 OK", end="\r\n"):
    return end.join([status, *headers, "", ""]).encode() + body


TYPED = "Content-Type: text/html"
PAGE = b"<!doctype html>" + MILL
TEXT = b"The old mill by the river was opened again on Sunday."


@pytest.mark.parametrize(
    "data",
    [
        raw_record(http(PAGE, TYPED)),
        raw_record(http(PAGE, TYPED, status="HTTP/2 200")),
        raw_record(http(PAGE, TYPED, status="HTTP/2.0 200 ")),
        raw_record(http(PAGE, TYPED, status="HTTP/1.1 200")),
        raw_record(http(PAGE, TYPED, end="\n"), end="\n"),
        raw_record(http(PAGE, TYPED, end="\r")),
        raw_record(http(PAGE, TYPED.upper())),
        raw_record(http(PAGE, TYPED, "X-Long: a", " b", "no header")),
        raw_record(http(PAGE, TYPED, "Content-Length: 3")),
        raw_record(http(PAGE, TYPED, "Content-Length: 99999")),
        raw_record(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + http(PAGE, TYPED)),
        raw_record(b"HTTP/1.1 200 Connection established\r\n\r\n" + http(PAGE, TYPED)),
        raw_record(b"HTTP/1.1 200 OK\r\n" + PAGE),
        raw_record(http(PAGE)),
        raw_record(http(PAGE, "Content-Type:")),
        raw_record(http(PAGE, "Content-Type: html")),
        raw_record(http(PAGE, "Content-Type: ;;charset=utf-8")),
        raw_record(http(PAGE, "Content-Type: text/html charset=utf-8")),
        raw_record(http(PAGE, "Content-Type: text/plain")),
        raw_record(http(PAGE, "Content-Type: application/octet-stream")),
        raw_record(http(PAGE, "Content-Type: image/png")),
        raw_record(http(PAGE, "Content-Type: application/json")),
        raw_record(http(PAGE, TYPED, "Content-Encoding: gzip")),
        raw_record(http(PAGE, TYPED, "Content-Encoding: none")),
        raw_record(http(PAGE, TYPED, "Content-Encoding: UTF-8")),
        raw_record(http(gzip.compress(PAGE) + b"\r\n", TYPED, "Content-Encoding: gzip")),
        raw_record(http(gzip.compress(PAGE), TYPED)),
        raw_record(http(brotli.compress(PAGE), TYPED, "Content-Encoding: br")),
        raw_record(http(PAGE, TYPED, "Transfer-Encoding: chunked")),
        raw_record(http(b"4b\r\n" + PAGE + b"\r\n0\r\n\r\n", TYPED)),
        raw_record(http(PAGE, TYPED), kind=None),
        raw_record(http(PAGE, TYPED), kind="text/html"),
        raw_record(PAGE),
        raw_record(PAGE, "resource", "text/html"),
        raw_record(PAGE, "resource", None),
        raw_record(PAGE, "resource", "text/plain"),
        raw_record(http(PAGE, TYPED), "resource"),
        raw_record(PAGE, "Resource", "TEXT/HTML; charset=utf-8"),
        raw_record(PAGE, "conversion", "text/html"),
        raw_record(http(PAGE, TYPED), length=20),
        raw_record(http(PAGE, TYPED), length=len(http(PAGE, TYPED)) + 100),
        raw_record(http(PAGE, TYPED), length="about 100"),
        raw_record(http(PAGE, TYPED), length=-5),
        raw_record(http(PAGE, TYPED)).removesuffix(b"\r\n\r\n"),
        b"\r\n\r\n" + raw_record(http(PAGE, TYPED)) + b"\r\n\r\n",
    ],
)  # fmt: skip
def test_bytes_are_believed_over_headers(read, data):
    """The record that follows comes whole, too, whatever the length says."""
    entries = read(data + B)
    assert [type(entry) for entry in entries] == [Capture, Capture]
    assert [entry.raw for entry in entries] == [PAGE, b"b" + MILL]
    content, markup = entries[0].read()
    assert (content, markup) == (PAGE.decode(), "html")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (raw_record(http(b"%PDF-1.7", TYPED)), "neither HTML nor text but a PDF file"),
        (raw_record(b"%PDF-1.7", "resource", "text/html"), "neither HTML nor text but a PDF file"),
    ],
)
def test_what_is_declared_to_be_html_and_is_not_is_refused(read, data, reason):
    (page,) = read(data)
    with pytest.raises(DataError, match=f"^{reason}$"):
        page.read()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (raw_record(http(gzip.compress(PAGE)[:-9], TYPED)), "its gzip ends in the middle"),
        (raw_record(http(PAGE, TYPED), WARC_Truncated="length"),
         "whoever wrote the archive cut it off (length)"),
        (raw_record(http(PAGE, TYPED), WARC_Segment_Number=1),
         "it stands in several records, which are not joined here"),
    ],
)  # fmt: skip
def test_what_is_not_whole_is_refused(read, data, reason):
    assert str(read(data)[0]).endswith(f"https://mill.example/a: {reason}")


def test_texts_of_pages_are_pages_without_markup(read):
    left_out = Counter()
    tagged = b"<p>" * 9 + TEXT  # of a page about HTML
    entries = read(
        raw_record(TEXT, "conversion", "text/plain")
        + raw_record(tagged, "conversion", "text/plain; charset=utf-8")
        + raw_record(PNG, "conversion", "image/png"),
        left_out=left_out,
    )
    assert [(entry.raw, entry.read()[1]) for entry in entries] == [(TEXT, "text"), (tagged, "text")]
    assert left_out == {"without HTML": 1}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (raw_record(PAGE, "revisit"), "revisit records"),
        (raw_record(PAGE, "warcinfo"), "warcinfo records"),
        (raw_record(PAGE, "metadata"), "metadata records"),
        (raw_record(PAGE, "continuation"), "continuation records"),
        (raw_record(PAGE, "\x1b[2J"), "records of other types"),
        (raw_record(PAGE, None), "records of other types"),
        (raw_record(TEXT, "resource", "text/plain"), "without HTML"),
        (raw_record(TEXT, "resource", None), "without HTML"),
        (raw_record(b"mill.example. 60 IN A 192.0.2.1", kind="text/dns"), "without HTML"),
        (raw_record(http(b"x" * 2_000_001, "Content-Type: video/mp4")), "without HTML"),
        (raw_record(http(b'{"a": "<p>mill"}', "Content-Type: application/json")), "without HTML"),
        (raw_record(http(PAGE, TYPED, status="HTTP/2 404")), "with another status than 200"),
        (raw_record(http(PAGE, TYPED, status="HTTP/1.1 206 Part")), "with another status than 200"),
    ],
)
def test_other_records_are_counted_by_kind(read, data, reason):
    left_out = Counter()
    assert urls(read(data + B, left_out=left_out)) == ["b"]
    assert left_out == {reason: 1}


@pytest.mark.parametrize("name", ["zst", "zst with a dictionary", "gz"])
def test_compressed_archives_are_read(read, name):
    records = [record(f"https://mill.example/{n}", b"%d" % n + MILL) for n in range(40)]
    if name == "zst with a dictionary":
        dictionary = zstd.train_dict(records, 4096)
        packed = zstd.compress(dictionary.dict_content)
        head = b"\x5d\x2a\x4d\x18" + len(packed).to_bytes(4, "little") + packed
        data = head + b"".join(zstd.compress(each, zstd_dict=dictionary) for each in records)
    else:
        pack = zstd.compress if name == "zst" else gzip.compress
        data = b"".join(map(pack, records))
    assert is_warc(data[:1000])
    assert urls(read(data)) == [str(n) for n in range(40)]
    assert "ends in the middle" in read(data[:-9])[-1]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstd.compress])
def test_bytes_after_the_last_record_are_counted(read, pack):
    left_out = Counter()
    assert urls(read(pack(A) + b"\0" * 512, left_out=left_out)) == ["a"]
    assert left_out == {}
    assert urls(read(pack(A) + b"junk and\r\nmore", left_out=left_out)) == ["a"]
    assert left_out == {"bytes after the last record": 14}


def test_bytes_between_records_are_reported_and_the_next_record_comes(read):
    entries = read(A + b"JUNK" + B[4:] + C)
    assert urls(entries) == ["a", "c"]
    assert str(entries[1]).endswith(f"{len(B)} bytes of no record were passed over")


def test_an_archive_without_an_end_of_its_header_is_one_sentence(read):
    assert "it breaks off in a record" in read(b"WARC/1.0\r\n" + b"X: y\r\n" * 50_000)[-1]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_archive_gives_pages_refusals_or_one_sentence(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("warc") / "x.warc"
    raw = bytearray(A + raw_record(gzip.compress(PAGE, mtime=0), "resource", "text/html") + C)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=8))
    path.write_bytes(raw)
    with suppress(DataError):
        for entry in read_warc(path, None, Counter()):
            assert isinstance(entry, (Capture, Refusal))
