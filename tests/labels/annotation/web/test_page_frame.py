import gzip
import re

import pytest

from corpus import Page
from labels.annotation.web.page_frame import frame

HOSTILE = """<!doctype html><html><head><title>x</title><base href="http://evil.example/">
<meta http-equiv="refresh" content="0;url=http://evil.example/"><link rel="stylesheet" href="http://evil.example/a.css">
<link rel="dns-prefetch" href="//evil.example"><style>@import "http://evil.example/b.css";
p { background: url(http://evil.example/c.png) } h1 { color: red }</style><script>alert(1)</script></head>
<body onload="alert(2)" class="page" background="http://evil.example/d.png">
<h1 onclick="alert(3)" style="background:url('http://evil.example/e.png')">Mill &lt;script&gt;alert(4)&lt;/script&gt;</h1>
<img src="http://evil.example/f.png" srcset="http://evil.example/g.png 2x" onerror="alert(5)" alt="a mill">
<img src="data:image/png;base64,AAAA"><img src="data:text/html,x">
<a href="javascript:alert(6)" ping="http://evil.example/h" target="_top">one</a>
<form action="http://evil.example/i"><input name="q" formaction="javascript:alert(7)"><button>two</button></form>
<iframe src="http://evil.example/j"></iframe><object data="http://evil.example/k">three</object><embed src="http://evil.example/l">
<video src="http://evil.example/m"></video><svg><script>alert(8)</script><a xlink:href="javascript:alert(9)">s</a></svg>
<bench-line id="bench-0" data-bench-line="x">four</bench-line><x onmouseover=alert(10)>five</x>
<noscript><p>six</p></noscript></body></html>"""


def shown(html, *, plain=False, markup="html"):
    page = Page("en-1", html.encode(), markup, language="en")
    return frame(page, page.lines(), "/pick/KEY/", plain=plain)


def marked(html):
    """The number and text of each mark; what is inside is without markup."""
    return re.findall(r'<bench-line(?: id="bench-(\d+)")?>(?:<a [^>]*>)?([^<]*)', html)


@pytest.mark.parametrize("plain", [False, True])
def test_nothing_that_acts_or_fetches_is_left(plain):
    document = shown(HOSTILE, plain=plain)
    assert "evil.example" not in document
    assert not re.search(r"<(script|iframe|object|embed|form|base|link|svg|video)\b", document)
    assert not re.search(r"<[^>]*\son\w+\s*=", document)
    assert "javascript:" not in document
    assert "http-equiv" not in document
    assert "data:text" not in document
    assert set(re.findall(r'href="([^"]*)"', document)) <= {
        f"/pick/KEY/{line}" for line in range(9)
    }


def test_text_that_looks_like_markup_stays_text():
    assert "Mill &lt;script&gt;alert(4)&lt;/script&gt;" in shown(HOSTILE)
    assert "&lt;script&gt;" in shown("Home\n<script>alert(1)</script> is a tag\n", markup="text")


def test_looks_are_kept_and_left_out_of_the_plain_view():
    document = shown(HOSTILE)
    assert "h1 { color: red }" in document
    assert '<body class="page">' in document
    assert 'src="data:image/png;base64,AAAA"' in document
    assert "color: red" not in shown(HOSTILE, plain=True)


def test_a_page_cannot_pass_off_its_own_elements_as_marks():
    document = shown(HOSTILE)
    assert document.count('id="bench-0"') == 1
    assert "<bench-other>" in document


def test_each_line_is_marked_once_by_its_number_and_leads_back_to_it():
    document = shown(
        "<nav><a href=/>Home</a></nav><p>The <b>old</b> mill</p><p>is open<br>again</p>"
    )
    assert marked(document) == [
        ("0", "Home"), ("1", "The "), ("", "old"), ("", " mill"), ("2", "is open"), ("3", "again"),
    ]  # fmt: skip
    assert (
        '<a href="/pick/KEY/0" tabindex="-1"><bench-line id="bench-0">Home</bench-line></a>'
        in document
    )
    assert (
        '<bench-line id="bench-3"><a href="/pick/KEY/3" tabindex="-1">again</a></bench-line>'
        in document
    )


def test_an_element_that_holds_one_line_in_several_pieces_is_painted_as_a_whole():
    document = shown("<p>The <b>old</b> mill</p><p>is open<br>again</p>")
    assert document.count('data-bench-line=""') == 1
    assert '<p data-bench-line=""><bench-line id="bench-0">' in document
    nested = shown("<ul><li><button>Sorry <b>1</b></button></li></ul>")
    assert '<ul><li><button data-bench-line="">' in nested


def test_lines_of_tables_lists_code_and_choices_are_those_of_the_splitter():
    html = (
        "<table><tr><td>a</td><td>b</td></tr><tr><td><p>c</p><p>d</p></td><td>e</td></tr></table>"
        "<pre>\n one\ntwo <i>x\ny</i></pre><select><option>f<option>g</select><textarea>h\ni</textarea>"
        "<ul><li>j<ul><li>k</ul></ul><noscript>l</noscript><plaintext>m"
    )
    page = Page("en-1", html.encode(), "html")
    texts = page.lines().texts
    pieces = [""] * len(texts)
    at = 0
    for number, text in marked(frame(page, page.lines(), "/pick/KEY/")):
        at = int(number) if number else at
        pieces[at] += text.strip()
    assert pieces == [text.replace(" ", "") for text in texts]
    assert len(texts) == 15


def test_a_page_scraped_as_text_is_shown_as_text():
    document = shown("Home\n\nThe mill <b>\n", markup="text")
    assert marked(document) == [("0", "Home"), ("1", "The mill &lt;b&gt;")]


def test_hidden_text_can_be_reached_in_the_plain_view():
    document = shown(
        '<p style="display:none" hidden class="x">secret</p><details><p>more</p></details>',
        plain=True,
    )
    assert '<p><bench-line id="bench-0">' in document
    assert "<details open>" in document


def test_a_page_that_holds_our_marks_misleads_nobody():
    document = shown("<p>\ufdd07\ufdd1 one</p><p>two</p>")
    assert ("1", "two") in marked(document)


@pytest.mark.data("wcxb")
def test_every_line_of_real_pages_is_found_in_the_frame(data_folder):
    for path in sorted(data_folder.glob("dev/html/*.html.gz"))[::100]:
        page = Page(path.name.split(".")[0], gzip.decompress(path.read_bytes()), "html")
        lines = page.lines()
        found = {int(number) for number, _ in marked(frame(page, lines, "/p/")) if number}
        assert found == set(range(len(lines))), page.id
