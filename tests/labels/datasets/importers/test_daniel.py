import json

import pytest

from corpus import DataError

GREEK, CHINESE = "20111103_www.express.gr_0043", "20120209_news.xinhuanet.com_2cde"
PAGES = {
    f"html/{GREEK}": (
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1253">'
        "<table><tr><td>Αρχική<br>Νέα</td><td><h2>Το πλοίο</h2><p>Το πλοίο φεύγει πάλι τη "
        "Δευτέρα από το λιμάνι.</p><p>Κανείς δεν το περίμενε.</p></td></tr></table>"
    ).encode("cp1253"),
    f"html/{CHINESE}": '<html lang="en"><p>首页 新闻</p><p>渡轮周一再次开航。</p></html>',
    f"reference/{GREEK}": (
        "<p>Το πλοίο\n</p>\n<p> Το πλοίο φεύγει πάλι τη Δευτέρα από το λιμάνι.\n</p>\n"
        "<p> Κανείς δεν το περίμενε.\n</p>\n"
    ),
    f"reference/{CHINESE}": "<p>渡轮周一再次开航。</p>\n",
    "doc_lg.json": json.dumps({GREEK: "Greek", CHINESE: "Chinese"}),
}


def test_a_page_is_imported_with_all_that_is_known_of_it(lay_out, imported):
    lay_out(PAGES)
    done = imported("daniel")
    assert done.ids == [GREEK, CHINESE]
    labelled = done.pages[0]
    page = labelled.page
    assert page.raw == PAGES[f"html/{GREEK}"]
    assert (page.url, page.site, page.language) == (None, "express.gr", "el")
    assert (page.split, page.page_type, page.licence) == (None, "article", "GPL-3.0")
    assert page.source == "daniel"
    assert labelled.gold_text == (
        "Το πλοίο\nΤο πλοίο φεύγει πάλι τη Δευτέρα από το λιμάνι.\nΚανείς δεν το περίμενε."
    )
    assert done.lines() == [
        ("noise", "Αρχική"),
        ("noise", "Νέα"),
        ("body", "Το πλοίο"),
        ("body", "Το πλοίο φεύγει πάλι τη Δευτέρα από το λιμάνι."),
        ("body", "Κανείς δεν το περίμενε."),
    ]


def test_the_list_of_languages_goes_before_what_a_page_declares(lay_out, imported):
    lay_out(PAGES)
    done = imported("daniel")
    assert (done.pages[1].page.language, done.pages[1].page.site) == ("zh", "xinhuanet.com")
    assert done.lines(1) == [("noise", "首页 新闻"), ("body", "渡轮周一再次开航。")]


@pytest.mark.parametrize(
    ("told", "language"), [("PL", "pl"), ("Klingon", "en"), (None, "en"), (7, "en")]
)
def test_a_language_that_is_not_known_here_is_the_pages_own(lay_out, imported, told, language):
    lay_out(PAGES | {"doc_lg.json": json.dumps({CHINESE: told})})
    assert imported("daniel").pages[1].page.language == language


def test_a_name_without_a_site_is_a_site_of_its_own(lay_out, imported):
    lay_out({"html/odd": "<p>It runs.</p>", "reference/odd": "<p>It runs.", "doc_lg.json": "{}"})
    page = imported("daniel").pages[0].page
    assert (page.id, page.site) == ("odd", "unknown-odd")


def test_what_cannot_be_read_is_left_out_and_counted(lay_out, imported):
    lay_out(PAGES | {"reference/20120101_a.example_1": "<p>x</p>", "html/20120101_b.example_2": ""})
    done = imported("daniel")
    assert done.ids == [GREEK, CHINESE]
    assert done.left_out == [
        ("reference/20120101_a.example_1", "gold without a page, 20120101_a.example_1 is missing"),
        ("html/20120101_b.example_2", "page without gold, 20120101_b.example_2 is missing"),
    ]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"doc_lg.json": "[]"}, r"doc_lg\.json: no table of languages"),
        ({"doc_lg.json": "{"}, r"doc_lg\.json: no JSON"),
        ({"doc_lg.json": None}, r"doc_lg\.json: no JSON \(FileNotFoundError"),
        ({f"reference/{name}": None for name in (GREEK, CHINESE)}, r"source: no html/\* with ref"),
    ],
)
def test_another_layout_is_refused(lay_out, imported, changes, complaint):
    lay_out({name: file for name, file in (PAGES | changes).items() if file is not None})
    with pytest.raises(DataError, match=complaint):
        imported("daniel")
