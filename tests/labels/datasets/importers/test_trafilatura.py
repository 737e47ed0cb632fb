import json

import pytest

from corpus import DataError

HTML = (
    '<html lang="de"><meta charset="iso-8859-1"><nav>Über uns</nav><h1>Die Fähre fährt</h1>'
    "<p>Sie fährt   wieder ab\nMontag.</p><p>Niemand rechnete damit.</p>"
    "<p>Sie fährt wieder, Impressum</p><footer>Impressum</footer></html>"
)
URL = "https://www.zeitung.example/faehre "


def entry(file="zeitung.de.fähre.html", **changes):
    return {
        "file": file,
        "author": "Ann Bell",
        "with": ["fährt wieder\u00a0 ab"],
        "without": ["Impressum", "nie"],
    } | changes


def test_only_lines_with_a_snippet_are_known(lay_out, imported):
    lay_out(
        {
            "evaldata.json": json.dumps({URL: entry(**{"with": ["fährt  wieder"]})}),
            "eval/zeitung.de.fähre.html": HTML.encode("latin-1"),
        }
    )
    done = imported("trafilatura")
    assert done.lines() == [
        ("mixed", "Über uns"),
        ("mixed", "Die Fähre fährt"),
        ("body", "Sie fährt wieder ab Montag."),
        ("mixed", "Niemand rechnete damit."),
        ("mixed", "Sie fährt wieder, Impressum"),
        ("noise", "Impressum"),
    ]
    labelled = done.pages[0]
    assert (labelled.gold_text, labelled.coverage) == (None, None)
    assert labelled.with_snippets == ("fährt  wieder",)
    assert labelled.without_snippets == ("Impressum", "nie")


def test_what_the_index_says_of_a_page_travels_along(lay_out, imported):
    facts = {"title": "Die Fähre fährt", "date": "2020-03-05", "license": "CC BY-SA 3.0 DE"}
    page = HTML.replace("<h1>", "<p>Von Ann Bell, im März 2020</p><h1>").encode("latin-1")
    stated = entry("a.html", **facts, **{"with": ["Montag"], "without": ["Impressum"]})
    index = {URL: stated, "https://b.example/": entry("b.html", license="")}
    files = {f"eval/{name}.html": page for name in "ab"}
    lay_out({"evaldata.json": json.dumps(index)} | files)
    done = imported("trafilatura")
    assert [labelled.page.licence for labelled in done.pages] == ["CC BY-SA 3.0 DE", "Apache-2.0"]
    labels = [label for label, _ in done.lines()]
    assert labels == ["mixed", "byline", "title", "body", "mixed", "noise", "noise"]


def test_lines_with_a_snippet_of_a_comment_are_comments(lay_out, imported):
    told = entry("a.html", **{"with": ["Montag"], "without": [], "comments": ["rechnete damit"]})
    lay_out({"evaldata.json": json.dumps({URL: told}), "eval/a.html": HTML.encode("latin-1")})
    labels = [label for label, _ in imported("trafilatura").lines()]
    assert labels == ["mixed", "mixed", "body", "comment", "mixed", "mixed"]


def test_a_page_is_imported_with_all_that_is_known_of_it(lay_out, imported):
    lay_out(
        {
            "evaldata.json": json.dumps({URL: entry()}),
            "cache/zeitung.de.fähre.html": HTML.encode("latin-1"),
        }
    )
    done = imported("trafilatura")
    page = done.pages[0].page
    assert (page.id, page.raw) == ("zeitung.de.fähre", HTML.encode("latin-1"))
    assert (page.url, page.site) == (URL.strip(), "zeitung.example")
    assert (page.language, page.split) == ("de", "test")
    assert (page.source, page.licence) == ("trafilatura", "Apache-2.0")
    with pytest.raises(DataError, match="not trained on"):
        _ = done.dataset.training_split


def test_ids_are_safe_and_unique_whatever_the_files_are_called(lay_out, imported):
    names = ["„Sieci”_ IPN: und?.html", "a b.html", "a-b.html", "a b.html", f"{'x' * 200}.html"]
    index = {f"https://a.example/{row}": entry(name) for row, name in enumerate(names)}
    lay_out({"evaldata.json": json.dumps(index)} | {f"eval/{name}": HTML for name in names})
    assert imported("trafilatura").ids == ["„Sieci”_-IPN-und", "a-b", "a-b~2", "a-b~3", "x" * 110]


def test_a_snippet_that_is_blank_stands_in_no_line(lay_out, imported):
    index = {URL: entry("a.html", **{"with": [" "], "without": []})}
    lay_out({"evaldata.json": json.dumps(index), "eval/a.html": HTML})
    assert {label for label, _ in imported("trafilatura").lines()} == {"mixed"}


def test_what_cannot_be_read_is_left_out_and_counted(lay_out, imported):
    index = {
        "https://a.example/": entry("a.html"),
        "https://b.example/": entry("b.html"),
        "https://c.example/": {"file": "a.html", "with": []},
        "https://d.example/": "a.html",
        "https://e.example/": entry("e.html"),
        "https://f.example/": entry("a.html", **{"with": "fährt"}),
    }
    lay_out(
        {
            "evaldata.json": json.dumps(index),
            "eval/a.html": HTML,
            "eval/e.html": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
            "cache/.keep": "",
        }
    )
    done = imported("trafilatura")
    assert done.ids == ["a"]
    assert [place for place, _ in done.left_out] == [
        "eval/b.html",
        "evaldata.json https://c.example/",
        "evaldata.json https://d.example/",
        "eval/e.html",
        "evaldata.json https://f.example/",
    ]
    reasons = [reason for _, reason in done.left_out]
    assert reasons[0] == "no such file, nor in cache"
    assert reasons[1] == "no page with snippets (KeyError('without'))"
    assert reasons[2].startswith("no page with snippets (TypeError(")
    assert reasons[4] == "snippets are 'fährt', no list of texts"
    assert reasons[3] == "the bytes are neither HTML nor text in any encoding known here"


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"evaldata.json": "{}"}, r"source: no evaldata\.json with a folder cache or eval"),
        ({"eval/a.html": HTML}, r"source: no evaldata\.json with a folder cache or eval"),
        ({"eval/a.html": HTML, "evaldata.json": "[]"}, r"evaldata\.json: no table of pages by URL"),
    ],
)
def test_another_layout_is_refused(lay_out, imported, files, complaint):
    lay_out(files)
    with pytest.raises(DataError, match=complaint):
        imported("trafilatura")


@pytest.mark.data("trafilatura-eval")
def test_the_real_thing_is_as_it_was(data_folder, imported):
    done = imported("trafilatura", data_folder)
    assert (len(done.ids), done.left_out) == (60, [])
    assert [done.ids[row] for row in (0, 30, -1)] == [
        "Solarserver.de.solarthermisches-kraftwerk-dubai",
        "gala.fr.surnom",
        "bsi.de-ki",
    ]
    held = [
        any(" ".join(snippet.split()) in text for label, text in done.lines(row) if label == "body")
        for row, labelled in enumerate(done.pages)
        for snippet in labelled.with_snippets
    ]
    assert (len(held), sum(held)) == (181, 178)
