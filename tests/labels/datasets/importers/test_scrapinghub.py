import gzip
import json

import pytest

from corpus import DataError

HTML = (
    '<html lang="fr-FR"><body><nav>Accueil</nav><h1>Le bac repart</h1>'
    "<p>Il repart dès lundi.</p><p>Personne ne l’attendait si tôt.</p></body></html>"
)
GOLD = {
    "articleBody": "Il repart dès lundi.\n\nPersonne ne l’attendait si tôt.",
    "url": "https://www.journal.example/bac",
}


def files(golds, pages):
    return {
        "ground-truth.json": json.dumps(golds),
        "output/some.json": "{}",
        **{
            f"html/{name}.html.gz": gzip.compress(html.encode()) if isinstance(html, str) else html
            for name, html in pages.items()
        },
    }


def test_a_page_is_imported_with_all_that_is_known_of_it(lay_out, imported):
    lay_out(files({"a1": GOLD}, {"a1": HTML}))
    done = imported("scrapinghub")
    labelled = done.pages[0]
    page = labelled.page
    assert (page.id, page.raw, page.markup) == ("a1", HTML.encode(), "html")
    assert (page.url, page.site) == ("https://www.journal.example/bac", "journal.example")
    assert (page.language, page.source, page.licence) == ("fr", "scrapinghub", "MIT")
    assert labelled.gold_text == GOLD["articleBody"]
    assert labelled.coverage.tolist() == [0, 0, 1, 1]
    assert done.lines() == [
        ("noise", "Accueil"),
        ("noise", "Le bac repart"),
        ("body", "Il repart dès lundi."),
        ("body", "Personne ne l’attendait si tôt."),
    ]


def test_it_can_be_scored_but_not_trained_on(lay_out, imported):
    lay_out(files({"a1": GOLD}, {"a1": HTML}))
    dataset = imported("scrapinghub").dataset
    assert dataset.manifest.splits == {"test": 1}
    assert dataset.manifest.reserved_sites == ("journal.example",)
    with pytest.raises(DataError, match="not trained on"):
        _ = dataset.training_split


def test_what_cannot_be_read_is_left_out_and_counted(lay_out, imported):
    golds = {"a1": GOLD, "b2": {"url": "https://b.example/"}, "c3": GOLD, "d4": GOLD, "e5": GOLD}
    pages = {"a1": HTML, "b2": HTML, "c3": b"no gzip", "d4": gzip.compress(HTML.encode())[:-9]}
    lay_out(files(golds, pages | {"f6": HTML}))
    done = imported("scrapinghub")
    assert done.ids == ["a1"]
    assert [place for place, _ in done.left_out] == [
        "ground-truth.json b2",
        "html/c3.html.gz",
        "html/d4.html.gz",
        "html/e5.html.gz",
        "ground-truth.json f6",
    ]
    reasons = [reason for _, reason in done.left_out]
    assert reasons[0] == "no gold (KeyError('articleBody'))"
    assert all(reason.startswith("cannot be unpacked (") for reason in reasons[1:4])
    assert reasons[4] == "no gold (KeyError('f6'))"


@pytest.mark.parametrize("golds", ["[]", "{"])
def test_a_broken_ground_truth_is_refused(lay_out, imported, golds):
    lay_out(files({}, {"a1": HTML}) | {"ground-truth.json": golds})
    with pytest.raises(DataError, match=r"ground-truth\.json: no (table of golds|JSON)"):
        imported("scrapinghub")


def test_another_layout_is_refused(lay_out, imported):
    lay_out({"html/a1.html": HTML, "ground-truth.json": "{}"})
    with pytest.raises(DataError, match=r"source: no html/\*\.html\.gz with ground-truth\.json"):
        imported("scrapinghub")


@pytest.mark.data("scrapinghub")
def test_the_real_thing_is_as_it_was(data_folder, imported):
    done = imported("scrapinghub", data_folder)
    assert (len(done.ids), done.left_out) == (181, [])
    assert [done.ids[row][:16] for row in (0, 90, -1)] == [
        "042bb7b5fedab6ea",
        "833caf3bdba53dcf",
        "ffc109d474fdee1a",
    ]
    assert all(labelled.gold_text for labelled in done.pages)
    assert len({labelled.page.site for labelled in done.pages}) == 126
