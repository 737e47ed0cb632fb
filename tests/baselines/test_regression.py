import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baselines.features.columns import Features
from baselines.regression import Inputs, Linear, Mixture, Multinomial, Stages, logistic
from baselines.threshold import (
    LEAST_PROBABILITY,
    expected_f1,
    keep_by_expected_f1,
    keep_limit,
    line_sizes,
)
from corpus import DataError
from labels import LABELS, Label


def values(*rows):
    return np.array(rows, np.float32)


def features(*rows):
    """Features a, b, c of a page of these lines."""
    return Features(("a", "b", "c"), values(*rows).T)


def pair(*rows):
    """Features a, b of a page of these lines."""
    return Features(("a", "b"), values(*rows).T)


# Standardising

INPUTS = Inputs(("a", "b", "c"), mean=values(1, 10, 5), scale=values(2, 5, 1))


def test_features_are_standardised():
    assert INPUTS.of(features([1, 10, 5], [3, 0, 6])).tolist() == [[0, 0, 0], [1, -2, 1]]


def test_standardised_features_are_clipped_at_four():
    one = features([9, -10, 5], [9.5, -11, 5000])
    assert INPUTS.of(one).tolist() == [[4, -4, 0], [4, -4, 4]]


def test_standardising_leaves_the_features_as_they_are():
    one = features([9, 9, 9])
    INPUTS.of(one)
    assert one.values.tolist() == [[9, 9, 9]]


def test_features_are_taken_by_name_whatever_else_there_is():
    other = Features(("new", "c", "a", "b"), values([9, 9], [5, 6], [1, 3], [10, 0]))
    assert INPUTS.of(other).tolist() == INPUTS.of(features([1, 10, 5], [3, 0, 6])).tolist()


@pytest.mark.parametrize("names", [("a", "b"), ("a", "b", "d"), ()])
def test_a_feature_that_is_missing_is_named(names):
    other = Features(names, np.zeros((len(names), 1), np.float32))
    missing = "'c'" if names else "'a'"
    with pytest.raises(
        DataError,
        match=f"^the model was fitted to a feature that is not there, {missing}; train it again$",
    ):
        INPUTS.of(other)


def test_mean_and_scale_are_those_of_the_columns():
    fitted = Inputs.fit(("a", "b"), values([1, 5], [3, -5], [5, 0]))
    assert fitted.names == ("a", "b")
    assert fitted.mean.tolist() == [3, 0]
    # Deviations: (4 + 0 + 4) / 3 and (25 + 25 + 0) / 3.
    assert fitted.scale.tolist() == pytest.approx(np.sqrt([8 / 3, 50 / 3]))
    assert fitted.mean.dtype == fitted.scale.dtype == np.float32


def test_a_feature_that_never_varies_is_not_scaled():
    fitted = Inputs.fit(("a",), values([7], [7]))
    assert (fitted.mean.tolist(), fitted.scale.tolist()) == ([7], [1])


def test_a_feature_that_varies_by_more_than_a_millionth_is_scaled():
    fitted = Inputs.fit(("a", "b"), values([0.0001, 1e-7], [-0.0001, -1e-7]))
    assert fitted.scale.tolist() == pytest.approx([0.0001, 1])


# Regressions


def test_log_odds_by_hand():
    one = Linear(values(0.5, -1), 0.25)
    # .25; .25 + .5 - 1; .25 - 4.
    assert one.log_odds(values([0, 0], [1, 1], [0, 4])).tolist() == [0.25, -0.25, -3.75]
    assert one.log_odds(np.zeros((0, 2), np.float32)).shape == (0,)


def test_probabilities_of_log_odds():
    odds = np.array([0, np.log(3), -np.log(3), 500, -500])
    assert logistic(odds).tolist() == pytest.approx([0.5, 0.75, 0.25, 1, 0])


MIXTURE = Mixture(articles=Linear(values(1, 0), 2.0), others=Linear(values(-1, 4), 0.0))


@pytest.mark.parametrize(
    ("article", "weight", "intercept"),
    [(0, [-1, 4], 0), (0.25, [-0.5, 3], 0.5), (0.5, [0, 2], 1), (1, [1, 0], 2)],
)
def test_regressions_are_mixed_by_what_a_page_seems_to_be(article, weight, intercept):
    mixed = MIXTURE.mixed(article)
    assert mixed.weight.tolist() == weight
    assert mixed.intercept == intercept


def stages(article):
    return Stages(
        inputs=Inputs(("a", "b"), values(0, 0), values(1, 1)),
        article=article,
        first=MIXTURE,
        context=Inputs((), values(), values()),
        second=MIXTURE,
    )


def test_a_page_is_one_of_an_article_by_the_mean_of_its_lines():
    # The means are 1 and 3: log-odds 1 x log(3) + 3 x 0.
    two = stages(Linear(values(np.log(3), 0), 0.0))
    assert two.article_probability(values([0, 2], [2, 4])) == pytest.approx(0.75)


# Labels other than body


OTHERS = Multinomial((Label.TITLE, Label.LEGAL), values([1, 0], [0, 2]), values(0, np.log(3)))


def test_labels_by_hand():
    # Odds: 1 to 3; e to 3; 1 to 3 x e squared.
    found = OTHERS.probabilities(values([0, 0], [1, 0], [0, 1]))
    assert found.shape == (3, len(LABELS))
    title, legal = (found[:, LABELS.index(label)] for label in OTHERS.labels)
    assert title.tolist() == pytest.approx([1 / 4, np.e / (np.e + 3), 1 / (1 + 3 * np.e**2)])
    assert (title + legal).tolist() == pytest.approx([1, 1, 1])
    assert (found.sum(axis=1)).tolist() == pytest.approx([1, 1, 1])  # and the others are 0


def test_labels_where_one_is_as_good_as_certain():
    found = OTHERS.probabilities(values([5000, 0]))
    assert found[0, Label.TITLE.code] == 1


# What is kept


@pytest.mark.parametrize(
    ("probabilities", "sizes", "expected"),
    [
        ([], [], 0),
        ([0], [1], 0),
        ([0, 0], [1, 5], 0),
        ([1], [3], 1),
        ([1, 1, 1], [1, 2, 3], 1),
        ([1, 0], [1, 9], 1),
        ([0.5], [1], 2 / 3),  # 2 x .5 / (1 + .5)
        ([0.5, 0.5], [1, 1], 2 / 3),  # one: 1 / (1 + 1); both: 2 / (2 + 1)
        ([0.2, 0.8], [1, 1], 0.8),  # .8 alone: 1.6 / (1 + 1); both: 2 / (2 + 1)
        ([0.2, 0.8], [4, 1], 8 / 13),  # .8 alone: 1.6 / (1 + 1.6); both: 3.2 / (5 + 1.6)
        ([0.3, 0.3, 0.3], [1, 1, 1], 6 / 13),  # 1.8 / (3 + .9)
    ],
)
def test_expected_f1_by_hand(probabilities, sizes, expected):
    found = expected_f1(np.array(probabilities, float), np.array(sizes, float))
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("probabilities", "share", "kept"),
    [
        ([], 0.5, []),
        ([1, 1, 1], 0.5, [True, True, True]),
        ([1, 0, 1], 0.5, [True, False, True]),
        ([0, 0, 0], 0.5, [False, False, False]),
        ([0.2, 0.8], 0.5, [False, True]),  # from .4 on
        ([0.2, 0.8], 0.25, [True, True]),  # from .2 on
        ([0.2, 0.8], 1.0, [False, True]),  # from .8 on
        ([0.3, 0.3, 0.3], 0.5, [True, True, True]),  # from 3 / 13 on
        ([0.3, 0.3, 0.3], 0.7, [False, False, False]),  # from 4.2 / 13 on
        ([0.45, 1, 1, 1], 0.5, [False, True, True, True]),  # from .465 on: 3 x 2 / (3 + 3.45)
        ([0.1, 0.0999], 0.0, [True, False]),  # the least probability
        ([0.09] * 50, 0.0, [False] * 50),
        ([0.09] * 50, 0.5, [False] * 50),
    ],
)
def test_lines_are_kept_from_a_share_of_the_expected_f1_on(probabilities, share, kept):
    found = keep_by_expected_f1(np.array(probabilities, float), np.ones(len(probabilities)), share)
    assert found.dtype == bool
    assert found.tolist() == kept


@pytest.mark.parametrize(
    ("probabilities", "share", "limit"),
    [
        ([], 0.5, 0.1),
        ([0, 0], 0.5, 0.1),
        ([1, 1], 0.5, 0.5),
        ([0.2, 0.8], 0.5, 0.4),
        ([0.5, 0.5], 0.3, 0.2),
        ([0.3, 0.3, 0.3], 0.1, 0.1),
    ],
)
def test_the_limit_is_a_share_of_the_expected_f1_or_the_least_probability(
    probabilities, share, limit
):
    found = keep_limit(np.array(probabilities, float), np.ones(len(probabilities)), share)
    assert found == pytest.approx(limit)


def test_a_page_that_is_easy_to_read_is_cut_higher_than_one_where_all_is_doubtful():
    easy, doubtful = np.array([0.4, 1, 1, 1]), np.array([0.4, 0.3, 0.3, 0.3])
    assert not keep_by_expected_f1(easy, np.ones(4), 0.5)[0]
    assert keep_by_expected_f1(doubtful, np.ones(4), 0.5)[0]


PROBABILITIES = st.lists(st.floats(0, 1), min_size=1, max_size=30).map(np.array)
SHARES = st.floats(0, 1)


def ratios(probabilities, sizes):
    """Expected F1 of each beginning of the ranking, one by one."""
    ranking = sorted(range(len(sizes)), key=lambda row: -probabilities[row])
    all_body = sum(p * size for p, size in zip(probabilities, sizes, strict=True))
    found = []
    for count in range(1, len(ranking) + 1):
        rows = ranking[:count]
        hits = sum(probabilities[row] * sizes[row] for row in rows)
        found.append(2 * hits / (sum(sizes[row] for row in rows) + all_body))
    return found


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(1, 100)), min_size=1, max_size=30))
def test_expected_f1_is_the_best_of_all_beginnings_of_the_ranking(lines):
    probabilities, sizes = map(np.array, zip(*lines, strict=True))
    found = expected_f1(probabilities, sizes)
    assert found == pytest.approx(max(ratios(probabilities, sizes)))
    assert 0 <= found <= 1 + 1e-9


@given(PROBABILITIES, st.floats(0.1, 10))
def test_expected_f1_does_not_depend_on_the_order_or_the_unit_of_sizes(probabilities, unit):
    sizes = np.arange(1.0, len(probabilities) + 1)
    found = expected_f1(probabilities, sizes)
    assert expected_f1(probabilities[::-1], unit * sizes[::-1]) == pytest.approx(found)


@given(PROBABILITIES, SHARES)
def test_what_is_kept_is_a_beginning_of_the_ranking(probabilities, share):
    kept = keep_by_expected_f1(probabilities, np.ones(len(probabilities)), share)
    ranking = np.argsort(-probabilities, kind="stable")
    assert kept[ranking].tolist() == sorted(kept, reverse=True)
    assert np.all(probabilities[kept] >= LEAST_PROBABILITY)


@given(PROBABILITIES)
def test_half_of_the_expected_f1_is_the_best_cut(probabilities):
    sizes = np.ones(len(probabilities))
    best = expected_f1(probabilities, sizes)
    kept = keep_by_expected_f1(probabilities, sizes, 0.5)
    if best / 2 > LEAST_PROBABILITY:
        hits = probabilities[kept].sum()
        assert 2 * hits / (kept.sum() + probabilities.sum()) == pytest.approx(best)


@given(PROBABILITIES, SHARES, SHARES)
def test_a_larger_share_keeps_no_more(probabilities, one, other):
    sizes = np.ones(len(probabilities))
    less = keep_by_expected_f1(probabilities, sizes, max(one, other))
    more = keep_by_expected_f1(probabilities, sizes, min(one, other))
    assert np.all(more[less])


def test_a_line_counts_for_the_root_of_its_characters():
    assert line_sizes(np.array([1, 4, 900], np.int32)).tolist() == [1, 2, 30]
    assert line_sizes(np.zeros(0, np.int32)).shape == (0,)
