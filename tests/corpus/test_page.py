import pytest

from corpus import DataError, Page, sniff_markup, split

# Of `printf abc | sha256sum` and of nothing.
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_page_is_identified_by_the_digest_of_its_raw_bytes():
    assert Page("a", b"abc", "text").sha256 == ABC
    assert Page("b", b"abc", "html", url="http://x.example").sha256 == ABC
    assert Page("a", b"", "text").sha256 == NOTHING


@pytest.mark.parametrize("page_id", ["a", "ko-0001", "dev-0001", "a.b", "한글", "Ä_1", "x" * 120])
def test_an_id_that_is_safe_as_a_file_name_is_taken(page_id, tmp_path):
    assert Page(page_id, b"", "text").id == page_id
    (tmp_path / page_id[:60]).touch()


@pytest.mark.parametrize(
    "page_id",
    [
        "",
        ".",
        "..",
        ".hidden",
        "a/b",
        "../a",
        "a\\b",
        "a b",
        "a\tb",
        "a\n",
        "a:b",
        "a*",
        "a?",
        'a"b',
        "<a>",
        "a|b",
        "a\0",
        "x" * 121,
    ],
)
def test_an_id_that_is_not_safe_as_a_file_name_is_refused(page_id):
    with pytest.raises(ValueError, match="not safe as a file's name"):
        Page(page_id, b"", "text")


def test_content_is_decoded_and_split_by_markup():
    raw = "<p>하나</p>\n<p>둘</p>".encode("euc-kr")
    declared = b"<meta charset=euc-kr>"
    assert Page("a", declared + raw, "html").lines().texts == ["하나", "둘"]
    assert Page("a", declared + raw, "text").lines().texts == [
        "<meta charset=euc-kr><p>하나</p>",
        "<p>둘</p>",
    ]
    assert (
        Page("a", declared + raw, "html").content() == "<meta charset=euc-kr><p>하나</p>\n<p>둘</p>"
    )


def test_a_page_of_nothing_has_no_lines():
    assert Page("a", b"", "html").lines().texts == []
    assert Page("a", b"", "text").lines().texts == []


def test_a_page_that_is_no_text_is_refused():
    with pytest.raises(DataError, match="neither HTML nor text"):
        Page("a", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "html").lines()


def test_split_splits_as_the_markup_says():
    assert split("<b>a</b>\nb", "html").texts == ["a b"]
    assert split("<b>a</b>\nb", "text").texts == ["<b>a</b>", "b"]


@pytest.mark.parametrize(
    "content",
    [
        "<!doctype html><p>one",
        "\n \n<HTML lang=ko>\ntext\n\n\ntext\ntext",
        '<?xml version="1.0" encoding="utf-8"?>\n<html>',
        "<!-- saved from -->\n<!-- twice -->\n<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>",
        "<head><title>x",
        "<body class=x>",
    ],
)
def test_what_starts_as_a_document_is_html(content):
    assert sniff_markup(content) == "html"


@pytest.mark.parametrize(
    "content",
    [
        "<p>one</p>\n<p>two</p>",
        "<div class='a'>\nfragment\n</div>",
        "one<br>\ntwo<br/>\nthree",
        "<table>\n<tr>\n<td>a\n<td>b\n</table>",
        "<p>" + "a long line of text " * 500,
        "<b>one\ntwo",  # a tag in every second line
    ],
)
def test_a_fragment_is_html_when_lines_have_tags(content):
    assert sniff_markup(content) == "html"


@pytest.mark.parametrize(
    "content",
    [
        "",
        " \n ",
        "plain",
        "한 줄\n두 줄",
        "x < y and y > z",
        "<b>one\ntwo\n<b>three\nfour\nfive",  # two tags in five lines
        "In HTML you write\n<b>\nfor bold,\nand that is\nall there\nis to it.",
        "# Markdown\n\n<div align=center>\n\nsome\ntext\nand\nmore\n",
        "The root is\n<html> and\nnothing\nelse.",
        "vector<T> of\nmap<K, V>",
        "<ann@mail.example> wrote:\n> hello",
    ],
)
def test_text_that_mentions_tags_stays_text(content):
    assert sniff_markup(content) == "text"


def test_comments_count_neither_as_lines_nor_as_tags():
    assert sniff_markup("<!-- a -->\n" * 60 + "<!DOCTYPE html><p>one") == "html"
    assert sniff_markup("<!-- a\nb\nc -->" * 40 + "<p>one</p>") == "html"
    assert sniff_markup("<!-- <p> -->" * 40 + "words\nwords\nwords") == "text"
    assert sniff_markup("<!--" * 10_000) == "text"
