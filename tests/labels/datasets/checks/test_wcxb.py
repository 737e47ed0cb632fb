"""What is known to be wrong with WCXB, and what looks wrong but is not."""

import gzip
import json
from collections import Counter

import pytest

from corpus import Page
from labels import LabelledPage, codes
from labels.datasets.checks import gold_text as gold
from labels.datasets.checks.gold_text import check_gold
from labels.datasets.checks.mojibake import check_characters

pytestmark = pytest.mark.data("wcxb")


@pytest.fixture
def read(data_folder):
    """Reads a page of the development split by its number."""

    def read_(page_id, *, with_page=True):
        gold = (data_folder / "dev" / "ground-truth" / f"{page_id}.json").read_bytes()
        truth = json.loads(gold)["ground_truth"]
        packed = data_folder / "dev" / "html" / f"{page_id}.html.gz"
        page = Page(page_id, gzip.decompress(packed.read_bytes()) if with_page else b"", "html")
        texts = page.lines().texts
        return LabelledPage(
            page,
            texts,
            codes(["noise"] * len(texts)),
            gold_text=truth.get("main_content") or "",
            with_snippets=tuple(truth.get("with") or ()),
            without_snippets=tuple(truth.get("without") or ()),
        )

    return read_


def test_empty_golds_and_snippets_that_contradict_the_gold_are_counted(
    read, data_folder, monkeypatch
):
    monkeypatch.setattr(gold, "_not_on_page", lambda *_: ())  # to do without the pages
    found, snippets = Counter(), 0
    for path in data_folder.glob("dev/ground-truth/*.json"):
        labelled = read(path.stem, with_page=False)
        found.update(str(finding.kind) for finding in check_gold(labelled))
        snippets += len(labelled.with_snippets)
    assert found == {"gold-empty": 21, "gold-lacks-with": 57, "gold-holds-without": 13}
    assert snippets == 6659


@pytest.mark.parametrize(
    ("page_id", "kind", "share"),
    [
        ("4145", "gold-not-on-page", 1.0),  # a forum that shows nothing without its script
        ("0582", "gold-not-on-page", 0.71),  # a product whose description is in a script
        ("2218", "gold-reworded", 0.56),  # written anew
    ],
)
def test_golds_that_are_not_on_their_pages_are_found(read, page_id, kind, share):
    (finding,) = check_gold(read(page_id))
    assert (finding.kind, finding.share) == (kind, pytest.approx(share, abs=0.005))


@pytest.mark.parametrize(
    "page_id",
    [
        "2901",  # the page writes tags together that the gold writes apart
        "2922",  # the gold has each title twice
        "3027",  # the gold has the facts of each product in another order
        "4591",  # 7 % of the words are broken line breaks
    ],
)
def test_golds_that_are_on_their_pages_in_another_form_are_not_found(read, page_id):
    assert [f for f in check_gold(read(page_id)) if "page" in f.kind or "reworded" in f.kind] == []


def test_mojibake_is_distinguished_from_a_mention_of_it(read):
    kinds = {page_id: {str(f.kind) for f in check_characters(read(page_id))} for page_id in (
        "0452", "0666", "2362", "2498",
    )}  # fmt: skip
    assert kinds == {
        "0452": {"page-lost-characters"},
        "0666": {"gold-mojibake", "page-mojibake"},
        "2362": {"page-mojibake"},
        "2498": set(),  # an article that quotes some
    }
