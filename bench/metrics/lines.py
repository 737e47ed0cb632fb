"""Metrics over lines: what was kept against what is body and what is noise.

Each takes a `Case` and returns one page's value. Optional lines are in none of the sums. NaN
means that the page says nothing about the metric, and leaves it out of the mean.
"""

from functools import partial

import numpy as np

from bench.metrics.case import Case
from bench.metrics.metric import Metric, metrics_of
from labels import LABELS, NOISE_LABELS, Label
from labels.f1 import body_f1


def line_precision(case: Case) -> float:
    """Share of the kept lines that are body. Nothing kept: 1 if there is no body, else 0."""
    return _precision(case.kept_body, case.kept_noise, case.body)


def line_recall(case: Case) -> float:
    """Share of the body lines that were kept. No body: 1."""
    return _recall(case.kept_body, case.body)


def line_f1(case: Case) -> float:
    """Harmonic mean of precision and recall in lines. No body: 1 if nothing was kept, else 0."""
    return body_f1(case.roles, case.kept)


def char_precision(case: Case) -> float:
    """Share of the kept characters that are body. Nothing kept: 1 if there is no body, else 0."""
    return _precision(case.kept_body_chars, case.kept_noise_chars, case.body_chars)


def char_recall(case: Case) -> float:
    """Share of the characters of body that were kept. No body: 1."""
    return _recall(case.kept_body_chars, case.body_chars)


def char_f1(case: Case) -> float:
    """Harmonic mean of precision and recall in characters. No body: 1 if nothing kept, else 0."""
    return body_f1(case.roles, case.kept, case.chars)


def leak(case: Case, label: Label) -> float:
    """Share of the lines with this label that were kept. No such line: NaN."""
    of_label = case.labels == LABELS.index(label)
    return float(np.mean(case.kept[of_label])) if of_label.any() else float("nan")


def _precision(kept_body: int, kept_noise: int, body: int) -> float:
    kept = kept_body + kept_noise
    return kept_body / kept if kept else float(body == 0)


def _recall(kept_body: int, body: int) -> float:
    return kept_body / body if body else 1.0


METRICS = (
    *metrics_of((line_precision, line_recall, line_f1, char_precision, char_recall, char_f1)),
    *(
        Metric(
            f"leak_{label}",
            partial(leak, label=label),
            f"Share of the {label} lines that were kept. No such line: the page is left out.",
            higher_is_better=False,
        )
        for label in NOISE_LABELS
    ),
)
