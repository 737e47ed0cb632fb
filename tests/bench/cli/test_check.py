import json

import pytest
from click.testing import CliRunner

from bench.cli import main
from corpus import Page
from labels import LabelledPage, codes, write_dataset
from labels.datasets.checks import DatasetFindingKind


def check(*arguments):
    return CliRunner().invoke(main, ["dataset", "check", *map(str, arguments)])


@pytest.fixture
def stored(tmp_path):
    """Store a dataset of pages with the same URL, each of one line of body, with these golds."""

    def make(name, *golds):
        pages = [
            LabelledPage(
                Page(f"p-{row}", b"Mill", "text", url="https://a.example/", split="dev"),
                ["Mill"],
                codes(["body"]),
                gold_text=gold,
                with_snippets=("Mill",),
            )
            for row, gold in enumerate(golds, start=1)
        ]
        return write_dataset(
            tmp_path / name, pages, name=name, licence="CC0-1.0", description="Small."
        ).path

    return make


def test_a_dataset_without_faults_is_exit_status_0(stored):
    done = check(stored("good", "Mill"))
    assert (done.exit_code, done.stdout) == (0, "good: 0 findings on 0 of 1 pages\n")


def test_findings_are_counted_by_kind_and_the_first_are_shown(stored):
    done = check(stored("bad", "Mill", "", "", "", ""))
    found = {"gold-empty", "gold-lacks-with", "duplicate-url"}
    assert done.exit_code == 1
    lines = [" ".join(line.split()) for line in done.stdout.splitlines() if "──" not in line]
    assert lines == [
        "bad: 9 findings on 5 of 5 pages",
        "kind meaning findings pages",
        "gold-empty the gold text is empty 4 4",
        "gold-lacks-with a text that must be kept is not in the gold 4 4",
        "duplicate-url one split has the same address twice 1 5",
        f"None of {', '.join(kind for kind in DatasetFindingKind if kind not in found)}.",
        "",
        "gold-empty",
        "pages finding",
        "p-2 no gold text for a page of 1 line",
        "p-3 no gold text for a page of 1 line",
        "p-4 no gold text for a page of 1 line",
        "… 1 more, which --kind gold-empty prints",
        "",
        "gold-lacks-with",
        "pages finding",
        "p-2 “Mill” is not in the gold",
        "p-3 “Mill” is not in the gold",
        "p-4 “Mill” is not in the gold",
        "… 1 more, which --kind gold-lacks-with prints",
        "",
        "duplicate-url",
        "pages finding",
        "p-1, p-2, p-3 and 2 more a.example",
    ]


def test_a_chosen_kind_is_shown_alone_and_in_full(stored):
    path = stored("bad", "Mill", "", "", "", "")
    done = check(path, "--kind", "gold-empty")
    assert done.exit_code == 1
    assert done.stdout.count("no gold text") == 4
    assert "duplicate-url" not in done.stdout
    other = check(path, "--kind", "leak-url", "--kind", "leak-site")
    assert (other.exit_code, other.stdout) == (0, "bad: 0 findings on 0 of 5 pages\n")


def test_findings_as_json_have_the_documented_keys(stored):
    done = check(stored("bad", "Mill", "", "Mill"), "--format", "json")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == [
        {
            "kind": "gold-empty",
            "pages": ["p-2"],
            "detail": "no gold text for a page of 1 line",
            "about": None,
            "share": None,
            "count": None,
        },
        {
            "kind": "gold-lacks-with",
            "pages": ["p-2"],
            "detail": "“Mill” is not in the gold",
            "about": "Mill",
            "share": None,
            "count": None,
        },
        {
            "kind": "duplicate-url",
            "pages": ["p-1", "p-2", "p-3"],
            "detail": "a.example",
            "about": "a.example",
            "share": None,
            "count": None,
        },
    ]
    assert check(stored("good", "Mill"), "--format", "json").stdout == "[]\n"


def test_leaks_between_datasets_name_dataset_and_page(stored):
    done = check(stored("one", "Mill"), stored("two", "Mill"), "--format", "json")
    rows = json.loads(done.stdout)
    assert [(row["kind"], row["pages"], row["about"]) for row in rows] == [
        ("leak-url", ["one:p-1", "two:p-1"], "a.example")
    ]


def test_the_help_lists_every_kind():
    help_ = " ".join(check("--help").stdout.split())
    assert all(f"{kind} {kind.meaning}" in help_ for kind in DatasetFindingKind)


def test_an_unknown_kind_is_wrong_usage(stored):
    done = check(stored("good", "Mill"), "--kind", "leaks")
    assert done.exit_code == 2
    assert "no kind 'leaks'; there are gold-empty, " in done.stderr
    assert check().exit_code == 2


def test_an_unknown_dataset_is_one_sentence():
    done = check("nowhere")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: no dataset 'nowhere'")
