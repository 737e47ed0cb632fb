import pytest

from corpus import DataError

HTML = (
    '<html><head><link href="http://blog.harbour.example/ferry?a=1&amp;b=2" rel="canonical">'
    '<meta property="og:url" content="http://other.example/"></head><body><p>Home</p>'
    "<h1>The ferry is back again</h1><p>It runs again from Monday’s first tide.</p>"
    "<p>Ann Bell on May 3</p><p>Is it true that the ferry is back?</p>"
    "<p>Nobody had expected that so soon.</p><p>All rights reserved</p></body></html>"
)
GOLD = (
    "The ferry is back again\n\nIt runs again from Monday’s first tide.\n\n"
    "!@#$%^&*()  COMMENTS\nAnn Bell on May 3\nIs it true that the ferry is back?\n"
    "Nobody had expected that so soon.\n"
)
LINES = [
    ("noise", "Home"),
    ("body", "The ferry is back again"),
    ("body", "It runs again from Monday’s first tide."),
    ("comment", "Ann Bell on May 3"),
    ("comment", "Is it true that the ferry is back?"),
    ("comment", "Nobody had expected that so soon."),
    ("noise", "All rights reserved"),
]


def test_a_page_is_imported_with_all_that_is_known_of_it(lay_out, imported):
    lay_out({"HTML/R76.html": HTML, "Corrected/R76.html.corrected.txt": GOLD})
    done = imported("dragnet")
    labelled = done.pages[0]
    page = labelled.page
    assert (page.id, page.raw) == ("R76", HTML.encode())
    assert (page.url, page.site) == ("http://blog.harbour.example/ferry?a=1&b=2", "harbour.example")
    assert (page.split, page.page_type, page.licence) == (None, "article", "AGPL-3.0")
    assert page.source == "dragnet"
    assert labelled.gold_text == (
        "The ferry is back again\nIt runs again from Monday’s first tide."
    )
    assert labelled.coverage.tolist() == [0, 1, 1, 0, 0, 0, 0]
    assert done.lines() == LINES


def test_the_layout_of_the_mirror_gives_the_same(lay_out, imported):
    lay_out({"input/R76.html": HTML, "GoldStandard/R76.txt": GOLD, "input/.DS_Store": b"\0"})
    done = imported("dragnet")
    assert (done.ids, done.lines(), done.left_out) == (["R76"], LINES, [])


def test_the_lists_tell_the_splits(lay_out, imported):
    lay_out(
        {f"HTML/{name}.html": HTML for name in ("369", "R1", "T5")}
        | {f"Corrected/{name}.html.corrected.txt": GOLD for name in ("369", "R1", "T5")}
        | {"training.txt": "T5\n369\n", "test.txt": "R1\nR2\n"}
    )
    done = imported("dragnet")
    assert [(labelled.page.id, labelled.page.split) for labelled in done.pages] == [
        ("369", "train"),
        ("R1", "test"),
        ("T5", "train"),
    ]
    assert done.dataset.training_split == "train"


@pytest.mark.parametrize(
    "delimiter",
    [
        "!@#$%^&*() COMMENTS",
        "!@ $%^&*()  COMMENTS",
        "!@#$%^&*()  COMMENTS (3)\r",
        "!@#$%^&*()COMMENTS",
        "!@#$%^&*()\r\nCOMMENTS",
        "  !@#$%^&*()  COMMENTS",
    ],
)
def test_the_delimiter_was_typed_by_hand(lay_out, imported, delimiter):
    gold = GOLD.replace("!@#$%^&*()  COMMENTS", delimiter)
    lay_out({"HTML/R76.html": HTML, "Corrected/R76.html.corrected.txt": gold})
    assert imported("dragnet").lines() == LINES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_golds_come_in_many_encodings(lay_out, imported, encoding):
    lay_out({"HTML/R76.html": HTML, "Corrected/R76.html.corrected.txt": GOLD.encode(encoding)})
    assert imported("dragnet").lines() == LINES


def test_a_gold_without_comments_is_all_body(lay_out, imported):
    gold = GOLD.replace("!@#$%^&*()  COMMENTS\n", "")
    lay_out({"HTML/R76.html": HTML, "Corrected/R76.html.corrected.txt": gold})
    assert [label for label, _ in imported("dragnet").lines()] == ["noise", *["body"] * 5, "noise"]


def test_a_page_may_have_comments_alone_or_nothing(lay_out, imported):
    lay_out(
        {
            "HTML/1.html": HTML,
            "Corrected/1.html.corrected.txt": GOLD[GOLD.index("!@#") :],
            "HTML/2.html": HTML,
            "Corrected/2.html.corrected.txt": "",
        }
    )
    done = imported("dragnet")
    assert [label for label, _ in done.lines(0)] == [
        label if label == "comment" else "noise" for label, _ in LINES
    ]
    assert {label for label, _ in done.lines(1)} == {"noise"}
    assert [labelled.gold_text for labelled in done.pages] == ["", ""]


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ("<meta content='https://a.example/1' property=og:url>", "https://a.example/1"),
        ('<link rel="canonical" href="/ferry"><meta property="og:url" content="ferry">', None),
        ('<link rel="stylesheet" href="http://a.example/"><a rel=canonical href=http://b/>', None),
        ("", None),
    ],
)
def test_an_address_is_what_a_page_declares_in_full(lay_out, imported, head, url):
    lay_out({"HTML/R1.html": f"{head}<p>It runs.", "Corrected/R1.html.corrected.txt": "It runs."})
    page = imported("dragnet").pages[0].page
    assert (page.url, page.site) == (url, "a.example" if url else "unknown-R1")


def test_words_on_the_line_of_the_delimiter_are_comments(lay_out, imported):
    gold = GOLD.replace("COMMENTS\nAnn Bell", "COMMENTS Ann Bell")
    lay_out({"HTML/R76.html": HTML, "Corrected/R76.html.corrected.txt": gold})
    assert imported("dragnet").lines() == LINES


@pytest.mark.parametrize(
    "words", ["      COMMENTS", "(COMMENTS)", "*** COMMENTS", "!@#$%^&*() Comments"]
)
def test_what_is_no_delimiter_divides_nothing(lay_out, imported, words):
    gold = GOLD.replace("!@#$%^&*()  COMMENTS", words)
    lay_out({"HTML/R76.html": HTML, "Corrected/R76.html.corrected.txt": gold})
    assert [label for label, _ in imported("dragnet").lines()] == ["noise", *["body"] * 5, "noise"]


def test_a_long_row_of_signs_is_read_at_once(lay_out, imported):
    gold = "!@#$ " * 40_000 + GOLD  # time that grew with its square would be a minute
    lay_out({"HTML/R76.html": HTML, "Corrected/R76.html.corrected.txt": gold})
    assert imported("dragnet").lines() == LINES


def test_ids_that_are_listed_but_nowhere_else_are_told(lay_out, imported):
    lay_out(
        {
            "HTML/R1.html": HTML,
            "corrected/Corrected/R1.html.corrected.txt": GOLD,
            "HTML/R2.html": HTML,
            "training.txt": "R1\nR2\nR3\n",
            "test.txt": "R4",
        }
    )
    done = imported("dragnet")
    assert done.ids == ["R1"]
    assert done.left_out == [
        ("HTML/R2.html", "page without gold, R2.html.corrected.txt is missing"),
        ("training.txt R3", "neither its page nor its gold is there"),
        ("test.txt R4", "neither its page nor its gold is there"),
    ]


def test_what_cannot_be_read_is_left_out_and_counted(lay_out, imported):
    lay_out(
        {
            "HTML/1.html": HTML,
            "HTML/2.html": HTML,
            "Corrected/2.html.corrected.txt": GOLD,
            "Corrected/3.html.corrected.txt": GOLD,
            "HTML/4.html": bytes(range(1, 9)) * 99,
            "Corrected/4.html.corrected.txt": GOLD,
        }
    )
    done = imported("dragnet")
    assert done.ids == ["2"]
    assert done.left_out == [
        ("HTML/1.html", "page without gold, 1.html.corrected.txt is missing"),
        ("Corrected/3.html.corrected.txt", "gold without a page, 3.html is missing"),
        ("HTML/4.html", "the bytes are neither HTML nor text in any encoding known here"),
    ]


def test_another_layout_is_refused(lay_out, imported):
    lay_out({"HTML/1.html": HTML, "training.txt": "1"})
    with pytest.raises(
        DataError, match=r"source: no HTML/\*\.html with Corrected/.*, no input/\*\.html with Gold"
    ):
        imported("dragnet")
