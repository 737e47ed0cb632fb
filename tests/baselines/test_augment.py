import numpy as np
import pytest

from baselines.augment import portal_pages

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
