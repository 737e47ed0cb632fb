"""Each script in benchmarks/ runs to its end, on a small dataset, and prints what it measures."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from bench.running import Run, RunHeader, RunRow, write_run
from corpus import Page
from labels import Label, LabelledPage, codes, write_dataset

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
WORDS = (
    "the ferry to island runs again from Monday after long winter in which nobody saw a boat and "
    "harbour master says that storms were worse than those of any year since he began counting"
)

RUNS = {
    # script: (arguments, lines that it prints, without their figures)
    "ablation.py": (["small", "--view", "text"], ["6 pages, text: word F1", "echoes"]),
    "fuzz.py": (["--inputs", "500"], ["500 inputs of 75 pages, seed 0", "      4"]),
    "invariance.py": (["small"], ["change  ", "other class names  ", "without body, "]),
    "made_up.py": (["small"], ["6 pages         without", "html, in old markup", "text, body alone"]),
    "metrics.py": (["small", "run.jsonl", "--every", "1"], ["ROUGE-LSum, 6 pairs", "  rougelsum"]),
    "pathological.py": (["--kilobytes", "10"], ["shape   ", "attributes ", "nested tables "]),
    "rewritten.py": (["small"], ["    6 pages", "html, in Hangul", "text, in Hangul"]),
    "speed.py": (["small", "--rounds", "1"], ["end to end, 5 pages", "  trafilatura", "  features"]),
    "travel.py": (["small", "other", "--without", "names", "old"], ["small            5 pages  logreg", "macro mean of 2"]),
    "worst.py": (["small", "run.jsonl", "--count", "2"], ["word F1  lines", "under 0.3", "empty gold"]),
}  # fmt: skip


def labelled(number):
    """A page of a site of its own: with HTML, or, the first, of text alone."""
    chance = random.Random(number)  # noqa: S311 - no secret
    title, related, *paragraphs = (
        " ".join(chance.choices(WORDS.split(), k=12)) + "." for _ in range(5)
    )
    texts = ["Home", title, *paragraphs, related, "All rights reserved"]
    labels = ["navigation", "title", *["body"] * 3, "recommendation", "legal"]
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    html = (
        f'<title>{title}</title><nav><a href="/">Home</a></nav><main><h1>{title}</h1>{body}</main>'
        f'<aside><a href="/1">{related}</a></aside><footer>All rights reserved</footer>'
    )
    raw, markup = ("\n".join(texts), "text") if number == 0 else (html, "html")
    page = Page(
        f"p-{number}", raw.encode(), markup,
        site=f"site{number}.example", page_type=("article", "forum")[number % 2], split="dev",
    )  # fmt: skip
    return LabelledPage(page, texts, codes(labels), gold_text="\n".join(paragraphs))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a dataset, and a run on it that keeps the body of every other page."""
    folder = tmp_path_factory.mktemp("benchmarks")
    pages = [labelled(number) for number in range(6)]
    write_dataset(
        folder / "small", pages, name="small", licence="CC0-1.0", description="Six pages."
    )
    others = [labelled(number) for number in range(6, 12)]
    write_dataset(
        folder / "other", others, name="other", licence="CC0-1.0", description="Six more."
    )
    rows = [
        RunRow(page.page.id, "ok", kept=(page.labels == Label.BODY.code) & (number % 2 == 0))
        for number, page in enumerate(pages)
    ]
    run = Run(RunHeader("halves", dataset="small"), {row.id: row for row in rows})
    write_run(folder / "run.jsonl", run)
    return folder


def test_every_script_is_run():
    assert sorted(RUNS) == sorted(path.name for path in BENCHMARKS.glob("*.py"))


@pytest.mark.parametrize("script", RUNS)
def test_a_script_prints_its_table(script, folder):
    arguments, begins = RUNS[script]
    done = subprocess.run(
        [sys.executable, BENCHMARKS / script, *arguments],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(BENCHMARKS.parent)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for begin in begins:
        assert [line for line in done.stdout.splitlines() if line.startswith(begin)], done.stdout
