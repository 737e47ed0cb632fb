import gzip
import io
import tarfile
import zipfile
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import DataError, decode
from corpus.acquire import MOST_BYTES, Capture, Refusal, captures, sources

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


# Folders and ZIP archives

FILES = {
    "mill.html": HTML,
    "news/2024/inn.htm": HTML,
    "news/2024/ferry": HTML,
    "news/style.html.gz": gzip.compress(HTML.encode()),
    "news/wrong.png": HTML,
    "text.txt": f"{KOREAN}\n{KOREAN}",
    "saved.mhtml": b"MIME-Version: 1.0\nContent-Type: text/html\n\n" + HTML.encode(),
    "page.html": HTML,
    "page_files/frame.html": HTML,
    "page_files/style.css": "p {}",
    "notes.md": "# Notes",
    "data.json": '{"html": "<p>mill</p>"}',
    "i.png": b"\x89PNG\r\n\x1a\n" + bytes(20),
    ".git/x.html": HTML,
    "__MACOSX/mill.html": HTML,
    "crawl.warc": b"WARC/1.0\r\n\r\n",
    "bad.html": gzip.compress(HTML.encode())[:-9],
    "long.html": "x" * 2_000_001,
    "film": "x" * 2_000_001,
}
NAMES = [
    "mill", "news/2024/ferry", "news/2024/inn", "news/style", "news/wrong.png", "page", "saved", "text",
]  # fmt: skip
LEFT_OUT = {
    "files that are no pages": 4,
    "files beside saved pages": 2,
    "hidden files": 2,
    "archives, which are to be added by themselves": 1,
}
REFUSED = {
    "bad.html": "its gzip ends in the middle",
    "long.html": "over 2,000,000 bytes, the most that a page may have",
}


def folder_of(files, path):
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def zip_of(files, path, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def both_of(files, tmp_path):
    return [folder_of(files, tmp_path / "pages"), zip_of(files, tmp_path / "pages.zip")]


def test_pages_in_folders_and_zip_archives_come_with_their_names_and_the_rest_is_counted(tmp_path):
    for source in both_of(FILES, tmp_path):
        left_out = Counter()
        found = list(captures(str(source), io.BytesIO(), left_out=left_out))
        pages = [entry for entry in found if isinstance(entry, Capture)]
        assert sorted(page.name for page in pages) == NAMES
        assert all(KOREAN in page.read()[0] for page in pages)
        refused = {
            str(entry.place).rpartition(" ")[2]: entry.reason
            for entry in found
            if isinstance(entry, Refusal)
        }
        assert refused == REFUSED
        assert left_out == LEFT_OUT


def test_pages_are_chosen_by_name(tmp_path):
    for source in both_of(FILES, tmp_path):
        left_out = Counter()
        found = captures(str(source), io.BytesIO(), wanted="2024", left_out=left_out)
        assert sorted(entry.name for entry in found) == ["news/2024/ferry", "news/2024/inn"]
        assert left_out == {"files of other names": 17}
        assert one(source, wanted="*.htm").name == "news/2024/inn"
        assert one(source, wanted="inn.example").reason == (
            "no page among its files (files of other names: 19)"
        )


def test_a_folder_or_archive_without_pages_says_what_it_has(tmp_path):
    for source in both_of({"a.css": "p {}", "b.js": "x"}, tmp_path):
        assert one(source).reason == "no page among its files (files that are no pages: 2)"
    assert (
        one(zip_of({}, tmp_path / "empty.zip")).reason == "no page among its files (there are none)"
    )


def test_no_more_pages_or_files_are_taken_than_a_person_labels(tmp_path, monkeypatch):
    sources_ = both_of({f"{n}.html": HTML for n in range(4)}, tmp_path)
    monkeypatch.setattr(sources, "MOST_PAGES", 2)
    for source in sources_:
        *pages, refusal = captures(str(source), io.BytesIO())
        assert [page.name for page in pages] == ["0", "1"]
        assert refusal.reason == "holds more than 2 pages; choose with --filter"
    monkeypatch.setattr(sources, "MOST_FILES", 3)
    for source in sources_:
        assert one(source).reason == "holds more than 3 files; give a part of them"


def test_a_bomb_in_a_zip_archive_is_stopped(tmp_path):
    path = zip_of({"bomb.html": bytes(100_000_000), "mill.html": HTML}, tmp_path / "x.zip")
    bomb, mill = captures(str(path), io.BytesIO())
    assert bomb.reason == "over 2,000,000 bytes, the most that a page may have"
    assert mill.name == "mill"
    path = zip_of({"bomb.html": HTML}, tmp_path / "y.zip", zipfile.ZIP_BZIP2)
    assert "compressed by method 12, which is not read here" in one(path).reason


def changed(path, old, new):
    path.write_bytes(path.read_bytes().replace(old, new))
    return path


def test_members_that_are_encrypted_or_damaged_are_refused_and_the_others_come(tmp_path):
    path = zip_of({"mill.html": HTML, "inn.html": HTML}, tmp_path / "x.zip", zipfile.ZIP_STORED)
    raw = bytearray(path.read_bytes())
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(magic) + at] |= 1
    path.write_bytes(raw)
    locked, inn = captures(str(path), io.BytesIO())
    assert locked.reason == (
        "it is encrypted; unpack the archive with its password and add the folder"
    )
    assert inn.name == "inn"
    path = zip_of({"mill.html": HTML, "inn.html": HTML}, tmp_path / "y.zip", zipfile.ZIP_STORED)
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"<title>", b"<t?tle>", 1))
    damaged, inn = captures(str(path), io.BytesIO())
    assert damaged.reason.startswith("cannot be read (Bad CRC-32")
    assert inn.name == "inn"


@pytest.mark.parametrize("cut", [30, 100, -10, -40])
def test_a_zip_archive_that_breaks_off_is_one_sentence(tmp_path, cut):
    path = zip_of(FILES, tmp_path / "x.zip")
    path.write_bytes(path.read_bytes()[:cut])
    assert one(path).reason.startswith("a damaged ZIP archive (")


def test_nothing_is_written_by_the_names_in_an_archive(tmp_path):
    names = ["../../out.html", "/etc/mill.html", "C:\\mill.html", "a/../b.html", "\x1b[2J.html"]
    path = zip_of(dict.fromkeys(names, HTML), tmp_path / "x.zip")
    found = list(captures(str(path), io.BytesIO()))
    assert [type(entry) for entry in found] == [Capture] * 5
    assert [path.name for path in tmp_path.iterdir()] == ["x.zip"]


@pytest.mark.parametrize("encoding", ["cp949", "utf-8"])
def test_names_in_other_encodings_are_read(tmp_path, encoding):
    names = ["방앗간.html", "오래된 나루터.html"]
    path = zip_of(
        {f"{'x' * len(name.encode(encoding))}": HTML for name in names}, tmp_path / "x.zip"
    )
    for name in names:
        raw = name.encode(encoding)
        changed(path, b"x" * len(raw), raw) if name == names[1] else None
    changed(path, b"x" * len(names[0].encode(encoding)), names[0].encode(encoding))
    assert [entry.name for entry in captures(str(path), io.BytesIO())] == [
        name.removesuffix(".html") for name in names
    ]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 700), st.integers(0, 20), st.binary(max_size=6)), max_size=4)
)
def test_damage_to_a_zip_archive_gives_pages_or_one_sentence(tmp_path_factory, damage):
    path = zip_of({"mill.html": HTML, "b/inn.html": HTML}, tmp_path_factory.mktemp("zip") / "x.zip")
    raw = bytearray(path.read_bytes())
    for at, length, inserted in damage:
        raw[at : at + length] = inserted
    path.write_bytes(raw)
    for entry in captures(str(path), io.BytesIO()):
        assert isinstance(entry, (Capture, Refusal))
