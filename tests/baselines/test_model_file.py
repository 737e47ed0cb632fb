import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from baselines.model_file import _short, stages_from_json, stages_to_json
from baselines.names import Names
from baselines.regression import Inputs, Linear, Mixture, Multinomial, Stages
from labels import Label

SHARES = st.floats(0, 1)


def values(*rows):
    return np.array(rows, np.float32)


MIXTURE = Mixture(articles=Linear(values(1, 0), 2.0), others=Linear(values(-1, 4), 0.0))
OTHERS = Multinomial((Label.TITLE, Label.LEGAL), values([5, 6, 7], [0, 0.5, 0]), values(0.5, -1.5))


def stages():
    return Stages(
        inputs=Inputs(("a", "b"), values(0.1, 2), values(1, 3)),
        article=MIXTURE.articles,
        first=MIXTURE,
        context=Inputs(("p",), values(0.5), values(0.25)),
        second=Mixture(Linear(values(1, 2, 3), 0.75), Linear(values(-1, -2, -3e-30), -0.1)),
        share=0.44,
        names=Names({"post": (0.5, -1.25), "comment": (-2.0, 3.0)}, (0.125, -4.0)),
        other_labels=OTHERS,
    )


def assert_same(one, two):
    assert two.inputs.names == one.inputs.names
    assert two.context.names == one.context.names
    assert two.share == one.share
    assert (two.names is None) is (one.names is None)
    if one.names is not None:
        assert (two.names.weights, two.names.intercepts) == (
            one.names.weights,
            one.names.intercepts,
        )
    assert (two.other_labels is None) is (one.other_labels is None)
    if one.other_labels is not None:
        assert two.other_labels.labels == one.other_labels.labels
        assert two.other_labels.weight.tobytes() == one.other_labels.weight.tobytes()
        assert two.other_labels.intercept.tobytes() == one.other_labels.intercept.tobytes()
    for read in (
        lambda s: s.inputs.mean,
        lambda s: s.inputs.scale,
        lambda s: s.context.mean,
        lambda s: s.context.scale,
        lambda s: s.article.weight,
        lambda s: s.first.articles.weight,
        lambda s: s.first.others.weight,
        lambda s: s.second.articles.weight,
        lambda s: s.second.others.weight,
    ):
        assert read(two).dtype == np.float32
        assert read(two).tobytes() == read(one).tobytes()
    for read in (
        lambda s: s.article,
        lambda s: s.first.articles,
        lambda s: s.first.others,
        lambda s: s.second.articles,
        lambda s: s.second.others,
    ):
        assert read(two).intercept == read(one).intercept


def test_what_is_written_is_read():
    text = json.dumps(stages_to_json(stages()))
    assert_same(stages(), stages_from_json(json.loads(text)))


def test_weights_stand_beside_their_feature():
    found = stages_to_json(stages())
    assert list(found) == ["share", "intercepts", "inputs", "context", "names"]
    assert found["share"] == 0.44
    assert found["inputs"] == {
        "columns": [
            "mean",
            "scale",
            "article",
            "first_articles",
            "first_others",
            "second_articles",
            "second_others",
            "kind_title",
            "kind_legal",
        ],
        "rows": {"a": [0.1, 1, 1, 1, -1, 1, -1, 5, 0], "b": [2, 3, 0, 0, 4, 2, -2, 6, 0.5]},
    }
    assert found["context"] == {
        "columns": [
            "mean",
            "scale",
            "second_articles",
            "second_others",
            "kind_title",
            "kind_legal",
        ],
        "rows": {"p": [0.5, 0.25, 3, -3e-30, 7, 0]},
    }
    assert found["intercepts"] == {
        "article": 2,
        "first_articles": 2,
        "first_others": 0,
        "second_articles": 0.75,
        "second_others": -0.1,
        "kind_title": 0.5,
        "kind_legal": -1.5,
    }


def test_words_of_names_stand_beside_their_weights():
    assert stages_to_json(stages())["names"] == {
        "columns": ["body", "comment"],
        "intercepts": [0.125, -4],
        "rows": {"post": [0.5, -1.25], "comment": [-2, 3]},
    }


@pytest.mark.parametrize("row", [[1], [1, 2, 3], [1, float("nan")], [float("inf"), 0], ["x", 0], 5])
def test_words_without_finite_weights_for_each_column_are_refused(row):
    values = stages_to_json(stages())
    values["names"]["rows"]["post"] = row
    with pytest.raises((ValueError, TypeError)):
        stages_from_json(values)


def test_a_model_of_text_has_no_words_of_names():
    one = replace(stages(), names=None)
    assert_same(one, stages_from_json(json.loads(json.dumps(stages_to_json(one)))))


def test_weights_without_kinds_are_read_without():
    one = replace(stages(), other_labels=None)
    found = stages_to_json(one)
    assert not [name for name in found["intercepts"] if name.startswith("kind")]
    assert_same(one, stages_from_json(json.loads(json.dumps(found))))


@pytest.mark.parametrize("wrong", ["kind_navi", "kind_"])
def test_a_kind_that_is_no_label_is_refused(wrong):
    text = json.dumps(stages_to_json(stages())).replace("kind_title", wrong)
    with pytest.raises(ValueError, match="Label"):
        stages_from_json(json.loads(text))


FINITE = st.floats(width=32, allow_nan=False, allow_infinity=False)


@given(FINITE)
@example(1e-45)  # the smallest
@example(float(np.finfo(np.float32).max))
@example(-0.0)
@example(16777217.0)
def test_a_number_in_single_precision_is_written_short_and_read_exactly(number):
    value = np.float32(number)
    text = json.dumps(_short(value))
    assert np.float32(json.loads(text)).tobytes() == value.tobytes()
    digits = text.split("e")[0].replace(".", "").strip("-0")
    assert len(digits) <= 9  # so many distinguish any two


@given(
    arrays(np.float32, (2, 9), elements=FINITE),
    arrays(np.float32, (1, 6), elements=FINITE),
    st.lists(FINITE, min_size=7, max_size=7),
    SHARES,
)
def test_any_weights_are_read_as_they_were_written_and_written_again_alike(
    rows, more, intercepts, share
):
    rows[:, 1], more[:, 1] = 1, 2  # scales are not zero
    one = Stages(
        inputs=Inputs(("a", "b"), rows[:, 0], rows[:, 1]),
        article=Linear(rows[:, 2], intercepts[0]),
        first=Mixture(Linear(rows[:, 3], intercepts[1]), Linear(rows[:, 4], intercepts[2])),
        context=Inputs(("p",), more[:, 0], more[:, 1]),
        second=Mixture(
            Linear(np.concatenate([rows[:, 5], more[:, 2]]), intercepts[3]),
            Linear(np.concatenate([rows[:, 6], more[:, 3]]), intercepts[4]),
        ),
        share=share,
        other_labels=Multinomial(
            (Label.COMMENT, Label.NAVIGATION),
            np.concatenate([rows[:, 7:], more[:, 4:]]).T.copy(),
            np.array(intercepts[5:], np.float32),
        ),
    )
    text = json.dumps(stages_to_json(one))
    two = stages_from_json(json.loads(text))
    assert_same(one, two)
    assert json.dumps(stages_to_json(two)) == text
