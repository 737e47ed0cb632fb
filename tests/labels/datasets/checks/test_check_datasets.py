import pyarrow.parquet as pq
import pytest

from corpus import DataError
from labels import open_dataset
from labels.datasets.checks import DatasetFindingKind, check_datasets, leaked_pages
from labels.datasets.checks.leaks import LEAKS
from labels.datasets.parquet import read_columns

BODY = [("body", f"Sentence {number} says what no other sentence says.") for number in range(6)]


@pytest.fixture
def pages(page):
    """Pages with something of each sort, ``clean`` with nothing."""
    return [
        page("b", BODY, gold="", split="test", url="http://a.example/1", site="a.example"),
        page("a", BODY, gold="", split="dev", kept=("zzz", "mill")),
        page("c", [("body", "isnâ€™t")], split="dev", url="http://a.example/1", site="a.example"),
        page("d", [("body", "Mill")], gold="<p>Mill", split="dev"),
        page("e", [("noise", "More")], split="dev", site="a.example"),
        page("clean", [("body", "Mill")], gold="Mill", split="dev", site="b.example"),
    ]


KINDS = [
    ("gold-empty", ("a",)),
    ("gold-empty", ("b",)),
    ("gold-lacks-with", ("a",)),
    ("gold-lacks-with", ("a",)),
    ("page-mojibake", ("c",)),
    ("gold-residue", ("d",)),
    ("leak-identical", ("a", "b")),
    ("leak-url", ("b", "c")),
    ("leak-site", ("b", "c", "e")),
]


def kinds(findings):
    return [(str(finding.kind), finding.pages) for finding in findings]


def test_every_kind_has_a_meaning():
    assert all(kind.meaning for kind in DatasetFindingKind)


def test_findings_are_ordered_by_kind_and_page(pages, dataset):
    findings = check_datasets([dataset(*pages)])
    assert kinds(findings) == KINDS
    assert [f.about for f in findings if f.kind == "gold-lacks-with"] == ["mill", "zzz"]


@pytest.mark.parametrize("order", [(5, 4, 3, 2, 1, 0), (2, 5, 0, 4, 1, 3)])
def test_the_order_of_pages_changes_nothing(pages, dataset, order):
    shuffled = [pages[row] for row in order]
    assert check_datasets([dataset(*shuffled)]) == check_datasets(
        [dataset(*pages, folder="sorted")]
    )


def test_progress_is_reported_page_by_page(pages, dataset):
    steps = []
    check_datasets([dataset(*pages)], progress=lambda *step: steps.append(step))
    assert steps == [
        (work, done, 6)
        for work in ("check small", "compare pages", "compare copies")
        for done in range(1, 7)
    ]


def test_of_the_starter_corpus_two_lines_look_like_faults_and_are_none():
    found = [
        (finding.kind, finding.pages, finding.about)
        for finding in check_datasets([open_dataset("starter")])
    ]
    assert found == [
        (
            DatasetFindingKind.PAGE_MOJIBAKE,
            ("nl-0001",),
            "ZoÃ«.",
        ),  # a manual that shows what mojibake looks like
        (
            DatasetFindingKind.PAGE_MOJIBAKE,
            ("pt-0001",),
            "Início›Água›Filtros",
        ),  # a breadcrumb without blanks
    ]


# Several datasets


def test_what_two_datasets_share_leaks_and_pages_are_named_by_both(page, dataset):
    one = dataset(page("x", BODY, split="test", site="a.example"), name="one")
    two = dataset(page("x", [("navigation", BODY[0][1]), *BODY[1:]], site="a.example"), name="two")
    findings = check_datasets([one, two])
    assert [(str(f.kind), f.pages, f.detail) for f in findings] == [
        ("leak-identical", ("one:x", "two:x"), "the same bytes (1 in one:test, 1 in two:none)"),
        ("leak-site", ("one:x", "two:x"), "a.example (1 in one:test, 1 in two:none)"),
        (
            "label-conflict",
            ("one:x", "two:x"),
            "1 of 6 lines: “Sentence 0 says what no other sentence…” is body in one:x",
        ),
    ]
    assert check_datasets([one]) == check_datasets([two]) == []


def test_made_up_sites_of_two_datasets_are_not_the_same(page, dataset):
    one, two = (dataset(page("1", site="unknown-1"), name=name) for name in ("one", "two"))
    assert check_datasets([one, two]) == []


def test_datasets_of_the_same_name_are_named_by_their_folders(page, dataset):
    one, two = (dataset(page("1", site="a.example"), folder=name) for name in ("one", "two"))
    (finding,) = check_datasets([one, two])
    assert finding.pages == (f"{one.path}:1", f"{two.path}:1")


def test_a_dataset_that_is_named_twice_is_checked_once(pages, dataset):
    small = dataset(*pages)
    assert kinds(check_datasets([small, small])) == KINDS


# Leaked pages


def test_leaked_pages_are_those_of_the_split_with_a_leak_among_their_findings(pages, dataset):
    small = dataset(*pages)
    leaks = {page for f in check_datasets([small]) if f.kind in LEAKS for page in f.pages}
    assert leaked_pages(small, None) == leaks == {"a", "b", "c", "e"}
    assert leaked_pages(small, "dev") == {"a", "c", "e"}
    assert leaked_pages(small, "test") == {"b"}


def test_copies_within_a_split_are_no_leaks(page, dataset):
    small = dataset(page("a", BODY, split="dev"), page("b", BODY, split="dev"), page("c"))
    assert leaked_pages(small, None) == frozenset()


def test_a_dataset_with_a_single_split_has_no_leaks(page, dataset):
    assert leaked_pages(dataset(page("a", BODY), page("b", BODY)), None) == frozenset()


def test_the_starter_corpus_has_no_leaks():
    assert (
        leaked_pages(open_dataset("starter"), None)
        == leaked_pages(open_dataset("starter"), "test")
        == set()
    )


def test_a_split_that_is_not_there_is_refused(pages, dataset):
    with pytest.raises(DataError, match="has no split 'final'; it has"):
        leaked_pages(dataset(*pages), "final")


def test_finding_leaks_reads_no_bytes_of_pages(pages, dataset):
    small = dataset(*pages)
    (shard,) = small.path.glob("*.parquet")
    pq.write_table(pq.read_table(shard).drop_columns(["raw", "gold_text"]), shard)
    assert leaked_pages(small, "test") == {"b"}


def test_columns_are_read_as_they_were_written(pages, dataset):
    small = dataset(*pages)
    rows = list(read_columns(small.path, ("split", "id", "lines")))
    assert rows[2] == {"split": "dev", "id": "c", "lines": ["isnâ€™t"]}
    with pytest.raises(DataError, match=r"data-00000\.parquet: damaged \('colour'\); import the"):
        next(read_columns(small.path, ("colour",)))
