import json
import re
from dataclasses import fields

import pytest
from click.testing import CliRunner

from bench.cli import main
from bench.running import Run, RunHeader, RunRow, write_run
from bench.scoring.compare import Difference, Loss


def compare(*arguments):
    return CliRunner().invoke(main, ["compare", *map(str, arguments)])


def wrong(*arguments):
    """What is said of a user's mistake: one sentence on standard error, exit status 1."""
    done = compare(*arguments)
    assert (done.exit_code, done.stdout) == (1, ""), done.output
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.fixture
def write(tmp_path, dataset):
    """Writes the run file of an extractor that keeps lines."""

    def write_(name, kept, file=None, **header):
        about = {"dataset": dataset.location, "fingerprint": dataset.manifest.fingerprint} | header
        rows = {page_id: RunRow(page_id, "ok", kept=lines) for page_id, lines in kept.items()}
        path = tmp_path / f"{file or name}.jsonl"
        write_run(path, Run(RunHeader(name, **about), rows))
        return path

    return write_


@pytest.fixture
def runs(write, perfect, everything):
    return write("all", everything), write("oracle", perfect)


def test_a_table_fits_a_terminal(runs):
    done = compare(*runs, "-m", "line_f1", "--by", "page_type", "--worst", 2)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == "line_f1: all against oracle, small: 4 pages"
    assert lines[3].split() == [
        "all", "4", ".625", "1.00", "−.375", "−.500", "to", "−.333", "worse", "0", "0", "4",
    ]  # fmt: skip
    assert lines[-2].split() == [".500", ".500", "1.00", "forum", "c-1"]
    assert max(map(len, lines)) <= 110


def test_the_objects_of_json_have_the_documented_keys(runs):
    both = json.loads(compare(*runs, "--worst", 1, "--format", "json").stdout)
    assert list(both) == ["comparisons", "worst"]
    keys = [tuple(field.name for field in fields(row)) for row in (Difference, Loss)]
    assert {tuple(row) for row in both["comparisons"]} == {keys[0]}
    assert {tuple(row) for row in both["worst"]} == {keys[1]}
    assert [row["metric"] for row in both["comparisons"]] == ["line_f1", "char_f1", "word_f1"]
    said = re.sub(r" \([^)]*\)", "", " ".join(compare("--help").stdout.split()))
    for *others, last in keys:
        assert f"have the keys {', '.join(others)} and {last}." in said


def test_without_worst_json_has_no_pages(runs):
    assert json.loads(compare(*runs, "--format", "json").stdout)["worst"] == []


def test_split_profile_and_seed_are_those_of_score(runs, dataset):
    done = compare(
        *runs, "-d", dataset.path, "--split", "dev", "--profile", "with-comments", "--seed", 5
    )
    assert "small, split dev: 4 pages" in done.stdout
    assert "seed 5" in done.stdout
    assert "Scored under the profile with-comments." in done.stdout
    assert "Leak-safe: 0 pages" in compare(*runs, "--leak-safe", "--split", "dev").stdout


def test_a_single_run_is_wrong_usage(runs):
    done = compare(runs[0])
    assert done.exit_code == 2
    assert "Missing argument 'OTHER...'" in done.stderr
    assert compare(*runs, "--worst", -1).exit_code == 2


def test_runs_of_different_datasets_are_refused(runs, write, perfect, tmp_path):
    elsewhere = write("tool", perfect, dataset=str(tmp_path / "elsewhere"))
    assert "do not name one and the same dataset" in wrong(runs[0], elsewhere)
    changed = write("tool", perfect, fingerprint="0" * 16)
    assert "the run of tool was made on" in wrong(runs[0], changed)


def test_two_runs_of_one_extractor_are_distinguished_by_their_files(runs, write, perfect):
    again = write("all", perfect, file="again")
    done = compare(runs[0], again)
    assert done.exit_code == 0
    assert f"all ({runs[0].stem}) against all (again)" in done.stdout
    (row,) = json.loads(compare(again, runs[0], "-m", "line_f1", "--format", "json").stdout)[
        "comparisons"
    ]
    assert (row["first"], row["other"]) == ("all (again)", f"all ({runs[0].stem})")


def test_a_run_given_twice_is_refused(runs):
    assert "given 2 times; give each run once" in wrong(runs[0], runs[0])


def test_unknown_metrics_and_attributes_are_one_sentence(runs):
    assert "no metric 'bleu'" in wrong(*runs, "-m", "bleu")
    assert "cannot be grouped by 'colour'" in wrong(*runs, "--by", "colour")
    assert "no profile 'lax'" in wrong(*runs, "--profile", "lax")
