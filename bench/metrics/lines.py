"""Measure lines: what was kept against what is body and what is noise.

Each takes a `Case` and returns one page's value. Optional lines are in none of the sums. NaN
means that the page says nothing about the metric, and leaves it out of the mean.
"""

from functools import partial

import numpy as np

from bench.metrics.metric import Case, Metric
from bench.metrics.overlap import Overlap, precision_recall_f1, share_or_one
from labels import LABELS, NOISE_LABELS, Label
from labels.f1 import count_kept


def kept_lines(case: Case) -> Overlap:
    """Count the body lines that were kept, the body and noise lines kept, and the body lines."""
    return Overlap(*count_kept(case.roles, case.kept))


def kept_chars(case: Case) -> Overlap:
    """Count the same in characters."""
    return Overlap(*count_kept(case.roles, case.kept, case.chars))


def leak(case: Case, label: Label) -> float:
    """Share of the lines with this label that were kept. No such line: NaN."""
    of_label = case.labels == LABELS.index(label)
    return float(np.mean(case.kept[of_label])) if of_label.any() else float("nan")


METRICS = (
    *precision_recall_f1(
        "line",
        kept_lines,
        "Share of the kept lines that are body. Nothing kept: 1 if there is no body, else 0.",
        "Share of the body lines that were kept. No body: 1.",
        "Harmonic mean of precision and recall in lines. No body: 1 if nothing was kept, else 0.",
        recall_share=share_or_one,
    ),
    *precision_recall_f1(
        "char",
        kept_chars,
        "Share of the kept characters that are body. Nothing kept: 1 if there is no body, else 0.",
        "Share of the characters of body that were kept. No body: 1.",
        "Harmonic mean of precision and recall in characters. No body: 1 if nothing kept, else 0.",
        recall_share=share_or_one,
    ),
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
