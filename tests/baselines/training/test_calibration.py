import numpy as np
import pytest

from baselines.training.calibration import calibration


def found(*pages):
    """Of pages of (probability, whether body, weight) of each line."""
    columns = [np.array(page, float).reshape(-1, 3) for page in pages]
    return calibration(
        [page[:, 0] for page in columns],
        [page[:, 1].astype(bool) for page in columns],
        [page[:, 2] for page in columns],
    )


def test_the_error_is_the_mean_distance_of_what_is_said_and_what_is_so():
    one = found([(0.21, 0, 1), (0.25, 1, 1), (0.9, 1, 2), (0.98, 1, 2)])
    # Said .23, so .5, of weight 2; said .94, so 1, of weight 4.
    assert one.error == pytest.approx((2 * 0.27 + 4 * 0.06) / 6)
    assert one.width == 0.1
    assert one.bins == (
        (0.2, 2, pytest.approx(0.23), pytest.approx(0.5)),
        (0.9, 2, pytest.approx(0.94), pytest.approx(1)),
    )


def test_lines_count_by_their_weight():
    one = found([(0.2, 0, 3), (0.28, 1, 1)])
    assert one.bins == ((0.2, 2, pytest.approx(0.22), pytest.approx(0.25)),)
    assert one.error == pytest.approx(0.03)


def test_how_lines_are_parted_into_pages_makes_no_difference():
    a, b, c = (0.21, 0, 1), (0.25, 1, 2), (0.9, 1, 3)
    assert found([a], [], [b, c]) == found([a, b, c])


def test_what_is_certain_and_right_has_no_error():
    one = found([(0, 0, 1), (1, 1, 1)])
    assert one.error == 0
    assert [low for low, *_ in one.bins] == [0, 0.9]


def test_what_is_certain_and_wrong_has_the_largest():
    assert found([(0, 1, 1), (1, 0, 5)]).error == 1


@pytest.mark.parametrize("tenth", range(10))
def test_a_bin_begins_at_its_lower_bound(tenth):
    assert [low for low, *_ in found([(tenth / 10, 1, 1)]).bins] == [tenth / 10]


@pytest.mark.parametrize("pages", [(), ([],)], ids=["no pages", "no lines"])
def test_of_no_lines_there_is_no_error(pages):
    one = found(*pages)
    assert np.isnan(one.error)
    assert one.bins == ()
