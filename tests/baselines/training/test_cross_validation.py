from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_info, threadpool_limits

from baselines import Model
from baselines.features import text_features
from baselines.model import VIEWS, View
from baselines.regression import logistic
from baselines.threshold import Shares
from baselines.training.cross_validation import (
    FOLDS,
    KINDS,
    cross_validate,
    fit,
    fit_pages,
    mean_char_f1,
)
from baselines.training.fit import _CLEARED, _fit_first, _more_text
from baselines.training.samples import line_weights, samples
from corpus import DataError, Page
from labels import LABELS, NOISE_LABELS, Label, LabelledPage, codes

BODY, OPTIONAL, NOISE = 0, 1, 2
SHARES = {"html": Shares(), "text": Shares()}
TEXT, BOTH = KINDS["logreg-text"], KINDS["logreg"]


@pytest.fixture(scope="module")
def pages(labelled_pages):
    return list(samples(labelled_pages))


@pytest.fixture(scope="module")
def model(pages):
    return fit("logreg", "1.0", pages, SHARES)


def body(page):
    return page.roles == BODY


# Samples


def test_a_sample_is_what_training_needs_of_a_page(labelled_pages):
    html, text = samples(labelled_pages[:2])
    assert (html.id, html.site, html.sha256) == ("a-0", "a.example", labelled_pages[0].page.sha256)
    assert list(html.features) == ["text", "html"]
    assert list(text.features) == ["text"]
    assert html.roles.tolist() == [NOISE] * 6 + [BODY] * 8 + [NOISE] * 11
    assert html.targets.tolist() == html.roles.tolist()
    assert html.features["text"].values.shape[0] == 25
    assert html.labels.tolist() == labelled_pages[0].labels.tolist()
    assert (html.usable, html.reserved) == (True, False)


def test_a_page_whose_gold_was_projected_tells_no_kinds(labelled_pages):
    coverage = np.ones(25, np.float32)
    (page,) = samples([replace(labelled_pages[0], coverage=coverage)])
    assert page.labels is None


@pytest.mark.parametrize(
    ("label", "scored", "fitted"),
    [
        (Label.BODY, BODY, BODY),
        (Label.TITLE, OPTIONAL, NOISE),
        (Label.BYLINE, OPTIONAL, NOISE),
        (Label.CAPTION, OPTIONAL, NOISE),
        (Label.MIXED, OPTIONAL, OPTIONAL),
        *((label, NOISE, NOISE) for label in NOISE_LABELS),
    ],
)
def test_titles_bylines_and_captions_are_noise_and_mixed_lines_are_left_out(label, scored, fitted):
    (page,) = samples([LabelledPage(Page("x", b"a line", "text"), ["a line"], codes([label]))])
    assert (page.roles.tolist(), page.targets.tolist()) == ([scored], [fitted])


@pytest.mark.parametrize(
    ("page_type", "is_article"),
    [("article", True), ("forum", False), ("product", False), (None, None), ("", None)],
)
def test_a_page_is_one_of_an_article_or_not_or_that_is_untold(labelled_page, page_type, is_article):
    (page,) = samples([labelled_page("x", "x.example", "text", seed=1, page_type=page_type)])
    assert page.is_article is is_article


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
    assert probabilities[~kept].max() < 0.5


@pytest.fixture
def unseen(labelled_page):
    return lambda markup: labelled_page("z-1", "z.example", markup, seed=99)


def test_a_model_of_text_has_no_weights_for_html(pages):
    model = fit("logreg-text", "1.0", pages, SHARES)
    assert (model.name, model.version, model.html) == ("logreg-text", "1.0", None)


def test_fitting_again_gives_the_same_file(pages, model, tmp_path):
    again = fit("logreg", "1.0", pages, SHARES)
    assert again.to_json() == model.to_json()
    (tmp_path / "logreg.json").write_text(model.to_json(), encoding="utf-8")
    assert Model.load(tmp_path).to_json() == model.to_json()


def test_shares_go_into_the_model(pages, model):
    shares = {"html": Shares(0.3, 0.4), "text": Shares(0.6, 0.7)}
    other = fit("logreg", "1.0", pages, shares)
    assert {"html": other.html.shares, "text": other.text.shares} == shares
    as_before = replace(
        other,
        html=replace(other.html, shares=Shares()),
        text=replace(other.text, shares=Shares()),
    )
    assert as_before.to_json() == model.to_json()


def test_a_model_names_the_pages_it_was_fitted_to(pages, model):
    assert model.trained_on == {page.sha256[:16] for page in pages}


def test_reserved_and_useless_pages_are_not_trained_on(labelled_pages):
    useless = replace(labelled_pages[-1], gold_text="")
    pages = list(samples([*labelled_pages[:-1], useless], ["b.example"]))
    model = fit("logreg", "1.0", pages, SHARES)
    left_out = {page.sha256[:16] for page in pages if page.id in {"b-0", "b-1", "f-1"}}
    assert len(left_out) == 3
    assert model.trained_on == {page.sha256[:16] for page in pages} - left_out
    without = [page for page in pages if page.id not in {"b-0", "b-1", "f-1"}]
    assert fit("logreg", "1.0", without, SHARES).to_json() == model.to_json()


def with_menu(pages, target):
    """The pages with another target for their menu."""
    menu = np.arange(25) < 6
    return [
        replace(page, targets=np.where(menu, target, page.targets).astype(np.int8))
        for page in pages
    ]


def test_nothing_is_learnt_from_optional_lines(pages, model):
    optional = fit("logreg", "1.0", with_menu(pages, OPTIONAL), SHARES)
    assert optional.to_json() != model.to_json()
    kept = optional.decide(pages[0].lines)[1]
    assert kept[6:14].all()
    assert not kept[14:].any()


def test_fitting_looks_at_targets_and_not_at_roles(pages, model):
    """Roles are for scoring."""
    turned = [replace(page, roles=(NOISE - page.roles).astype(np.int8)) for page in pages]
    assert fit("logreg", "1.0", turned, SHARES).to_json() == model.to_json()


def test_titles_bylines_and_captions_teach_what_noise_teaches(labelled_pages):
    def fitted(menu):
        given = [
            np.where(np.arange(25) < 6, LABELS.index(menu), page.labels) for page in labelled_pages
        ]
        model = fit_pages("logreg-text", [page.page for page in labelled_pages], given)
        return replace(model, text=replace(model.text, kinds=None)).to_json()

    noise = fitted(Label.NAVIGATION)
    for label in (Label.TITLE, Label.BYLINE, Label.CAPTION):
        assert fitted(label) == noise
    assert fitted(Label.MIXED) != noise


@pytest.mark.parametrize("role", [BODY, NOISE, OPTIONAL])
def test_pages_that_show_only_one_side_are_refused(pages, role):
    flat = [replace(page, targets=np.full(25, role, np.int8)) for page in pages]
    with pytest.raises(DataError, match="need lines of body and of noise; add a dataset"):
        fit("logreg-text", "1.0", flat, SHARES)


@pytest.mark.parametrize("kind", KINDS)
def test_no_pages_are_refused(pages, kind):
    with pytest.raises(DataError, match="no page to train on"):
        fit(kind, "1.0", [], SHARES)
    with pytest.raises(DataError, match="no page to train on"):
        fit(kind, "1.0", [replace(page, reserved=True) for page in pages], SHARES)


def test_pages_of_text_alone_cannot_train_weights_for_html(pages):
    with pytest.raises(DataError, match="no page to train on has html"):
        fit("logreg", "1.0", [page for page in pages if "html" not in page.features], SHARES)


def test_pages_that_are_made_up_are_of_the_site_and_the_type_of_the_page_that_gave_the_body(pages):
    made = _more_text(of_types(pages, MANY), 0)
    portals, cleared = made[:3], made[3:]  # one for four
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
        assert page.weight == _CLEARED * source.weight


# Pages of articles and others


def of_types(pages, types):
    """The pages with the types of their sites told, by the site's letter."""
    return [replace(page, is_article=types.get(page.site[0])) for page in pages]


MANY = dict(zip("abcdef", [True, False] * 3, strict=True))


@pytest.mark.parametrize(
    "types", [{}, dict.fromkeys("abcdef", True), dict.fromkeys("abcdef", False), {"a": True}]
)
def test_pages_of_one_type_or_untold_are_not_told_apart(pages, types):
    model = fit("logreg", "1.0", of_types(pages, types), SHARES)
    for stages in (model.text, model.html):
        assert not stages.article.weight.any()
        assert stages.article.intercept == 0
    assert model.read(pages[0].lines).article == 0.5


@pytest.mark.parametrize("told", [None, True, False])
def test_pages_of_one_type_give_one_regression_twice(pages, told):
    model = fit("logreg-text", "1.0", of_types(pages, dict.fromkeys("abcdef", told)), SHARES)
    for stage in (model.text.first, model.text.second):
        np.testing.assert_allclose(stage.articles.weight, stage.others.weight, atol=1e-5)
        assert stage.articles.intercept == pytest.approx(stage.others.intercept, abs=1e-5)


def test_pages_of_both_types_are_told_apart(pages):
    """By what their lines are on average: here, pages of text against pages of ten times as many."""
    typed = [replace(page, is_article="html" not in page.features) for page in pages]
    stages = fit("logreg-text", "1.0", typed, SHARES).text
    assert stages.article.weight.any()
    assert not np.allclose(stages.second.articles.weight, stages.second.others.weight)


def test_what_is_told_of_a_type_goes_to_the_regression_of_that_type(pages):
    """On articles the paragraphs are body, on other pages the lists are."""
    typed = of_types(pages, MANY)
    turned = [
        page if page.is_article else replace(page, targets=(NOISE - page.targets).astype(np.int8))
        for page in typed
    ]
    stages = fit("logreg-text", "1.0", turned, SHARES).text
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
        stages = fit("logreg-text", "1.0", turned, SHARES).text
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
        fit("logreg-text", "1.0", pages, SHARES)
    assert set(threads) == {1}


def test_a_page_whose_type_is_untold_goes_half_to_either(pages):
    half = fit("logreg-text", "1.0", of_types(pages, MANY | {"a": None}), SHARES)
    told = fit("logreg-text", "1.0", of_types(pages, MANY), SHARES)
    assert half.trained_on == told.trained_on
    assert half.to_json() != told.to_json()


# Kinds


def test_kinds_are_those_of_the_lines_that_have_one(pages, model):
    for view in (model.html, model.text):
        assert view.kinds.labels == (Label.NAVIGATION, Label.RECOMMENDATION, Label.LEGAL)
        assert view.kinds.weight.shape == (3, len(view.inputs.names + view.context.names))
    for page in pages:
        told = model.label(page.lines)
        assert (told == page.labels).mean() > 0.95


def test_two_kinds_are_told_apart_as_well(pages):
    legal, untold = Label.LEGAL.code, Label.NOISE.code
    fewer = [replace(p, labels=np.where(p.labels == legal, untold, p.labels)) for p in pages]
    model = fit("logreg-text", "", fewer, SHARES)
    assert model.text.kinds.labels == (Label.NAVIGATION, Label.RECOMMENDATION)
    told = model.label(pages[1].lines)
    assert told[:24].tolist() == pages[1].labels[:24].tolist()


@pytest.mark.parametrize("labels", [None, 5, 11])
def test_no_kinds_are_told_where_no_two_are_there(pages, labels):
    untold = [
        replace(page, labels=None if labels is None else np.full(25, labels, np.int8))
        for page in pages
    ]
    assert fit("logreg-text", "", untold, SHARES).text.kinds is None


# Cross-validation


@pytest.fixture(scope="module")
def validation(pages):
    return cross_validate(BOTH, pages, seed=1)


def test_every_page_is_decided(pages, validation):
    assert [kept.shape for kept in validation.kept] == [(25,)] * 12
    for page, kept in zip(pages, validation.kept, strict=True):
        assert kept[body(page)].all()
        # So few pages may leave the last word of the menu to the paragraph below it.
        assert np.flatnonzero(kept & ~body(page)).tolist() in ([], [5])


def test_labels_are_scored_by_precision_and_recall(pages, validation):
    assert [score.label for score in validation.labels] == [
        Label.BODY, Label.NAVIGATION, Label.RECOMMENDATION, Label.LEGAL,
    ]  # fmt: skip
    assert [score.lines for score in validation.labels] == [12 * n for n in (8, 6, 10, 1)]
    assert validation.labels[0].recall == 1
    assert all(0.9 < score.precision <= 1 for score in validation.labels)
    untold = [replace(page, labels=None) for page in pages]
    assert cross_validate(TEXT, untold, seed=1).labels == ()


def test_folds_part_the_sites(validation):
    assert [fold.number for fold in validation.folds] == [1, 2, 3, 4, 5]
    assert sorted(fold.sites for fold in validation.folds) == [1, 1, 1, 1, 2]
    assert sorted(fold.pages for fold in validation.folds) == [2, 2, 2, 2, 4]
    assert all(0.99 < fold.char_f1 <= 1 for fold in validation.folds)


def test_shares_are_of_those_tried(validation):
    assert list(validation.shares) == ["text", "html"]
    for shares in validation.shares.values():
        assert 0.3 <= shares.articles <= 0.8
        assert shares.others == shares.articles  # what the pages are is untold


def test_every_line_has_a_probability_and_is_kept_by_it(pages, validation):
    assert [p.shape for p in validation.probabilities] == [(25,)] * 12
    for page, probabilities in zip(pages, validation.probabilities, strict=True):
        assert np.all((probabilities > 0) & (probabilities < 1))
        assert probabilities[body(page)].min() > probabilities[~body(page)].max()


def test_probabilities_are_compared_with_what_lines_are(validation):
    assert sum(lines for _, lines, _, _ in validation.calibration.bins) == 12 * 25
    assert 0 < validation.calibration.error < 0.5
    assert validation.calibration.bins[0][3] == 0
    assert validation.calibration.bins[-1][3] == 1


def test_optional_lines_and_pages_that_tell_nothing_are_not_compared(pages, known):
    first = replace(pages[0], roles=np.where(np.arange(25) < 6, OPTIONAL, NOISE).astype(np.int8))
    second = replace(pages[1], usable=False)
    known(lambda page: np.full(25, 0.35))
    found = cross_validate(TEXT, [first, second, *pages[2:]]).calibration
    # 19 lines of noise, and ten pages of 25 lines.
    ((low, lines, mean, _),) = found.bins
    assert (low, lines, mean) == (0.3, 19 + 250, pytest.approx(0.35))


def test_lines_count_by_the_root_of_their_characters_in_the_calibration(pages, known):
    lines = pages[1].lines
    known(lambda page: np.where(np.arange(25) < 6, 0.25, 0.85))
    alike = [replace(page, lines=lines, roles=np.full(25, NOISE, np.int8)) for page in pages]
    found = cross_validate(TEXT, alike).calibration
    weight = np.sqrt(lines.chars)
    expected = (0.25 * weight[:6].sum() + 0.85 * weight[6:].sum()) / weight.sum()
    assert found.error == pytest.approx(expected)


@pytest.mark.parametrize("count", [1, 4, 100])
def test_a_page_of_many_lines_weighs_no_more_than_one_of_few(count):
    assert line_weights(np.full(count, 9, np.int32)).sum() == pytest.approx(1)
    chars = np.arange(1, count + 1, dtype=np.int32)
    for by_chars in (0, 0.25, 0.5, 1):
        weights = line_weights(chars, by_chars)
        assert (weights / weights[0]).tolist() == pytest.approx(chars**by_chars)
        assert weights.sum() <= 1 + 1e-9


@pytest.fixture
def known(monkeypatch):
    """Let what is read of a page be what functions say; nothing is fitted."""

    def put(probabilities, article=lambda page: 0.5):
        monkeypatch.setattr("baselines.training.cross_validation.fit_stages", lambda *_: None)
        monkeypatch.setattr(
            "baselines.training.cross_validation._read",
            lambda _, __, page: reading(probabilities(page), article(page)),
        )

    return put


def reading(probabilities, article=0.5):
    return SimpleNamespace(
        probabilities=probabilities,
        article=article,
        labels=lambda kept: np.where(kept, 0, Label.NOISE.code),
    )


def test_cross_validation_is_the_same_for_the_same_seed(pages):
    one, two = (cross_validate(TEXT, pages, seed=1) for _ in range(2))
    assert one.folds == two.folds
    assert one.shares == two.shares
    assert one.calibration == two.calibration
    for kept, again in zip(one.kept, two.kept, strict=True):
        np.testing.assert_array_equal(kept, again)
    for probabilities, again in zip(one.probabilities, two.probabilities, strict=True):
        np.testing.assert_array_equal(probabilities, again)


def test_another_seed_parts_the_sites_otherwise(pages, monkeypatch):
    def fitted_to(seed):
        sites = []
        monkeypatch.setattr(
            "baselines.training.cross_validation.fit_stages",
            lambda view, others, _: sites.append(sorted({page.site for page in others})),
        )
        monkeypatch.setattr(
            "baselines.training.cross_validation._read", lambda *_: reading(np.full(25, 0.5))
        )
        cross_validate(TEXT, pages, seed=seed)
        return str(sites)

    assert fitted_to(1) == fitted_to(1)
    assert len({fitted_to(seed) for seed in range(4)}) > 1


def test_weights_can_be_fitted_to_some_of_the_features(pages):
    """As the ablation does; the portal pages that are made up must have the same ones."""
    names = pages[0].features["text"].names[::2]
    some = [
        replace(page, features={"text": page.features["text"].only(names)})
        for page in of_types(pages, MANY)
    ]
    assert fit("logreg-text", "1.0", some, SHARES).text.inputs.names == names


def test_no_weights_are_fitted_to_the_sites_they_decide(pages, monkeypatch):
    fitted_to, decided = [], []

    def fit_stages(_, others, __):
        fitted_to.append({page.site for page in others})
        return fitted_to[-1]

    def read(view, sites, page):
        assert page.site not in sites
        decided.append((view, page.id))
        return reading(np.full(25, 0.5))

    monkeypatch.setattr("baselines.training.cross_validation.fit_stages", fit_stages)
    monkeypatch.setattr("baselines.training.cross_validation._read", read)
    cross_validate(BOTH, pages)
    assert len(fitted_to) == 2 * FOLDS
    assert set.union(*fitted_to) == {page.site for page in pages}
    assert sorted(decided) == sorted((view, page.id) for page in pages for view in page.features)


def test_the_second_stage_is_fitted_to_what_the_first_says_of_other_sites(pages, monkeypatch):
    """As it will be on new pages: the first stage is not as sure of them as of its own."""
    fitted, seen = [], []

    def fit_first(view, used, values):
        fitted.append(({page.site for page in used}, *_fit_first(view, used, values)))
        return fitted[-1][1:]

    def context(probabilities, batch):
        seen.append((tuple(batch.texts), probabilities, *fitted[-1]))
        return VIEWS["text"].context(probabilities, batch)

    monkeypatch.setattr("baselines.training.fit._fit_first", fit_first)
    monkeypatch.setattr("baselines.training.fit.VIEWS", {"text": View(text_features, context)})
    stages = fit("logreg-text", "1.0", of_types(pages, MANY), SHARES).text
    all_sites = {page.site for page in pages}
    assert fitted[0][0] == all_sites
    assert [len(sites) for sites, _, _ in fitted[1:]] == [4, 4, 4]
    of_line = {tuple(page.lines.texts): page for page in pages}
    of_pages = [row for row in seen if row[0] in of_line]  # others are made up
    assert len(of_pages) == 12
    for texts, probabilities, sites, article, first in of_pages:
        page = of_line[texts]
        assert page.site not in sites
        before = replace(stages, article=article, first=first)
        values = stages.inputs.of(page.features["text"])
        mixed = first.mixed(before.article_probability(values))
        np.testing.assert_array_equal(probabilities, logistic(mixed.log_odds(values)))


@pytest.fixture
def _one_share(monkeypatch):
    """One share, so that only the weights can carry anything over."""
    monkeypatch.setattr("baselines.training.cross_validation.SHARES", np.array([0.5]))


def probabilities_of_a(pages):
    found = cross_validate(TEXT, pages).probabilities
    return [row.tolist() for row, page in zip(found, pages, strict=True) if page.site[0] == "a"]


@pytest.mark.usefixtures("_one_share")
def test_what_a_site_is_labelled_does_not_touch_the_decisions_about_it(pages):
    def turned(sites):
        """The pages where some sites' labels are upside down."""
        return [
            replace(
                page,
                roles=(NOISE - page.roles).astype(np.int8),
                targets=(NOISE - page.targets).astype(np.int8),
            )
            if page.site[0] in sites
            else page
            for page in pages
        ]

    as_they_are = probabilities_of_a(pages)
    assert probabilities_of_a(turned("a")) == as_they_are
    assert probabilities_of_a(turned("b")) != as_they_are


@pytest.mark.usefixtures("_one_share")
def test_what_type_a_site_is_does_not_touch_the_decisions_about_it(pages):
    found = [
        probabilities_of_a(of_types(pages, MANY | types))
        for types in ({}, {"a": False}, {"b": True})
    ]
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_the_share_of_a_fold_is_the_one_that_suits_the_others(pages, known):
    # On site a two lines of body are certain and six are doubtful: a low share keeps them all. On
    # site b noise is doubtful: only a high share is without it. The others say nothing.
    def probabilities(page):
        if page.site[0] == "a":
            return np.where(body(page), np.where(np.arange(25) < 8, 1.0, 0.29), 0.0)
        if page.site[0] == "b":
            return np.where(body(page), 1.0, 0.5)
        return np.ones(25)

    five = [
        page if page.site[0] in "ab" else replace(page, roles=np.full(25, BODY, np.int8))
        for page in pages
        if page.site[0] in "abcde"
    ]
    known(probabilities)
    validation = cross_validate(TEXT, five)
    kept = {page.id: kept.sum() for page, kept in zip(five, validation.kept, strict=True)}
    assert kept["a-0"] == kept["a-1"] == 2
    assert kept["b-0"] == kept["b-1"] == 25
    # All pages together: a low one is perfect on a, and keeps 25 lines for 8 on b. Up to .4 all
    # are as good.
    assert validation.shares == {"text": Shares(0.4, 0.4)}
    # Where a page of b counts for ten of a, a high one is better.
    heavy = [replace(page, weight=10.0 if page.site[0] == "b" else 1.0) for page in five]
    assert cross_validate(TEXT, heavy).shares["text"].articles > 0.5


def test_pages_of_articles_and_others_have_shares_of_their_own(pages, known):
    """Pages of site a, and of b, as above; c to e say nothing."""
    five = [
        page if page.site[0] in "ab" else replace(page, roles=np.full(25, OPTIONAL, np.int8))
        for page in pages
        if page.site[0] in "abcde"
    ]
    body_lines = five[0].roles == BODY
    likely = {
        "a": np.where(body_lines, np.where(np.arange(25) < 8, 1.0, 0.29), 0.0),
        "b": np.where(body_lines, 1.0, 0.5),
        "c": np.where(body_lines, 1.0, 0.45),
    }
    articles = {"a-0": 1, "a-1": 1, "b-0": 0, "b-1": 0, "c-0": 1, "c-1": 0}

    def kept_on_c(is_article):
        known(lambda page: likely.get(page.site[0], np.ones(25)), is_article)
        found = cross_validate(TEXT, five)
        kept = {page.id: kept.sum() for page, kept in zip(five, found.kept, strict=True)}
        return found.shares["text"], kept["c-0"], kept["c-1"]

    # On pages like those of a, the lines that are doubtful are kept, too.
    assert kept_on_c(lambda page: articles.get(page.id, 0.5)) == (Shares(0.4, 0.8), 25, 8)
    assert kept_on_c(lambda page: 1 - articles.get(page.id, 0.5)) == (Shares(0.8, 0.4), 25, 8)


def test_a_reserved_page_has_no_say_in_the_share_of_the_model(pages, known):
    def doubtful_body(page):
        return np.where(body(page), np.where(np.arange(25) < 8, 1.0, 0.29), 0.0)

    def doubtful_noise(page):
        return np.where(body(page), 1.0, 0.5)

    known(lambda page: (doubtful_noise if page.reserved else doubtful_body)(page))
    reserved = [replace(page, reserved=page.site[0] in "ab") for page in pages]
    assert cross_validate(TEXT, reserved).shares == {"text": Shares(0.4, 0.4)}
    known(doubtful_noise)
    assert cross_validate(TEXT, pages).shares == {"text": Shares(0.8, 0.8)}


def test_of_shares_that_are_as_good_the_highest_is_taken(pages, known, monkeypatch):
    # Of 8 lines of body the last is doubtful: without it a page loses 1/15 of its F1.
    known(lambda page: np.where(body(page), np.where(np.arange(25) == 13, 0.5, 1.0), 0.0))
    assert cross_validate(TEXT, pages).shares["text"].articles == 0.5
    monkeypatch.setattr("baselines.training.cross_validation._AS_GOOD", 0.1)
    assert cross_validate(TEXT, pages).shares["text"].articles == 0.8


def test_where_no_page_is_like_others_their_share_is_one_half(pages, known):
    known(lambda page: body(page).astype(float), lambda _: 1.0)
    assert cross_validate(TEXT, pages).shares == {"text": Shares(0.8, 0.5)}


def test_a_fold_whose_pages_tell_nothing_is_no_failure(pages, known):
    five = [
        replace(page, usable=page.site != "a.example") for page in pages if page.site[0] in "abcde"
    ]
    known(lambda page: body(page).astype(float))
    scores = [fold.char_f1 for fold in cross_validate(TEXT, five).folds]
    assert sorted(scores, key=str) == pytest.approx([1, 1, 1, 1, np.nan], nan_ok=True)


def test_progress_counts_the_fits(pages, known):
    seen = []
    known(lambda page: np.full(25, 0.5))
    cross_validate(TEXT, pages, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_fewer_sites_than_folds_are_refused(pages):
    few = [page for page in pages if page.site in {"a.example", "b.example", "c.example"}]
    with pytest.raises(
        DataError, match="pages of 3 sites are too few to cross-validate in 5 folds"
    ):
        cross_validate(TEXT, few)


def test_a_page_without_lines_is_decided_too(pages):
    empty = LabelledPage(Page("x", b"", "html", site="a.example"), [], codes([]))
    validation = cross_validate(BOTH, [*pages, *samples([empty])])
    assert validation.kept[-1].shape == (0,)


def test_what_the_better_view_decides_it_decides_last(pages, monkeypatch):
    monkeypatch.setattr("baselines.training.cross_validation.fit_stages", lambda *_: None)
    monkeypatch.setattr(
        "baselines.training.cross_validation._read",
        lambda view, _, __: reading(np.full(25, 0.8 if view == "html" else 0.3)),
    )
    found = cross_validate(BOTH, pages).probabilities
    for page, probabilities in zip(pages, found, strict=True):
        assert set(probabilities) == {0.8 if "html" in page.features else 0.3}


# Pages and labels of one's own


def test_pages_are_fitted_to_as_samples_of_them_are(labelled_pages, pages):
    by_hand = [replace(page, weight=20.0) for page in pages]
    model = fit_pages(
        "logreg-text", [page.page for page in labelled_pages], [p.labels for p in labelled_pages]
    )
    assert (model.name, model.version, model.text.shares) == ("logreg-text", "", Shares())
    assert model.to_json() == fit("logreg-text", "", by_hand, SHARES).to_json()


def test_an_unknown_kind_is_refused():
    with pytest.raises(DataError, match="no model 'x'; those that can be fitted are logreg, "):
        fit_pages("x", [], [])


@pytest.mark.parametrize("kind", KINDS)
def test_fitting_to_no_pages_is_refused(kind):
    with pytest.raises(DataError, match="no page to train on has"):
        fit_pages(kind, [], [])


PAGE = Page("x", b"four\nsix or", "text")  # lines of 4 and 6 characters


@pytest.mark.parametrize(
    ("labels", "kept", "f1"),
    [
        (["body", "body"], [True, True], 1),
        (["body", "body"], [False, True], 2 * 6 / (10 + 6)),
        (["body", "legal"], [True, True], 2 * 4 / (4 + 10)),
        (["body", "legal"], [False, True], 0),
        (["body", "title"], [True, True], 1),
        (["legal", "legal"], [False, False], 1),
        (["legal", "legal"], [True, False], 0),
        (["title", "mixed"], [True, True], 1),
    ],
)
def test_f1_in_characters_by_hand(labels, kept, f1):
    assert mean_char_f1([PAGE], [labels], [np.array(kept)]) == pytest.approx(f1)


def test_f1_is_the_mean_over_pages():
    kept = [np.array([True, True]), np.array([False, True])]
    labels = [["body", "legal"], ["body", "body"]]
    assert mean_char_f1([PAGE, PAGE], labels, kept) == pytest.approx((8 / 14 + 12 / 16) / 2)


def test_labels_that_do_not_match_a_page_are_refused():
    with pytest.raises(DataError, match=r"^x: 2 lines and 3 labels$"):
        mean_char_f1([PAGE], [["body"] * 3], [np.ones(2, bool)])
    with pytest.raises(DataError, match="1 pages and labels of 2; give as many"):
        mean_char_f1([PAGE], [["body"] * 2] * 2, [np.ones(2, bool)])
