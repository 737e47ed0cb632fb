from dataclasses import replace

import numpy as np
import pytest

from baselines.training.fit_names import fit_names
from baselines.training.samples import lines_to_fit, samples
from corpus import Page
from labels import LabelledPage, codes

PROSE = "The ferry runs again every {}, as the harbour master said on Friday."
SITES = 18


def page(number, extra="", **about):
    """A page of a site of its own, whose post is body and whose reply is a comment."""
    html = (
        f"<div class='shell'><div class='post {extra}'><p>{PROSE.format(number)}</p></div>"
        f"<div class='reply n{number}x'><p>{PROSE.format('day')}</p></div></div>"
        f"<p>{PROSE.format('hour')}</p>"
    )
    made = Page(f"p-{number}", html.encode(), "html", site=f"{number}.example", **about)
    return LabelledPage(made, made.lines().texts, codes(["body", "comment", "noise"]))


def fitted(pages, count=None):
    random = np.random.default_rng(0)
    chosen = [lines_to_fit(one, 0.5, random) for one in pages]
    lines, weights = zip(*chosen, strict=True)
    return fit_names(pages, count or len(pages), lines, weights, 0)


@pytest.fixture(scope="module")
def pages():
    return list(samples([page(number) for number in range(SITES)], source="one"))


def test_words_weigh_as_the_lines_around_which_they_stand(pages):
    names, _ = fitted(pages)
    assert set(names.weights) == {"post", "reply", "shell"}  # n0x is on one site
    assert names.weights["post"][0] > 0 > names.weights["reply"][0]
    assert names.weights["reply"][1] > 0 > names.weights["post"][1]


@pytest.mark.parametrize(("sites", "takes_part"), [(14, False), (15, True)])
def test_a_word_takes_part_from_fifteen_sites_on(sites, takes_part):
    some = [page(number, "rare" if number < sites else "") for number in range(SITES)]
    names, _ = fitted(list(samples(some)))
    assert ("rare" in names.weights) == takes_part


def test_the_scores_of_a_page_are_by_weights_that_saw_none_of_its_site(pages):
    def scores_of_the_first(labels):
        changed = [replace(pages[0], targets=np.array(labels, np.int8)), *pages[1:]]
        return fitted(changed)[1][0].values

    one, two = scores_of_the_first([0, 2, 2]), scores_of_the_first([2, 0, 0])
    np.testing.assert_array_equal(one, two)
    assert one[0, 0] > one[1, 0]
    assert one[1, 1] > one[0, 1]


def test_whether_a_line_is_a_comment_is_learnt_of_sources_that_know_it(pages):
    """Another source has replies, too, and calls them noise."""
    silent = [
        replace(one, source="two", labels=np.array([0, 11, 11], np.int8), site=f"two-{one.site}")
        for one in pages
    ]
    names, _ = fitted([*pages, *silent])
    alone, _ = fitted(pages)
    assert [names.weights[word][1] for word in names.weights] == pytest.approx(
        [alone.weights[word][1] for word in names.weights], abs=1e-3
    )


def test_without_any_comment_nothing_is_learnt_of_them(pages):
    silent = [replace(one, labels=np.zeros(3, np.int8)) for one in pages]
    names, _ = fitted(silent)
    assert {row[1] for row in names.weights.values()} == {0}
    assert names.intercepts[1] == 0


def test_pages_that_are_made_of_others_are_scored_and_not_learnt_from(pages):
    turned = [replace(one, targets=np.array([2, 0, 0], np.int8), labels=None) for one in pages]
    names, scores = fitted([*pages, *turned], len(pages))
    alone, _ = fitted(pages)
    assert (names.weights, names.intercepts) == (alone.weights, alone.intercepts)
    assert len(scores) == 2 * SITES
    assert scores[SITES].values.shape == (3, 2)


def test_fitting_again_gives_the_same(pages):
    (one, _), (two, _) = fitted(pages), fitted(pages)
    assert (one.weights, one.intercepts) == (two.weights, two.intercepts)
