import json
import re
from dataclasses import fields, replace

import numpy as np
import pytest
from click.testing import CliRunner

from bench.cli import main
from bench.metrics import select_metrics
from bench.running import Run, RunHeader, RunRow, read_runs, write_run
from bench.scoring.gate import Bound, Floors, pin
from bench.scoring.score import score
from bench.scoring.summary import summarise


def gate(*arguments):
    return CliRunner().invoke(main, ["gate", *map(str, arguments)])


def wrong(*arguments):
    """What is said of a user's mistake: one sentence on standard error, exit status 1."""
    done = gate(*arguments)
    assert (done.exit_code, done.stdout) == (1, ""), done.output
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.fixture
def write(tmp_path, dataset):
    """Writes the run file of an extractor that keeps lines; None where it crashed."""

    def write_(kept, *, name="tool", dataset=dataset, **header):
        about = {"dataset": dataset.location, "fingerprint": dataset.manifest.fingerprint} | header
        rows = {
            page_id: RunRow(page_id, "crash" if lines is None else "ok", kept=lines)
            for page_id, lines in kept.items()
        }
        path = tmp_path / "run.jsonl"
        write_run(path, Run(RunHeader(name, **about), rows))
        return path

    return write_


@pytest.fixture
def floors(tmp_path):
    return tmp_path / "floors.json"


@pytest.fixture
def pinned(write, everything, floors):
    """Floors of a run that keeps everything."""
    done = gate(
        write(everything), "--floors", floors, "--update", "-m", "line_f1", "-m", "leak_legal"
    )
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert done.stderr == f"{floors}: pinned to what {floors.with_name('run.jsonl')} reaches\n"
    return json.loads(floors.read_text())


def test_floors_are_the_values_of_the_run_they_were_pinned_to(pinned, dataset):
    assert pinned == {
        "extractor": "tool",
        "dataset": "small",
        "fingerprint": dataset.manifest.fingerprint,
        "split": None,
        "leak_safe": False,
        "profile": "default",
        "by": None,
        "failures": 0,
        # F1 where 2 of 4, 1 of 2 and 1 of 2 lines are body is 2/3; where 1 of 3 is, 1/2.
        "floors": {"all": {"line_f1": 0.6250, "leak_legal": 1.0}},
    }
    assert list(pinned) == [field.name for field in fields(Floors)]


def test_a_run_that_is_as_good_or_better_passes(pinned, write, everything, perfect, floors):
    as_good = gate(write(everything), "--floors", floors)
    assert as_good.exit_code == 0, as_good.output
    lines = as_good.stdout.splitlines()
    assert lines[0] == "tool, small: floors and values"
    assert lines[3].split() == ["line_f1", "all", ".6250", ".6250"]
    assert lines[-1] == "3 of 3 floors held."
    assert gate(write(perfect), "--floors", floors).exit_code == 0
    assert json.loads(floors.read_text()) == pinned


@pytest.mark.parametrize(
    ("metric", "page_id", "kept"),
    [
        ("line_f1", "b-1", [True, False, True]),
        ("leak_legal", "a-2", [True, True]),
        ("failures", "c-1", None),
    ],
)
def test_a_run_that_is_worse_does_not(write, perfect, floors, metric, page_id, kept):
    metrics = ("-m", "line_f1", "-m", "leak_legal")
    gate(write(perfect), "--floors", floors, "--update", *metrics)
    before = floors.read_bytes()
    run = write(perfect | {page_id: kept and np.array(kept)})
    for update in ([], ["--update"]):
        done = gate(run, "--floors", floors, "--format", "json", *update)
        assert done.exit_code == 1
        missed = [bound["metric"] for bound in json.loads(done.stdout) if not bound["held"]]
        assert metric in missed
        assert floors.read_bytes() == before
    table = gate(run, "--floors", floors).stdout
    assert re.search(rf"^ *{metric} .* not held$", table, re.MULTILINE)
    assert f"{3 - len(missed)} of 3 floors held." in table
    lowered = gate(run, "--floors", floors, "--update", "--allow-regression")
    assert lowered.exit_code == 0, lowered.output
    assert gate(run, "--floors", floors).exit_code == 0


@pytest.mark.usefixtures("pinned")
def test_an_update_raises_the_floors(write, everything, perfect, floors):
    assert gate(write(perfect), "--floors", floors, "--update").exit_code == 0
    assert json.loads(floors.read_text())["floors"] == {"all": {"line_f1": 1.0, "leak_legal": 0.0}}
    assert gate(write(everything), "--floors", floors).exit_code == 1


def test_a_new_file_says_what_is_measured(write, perfect, everything, floors):
    options = ("--by", "page_type", "--profile", "with-comments", "--split", "dev", "--leak-safe")
    gate(write(perfect), "--floors", floors, "--update", *options)
    pinned = json.loads(floors.read_text())
    assert list(pinned["floors"]) == ["all", "article", "forum"]
    assert list(pinned["floors"]["forum"]) == ["line_f1", "char_f1", "word_f1"]
    assert (pinned["profile"], pinned["split"], pinned["leak_safe"]) == (
        "with-comments",
        "dev",
        True,
    )
    done = gate(write(everything), "--floors", floors)
    assert done.stdout.startswith("tool, small, split dev: floors and values")
    assert done.stdout.endswith("Scored under the profile with-comments.\n")
    again = gate(write(perfect), "--floors", floors, "-m", "char_f1")
    assert again.exit_code == 2
    assert "says what is measured" in again.stderr


def test_a_group_that_lost_its_pages_is_not_held(write, perfect, floors):
    gate(write(perfect), "--floors", floors, "--update", "-m", "line_f1")
    pinned = json.loads(floors.read_text())
    pinned["floors"]["product"] = {"line_f1": 0.5}
    floors.write_text(json.dumps(pinned))
    done = gate(write(perfect), "--floors", floors)
    assert done.exit_code == 1
    assert re.search(r"line_f1 +product +\.5000 +– +not held", done.stdout)


def test_floors_leave_the_last_digits_to_the_machine(write, perfect, everything, floors):
    run = write(perfect | {"c-1": everything["c-1"]})
    gate(run, "--floors", floors, "--update", "-m", "line_precision", "-m", "leak_navigation")
    # Means of 1, 1, 1 and 1/3, rounded down; of 0, 0 and 1, rounded up.
    values = {"line_precision": 0.8333, "leak_navigation": 0.3334}
    assert json.loads(floors.read_text())["floors"] == {"all": values}
    assert gate(run, "--floors", floors).exit_code == 0


@pytest.mark.parametrize(("metric", "value", "floor"), [
    # Floors are the step below: rounded to the nearest, the run itself would not hold them.
    ("line_f1", 0.66665, 0.6666),
    ("line_f1", 0.66669999999, 0.6667),  # the last digits of another machine
    ("line_f1", 2 / 3, 0.6666),
    ("line_f1", 0.99999, 0.9999),
    ("line_f1", 0.5, 0.5),
    # Of noise let through less is better: the step above.
    ("leak_legal", 0.33331, 0.3334),
    ("leak_legal", 0.33330000001, 0.3333),
    ("leak_legal", 1 / 3, 0.3334),
    ("leak_legal", 0.00001, 0.0001),
])  # fmt: skip
def test_a_floor_is_the_step_that_the_run_holds(
    monkeypatch, write, everything, dataset, metric, value, floor
):
    (run,) = read_runs([write(everything)])
    scores = score([run], dataset, select_metrics((metric,)))
    (row,) = summarise(scores)
    monkeypatch.setattr("bench.scoring.gate.summarise", lambda *_: [replace(row, value=value)])
    assert pin(scores).floors == {"all": {metric: floor}}


@pytest.mark.usefixtures("pinned")
def test_the_floors_of_something_else_are_refused(write, everything, floors):
    assert "of extractor tool, the run is of other" in wrong(
        write(everything, name="other"), "--floors", floors
    )
    leak_safe = write(everything, leak_safe=True)
    assert "of leak_safe False, the run is of True" in wrong(leak_safe, "--floors", floors)
    anew = gate(leak_safe, "--floors", floors, "--update", "--allow-regression")
    assert anew.exit_code == 0, anew.output
    assert gate(leak_safe, "--floors", floors).exit_code == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("floors", "no floors file (JSONDecodeError("),
        ("[]", "no floors file (TypeError("),
        ('{"extractor": "tool"}', "no floors file (KeyError('dataset')"),
    ],
)
def test_a_file_that_holds_no_floors_is_refused(write, perfect, floors, content, said):
    floors.write_text(content)
    assert said in wrong(write(perfect), "--floors", floors)
    assert floors.read_text() == content


def test_a_metric_or_a_floor_that_is_none_is_refused(pinned, write, perfect, floors):
    floors.write_text(json.dumps(pinned | {"floors": {"all": {"f2": 0.5}}}))
    assert "no metric 'f2'; see 'bench list metrics'" in wrong(write(perfect), "--floors", floors)
    floors.write_text(json.dumps(pinned | {"floors": {"all": {"line_f1": ".5"}}}))
    assert "the floor of line_f1 in all is no number" in wrong(write(perfect), "--floors", floors)


def test_without_a_file_the_remedy_is_named(write, perfect, floors):
    assert "no such file; pin the values of a run with --update" in wrong(
        write(perfect), "--floors", floors
    )
    assert gate(write(perfect), "--floors", floors, "--allow-regression").exit_code == 2
    assert not floors.exists()


@pytest.mark.usefixtures("pinned")
def test_the_objects_of_json_have_the_documented_keys(write, everything, floors):
    done = gate(write(everything), "--floors", floors, "--format", "json")
    keys = [field.name for field in fields(Bound)]
    assert [list(row) for row in json.loads(done.stdout)] == [keys] * 3
    said = " ".join(gate("--help").stdout.split())
    assert "with the keys metric (or failures), group, floor, value and held." in said
    assert keys == ["metric", "group", "floor", "value", "held"]
