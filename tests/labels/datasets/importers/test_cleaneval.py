import pytest

from corpus import DataError
from labels.datasets.importers._cleaneval import unmark, unwrap

HTML = (
    "<html><head><title>Ferry</title></head><body><p>Home | News</p><h1>The ferry is back</h1>"
    "<p>It runs again from Monday on&#8217;s first tide, says the captain.</p>"
    "<ul><li>Cars</li><li>Bikes &amp; boats</li></ul><p>All rights reserved</p></body></html>"
)
WRAPPED = (
    '\n<text id="http://www.wharf.example/ferry" title="The "ferry" > is back" encoding="UTF-8">\n'
    f"{HTML}\n</text>\n"
)
GOLD = (
    "\n  URL: http://news.harbour.example/ferry\n\n<h>The ferry is back\n\n"
    "<p>It runs again from Monday on&#8217;s\n first tide, says the captain.\n"
    "<l>Cars\n<L>Bikes &amp; boats</l>\n\n"
)
TEXT = (
    "The ferry is back\nIt runs again from Monday on’s first tide, says the captain.\n"
    "Cars\nBikes & boats"
)
LINES = [
    ("noise", "Home | News"),
    ("body", "The ferry is back"),
    ("body", "It runs again from Monday on’s first tide, says the captain."),
    ("body", "Cars"),
    ("body", "Bikes & boats"),
    ("noise", "All rights reserved"),
]


def test_a_page_is_imported_with_all_that_is_known_of_it(lay_out, imported):
    lay_out({"input/1.html": WRAPPED, "GoldStandard/1.txt": GOLD})
    done = imported("cleaneval")
    labelled = done.pages[0]
    page = labelled.page
    assert (page.id, page.raw, page.markup) == ("1", HTML.encode(), "html")
    assert (page.url, page.site) == ("http://news.harbour.example/ferry", "harbour.example")
    assert (page.language, page.split, page.source) == ("en", None, "cleaneval")
    assert labelled.gold_text == TEXT
    assert done.lines() == LINES


def test_the_development_and_the_final_set_are_splits(lay_out, imported):
    lay_out(
        {
            f"{folder}/{file}": content
            for folder in ("cleaneval-dev", "final", "other-dev2")
            for file, content in (("input/1.html", WRAPPED), ("GoldStandard/1.txt", GOLD))
        }
    )
    lay_out({"test-final/input/1.html": WRAPPED})
    done = imported("cleaneval")
    assert done.ids == ["dev-1", "final-1"]
    assert done.left_out == [("test-final", "no input/*.html with GoldStandard/*.txt")]
    assert done.dataset.manifest.splits == {"dev": 1, "test": 1}
    assert done.dataset.training_split == "dev"
    assert done.dataset.manifest.reserved_sites == ("harbour.example",)


def test_one_of_the_sets_alone_is_known_by_its_folder(lay_out, imported, source):
    lay_out({"cleaneval-final/input/1.html": WRAPPED, "cleaneval-final/GoldStandard/1.txt": GOLD})
    page = imported("cleaneval", source / "cleaneval-final").pages[0].page
    assert (page.id, page.split) == ("final-1", "test")


@pytest.mark.parametrize(
    ("page", "gold"),
    [
        (WRAPPED.encode("utf-8-sig"), GOLD.encode("utf-8-sig")),
        (WRAPPED.replace("\n", "\r\n").encode(), GOLD.replace("\n", "\r\n").encode("utf-16")),
        (HTML.encode("utf-16"), GOLD.encode()),  # and without a wrapper
        (WRAPPED.encode("cp1252"), GOLD.replace("&#8217;", "’").encode("cp1252")),
    ],
)
def test_encodings_are_as_they_are(lay_out, imported, page, gold):
    lay_out({"input/1.html": page, "GoldStandard/1.txt": gold})
    done = imported("cleaneval")
    assert done.pages[0].gold_text == TEXT
    assert done.lines() == LINES


def test_the_bytes_stay_unless_only_the_wrapper_tells_their_encoding():
    czech = "<p>Přívoz pluje znovu až v pondělí, řekl žlutý kůň.</p>"
    declared = f'<meta charset="windows-1250">{czech}'.encode("cp1250")
    assert unwrap(b'<text id=1 encoding="windows-1250">' + declared) == (declared, None)
    raw, _ = unwrap(b'<text id=1 encoding="iso-8859-2">' + czech.encode("iso8859-2") + b"</text>")
    assert raw in (czech.encode("iso8859-2"), czech.encode())
    odd = "<p>ř ţ</p>"
    assert unwrap(b"<text encoding=windows-1250>" + odd.encode("cp1250"))[0] == odd.encode()


@pytest.mark.parametrize(
    ("opening", "address"),
    [
        ('<text id="http://a.example/?a=1" title="x">', "http://a.example/?a=1"),
        ("<TEXT id='http://a.example/'>", "http://a.example/"),
        ('<text id="17" title="5 > 4">', None),
        ('<text id="17" title="an odd " quote">', None),
        ('<text id="17"\ntitle="in two\nlines" encoding="utf-8" >', None),
        ("<text>", None),
    ],
)
def test_the_wrapper_goes_whatever_its_title(opening, address):
    assert unwrap(f"{opening}\n<p>It runs.</p></text>".encode()) == (b"<p>It runs.</p>", address)


def test_a_page_that_only_talks_of_text_elements_is_not_unwrapped():
    html = b"<p>The <text> element</p></text> is odd."
    assert unwrap(html) == (html, None)


def test_without_a_url_line_the_wrapper_tells_the_address(lay_out, imported):
    lay_out({"input/1.html": WRAPPED, "GoldStandard/1.txt": "<p>It runs again"})
    page = imported("cleaneval").pages[0].page
    assert (page.url, page.site) == ("http://www.wharf.example/ferry", "wharf.example")


def test_a_page_without_any_address_is_a_site_of_its_own(lay_out, imported):
    lay_out({"input/7.html": HTML, "GoldStandard/7.txt": "URL:\n<p>It runs again"})
    labelled = imported("cleaneval").pages[0]
    assert (labelled.page.url, labelled.page.site) == (None, "unknown-7")
    assert labelled.gold_text == "It runs again"


@pytest.mark.parametrize("gold", ["", "URL: http://a.example/", "URL: http://a.example/\n<p>\n"])
def test_an_empty_gold_is_a_page_without_body(lay_out, imported, gold):
    lay_out({"input/1.html": WRAPPED, "GoldStandard/1.txt": gold})
    done = imported("cleaneval")
    assert done.pages[0].gold_text == ""
    assert {label for label, _ in done.lines()} == {"noise"}


def test_marks_become_line_breaks_and_wrapped_lines_are_joined():
    assert unmark(" <p>One\n two.\nThree.<p>Four\n\n\n <H>Five") == "One two.\nThree.\nFour\nFive"
    assert unmark("   <h>One\n   \n\n    Two\n   and\n   \n   three") == "One\nTwo and\nthree"


@pytest.mark.parametrize(
    ("page", "gold", "page_id", "split"),
    [
        ("finalrun-input/1.html", "GoldStandard/1.txt", "final-1", "test"),
        ("en_original/1.html", "en_cleaned/1-cleaned.txt", "dev-1", "dev"),
        ("orig/1.html", "clean/1.txt", "1", None),
    ],
)
def test_archives_and_copies_call_the_folders_otherwise(
    lay_out, imported, page, gold, page_id, split
):
    lay_out({page: WRAPPED, gold: GOLD})
    done = imported("cleaneval")
    assert [(labelled.page.id, labelled.page.split) for labelled in done.pages] == [
        (page_id, split)
    ]
    assert done.lines() == LINES


def test_a_gold_may_be_in_two_encodings_at_once(lay_out, imported):
    gold = "<p>The café is\n open".encode() + " – says naïve Zoë’s".encode("cp1252")
    lay_out({"input/1.html": WRAPPED, "GoldStandard/1.txt": gold})
    assert imported("cleaneval").pages[0].gold_text == "The café is open – says naïve Zoë’s"


def test_an_encoding_that_is_none_is_passed_by(lay_out, imported):
    page = WRAPPED.replace("UTF-8", "unset").replace("captain", "capit\u00e1n")
    lay_out({"input/1.html": page, "GoldStandard/1.txt": GOLD})
    assert "says the capitán" in imported("cleaneval").pages[0].page.raw.decode()


def test_what_cannot_be_read_is_left_out_and_counted(lay_out, imported):
    lay_out(
        {
            "input/1.html": WRAPPED,
            "GoldStandard/1.txt": GOLD,
            "input/2.html": WRAPPED,
            "GoldStandard/3.txt": GOLD,
            "input/4.html": bytes(range(1, 9)) * 99,
            "GoldStandard/4.txt": GOLD,
            "input/5.html": WRAPPED,
            "GoldStandard/5.txt": bytes(range(1, 9)) * 99,
            "GoldStandard/.DS_Store": b"\0\0\0\1Bud1",
            "input/6.HTML": WRAPPED,
            "input/7.html/8.html": WRAPPED,
            "GoldStandard/9.txt.gz": b"",
        }
    )
    done = imported("cleaneval")
    assert done.ids == ["1"]
    binary = "the bytes are neither HTML nor text in any encoding known here"
    assert done.left_out == [
        ("input/6.HTML", "its name does not end in .html"),
        ("input/7.html", "is no file"),
        ("GoldStandard/9.txt.gz", "its name does not end in .txt"),
        ("input/2.html", "page without gold, 2.txt is missing"),
        ("GoldStandard/3.txt", "gold without a page, 3.html is missing"),
        ("input/4.html", binary),
        ("GoldStandard/5.txt", binary),
    ]


def test_another_layout_is_refused(lay_out, imported):
    lay_out({"input/1.html": WRAPPED})
    with pytest.raises(
        DataError, match=r"source: no input/\*\.html with GoldStandard/\*\.txt, nei"
    ):
        imported("cleaneval")


def test_empty_folders_are_refused(source, imported):
    for folder in ("input", "GoldStandard"):
        (source / folder).mkdir()
    with pytest.raises(DataError, match=r"source: no input/\*\.html with GoldStandard/\*\.txt"):
        imported("cleaneval")
