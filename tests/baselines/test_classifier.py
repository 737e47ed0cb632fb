"""The line classifier over pages; its manners with scikit-learn are in test_estimator.py."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from baselines import LineClassifier, Model
from corpus import DataError, Page
from corpus.starter import starter_pages
from labels import LABELS


@pytest.fixture(scope="module")
def fitted(pages, labels):
    return LineClassifier("logreg").fit(pages, labels)


@pytest.fixture(scope="module")
def loaded(toy, tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "toy.json"
    path.write_text(toy.model.to_json(), encoding="utf-8")
    return LineClassifier.load(path)


def is_body(labelled):
    return labelled.labels == 0


# Fitting


@pytest.mark.parametrize("markup", ["html", "text"])
def test_it_distinguishes_body_from_noise_on_a_page_of_another_site(fitted, labelled_page, markup):
    labelled = labelled_page("z-1", "z.example", markup, seed=99)
    (kept,) = fitted.predict([labelled.page])
    assert kept.tolist() == is_body(labelled).tolist()


def test_names_and_codes_of_labels_give_the_same_model(pages, labels, fitted):
    names = [[LABELS[code].value for code in page] for page in labels]
    members = [[LABELS[code] for code in page] for page in labels]
    numbers = [page.tolist() for page in labels]
    for some in (names, members, numbers):
        again = LineClassifier("logreg").fit(pages, some)
        assert again.model_.to_json() == fitted.model_.to_json()


def test_a_classifier_of_text_has_no_weights_for_html(pages, labels):
    text_only = LineClassifier("logreg-text").fit(pages, labels)
    assert text_only.model_.html is None
    assert text_only.model_.name == "logreg-text"


def test_the_model_names_the_pages_that_it_was_fitted_to(pages, fitted):
    assert fitted.model_.trained_on == {page.sha256[:16] for page in pages}


def test_another_seed_may_fit_other_weights(pages, labels, fitted):
    other = LineClassifier("logreg", seed=1).fit(pages, labels)
    assert other.model_.to_json() != fitted.model_.to_json()


def test_an_unknown_kind_is_refused_when_fitting(pages, labels):
    with pytest.raises(
        DataError, match="no model 'forest'; those that can be fitted are logreg, logreg-text"
    ):
        LineClassifier("forest").fit(pages, labels)


@pytest.mark.parametrize("count", [0, 24, 26])
@pytest.mark.parametrize("method", ["fit", "score"])
def test_labels_that_do_not_match_their_page_are_refused(fitted, pages, labels, method, count):
    classifier = LineClassifier() if method == "fit" else fitted
    wrong = [*labels[:3], [0] * count, *labels[4:]]
    with pytest.raises(DataError, match=rf"^b-1: 25 lines and {count} labels$"):
        getattr(classifier, method)(pages, wrong)


@pytest.mark.parametrize("method", ["fit", "score"])
def test_more_pages_than_labels_are_refused(fitted, pages, labels, method):
    classifier = LineClassifier() if method == "fit" else fitted
    with pytest.raises(DataError, match="12 pages and labels of 11; give as many"):
        getattr(classifier, method)(pages, labels[1:])


@pytest.mark.parametrize(
    "wrong",
    [
        ["navi"] * 25,
        [len(LABELS)] * 25,
        [-1] * 25,
        [256] * 25,
        [0.5] * 25,
        [True] * 25,
    ],
    ids=["name", "code", "negative", "overflow", "fraction", "bool"],
)
def test_what_is_no_label_is_refused_with_the_page(pages, labels, wrong):
    with pytest.raises(DataError, match="b-1"):
        LineClassifier("logreg-text").fit(pages, [*labels[:3], wrong, *labels[4:]])


def test_pages_of_too_few_sites_are_refused(pages, labels):
    with pytest.raises(DataError, match="pages of 2 sites are too few"):
        LineClassifier("logreg-text").fit(pages[:4], labels[:4])


def test_a_page_without_lines_is_fitted_and_decided_too(pages, labels):
    empty = Page("x", b"", "html", site="x.example")
    fitted = LineClassifier("logreg-text").fit([*pages, empty], [*labels, []])
    (kept,) = fitted.predict([empty])
    assert kept.shape == (0,)
    (both,) = fitted.predict_proba([empty])
    assert both.shape == (0, 2)


# Deciding


def test_a_page_is_split_and_decided(toy, loaded):
    page = Page("a", "\n".join(toy.html.texts).encode(), "text")
    assert loaded.keep(page).tolist() == [False, True]
    np.testing.assert_array_equal(loaded.decide(page.lines())[0], toy.model.decide(toy.text)[0])


def test_probabilities_are_of_noise_and_of_body(pages, fitted):
    for page, both in zip(pages, fitted.predict_proba(pages), strict=True):
        assert both.shape == (25, 2)
        np.testing.assert_array_equal(both[:, 1], fitted.decide(page.lines())[0])
        assert both.sum(axis=1) == pytest.approx(1)
    assert fitted.classes_.tolist() == [False, True]


def test_many_pages_are_decided_like_each_alone(pages, fitted):
    expected = [fitted.keep(page).tolist() for page in pages]
    assert [kept.tolist() for kept in fitted.keep_many(pages)] == expected
    assert [kept.tolist() for kept in fitted.predict(pages)] == expected
    assert [kept.tolist() for kept in fitted.predict(iter(pages))] == expected


def test_of_a_stream_no_more_pages_are_taken_than_are_read_together(fitted):
    taken = []

    def stream():
        for number in range(100):
            taken.append(number)
            yield Page(str(number), b"one\ntwo\n", "text")

    kept = fitted.keep_many(stream())
    assert taken == []
    next(kept)
    assert taken == list(range(16))
    for _ in range(16):
        next(kept)
    assert taken == list(range(32))


def test_a_long_page_is_not_kept_waiting(fitted):
    taken = []

    def stream():
        for size in (900, 1200, 5):
            taken.append(size)
            yield Page(str(size), b"line\n" * size, "text")

    next(fitted.keep_many(stream()))
    assert taken == [900, 1200]


def test_pages_read_together_are_decided_as_each_alone():
    model = LineClassifier.load("logreg")
    pages = [page for page in starter_pages() if page.split == "train"]
    pages.insert(3, Page("empty", b"", "html"))
    together = model.predict_proba(pages)
    for page, kept, probabilities in zip(pages, model.keep_many(pages), together, strict=True):
        alone, kept_alone = model.decide(page.lines())
        np.testing.assert_array_equal(kept, kept_alone)
        np.testing.assert_allclose(probabilities[:, 1], alone, atol=1e-6)


def test_a_page_that_cannot_be_read_stops_only_at_itself(toy, loaded):
    good = Page("a", "\n".join(toy.html.texts).encode(), "text")
    bad = Page("b", ("<div>" * 10_001).encode(), "html")
    kept = loaded.keep_many([good, bad])
    assert next(kept).tolist() == [False, True]
    with pytest.raises(DataError, match="nested"):
        next(kept)


def test_no_pages_are_decided_to_nothing(loaded):
    assert loaded.predict([]) == []
    assert loaded.predict_proba([]) == []


# Scoring


def test_the_score_is_the_mean_f1_in_characters_of_body(toy, loaded):
    # Kept: the line of 62 characters of the text, the line of 4 of the HTML.
    text = Page("a", "\n".join(toy.text.texts).encode(), "text")
    html = Page("b", b"<nav>Home</nav><p>" + toy.html.texts[1].encode(), "html")
    assert loaded.score([text], [["navigation", "body"]]) == 1
    assert loaded.score([html], [["navigation", "body"]]) == 0
    assert loaded.score([text, html], [["navigation", "body"]] * 2) == 0.5
    # Both are body, and 62 of 66 characters kept: 2 x 62 / (66 + 62).
    assert loaded.score([text], [["body", "body"]]) == pytest.approx(124 / 128)


@pytest.mark.parametrize("label", ["title", "byline", "caption", "mixed"])
def test_optional_lines_count_for_nothing_in_the_score(toy, loaded, label):
    text = Page("a", "\n".join(toy.text.texts).encode(), "text")
    assert loaded.score([text], [[label, "body"]]) == 1
    assert loaded.score([text], [["body", label]]) == 0
    assert loaded.score([text], [["navigation", label]]) == 1  # no body, and none kept


def test_a_classifier_scores_what_it_was_fitted_to(pages, labels, fitted):
    assert fitted.score(pages, labels) == 1


# Loading


def test_a_loaded_classifier_knows_its_kind(toy, tmp_path, loaded):
    assert loaded.kind == "logreg"
    (tmp_path / "toy.json").write_text(replace(toy.model, html=None).to_json(), encoding="utf-8")
    assert LineClassifier.load(tmp_path).kind == "logreg-text"


def test_a_fitted_classifier_is_the_same_from_its_file(pages, fitted, tmp_path):
    path = tmp_path / "fitted.json"
    path.write_text(fitted.model_.to_json(), encoding="utf-8")
    again = LineClassifier.load(path)
    assert again.classes_.tolist() == fitted.classes_.tolist()
    for one, two in zip(fitted.predict_proba(pages), again.predict_proba(pages), strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("name", ["logreg", "logreg-text"])
def test_a_shipped_classifier_is_loaded_by_its_name(name):
    loaded = LineClassifier.load(name)
    assert loaded.kind == name
    assert loaded.model_.to_json() == Model.load(name).to_json()


def test_an_unknown_model_is_refused():
    with pytest.raises(DataError, match=r"no model 'nothing'; shipped are "):
        LineClassifier.load("nothing")


USE = """
import sys
import baselines
from corpus import Page
classifier = baselines.LineClassifier.load({name!r})
page = Page("a", b"<nav>Home</nav><p>The ferry runs again every hour.", "html")
assert len(classifier.predict([page])[0]) == 2
assert classifier.predict_proba([page])[0].shape == (2, 2)
assert len(list(classifier.keep_many([page]))) == 1
heavy = {{"sklearn", "scipy", "pandas", "pyarrow", "datasets", "click"}}
print(sorted(heavy & sys.modules.keys()))
"""


@pytest.mark.parametrize("name", ["toy", "logreg"])
def test_loading_and_deciding_need_numpy_alone(toy, tmp_path, name):
    path = tmp_path / "toy.json"
    path.write_text(toy.model.to_json(), encoding="utf-8")
    code = USE.format(name=str(path) if name == "toy" else name)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stderr, done.stdout) == ("", "[]\n")


# One reading


@pytest.mark.parametrize("profile", ["default", "with-comments"])
def test_a_page_is_read_once_for_probabilities_decisions_and_labels(profile, monkeypatch):
    model, page = Model.load("logreg"), next(iter(starter_pages()))
    lines = page.lines()
    readings = []
    read = Model.read_many
    monkeypatch.setattr(Model, "read_many", lambda *a: readings.append(1) or read(*a))
    probabilities, kept, codes = model.classify(lines, profile)
    assert len(readings) == 1
    expected, expected_kept = model.decide(lines, profile)
    assert probabilities.tolist() == expected.tolist()
    assert kept.tolist() == expected_kept.tolist()
    assert codes.tolist() == model.label(lines).tolist()


def test_a_page_without_lines_has_no_decisions():
    lines = Page("empty", b"<p></p>", "html").lines()
    assert [array.shape for array in Model.load("logreg").classify(lines)] == [(0,)] * 3
