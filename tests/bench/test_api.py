"""The functions for notebooks, which the commands call, too."""

import pandas as pd
import pytest

from bench import api
from bench.cli.options import metric_option
from corpus import DataError


@pytest.fixture
def paths(dataset, tmp_path):
    return api.run(["keep-all", "keep-none"], dataset, out=tmp_path / "runs", jobs=1)


def test_runs_are_made_scored_shown_and_compared(paths, dataset):
    assert [path.name for path in paths] == ["keep-all.jsonl", "keep-none.jsonl"]
    scores = api.score(paths, metrics=["line_recall"])
    assert scores.pages.groupby("extractor")["value"].mean().to_dict() == {
        "keep-all": 1.0, "keep-none": 0.0,
    }  # fmt: skip
    rows = pd.DataFrame(api.scores_report(scores).data)
    assert rows["rank"].tolist() == [1, 2]
    (difference,) = api.comparison_report(scores).data["comparisons"]
    assert (difference.verdict, difference.pages_better) == ("better", 4)
    assert "keep-all against keep-none" in api.render(api.comparison_report(scores), "table")
    assert "<title>small: 4 pages</title>" in api.html_report(scores, scores.metrics)
    assert api.score(paths, metrics=["line_recall"], dataset=dataset).dataset == dataset


def test_a_run_is_held_against_floors(paths, tmp_path):
    floors = tmp_path / "floors.json"
    best, worst = paths
    with pytest.raises(DataError, match="no such file; pin the values"):
        api.gate(best, floors)
    assert api.gate(best, floors, update=True, metrics=["line_recall"]) is None
    report = api.gate(best, floors)
    assert [(bound.metric, bound.value, bound.held) for bound in report.data] == [
        ("line_recall", 1.0, True), ("failures", 0, True),
    ]  # fmt: skip
    with pytest.raises(DataError, match="of extractor keep-all, the run is of keep-none"):
        api.gate(worst, floors)


def test_what_is_measured_by_default_is_what_the_commands_measure():
    @metric_option
    def command():
        """Take the option."""

    (option,) = command.__click_params__
    assert option.default == api.METRICS
