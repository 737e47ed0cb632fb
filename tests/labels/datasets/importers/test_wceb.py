import hashlib
import json

import pytest

from corpus import DataError

HTML = (
    '<html lang="en"><head><meta property="og:url" content="https://own.example/1"></head>'
    "<body><p>Home</p><p>The ferry runs again from Monday on.</p></body></html>"
)
ID = hashlib.sha256(HTML.encode()).hexdigest()
GOLD = {
    "page_id": ID,
    "url": "https://www.harbour.example/ferry",
    "source": ["dragnet", "R76"],
    "plaintext": "The ferry runs again from Monday on.",
}


def without(*keys, **changes):
    return {key: value for key, value in (GOLD | changes).items() if key not in keys}


def lines(*rows):
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def test_a_page_is_imported_with_all_that_is_known_of_it(lay_out, imported):
    lay_out({"ground-truth/dragnet.jsonl": lines(GOLD), f"html/dragnet/{ID}.html": HTML})
    done = imported("wceb")
    labelled = done.pages[0]
    page = labelled.page
    assert (page.id, page.sha256, page.raw) == (ID, ID, HTML.encode())
    assert (page.url, page.site) == ("https://www.harbour.example/ferry", "harbour.example")
    assert (page.language, page.split) == ("en", None)
    assert (page.source, page.licence) == ("wceb/dragnet", "LicenseRef-several")
    assert labelled.gold_text == GOLD["plaintext"]
    assert done.lines() == [("noise", "Home"), ("body", "The ferry runs again from Monday on.")]


def test_a_page_that_was_written_again_has_another_digest_and_is_kept(lay_out, imported):
    original = HTML.replace("Monday", "Mönday").encode("latin-1")
    page_id = hashlib.sha256(original).hexdigest()
    lay_out(
        {
            "ground-truth/cetd.jsonl": lines(GOLD | {"page_id": page_id}),
            f"html/cetd/{page_id}.html": original.decode("latin-1"),
        }
    )
    done = imported("wceb")
    assert done.ids == [page_id]
    assert done.pages[0].page.sha256 != page_id


def test_pages_for_evaluation_alone_are_not_trained_on(lay_out, imported):
    lay_out(
        {
            f"{folder}/{name}": content
            for dataset in ("cleaneval", "scrapinghub")
            for folder, name, content in (
                ("ground-truth", f"{dataset}.jsonl", lines(GOLD)),
                ("html", f"{dataset}/{ID}.html", HTML),
            )
        }
    )
    done = imported("wceb")
    assert [(labelled.page.id, labelled.page.split) for labelled in done.pages] == [
        (ID, None),
        (f"{ID}~2", "test"),
    ]
    assert done.dataset.training_split == "none"
    assert done.dataset.manifest.reserved_sites == ("harbour.example",)


def test_language_and_page_type_are_those_of_the_row_or_of_its_dataset(lay_out, imported):
    plain = HTML.replace(' lang="en"', "")
    rows = {
        "cetd": GOLD | {"source": ["cetd", "BBC_17"]},
        "cleanportaleval": without("url", source=["cleanportaleval", "tv.msnbc.com_news_02"]),
        "dragnet": GOLD | {"language": "ko", "page_type": "forum"},
        "google-trends-2017": GOLD,
        "scrapinghub": GOLD,
    }
    lay_out(
        {
            f"{folder}/{name}": content
            for dataset, row in rows.items()
            for folder, name, content in (
                ("ground-truth", f"{dataset}.jsonl", lines(row)),
                ("html", f"{dataset}/{ID}.html", plain),
            )
        }
    )
    pages = [labelled.page for labelled in imported("wceb").pages]
    assert [(page.language, page.page_type, page.site) for page in pages] == [
        (None, None, "harbour.example"),
        ("en", "article", "msnbc.com"),
        ("ko", "forum", "harbour.example"),
        ("en", None, "harbour.example"),
        (None, "article", "harbour.example"),
    ]


def test_pages_of_one_portal_in_cetd_are_of_one_site(lay_out, imported):
    rows = [without("url", page_id=str(n) * 64, source=["cetd", f"BBC_{n}"]) for n in (1, 2)]
    html = HTML.replace("og:url", "og:title")
    lay_out(
        {"ground-truth/cetd.jsonl": lines(*rows)}
        | {f"html/cetd/{str(n) * 64}.html": html for n in (1, 2)}
    )
    assert [labelled.page.site for labelled in imported("wceb").pages] == ["bbc.co.uk"] * 2


def test_without_a_url_the_page_may_tell_it(lay_out, imported):
    lay_out({"ground-truth/a.jsonl": lines(without("url")), f"html/a/{ID}.html": HTML})
    page = imported("wceb").pages[0].page
    assert (page.url, page.site) == ("https://own.example/1", "own.example")


def test_what_cannot_be_read_is_left_out_and_counted(lay_out, imported):
    other = "0" * 64
    lay_out(
        {
            "ground-truth/a.jsonl": lines(
                GOLD,
                without("plaintext", page_id=other),
                GOLD | {"page_id": "f" * 64},
                GOLD | {"page_id": "R76"},
                without("page_id"),
                GOLD | {"page_id": "e" * 64, "plaintext": None},
            ),
            f"html/a/{ID}.html": HTML,
            f"html/a/{other}.html": HTML,
        }
    )
    done = imported("wceb")
    assert done.ids == [ID]
    assert [place for place, _ in done.left_out] == [
        "ground-truth/a.jsonl:2",
        f"html/a/{'f' * 64}.html",
        "ground-truth/a.jsonl:4",
        "ground-truth/a.jsonl:5",
        "ground-truth/a.jsonl:6",
    ]
    reasons = [reason for _, reason in done.left_out]
    assert reasons[0] == "no record of WCEB (KeyError('plaintext'))"
    assert reasons[1].startswith("cannot be read (FileNotFoundError")
    assert reasons[2] == "page_id 'R76' is no sha256"
    assert reasons[3] == "page_id 'a-5' is no sha256"
    assert reasons[4].startswith("no record of WCEB (TypeError")


def test_pages_without_gold_are_told(lay_out, imported):
    lay_out(
        {
            "ground-truth/a.jsonl": lines(GOLD),
            "ground-truth/a.json.gz": b"",
            f"html/a/{ID}.html": HTML,
            f"html/a/{'0' * 64}.html": HTML,
            f"html/a/{ID}.html.lz4": b"",
            f"html/b/{ID}.html": HTML,
        }
    )
    done = imported("wceb")
    assert done.ids == [ID]
    assert done.left_out == [
        ("ground-truth/a.json.gz", "its name does not end in .jsonl"),
        (f"html/a/{ID}.html.lz4", "its name does not end in .html"),
        (f"html/a/{'0' * 64}.html", "page without gold, none in ground-truth/a.jsonl"),
        (f"html/b/{ID}.html", "page without gold, none in ground-truth/b.jsonl"),
    ]


@pytest.mark.parametrize("files", [{f"html/a/{ID}.html": HTML}, {"ground-truth/a.jsonl": "{}"}])
def test_another_layout_is_refused(lay_out, imported, files):
    lay_out(files)
    with pytest.raises(DataError, match=r"source: no ground-truth/\*\.jsonl with html/DATASET"):
        imported("wceb")
