"""`--leak-safe`: pages that leak between splits are left out, counted and reported."""

import json

import pytest
from click.testing import CliRunner

from bench.cli import main
from bench.metrics import select_metrics
from bench.running import Run, RunHeader, RunRow, read_run
from bench.scoring.score import score
from bench.scoring.summary import summarise
from corpus import DataError, Page
from labels import LabelledPage, codes, write_dataset

LINE_F1 = select_metrics(("line_f1",))
PAGES = {
    # id: (split, site, URL, text of the body)
    "d-1": ("dev", "a.example", "https://a.example/1", "The ferry runs again from Monday."),
    "d-2": ("dev", "b.example", "https://b.example/1", "Nobody had counted the herons before."),
    "t-1": ("test", "c.example", "https://www.a.example/1/", "Another text at the same address."),
    "t-2": ("test", "b.example", "https://b.example/2", "Another text of the same site."),
    "t-3": ("test", "d.example", "https://d.example/1", "How does one oil a loom, in winter?"),
    "t-4": ("test", "e.example", "https://e.example/1", "It had been laid up since the storm."),
}
LEAKED = {"t-1", "t-2"}


def page(page_id):
    split, site, url, body = PAGES[page_id]
    texts = ["Home", body]
    about = Page(page_id, "\n".join(texts).encode(), "text", url=url, site=site, split=split)
    return LabelledPage(about, texts, codes(["navigation", "body"]))


@pytest.fixture
def leaky(tmp_path):
    about = {"name": "leaky", "licence": "CC0-1.0", "description": "Leaks."}
    return write_dataset(tmp_path / "leaky", map(page, PAGES), **about)


def bench(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def run(name, ids, **header):
    rows = {i: RunRow(i, "ok", kept=codes(["body", "noise"]) == 0) for i in ids}
    return Run(RunHeader(name, split="test", **header), rows)


def test_a_run_passes_over_the_pages_of_its_split_that_leak(leaky, tmp_path):
    done = bench(
        "run", "keep-all", "-d", leaky.path, "--split", "test", "--leak-safe", "-o", tmp_path
    )
    assert done.exit_code == 0, done.output
    run = read_run(tmp_path / "keep-all.jsonl")
    assert run.header.leak_safe
    assert set(run.rows) == {"t-3", "t-4"}
    assert "leaky, split test: 2 pages" in done.stdout
    assert "Leak-safe: 2 pages that leak between splits left out." in done.stdout


def test_a_leak_safe_run_is_another_run_than_one_over_all_pages(leaky, tmp_path):
    options = ("run", "keep-all", "-d", leaky.path, "--split", "test", "-o", tmp_path)
    bench(*options)
    assert len(read_run(tmp_path / "keep-all.jsonl").rows) == 4
    assert "held another run, which was replaced" in bench(*options, "--leak-safe").stderr
    assert len(read_run(tmp_path / "keep-all.jsonl").rows) == 2


def test_scores_leave_out_the_pages_that_leak(leaky):
    # What leaks is kept wrongly, what does not is missing: nothing of t-1 and t-2 may count.
    runs = [run("one", ["t-1", "t-2", "t-3"])]
    for leak_safe, pages, value in ((False, 4, 0), (True, 2, 0)):
        scores = score(runs, leaky, LINE_F1, leak_safe=leak_safe)
        (row,) = summarise(scores)
        assert (row.pages, row.value) == (pages, value)
    assert scores.left_out == LEAKED
    assert set(scores.statuses["id"]) == {"t-3", "t-4"}


def test_leak_safe_runs_are_scored_so_without_asking(leaky):
    scores = score([run("one", ["t-3", "t-4"], leak_safe=True)], leaky, LINE_F1)
    assert set(scores.pages["id"]) == {"t-3", "t-4"}


def test_leak_safe_runs_beside_others_need_the_option(leaky):
    runs = [run("one", PAGES, leak_safe=True), run("two", PAGES)]
    with pytest.raises(DataError, match=r"of these runs, one alone left out .* with --leak-safe"):
        score(runs, leaky, LINE_F1)
    assert score(runs, leaky, LINE_F1, leak_safe=True).left_out == LEAKED


def test_the_command_scores_so_and_says_it(leaky, tmp_path):
    bench("run", "keep-all", "-d", leaky.path, "--split", "test", "-o", tmp_path)
    path = tmp_path / "keep-all.jsonl"
    rows = json.loads(
        bench("score", path, "-m", "line_f1", "--leak-safe", "--format", "json").stdout
    )
    assert rows[0]["pages"] == 2
    assert "Leak-safe: 2 pages" in bench("score", path, "--leak-safe").stdout


def test_a_dataset_of_one_split_has_nothing_to_leave_out(dataset, perfect):
    rows = {page_id: RunRow(page_id, "ok", kept=kept) for page_id, kept in perfect.items()}
    scores = score([Run(RunHeader("oracle"), rows)], dataset, LINE_F1, leak_safe=True)
    assert scores.left_out == frozenset()
    assert len(scores.pages) == 4


def test_training_leaves_out_the_pages_that_leak_into_a_test_split(tmp_path):
    from bench.training import train_model

    def page_of_site(number, split, site):
        texts = ["Home", "News", f"Text {number} of a page that has a line with a sentence in it."]
        about = Page(f"{split}-{number}", "\n".join(texts).encode(), "text", site=site, split=split)
        return LabelledPage(about, texts, codes(["navigation", "navigation", "body"]))

    pages = [page_of_site(n, "dev", f"s{n}.example") for n in range(12)]
    pages += [page_of_site(n + 100, "test", f"s{n}.example") for n in (3, 7)]
    about = {"name": "leaky", "licence": "CC0-1.0", "description": "Leaks."}
    dataset = write_dataset(tmp_path / "leaky", pages, **about)
    options = (str(dataset.path),), tmp_path / "models"
    out = tmp_path / "out-of-fold.jsonl"
    result = train_model("logreg-text", *options, out_of_fold=out, leak_safe=True)
    assert "fitted to 10 of 12 pages" in result.remarks[-1]
    assert "2 because they leak between splits" in result.remarks[-1]
    made_run = read_run(out)
    assert made_run.header.leak_safe
    assert "dev-3" not in made_run.rows
    assert len(made_run.rows) == 10
