import base64
import gzip
import io
import quopri

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import DataError
from corpus.acquire import Capture, Refusal, captures
from corpus.acquire.mhtml import is_mhtml, page_of

KOREAN = "강가의 오래된 방앗간이 일요일에 “다시” 문을 열었다."
PAGE = f'<!doctype html><p class="a=b">{KOREAN}</p>'
FRAME = "<!doctype html><p>An advert</p>"
URL = "https://mill.example/news"


def part(body, *headers, encoding=None, kind="text/html"):
    data = body if isinstance(body, bytes) else body.encode()
    if encoding == "quoted-printable":
        data = quopri.encodestring(data)
    elif encoding == "base64":
        data = base64.encodebytes(data)
    lines = [f"Content-Type: {kind}"] * bool(kind) + list(headers)
    lines += [f"Content-Transfer-Encoding: {encoding}"] * bool(encoding)
    return "\r\n".join([*lines, "", ""]).encode() + data


def mhtml(*parts, boundary="----=_b", declared=None, end=True, type_="", head=()):
    lines = [
        "From: <Saved by a browser>", *head, "Subject: =?utf-8?Q?Mill?=", "MIME-Version: 1.0",
        f'Content-Type: multipart/related; {type_}\r\n\tboundary="{declared or boundary}"', "", "",
    ]  # fmt: skip
    body = b"".join(f"\r\n--{boundary}\r\n".encode() + each for each in parts)
    return "\r\n".join(lines).encode() + body + f"\r\n--{boundary}--\r\n".encode() * end


FIRST = part(PAGE, encoding="quoted-printable")
CSS = part("p {}", kind="text/css")


@pytest.mark.parametrize(
    "raw",
    [
        mhtml(FIRST, CSS),
        mhtml(part(PAGE, encoding="base64"), CSS),
        mhtml(part(PAGE, encoding="8bit")),
        mhtml(part(PAGE, encoding="binary")),
        mhtml(part(PAGE, encoding="7bit")),
        mhtml(part(PAGE)),
        mhtml(part(PAGE, encoding="QUOTED-PRINTABLE".lower()), CSS).replace(b"\r\n", b"\n"),
        mhtml(CSS, FIRST),
        mhtml(FIRST, part(FRAME)),
        mhtml(part(FRAME, "Content-ID: <f@x>"), part(PAGE, "Content-ID: <p@x>"), type_='start="<p@x>";'),
        mhtml(part(FRAME, "Content-Location: cid:f"), part(PAGE, f"Content-Location: {URL}"),
              head=[f"Snapshot-Content-Location: {URL}"]),
        mhtml(part(PAGE, kind="application/xhtml+xml"), part(FRAME)),
        mhtml(part(PAGE, kind=None), part(FRAME)),
        mhtml(FIRST, part(PAGE, kind="text/plain")),
        mhtml(part("mill", kind="text/plain"), FIRST),
        mhtml(FIRST, CSS, declared="another"),
        mhtml(FIRST, CSS, end=False),
        mhtml(mhtml(part("mill", kind="text/plain"), FIRST, boundary="inner"), CSS),
        b"\xef\xbb\xbf\r\n" + mhtml(FIRST),
        mhtml(FIRST).replace(b"Content-Type: multipart", b"content-type:\r\n multipart"),
        mhtml(FIRST).replace(b"MIME-Version: 1.0\r\n", b""),
        # An encoding that is declared and not there.
        mhtml(part(PAGE, "Content-Transfer-Encoding: quoted-printable")),
        mhtml(part(PAGE, "Content-Transfer-Encoding: base64")),
        mhtml(part(PAGE, "Content-Transfer-Encoding: x-unknown")),
        part(PAGE, "MIME-Version: 1.0", encoding="base64"),
    ],
)  # fmt: skip
def test_the_page_comes_out_of_its_encodings(raw):
    assert is_mhtml(raw)
    assert is_mhtml(raw[:5000])
    for raw_or_packed in (raw, gzip.compress(raw)):
        (page,) = captures("-", io.BytesIO(raw_or_packed))
        content, markup = page.read()
        assert (content.rstrip(), markup) == (PAGE, "html")


@pytest.mark.parametrize("charset", ["euc-kr", "utf-16", "utf-8"])
def test_a_charset_that_only_a_part_declares_is_written_into_its_bytes(charset):
    kind = f'text/html; charset="{charset}"'
    raw = mhtml(
        part(PAGE.replace("“", "").replace("”", "").encode(charset), kind=kind, encoding="base64")
    )
    (page,) = captures("-", io.BytesIO(raw))
    assert KOREAN.replace("“", "").replace("”", "") in page.read()[0]


def test_the_address_is_that_of_the_page():
    for raw in (
        mhtml(FIRST, head=[f"Snapshot-Content-Location: {URL}"]),
        mhtml(part(PAGE, f"Content-Location: {URL}")),
        mhtml(FIRST, head=["Snapshot-Content-Location: https://mill.example/\r\n news"]),
    ):
        assert page_of(raw).url == URL
    for location in ("file:///home/ada/news.html", "cid:x", "javascript:alert(1)"):
        assert page_of(mhtml(part(PAGE, f"Content-Location: {location}"))).url is None


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (mhtml(CSS), "an MHTML file without a page among its parts"),
        (mhtml(), "an MHTML file without a page among its parts"),
        (mhtml(FIRST, end=False), "an MHTML file that ends in the middle of its page"),
        (mhtml(FIRST)[:400], "an MHTML file that ends in the middle of its page"),
        (mhtml(part(b"%PDF-1.7", encoding="base64")), "neither HTML nor text but a PDF file"),
        (mhtml(part(b"x" * 2_000_001, kind="text/html")), "over 2,000,000 bytes, the most that a page may have"),
        (mhtml(mhtml(mhtml(mhtml(mhtml(FIRST, boundary="5"), boundary="4"), boundary="3"), boundary="2")),
         "an MHTML file with parts within parts, over 4 deep"),
    ],
)  # fmt: skip
def test_what_holds_no_whole_page_is_refused(raw, reason):
    (entry,) = captures("-", io.BytesIO(raw))
    if isinstance(entry, Capture):
        with pytest.raises(DataError) as caught:
            entry.read()
        entry = Refusal("-", str(caught.value))
    assert entry.reason == reason


def test_pictures_may_make_a_file_longer_than_a_page():
    picture = part(bytes(3_000_000), encoding="base64", kind="image/png")
    (page,) = captures("-", io.BytesIO(mhtml(FIRST, picture)))
    assert KOREAN in page.read()[0]


@pytest.mark.parametrize(
    "raw", [b"", b"<!doctype html>", b"Subject: the mill\n\nIt is open.", b"MIME-Version", PAGE.encode()]
)  # fmt: skip
def test_other_files_are_no_mhtml(raw):
    assert not is_mhtml(raw)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 40), st.binary(max_size=6)), max_size=4)
)
def test_damage_gives_a_page_or_one_sentence(damage):
    raw = bytearray(mhtml(FIRST, CSS, part(FRAME, encoding="base64")))
    for at, length, inserted in damage:
        raw[at : at + length] = inserted
    (entry,) = captures("-", io.BytesIO(bytes(raw)))
    assert isinstance(entry, (Capture, Refusal))
