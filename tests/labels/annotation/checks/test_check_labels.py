import hashlib
import json
import shutil

import pytest

from corpus import DataError, split_text
from corpus.starter import starter_pages
from labels import codes, read_labels, write_labels
from labels.annotation.checks.check_labels import accept, check_labels
from labels.folder import GOLD, Folders

IDS = [page.id for page in starter_pages()]


# The labels of the starter corpus


@pytest.mark.parametrize("page_id", IDS)
def test_the_labels_of_a_starter_page_match_it(page_id):
    assert check_labels([page_id]).problems == ()


def test_all_starter_pages_are_checked():
    check = check_labels()
    assert check.problems == ()
    assert check.pages == 72
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
    beside = {"GUIDELINES.md", "accepted.jsonl", "decisions.jsonl"}
    assert {f"{page_id}.tsv" for page_id in IDS} <= names
    assert names <= {f"{page_id}.tsv" for page_id in IDS} | beside


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
    assert check(corpus, "xx-0001")[1] == []  # not requested


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


def test_only_the_requested_pages_are_checked(corpus):
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


# Findings


READ_ALSO = [
    ("title", "The ferry is back"),
    *[("body", f"Sentence {n} of the text.") for n in range(5)],
    ("recommendation", "Read also: herons"),
    *[("body", f"Sentence {n} of the text.") for n in range(5, 10)],
    ("legal", "All rights reserved."),
]


def test_what_looks_implausible_is_reported_with_its_place(make_corpus):
    folders = make_corpus({"xx-1": READ_ALSO})
    found = check_labels((), folders)
    assert found.problems == ()
    (finding,) = found.findings
    assert finding.place == f"{folders.gold_of('xx-1')}:8"
    assert (finding.id, finding.finding.kind, finding.finding.line) == ("xx-1", "noise-in-body", 7)
    assert (finding.finding.label, finding.finding.text) == ("recommendation", "Read also: herons")
    assert found.accepted == 0


def test_an_accepted_finding_is_not_reported_again(make_corpus):
    folders = make_corpus({"xx-1": READ_ALSO, "xx-2": READ_ALSO})
    one, _ = check_labels((), folders).findings
    assert accept([one], folders) == 1
    assert accept([one], folders) == 0
    found = check_labels((), folders)
    assert [finding.id for finding in found.findings] == ["xx-2"]
    assert found.accepted == 1
    row = json.loads((folders.gold / "accepted.jsonl").read_text(encoding="utf-8"))
    digest = hashlib.sha256(b"recommendation\tRead also: herons").hexdigest()[:16]
    assert row == {"id": "xx-1", "kind": "noise-in-body", "line": 7, "text": digest}


def test_a_finding_is_reported_again_once_its_label_changes(make_corpus, write_draft):
    folders = make_corpus({"xx-1": READ_ALSO})
    accept(check_labels((), folders).findings, folders)
    labels = [label for label, _ in READ_ALSO]
    labels[6] = "advert"
    write_draft(folders, "ada", "xx-1", READ_ALSO, labels)
    assert check_labels((), folders).findings == ()
    (finding,) = check_labels((), folders, "ada").findings
    assert finding.finding.label == "advert"


def test_an_accepted_finding_outlives_lines_before_it(make_corpus, tmp_path):
    folders = make_corpus({"xx-1": READ_ALSO})
    accept(check_labels((), folders).findings, folders)
    accepted = (folders.gold / "accepted.jsonl").read_bytes()
    shutil.rmtree(tmp_path / "small")
    folders = make_corpus({"xx-1": [("navigation", "Home"), *READ_ALSO]})
    (folders.gold / "accepted.jsonl").write_bytes(accepted)
    assert check_labels((), folders).findings == ()


def test_drafts_are_checked_where_there_are_any(make_corpus, write_draft):
    rows = [("title", "Mill"), ("navigation", "More")]
    folders = make_corpus({"xx-1": rows, "xx-2": rows}, labelled=False)
    write_draft(folders, "ada", "xx-2", rows)
    found = check_labels((), folders, "ada")
    assert (found.pages, found.lines) == (1, 2)
    assert found.problems == (
        f"{folders.draft_of('xx-2', 'ada')}: no line is labelled body; a page needs one",
    )
    missing = f"{folders.draft_of('xx-1', 'ada')}: no such file; the page has no labels yet"
    assert check_labels(["xx-1"], folders, "ada").problems == (missing,)
    with pytest.raises(DataError, match="bob has no drafts"):
        check_labels((), folders, "bob")


def test_a_damaged_file_of_what_was_accepted_is_refused_and_kept(make_corpus):
    folders = make_corpus({"xx-1": READ_ALSO})
    path = folders.gold / "accepted.jsonl"
    findings = check_labels((), folders).findings
    for content in (
        '{"id": "xx-1"}\n',
        "[]\n",
        '{"id": "xx-1", "kind": "x", "line": 1, "text": "ab"}\n',
    ):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(DataError, match=r"accepted\.jsonl:1: not an"):
            check_labels((), folders)
        with pytest.raises(DataError, match=r"accepted\.jsonl:1: not an"):
            accept(findings, folders)
        assert path.read_text(encoding="utf-8") == content


def test_the_findings_on_starter_pages_are_all_accepted():
    assert check_labels().findings == ()


def test_each_accepted_finding_of_the_starter_corpus_is_still_there():
    rows = (GOLD / "accepted.jsonl").read_text(encoding="utf-8").splitlines()
    assert check_labels().accepted == len(rows) > 0
