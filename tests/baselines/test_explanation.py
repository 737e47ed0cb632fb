from math import exp, log

import numpy as np
import pytest
from rich.cells import cell_len

from baselines import Model, model
from baselines.explanation import (
    WIDTH,
    Explanation,
    LineExplanation,
    as_row,
    draw,
    explain_page,
    head,
)
from baselines.features.columns import matrix
from baselines.regression import Inputs, Linear, Mixture, Stages
from corpus import DataError, split_text

# Of 20 characters, 4, and 12.
LINES = split_text("The ferry runs, too.\nHome\nWhere is it?")


def features(lines):
    """Tens of characters, and whether a line ends with a full stop."""
    stops = np.array([text.endswith(".") for text in lines.texts])
    return matrix({"tens": lines.chars / 10, "stop": stops})


def context(probabilities, lines):
    """What the first stage thinks of a line."""
    del lines
    return matrix({"p1": probabilities})


def linear(intercept, *weights):
    return Linear(np.array(weights, np.float32), intercept)


def inputs(names, mean, scale):
    return Inputs(names, np.array(mean, np.float32), np.array(scale, np.float32))


def toy(share=0.5):
    """The first stage is of two minds, and every page is one of an article with 3 to 1."""
    both = linear(0.0, 0, 0)
    stages = Stages(
        inputs=inputs(("tens", "stop"), [1.0, 0.0], [0.5, 1.0]),
        article=linear(log(3), 0, 0),
        first=Mixture(both, both),
        context=inputs(("p1",), [0.0], [1.0]),
        second=Mixture(linear(-1.0, 1, 2, 0), linear(4.0, 1, 2, -4)),
        share=share,
    )
    return Model("toy", "1.0", stages)


@pytest.fixture(autouse=True)
def _toy_view(monkeypatch):
    monkeypatch.setattr(model, "VIEWS", {"text": model.View(features, context)})


# Weights are mixed three to one: tens 1, stop 2, p1 -1, intercept .25. Standardised, the tens of the
# three lines are 2, -1.2 and 0.4; the first alone ends with a full stop; p1 is 1/2 each.
ADDED = [
    {"tens": 2.0, "stop": 2.0, "p1": -0.5},
    {"tens": -1.2, "stop": 0.0, "p1": -0.5},
    {"tens": 0.4, "stop": 0.0, "p1": -0.5},
]
LOG_ODDS = [3.75, -1.45, 0.15]


def logistic(odds):
    return 1 / (1 + exp(-odds))


def test_a_contribution_is_the_standardised_value_times_the_weight_mixed_for_the_page():
    page = explain_page(toy(), LINES)
    assert page.article == pytest.approx(0.75)
    assert page.intercept == pytest.approx(0.25)
    for line, added in zip(page.lines, ADDED, strict=True):
        named = dict([*line.in_favour, *line.against])
        assert named == pytest.approx({name: value for name, value in added.items() if value})


def test_all_contributions_and_the_intercept_are_the_log_odds_of_the_probability():
    page = explain_page(toy(), LINES)
    for line, odds in zip(page.lines, LOG_ODDS, strict=True):
        added = sum(value for _, value in (*line.in_favour, *line.against))
        assert line.rest == pytest.approx(page.intercept)
        assert added + page.intercept == pytest.approx(odds, abs=1e-5)
        assert line.probability == pytest.approx(logistic(odds), abs=1e-6)


def test_features_that_are_not_named_are_in_the_rest():
    first = explain_page(toy(), LINES, features=1).lines[0]
    assert first.in_favour == (("tens", pytest.approx(2.0)),)
    assert first.against == (("p1", pytest.approx(-0.5)),)
    assert first.rest == pytest.approx(2.25)
    nothing = explain_page(toy(), LINES, features=0).lines[0]
    assert (nothing.in_favour, nothing.against) == ((), ())
    assert nothing.rest == pytest.approx(3.75)


def test_the_strongest_is_named_first_and_what_adds_nothing_never():
    second = explain_page(toy(), LINES).lines[1]
    assert second.in_favour == ()
    assert [name for name, _ in second.against] == ["tens", "p1"]


def test_lines_are_kept_as_the_model_keeps_them():
    for share in (0.2, 0.5, 1.0):
        fitted = toy(share)
        probabilities, kept = fitted.decide(LINES)
        page = explain_page(fitted, LINES)
        assert [line.kept for line in page.lines] == kept.tolist()
        assert [line.probability for line in page.lines] == probabilities.tolist()
    assert [line.kept for line in explain_page(toy(0.5), LINES).lines] == [True, False, True]


def test_the_limit_is_the_share_of_the_f1_that_can_be_expected():
    # Lines count for the root of their characters; keeping the first and third is best.
    p, sizes = [logistic(odds) for odds in LOG_ODDS], [20**0.5, 2.0, 12**0.5]
    body = [chance * size for chance, size in zip(p, sizes, strict=True)]
    best = 2 * (body[0] + body[2]) / (sizes[0] + sizes[2] + sum(body))
    page = explain_page(toy(0.5), LINES)
    assert page.share == 0.5
    assert page.limit == pytest.approx(0.5 * best, abs=1e-6)
    assert explain_page(toy(0.0), LINES).limit == 0.1


def test_chosen_lines_come_once_in_page_order_and_are_read_in_their_page():
    whole = explain_page(toy(), LINES).lines
    assert explain_page(toy(), LINES, only=[3, 1, 3]).lines == (whole[0], whole[2])


def test_a_line_that_is_not_there_is_refused():
    with pytest.raises(DataError, match="no line 4; the page has lines 1 to 3"):
        explain_page(toy(), LINES, only=[2, 4])


def test_a_page_without_lines_is_refused():
    with pytest.raises(DataError, match="the page has no lines"):
        explain_page(toy(), split_text(""))


def test_what_has_no_weights_cannot_be_explained(tmp_path):
    with pytest.raises(DataError, match="no model 'keep-all'; shipped are logreg, logreg-text, or"):
        Model.load("keep-all")
    path = tmp_path / "toy.json"
    path.write_text(toy().to_json(), encoding="utf-8")
    assert Model.load(str(path)).name == Model.load(str(tmp_path)).name == "toy"


# How it looks


def line(text="Home", **values):
    defaults = {
        "number": 7, "text": text, "probability": 0.15446, "kept": False,
        "in_favour": (), "against": (("tens", -1.23456), ("p1", -0.5)), "rest": 0.041,
    }  # fmt: skip
    return LineExplanation(**defaults | values)


def test_json_holds_the_documented_keys():
    assert as_row(line(in_favour=(("stop", 2.0),))) == {
        "line": 7,
        "text": "Home",
        "probability": 0.1545,
        "kept": False,
        "for": [["stop", 2.0]],
        "against": [["tens", -1.2346], ["p1", -0.5]],
        "rest": 0.041,
    }


def test_the_head_names_model_article_and_limit():
    page = Explanation("toy", "1.0", 0.9312, -0.5, 0.46, 0.41234, ())
    assert head(page) == (
        "toy 1.0; looks like an article: 0.93; kept from 0.412 (share 0.46 of expected F1)"
    )


def test_reasons_stand_below_the_text_of_their_line():
    assert draw(line(), 3) == (
        "  7   0.154  Home",
        [
            "             against  tens -1.23, p1 -0.50",
            "             rest     +0.04",
        ],
    )
    row, reasons = draw(line(kept=True, number=12, in_favour=(("stop", 2.0),), against=()), 2)
    assert row == "12 + 0.154  Home"
    assert reasons[0] == "            for      stop +2.00"


@pytest.mark.parametrize(("text", "shown"), [("x" * 90, "x" * 87), ("가" * 50, "가" * 43)])
def test_a_long_text_is_cut_where_the_terminal_ends_and_wide_characters_count_two(text, shown):
    # 100 columns less 12, the last of which the ellipsis takes.
    row, _ = draw(line(text), 2)
    assert row == f" 7   0.154  {shown}…"
    assert cell_len(row) <= WIDTH


@pytest.mark.parametrize("text", ["x" * 88, "가" * 44])
def test_a_text_that_just_fits_is_not_cut(text):
    row, _ = draw(line(text), 2)
    assert row == f" 7   0.154  {text}"
    assert cell_len(row) == WIDTH


def test_many_reasons_are_wrapped_between_a_number_and_the_next_name():
    many = tuple((f"a_feature_{place:02}", 1.0) for place in range(7))
    _, reasons = draw(line(in_favour=many, against=()), 2)
    # Four of 18 columns, a comma and a blank each fit into 100 less the indent of 21.
    indent = " " * 21
    assert reasons == [
        f"{' ' * 12}for      a_feature_00 +1.00, a_feature_01 +1.00, a_feature_02 +1.00, a_feature_03 +1.00,",
        f"{indent}a_feature_04 +1.00, a_feature_05 +1.00, a_feature_06 +1.00",
        f"{' ' * 12}rest     +0.04",
    ]
