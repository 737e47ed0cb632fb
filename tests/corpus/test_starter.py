import hashlib
import json
import re
from collections import Counter

import pytest

from corpus import DataError
from corpus.starter import LICENCE, PAGES, SUFFIXES, read_pages, starter_pages

ROWS = [json.loads(row) for row in (PAGES / "pages.jsonl").read_text(encoding="utf-8").splitlines()]
BY_ID = {page.id: page for page in starter_pages()}
KEYS = ["id", "markup", "sha256", "url", "site", "language", "page_type", "split", "title", "notes"]


def is_utf_8(raw):
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


# The corpus as it is


def test_every_row_has_its_file_and_every_file_its_row():
    files = {path.name for path in PAGES.iterdir()} - {"pages.jsonl", "DATASHEET.md", "LICENSE"}
    assert files == {row["id"] + SUFFIXES[row["markup"]] for row in ROWS}


def test_rows_are_sorted_by_id_and_ids_are_unique():
    ids = [row["id"] for row in ROWS]
    assert ids == sorted(set(ids)) == list(BY_ID)


def test_rows_have_all_keys_filled_in():
    for row in ROWS:
        assert list(row) == KEYS
        assert all(isinstance(value, str) and value.strip() for value in row.values())


def test_bytes_are_those_that_were_labelled():
    for row in ROWS:
        assert BY_ID[row["id"]].sha256 == row["sha256"]


def test_the_corpus_holds_what_its_datasheet_says():
    pages = list(BY_ID.values())
    assert len(pages) == 72
    languages = Counter(page.language for page in pages)
    several = {"ko": 36, "en": 5, "ja": 4, "de": 3, "zh": 3, "es": 2, "fr": 2, "pt": 2, "ru": 2}
    assert {language: n for language, n in languages.items() if n > 1} == several
    assert sorted(language for language, n in languages.items() if n == 1) == (
        ["ar", "el", "fa", "he", "hi", "id", "it", "nl", "pl", "sv", "th", "tr", "vi"]
    )
    assert Counter(page.markup for page in pages) == {"html": 34, "text": 38}
    assert Counter(page.split for page in pages) == {"train": 42, "test": 30}
    assert Counter(page.page_type for page in pages) == {
        "article": 44, "documentation": 5, "forum": 5, "product": 5, "service": 5,
        "collection": 4, "listing": 4,
    }  # fmt: skip
    assert {page.licence for page in pages} == {LICENCE} == {"CC0-1.0"}


def test_korean_pages_and_pages_without_markup_are_in_both_splits():
    for chosen in ("language", "ko"), ("markup", "text"):
        splits = Counter(p.split for p in BY_ID.values() if getattr(p, chosen[0]) == chosen[1])
        assert min(splits["train"], splits["test"]) >= 10


def test_ids_begin_with_the_language():
    assert all(re.fullmatch(rf"{page.language}-\d{{4}}", page.id) for page in BY_ID.values())


def test_no_site_is_in_both_splits():
    assert len({page.site for page in BY_ID.values()}) == len(BY_ID)
    sites = {
        split: {p.site for p in BY_ID.values() if p.split == split} for split in ("train", "test")
    }
    assert not sites["train"] & sites["test"]


def test_hosts_are_ones_that_nobody_can_register():
    for page in BY_ID.values():
        assert re.match(rf"https?://([\w.-]+\.)?{re.escape(page.site)}/", page.url)
        assert page.site.endswith(".example")


OLD_ENCODINGS = {
    "ja-0001": ("cp932", b"charset=shift_jis"),  # what Shift_JIS means on the web
    "ja-0003": ("euc-jp", b"charset=euc-jp"),
    "ko-0003": ("euc-kr", b"charset=euc-kr"),
    "ko-0023": ("euc-kr", b"charset=euc-kr"),
    "ru-0002": ("cp1251", b"charset=windows-1251"),
}


def test_some_pages_are_in_other_encodings_and_declare_them():
    old = {page.id: page for page in BY_ID.values() if not is_utf_8(page.raw)}
    assert set(old) == set(OLD_ENCODINGS)
    for page_id, (encoding, declaration) in OLD_ENCODINGS.items():
        old[page_id].raw.decode(encoding)
        assert declaration in old[page_id].raw[:2000].lower()


def test_pages_are_right_to_left_with_markup_and_without():
    marked = [
        page.id
        for page in BY_ID.values()
        if re.search(r"<(html|body)[^>]*dir=.?rtl", page.content())
    ]
    assert marked == ["ar-0001", "he-0001"]
    assert BY_ID["fa-0001"].markup == "text"


@pytest.mark.parametrize("page", BY_ID.values(), ids=BY_ID)
def test_every_page_is_read_without_a_character_lost(page):
    assert "�" not in page.content()
    lines = page.lines()
    assert len(lines) >= 30
    assert lines.is_html == (page.markup == "html")


def test_titles_stand_on_their_pages():
    for row in ROWS:
        title = " ".join(row["title"].split())
        assert title in " ".join(BY_ID[row["id"]].lines().texts)


# Reading


def entry(raw, **changes):
    return {
        "id": "xx-0001",
        "markup": "text",
        "sha256": hashlib.sha256(raw).hexdigest(),
        "url": "https://a.example/",
        "site": "a.example",
        "language": "en",
        "page_type": "article",
        "split": "train",
    } | changes


def corpus(folder, *rows, raw=b"one\ntwo\n"):
    (folder / "xx-0001.txt").write_bytes(raw)
    (folder / "pages.jsonl").write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return folder


def test_a_page_is_read_with_all_that_is_known_of_it(tmp_path):
    raw = b"one\r\ntwo\n"
    folder = corpus(tmp_path, json.dumps(entry(raw)), raw=raw)
    (page,) = read_pages(folder, source="mine", licence="CC0-1.0")
    assert (page.id, page.raw, page.markup, page.url) == (
        "xx-0001",
        raw,
        "text",
        "https://a.example/",
    )
    assert (page.site, page.language, page.page_type, page.split) == (
        "a.example",
        "en",
        "article",
        "train",
    )
    assert (page.source, page.licence) == ("mine", "CC0-1.0")


def test_an_index_without_rows_has_no_pages(tmp_path):
    (tmp_path / "pages.jsonl").touch()
    assert list(read_pages(tmp_path, source="mine")) == []


def test_the_licence_of_a_row_comes_before_that_of_the_folder(tmp_path):
    row = json.dumps(entry(b"one\ntwo\n", licence="CC-BY-4.0"))
    (page,) = read_pages(corpus(tmp_path, row), source="mine", licence="CC0-1.0")
    assert page.licence == "CC-BY-4.0"


def test_changed_bytes_are_refused_with_the_file(tmp_path):
    folder = corpus(tmp_path, json.dumps(entry(b"one\ntwo\n")), raw=b"one\r\ntwo\r\n")
    with pytest.raises(
        DataError, match=r"xx-0001\.txt: the bytes are not those that were labelled"
    ):
        list(read_pages(folder, source="x"))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{not json", "not JSON"),
        ("[]", "not an object"),
        ('{"id": "xx-0001"}', "not an entry of a page"),
        (json.dumps(entry(b"", markup="pdf")), "not an entry of a page"),
        (json.dumps(entry(b"", id="xx-0009")), r"xx-0009\.txt cannot be read"),
    ],
)
def test_a_bad_row_is_refused_with_its_place(tmp_path, row, message):
    good = json.dumps(entry(b"one\ntwo\n"))
    with pytest.raises(DataError, match=rf"pages\.jsonl:2: .*{message}"):
        list(read_pages(corpus(tmp_path, good, row), source="x"))


def test_a_folder_without_an_index_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"pages\.jsonl: no such file; a corpus begins with"):
        list(read_pages(tmp_path, source="x"))
