"""What CONTRIBUTING promises: each addition is made in a copy, and touches the files it names."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COPIED = ("corpus", "labels", "baselines", "bench", "pyproject.toml")


class Copy:
    """A copy of the kit, in which files are added and edited, and code is run."""

    def __init__(self, folder):
        self.folder = folder
        for name in COPIED:
            here, there = ROOT / name, folder / name
            if here.is_dir():
                shutil.copytree(here, there, ignore=shutil.ignore_patterns("__pycache__", ".lock"))
            else:
                shutil.copy(here, there)
        self.touched = set()

    def add(self, path, content):
        assert not (self.folder / path).exists()
        (self.folder / path).write_text(content, encoding="utf-8")
        self.touched.add(path)

    def edit(self, path, old, new):
        content = (self.folder / path).read_text(encoding="utf-8")
        assert content.count(old) == 1, f"{path}: {content.count(old)} times {old!r}"
        (self.folder / path).write_text(content.replace(old, new), encoding="utf-8")
        self.touched.add(path)

    def run(self, *arguments):
        done = subprocess.run(
            [sys.executable, *map(str, arguments)], check=False, cwd=self.folder, capture_output=True, text=True,
            env={"PYTHONPATH": str(self.folder), "PATH": "", "HF_HUB_OFFLINE": "1"}, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def bench(self, *arguments):
        return self.run("-m", "bench", *arguments)

    def scores(self, extractor, *options, metrics):
        """The values of an extractor's run, by metric."""
        self.bench("run", extractor, *options, "-o", "runs")
        chosen = [option for metric in metrics for option in ("--metric", metric)]
        rows = json.loads(
            self.bench("score", f"runs/{extractor}.jsonl", *chosen, "--format", "json")
        )
        return {row["metric"]: row["value"] for row in rows}


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path)


def promised(addition, name):
    """The files that CONTRIBUTING names for an addition."""
    rows = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()
    (row,) = [row for row in rows if row.startswith(f"| {addition} |")]
    files = re.findall(r"`([\w./]+\.(?:py|toml|md))`", row)
    return {path.replace("NAME", name) for path in files}


def test_an_extractor_is_one_module_and_its_package(copy):
    copy.add("bench/extractors/first_line.py", '''
"""First line: keeps the first paragraph."""

PACKAGE = "click"
NEEDS_HTML = False
OPTIONS = {}


def extract(page):
    """Keep the first line that ends like a sentence."""
    return next((text for text in page.lines().texts if text.endswith(".")), None)
''')  # fmt: skip
    copy.edit("pyproject.toml", '  "boilerpy3>=1.0.7",', '  "boilerpy3>=1.0.7",\n  "click>=8.1",')
    assert copy.scores("first-line", metrics=["line_recall"])["line_recall"] > 0
    assert copy.touched == promised("a third-party extractor", "first_line")


def test_a_metric_is_one_function(copy):
    copy.edit("bench/metrics/lines.py", "def leak(", '''def kept_share(case: Case) -> float:
    """Share of the lines that were kept. No lines: 0."""
    return float(case.kept.mean()) if len(case.kept) else 0.0


def leak(''')  # fmt: skip
    copy.edit(
        "bench/metrics/lines.py", "import Case, Metric\n", "import Case, Metric, metrics_of\n"
    )
    copy.edit(
        "bench/metrics/lines.py",
        "METRICS = (",
        "METRICS = (\n    *metrics_of((kept_share,)),",
    )
    assert copy.scores("keep-all", metrics=["kept_share"]) == {"kept_share": 1.0}
    assert "Share of the lines that were kept." in copy.bench("list", "metrics")
    assert copy.touched == promised("a metric", "kept_share")


def test_an_output_format_is_one_function(copy):
    copy.edit("bench/report/formats.py", "def _draw(", '''def to_lines(report: Report) -> str:
    """Write a line for each row."""
    return "".join(f"{row.extractor} {row.metric} {row.value:.1f}\\n" for row in report.rows)


def _draw(''')  # fmt: skip
    copy.edit(
        "bench/report/formats.py", '"md": to_markdown,', '"md": to_markdown, "lines": to_lines,'
    )
    copy.bench("run", "keep-all", "-o", "runs")
    options = ("runs/keep-all.jsonl", "-m", "line_recall", "--together", "--format", "lines")
    assert copy.bench("score", *options) == "keep-all line_recall 1.0\n"
    assert copy.touched == promised("an output format", "to_lines")


def test_a_public_dataset_is_an_importer_and_a_row_of_sources(copy):
    copy.add("labels/datasets/importers/tiny.py", '''
"""Tiny: pages with their text beside them."""

from labels.datasets.importers._records import Source
from labels.datasets.importers._files import Layout, find_pairs
from labels.datasets.importers._cleaneval import read_marked

LICENCE = "CC0-1.0"
DESCRIPTION = "Tiny: two pages."


def find(path):
    """List the pages."""
    pairs, unread = find_pairs(path, Layout("page", ".html", "text", ".txt"))
    return Source(pairs, unread=unread)


def read(record):
    """Read one page."""
    return read_marked(record)
''')  # fmt: skip
    copy.edit("labels/datasets/fetch/sources.toml", "[turku]", """[tiny]
pages = 1
gold = "text"
licence = "CC0-1.0"
terms = "none"
home = "https://tiny.example/"
by_hand = "it is written by hand"

[turku]""")  # fmt: skip
    source = copy.folder / "source"
    for folder, suffix, content in (
        ("page", "html", "<p>The mill turns again.</p><p>Share</p>"),
        ("text", "txt", "URL: https://mill.example/\n<p>The mill turns again.\n"),
    ):
        (source / folder).mkdir(parents=True)
        (source / folder / f"mill.{suffix}").write_text(content, encoding="utf-8")
    assert "tiny" in copy.bench("list", "datasets")
    copy.bench("dataset", "import", "tiny", source, "-o", "built")
    labels = json.loads(copy.bench("dataset", "info", "built", "--format", "json"))["labels"]
    assert labels == {"body": 1, "noise": 1}
    assert copy.touched == promised("a public dataset", "tiny")


NEW_ROWS = """    TEASER = "teaser", _OPTIONAL, "e", "#112233", "#aabbcc", "the start of another page"
    TICKER = "ticker", _NOISE, "i", "#332211", "#ccbbaa", "headlines that run past"
"""
WITH_NEW_LABELS = """
import json
from pathlib import Path
from baselines import LineClassifier
from corpus import Page
from corpus.files import write_atomically
from labels import LABELS, Label, NOISE_LABELS, Role, open_dataset, write_dataset
from labels.annotation.drafts.proposals import ProposedLabels
from labels.annotation.drafts.store import Store
from labels.annotation.label_studio import labelling_config
from labels.folder import Folders
import hashlib, numpy as np

raw = b"Flour again\\nThe mill turns again.\\nOnce more: the inn\\nRain at noon\\nShare\\n"
row = {"id": "en-1", "markup": "text", "sha256": hashlib.sha256(raw).hexdigest(), "language": "en"}
folders = Folders.under(Path("mine"))
write_atomically(folders.pages / "en-1.txt", raw)
write_atomically(folders.index, json.dumps(row) + "\\n")

model = LineClassifier.load("logreg-text")
page = Page("en-1", raw, "text")
assert {LABELS[code] for code in model.label(page)} <= set(LABELS) - {Label.TEASER, Label.TICKER}

nothing = lambda page, lines: ProposedLabels(np.zeros(len(lines), np.int8), np.ones(len(lines)))
store = Store(folders, "one", nothing, blank=True)
version = store.open("en-1").version
for line, label in enumerate((Label.TITLE, Label.BODY, Label.TEASER, Label.TICKER, Label.SOCIAL)):
    step = lambda draft: draft.label([line], label.code)
    version = store.change("en-1", version, str(line), step).version
store.accept("en-1", version)
assert Label.TEASER not in NOISE_LABELS and Label.TICKER in NOISE_LABELS
assert Label.TEASER.role is Role.OPTIONAL
mine = open_dataset("mine")
write_dataset(Path("stored"), mine.pages(), name="stored", licence="CC0-1.0", description="Mine.")
(stored,) = open_dataset("stored").pages()
print(json.dumps([[str(LABELS[code]) for code in stored.labels], labelling_config()]))
"""


def test_a_label_is_one_row_of_the_table_and_one_of_the_guidelines(copy):
    table = "labels/label.py"
    copy.edit(table, '    CAPTION = "caption"', f'{NEW_ROWS}    CAPTION = "caption"')
    guidelines = "labels/gold/GUIDELINES.md"
    copy.edit(guidelines, "| `caption` | optional |", """| `teaser` | optional | the start of another page |
| `ticker` | noise | headlines that run past |
| `caption` | optional |""")  # fmt: skip
    labels, config = json.loads(copy.run("-c", WITH_NEW_LABELS))
    assert labels == ["title", "body", "teaser", "ticker", "social"]
    assert 'value="ticker" background="#332211" hotkey="i"' in config

    values = copy.scores("keep-all", "-d", "mine", metrics=["line_precision", "leak_ticker"])
    assert values == {"line_precision": pytest.approx(1 / 3), "leak_ticker": 1.0}
    copy.bench("label", "export", "--corpus", "mine", "--labels", "gold", "-o", "tasks.json")
    assert '"ticker"' in (copy.folder / "tasks.json").read_text(encoding="utf-8")
    listed = {
        row["label"]: row for row in json.loads(copy.bench("list", "labels", "--format", "json"))
    }
    assert listed["teaser"]["default"] == "optional"
    assert listed["ticker"]["default"] == "noise"
    copy.bench("label", "check", "--corpus", "mine")
    copy.bench("label", "check")  # the starter's labels are as they were
    assert copy.touched == promised("a label", "")
