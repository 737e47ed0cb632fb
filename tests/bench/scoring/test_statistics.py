import numpy as np
import pytest

from bench.scoring.statistics import RESAMPLES, Bootstrap, bootstrap, harmonic_mean

NAN = float("nan")


def test_the_mean_is_over_pages_not_over_sites():
    result = bootstrap(np.array([[1.0], [1.0], [1.0], [0.0]]), ["a", "a", "a", "b"], 0)
    assert result.means[0] == 0.75


def test_a_page_without_a_value_is_left_out_of_the_mean():
    result = bootstrap(np.array([[1.0], [NAN], [0.0]]), ["a", "b", "c"], 0)
    assert result.means[0] == 0.5


def test_whole_sites_are_resampled():
    # Two sites: a resample holds both, or one of them twice; the mean is one of three numbers.
    result = bootstrap(np.array([[1.0], [1.0], [1.0], [0.0]]), ["a", "a", "a", "b"], 0)
    assert set(np.round(result.resampled[:, 0], 6)) == {0.0, 0.75, 1.0}
    assert np.mean(result.resampled[:, 0] == 0.75) == pytest.approx(0.5, abs=0.05)


def test_the_interval_has_the_width_that_theory_gives():
    # 400 sites of one page each, half 0 and half 1: the standard error is .5 / sqrt(400).
    values = np.tile([[0.0], [1.0]], (200, 1))
    _, low, high = bootstrap(values, [str(n) for n in range(400)], 0).estimate(0)
    assert high - low == pytest.approx(2 * 1.96 * 0.025, rel=0.1)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another():
    values = np.random.default_rng(5).random((50, 1))
    sites = [str(n % 17) for n in range(50)]
    assert bootstrap(values, sites, 3).estimate(0) == bootstrap(values, sites, 3).estimate(0)
    assert bootstrap(values, sites, 3).estimate(0) != bootstrap(values, sites, 4).estimate(0)


def test_one_site_has_no_interval():
    result = bootstrap(np.array([[1.0], [0.0]]), ["a", "a"], 0)
    assert result.means[0] == 0.5
    assert result.estimate(0) == (0.5, None, None)
    assert result.resampled.shape == (RESAMPLES, 1)


def test_differences_are_paired():
    # The second is always .1 below the first, though both vary a lot from page to page.
    first = np.random.default_rng(1).random(40)
    result = bootstrap(np.column_stack([first, first - 0.1]), [str(n) for n in range(40)], 0)
    assert result.difference(0, 1) == pytest.approx((0.1, 0.1, 0.1))
    assert result.estimate(1)[2] > result.estimate(0)[1]  # unpaired, they overlap
    assert result.ranks() == [1, 2]


def test_those_whose_difference_spans_zero_share_a_rank():
    random = np.random.default_rng(2)
    base = random.random(60)
    close = base + random.normal(0, 0.2, 60)
    far = base - 0.5
    result = bootstrap(np.column_stack([far, base, close]), [str(n) for n in range(60)], 0)
    assert result.ranks() == [3, 1, 1]


def test_a_difference_whose_interval_ends_at_zero_is_a_tie():
    # A tenth of the differences is 0, so that the interval begins there.
    resampled = np.column_stack([np.arange(RESAMPLES) >= RESAMPLES / 10, np.zeros(RESAMPLES)])
    result = Bootstrap(np.array([0.9, 0.0]), resampled.astype(float))
    assert result.difference(0, 1) == (0.9, 0.0, 1.0)
    assert result.tied(0, 1)


def test_a_rank_is_shared_with_the_first_of_a_group_not_with_the_last():
    # The second is as good as the first and as the third; the third is worse than the first.
    second = np.tile([-1.0, 3.0], RESAMPLES // 2)
    resampled = np.column_stack([np.full(RESAMPLES, 2.0), second, np.zeros(RESAMPLES)])
    assert Bootstrap(np.array([2.0, 1.0, 0.0]), resampled).ranks() == [1, 1, 3]


def test_where_less_is_better_the_least_is_first():
    values = np.column_stack([np.full(9, 0.9), np.full(9, 0.1)])
    assert bootstrap(values, list("abcdefghi"), 0).ranks(higher_is_better=False) == [2, 1]


def test_an_extractor_without_a_value_has_no_rank():
    values = np.column_stack([np.full(4, 0.5), np.full(4, NAN)])
    result = bootstrap(values, list("abcd"), 0)
    assert result.ranks() == [1, None]
    assert result.estimate(1) == (None, None, None)


def test_a_ratio_of_pooled_counts_is_a_mean_weighted_by_the_denominators():
    # 1 of 1 and 3 of 9 are 4 of 10; a page with none of it is left out.
    result = bootstrap(
        np.array([[1.0], [3 / 9], [NAN]]), ["a", "b", "c"], 0, np.array([[1.0], [9.0], [0.0]])
    )
    assert result.means[0] == pytest.approx(0.4)
    _, low, high = result.estimate(0)
    assert low == pytest.approx(1 / 3)
    assert high == pytest.approx(1)


def test_a_harmonic_mean_is_taken_resample_by_resample():
    sites = [str(n) for n in range(20)]
    one = bootstrap(np.random.default_rng(1).random((20, 1)), sites, 0)
    two = bootstrap(np.random.default_rng(2).random((20, 1)), sites, 0)
    both = harmonic_mean([one, two])
    expected = 2 * one.means[0] * two.means[0] / (one.means[0] + two.means[0])
    assert both.means[0] == pytest.approx(expected)
    assert both.resampled[7, 0] == pytest.approx(
        2 * one.resampled[7, 0] * two.resampled[7, 0] / (one.resampled[7, 0] + two.resampled[7, 0])
    )


def test_a_harmonic_mean_with_a_zero_is_zero_and_with_an_unknown_unknown():
    zero = bootstrap(np.array([[0.0], [0.0]]), ["a", "b"], 0)
    one = bootstrap(np.array([[1.0], [1.0]]), ["a", "b"], 0)
    unknown = bootstrap(np.array([[NAN], [NAN]]), ["a", "b"], 0)
    assert harmonic_mean([zero, zero]).means[0] == harmonic_mean([zero, one]).means[0] == 0
    assert np.isnan(harmonic_mean([one, unknown]).means[0])
