import json
import pickle
from dataclasses import replace

import numpy as np
import pytest

from baselines import LineClassifier, model_version, shipped_models
from baselines.classifier import VIEWS, Stages, Weights, standardise
from baselines.features import Features
from corpus import DataError, Page, split_html, split_text
from corpus.starter import starter_pages

HTML = split_html(
    "<nav><a href=1>Home</a></nav><p>The ferry runs again every hour, as the master said on Friday.</p>"
)
TEXT = split_text("\n".join(HTML.texts))
SURE = 1 / (1 + np.exp(-10))


def weights(names, intercept=0.0, **by_name):
    """Weights of features that are not standardised, zero but for those given."""
    zeros = (0.0,) * len(names)
    intercept = float(intercept)
    weight = tuple(float(by_name.get(name, 0)) for name in names)
    return Weights(names, zeros, (1.0,) * len(names), weight, intercept)


def stages(view, lines, threshold=0.5, *, intercept=0.0, **by_name):
    """A second stage that sees one of its features alone."""
    features = VIEWS[view].features(lines)
    context = VIEWS[view].context(np.full(len(lines), 0.5), lines)
    return Stages(
        weights(features.names),
        weights(features.names + context.names, intercept, **by_name),
        threshold,
    )


# Prose is body by its text, what is in a `nav` is body by its markup: both are easy to see.
MODEL = LineClassifier(
    name="toy",
    version="1.2",
    text=stages("text", TEXT, intercept=-10, prose=20),
    html=stages("html", HTML, intercept=-10, in_nav=20),
    trained_on=frozenset({"0123456789abcdef", "fedcba9876543210"}),
)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "toy.json"
    path.write_text(MODEL.to_json(), encoding="utf-8")
    return path


# Deciding


def test_values_are_standardised_and_clipped():
    values = np.array([[1, 10, 5], [3, -90, 5]], np.float32)
    result = standardise(values, np.array([1.0, 10, 5]), np.array([2.0, 5, 1]))
    assert result.tolist() == [[0, 0, 0], [1, -4, 0]]


def test_probabilities_by_hand():
    one = Weights(("a", "b"), mean=(1, 0), scale=(2, 1), weight=(0.5, -1), intercept=0.25)
    values = np.array([[1, 0], [3, 1], [1, 100]], np.float32)
    expected = 1 / (1 + np.exp(-np.array([0.25, 0.25 + 0.5 - 1, 0.25 - 4])))
    np.testing.assert_allclose(one.probabilities(Features(("a", "b"), values)), expected)


def test_weights_of_other_features_are_refused():
    one = weights(("a", "b"))
    with pytest.raises(DataError, match="fitted to other features; train it again"):
        one.probabilities(Features(("b", "a"), np.zeros((1, 2), np.float32)))


def test_a_page_with_markup_is_judged_by_it():
    probabilities, kept = MODEL.decide(HTML)
    assert probabilities.tolist() == pytest.approx([SURE, 1 - SURE])
    assert kept.tolist() == [True, False]


def test_a_page_without_markup_is_judged_by_its_text():
    probabilities, kept = MODEL.decide(TEXT)
    assert probabilities.tolist() == pytest.approx([1 - SURE, SURE])
    assert kept.tolist() == [False, True]


def test_a_model_of_text_alone_judges_all_pages_by_their_text():
    text_only = replace(MODEL, html=None)
    assert text_only.decide(HTML)[1].tolist() == text_only.decide(TEXT)[1].tolist() == [False, True]


def test_a_line_is_kept_from_the_threshold_on():
    undecided = replace(MODEL, text=stages("text", TEXT, threshold=0.5))
    assert undecided.decide(TEXT)[0].tolist() == [0.5, 0.5]
    assert undecided.decide(TEXT)[1].tolist() == [True, True]
    above = replace(MODEL, text=stages("text", TEXT, threshold=0.51))
    assert above.decide(TEXT)[1].tolist() == [False, False]


@pytest.mark.parametrize("lines", [split_text(""), split_html("")], ids=["text", "HTML"])
def test_a_page_without_lines_keeps_none(lines):
    probabilities, kept = MODEL.decide(lines)
    assert probabilities.shape == kept.shape == (0,)
    assert kept.dtype == bool


def test_a_page_is_split_and_decided():
    page = Page("a", "\n".join(HTML.texts).encode(), "text")
    assert MODEL.keep(page).tolist() == [False, True]


def test_the_second_stage_sees_what_the_first_thinks():
    first = weights(VIEWS["text"].features(TEXT).names, -3, prose=6)
    second = stages("text", TEXT, p1_odds=1).second
    model = replace(MODEL, text=Stages(first, second, 0.5))
    # The first stage's log-odds are -3 and 3, and go through as they are.
    expected = [1 / (1 + np.exp(3)), 1 / (1 + np.exp(-3))]
    assert model.decide(TEXT)[0].tolist() == pytest.approx(expected, rel=1e-4)


# Files


def test_what_is_saved_is_loaded(path):
    assert LineClassifier.load(path) == MODEL
    assert LineClassifier.load(str(path)) == MODEL


def test_saving_again_gives_the_same_bytes(path):
    assert LineClassifier.load(path).to_json().encode() == path.read_bytes()
    shuffled = replace(MODEL, trained_on=frozenset(sorted(MODEL.trained_on, reverse=True)))
    assert shuffled.to_json() == MODEL.to_json()


def test_a_model_without_html_is_saved_and_loaded(tmp_path):
    text_only = replace(MODEL, html=None)
    (tmp_path / "toy.json").write_text(text_only.to_json(), encoding="utf-8")
    assert LineClassifier.load(tmp_path / "toy.json") == text_only


def test_a_folder_with_one_model_is_opened(path):
    (path.parent / "card.md").touch()
    assert LineClassifier.load(path.parent) == MODEL
    (path.parent / "other.json").write_text(MODEL.to_json(), encoding="utf-8")
    with pytest.raises(DataError, match=r"no model '.*'; shipped are "):
        LineClassifier.load(path.parent)


def test_an_unknown_model_is_refused_with_the_shipped_ones():
    with pytest.raises(DataError, match=r"no model 'nothing'; shipped are .*logreg"):
        LineClassifier.load("nothing")


def without(key, *inside):
    def tamper(values):
        for name in inside:
            values = values[name]
        del values[key]

    return tamper


def put(value, *keys):
    def tamper(values):
        for name in keys[:-1]:
            values = values[name]
        values[keys[-1]] = value

    return tamper


@pytest.mark.parametrize(
    "tamper",
    [
        *map(without, ("format", "name", "version", "text", "html", "trained_on")),
        without("first", "text"),
        without("threshold", "html"),
        without("intercept", "text", "second"),
        without("scale", "text", "first"),
        put([], "text"),
        put(None, "text"),
        put("x", "text", "first"),
        put(None, "trained_on"),
        put(None, "text", "threshold"),
        put("high", "text", "first", "intercept"),
        put([1.0], "text", "first", "weight"),
        put(["x"] * 500, "text", "first", "names"),
        lambda values: values["text"]["first"]["mean"].pop(),
        lambda values: values["html"]["second"]["weight"].append("os.system('x')"),
        lambda values: values["html"]["second"]["weight"].__setitem__(0, {"x": 1}),
    ],
)
def test_a_tampered_file_is_refused(path, tamper):
    values = json.loads(path.read_text(encoding="utf-8"))
    tamper(values)
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(DataError, match=r"toy\.json: not a model \(.*\); train it again"):
        LineClassifier.load(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("intercept", np.nan),
        ("intercept", np.inf),
        ("mean", np.nan),
        ("scale", 0),
        ("weight", -np.inf),
    ],
)
def test_weights_that_cannot_be_computed_with_are_refused(path, key, value):
    values = json.loads(path.read_text(encoding="utf-8"))
    weights = values["html"]["second"]
    weights[key] = value if key == "intercept" else [value, *weights[key][1:]]
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(
        DataError, match=r"not a model .*weights must be finite, and scales not zero"
    ):
        LineClassifier.load(path)


@pytest.mark.parametrize("threshold", [-0.1, 1.1, np.nan])
def test_a_threshold_that_is_no_probability_is_refused(path, threshold):
    values = json.loads(path.read_text(encoding="utf-8"))
    values["text"]["threshold"] = threshold
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(DataError, match=r"not a model .*a threshold is a probability"):
        LineClassifier.load(path)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"null", b"\xff\xfe", pickle.dumps({"format": 1})]
)
def test_a_file_of_something_else_is_refused(path, raw):
    path.write_bytes(raw)
    with pytest.raises(DataError, match=r"toy\.json: not a model"):
        LineClassifier.load(path)


def test_a_model_of_another_format_is_refused(path):
    path.write_text(
        path.read_text(encoding="utf-8").replace('"format": 1', '"format": 0'), encoding="utf-8"
    )
    with pytest.raises(DataError, match="made by another version of the kit; train it again"):
        LineClassifier.load(path)


# The shipped models


def test_two_models_are_shipped():
    assert shipped_models() == ["logreg", "logreg-text"]


@pytest.mark.parametrize("name", shipped_models())
def test_a_shipped_model_was_fitted_to_the_features_of_today(name):
    model = LineClassifier.load(name)
    assert model.name == name
    assert model_version(name) == model.version
    for view, fitted in (("text", model.text), ("html", model.html)):
        if fitted is not None:
            features = VIEWS[view].features(HTML)
            context = VIEWS[view].context(np.full(2, 0.5), HTML)
            assert fitted.first.names == features.names
            assert fitted.second.names == features.names + context.names
    assert (model.html is None) == (name == "logreg-text")


@pytest.mark.parametrize("name", shipped_models())
def test_no_shipped_model_saw_a_test_page(name):
    trained_on = LineClassifier.load(name).trained_on
    split = {page.sha256[:16]: page.split for page in starter_pages()}
    assert {split[digest] for digest in trained_on & split.keys()} == {"train"}
    assert all(len(digest) == 16 for digest in trained_on)


@pytest.mark.parametrize(
    "page", [p for p in starter_pages() if p.split == "test"], ids=lambda p: p.id
)
@pytest.mark.parametrize("name", shipped_models())
def test_a_shipped_model_decides_every_test_page_with_sense(name, page):
    lines = page.lines()
    probabilities, kept = LineClassifier.load(name).decide(lines)
    assert np.all((probabilities >= 0) & (probabilities <= 1))
    assert 0 < kept.sum() < len(lines)
