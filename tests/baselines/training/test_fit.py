from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_info, threadpool_limits

from baselines import Model
from baselines.model import VIEWS
from baselines.regression import logistic
from baselines.threshold import SHARE
from baselines.training.augment_text import _CLEARED_WEIGHT, text_samples
from baselines.training.fit import MODEL_VIEWS, _fit_mixture, fit, fit_pages, fit_stages
from baselines.training.samples import samples
from corpus import DataError, Page
from labels import LABELS, Label, LabelledPage, codes

BODY, OPTIONAL, NOISE = 0, 1, 2


@pytest.fixture(scope="module")
def pages(labelled_pages):
    return list(samples(labelled_pages))


@pytest.fixture(scope="module")
def model(pages):
    return fit("logreg", "1.0", pages)


def body(page):
    return page.roles == BODY


def of_types(pages, types):
    """The pages with the types of their sites set, by the site's letter."""
    return [replace(page, is_article=types.get(page.site[0])) for page in pages]


MANY = dict(zip("abcdef", [True, False] * 3, strict=True))


@pytest.mark.parametrize("markup", ["html", "text"])
def test_a_tiny_training_set_distinguishes_body_from_noise_on_a_page_of_another_site(
    model, markup, unseen
):
    labelled = unseen(markup)
    probabilities, kept = model.decide(labelled.page.lines())
    assert kept.tolist() == (labelled.labels == 0).tolist()
    assert probabilities[kept].min() > 0.6
    assert probabilities[~kept].max() < 0.5


@pytest.fixture
def unseen(labelled_page):
    return lambda markup: labelled_page("z-1", "z.example", markup, seed=99)


def test_a_model_of_text_has_no_weights_for_html(pages):
    model = fit("logreg-text", "1.0", pages)
    assert (model.name, model.version, model.html) == ("logreg-text", "1.0", None)


def test_fitting_again_gives_the_same_file(pages, model, tmp_path):
    again = fit("logreg", "1.0", pages)
    assert again.to_json() == model.to_json()
    (tmp_path / "logreg.json").write_text(model.to_json(), encoding="utf-8")
    assert Model.load(tmp_path).to_json() == model.to_json()


def test_a_model_names_the_pages_it_was_fitted_to(pages, model):
    assert model.trained_on == {page.sha256[:16] for page in pages}


def test_reserved_and_useless_pages_are_not_trained_on(labelled_pages):
    useless = replace(labelled_pages[-1], gold_text="")
    pages = list(samples([*labelled_pages[:-1], useless], ["b.example"]))
    model = fit("logreg", "1.0", pages)
    left_out = {page.sha256[:16] for page in pages if page.id in {"b-0", "b-1", "f-1"}}
    assert len(left_out) == 3
    assert model.trained_on == {page.sha256[:16] for page in pages} - left_out
    without = [page for page in pages if page.id not in {"b-0", "b-1", "f-1"}]
    assert fit("logreg", "1.0", without).to_json() == model.to_json()


def with_menu(pages, target):
    """The pages with another target for their menu."""
    menu = np.arange(25) < 6
    return [
        replace(page, targets=np.where(menu, target, page.targets).astype(np.int8))
        for page in pages
    ]


def test_nothing_is_learnt_from_optional_lines(pages, model):
    optional = fit("logreg", "1.0", with_menu(pages, OPTIONAL))
    assert optional.to_json() != model.to_json()
    kept = optional.decide(pages[0].lines)[1]
    assert kept[6:14].all()
    assert not kept[14:].any()


def test_fitting_looks_at_targets_and_not_at_roles(pages, model):
    """Roles are for scoring."""
    turned = [replace(page, roles=(NOISE - page.roles).astype(np.int8)) for page in pages]
    assert fit("logreg", "1.0", turned).to_json() == model.to_json()


def test_titles_bylines_and_captions_teach_what_noise_teaches(labelled_pages):
    def fitted(menu):
        labels = [
            np.where(np.arange(25) < 6, LABELS.index(menu), page.labels) for page in labelled_pages
        ]
        model = fit_pages("logreg-text", [page.page for page in labelled_pages], labels)
        return replace(model, text=replace(model.text, other_labels=None)).to_json()

    noise = fitted(Label.NAVIGATION)
    for label in (Label.TITLE, Label.BYLINE, Label.CAPTION):
        assert fitted(label) == noise
    assert fitted(Label.MIXED) != noise


@pytest.mark.parametrize("role", [BODY, NOISE, OPTIONAL])
def test_pages_that_show_only_one_side_are_refused(pages, role):
    flat = [replace(page, targets=np.full(25, role, np.int8)) for page in pages]
    with pytest.raises(DataError, match="need lines of body and of noise; add a dataset"):
        fit("logreg-text", "1.0", flat)


def test_a_page_whose_prose_is_in_two_halves_can_be_fitted_to(labelled_pages):
    """Neither half is the main element alone; pages of the dataset dragnet are such."""
    text = "Nobody had expected the ferry so soon after the storm, and yet it came on Monday."
    html = f"<div><div><p>{text}</p></div></div><p>{text}</p>"
    page = Page("x", html.encode(), "html", site="a.example")
    halves = LabelledPage(page, page.lines().texts, codes(["body", "navigation"]))
    found = fit("logreg", "", list(samples([*labelled_pages, halves]))).html.inputs
    assert np.isfinite([found.mean, found.scale]).all()


@pytest.mark.parametrize("kind", MODEL_VIEWS)
def test_no_pages_are_refused(pages, kind):
    with pytest.raises(DataError, match="no page to train on"):
        fit(kind, "1.0", [])
    with pytest.raises(DataError, match="no page to train on"):
        fit(kind, "1.0", [replace(page, reserved=True) for page in pages])


def test_pages_of_text_alone_cannot_train_weights_for_html(pages):
    with pytest.raises(DataError, match="no page to train on has html"):
        fit("logreg", "1.0", [page for page in pages if "html" not in page.features])


@pytest.mark.parametrize(
    "types", [{}, dict.fromkeys("abcdef", True), dict.fromkeys("abcdef", False), {"a": True}]
)
def test_pages_of_one_type_or_of_unknown_type_are_not_distinguished(pages, types):
    model = fit("logreg", "1.0", of_types(pages, types))
    for stages in (model.text, model.html):
        assert not stages.article.weight.any()
        assert stages.article.intercept == 0
    assert model.read(pages[0].lines).article == 0.5


@pytest.mark.parametrize("is_article", [None, True, False])
def test_pages_of_one_type_give_one_regression_twice(pages, is_article):
    typed = of_types(pages, dict.fromkeys("abcdef", is_article))
    stages = fit_stages("text", typed, 0, augment=False)
    for stage in (stages.first, stages.second):
        np.testing.assert_allclose(stage.articles.weight, stage.others.weight, atol=1e-5)
        assert stage.articles.intercept == pytest.approx(stage.others.intercept, abs=1e-5)


def test_pages_of_both_types_are_distinguished(pages):
    """By what their lines are on average: here, pages of text against pages of ten times as many."""
    typed = [replace(page, is_article="html" not in page.features) for page in pages]
    stages = fit("logreg-text", "1.0", typed).text
    assert stages.article.weight.any()
    assert not np.allclose(stages.second.articles.weight, stages.second.others.weight)


def test_each_type_is_fitted_by_its_own_regression(pages):
    """On articles the paragraphs are body, on other pages the lists are."""
    typed = of_types(pages, MANY)
    turned = [
        page if page.is_article else replace(page, targets=(NOISE - page.targets).astype(np.int8))
        for page in typed
    ]
    stages = fit("logreg-text", "1.0", turned).text
    prose = stages.inputs.names.index("prose")
    assert stages.first.articles.weight[prose] > 0 > stages.first.others.weight[prose]
    assert stages.second.articles.weight[prose] > 0 > stages.second.others.weight[prose]


def test_a_page_that_weighs_more_has_more_of_a_say(pages):
    """On half of the pages the paragraphs are body, on the others the lists are."""

    def prose(paragraphs, lists):
        turned = [
            replace(page, weight=paragraphs)
            if MANY[page.site[0]]
            else replace(page, weight=lists, targets=(NOISE - page.targets).astype(np.int8))
            for page in pages
        ]
        stages = fit("logreg-text", "1.0", turned).text
        return stages.first.articles.weight[stages.inputs.names.index("prose")]

    assert prose(paragraphs=10.0, lists=1.0) > 0 > prose(paragraphs=1.0, lists=10.0)


def test_fitting_takes_one_thread(pages, monkeypatch):
    """Sums over several threads would depend on the machine."""
    threads = []

    def spy(*args, **kwargs):
        threads.extend(pool["num_threads"] for pool in threadpool_info())
        return original(*args, **kwargs)

    original = LogisticRegression.fit
    monkeypatch.setattr(LogisticRegression, "fit", spy)
    with threadpool_limits(2):
        fit("logreg-text", "1.0", pages)
    assert set(threads) == {1}


def test_a_page_whose_type_is_unknown_goes_half_to_either(pages):
    half = fit("logreg-text", "1.0", of_types(pages, MANY | {"a": None}))
    known = fit("logreg-text", "1.0", of_types(pages, MANY))
    assert half.trained_on == known.trained_on
    assert half.to_json() != known.to_json()


# Labels other than body


def test_other_labels_are_those_of_the_lines_that_have_one(pages, model):
    for view in (model.html, model.text):
        assert view.other_labels.labels == (Label.NAVIGATION, Label.RECOMMENDATION, Label.LEGAL)
        assert view.other_labels.weight.shape == (3, len(view.inputs.names + view.context.names))
    for page in pages:
        predicted = model.label(page.lines)
        assert (predicted == page.labels).mean() > 0.95


def test_two_labels_are_distinguished_as_well(pages):
    legal, noise = Label.LEGAL.code, Label.NOISE.code
    fewer = [replace(p, labels=np.where(p.labels == legal, noise, p.labels)) for p in pages]
    model = fit("logreg-text", "", fewer)
    assert model.text.other_labels.labels == (Label.NAVIGATION, Label.RECOMMENDATION)
    predicted = model.label(pages[1].lines)
    assert predicted[:24].tolist() == pages[1].labels[:24].tolist()


@pytest.mark.parametrize("labels", [None, 5, 11])
def test_no_labels_are_distinguished_where_no_two_are_there(pages, labels):
    pages = [
        replace(page, labels=None if labels is None else np.full(25, labels, np.int8))
        for page in pages
    ]
    assert fit("logreg-text", "", pages).text.other_labels is None


def test_pages_that_are_made_up_are_of_the_site_and_the_type_of_the_page_that_gave_the_body(pages):
    made = text_samples(of_types(pages, MANY), 0)
    portals, cleared, without = made[:3], made[3:15], made[15:]  # one for four, all, one for ten
    for page in portals:
        (source,) = (one for one in pages if one.id == page.id)
        assert set(page.lines.texts) > {
            source.lines.texts[row] for row in np.flatnonzero(body(source))
        }
        assert (page.site, page.is_article) == (source.site, MANY[source.site[0]])
        assert len(page.lines) >= 25 + 16  # twice as much noise as body, at the least
        assert page.targets.tolist().count(BODY) == 8
        assert list(page.features) == ["text"]
        assert page.weight == 1
    assert [page.id for page in cleared] == [page.id for page in pages]
    for page, source in zip(cleared, pages, strict=True):
        assert (page.site, page.is_article) == (source.site, MANY[source.site[0]])
        lines_of_source = iter(source.lines.texts)
        assert all(text in lines_of_source for text in page.lines.texts)  # in their order
        is_body = page.targets == BODY
        assert [page.lines.texts[row] for row in np.flatnonzero(is_body)] == [
            source.lines.texts[row] for row in np.flatnonzero(body(source))
        ]
        assert len(page.features["text"].values) == len(page.lines) < len(source.lines)
        assert page.weight == _CLEARED_WEIGHT * source.weight
    for page in without:
        (source,) = (one for one in pages if one.id == page.id)
        assert page.site == source.site
        assert page.is_article is None
        assert page.lines.texts == [
            source.lines.texts[row] for row in np.flatnonzero(~body(source))
        ]
        assert set(page.targets.tolist()) == {NOISE}


# Pages of articles and others


def test_weights_can_be_fitted_to_some_of_the_features(pages):
    """As the ablation does; the portal pages that are made up must have the same ones."""
    names = pages[0].features["text"].names[::2]
    some = [
        replace(page, features={"text": page.features["text"].only(names)})
        for page in of_types(pages, MANY)
    ]
    assert fit("logreg-text", "1.0", some).text.inputs.names == names


def test_the_second_stage_is_fitted_to_what_the_first_says_of_other_sites(pages, monkeypatch):
    """As it will be on new pages: the first stage is not as sure of them as of its own."""
    fitted, seen = [], []

    def fit_mixture(view, rows, values, used):
        fitted.append((set(used), _fit_mixture(view, rows, values, used)))
        return fitted[-1][1]

    def context(probabilities, batch):
        seen.append((tuple(batch.texts), probabilities, *fitted[-1]))
        return VIEWS["text"].context(probabilities, batch)

    monkeypatch.setattr("baselines.training.fit._fit_mixture", fit_mixture)
    monkeypatch.setattr(
        "baselines.training.fit.VIEWS", {"text": replace(VIEWS["text"], context=context)}
    )
    stages = fit_stages("text", pages, 0, augment=False)
    assert [len(used) for used, _ in fitted] == [12, 8, 8, 8, 12]  # 4 sites of 6 in each inner fit
    assert len(seen) == 12
    position = {tuple(page.lines.texts): at for at, page in enumerate(pages)}
    for texts, probabilities, used, first in seen:
        at = position[texts]
        assert pages[at].site not in {pages[other].site for other in used}
        values = stages.inputs.of(pages[at].features["text"])
        # Pages of unknown type are of either kind, half and half.
        expected = logistic(first.mixed(0.5).log_odds(values))
        np.testing.assert_array_equal(probabilities, expected)


def test_pages_are_fitted_to_as_samples_of_them_are(labelled_pages, pages):
    model = fit_pages(
        "logreg-text", [page.page for page in labelled_pages], [p.labels for p in labelled_pages]
    )
    assert (model.name, model.version, model.text.share) == ("logreg-text", "", SHARE)
    assert model.to_json() == fit("logreg-text", "", pages).to_json()


def test_an_unknown_kind_is_refused():
    with pytest.raises(DataError, match="no model 'x'; those that can be fitted are logreg, "):
        fit_pages("x", [], [])


@pytest.mark.parametrize("kind", MODEL_VIEWS)
def test_fitting_to_no_pages_is_refused(kind):
    with pytest.raises(DataError, match="no page to train on has"):
        fit_pages(kind, [], [])
