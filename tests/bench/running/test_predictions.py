import json

import numpy as np
import pytest

from bench.metrics import select_metrics
from bench.running import read_run, write_run
from bench.running.predictions import FORMATS, import_run, read_predictions
from bench.scoring.score import score
from bench.scoring.summary import summarise
from corpus import DataError

FERRY = (
    "The ferry to the island runs again from Monday.\nIt had been laid up since the storm in March."
)


def texts(run):
    return {page_id: (row.status, row.text) for page_id, row in run.rows.items()}


@pytest.fixture
def stored(tmp_path):
    """Write a file of predictions: JSON of an object, lines of several, or text as it is."""

    def write(name, content):
        path = tmp_path / name
        if isinstance(content, list):
            content = "".join(json.dumps(row) + "\n" for row in content)
        elif not isinstance(content, str):
            content = json.dumps(content)
        path.write_text(content, encoding="utf-8")
        return path

    return write


def test_scrapinghub_predictions_are_bodies_by_id(stored):
    path = stored("my_tool.json", {"a": {"articleBody": "One."}, "b": {"articleBody": " \n"}})
    run = read_predictions("scrapinghub", path)
    assert (run.header.extractor, run.header.version) == ("my_tool", None)
    assert texts(run) == {"a": ("ok", "One."), "b": ("empty", None)}


def test_scrapinghub_predictions_may_be_wrapped_with_a_version(stored):
    path = stored("t.json", {"version": "2.0.0", "output": {"a": {"articleBody": "One."}}})
    run = read_predictions("scrapinghub", path)
    assert run.header.version == "2.0.0"
    assert texts(run) == {"a": ("ok", "One.")}


def test_wceb_predictions_are_rows_that_name_their_model(stored):
    rows = [
        {"page_id": "a", "plaintext": "One.", "model": "bte"},
        {"page_id": "b", "plaintext": ""},
    ]
    run = read_predictions("wceb", stored("bte.jsonl", rows))
    assert run.header.extractor == "bte"
    assert texts(run) == {"a": ("ok", "One."), "b": ("empty", None)}


def test_text_files_are_predictions_of_the_page_they_are_named_after(tmp_path):
    folder = tmp_path / "my-tool"
    folder.mkdir()
    (folder / "a.txt").write_bytes("Zażółć\n".encode("utf-16"))
    (folder / "b.txt").write_bytes(b"")
    (folder / "notes.md").write_text("not one of them")
    run = read_predictions("files", folder)
    assert run.header.extractor == "my-tool"
    assert texts(run) == {"a": ("ok", "Zażółć\n"), "b": ("empty", None)}


@pytest.mark.parametrize(
    ("format_", "content", "said"),
    [
        ("scrapinghub", "{", r"p\.json: not JSON"),
        ("scrapinghub", [], r"p\.json: not JSON"),
        ("scrapinghub", "[]", r"p\.json: not an object of predictions by page id"),
        ("scrapinghub", {"a": "One."}, r"page 'a': no object with 'articleBody'"),
        ("scrapinghub", {"a": {"articleBody": 3}}, r"page 'a': 'articleBody' is 3; it must be"),
        ("scrapinghub", {}, r"p\.json: no predictions in it"),
        ("wceb", '{"page_id": "a", "plaintext": "x"}\n{"pa', r"p\.json:2: not JSON"),
        ("wceb", [{"page_id": "a"}], r"p\.json:1: no object with 'plaintext'"),
        (
            "wceb",
            [{"page_id": "a", "plaintext": "x"}, {"page_id": "a", "plaintext": "y"}],
            r"page 'a' has two predictions",
        ),
        (
            "wceb",
            [
                {"page_id": "a", "plaintext": "x", "model": "one"},
                {"page_id": "b", "plaintext": "y", "model": "two"},
            ],
            r"holds one, two; give one model's file",
        ),
        ("files", "text", r"p\.json: not a folder"),
        ("tsv", "text", r"no format 'tsv'; use one of scrapinghub, wceb, files, run"),
    ],
)
def test_what_is_not_in_the_format_is_refused_with_its_place(stored, format_, content, said):
    with pytest.raises(DataError, match=said):
        read_predictions(format_, stored("p.json", content))


@pytest.mark.parametrize("format_", FORMATS)
def test_a_file_that_is_not_there_is_refused(tmp_path, format_):
    with pytest.raises(DataError, match=r"gone: no such file or folder"):
        read_predictions(format_, tmp_path / "gone")


def test_predictions_become_a_run_that_is_aligned_and_scored(stored, dataset, tmp_path):
    path = stored("tool.json", {"a-1": {"articleBody": FERRY}, "x-9": {"articleBody": "Else."}})
    imported = import_run("scrapinghub", path, dataset, version="3.1")
    assert imported.missing == ("a-2", "b-1", "c-1")
    assert imported.foreign == ("x-9",)
    header = imported.run.header
    assert (header.extractor, header.version, header.dataset) == ("tool", "3.1", dataset.location)
    assert header.fingerprint == dataset.manifest.fingerprint
    np.testing.assert_array_equal(imported.run.rows["a-1"].coverage, [0, 0, 1, 1, 0])
    write_run(tmp_path / "tool.jsonl", imported.run)
    metrics = select_metrics(("line_f1",))
    scores = score([read_run(tmp_path / "tool.jsonl")], dataset, metrics)
    (row,) = summarise(scores)
    assert row.value == pytest.approx(1 / 4)
    assert row.failures == 3


def test_predictions_of_one_split_alone_can_be_imported(stored, dataset):
    path = stored("tool.json", {"a-1": {"articleBody": FERRY}})
    with pytest.raises(KeyError):
        import_run("scrapinghub", path, dataset, split="nowhere")
    assert import_run("scrapinghub", path, dataset, split="dev").run.header.split == "dev"


def test_a_run_of_kept_lines_stays_as_it_is(dataset, perfect, tmp_path):
    rows = [{"extractor": "oracle"}]
    rows += [
        {"id": page_id, "kept": kept.astype(int).tolist()} for page_id, kept in perfect.items()
    ]
    path = tmp_path / "oracle.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    imported = import_run("run", path, dataset, name="renamed")
    assert imported.run.header.extractor == "renamed"
    np.testing.assert_array_equal(imported.run.rows["b-1"].kept, perfect["b-1"])


def test_predictions_of_other_pages_alone_are_refused_with_ids_of_both(stored, dataset):
    path = stored("tool.json", {f"x-{n}": {"articleBody": "Else."} for n in range(5)})
    with pytest.raises(
        DataError,
        match=r"none of its 5 pages is in small: it has x-0, x-1, x-2 \.\.\., the dataset a-1, a-2",
    ):
        import_run("scrapinghub", path, dataset)
