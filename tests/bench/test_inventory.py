import json

from click.testing import CliRunner

from bench.cli import main
from bench.inventory import datasets
from labels.datasets.importing import importers

KEYS = (
    "dataset", "pages", "lines", "languages", "licence", "gold", "splits", "ceiling", "where",
)  # fmt: skip


def row(rows, name):
    (found,) = (row for row in rows if row["dataset"] == name)
    return found


def test_the_starter_corpus_and_every_public_dataset_are_listed(tmp_path):
    rows = datasets(tmp_path)
    assert [row["dataset"] for row in rows] == [
        "starter",
        *(name for name in importers() if name != "pages"),
    ]
    assert all(tuple(row) == KEYS for row in rows)
    assert row(rows, "starter")["pages"] == 72
    assert row(rows, "l3s") == {
        "dataset": "l3s",
        "pages": 621,
        "lines": None,
        "languages": ["en"],
        "licence": "LicenseRef-research-only",
        "gold": "text",
        "splits": None,
        "ceiling": None,
        "where": "bench dataset fetch l3s -o DIR",
    }


def test_what_is_in_an_imported_dataset_is_listed(dataset):
    listed = row(datasets(dataset.path.parent), "small")
    assert (listed["pages"], listed["lines"], listed["gold"]) == (4, 13, "lines")
    assert (listed["splits"], listed["where"]) == (["dev"], str(dataset.path))


def test_an_imported_dataset_stands_in_place_of_its_published_row(dataset, tmp_path):
    manifest = dataset.path / "dataset.json"
    text = manifest.read_text(encoding="utf-8").replace('"name": "small"', '"name": "l3s"')
    manifest.write_text(text, encoding="utf-8")
    assert row(datasets(tmp_path), "l3s")["pages"] == 4


def test_the_command_lists_them_as_a_table_and_as_json(dataset):
    options = ("list", "datasets", "--data", str(dataset.path.parent))
    table = CliRunner().invoke(main, options).stdout
    assert "bench dataset fetch wcxb -o DIR" in table
    assert "2,008" in table
    rows = json.loads(CliRunner().invoke(main, [*options, "--format", "json"]).stdout)
    assert row(rows, "small")["pages"] == 4
