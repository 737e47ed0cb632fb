import hashlib
import json

import pytest

from corpus import DataError, split_text
from corpus.starter import starter_pages
from labels import codes, read_labels, write_labels
from labels.check import check_labels
from labels.folders import GOLD, Folders

IDS = [page.id for page in starter_pages()]


# The labels as they are


@pytest.mark.parametrize("page_id", IDS)
def test_the_labels_of_a_starter_page_match_it(page_id):
    assert check_labels([page_id]).problems == ()


def test_all_starter_pages_are_checked():
    check = check_labels()
    assert check.problems == ()
    assert check.pages == 24
    assert check.lines == sum(len(page.lines()) for page in starter_pages())


def test_every_label_is_used_somewhere():
    used = {
        int(code)
        for page in starter_pages()
        for code in read_labels(GOLD / f"{page.id}.tsv", page.lines())
    }
    assert used >= set(range(11))  # `noise` is for what fits no other


def test_label_files_stand_beside_nothing_else():
    names = {path.name for path in GOLD.iterdir() if path.is_file()}
    assert names == {f"{page_id}.tsv" for page_id in IDS} | {"GUIDELINES.md"}


# A small corpus with faults


@pytest.fixture
def corpus(tmp_path):
    """Two pages of three lines with good labels; returns the folders of pages and labels."""
    pages, gold = tmp_path / "pages", tmp_path / "gold"
    pages.mkdir()
    rows = []
    for page_id in ("xx-0001", "xx-0002"):
        raw = f"Home\nThe text of {page_id}.\nMore\n".encode()
        (pages / f"{page_id}.txt").write_bytes(raw)
        row = dict.fromkeys(("url", "site", "language", "page_type", "split"), "x")
        rows.append(
            row | {"id": page_id, "markup": "text", "sha256": hashlib.sha256(raw).hexdigest()}
        )
        write_labels(
            gold / f"{page_id}.tsv",
            split_text(raw.decode()).texts,
            codes(["navigation", "body", "noise"]),
        )
    (pages / "pages.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return pages, gold


def check(corpus, *ids):
    pages, gold = corpus
    found = check_labels(ids, Folders("small", pages, gold))
    return found, [problem.removeprefix(f"{gold}/") for problem in found.problems]


def test_good_labels_have_no_problems(corpus):
    found, problems = check(corpus)
    assert (found.pages, found.lines, problems) == (2, 6, [])


def test_a_page_without_labels_is_a_problem(corpus):
    (corpus[1] / "xx-0002.tsv").unlink()
    assert check(corpus)[1] == ["xx-0002.tsv: no such file; the page has no labels yet"]


def test_labels_without_a_page_are_a_problem(corpus):
    (corpus[1] / "xx-0003.tsv").touch()
    assert check(corpus)[1] == ["xx-0003.tsv: there is no page of this id; remove the file"]
    assert check(corpus, "xx-0001")[1] == []  # not asked about


def test_a_page_without_body_is_a_problem(corpus):
    path = corpus[1] / "xx-0001.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace("body", "mixed"), encoding="utf-8")
    assert check(corpus)[1] == ["xx-0001.tsv: no line is labelled body; a page needs one"]


def test_every_problem_of_every_file_is_reported(corpus):
    for page_id in ("xx-0001", "xx-0002"):
        path = corpus[1] / f"{page_id}.tsv"
        content = path.read_text(encoding="utf-8")
        path.write_text(content.replace("body", "bdy").replace("noise", "nose"), encoding="utf-8")
    assert [problem.partition(";")[0] for problem in check(corpus)[1]] == [
        "xx-0001.tsv:3: unknown label 'bdy'",
        "xx-0001.tsv:4: unknown label 'nose'",
        "xx-0002.tsv:3: unknown label 'bdy'",
        "xx-0002.tsv:4: unknown label 'nose'",
    ]


def test_only_the_pages_asked_for_are_checked(corpus):
    (corpus[1] / "xx-0002.tsv").unlink()
    found, problems = check(corpus, "xx-0001")
    assert (found.pages, found.lines, problems) == (1, 3, [])


def test_an_unknown_id_is_refused(corpus):
    with pytest.raises(DataError, match=r"no page yy-1, zz-1 in "):
        check(corpus, "zz-1", "xx-0001", "yy-1")


def test_a_page_whose_bytes_changed_is_refused(corpus):
    (corpus[0] / "xx-0001.txt").write_text("Home\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"xx-0001\.txt: the bytes are not those"):
        check(corpus)
