"""The command that builds the shipped models, on small datasets under the names of its sources."""

import pytest
from click.testing import CliRunner

from baselines import Model
from bench.cli.shipped import NOT_FITTED, SOURCES, main, path_of, sources
from corpus import DataError
from labels import open_dataset, write_dataset
from labels.datasets.fetch.publications import read_publications


def test_a_source_is_left_out_by_its_name():
    assert sources() == ["starter", "wcxb", "dragnet", "magic-html", "postlight"]
    assert sources(["dragnet"]) == ["starter", "wcxb", "magic-html", "postlight"]
    with pytest.raises(DataError, match="dragnett is none of the sources, starter, wcxb"):
        sources(["dragnett"])


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("l3s", "l3s is for research only: no shipped weights may be fitted to it; leave it out"),
        ("cleaneval", "cleaneval has no clear licence: no shipped weights may"),
        ("scrapinghub", "scrapinghub is for evaluation only: no shipped weights may"),
        ("mine", "mine is not among the sources of shipped weights"),
    ],
)
def test_what_must_not_be_fitted_to_is_refused(name, reason):
    with pytest.raises(DataError, match=f"^{reason}"):
        sources(more=[name])


def test_each_published_dataset_is_fitted_to_or_there_is_a_reason_why_not():
    assert not set(SOURCES) & NOT_FITTED.keys()
    text_alone, collection = {"turku", "finerweb"}, {"wceb"}
    known = {*SOURCES, *NOT_FITTED}
    assert read_publications().keys() - known == text_alone | collection


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A folder of two of the sources, each some pages of the starter corpus."""
    folder = tmp_path_factory.mktemp("data")
    pages = list(open_dataset("starter").pages("train"))
    for name, some in (("wcxb", pages[:20]), ("dragnet", pages[20:])):
        write_dataset(folder / name, some, name=name, licence="CC0-1.0", description=name)
    return folder


def test_another_dataset_under_the_name_of_a_source_is_refused(data, tmp_path):
    (tmp_path / "wcxb").symlink_to(data / "dragnet")
    with pytest.raises(DataError, match="the dataset is dragnet, not wcxb; import wcxb there"):
        path_of("wcxb", tmp_path)


def test_models_are_built_again_byte_for_byte(data, tmp_path):
    outs = [tmp_path / "one", tmp_path / "two"]
    for out in outs:
        left_out = [f"--without={name}" for name in ("magic-html", "postlight", "starter")]
        arguments = [str(data), *left_out, "--model", "logreg-text", "-o", str(out)]
        done = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        assert "wcxb, out of fold, 20 pages: line f1" in done.output
    for name in ("logreg-text.json", "logreg-text.md"):
        assert (outs[0] / name).read_bytes() == (outs[1] / name).read_bytes()
    model = Model.load(outs[0])
    assert len(model.trained_on) == 42
    card = (outs[0] / "logreg-text.md").read_text(encoding="utf-8")
    assert "| dragnet | train | 22 |" in card


def test_a_missing_dataset_is_one_sentence(data, tmp_path):
    done = CliRunner().invoke(main, [str(data), "-o", str(tmp_path)])
    assert done.exit_code == 1
    assert "magic-html" in done.output
    assert "Traceback" not in done.output
    assert list(tmp_path.iterdir()) == []
