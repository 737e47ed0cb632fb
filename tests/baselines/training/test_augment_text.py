import numpy as np
import pytest

from baselines.training.augment_text import cleared_pages, portal_pages

BODY, OPTIONAL, NOISE = 0, 1, 2
ARTICLE = (
    ["Home", "The headline", *[f"Sentence number {n} of the article." for n in range(8)]],
    np.array([NOISE, OPTIONAL, *[BODY] * 8], np.int8),
)
LISTS = (
    [*[f"{rank}. ranked" for rank in range(1, 7)], "between", *[f"{tag} tag" for tag in "abcd"]],
    np.array([*[NOISE] * 6, BODY, *[NOISE] * 4], np.int8),
)
RANKED = set(LISTS[0][:6])


def made(*pages, count=1, seed=0):
    return list(portal_pages(pages, count, seed))


@pytest.mark.parametrize("seed", range(10))
def test_an_article_drowns_in_the_lists_of_other_pages(seed):
    ((row, lines, roles),) = made(ARTICLE, LISTS, seed=seed)
    assert row == 0
    assert len(lines) == len(roles)
    start = lines.texts.index("Home")
    assert lines.texts[start : start + 10] == ARTICLE[0]
    assert roles[start : start + 10].tolist() == ARTICLE[1].tolist()
    around = lines.texts[:start] + lines.texts[start + 10 :]
    assert set(around) == RANKED  # a run of four tags is not worth moving
    assert np.all(np.delete(roles, range(start, start + 10)) == NOISE)
    # Two to five times the eight lines of body, and what is left of the last run.
    assert 16 <= len(around) <= 40 + 5
    assert start <= len(around) // 6


def test_most_of_the_noise_stands_below():
    above = [
        lines.texts.index("Home")
        for ((_, lines, _),) in (made(ARTICLE, LISTS, seed=s) for s in range(40))
    ]
    assert 20 <= above.count(0) < 40


def test_the_same_seed_makes_the_same_pages():
    pages = [ARTICLE, LISTS, ARTICLE]
    one, two, other = made(*pages, count=2), made(*pages, count=2), made(*pages, count=2, seed=1)
    assert [page[1].texts for page in one] == [page[1].texts for page in two]
    assert [page[1].texts for page in one] != [page[1].texts for page in other]


def test_each_article_is_used_once():
    assert sorted(row for row, _, _ in made(ARTICLE, LISTS, ARTICLE, count=9)) == [0, 2]
    assert len(made(ARTICLE, LISTS, ARTICLE, count=1)) == 1
    assert made(ARTICLE, LISTS, count=0) == []


def test_without_articles_or_lists_nothing_is_made():
    short = (ARTICLE[0][:-1], ARTICLE[1][:-1])  # seven lines of body
    assert made(short, LISTS) == []
    assert made(ARTICLE, ARTICLE) == []
    assert made() == []


# Pages with hardly any noise


def test_clearing_leaves_all_body_in_its_order_and_at_most_some_of_the_rest():
    roles = np.array(([NOISE] * 20 + [BODY] * 5 + [OPTIONAL]) * 8, np.int8)
    left = [lines for seed in range(200) for _, lines in cleared_pages([roles], seed)]
    assert len(left) == 200
    body = np.flatnonzero(roles == BODY)
    rest = [np.setdiff1d(lines, body) for lines in left]
    assert all(np.isin(body, lines).all() and (np.diff(lines) > 0).all() for lines in left)
    wholly = sum(not len(lines) for lines in rest)
    assert 40 <= wholly <= 85  # three in ten, and some by chance
    assert max(map(len, rest)) <= 0.6 * (roles != BODY).sum()
    # What stays of the noise stays in stretches.
    stays = np.concatenate(rest)
    assert np.mean(np.diff(stays) == 1) > 0.5


def test_the_same_seed_clears_the_same_lines():
    roles = [np.array([NOISE] * 30 + [BODY] * 5, np.int8)] * 6
    one, two, other = (
        [lines.tolist() for _, lines in cleared_pages(roles, seed)] for seed in (3, 3, 4)
    )
    assert one == two != other


def test_pages_without_body_or_without_anything_else_are_not_cleared():
    pages = [
        np.array([NOISE] * 9 + [BODY] * 2, np.int8),
        np.full(9, BODY, np.int8),
        np.full(9, NOISE, np.int8),
        np.zeros(0, np.int8),
        np.array([NOISE] + [BODY] * 3, np.int8),
    ]
    assert [row for row, _ in cleared_pages(pages, 0)] == [4]
