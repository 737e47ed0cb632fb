import pytest

from corpus import DataError, split_html
from corpus.html.source import prepare

XHTML = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">'


@pytest.mark.parametrize(
    "start",
    [
        XHTML,
        "\n<html lang=en xmlns='http://www.w3.org/1999/xhtml'>",
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html>',
        '<!-- a comment --><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">',
    ],
)
@pytest.mark.parametrize(
    "element",
    ["title", "script src='a.js'", "textarea", "iframe", "style", "div class='a'", 'xmp id="a"'],
)
def test_in_xhtml_any_element_may_be_empty(start, element):
    assert split_html(f"{start}<body><{element}/><p>one</p></body>").texts == ["one"]
    assert split_html(f"{start}<body><{element} /><p>one</p></body>").texts == ["one"]


def test_in_html_only_void_elements_are():
    assert split_html("<!DOCTYPE html><body><p>one</p><textarea/>two").texts == ["one", "two"]
    assert split_html("<!DOCTYPE html><body><p>one</p><script/>two").texts == ["one"]


def test_an_empty_element_of_xhtml_holds_nothing_of_what_follows():
    lines = split_html(f"{XHTML}<body><a name='top'/><p>one</p><div/><p>two</p></body>")
    assert lines.link_chars.tolist() == [0, 0]
    assert lines.containers.depth.tolist() == [0, 1, 2, 2, 2]  # html, body, p, div, p


@pytest.mark.parametrize("element", ["<a href=http://x.example/>", "<br/>", "<img alt='/>'/>"])
def test_what_is_no_empty_element_of_xml_stays(element):
    source = f"{XHTML}<p>{element}one</p>".encode()
    assert prepare(source).utf8 == source


def test_cdata_sections_of_xhtml_are_text():
    page = f"{XHTML}<body><p><![CDATA[a < b & <c>]]></p><script>//<![CDATA[x]]></script>"
    assert split_html(page + "<p>one <![CDATA[two").texts[:1] == ["a < b & <c>"]


def test_formatting_left_open_in_every_paragraph_is_read_without_it():
    page = "".join(f"<p><font color={i}>word" for i in range(3000))
    lines = split_html(page)
    assert lines.texts == ["word"] * 3000
    assert b"font" not in prepare(page.encode()).utf8


def test_formatting_that_ends_stays_however_often_it_stands():
    page = ("<p><b>word</b> <font color=red>more</font></p>" * 3000).encode()
    assert prepare(page).utf8 == page


def test_a_few_elements_left_open_stay():
    page = ("<p><b>word" + "<p>more</p>" * 3000).encode()
    assert prepare(page).utf8 == page


def test_of_very_many_attributes_the_first_thousand_are_read():
    names = " ".join(f"a{i}='x>'" for i in range(20_000))
    assert split_html(f"<p {names} hidden>one</p><p>two</p>").texts == ["one", "two"]
    quoted = " ".join(f"a{i}='<b>'" for i in range(20_000))
    assert len(prepare(f"<p {quoted}>one".encode()).utf8) < 20_000
    unclosed = "".join(f"<a{i} " for i in range(20_000))
    assert len(prepare(f"<p {unclosed}>one".encode()).utf8) < 20_000
    few = " ".join(f"a{i}" for i in range(990))
    padding = "<p>word</p>" * 8000
    lines = split_html(f"<div {few} {' ' * 9000} hidden>one</div>{padding}")
    assert bool(lines.flags[0] & 8192)  # within the first thousand


def test_options_beyond_a_thousand_are_read_all_the_same():
    page = "<select id=a>" + "".join(f"<option>{i}</option>" for i in range(1200)) + "</select>"
    assert split_html(page).texts == [str(i) for i in range(1200)]


def test_more_elements_than_memory_is_given_for_are_refused():
    with pytest.raises(
        DataError, match=r"the page has 500,000 elements in 1,500,000 bytes, over the"
    ):
        split_html("<p>" * 500_000)
    assert split_html("<p>x</p>" * 30_000).texts == ["x"] * 30_000
    assert split_html("<" * 500_000).texts == ["<" * 500_000]  # no elements
