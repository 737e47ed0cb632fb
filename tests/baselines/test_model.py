import json
import pickle
from dataclasses import replace

import numpy as np
import pytest

from baselines import Model, model_version, shipped_models
from baselines.features.batch import Batch
from baselines.model import VIEWS
from baselines.regression import Mixture, Multinomial
from baselines.threshold import SHARE
from baselines.training.samples import BODY
from corpus import DataError, split_html, split_text
from corpus.starter import starter_pages
from labels import LABELS, Label, open_dataset, roles

SURE = 1 / (1 + np.exp(-10))


# Deciding


def test_a_page_with_markup_is_judged_by_it(toy):
    probabilities, kept = toy.model.decide(toy.html)
    assert probabilities.tolist() == pytest.approx([SURE, 1 - SURE])
    assert kept.tolist() == [True, False]


def test_a_page_without_markup_is_judged_by_its_text(toy):
    probabilities, kept = toy.model.decide(toy.text)
    assert probabilities.tolist() == pytest.approx([1 - SURE, SURE])
    assert kept.tolist() == [False, True]


def test_a_model_of_text_alone_judges_all_pages_by_their_text(toy):
    text_only = replace(toy.model, html=None)
    for lines in (toy.html, toy.text):
        assert text_only.decide(lines)[1].tolist() == [False, True]


@pytest.mark.parametrize(
    ("share", "kept"), [(0.0, True), (0.74, True), (0.76, False), (1.0, False)]
)
def test_lines_are_kept_from_the_share_of_the_expected_f1_on(toy, share, kept):
    # All doubtful: half a chance each, and 2 x .5 / (1 + .5) expected of keeping both.
    undecided = replace(toy.model, text=toy.stages("text", share))
    probabilities, found = undecided.decide(toy.text)
    assert probabilities.tolist() == [0.5, 0.5]
    assert found.tolist() == [kept, kept]


def test_a_long_line_counts_for_more_than_a_short_one(toy):
    # 4 and 62 characters, of chances .4 and .8: the long one alone is best, 2 x 6.3 / (7.9 + 7.1).
    stages = toy.stages("text", intercept=np.log(2 / 3), prose=np.log(6))
    probabilities, kept = replace(toy.model, text=stages).decide(toy.text)
    assert toy.text.chars.tolist() == [4, 62]
    assert probabilities.tolist() == pytest.approx([0.4, 0.8])
    assert kept.tolist() == [False, True]
    both = replace(toy.model, text=replace(stages, share=0.47)).decide(toy.text)[1]
    assert both.tolist() == [True, True]


@pytest.mark.parametrize("lines", [split_text(""), split_html("")], ids=["text", "HTML"])
def test_a_page_without_lines_keeps_none(toy, lines):
    probabilities, kept = toy.model.decide(lines)
    assert probabilities.shape == kept.shape == (0,)
    assert kept.dtype == bool


def test_the_second_stage_sees_what_the_first_thinks(toy):
    stages = toy.stages("text", p1_odds=1)
    first = toy.linear(stages.inputs.names, -3, prose=6)
    model = replace(toy.model, text=replace(stages, first=Mixture(first, first)))
    # The first stage's log-odds are -3 and 3, and go through as they are.
    expected = [1 / (1 + np.exp(3)), 1 / (1 + np.exp(-3))]
    assert model.decide(toy.text)[0].tolist() == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("odds", "article", "expected"),
    [(-20, 0, [-3, -3]), (0, 0.5, [-3, 0]), (np.log(3), 0.75, [-3, 1.5]), (20, 1, [-3, 3])],
)
@pytest.mark.parametrize("stage", ["first", "second"])
def test_a_page_is_weighed_as_what_it_seems_to_be(toy, stage, odds, article, expected):
    stages = toy.stages("text", p1_odds=float(stage == "first"))
    names = stages.inputs.names if stage == "first" else stages.inputs.names + stages.context.names
    mixture = Mixture(toy.linear(names, -3, prose=6), toy.linear(names, -3))
    stages = replace(stages, article=toy.linear(stages.inputs.names, odds), **{stage: mixture})
    reading = replace(toy.model, text=stages).read(toy.text)
    assert reading.article == pytest.approx(article, abs=1e-6)
    logit = np.log(reading.probabilities / (1 - reading.probabilities))
    assert logit.tolist() == pytest.approx(expected, abs=1e-4)


def test_a_reading_holds_what_the_probabilities_are_made_of(toy):
    reading = toy.model.read(toy.html)
    assert reading.names == toy.model.html.inputs.names + toy.model.html.context.names
    assert reading.values.shape == (2, len(reading.names))
    in_nav = reading.names.index("in_nav")
    assert reading.values[:, in_nav].tolist() == [1, 0]
    assert reading.weights.weight[in_nav] == 20
    assert reading.article == 0.5
    np.testing.assert_array_equal(reading.probabilities, toy.model.decide(toy.html)[0])


def test_a_model_of_other_features_is_refused(toy):
    swapped = replace(toy.model, text=toy.model.html)
    with pytest.raises(DataError, match=r"a feature that is not there, .*; train it again"):
        swapped.decide(toy.text)


# Labels


@pytest.fixture
def labelling(toy):
    """A toy model that distinguishes two labels: a menu is navigation, the rest a caption, 3 to 1."""
    names = toy.model.html.inputs.names + toy.model.html.context.names
    odds = np.log(3)
    weight = np.zeros((2, len(names)), np.float32)
    weight[0, names.index("in_nav")] = 2 * odds
    others = Multinomial((Label.NAVIGATION, Label.CAPTION), weight, np.array([0, odds], np.float32))
    # The menu is body with a chance of .2, the sentence with one of .8.
    html = toy.stages("html", intercept=np.log(4), in_nav=-np.log(16))
    return replace(toy.model, html=replace(html, other_labels=others))


def test_probabilities_of_labels_are_shared_out(labelling, toy):
    found = labelling.read(toy.html).label_probabilities
    body, navigation, caption = (
        found[:, LABELS.index(label)].tolist()
        for label in (Label.BODY, Label.NAVIGATION, Label.CAPTION)
    )
    assert body == pytest.approx([0.2, 0.8])
    assert navigation == pytest.approx([0.8 * 3 / 4, 0.2 * 1 / 4])
    assert caption == pytest.approx([0.8 * 1 / 4, 0.2 * 3 / 4])
    assert found.sum(axis=1).tolist() == pytest.approx([1, 1])


def test_a_line_that_is_not_kept_has_the_likeliest_other_label(labelling, toy):
    names = [str(LABELS[code]) for code in labelling.label(toy.html)]
    assert names == ["navigation", "body"]
    # A line that is not kept has another label even if body is likeliest.
    none = labelling.read(toy.html).labels(np.zeros(2, np.bool_))
    assert [str(LABELS[code]) for code in none] == ["navigation", "caption"]
    assert labelling.label(split_html("")).shape == (0,)


def test_a_model_that_knows_body_alone_calls_the_rest_noise(toy):
    assert [str(LABELS[code]) for code in toy.model.label(toy.html)] == ["body", "noise"]


def test_a_profile_keeps_what_it_counts_as_body(labelling, toy):
    probabilities, kept = labelling.decide(toy.html, "with-captions")
    assert probabilities.tolist() == pytest.approx([0.2 + 0.2, 0.8 + 0.15])
    assert kept.tolist() == [False, True]
    for profile in ("default", "strict"):
        assert labelling.decide(toy.html, profile)[0].tolist() == pytest.approx([0.2, 0.8])


def test_a_profile_whose_labels_are_not_distinguished_is_refused(labelling, toy):
    with pytest.raises(
        DataError, match="'with-comments': toy does not distinguish comment from other"
    ):
        labelling.decide(toy.html, "with-comments")
    with pytest.raises(
        DataError, match="'with-captions': toy does not distinguish caption from other"
    ):
        toy.model.decide(toy.html, "with-captions")
    with pytest.raises(DataError, match="no profile 'with-menus'; there are default, strict"):
        labelling.decide(toy.html, "with-menus")


# Files


@pytest.fixture
def path(toy, tmp_path):
    path = tmp_path / "toy.json"
    path.write_text(toy.model.to_json(), encoding="utf-8")
    return path


def test_what_is_saved_is_loaded(toy, path):
    for loaded in (Model.load(path), Model.load(str(path))):
        assert loaded.to_json() == toy.model.to_json()
        assert (loaded.name, loaded.version) == ("toy", "1.2")
        assert loaded.trained_on == toy.model.trained_on
        for lines in (toy.html, toy.text):
            np.testing.assert_array_equal(loaded.decide(lines)[0], toy.model.decide(lines)[0])


def test_saving_again_gives_the_same_bytes(path):
    assert Model.load(path).to_json().encode() == path.read_bytes()


def test_digests_are_written_in_order(toy):
    digests = [f"{number:016x}" for number in range(20)]
    model = replace(toy.model, trained_on=frozenset(digests))
    assert json.loads(model.to_json())["trained_on"] == digests


def test_each_feature_is_a_line_of_the_file(path):
    rows = path.read_text(encoding="utf-8").splitlines()
    (row,) = (row for row in rows if row.lstrip().startswith('"in_nav": '))
    # Mean, scale, article, first stage twice, second stage twice.
    assert row.strip().rstrip(",") == '"in_nav": [ 0.0, 1.0, 0.0, 0.0, 0.0, 20.0, 20.0 ]'


def test_a_model_without_html_is_saved_and_loaded(toy, tmp_path):
    text_only = replace(toy.model, html=None)
    (tmp_path / "toy.json").write_text(text_only.to_json(), encoding="utf-8")
    loaded = Model.load(tmp_path / "toy.json")
    assert loaded.html is None
    assert loaded.to_json() == text_only.to_json()


def test_a_folder_with_one_model_is_opened(toy, path):
    (path.parent / "card.md").touch()
    assert Model.load(path.parent).to_json() == toy.model.to_json()
    (path.parent / "other.json").write_text(toy.model.to_json(), encoding="utf-8")
    with pytest.raises(DataError, match=r"no model '.*'; shipped are "):
        Model.load(path.parent)


def test_an_unknown_model_is_refused_with_the_shipped_ones():
    with pytest.raises(DataError, match=r"no model 'nothing'; shipped are .*logreg"):
        Model.load("nothing")


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


ROW = ("html", "inputs", "rows", "in_nav")


@pytest.mark.parametrize(
    "tamper",
    [
        *map(without, ("format", "name", "version", "text", "html", "trained_on")),
        without("share", "html"),
        put([], "html", "share"),
        without("names", "html"),
        put([], "html", "names", "rows"),
        put({"rows": {}}, "html", "names"),
        without("inputs", "text"),
        without("context", "text"),
        without("columns", "text", "inputs"),
        without("rows", "text", "context"),
        without("intercepts", "text"),
        without("second_others", "text", "intercepts"),
        without(0, *ROW),
        put([], "text"),
        put(None, "text"),
        put("x", "text", "inputs"),
        put(None, "trained_on"),
        put([["x"]], "trained_on"),
        put(None, "text", "share"),
        put("high", "text", "intercepts", "article"),
        put(10**400, "text", "intercepts", "article"),
        put([1.0], *ROW),
        put([1.0] * 8, *ROW),
        put(["os.system('x')"] * 7, *ROW),
        put({"x": 1}, *ROW),
        put([{"x": 1}] * 7, *ROW),
        put([10**400] * 7, *ROW),
        put({}, "html", "inputs", "rows"),
        put([], "html", "inputs", "rows"),
        put(["mean"] * 7, "html", "inputs", "columns"),
        put(["scale", "article"], "html", "inputs", "columns"),
        put(["mean", "scale", "second_articles", "x"], "html", "context", "columns"),
    ],
)
def test_a_tampered_file_is_refused(path, tamper):
    values = json.loads(path.read_text(encoding="utf-8"))
    tamper(values)
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(DataError, match=r"toy\.json: not a model \(.*\); train it again"):
        Model.load(path)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, None, 1e39, "scale 0", "scale 1e-50"])
@pytest.mark.parametrize("part", ["inputs", "context"])
def test_weights_that_cannot_be_computed_with_are_refused(path, part, value):
    values = json.loads(path.read_text(encoding="utf-8"))
    rows = values["html"][part]["rows"]
    row = next(iter(rows.values()))
    if isinstance(value, str):
        row[1] = float(value.split()[1])
    else:
        row[-1] = value
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(
        DataError, match=r"not a model .*weights must be finite, and scales not zero"
    ):
        Model.load(path)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_intercepts_that_cannot_be_computed_with_are_refused(path, value):
    values = json.loads(path.read_text(encoding="utf-8"))
    values["html"]["intercepts"]["second_others"] = value
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(DataError, match=r"not a model .*intercepts must be finite"):
        Model.load(path)


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_a_share_that_is_none_is_refused(path, share):
    values = json.loads(path.read_text(encoding="utf-8"))
    values["text"]["share"] = share
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(DataError, match=r"not a model .*a share is between 0 and 1"):
        Model.load(path)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"2",
        b"\xff\xfe",
        b"[" * 100_000,
        b"9" * 10_000,
        pickle.dumps({"format": 2}),
    ],
    ids=["empty", "open", "list", "null", "number", "UTF-16", "nested", "long", "pickle"],
)
def test_a_file_of_something_else_is_refused(path, raw):
    path.write_bytes(raw)
    with pytest.raises(DataError, match=r"toy\.json: not a model"):
        Model.load(path)


@pytest.mark.parametrize("other", [0, 1, 2, 3, 5, None, "4"])
def test_a_model_of_another_format_is_refused(path, other):
    values = json.loads(path.read_text(encoding="utf-8"))
    values["format"] = other
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(
        DataError, match=r"toy\.json: made by another version of the kit; train it again"
    ):
        Model.load(path)


# The shipped models


@pytest.fixture(scope="module")
def shipped():
    """Load each shipped model once."""
    loaded = {}

    def load(name):
        if name not in loaded:
            loaded[name] = Model.load(name)
        return loaded[name]

    return load


def test_two_models_are_shipped():
    assert shipped_models() == ["logreg", "logreg-text"]


NAMED = ("named_body", "named_comment")


@pytest.mark.parametrize("name", shipped_models())
def test_a_shipped_model_was_fitted_to_the_features_of_today(toy, shipped, name):
    model = shipped(name)
    assert model.name == name
    assert model_version(name) == model.version
    for view, fitted, lines in (("text", model.text, toy.text), ("html", model.html, toy.html)):
        if fitted is not None:
            names = VIEWS[view].features(Batch.of([lines])).names
            named = NAMED if view == "html" else ()
            used = len(fitted.inputs.names) - len(named)
            assert names[:used] + named == fitted.inputs.names  # new ones come last
            assert (fitted.names is not None) == (view == "html")
            assert (
                fitted.context.names
                == VIEWS[view].context(np.full(2, 0.5), Batch.of([lines])).names
            )
            assert fitted.share == SHARE
    assert (model.html is None) == (name == "logreg-text")


@pytest.mark.parametrize("name", shipped_models())
def test_a_shipped_file_is_what_the_kit_would_write(shipped, name):
    from baselines.model import MODELS

    path = MODELS / f"{name}.json"
    assert path.read_text(encoding="utf-8") == shipped(name).to_json()
    assert (MODELS / f"{name}.md").is_file()


@pytest.mark.parametrize("name", shipped_models())
def test_no_shipped_model_saw_a_test_page(shipped, name):
    trained_on = shipped(name).trained_on
    split = {page.sha256[:16]: page.split for page in starter_pages()}
    assert {split[digest] for digest in trained_on & split.keys()} == {"train"}
    assert all(len(digest) == 16 for digest in trained_on)


def test_text_without_noise_is_mostly_left_as_it_is(shipped):
    shares = []
    for labelled in open_dataset("starter").pages("test"):
        is_body = roles(labelled.labels) == BODY
        lines = split_text("\n".join(np.array(labelled.texts, object)[is_body]))
        _, kept = shipped("logreg-text").decide(lines)
        shares.append(lines.chars[kept].sum() / lines.chars.sum())
    assert np.mean(shares) > 0.9  # .86 by weights that had seen no such text


@pytest.mark.parametrize(
    "page", [p for p in starter_pages() if p.split == "test"], ids=lambda p: p.id
)
@pytest.mark.parametrize("name", shipped_models())
def test_a_shipped_model_decides_every_test_page_with_sense(shipped, name, page):
    lines = page.lines()
    probabilities, kept = shipped(name).decide(lines)
    assert np.all((probabilities >= 0) & (probabilities <= 1))
    assert 0 < kept.sum() < len(lines)
