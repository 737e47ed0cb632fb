import gzip
import hashlib
import importlib
import json
import pickle
from dataclasses import dataclass
from pathlib import Path

import pytest

from labels import LABELS, Dataset, LabelledPage
from labels.datasets import importing
from labels.datasets.importing import import_dataset, load_importer, read_record


@dataclass
class Import:
    """What came out of an import, and what was left out."""

    source: Path
    dataset: Dataset
    pages: list[LabelledPage]

    @property
    def ids(self):
        return [labelled.page.id for labelled in self.pages]

    @property
    def left_out(self):
        """Place, relative to the source, and reason of each record that could not be read."""
        return [
            (place.removeprefix(f"{self.source}/"), reason)
            for place, reason in self.dataset.manifest.unreadable
        ]

    @property
    def remarks(self):
        return self.dataset.manifest.remarks

    def lines(self, row=0):
        """(label, text) of each line of a page."""
        labelled = self.pages[row]
        return [
            (str(LABELS[code]), text)
            for code, text in zip(labelled.labels, labelled.texts, strict=True)
        ]


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch, request):
    """Read records here: other processes take a while to begin, and have tests of their own."""

    def read_all(module, records, jobs):  # noqa: ARG001 - as the one it stands for
        importer = importlib.import_module(module)
        for record in records:
            record = pickle.loads(pickle.dumps(record))  # noqa: PLW2901, S301
            yield read_record(importer, module.rpartition(".")[2], record)

    if "other_processes" not in request.fixturenames:
        monkeypatch.setattr(importing, "read_all", read_all)


@pytest.fixture
def other_processes():
    """For tests that read records in other processes, as imports do."""


@pytest.fixture
def source(tmp_path):
    """The folder in which a test lays out its dataset."""
    path = tmp_path / "source"
    path.mkdir()
    return path


@pytest.fixture
def lay_out(source):
    """Write files, by path, of text (in UTF-8) or bytes."""

    def write(files):
        for name, content in files.items():
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    return write


@pytest.fixture
def imported(tmp_path, source):
    """Import what was laid out; records must survive the way into another process."""

    def run(name, path=source):
        path = Path(path)
        importer = load_importer(name)
        records = importer.find(path).records
        listed = list(records)
        assert len(listed) <= len(records)  # fewer where a table breaks off
        assert all(str(record.place).startswith(str(path)) for record in listed)
        dataset = import_dataset(name, path, tmp_path / "out")
        return Import(path, dataset, list(dataset.pages()))

    return run


HTML = (
    '<html lang="en"><head><title>Ferry</title></head><body><nav>Home</nav>'
    "<p>The ferry runs again from Monday on.</p><p>Nobody had expected it.</p></body></html>"
)
BODY = "The ferry runs again from Monday on.\nNobody had expected it."
SHA256 = hashlib.sha256(HTML.encode()).hexdigest()
ANNOTATED = HTML.replace("<p>", '<p><span class="x-nc-sel2">').replace("</p>", "</span></p>")


def lines(*rows):
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def _pairs(pages, page_suffix, golds, gold_suffix, page, gold):
    return {
        f"{folder}/{name}{suffix}": content
        for name in ("a", "b", "c")
        for folder, suffix, content in ((pages, page_suffix, page), (golds, gold_suffix, gold))
    }


def _wceb(dataset, page_id):
    return {
        f"ground-truth/{dataset}.jsonl": lines({"page_id": page_id, "plaintext": BODY}),
        f"html/{dataset}/{page_id}.html": HTML,
    }


SAMPLES = {
    "cleaneval": _pairs(
        "input", ".html", "GoldStandard", ".txt",
        f'<text id="http://a.example/" encoding="utf-8">\n{HTML}\n</text>', f"URL: http://a.example/\n<p>{BODY}",
    ),
    "cleanportaleval": {
        f"{folder}/{name}.{suffix}": content
        for name in ("bbc.co.uk_news_01", "tv.msnbc.com_news_02", "washingtonpost.com_blog_3")
        for folder, suffix, content in (
            ("input", "html", f'\n<text id="http://a.example/">\n{HTML}'),
            ("GoldStandard", "txt", f"\nURL: http://a.example/\n<p>{BODY}"),
        )
    },
    "daniel": {
        f"{folder}/{name}": content
        for name in ("20111103_www.a.gr_1", "20111104_b.ru_2", "20111105_c.cn_3")
        for folder, content in (("html", HTML), ("reference", f"<p>{BODY}\n</p>\n"))
    } | {"doc_lg.json": json.dumps({"20111103_www.a.gr_1": "Greek"})},
    "dragnet": _pairs("HTML", ".html", "Corrected", ".html.corrected.txt", HTML, BODY)
    | {"training.txt": "a\n", "test.txt": "b\n"},
    "finerweb": {
        "sample.jsonl": lines(*(
            {"doc": {"id": name}, "content": [{"line": BODY, "label": "clean", "split": False}]}
            for name in ("a", "b", "c")
        ))
    },
    "l3s": _pairs("original", ".html", "annotated", ".html", HTML, ANNOTATED)
    | {"url-mapping.txt": "<urn:uuid:a> http://a.example/\n"},
    "magichtml": {
        f"{folder}/{file}": content
        for folder, names in (("article", "ab"), ("forum", "c"))
        for file, content in (
            *((f"htmls/{name}.html", HTML) for name in names),
            (
                "base.json",
                json.dumps(
                    {name: {"url": "http://a.example/", "content": BODY} for name in names}
                ),
            ),
        )
    },
    "pages": _pairs("html", ".html", "gold", ".txt", HTML, BODY)
    | {
        "metadata.jsonl": lines(*(
            {"id": name, "url": "http://a.example/", "with": ["runs again"], "without": ["Home"]}
            for name in "abc"
        ))
    },
    "scrapinghub": {f"html/{name}.html.gz": gzip.compress(HTML.encode()) for name in "abc"}
    | {
        "ground-truth.json": json.dumps(
            {name: {"articleBody": BODY, "url": "http://a.example/"} for name in "abc"}
        )
    },
    "trafilatura": {f"eval/{name}.html": HTML for name in "abc"}
    | {
        "evaldata.json": json.dumps({
            f"http://{name}.example/": {
                "file": f"{name}.html", "with": ["runs again"], "without": ["Home"]
            }
            for name in "abc"
        })
    },
    "turku": {
        f"en/{split}.json": json.dumps([{"text": BODY.split("\n"), "labels": ["1", "0"]}])
        for split in ("train", "dev", "test")
    },
    "wceb": _wceb("cetd", "0" * 64) | _wceb("dragnet", SHA256) | _wceb("scrapinghub", "f" * 64),
    "wcxb": {
        f"{split}/{file}": content
        for split, name in (("dev", "0001"), ("dev", "0002"), ("test", "0001"))
        for file, content in (
            (f"html/{name}.html.gz", gzip.compress(HTML.encode())),
            (
                f"ground-truth/{name}.json",
                json.dumps({
                    "url": "http://a.example/",
                    "_internal": {"page_type": {"primary": "article"}},
                    "ground_truth": {
                        "main_content": BODY, "with": ["runs again"], "without": ["Home"]
                    },
                }),
            ),
        )
    } | {"metadata.json": json.dumps({"files": {}})},
    "webmainbench": {
        "pages.jsonl": lines(*(
            {
                "track_id": name, "html": HTML, "url": "http://a.example/",
                "groundtruth_content": BODY, "meta": {"language": "en", "style": "Article"},
            }
            for name in "abc"
        ))
    },
}  # fmt: skip
"""The smallest dataset of three pages for each importer."""


@pytest.fixture
def samples():
    return SAMPLES
