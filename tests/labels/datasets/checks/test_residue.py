import pytest

from labels.datasets.checks.residue import check_residue


def found(labelled):
    return [(str(f.kind), f.about, f.count) for f in check_residue(labelled)]


@pytest.mark.parametrize(
    ("html", "trace"),
    [
        ('<p cc-select="true">Text</p>', "cc-select"),
        ('<p data-anno-uid="anno-1">Text</p>', "data-anno-uid"),
        ('<p class="lead mark-selected">Text</p>', "mark-selected"),
        ("<p><marked-tail>Text</marked-tail></p>", "marked-tail"),
        ("<p><span class='x-nc-sel3'>Text</span></p>", "x-nc-sel3"),
        ('<text id="http://a.example/" title="A">\n<p>Text</p>\n</text>', "<text id="),
    ],
)
def test_traces_of_annotation_in_html_are_found(page, html, trace):
    ((kind, about, _),) = found(page("a", html=html))
    assert (kind, about) == ("page-residue", trace)


def test_traces_are_counted_by_name(page):
    html = '<p data-anno-uid="1" cc-select="true">A</p><p data-anno-uid="2">B</p>'
    (finding,) = check_residue(page("a", html=html))
    assert finding.count == 3
    assert finding.detail == "3 traces: data-anno-uid (2), cc-select (1)"


@pytest.mark.parametrize(
    "html",
    [
        "<p>The attribute cc-select=1 and the class mark-selected are set by a tool.</p>",
        "<pre>&lt;marked-text&gt;</pre>",
        '<p class="marked-up bookmark-selected x-nc-sel10">Text</p>',
        '<marked-element><div slot="markdown-html"></div></marked-element>',
        '<p>A chart</p><svg><text id="label">12</text></svg>',
        '<text x="1">12</text>',
    ],
)
def test_what_any_page_may_have_is_no_trace(page, html):
    assert found(page("a", html=html)) == []


@pytest.mark.parametrize(
    ("gold", "line", "count"),
    [
        ("<h>Mill\n<p>It is open.\n", "<h>Mill", 2),
        ("  <l>Flour\nBread", "  <l>Flour", 1),
        ("URL: http://a.example/1\nMill", "URL: http://a.example/1", 1),
        ("Mill\n!@#$%^&*()  COMMENTS\nNice!", "!@#$%^&*()  COMMENTS", 1),
    ],
)
def test_marks_of_formats_in_a_gold_are_found(page, gold, line, count):
    assert found(page("a", [("body", "Mill")], gold=gold)) == [("gold-residue", line, count)]


@pytest.mark.parametrize(
    "text",
    [
        "<p>You clicked {count} times</p>",
        "URL: http://a.example/1",
        "*** %% COMMENTS (3)",
    ],
)
def test_what_the_page_itself_shows_is_no_residue(page, text):
    assert found(page("a", [("body", text)], gold=text)) == []


@pytest.mark.parametrize(
    "gold", ["Use <p> here", "The URL: none", "          COMMENTS (3)", "URL:\n"]
)
def test_what_only_looks_like_a_mark_is_no_residue(page, gold):
    assert found(page("a", [("body", "Mill")], gold=gold)) == []
