import io
import tarfile
import zipfile

import pytest

from corpus import DataError, decode
from corpus.acquire import MOST_BYTES, Capture, Refusal, captures

KOREAN = "강가의 오래된 방앗간이 일요일에 다시 문을 열었다. 수리에는 네 해가 걸렸다."
HTML = f"<!doctype html><title>방앗간</title><p>{KOREAN}</p>"


def one(source, stdin=b"", **settings):
    (found,) = captures(str(source), io.BytesIO(stdin), **settings)
    return found


def reason(capture):
    with pytest.raises(DataError) as caught:
        capture.read()
    return str(caught.value)


def test_a_file_and_standard_input_come_as_they_are(tmp_path):
    path = tmp_path / "mill.html"
    path.write_bytes(HTML.encode())
    assert one(path) == Capture(str(path), HTML.encode())
    assert one("-", HTML.encode()) == Capture("-", HTML.encode())


def test_a_url_is_fetched():
    capture = Capture("https://mill.example/", b"")
    assert one("https://mill.example/", fetch=lambda _: capture) is capture


def test_what_cannot_be_had_is_a_refusal_with_its_reason(tmp_path):
    def broken(url):
        raise DataError(f"{url}: answered 404 Not Found")

    assert one("https://mill.example/", fetch=broken) == Refusal(
        "https://mill.example/", "answered 404 Not Found"
    )
    missing = tmp_path / "missing.html"
    assert str(one(missing)) == f"{missing}: cannot be read (No such file or directory)"
    assert one(tmp_path).reason == "no page among its files (there are none)"
    assert "only http and https" in one("ftp://mill.example/").reason


def test_a_filter_is_refused_where_there_is_nothing_to_choose_from(tmp_path):
    path = tmp_path / "mill.html"
    path.write_text(HTML, encoding="utf-8")
    for source in (path, "-", "https://mill.example/"):
        found = one(source, HTML.encode(), wanted="mill", fetch=lambda _: None)
        assert "neither an archive nor a folder" in found.reason


@pytest.mark.parametrize(
    ("raw", "markup"),
    [
        (HTML.encode(), "html"),
        (HTML.encode("utf-16"), "html"),
        (HTML.encode("utf-16-le"), "html"),
        (HTML.encode("euc-kr"), "html"),
        (f"{KOREAN}\n{KOREAN}\n".encode(), "text"),
        (f"{KOREAN}\n{KOREAN}\n".encode("utf-16"), "text"),
        (f"{KOREAN}\n{KOREAN}\n".encode("cp949") * 3, "text"),
    ],
)
def test_pages_in_encodings_of_old_are_read(raw, markup):
    content, found = Capture("-", raw).read()
    assert found == markup
    assert KOREAN in content


def test_a_page_in_shift_jis_is_read_by_what_it_declares():
    text = "川のほとりの古い水車小屋が、日曜日にふたたび開いた。"
    raw = f'<meta charset="shift_jis"><p>{text}</p>'.encode("shift_jis")
    content, markup = Capture("-", raw).read()
    assert (text in content, markup) == (True, "html")


def test_what_is_declared_comes_before_what_is_seen():
    raw = b"The mill\nwas opened again.\n"
    assert Capture("-", raw, markup="html").read()[1] == "html"
    assert Capture("-", raw).read()[1] == "text"


def test_a_charset_that_only_the_header_declares_is_refused_where_it_changes_the_text():
    latin = "Straße und Brücke, für müde Füße".encode("iso-8859-15")
    text, _ = Capture("-", latin, charset="iso-8859-15").read()
    assert text == decode(latin)  # what header and bytes agree on
    short = b"<p>\xa4 \xe0\xe1\xe2\xe3 \xe4</p>"
    assert decode(short, "koi8-r") != decode(short)
    said = reason(Capture("-", short, charset="koi8-r"))
    assert "only its HTTP header says that it is in koi8-r" in said
    assert "turn it into UTF-8 and add the file" in said


def test_a_page_over_the_limit_is_refused():
    assert Capture("-", b"x" * MOST_BYTES).read()
    assert "over 2,000,000 bytes" in reason(Capture("-", b"x" * (MOST_BYTES + 1)))


def test_no_more_is_read_of_a_file_than_refuses_it(tmp_path):
    path = tmp_path / "long.txt"
    with path.open("wb") as file:
        file.truncate(1 << 32)
    assert one(path).reason == "over 2,000,000 bytes, the most that a page may have"
    stdin = io.BytesIO(b"x" * (MOST_BYTES + 100))
    assert "over 2,000,000 bytes" in one("-", stdin.getvalue()).reason
    next(captures("-", stdin))
    assert stdin.tell() == MOST_BYTES + 1


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mill.html", HTML)
    return out.getvalue()


def tarred():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo("mill.html")
        entry.size = len(HTML.encode())
        archive.addfile(entry, io.BytesIO(HTML.encode()))
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"%PDF-1.7\n" + b"text " * 100, "a PDF file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a picture"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)), "a picture"),
        (b"GIF89a" + b"x" * 50, "a picture"),
        (zipped(), "a ZIP archive"),
        (b"\x1f\x8b\x01junk", "compressed with gzip, and damaged"),
        (tarred(), "a TAR archive"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel>', "XML of another kind"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><text>a</text>', "XML of another kind"),
        (bytes(range(1, 32)) * 50, "nor text in any encoding"),
    ],
)
def test_what_is_neither_html_nor_text_is_refused_by_name(raw, what):
    assert what in reason(Capture("-", raw))


def test_a_page_that_holds_a_drawing_is_a_page():
    raw = b"<!DOCTYPE html><html><body><svg></svg><p>The mill</p></body></html>"
    assert Capture("-", raw).read()[1] == "html"
