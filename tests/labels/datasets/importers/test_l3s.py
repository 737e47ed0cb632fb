import pytest

from corpus import DataError

UUID = "2281f3c1-7a86-4c4c-874c-b19964e588f1"
ORIGINAL = (
    "<html><head><title>Storm hits the coast</title></head><body>"
    '<div id="nav"><a href=/>Storm hits the coast</a> | <a>Sport</a></div>'
    "<h1>Storm hits the coast</h1><p>By Ann Bell</p>"
    "<p>The <b>storm</b> came at night and took the pier with it.</p>"
    "<p>Nobody was hurt, says the harbour master.<br>Photo: the pier on Sunday morning</p>"
    "<p>Read more: the storms of last year. The pier will be built again.</p>"
    "<ul><li>Ferry runs again</li><li>The mayor resigns over the budget</li></ul>"
    "<div>I saw it happen from my window.</div><div>All rights reserved</div></body></html>"
)
# As a browser saved it: other markup around, one block written by a script.
ANNOTATED = (
    '<HTML><HEAD><TITLE><SPAN class="x-nc-sel1">Storm hits the coast</SPAN></TITLE>'
    "<STYLE>.x-nc-sel1 { color: red }</STYLE></HEAD><BODY>"
    '<DIV id="nav"><A href="/"><SPAN class="x-nc-sel0">Storm hits the coast</SPAN></A> | '
    "<A>Sport</A></DIV><DIV>Loading the advertisement</DIV>"
    '<H1><SPAN class="x-nc-sel1">Storm hits the coast</SPAN></H1><P>By Ann Bell</P>'
    '<SPAN class="x-nc-sel2"><P>The <B><SPAN class="x-nc-sel2">storm</SPAN></B> came at night and '
    "took the\n pier with it.</P>\n"
    '<P>Nobody was hurt, says the harbour master.<BR><SPAN class="big x-nc-sel3">Photo: the pier '
    'on Sunday morning</SPAN></P><P><SPAN class="x-nc-sel4">Read more: the storms of last year.'
    "</SPAN> The pier will be built again.</P></SPAN>"
    '<UL class="x-nc-sel4"><LI>Ferry runs again</LI><LI>The mayor resigns over the budget</LI></UL>'
    '<DIV><SPAN class="x-nc-sel5">I saw it happen from my window.</SPAN></DIV>'
    "<DIV>All rights reserved</DIV></BODY></HTML>"
)
LINES = [
    ("noise", "Storm hits the coast | Sport"),
    ("title", "Storm hits the coast"),
    ("noise", "By Ann Bell"),
    ("body", "The storm came at night and took the pier with it."),
    ("body", "Nobody was hurt, says the harbour master."),
    ("caption", "Photo: the pier on Sunday morning"),
    ("mixed", "Read more: the storms of last year. The pier will be built again."),
    ("recommendation", "Ferry runs again"),
    ("recommendation", "The mayor resigns over the budget"),
    ("comment", "I saw it happen from my window."),
    ("noise", "All rights reserved"),
]


def test_each_kind_of_span_labels_the_lines_of_the_original(lay_out, imported):
    lay_out({f"original/{UUID}.html": ORIGINAL, f"annotated/{UUID}.html": ANNOTATED})
    done = imported("l3s")
    assert done.lines() == LINES
    labelled = done.pages[0]
    assert labelled.page.raw == ORIGINAL.encode()
    assert labelled.gold_text == (
        "The storm came at night and took the pier with it.\n"
        "Nobody was hurt, says the harbour master.\nThe pier will be built again."
    )
    held = 6 / 13  # The pier will be built again.
    assert labelled.coverage.tolist() == pytest.approx([0, 0, 0, 1, 1, 0, held, 0, 0, 0, 0])


def test_the_layout_of_the_mirror_gives_the_same(lay_out, imported):
    lay_out({f"input/{UUID}.html": ORIGINAL, f"GoldStandard/{UUID}.txt": ANNOTATED})
    done = imported("l3s")
    assert done.lines() == LINES
    page = done.pages[0].page
    assert (page.id, page.url, page.site) == (UUID, None, f"unknown-{UUID}")
    assert (page.language, page.page_type, page.split) == ("en", "article", None)
    assert (page.source, page.licence) == ("l3s", "LicenseRef-research-only")


def test_the_innermost_span_counts():
    from labels.datasets.importers.l3s import _parts

    html = '<p>a<span class="x-nc-sel2">b<b>c</b><i class="x-nc-sel5 x">d</i>e</span></p><p>f</p>'
    assert [(str(label), text) for label, text in _parts(html)] == [
        ("noise", "\na"),
        ("body", "b"),
        ("body", "c"),
        ("comment", "d"),
        ("body", "e"),
        ("noise", "\nf"),
    ]


def test_what_a_reader_does_not_see_is_no_content():
    from labels.datasets.importers.l3s import _parts

    html = (
        '<div class="x-nc-sel2">a<span class="x-nc-invisible">b</span></div>'
        '<div class="x-nc-invisible"><span class="x-nc-sel2">c</span></div>'
    )
    assert [(str(label), text) for label, text in _parts(html)] == [
        ("body", "\na"),
        ("noise", "b"),
        ("body", "\nc"),
    ]


def test_an_annotation_that_is_nested_without_end_is_refused(lay_out, imported):
    lay_out(
        {f"{folder}/{name}.html": ORIGINAL for folder in ("original", "annotated") for name in "ab"}
    )
    lay_out({"annotated/b.html": "<div>" * 20_000 + ANNOTATED})
    done = imported("l3s")
    assert done.ids == ["a"]
    (left_out,) = done.left_out
    assert left_out[0] == "annotated/b.html"
    assert left_out[1].startswith("elements are nested 20,0")


def test_addresses_come_from_the_mapping_or_the_page(lay_out, imported):
    names = ["a-1", "b-2", "c-3"]
    link = '<link rel="canonical" href="http://news.own.example/">'
    lay_out(
        {f"original/{name}.html": link + ORIGINAL for name in names[:2]}
        | {f"original/{names[2]}.html": ORIGINAL}
        | {f"annotated/{name}.html": ANNOTATED for name in names}
        | {"url-mapping.txt": "<urn:uuid:a-1> http://www.news.example/storm\n"}
    )
    assert [labelled.page.site for labelled in imported("l3s").pages] == [
        "news.example",
        "own.example",
        "unknown-c-3",
    ]


def test_an_annotation_without_spans_is_a_page_without_body(lay_out, imported):
    lay_out({"original/a.html": ORIGINAL, "annotated/a.html": ORIGINAL})
    done = imported("l3s")
    assert {label for label, _ in done.lines()} == {"noise"}
    assert done.pages[0].gold_text == ""


def test_what_cannot_be_read_is_left_out_and_counted(lay_out, imported):
    lay_out(
        {
            "original/a.html": ORIGINAL,
            "original/b.html": ORIGINAL,
            "annotated/b.html": ANNOTATED,
            "annotated/c.html": ANNOTATED,
            "original/d.html": ORIGINAL,
            "annotated/d.html": bytes(range(1, 9)) * 99,
        }
    )
    done = imported("l3s")
    assert done.ids == ["b"]
    assert [place for place, _ in done.left_out] == [
        "original/a.html",
        "annotated/c.html",
        "annotated/d.html",
    ]


def test_another_layout_is_refused(lay_out, imported):
    lay_out({"original/a.html": ORIGINAL})
    with pytest.raises(
        DataError, match=r"source: no original/\*\.html with annotated/\*\.html, no"
    ):
        imported("l3s")
