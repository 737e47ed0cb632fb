import hashlib
import json

import numpy as np
import pytest
from click.testing import CliRunner

from bench.cli import main
from corpus import SPLITTER_VERSION
from labels import codes, write_labels
from labels.annotation.checks.review import LabelFindingKind
from labels.annotation.drafts.draft import Draft
from labels.annotation.drafts.draft_file import DraftFile
from labels.folder import Folders

ROWS = [
    ("navigation", "Home"),
    ("title", "The ferry is back"),
    *[("body", f"Sentence {n} of the text.") for n in range(5)],
    ("recommendation", "Read also: herons"),
    *[("body", f"Sentence {n} of the text.") for n in range(5, 10)],
]
TEXTS = [text for _, text in ROWS]
LABELS = [label for label, _ in ROWS]


@pytest.fixture
def folders(tmp_path):
    """Two pages with gold, and a draft by ada of the first that differs in line 1 and 8."""
    folders = Folders.under(tmp_path / "mine")
    folders.pages.mkdir(parents=True)
    index = []
    for page_id in ("ko-1", "xx-2"):
        raw = "".join(f"{text}\n" for text in TEXTS).encode()
        (folders.pages / f"{page_id}.txt").write_bytes(raw)
        index.append({"id": page_id, "markup": "text", "sha256": hashlib.sha256(raw).hexdigest(),
                      "language": page_id[:2], "site": f"{page_id}.example"})  # fmt: skip
        write_labels(folders.gold_of(page_id), TEXTS, codes(LABELS))
    folders.index.write_text("".join(f"{json.dumps(row)}\n" for row in index), encoding="utf-8")
    write_labels(
        folders.draft_of("ko-1", "ada"), TEXTS, codes(["social", *LABELS[1:7], "body", *LABELS[8:]])
    )
    return folders


def label(folders, *arguments):
    command = [str(argument) for argument in arguments]
    return CliRunner().invoke(main, ["label", *command, "--corpus", str(folders.gold.parent)])


def squeezed(text):
    return [" ".join(line.split()) for line in text.splitlines() if line and "──" not in line]


# check


def test_a_finding_is_a_line_with_its_place_and_exit_status_1(folders):
    done = label(folders, "check", "ko-1")
    assert done.exit_code == 1
    assert done.stdout == (
        f"{folders.gold_of('ko-1')}:9: noise-in-body: recommendation in the middle of body: "
        "“Read also: herons”\n"
    )
    assert done.stderr == "1 page, 13 lines, 0 problems, 1 finding to look at again, 0 accepted\n"


def test_what_is_accepted_is_clean_from_then_on(folders):
    done = label(folders, "check", "--accept")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == (
        "2 pages, 26 lines, 0 problems, 0 findings to look at again, 2 accepted, 2 of them now\n"
    )
    assert label(folders, "check").exit_code == 0


def test_a_problem_is_not_to_be_accepted(folders):
    path = folders.gold_of("ko-1")
    path.write_text(path.read_text(encoding="utf-8").replace("title", "titel"), encoding="utf-8")
    done = label(folders, "check", "--accept")
    assert done.exit_code == 1
    assert done.stdout.startswith(f"{path}:3: unknown label 'titel'")


def test_drafts_are_checked_by_their_annotators_name(folders):
    done = label(folders, "check", "--drafts", "ada")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith("1 page, 13 lines, ")
    assert "bob has no drafts" in label(folders, "check", "--drafts", "bob").stderr


def test_a_check_as_json_has_the_documented_keys(folders):
    folders.gold_of("xx-2").unlink()
    done = label(folders, "check", "--format", "json")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == {
        "pages": 2,
        "lines": 26,
        "problems": [f"{folders.gold_of('xx-2')}: no such file; the page has no labels yet"],
        "findings": [
            {
                "id": "ko-1",
                "kind": "noise-in-body",
                "line": 8,
                "place": f"{folders.gold_of('ko-1')}:9",
                "detail": "recommendation in the middle of body",
                "label": "recommendation",
                "text": "Read also: herons",
            }
        ],
        "accepted": 0,
    }


def test_the_help_of_check_lists_every_kind_of_finding(folders):
    help_ = " ".join(label(folders, "check", "--help").stdout.split())
    assert all(f"{kind} {kind.meaning}" in help_ for kind in LabelFindingKind)


# agree


def test_agreement_is_a_table_of_kappa_and_alpha_with_scores_and_labels(folders):
    done = label(folders, "agree", "-m", "line_f1")
    assert done.exit_code == 0, done.output
    lines = squeezed(done.stdout)
    assert lines[:3] == [
        "mine: agreement on 1 page that two or more labelled",
        "annotators pages lines labels share labels kappa labels alpha roles share roles kappa "
        "roles alpha",
        # Labels: 11 of 13, by chance (11 * 10 + 1) / 169; of 26, 21 body and 2 title.
        # Roles: 12 of 13, by chance (11 * 10 + 1 + 1 * 2) / 169; of 26, 21 body, 2 and 3.
        "ada gold 1 13 .846 .552 .561 .923 .768 .775",
    ]
    assert lines[5:9] == [
        "one annotator against another, scored as an extractor: the ceiling for extractors",
        "gold extractor pages line F1",
        "ada gold 1 .952",  # ten of ada's eleven
        "gold ada 1 .952",
    ]
    assert "body 10 1" in lines


def test_disputes_are_listed_with_the_option(folders):
    assert "in dispute" not in label(folders, "agree").stdout
    lines = squeezed(label(folders, "agree", "ada", "gold", "--disputes").stdout)
    assert lines[lines.index("2 lines in dispute") :] == [
        "2 lines in dispute",
        "page line ada gold text",
        "ko-1 1 social navigation “Home”",
        "ko-1* 8 body recommendation “Read also: herons”",
        "* in role, too: 1 line, which scores depend on.",
    ]


def test_groups_have_rows_of_their_own(folders):
    lines = squeezed(label(folders, "agree", "--by", "language", "-m", "line_f1").stdout)
    assert [line.split()[:3] for line in lines if " ada gold " in line] == [
        ["all", "ada", "gold"], ["ko", "ada", "gold"],  # agreement
        ["all", "ada", "gold"], ["ko", "ada", "gold"],  # scores
    ]  # fmt: skip
    assert "cannot be grouped by 'x'" in label(folders, "agree", "--by", "x").stderr


def test_a_run_stands_beside_the_annotators(folders, tmp_path):
    run = tmp_path / "all.jsonl"
    row = {"id": "ko-1", "status": "ok", "kept": [True] * 13}
    run.write_text(f'{{"extractor": "all"}}\n{json.dumps(row)}\n', encoding="utf-8")
    lines = squeezed(label(folders, "agree", "--run", run, "-m", "line_f1").stdout)
    assert "gold all (run) 1 .909" in lines  # 2 * 10 / (10 + 12), the title not counted


def test_agreement_as_json_has_the_documented_keys(folders):
    done = json.loads(label(folders, "agree", "--format", "json", "-m", "line_f1").stdout)
    assert list(done) == ["annotators", "pages", "agreement", "scores", "confusion"]
    assert (done["annotators"], done["pages"]) == (["ada", "gold"], 1)
    assert done["confusion"][0] == {
        "annotators": ["ada", "gold"],
        "labels": ["body", "body"],
        "lines": 10,
    }
    with_disputes = json.loads(label(folders, "agree", "--format", "json", "--disputes").stdout)
    assert with_disputes["disputes"][0] == {
        "id": "ko-1", "line": 1, "text": "Home",
        "labels": {"ada": "social", "gold": "navigation"}, "in_role": False,
    }  # fmt: skip


def test_agreement_as_markdown_is_tables(folders):
    assert "| ada gold | 1 | 13 | .846 |" in label(folders, "agree", "--format", "md").stdout


def test_gold_alone_is_one_sentence(folders):
    folders.draft_of("ko-1", "ada").unlink()
    done = label(folders, "agree")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "labels of gold alone" in done.stderr


# export and import


def test_labels_go_to_label_studio_and_come_back_the_same(folders, tmp_path):
    out = tmp_path / "out" / "tasks.json"
    done = label(folders, "export", "-o", out, "--labels", "gold")
    assert done.stdout == f"{out}: 2 tasks; labelling configuration in {out.with_suffix('.xml')}\n"
    assert out.with_suffix(".xml").read_text(encoding="utf-8").startswith("<View>")
    done = label(folders, "import", out, "--annotator", "eva")
    assert done.stdout == "2 drafts of eva, 0 pages skipped, 0 not labelled, 0 left out\n"
    for page in ("ko-1", "xx-2"):
        assert folders.draft_of(page, "eva").read_bytes() == folders.gold_of(page).read_bytes()


def test_what_cannot_be_imported_is_reported_with_its_place(folders, tmp_path):
    out = tmp_path / "tasks.json"
    label(folders, "export", "ko-1", "-o", out)
    tasks = json.loads(out.read_text(encoding="utf-8"))
    tasks[0]["data"]["page"] = "zz-9"
    out.write_text(json.dumps(tasks), encoding="utf-8")
    done = label(folders, "import", out, "--annotator", "eva")
    assert done.exit_code == 1
    assert done.stderr == f"left out {out}, record 1: there is no page 'zz-9'\n"
    assert done.stdout == "0 drafts of eva, 0 pages skipped, 0 not labelled, 1 left out\n"


def test_wrong_usage_of_export_and_import_is_exit_status_2(folders, tmp_path):
    assert label(folders, "export", "-o", tmp_path / "tasks.xml").exit_code == 2
    assert not (tmp_path / "tasks.xml").exists()
    out = tmp_path / "tasks.json"
    label(folders, "export", "-o", out)
    wrong = label(folders, "import", out, "--annotator", "eva", "--rest", "navi")
    assert wrong.exit_code == 2
    assert "no label 'navi'; there are body, title" in wrong.stderr
    unknown = label(folders, "export", "-o", out, "--labels", "bob")
    assert "bob has no labels in" in unknown.stderr


# migrate


def older(path, rows):
    text = "".join(f"{name}\t{text}\n" for name, text in rows)
    path.write_text(f"# splitter 0\n{text}", encoding="utf-8")


def test_nothing_to_migrate_is_reported(folders):
    done = label(folders, "migrate")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "all label files are of this splitter\n"


def test_an_older_file_is_migrated_and_counted(folders):
    path = folders.gold_of("ko-1")
    older(path, [("navigation", "Home"), ("title", "The ferry"), ("title", "is back"), *ROWS[2:]])
    dry = label(folders, "migrate", "--dry-run")
    assert (dry.exit_code, path.read_text(encoding="utf-8")[:12]) == (0, "# splitter 0")
    done = label(folders, "migrate")
    assert (done.exit_code, done.stdout) == (0, dry.stdout)
    assert f"{path} 0 13 12 1 its place" in squeezed(done.stdout)
    assert path.read_text(encoding="utf-8").startswith(f"# splitter {SPLITTER_VERSION}\n")
    assert path.read_bytes() == folders.gold_of("xx-2").read_bytes()


def test_a_line_that_is_left_is_exit_status_1_with_its_place(folders):
    path = folders.gold_of("ko-1")
    older(path, ROWS[1:])
    done = label(folders, "migrate")
    assert done.exit_code == 1
    assert done.stderr == f"{path}:2: no stored label is known for this line: “Home”\n"
    assert "nowhere; lines are left" in done.stdout
    finished = label(folders, "migrate", "--finish-as", "bea")
    assert finished.exit_code == 1
    assert folders.draft_of("ko-1", "bea").exists()


def test_a_draft_that_is_not_finished_is_left_out_of_agreement_and_reported(folders):
    draft = folders.draft_of("xx-2", "ada")
    write_labels(draft, TEXTS, codes(LABELS))
    decided = np.arange(len(LABELS)) > 0
    DraftFile(draft).state_path.write_text(
        Draft(codes(LABELS), decided, "blank").to_json(), encoding="utf-8"
    )
    done = label(folders, "agree")
    assert done.stderr == f"left out, not finished yet: {draft}\n"
    assert done.stdout.startswith("mine: agreement on 1 page ")
