"""Every text file from outside may begin with a byte-order mark and end its lines in any way."""

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

from baselines.model import Model
from bench.conformance import read_table
from bench.running import read_run
from bench.running.predictions import read_predictions
from bench.scoring.gate import read_floors
from corpus import SPLITTER_VERSION, DataError, split_text
from labels import Label, codes, open_dataset, read_labels
from labels.annotation.adding.page_store import read_index
from labels.annotation.drafts.decisions import read_decisions
from labels.annotation.drafts.draft import Draft
from labels.annotation.drafts.draft_file import DraftFile
from labels.annotation.label_studio import import_labels
from labels.datasets.fetch.fetch_dataset import fetch
from labels.datasets.importing import load_importer, read_record, with_ids
from labels.folder import Folders

ROOT = Path(__file__).parents[1]
PAGE = "홈\nThe ferry runs."
LINES = split_text(PAGE)
DIGEST = hashlib.sha256(PAGE.encode()).hexdigest()
DRAFT = Draft(codes(["navigation", "body"]), np.array([True, False]), "blank")
DECISION = {
    "id": "xx-1", "line": 1, "label": "body", "annotators": {"ann": "noise"}, "decided_by": "bo",
    "time": "2026-01-01T00:00:00+00:00",
}  # fmt: skip
TASK = {
    "data": {"page": "xx-1", "lines": [{"text": text} for text in LINES.texts]},
    "annotations": [{"completed_by": 1, "result": []}],
}
FLOORS = {
    "extractor": "a", "dataset": "b", "fingerprint": "c", "split": None, "leak_safe": False,
    "profile": "default", "by": None, "failures": 0, "floors": {},
}  # fmt: skip
MANIFEST = {
    "name": "x", "licence": "MIT", "description": "x", "splitter": SPLITTER_VERSION,
    "fingerprint": "f", "pages": 0, "splits": {}, "reserved_sites": [], "unreadable": [],
    "counts": {
        "lines": 0, "labels": {}, "languages": {}, "page_types": {}, "gold": {}, "sites": 0,
        "ceiling": None,
    },
}  # fmt: skip
RECORD = {"dataset": "turku", "urls": [], "content": "", "files": {}}
WEBMAINBENCH = {"track_id": "a", "html": f"<p>{PAGE}", "groundtruth_content": "a\u2028b"}


def corpus(folder):
    """Lay out a corpus of one page in a folder."""
    folders = Folders.under(folder)
    folders.pages.mkdir(exist_ok=True)
    folders.gold.mkdir(exist_ok=True)
    (folders.pages / "xx-1.txt").write_text(PAGE, encoding="utf-8")
    if not folders.index.exists():
        row = {"id": "xx-1", "markup": "text", "sha256": DIGEST}
        folders.index.write_text(json.dumps(row), encoding="utf-8")
    (folders.gold / "xx-1.tsv").write_text(
        f"# splitter {SPLITTER_VERSION}\nbody\t홈\nbody\tThe ferry runs.\n", encoding="utf-8"
    )
    return folders


def imported(name, **beside):
    """Read what is laid out around a file with an importer."""

    def read(path):
        for place, content in beside.items():
            other = path.parent / place.replace("__", "/").replace("_html", ".html")
            other.parent.mkdir(parents=True, exist_ok=True)
            other.write_text(content, encoding="utf-8")
        importer = load_importer(name)
        found = importer.find(path.parent)
        outcomes = [read_record(importer, name, record) for record in with_ids(found.records)]
        for outcome in outcomes:
            if isinstance(outcome, tuple):
                raise DataError(": ".join(outcome))
        pages = [outcome.labelled for outcome in outcomes]
        return [(page.page.id, page.page.url, page.page.split, page.gold_text) for page in pages]

    return read


def exported(path):
    folders = corpus(path.parent)
    return import_labels(path, folders, "ann", rest=Label.NOISE, replace=True)


def fetched(path):
    """Read the record of a folder into which something else is to be fetched."""
    with pytest.raises(DataError) as error:
        fetch("daniel", path.parent)
    if "damaged" in str(error.value):
        raise error.value
    return str(error.value).partition(": ")[2]


PAIR = {"html__a": f"<p>{PAGE}", "reference__a": f"<p>{PAGE}"}
READERS = {
    "labels": (
        "a.tsv", f"# splitter {SPLITTER_VERSION}\nnavigation\t홈\nbody\tThe ferry runs.\n",
        lambda path: read_labels(path, LINES).tolist(),
    ),
    "draft": (
        "a.state.json", DRAFT.to_json(),
        lambda path: DraftFile(path.with_name("a.tsv")).read_state(2).to_json(),
    ),
    "decisions": (
        "gold/decisions.jsonl", f"{json.dumps(DECISION)}\n" * 2,
        lambda path: read_decisions(Folders.under(path.parents[1])),
    ),
    "index of pages": (
        "pages/pages.jsonl",
        json.dumps({"id": "xx-1", "markup": "text", "sha256": DIGEST, "url": "a\u2028b"},
                   ensure_ascii=False) + "\n",
        lambda path: (
            [page.page for page in open_dataset(str(corpus(path.parents[1]).pages.parent)).pages()],
            read_index(Folders.under(path.parents[1])),
        ),
    ),
    "export of Label Studio": ("export.json", json.dumps([TASK], indent=1), exported),
    "model": (
        "m.json", (ROOT / "baselines/models/logreg-text.json").read_text(encoding="utf-8"),
        lambda path: Model.load(path).to_json(),
    ),
    "run": (
        "theirs.jsonl",
        '{"extractor": "theirs"}\n{"id": "a", "text": "x\u2028y"}\n\n{"id": "b", "text": "z"}\n',
        read_run,
    ),
    "predictions, scrapinghub": (
        "p.json", json.dumps({"a": {"articleBody": "홈"}}, indent=1),
        lambda path: read_predictions("scrapinghub", path),
    ),
    "predictions, wceb": (
        "p.jsonl", '{"page_id": "a", "plaintext": "홈"}\n{"page_id": "b", "plaintext": "x\u2028y"}\n',
        lambda path: read_predictions("wceb", path),
    ),
    "floors": ("floors.json", json.dumps(FLOORS, indent=1), read_floors),
    "published figures": (
        "t.toml", 'dataset = "wcxb"\nsource = """a\nb"""\n# figures\ndecimals = 3\nsystem = []\n',
        lambda path: read_table(str(path)),
    ),
    "manifest": (
        "dataset.json", json.dumps(MANIFEST, indent=1),
        lambda path: (path.with_name("data-00000.parquet").touch(), open_dataset(path.parent)),
    ),
    "record of a fetch": (".fetched.json", json.dumps(RECORD, indent=1), fetched),
    "source, JSON": ("doc_lg.json", json.dumps({"a": "Greek"}, indent=1), imported("daniel", **PAIR)),
    "source, JSON lines": (
        "p.jsonl", f"{json.dumps(WEBMAINBENCH, ensure_ascii=False)}\n" * 2, imported("webmainbench")
    ),
    "source, list of ids": (
        "test.txt", "b\na\n",
        imported("dragnet", **{"HTML__a_html": f"<p>{PAGE}", "Corrected__a_html.corrected.txt": PAGE}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_marks_and_line_ends_make_no_difference(name, tmp_path):
    place, content, read = READERS[name]
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    results = {}
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        for end in ("\n", "\r\n", "\r"):
            path.write_bytes(content.replace("\n", end).encode(encoding))
            results[encoding, end] = read(path)
    plain = results.pop(("utf-8", "\n"))
    assert plain
    for variant, result in results.items():
        assert repr(result) == repr(plain), variant


@pytest.mark.parametrize("name", [name for name in READERS if "json" in READERS[name][0]])
def test_json_that_is_nested_without_end_is_one_sentence_with_its_place(name, tmp_path):
    place, _, read = READERS[name]
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    path.write_text('{"id": ' + "[" * 100_000)
    with pytest.raises(DataError, match=f"^{re.escape(str(path))}"):
        read(path)


def changed(document, **values):
    """A document of a reader with other values, where a key may be a path, by slashes."""
    changed = json.loads(json.dumps(document))
    for key, value in values.items():
        *parents, name = key.split("/")
        part = changed
        for parent in parents:
            part = part[parent]
        part[name] = value
    return json.dumps(changed)


NAN, INFINITE, HUGE = float("nan"), 1e999, 10**400
ESCAPE, LONE, LINE = "a\x1b[31m", "a\ud83d", "a\nb"
FIGURES = 'dataset = "wcxb"\nsource = "x"\ndecimals = {}\n[[system]]\nname = "a"\nformat = "files"\npredictions = "p"\nexpected = {{ word_f1 = {} }}\n'
PAGE_ROW = {"id": "xx-1", "markup": "text", "sha256": DIGEST}
BAD = [
    *(("floors", changed(FLOORS, floors={"all": {"char_f1": floor}}))
      for floor in (NAN, INFINITE, HUGE, True, "x", None)),
    *(("floors", changed(FLOORS, failures=count)) for count in (NAN, -1, 1.5, "x", None)),
    *(("published figures", FIGURES.format(3, figure)) for figure in ("nan", "inf", '"x"', "true")),
    *(("published figures", FIGURES.format(decimals, 1)) for decimals in ("-1", "99", "nan", '"x"')),
    *(("run", '{"extractor": "x"}\n' + json.dumps({"id": "a", "text": "x"} | row) + "\n")
      for row in ({"id": ESCAPE}, {"id": LONE}, {"id": LINE}, {"seconds": -1}, {"seconds": NAN},
                  {"seconds": INFINITE}, {"seconds": HUGE}, {"peak_mb": HUGE}, {"id": 7})),
    *(("run", json.dumps({"extractor": "x"} | row) + "\n")
      for row in ({"extractor": ESCAPE}, {"extractor": LONE}, {"extractor": LINE},
                  {"seed": INFINITE}, {"splitter": NAN})),
    *(("manifest", changed(MANIFEST, **{key: value}))
      for key, value in (("pages", NAN), ("pages", -1), ("splits", {"a": INFINITE}),
                         ("counts/lines", -1), ("name", ESCAPE), ("name", LONE), ("name", LINE),
                         ("counts", 7), ("reserved_sites", 7))),
    *(("index of pages", json.dumps(PAGE_ROW | row) + "\n")
      for row in ({"id": ESCAPE}, {"id": LONE}, {"id": LINE}, {"id": NAN}, {"id": "a\x9b"},
                  {"url": NAN}, {"language": 7}, {"markup": INFINITE})),
    *(("decisions", json.dumps(DECISION | row) + "\n")
      for row in ({"line": NAN}, {"line": -1}, {"line": INFINITE}, {"time": LINE})),
    *(("labels", f"# splitter {version}\n") for version in ("9" * 5000, "-1", "1e9", "nan", "²")),
    ("labels", f"# splitter {SPLITTER_VERSION}\nbody\x1b[31m\t홈\nbody\tThe ferry runs.\n"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content"), BAD)
def test_what_cannot_be_is_one_sentence_with_its_place(name, content, tmp_path):
    place, _, read = READERS[name]
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as error:
        read(path)
    message = str(error.value)
    assert message.startswith(str(path))
    assert message.isprintable()


def test_no_module_reads_text_or_json_by_itself():
    own = {
        "corpus/files.py",  # the one place
        "corpus/html/declared.py",  # a part of a page
        "labels/datasets/parquet.py",  # metadata that this kit wrote
        "corpus/workers.py", "bench/running/sandbox.py",  # /proc
        "labels/annotation/web/app.py", "labels/annotation/web/page_frame.py",  # shipped files
    }  # fmt: skip
    reads = re.compile(r"\bjson\.loads?\(|\.read_text\(|\btomllib\.load\(|encoding=\"utf-8-sig\"")
    found = {
        path.relative_to(ROOT).as_posix()
        for package in ("corpus", "labels", "baselines", "bench")
        for path in (ROOT / package).rglob("*.py")
        if reads.search(path.read_text(encoding="utf-8"))
    }
    assert found <= own
