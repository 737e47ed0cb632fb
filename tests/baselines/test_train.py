from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from baselines import LineClassifier
from baselines.train import FOLDS, KINDS, cross_validate, fit, samples
from corpus import DataError, Page
from labels import LabelledPage, codes

BODY, OPTIONAL, NOISE = 0, 1, 2
THRESHOLDS = {"html": 0.5, "text": 0.5}


@pytest.fixture(autouse=True, scope="module")
def _one_thread():
    """Threads that wait for each other make small fits twenty times as slow on a busy machine."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="module")
def pages(labelled_pages):
    return list(samples(labelled_pages))


@pytest.fixture(scope="module")
def model(pages):
    return fit("logreg", "1.0", pages, THRESHOLDS)


def body(page):
    return page.roles == BODY


# Samples


def test_a_sample_is_what_training_needs_of_a_page(labelled_pages):
    html, text = samples(labelled_pages[:2])
    assert (html.id, html.site, html.sha256) == ("a-0", "a.example", labelled_pages[0].page.sha256)
    assert list(html.features) == ["text", "html"]
    assert list(text.features) == ["text"]
    assert html.roles.tolist() == [NOISE] * 6 + [BODY] * 8 + [NOISE] * 11
    assert html.features["text"].values.shape[0] == 25
    assert (html.usable, html.reserved) == (True, False)


def test_pages_of_a_test_split_elsewhere_are_reserved(labelled_pages):
    found = samples(labelled_pages, ["b.example", "z.example"])
    assert [page.id for page in found if page.reserved] == ["b-0", "b-1"]


def test_a_page_without_a_site_is_a_site_of_its_own(labelled_pages):
    labelled = replace(labelled_pages[0], page=replace(labelled_pages[0].page, site=None))
    assert [page.site for page in samples([labelled])] == ["a-0"]


@pytest.mark.parametrize(("gold_text", "usable"), [(None, True), ("some", True), ("", False)])
def test_a_page_with_an_empty_gold_text_tells_nothing(labelled_pages, gold_text, usable):
    (page,) = samples([replace(labelled_pages[0], gold_text=gold_text)])
    assert page.usable == usable


def test_a_page_without_lines_has_no_features():
    empty = LabelledPage(Page("x", b"", "html"), [], codes([]))
    (page,) = samples([empty])
    assert page.features == {}


def test_a_page_labelled_line_by_line_weighs_more_than_one_whose_gold_was_projected(labelled_pages):
    by_hand = labelled_pages[0]
    projected = replace(by_hand, coverage=np.zeros(25, np.float32), gold_text="x")
    one, two = samples([by_hand, projected])
    assert one.weight > two.weight == 1


# Fitting


@pytest.mark.parametrize("markup", ["html", "text"])
def test_a_tiny_training_set_tells_body_from_noise_on_a_page_of_another_site(model, markup, unseen):
    labelled = unseen(markup)
    probabilities, kept = model.decide(labelled.page.lines())
    assert kept.tolist() == (labelled.labels == 0).tolist()
    assert probabilities[kept].min() > 0.6
    assert probabilities[~kept].max() < 0.4


@pytest.fixture
def unseen(labelled_page):
    return lambda markup: labelled_page("z-1", "z.example", markup, seed=99)


def test_a_model_of_text_has_no_weights_for_html(pages):
    model = fit("logreg-text", "1.0", pages, THRESHOLDS)
    assert (model.name, model.version, model.html) == ("logreg-text", "1.0", None)


def test_fitting_again_gives_the_same_file(pages, model, tmp_path):
    again = fit("logreg", "1.0", pages, THRESHOLDS)
    assert again.to_json() == model.to_json()
    (tmp_path / "logreg.json").write_text(model.to_json(), encoding="utf-8")
    assert LineClassifier.load(tmp_path) == model


def test_thresholds_go_into_the_model(pages):
    model = fit("logreg", "1.0", pages, {"html": 0.3, "text": 0.6})
    assert (model.html.threshold, model.text.threshold) == (0.3, 0.6)


def test_a_model_names_the_pages_it_was_fitted_to(pages, model):
    assert model.trained_on == {page.sha256[:16] for page in pages}


def test_reserved_and_useless_pages_are_not_trained_on(labelled_pages):
    useless = replace(labelled_pages[-1], gold_text="")
    pages = list(samples([*labelled_pages[:-1], useless], ["b.example"]))
    model = fit("logreg", "1.0", pages, THRESHOLDS)
    left_out = {page.sha256[:16] for page in pages if page.id in {"b-0", "b-1", "f-1"}}
    assert len(left_out) == 3
    assert model.trained_on == {page.sha256[:16] for page in pages} - left_out
    without = [page for page in pages if page.id not in {"b-0", "b-1", "f-1"}]
    assert fit("logreg", "1.0", without, THRESHOLDS) == model


def test_nothing_is_learnt_from_optional_lines(pages, model):
    def with_optional_menu(page):
        return replace(
            page, roles=np.where(np.arange(25) < 6, OPTIONAL, page.roles).astype(np.int8)
        )

    optional = fit("logreg", "1.0", [with_optional_menu(page) for page in pages], THRESHOLDS)
    assert optional.html != model.html
    kept = optional.decide(pages[0].lines)[1]
    assert kept[6:14].all()
    assert not kept[14:].any()


@pytest.mark.parametrize("role", [BODY, NOISE, OPTIONAL])
def test_pages_that_show_only_one_side_are_refused(pages, role):
    flat = [replace(page, roles=np.full(25, role, np.int8)) for page in pages]
    with pytest.raises(DataError, match="need lines of body and of noise; add a dataset"):
        fit("logreg-text", "1.0", flat, THRESHOLDS)


@pytest.mark.parametrize("kind", KINDS)
def test_no_pages_are_refused(pages, kind):
    with pytest.raises(DataError, match="no page to train on"):
        fit(kind, "1.0", [], THRESHOLDS)
    with pytest.raises(DataError, match="no page to train on"):
        fit(kind, "1.0", [replace(page, reserved=True) for page in pages], THRESHOLDS)


def test_pages_of_text_alone_cannot_train_weights_for_html(pages):
    with pytest.raises(DataError, match="no page to train on has html"):
        fit("logreg", "1.0", [page for page in pages if "html" not in page.features], THRESHOLDS)


# Cross-validation


@pytest.fixture(scope="module")
def validation(pages):
    return cross_validate("logreg", pages, seed=1)


def test_every_page_is_decided(pages, validation):
    assert [kept.shape for kept in validation.kept] == [(25,)] * 12
    for page, kept in zip(pages, validation.kept, strict=True):
        assert kept.tolist() == body(page).tolist()


def test_folds_part_the_sites(validation):
    assert [fold.number for fold in validation.folds] == [1, 2, 3, 4, 5]
    assert sorted(fold.sites for fold in validation.folds) == [1, 1, 1, 1, 2]
    assert sorted(fold.pages for fold in validation.folds) == [2, 2, 2, 2, 4]
    assert [fold.char_f1 for fold in validation.folds] == [1] * 5


def test_thresholds_are_of_those_tried(validation):
    assert list(validation.thresholds) == ["text", "html"]
    assert all(0.2 <= value <= 0.7 for value in validation.thresholds.values())


def test_cross_validation_is_the_same_for_the_same_seed(pages):
    one, two = (cross_validate("logreg-text", pages, seed=1) for _ in range(2))
    assert one.folds == two.folds
    assert one.thresholds == two.thresholds
    for kept, again in zip(one.kept, two.kept, strict=True):
        np.testing.assert_array_equal(kept, again)


def test_another_seed_parts_the_sites_otherwise(pages, monkeypatch):
    def fitted_to(seed):
        sites = []
        monkeypatch.setattr("baselines.train._fit_stages", recorder(sites))
        cross_validate("logreg-text", pages, seed=seed)
        return str(sites)

    assert fitted_to(1) == fitted_to(1)
    assert len({fitted_to(seed) for seed in range(4)}) > 1


def recorder(sites):
    """Fits nothing, and records the sites that would have been fitted to."""

    class Undecided:
        def probabilities(self, _, lines):
            return np.full(len(lines), 0.5)

    def fit_stages(_, pages, __):
        sites.append(sorted({page.site for page in pages}))
        return Undecided()

    return fit_stages


def test_no_weights_are_fitted_to_the_sites_they_decide(pages, monkeypatch):
    fitted_to, decided = [], []

    def fit_stages(_, others, __):
        sites = {page.site for page in others}

        class Spy:
            def probabilities(self, _, lines):
                (page,) = (page for page in pages if page.lines is lines)
                decided.append(page.id)
                assert page.site not in sites
                return np.full(len(lines), 0.5)

        fitted_to.append(sites)
        return Spy()

    monkeypatch.setattr("baselines.train._fit_stages", fit_stages)
    cross_validate("logreg", pages)
    assert len(fitted_to) == 2 * FOLDS
    assert set.union(*fitted_to) == {page.site for page in pages}
    assert sorted(decided) == sorted(
        [page.id for page in pages] + [p.id for p in pages if "html" in p.features]
    )


def test_what_a_site_is_labelled_does_not_touch_the_decisions_about_it(pages, monkeypatch):
    # One threshold, so that only the weights can carry anything over.
    monkeypatch.setattr("baselines.train._THRESHOLDS", np.array([0.5]))

    def kept_of_a(upside_down):
        """Kept lines of the pages of one site where some sites' labels are upside down."""
        turned = [
            replace(page, roles=(NOISE - page.roles).astype(np.int8))
            if page.site[0] in upside_down
            else page
            for page in pages
        ]
        kept = cross_validate("logreg-text", turned).kept
        return [row.tolist() for row, page in zip(kept, pages, strict=True) if page.site[0] == "a"]

    assert kept_of_a("a") == kept_of_a("")
    assert kept_of_a("bcdef") != kept_of_a("")


def test_the_threshold_of_a_fold_is_the_one_that_suits_the_others(pages, monkeypatch):
    # On site a, .2 parts body from noise; on site b, .62; the others say nothing.
    def probabilities(page):
        low, high = {"a": (0.1, 0.3), "b": (0.6, 0.65)}.get(page.site[0], (0.9, 0.9))
        return np.where(body(page), high, low)

    five = [
        page if page.site[0] in "ab" else replace(page, roles=np.full(25, BODY, np.int8))
        for page in pages
        if page.site[0] in "abcde"
    ]

    class Known:
        def probabilities(self, _, lines):
            return next(probabilities(page) for page in five if page.lines is lines)

    monkeypatch.setattr("baselines.train._fit_stages", lambda *_: Known())
    validation = cross_validate("logreg-text", five)
    kept = {page.id: kept.sum() for page, kept in zip(five, validation.kept, strict=True)}
    assert kept["a-0"] == kept["a-1"] == 0
    assert kept["b-0"] == kept["b-1"] == 25
    # All pages together: .2 is perfect on a and keeps 25 lines for 8 on b.
    assert validation.thresholds == {"text": 0.2}


def test_a_fold_whose_pages_tell_nothing_is_no_failure(pages):
    five = [
        replace(page, usable=page.site != "a.example") for page in pages if page.site[0] in "abcde"
    ]
    assert len(cross_validate("logreg-text", five).folds) == 5


def test_progress_counts_the_fits(pages):
    seen = []
    cross_validate("logreg-text", pages, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_fewer_sites_than_folds_are_refused(pages):
    few = [page for page in pages if page.site in {"a.example", "b.example", "c.example"}]
    with pytest.raises(
        DataError, match="pages of 3 sites are too few to cross-validate in 5 folds"
    ):
        cross_validate("logreg-text", few)


def test_a_page_without_lines_is_decided_too(pages):
    empty = LabelledPage(Page("x", b"", "html", site="a.example"), [], codes([]))
    validation = cross_validate("logreg", [*pages, *samples([empty])])
    assert validation.kept[-1].shape == (0,)
