from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from baselines.training.cross_validation import FOLDS, cross_validate
from baselines.training.fit import MODEL_VIEWS
from baselines.training.samples import samples
from corpus import DataError, Page
from labels import Label, LabelledPage, codes

BODY, OPTIONAL, NOISE = 0, 1, 2
TEXT, BOTH = MODEL_VIEWS["logreg-text"], MODEL_VIEWS["logreg"]


@pytest.fixture(scope="module")
def pages(labelled_pages):
    return list(samples(labelled_pages))


def body(page):
    return page.roles == BODY


def of_types(pages, types):
    """The pages with the types of their sites set, by the site's letter."""
    return [replace(page, is_article=types.get(page.site[0])) for page in pages]


MANY = dict(zip("abcdef", [True, False] * 3, strict=True))


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
    unlabelled = [replace(page, by_line=False) for page in pages]
    assert cross_validate(TEXT, unlabelled, seed=1).labels == ()


def test_folds_part_the_sites(validation):
    assert [fold.number for fold in validation.folds] == [1, 2, 3, 4, 5]
    assert sorted(fold.sites for fold in validation.folds) == [1, 1, 1, 1, 2]
    assert sorted(fold.pages for fold in validation.folds) == [2, 2, 2, 2, 4]
    assert all(0.99 < fold.char_f1 <= 1 for fold in validation.folds)


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


def test_optional_lines_and_unusable_pages_are_not_compared(pages, known):
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


@pytest.fixture
def known(monkeypatch):
    """Let what is read of a page be what functions say; nothing is fitted."""

    def put(probabilities, article=lambda page: 0.5):
        monkeypatch.setattr("baselines.training.fit.fit_stages", lambda *_, **__: None)
        monkeypatch.setattr(
            "baselines.training.cross_validation.read_sample",
            lambda _, __, page: reading(probabilities(page), article(page)),
        )

    return put


def reading(probabilities, article=0.5):
    return SimpleNamespace(
        probabilities=probabilities,
        article=article,
        share=0.5,
        labels=lambda kept: np.where(kept, 0, Label.NOISE.code),
    )


def test_cross_validation_is_the_same_for_the_same_seed(pages):
    one, two = (cross_validate(TEXT, pages, seed=1) for _ in range(2))
    assert one.folds == two.folds
    assert one.calibration == two.calibration
    for kept, again in zip(one.kept, two.kept, strict=True):
        np.testing.assert_array_equal(kept, again)
    for probabilities, again in zip(one.probabilities, two.probabilities, strict=True):
        np.testing.assert_array_equal(probabilities, again)


def test_another_seed_parts_the_sites_otherwise(pages, monkeypatch):
    def fitted_to(seed):
        sites = []
        monkeypatch.setattr(
            "baselines.training.fit.fit_stages",
            lambda view, others, *_, **__: sites.append(sorted({page.site for page in others})),
        )
        monkeypatch.setattr(
            "baselines.training.cross_validation.read_sample", lambda *_: reading(np.full(25, 0.5))
        )
        cross_validate(TEXT, pages, seed=seed)
        return str(sites)

    assert fitted_to(1) == fitted_to(1)
    assert len({fitted_to(seed) for seed in range(4)}) > 1


def test_no_weights_are_fitted_to_the_sites_they_decide(pages, monkeypatch):
    fitted_to, decided = [], []

    def fit_stages(_, others, *__, **___):
        fitted_to.append({page.site for page in others})
        return fitted_to[-1]

    def read(view, sites, page):
        assert page.site not in sites
        decided.append((view, page.id))
        return reading(np.full(25, 0.5))

    monkeypatch.setattr("baselines.training.fit.fit_stages", fit_stages)
    monkeypatch.setattr("baselines.training.cross_validation.read_sample", read)
    cross_validate(BOTH, pages)
    assert len(fitted_to) == 2 * FOLDS
    assert set.union(*fitted_to) == {page.site for page in pages}
    assert sorted(decided) == sorted((view, page.id) for page in pages for view in page.features)


def probabilities_of_a(pages):
    found = cross_validate(TEXT, pages).probabilities
    return [row.tolist() for row, page in zip(found, pages, strict=True) if page.site[0] == "a"]


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


def test_what_type_a_site_is_does_not_touch_the_decisions_about_it(pages):
    found = [
        probabilities_of_a(of_types(pages, MANY | types))
        for types in ({}, {"a": False}, {"b": True})
    ]
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_a_fold_without_usable_pages_is_no_failure(pages, known):
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
    monkeypatch.setattr("baselines.training.fit.fit_stages", lambda *_, **__: None)
    monkeypatch.setattr(
        "baselines.training.cross_validation.read_sample",
        lambda view, _, __: reading(np.full(25, 0.8 if view == "html" else 0.3)),
    )
    found = cross_validate(BOTH, pages).probabilities
    for page, probabilities in zip(pages, found, strict=True):
        assert set(probabilities) == {0.8 if "html" in page.features else 0.3}
