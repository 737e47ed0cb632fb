import json

import pytest
from click.testing import CliRunner

from bench.cli import main
from bench.conformance import conformance, read_table, shipped_tables
from corpus import DataError

TABLE = """
dataset = "scrapinghub"
source = "https://bench.example"
decimals = 2
[[system]]
name = "Tool"
version = "1"
format = "scrapinghub"
predictions = "tool.json"
expected = { word_f1 = 0.33, line_f1 = 0.5 }
[[system]]
name = "Gone"
format = "scrapinghub"
predictions = "gone.json"
expected = { word_f1 = 0.7 }
"""
# Words of the gold of a-1: 18, of those in the prediction: 9.
FERRY = "The ferry to the island runs again from Monday."


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.toml"
    path.write_text(TABLE, encoding="utf-8")
    (tmp_path / "tool.json").write_text(
        json.dumps({"a-1": {"articleBody": FERRY}}), encoding="utf-8"
    )
    return path


def test_published_figures_are_set_beside_those_obtained(table, dataset, tmp_path):
    # a-1 alone has a prediction: half of 19 words, that is 2 * 9 / (9 + 19) of one page in four.
    figures = conformance(read_table(str(table)), dataset.path, predictions=tmp_path)
    shown = [(f.system, f.version, f.metric, f.expected, f.agrees) for f in figures]
    assert shown == [
        ("Tool", "1", "word_f1", 0.33, False),
        ("Tool", "1", "line_f1", 0.5, False),
        ("Gone", None, "word_f1", 0.7, False),
    ]
    assert [figure.obtained for figure in figures] == [
        pytest.approx(2 * 9 / (9 + 19) / 4),
        pytest.approx(2 * 1 / (1 + 2) / 4),
        None,
    ]


@pytest.mark.parametrize(("obtained_is", "agrees"), [("0.16", True), ("0.17", False)])
def test_figures_agree_to_the_published_decimals(table, dataset, tmp_path, obtained_is, agrees):
    table.write_text(TABLE.replace("0.33", obtained_is), encoding="utf-8")
    figures = conformance(read_table(str(table)), dataset.path, predictions=tmp_path)
    assert figures[0].agrees is agrees


@pytest.mark.parametrize(("word_f1", "status"), [("0.16", 0), ("0.17", 1)])
def test_the_command_ends_with_status_1_if_a_figure_differs(
    table, dataset, tmp_path, word_f1, status
):
    one = TABLE.replace("0.33, line_f1 = 0.5", word_f1).rpartition("[[system]]")[0]
    table.write_text(one, encoding="utf-8")
    done = CliRunner().invoke(
        main,
        ["dataset", "conformance", str(table), str(dataset.path), "--predictions", str(tmp_path)],
    )
    assert done.exit_code == status, done.output
    assert f"{1 - status} of 1 figures agree to 2 decimals" in done.stdout
    assert f"{float(word_f1):.2f}".lstrip("0") in done.stdout


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[[system]]", "[[", r"table\.toml: no table of published figures"),
        ('format = "scrapinghub"', "", r"table\.toml: no table of published figures"),
        (
            "decimals = 2",
            "",
            r"table\.toml: no table of published figures \(KeyError\('decimals'\)\)",
        ),
        ("line_f1", "bleu", r"table\.toml: system 'Tool' has the unknown metric 'bleu'"),
        ('format = "scrapinghub"', 'format = "tsv"', r"has the unknown format 'tsv'"),
    ],
)
def test_a_broken_table_is_refused(table, old, new, said):
    table.write_text(TABLE.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=said):
        read_table(str(table))


def test_an_unknown_table_is_refused_with_those_there_are():
    with pytest.raises(DataError, match=r"no table of published figures 'x'; .*scrapinghub, wcxb"):
        read_table("x")


@pytest.mark.parametrize("name", shipped_tables())
def test_each_shipped_table_can_be_read(name):
    table = read_table(name)
    assert table.dataset == name
    assert table.source.startswith("https://")
    assert all(0 <= value <= 1 for system in table.systems for value in system.expected.values())


@pytest.mark.data("scrapinghub")
def test_all_figures_published_for_the_stored_predictions_are_obtained(data_folder):
    figures = conformance(read_table("scrapinghub"), data_folder)
    assert len(figures) == 56
    assert [figure for figure in figures if not figure.agrees] == []
