import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from corpus import SPLITTER_VERSION, DataError, Page
from corpus.files import write_atomically
from labels import LABELS, LabelledPage, codes, open_dataset, write_dataset, write_labels
from labels.datasets.checks import check_datasets
from labels.datasets.dataset import STARTER
from labels.datasets.manifest import NO_SPLIT, Counts, Manifest, Tally
from labels.datasets.parquet import read_columns
from labels.folder import Folders

A = LabelledPage(
    Page(
        id="a-1",
        raw="<p>홈</p><p>The ferry is back.</p>".encode("cp949"),
        markup="html",
        url="https://a.example/1",
        site="a.example",
        language="en",
        page_type="article",
        split="dev",
        source="made-up",
        licence="CC0-1.0",
    ),
    texts=["홈", "The ferry is back."],
    labels=codes(["navigation", "body"]),
    coverage=np.array([0, 1], np.float32),
    gold_text="The ferry is back.",
    with_snippets=("ferry", "back."),
    without_snippets=("홈",),
)
B = LabelledPage(
    Page("b-1", b"one\ntwo\n", "text", split="test"), ["one", "two"], codes(["body", "legal"])
)
EMPTY = LabelledPage(Page("c-1", b"", "text"), [], codes([]), np.zeros(0, np.float32), gold_text="")

ABOUT = {"name": "small", "licence": "CC0-1.0", "description": "Three pages."}
# Of A, B and EMPTY. It changes only if the format or the splitter does: then every stored run is of
# another dataset.
FINGERPRINT = "76d3dcbad2b16caa"


def write(out, *pages, **changes):
    return write_dataset(out, pages, **(ABOUT | changes))


def assert_same(one, two):
    assert one.page == two.page
    assert one.texts == two.texts
    np.testing.assert_array_equal(one.labels, two.labels)
    assert one.labels.dtype == two.labels.dtype == np.int8
    assert (one.coverage is None) == (two.coverage is None)
    if one.coverage is not None:
        np.testing.assert_array_equal(one.coverage, two.coverage)
    assert one.gold_text == two.gold_text
    assert one.with_snippets == two.with_snippets
    assert one.without_snippets == two.without_snippets
    assert one.splitter == two.splitter


def tree(folder):
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture
def out(tmp_path):
    return tmp_path / "data" / "small"


# Writing and opening


def test_what_is_written_is_opened(out):
    written = write(out, A, B, EMPTY)
    opened = open_dataset(str(out))
    assert opened == written
    for one, two in zip([A, B, EMPTY], opened.pages(), strict=True):
        assert_same(one, two)


def test_pages_can_be_iterated_again_and_again(out):
    dataset = write(out, A, B)
    ids = [labelled.page.id for labelled in dataset.pages()]
    assert ids == [labelled.page.id for labelled in dataset.pages()] == ["a-1", "b-1"]


def test_a_dataset_is_a_folder_of_shards_card_and_manifest(out):
    write(
        out,
        A,
        reserved_sites={"z.example", "b.example"},
        unreadable=[("x.json", "broken")],
        remarks={"lines of no kind": 1, "empty lines": 2},
    )
    assert sorted(path.name for path in out.iterdir()) == [
        "README.md",
        "data-00000.parquet",
        "dataset.json",
    ]
    assert [path.name for path in out.parent.iterdir()] == ["small"]
    assert out.stat().st_mode & 0o777 == 0o755
    manifest = json.loads((out / "dataset.json").read_text(encoding="utf-8"))
    assert manifest == {
        "name": "small",
        "licence": "CC0-1.0",
        "description": "Three pages.",
        "splitter": SPLITTER_VERSION,
        "fingerprint": open_dataset(str(out)).manifest.fingerprint,
        "pages": 1,
        "splits": {"dev": 1},
        "counts": {
            "lines": 2,
            "labels": {"body": 1, "navigation": 1},
            "languages": {"en": 1},
            "page_types": {"article": 1},
            "gold": {"text": 1},
            "sites": 1,
            "ceiling": None,
        },
        "reserved_sites": ["b.example", "z.example"],
        "unreadable": [["x.json", "broken"]],
        "remarks": {"empty lines": 2, "lines of no kind": 1},
    }
    assert open_dataset(str(out)).manifest.remarks == {"empty lines": 2, "lines of no kind": 1}
    assert "- empty lines: 2\n- lines of no kind: 1\n" in (out / "README.md").read_text()
    assert open_dataset(str(out)).manifest.unreadable == (("x.json", "broken"),)
    card = (out / "README.md").read_text(encoding="utf-8")
    assert card.startswith('---\npretty_name: "small"\nlanguage: ["en"]\nlicense: cc0-1.0\n')
    assert "\nThree pages.\n" in card
    assert "| `navigation` | 1 |" in card


def test_what_is_unreadable_may_grow_while_pages_come(out):
    unreadable = []

    def pages():
        yield A
        unreadable.append(("b.json", "broken"))

    dataset = write_dataset(out, pages(), **ABOUT, unreadable=unreadable)
    assert dataset.manifest.unreadable == (("b.json", "broken"),)


def test_reserved_sites_may_grow_while_pages_come(out):
    reserved = set()

    def pages():
        yield A
        reserved.update(("z.example", "b.example"))

    dataset = write_dataset(out, pages(), **ABOUT, reserved_sites=reserved)
    assert dataset.manifest.reserved_sites == ("b.example", "z.example")


def test_the_datasets_library_opens_the_folder_with_named_labels(out, tmp_path):
    write(out, A, B, EMPTY)
    code = """
import json, sys
from datasets import load_dataset
folder = sys.argv[1]
found = []
for pages in (
    load_dataset("parquet", data_files=f"{folder}/data-*.parquet", split="train"),
    load_dataset(folder, split="train"),
):
    label = pages.features["labels"].feature
    rows = [{k: v for k, v in row.items() if k not in ("raw", "coverage")} for row in pages]
    found.append({"class": type(label).__name__, "names": label.names, "rows": rows, "raw": pages[0]["raw"].hex()})
print(json.dumps(found))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(out)],
        env=os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    for found in json.loads(done.stdout):
        assert found["class"] == "ClassLabel"
        assert found["names"] == [str(label) for label in LABELS]
        assert [row["id"] for row in found["rows"]] == ["a-1", "b-1", "c-1"]
        assert [row["labels"] for row in found["rows"]] == [[5, 0], [0, 10], []]
        assert found["rows"][0]["lines"] == ["홈", "The ferry is back."]
        assert found["rows"][0]["with_snippets"] == ["ferry", "back."]
        assert found["rows"][1]["url"] is None
        assert bytes.fromhex(found["raw"]) == A.page.raw


# The fingerprint


def test_the_fingerprint_of_three_pages_is_pinned(out):
    assert write(out, A, B, EMPTY).manifest.fingerprint == FINGERPRINT


@pytest.mark.parametrize(("shard", "group"), [(1, 1), (2, 1), (2, 5), (3, 2)])
def test_shards_do_not_matter_to_what_a_dataset_says(out, tmp_path, monkeypatch, shard, group):
    pages = [
        A,
        B,
        EMPTY,
        replace(B, page=replace(B.page, id="d-1")),
        replace(A, page=replace(A.page, id="e-1")),
    ]
    whole = write(tmp_path / "whole", *pages)
    monkeypatch.setattr("labels.datasets.parquet._PAGES_IN_SHARD", shard)
    monkeypatch.setattr("labels.datasets.parquet._PAGES_IN_GROUP", group)
    parted = write(out, *pages)
    assert parted.manifest == whole.manifest
    assert len(list(out.glob("data-*.parquet"))) == -(-5 // shard)
    for one, two in zip(pages, parted.pages(), strict=True):
        assert_same(one, two)


@pytest.mark.parametrize(
    "changed",
    [
        replace(A, page=replace(A.page, id="a-2")),
        replace(A, page=replace(A.page, raw=A.page.raw + b" ")),
        replace(A, page=replace(A.page, split="test")),
        replace(A, page=replace(A.page, url=None)),
        replace(A, labels=codes(["navigation", "mixed"])),
        replace(A, gold_text="The ferry is back"),
        replace(A, gold_text=None),
        replace(A, with_snippets=("ferry",)),
        replace(A, splitter=SPLITTER_VERSION + 1),
    ],
)
def test_the_fingerprint_changes_with_what_a_page_says(changed):
    def fingerprint(*pages):
        return tally(*pages).fingerprint

    assert fingerprint(changed, B) != fingerprint(A, B)
    assert fingerprint(replace(A)) == fingerprint(A)


def tally(*pages, ceiling=None):
    counter = Tally(ceiling)
    for labelled in pages:
        assert counter.add(labelled) is labelled
    return Manifest(**ABOUT, **counter.counted())


def test_what_is_in_a_dataset_is_counted():
    ceilings = {"a-1": 0.5, "c-1": 1.0}
    manifest = tally(A, B, EMPTY, ceiling=lambda labelled: ceilings.get(labelled.page.id))
    assert (manifest.pages, manifest.splits) == (3, {"dev": 1, "test": 1, NO_SPLIT: 1})
    assert manifest.counts == Counts(
        lines=4,
        labels={"body": 2, "legal": 1, "navigation": 1},
        languages={"unknown": 2, "en": 1},
        page_types={"unknown": 2, "article": 1},
        gold={"text": 2, "lines": 1},
        sites=3,
        ceiling=0.75,
    )


def test_a_ceiling_that_was_not_measured_is_none():
    assert tally(A).counts.ceiling is None
    assert tally(B, ceiling=lambda labelled: None).counts.ceiling is None


def test_pages_known_by_a_few_snippets_alone_have_gold_of_their_own_kind():
    assert tally(replace(A, gold_text=None)).counts.gold == {"snippets": 1}


# Another table of labels


def test_labels_are_stored_by_name_so_that_their_order_does_not_matter(out, monkeypatch):
    other = (*LABELS[7:], *LABELS[:7])
    pages = [
        replace(page, labels=np.array([other.index(LABELS[code]) for code in page.labels], np.int8))
        for page in (A, B, EMPTY)
    ]
    with monkeypatch.context() as patch:
        patch.setattr("labels.datasets.parquet.LABELS", other)
        patch.setattr("labels.datasets.manifest.LABELS", other)
        written = write(out, *pages)
    assert written.manifest == tally(A, B, EMPTY)
    assert written.manifest.fingerprint == FINGERPRINT
    for one, two in zip([A, B, EMPTY], open_dataset(str(out)).pages(), strict=True):
        assert_same(one, two)
    rows = read_columns(out, ("id", "labels"))
    assert [row["labels"].tolist() for row in rows] == [[5, 0], [0, 10], []]


def test_a_label_that_is_inserted_into_the_table_leaves_datasets_as_they_are(out, monkeypatch):
    write(out, A, B)
    longer = (*LABELS[:3], "sponsored", *LABELS[3:])
    monkeypatch.setattr("labels.datasets.parquet.LABELS", longer)
    read = [
        [longer[code] for code in labelled.labels] for labelled in open_dataset(str(out)).pages()
    ]
    assert read == [["navigation", "body"], ["body", "legal"]]


def test_a_stored_label_that_is_not_known_is_refused_where_a_line_has_it(out, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("labels.datasets.parquet.LABELS", (*LABELS[:10], "imprint", *LABELS[11:]))
        write(out, A, B)
    pages = open_dataset(str(out)).pages()
    assert_same(next(pages), A)
    with pytest.raises(DataError) as error:
        next(pages)
    assert str(error.value) == (
        f"{out}/data-00000.parquet: unknown label 'imprint'; import the dataset again, or read it "
        "with the version that wrote it"
    )


def test_a_label_that_came_later_enters_the_fingerprint_by_its_name(monkeypatch):
    def fingerprint(*table):
        monkeypatch.setattr("labels.datasets.manifest.LABELS", table)
        return tally(replace(B, labels=np.array([0, table.index("sponsored")]))).fingerprint

    there = fingerprint(*LABELS, "sponsored")
    assert there == fingerprint(*LABELS[:1], "sponsored", *LABELS[1:])
    assert there != tally(B).fingerprint


# Whole or not at all


def failing():
    yield A
    raise RuntimeError("the source broke off")


def test_a_failure_half_way_leaves_nothing_behind(out):
    with pytest.raises(RuntimeError, match="broke off"):
        write_dataset(out, failing(), **ABOUT)
    assert list(out.parent.iterdir()) == []


def test_a_failure_half_way_leaves_the_old_dataset_untouched(out):
    write(out, B)
    before = tree(out)
    with pytest.raises(RuntimeError, match="broke off"):
        write_dataset(out, failing(), **ABOUT)
    assert tree(out) == before
    assert [path.name for path in out.parent.iterdir()] == ["small"]


def test_a_dataset_replaces_the_one_that_stood_there(out):
    write(out, A, B)
    write(out, EMPTY, name="other")
    opened = open_dataset(str(out))
    assert (opened.name, opened.manifest.pages) == ("other", 1)
    assert [labelled.page.id for labelled in opened.pages()] == ["c-1"]


def test_a_folder_that_holds_something_else_is_refused(out):
    out.mkdir(parents=True)
    (out / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(
        DataError, match="holds something else than a dataset; choose another folder"
    ):
        write(out, A)
    assert tree(out.parent) == {(out / "thesis.txt").relative_to(out.parent): b"years of work"}


def test_a_file_in_its_place_is_refused(out):
    out.parent.mkdir(parents=True)
    out.write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match="holds something else"):
        write(out, A)
    assert out.read_text(encoding="utf-8") == "x"


def test_an_empty_folder_is_filled(out):
    out.mkdir(parents=True)
    assert write(out, A).manifest.pages == 1


def test_ids_must_be_unique(out):
    with pytest.raises(DataError, match="page id 'a-1' occurs twice"):
        write(out, A, B, A)
    assert not out.exists()


def test_a_dataset_of_no_pages_is_refused(out):
    with pytest.raises(DataError, match="no page could be read; nothing was written"):
        write(out)
    assert list(out.parent.iterdir()) == []


def test_labels_must_be_as_many_as_lines():
    with pytest.raises(ValueError, match="page b-1: 1 labels for 2 lines"):
        LabelledPage(B.page, ["one", "two"], codes(["body"]))


# Splits and single pages


def ids(pages):
    return [labelled.page.id for labelled in pages]


def test_a_split_is_those_pages(out):
    dataset = write(out, A, B, EMPTY)
    assert ids(dataset.pages("dev")) == ["a-1"]
    assert ids(dataset.pages("test")) == ["b-1"]
    assert ids(dataset.pages(NO_SPLIT)) == ["c-1"]
    assert ids(dataset.pages()) == ["a-1", "b-1", "c-1"]
    assert dataset.manifest.splits == {"dev": 1, "test": 1, "none": 1}


def test_an_unknown_split_is_refused_with_the_known_ones(out):
    dataset = write(out, A, B)
    with pytest.raises(DataError, match="dataset small has no split 'train'; it has dev, test"):
        list(dataset.pages("train"))
    with pytest.raises(DataError, match="has no split 'train'"):
        dataset.choose_split("train")


def test_the_split_may_be_all_or_the_default(out):
    dataset = write(out, A, B)
    assert dataset.choose_split("dev") == "dev"
    assert dataset.choose_split("all") is None
    assert dataset.choose_split(None) is None
    starter = open_dataset(STARTER)
    assert starter.choose_split(None) == "test"
    assert starter.choose_split("all") is None


@pytest.mark.parametrize(
    ("splits", "training"),
    [
        (["train", "test"], "train"),
        (["test", "dev"], "dev"),
        (["dev", "final", "test"], "dev"),
        (["final", "test"], "final"),
        ([None], None),
        (["train", "dev"], None),
        (["dev"], "dev"),
    ],
)
def test_test_pages_are_not_trained_on(out, splits, training):
    pages = [
        replace(B, page=replace(B.page, id=f"p-{n}", split=split)) for n, split in enumerate(splits)
    ]
    assert write(out, *pages).training_split == training


def test_a_dataset_of_test_pages_alone_is_not_trained_on(out):
    with pytest.raises(DataError, match="has test pages alone"):
        _ = write(out, B).training_split


def test_one_page_is_found_by_its_id(out):
    dataset = write(out, A, B)
    assert_same(dataset.page("b-1"), B)
    with pytest.raises(DataError, match="dataset small has no page 'x-1'"):
        dataset.page("x-1")


# What cannot be opened


def test_no_such_dataset_is_refused(tmp_path):
    with pytest.raises(DataError, match="no dataset 'nothing'; use 'starter' or the folder"):
        open_dataset("nothing")
    with pytest.raises(DataError, match=r"not a dataset \(no dataset.json\)"):
        open_dataset(str(tmp_path))


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"name": "x"}', "null"])
def test_a_damaged_manifest_is_refused(out, content):
    write(out, A)
    (out / "dataset.json").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"dataset.json: damaged \(.*import the dataset again"):
        open_dataset(str(out))


def test_a_dataset_of_another_splitter_is_refused(out):
    write(out, A)
    content = (out / "dataset.json").read_text(encoding="utf-8")
    (out / "dataset.json").write_text(
        content.replace(f'"splitter": {SPLITTER_VERSION}', '"splitter": 99'), encoding="utf-8"
    )
    with pytest.raises(
        DataError, match=f"built by splitter 99, this is splitter {SPLITTER_VERSION}"
    ):
        open_dataset(str(out))


def test_a_dataset_without_shards_is_refused(out):
    write(out, A)
    (out / "data-00000.parquet").unlink()
    with pytest.raises(DataError, match="no Parquet files in it"):
        open_dataset(str(out))


@pytest.mark.parametrize("damage", ["cut", "empty", "other", "inside"])
def test_a_damaged_shard_is_refused_with_its_name(out, damage):
    import pyarrow as pa
    import pyarrow.parquet as pq

    dataset = write(out, A, B)
    shard = out / "data-00000.parquet"
    raw = shard.read_bytes()
    if damage == "other":
        pq.write_table(pa.table({"id": ["a-1"]}), shard)
    else:
        middle = raw[:60] + bytes(40) + raw[100:]
        shard.write_bytes({"cut": raw[: len(raw) // 2], "empty": b"", "inside": middle}[damage])
    with pytest.raises(DataError, match=r"data-00000\.parquet: damaged"):
        list(dataset.pages())


# The starter corpus


def test_the_starter_corpus_is_a_dataset():
    dataset = open_dataset(STARTER)
    assert (dataset.name, dataset.location, dataset.path) == (STARTER, STARTER, None)
    assert dataset.manifest.pages == 72
    assert dataset.manifest.splits == {"test": 30, "train": 42}
    assert dataset.manifest.splitter == SPLITTER_VERSION
    assert dataset.training_split == "train"
    pages = list(dataset.pages("train"))
    assert len(pages) == 42
    assert all(labelled.coverage is None and labelled.gold_text is None for labelled in pages)


def test_the_starter_corpus_can_be_stored(out):
    starter = open_dataset(STARTER)
    stored = write_dataset(out, starter.pages(), **ABOUT)
    assert stored.manifest.fingerprint == starter.manifest.fingerprint
    for one, two in zip(starter.pages(), stored.pages(), strict=True):
        assert_same(one, two)


def test_the_starter_corpus_is_opened_without_splitting_a_page(monkeypatch):
    def refuse(_):
        raise AssertionError

    monkeypatch.setattr("corpus.page.split_html", refuse)
    monkeypatch.setattr("corpus.page.split_text", refuse)
    dataset = open_dataset(STARTER)
    assert dataset.manifest.counts.lines == 15122
    with pytest.raises(AssertionError):
        next(dataset.pages())


# Other corpora that people label


@pytest.fixture
def own(tmp_path):
    """A folder with two pages, of which one is labelled."""
    rows = []
    for page_id in ("xx-0001", "xx-0002"):
        raw = f"Home\nThe text of {page_id}.\n".encode()
        folders = Folders.under(tmp_path / "mine")
        write_atomically(folders.pages / f"{page_id}.txt", raw)
        digest = hashlib.sha256(raw).hexdigest()
        rows.append(json.dumps({"id": page_id, "markup": "text", "sha256": digest}))
    write_atomically(folders.index, "\n".join(rows) + "\n")
    texts = ["Home", "The text of xx-0001."]
    write_labels(folders.gold_of("xx-0001"), texts, codes(["navigation", "body"]))
    return tmp_path / "mine"


def test_a_folder_of_pages_and_labels_is_a_dataset(own):
    dataset = open_dataset(str(own))
    assert (dataset.name, dataset.location, dataset.default_split) == ("mine", str(own), None)
    (labelled,) = dataset.pages()
    assert (labelled.page.id, labelled.page.source) == ("xx-0001", "mine")
    assert labelled.labels.tolist() == codes(["navigation", "body"]).tolist()


def test_pages_without_labels_are_left_out_and_counted(own):
    manifest = open_dataset(str(own)).manifest
    assert manifest.pages == 1
    assert manifest.remarks == {"pages not labelled yet, left out": 1}


def test_labels_that_are_not_of_their_page_are_refused_when_it_is_read(own):
    path = own / "gold" / "xx-0001.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace("text of", "text by"), "utf-8")
    with pytest.raises(DataError, match=r"xx-0001\.tsv:3: the text is not that of the page"):
        list(open_dataset(str(own)).pages())


def test_labels_of_another_splitter_are_refused_when_a_corpus_is_opened(own):
    path = own / "gold" / "xx-0001.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace("splitter 3", "splitter 2"), "utf-8")
    with pytest.raises(DataError, match=r"xx-0001\.tsv:1: made by splitter 2, this is splitter 3"):
        open_dataset(str(own))


def test_a_page_is_looked_for_without_splitting_the_others(own, monkeypatch):
    monkeypatch.setattr("corpus.page.split_text", None)
    dataset = open_dataset(str(own))
    with pytest.raises(DataError, match="mine has no page 'xx-0002'"):
        dataset.page("xx-0002")


def test_a_corpus_without_any_labels_is_no_dataset_yet(own):
    (own / "gold" / "xx-0001.tsv").unlink()
    with pytest.raises(DataError, match="mine: no page is labelled yet; label one with"):
        open_dataset(str(own))


def test_a_corpus_that_people_label_is_checked_like_any_dataset(own):
    assert list(check_datasets([open_dataset(str(own))])) == []
