import time

import pytest

from corpus import DataError
from corpus.limited import call_limited

LIMITS = {"timeout": 20.0, "memory_mb": 200}


def square(number):
    return number * number


def fail(number):
    raise DataError(f"no {number}")


def break_down(number):
    raise KeyError(number)


def fill(megabytes):
    return len(bytes(megabytes * 2**20))


def test_a_call_returns_what_the_function_does():
    assert call_limited(square, 7, **LIMITS) == 49


def test_an_error_about_data_comes_through_as_it_is():
    with pytest.raises(DataError, match=r"^no 7$"):
        call_limited(fail, 7, **LIMITS)


def test_another_error_is_one_sentence():
    with pytest.raises(DataError, match=r"^it ended with KeyError: 7$"):
        call_limited(break_down, 7, **LIMITS)


def test_a_call_that_takes_too_long_is_stopped():
    start = time.monotonic()
    with pytest.raises(DataError, match=r"^stopped after 0.5 s; a higher --timeout gives it more$"):
        call_limited(time.sleep, 60, timeout=0.5, memory_mb=200)
    assert time.monotonic() - start < 30


def test_a_call_that_takes_too_much_memory_is_stopped():
    assert call_limited(fill, 50, **LIMITS) == 50 * 2**20
    with pytest.raises(DataError, match=r"^it needs more than 200 MiB; a higher --memory gives"):
        call_limited(fill, 400, **LIMITS)
