"""A page as a published metric sees it: two texts, lines, snippets."""

import math

import numpy as np
import pytest

from bench.metrics import METRICS, Case

EMPTY = np.zeros(0, np.int8)


def case(text="", gold_text="", lines=(), with_snippets=(), without_snippets=()):
    return Case(
        labels=EMPTY,
        roles=EMPTY,
        chars=np.zeros(0, np.int32),
        kept=np.zeros(0, bool),
        text=text,
        gold_text=gold_text,
        lines=lines,
        with_snippets=with_snippets,
        without_snippets=without_snippets,
    )


@pytest.fixture(scope="session")
def value():
    """A metric's value on a page; None where it leaves the page out."""

    def of(metric, *args, **kwargs):
        found, _ = METRICS[metric].on(case(*args, **kwargs))
        return None if math.isnan(found) else pytest.approx(found)

    return of


@pytest.fixture(scope="session")
def over_pages():
    """A metric's value over several pages, as the mean of their values by their weights."""

    def of(metric, *cases):
        known = [v for v in map(METRICS[metric].on, cases) if not math.isnan(v.value)]
        total = sum(v.weight for v in known)
        return pytest.approx(sum(v.value * v.weight for v in known) / total) if known else None

    return of


@pytest.fixture(name="case", scope="session")
def case_():
    return case
