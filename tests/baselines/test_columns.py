import numpy as np
import pytest

from baselines.columns import (
    distance_back,
    heaviest_stretch,
    mean_around,
    mean_before,
    mean_by_key,
    occurrences,
    run_lengths,
    shift,
)

NONE = np.zeros(0)


def numbers(*values):
    return np.array(values, float)


def hits(text):
    return np.array([sign == "x" for sign in text])


def test_means_by_key():
    keys = np.array([7, 3, 7, 7, 5])
    assert mean_by_key(keys, numbers(1, 2, 3, 5, 4)).tolist() == [3, 2, 3, 3, 4]


def test_occurrences():
    assert occurrences(np.array([7, 3, 7, 7, 5])).tolist() == [3, 1, 3, 3, 1]


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


@pytest.mark.parametrize(
    ("k", "means"), [(1, [0, 1, 2, 3]), (2, [0, 1, 1.5, 2.5]), (9, [0, 1, 1.5, 2])]
)
def test_means_before_a_line_are_without_it(k, means):
    assert mean_before(numbers(1, 2, 3, 4), k).tolist() == means


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
        mean_by_key(NONE, NONE),
        occurrences(NONE),
        shift(NONE, 1),
        mean_around(NONE, 2),
        mean_before(NONE, 2),
        distance_back(NONE.astype(bool)),
    ):
        assert column.shape == (0,)
