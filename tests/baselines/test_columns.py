import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baselines.columns import (
    Features,
    around,
    distance_back,
    heaviest_stretch,
    matrix,
    mean_around,
    mean_by_key,
    numbered,
    occurrences,
    run_lengths,
    shift,
    side_by_side,
    windows,
)

NONE = np.zeros(0)


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
    assert shift(numbers(1, 2, 3, 4), step).tolist() == moved


@pytest.mark.parametrize(
    ("k", "means"),
    [(1, [1.5, 2, 3, 3.5]), (2, [2, 2.5, 2.5, 3]), (9, [2.5] * 4), (0, [1, 2, 3, 4])],
)
def test_means_around_a_line_are_of_the_lines_that_are_there(k, means):
    assert mean_around(numbers(1, 2, 3, 4), k).tolist() == means


def test_keys_are_numbered_from_zero():
    assert numbered(np.array([70, 3, 70, 5], np.uint64)).tolist() == [2, 0, 2, 1]


def column(features, name):
    return features.values[:, features.names.index(name)].tolist()


def test_windows_before_and_after_a_line_are_without_it():
    found = windows({"x": numbers(1, 2, 3, 4)})
    assert column(found, "x_before_2") == [0, 1, 1.5, 2.5]
    assert column(found, "x_after_2") == [2.5, 3.5, 4, 0]
    assert column(found, "x_before_15") == [0, 1, 1.5, 2]
    assert column(found, "x_within_1") == [1.5, 2, 3, 3.5]


def test_windows_of_several_columns_are_those_of_each():
    both = windows({"x": numbers(1, 2, 3), "y": numbers(4, 0, 0)})
    for name, values in (("x", numbers(1, 2, 3)), ("y", numbers(4, 0, 0))):
        alone = windows({name: values})
        assert [column(both, one) for one in alone.names] == alone.columns.tolist()


@given(st.lists(st.integers(-100, 100), min_size=1, max_size=60), st.sampled_from([1, 3, 5, 8, 20]))
def test_means_around_are_those_of_slices(values, k):
    found = mean_around(np.array(values, float), k)
    expected = [np.mean(values[max(at - k, 0) : at + k + 1]) for at in range(len(values))]
    np.testing.assert_allclose(found, expected, atol=1e-9)
    blocks = around({"x": np.array(values, float)}, k)
    assert blocks.names == ("x_around",)
    np.testing.assert_allclose(blocks.values[:, 0], expected, atol=1e-5)


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
    assert distance_back(hits(text)).tolist() == distances


@pytest.mark.parametrize(
    ("text", "lengths"),
    [("xx.xxx", [2, 2, 1, 3, 3, 3]), ("....", [4, 4, 4, 4]), ("x", [1]), ("", [])],
)
def test_lengths_of_runs(text, lengths):
    assert run_lengths(hits(text)).tolist() == lengths


@pytest.mark.parametrize(
    ("scores", "stretch"),
    [
        ([-1, 2, 3, -1, 4, -9, 5], (1, 5)),  # 2 + 3 - 1 + 4 = 8
        ([-1, 2, -9, 5], (3, 4)),
        ([1, 2], (0, 2)),
        ([-3, -1, -2], (1, 2)),  # the least bad line
        ([], (0, 0)),
    ],
)
def test_the_heaviest_stretch(scores, stretch):
    assert heaviest_stretch(numbers(*scores)) == stretch


def test_columns_of_no_lines_are_empty():
    for column in (
        mean_by_key(numbered(NONE), NONE),
        occurrences(numbered(NONE)),
        shift(NONE, 1),
        mean_around(NONE, 2),
        distance_back(NONE.astype(bool)),
    ):
        assert column.shape == (0,)
