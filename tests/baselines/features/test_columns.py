import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baselines.features.columns import (
    Bounds,
    Features,
    distance_back,
    exact,
    heaviest_stretch,
    matrix,
    mean_around,
    mean_by_key,
    numbered,
    numbered_pairs,
    occurrences,
    run_lengths,
    shift,
    side_by_side,
    windows,
)


def one(values):
    """The bounds of a single page."""
    return Bounds.of([len(values)])


def numbers(*values):
    return np.array(values, float)


def hits(text):
    return np.array([sign == "x" for sign in text])


def test_means_by_key():
    keys = np.array([2, 0, 2, 2, 1])
    assert mean_by_key(keys, numbers(1, 2, 3, 5, 4)).tolist() == [3, 2, 3, 3, 4]


def test_occurrences():
    assert occurrences(np.array([2, 0, 2, 2, 1])).tolist() == [3, 1, 3, 3, 1]


@pytest.mark.parametrize(
    ("step", "moved"),
    [
        (1, [1, 1, 2, 3]),
        (2, [1, 2, 1, 2]),
        (-1, [2, 3, 4, 4]),
        (3, [1, 2, 3, 1]),
        (4, [1, 2, 3, 4]),
        (-9, [1, 2, 3, 4]),
    ],
)
def test_where_nothing_moves_in_a_lines_own_value_stays(step, moved):
    assert shift(numbers(1, 2, 3, 4), step, Bounds.of([4])).tolist() == moved


@pytest.mark.parametrize(
    ("k", "means"),
    [(1, [1.5, 2, 3, 3.5]), (2, [2, 2.5, 2.5, 3]), (9, [2.5] * 4), (0, [1, 2, 3, 4])],
)
def test_means_around_a_line_are_of_the_lines_that_are_there(k, means):
    assert mean_around(numbers(1, 2, 3, 4), k, Bounds.of([4])).tolist() == means


def test_keys_are_numbered_from_zero():
    assert numbered(np.array([70, 3, 70, 5], np.uint64)).tolist() == [2, 0, 2, 1]


def test_pairs_are_numbered_by_both_values_and_do_not_overflow():
    first, second = np.array([1, 0, 1, 1], np.int32), np.array([2, 5, 2, 0], np.int32)
    assert numbered_pairs(first, second).tolist() == [2, 0, 2, 1]
    assert numbered_pairs(first << 20, second << 20).tolist() == [2, 0, 2, 1]
    assert numbered_pairs(first[:0], second[:0]).tolist() == []


def column(features, name):
    return features.values[:, features.names.index(name)].tolist()


def test_windows_before_and_after_a_line_are_without_it():
    found = windows({"x": numbers(1, 2, 3, 4)}, Bounds.of([4]))
    assert column(found, "x_before_2") == [0, 1, 1.5, 2.5]
    assert column(found, "x_after_2") == [2.5, 3.5, 4, 0]
    assert column(found, "x_before_15") == [0, 1, 1.5, 2]
    assert column(found, "x_within_1") == [1.5, 2, 3, 3.5]


def test_windows_of_several_columns_are_those_of_each():
    both = windows({"x": numbers(1, 2, 3), "y": numbers(4, 0, 0)}, Bounds.of([3]))
    for name, values in (("x", numbers(1, 2, 3)), ("y", numbers(4, 0, 0))):
        alone = windows({name: values}, Bounds.of([3]))
        assert [column(both, one) for one in alone.names] == alone.columns.tolist()


@given(st.lists(st.integers(-100, 100), min_size=1, max_size=60), st.sampled_from([1, 3, 5, 8, 20]))
def test_means_around_are_those_of_slices(values, k):
    found = mean_around(np.array(values, float), k, one(values))
    expected = [np.mean(values[max(at - k, 0) : at + k + 1]) for at in range(len(values))]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_blocks_put_side_by_side_keep_their_names():
    one = matrix({"a": numbers(1, 3), "b": np.array([True, False])})
    two = Features(("c",), np.array([[5, 6]], np.float32))
    both = side_by_side(one, two)
    assert both.names == ("a", "b", "c")
    assert both.values.tolist() == [[1, 1, 5], [3, 0, 6]]
    assert both.columns.dtype == np.float32


@pytest.mark.parametrize(
    ("text", "distances"),
    [
        ("..x..x", [6, 6, 6, 1, 2, 3]),
        ("x...", [4, 1, 2, 3]),
        ("....", [4, 4, 4, 4]),
        ("xx", [2, 1]),
    ],
)
def test_distances_to_the_last_hit_before(text, distances):
    assert distance_back(hits(text), one(text)).tolist() == distances


@pytest.mark.parametrize(
    ("text", "lengths"),
    [("xx.xxx", [2, 2, 1, 3, 3, 3]), ("....", [4, 4, 4, 4]), ("x", [1])],
)
def test_lengths_of_runs(text, lengths):
    assert run_lengths(hits(text), one(text)).tolist() == lengths


@pytest.mark.parametrize(
    ("scores", "stretch"),
    [
        ([-1, 2, 3, -1, 4, -9, 5], (1, 5)),  # 2 + 3 - 1 + 4 = 8
        ([-1, 2, -9, 5], (3, 4)),
        ([1, 2], (0, 2)),
        ([-3, -1, -2], (1, 2)),  # the least bad line
    ],
)
def test_the_heaviest_stretch(scores, stretch):
    starts, ends = heaviest_stretch(numbers(*scores), one(scores))
    assert (starts.tolist(), ends.tolist()) == ([stretch[0]], [stretch[1]])


# Several pages at once


def test_bounds_are_where_each_page_is():
    bounds = Bounds.of([2, 3])
    assert (bounds.starts.tolist(), bounds.ends.tolist()) == ([0, 2], [2, 5])
    assert bounds.lengths.tolist() == [2, 3]
    assert (bounds.page.tolist(), bounds.at.tolist()) == ([0, 0, 1, 1, 1], [0, 1, 0, 1, 2])
    assert bounds.spread(numbers(7, 9)).tolist() == [7, 7, 9, 9, 9]
    assert bounds.sums(numbers(1, 2, 3, 4, 5)).tolist() == [3, 12]
    assert bounds.running(numbers(1, 2, 3, 4, 5)).tolist() == [1, 3, 3, 7, 12]
    assert bounds.last(hits("x..x.")).tolist() == [0, 3]
    assert bounds.last(hits("xx...")).tolist() == [1, -1]
    assert bounds.backwards().lengths.tolist() == [3, 2]


def test_exact_values_add_up_to_the_same_in_any_order():
    values = exact(np.random.default_rng(0).random(1000) * 1000)
    assert values.sum() == values[::-1].sum() == np.sort(values).sum() == np.cumsum(values)[-1]


PAGES = st.lists(st.lists(st.integers(-9, 9), min_size=1, max_size=30), min_size=1, max_size=5)
OPERATIONS = {
    "shift": lambda values, bounds: shift(values, 2, bounds),
    "shift back": lambda values, bounds: shift(values, -3, bounds),
    "windows": lambda values, bounds: windows({"x": values / 7}, bounds).columns.T,
    "mean around": lambda values, bounds: mean_around(values / 7, 5, bounds),
    "distance back": lambda values, bounds: distance_back(values > 5, bounds),
    "run lengths": lambda values, bounds: run_lengths(values > 0, bounds),
    "running": lambda values, bounds: bounds.running(exact(values / 7)),
    "sums": lambda values, bounds: bounds.spread(bounds.sums(values / 7)),
    "heaviest stretch": lambda values, bounds: np.array(
        [bounds.spread(side) - bounds.spread(bounds.starts) for side in
         heaviest_stretch(values, bounds)]
    ).T,
}  # fmt: skip


@pytest.mark.parametrize("name", OPERATIONS)
@given(PAGES)
def test_a_page_is_the_same_bit_by_bit_whatever_stands_beside_it(name, pages):
    columns = [np.array(page, float) for page in pages]
    together = OPERATIONS[name](np.concatenate(columns), Bounds.of([len(page) for page in pages]))
    alone = [OPERATIONS[name](column, one(column)) for column in columns]
    np.testing.assert_array_equal(together, np.concatenate(alone))


def test_features_are_chosen_by_name_in_the_order_of_the_names():
    found = matrix({"a": np.array([1, 2]), "b": np.array([3, 4]), "c": np.array([5, 6])})
    assert found.only(found.names) is found
    some = found.only(["c", "a"])
    assert some.names == ("c", "a")
    assert some.columns.tolist() == [[5, 6], [1, 2]]
    with pytest.raises(KeyError):
        found.only(["d"])


def test_the_first_and_the_last_hit_of_each_page():
    bounds = Bounds.of([3, 2, 1])
    hits = np.array([False, True, True, False, False, True])
    assert bounds.first(hits).tolist() == [1, 6, 5]
    assert bounds.last(hits).tolist() == [2, -1, 5]
