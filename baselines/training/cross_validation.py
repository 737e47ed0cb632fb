"""Cross-validate a line classifier by site: weights decide about pages of sites they never saw."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from baselines.features.columns import Floats
from baselines.threshold import keep_by_expected_f1, line_sizes
from baselines.training.calibration import Calibration, calibration
from baselines.training.fit import fit_folds
from baselines.training.folds import site_folds
from baselines.training.samples import BODY, OPTIONAL, Sample, line_weights, read_sample
from labels import LABELS, Label
from labels.f1 import body_f1

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Fold:
    """What one fold of the cross-validation found."""

    number: int
    pages: int
    sites: int
    char_f1: float
    """Mean over the usable pages of the fold; NaN if there is none."""
    by_source: tuple[tuple[str, float], ...]
    """The same of each source that has usable pages in it, by name."""


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How often one label is right, over the lines of all pages that were labelled line by line."""

    label: Label
    lines: int
    """How many have it."""
    precision: float
    """Share of the lines predicted to have it that do; 0 if there is none."""
    recall: float
    """Share of the lines that have it that are predicted to; 0 if there is none."""


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """Decisions about every page by weights that were fitted to other sites."""

    folds: tuple[Fold, ...]
    kept: list[NDArray[np.bool_]]
    """Kept lines of each page, in the order of the samples, shapes (n,)."""
    probabilities: list[Floats]
    """Of body of each line, likewise."""
    calibration: Calibration
    """Of the probabilities of lines of usable pages that are body or noise."""
    labels: tuple[LabelScore, ...]
    """For each label that pages have or are predicted to have, in the order of `LABELS`."""


def cross_validate(
    views: Sequence[str],
    pages: Sequence[Sample],
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> CrossValidation:
    """Decide about every page with weights fitted to the pages of other sites.

    Of several views, the first that a page has decides it. ``progress`` is called with the fits
    done and their total.

    Raises:
        DataError: if there are fewer sites than folds.
    """
    tests = [test for test, _ in site_folds(pages, FOLDS, seed)]
    kept = [np.zeros(len(page.roles), np.bool_) for page in pages]
    probabilities = [np.zeros(len(page.roles)) for page in pages]
    predicted = [np.zeros(len(page.roles), np.int8) for page in pages]
    for number, view in enumerate(reversed(views)):  # what the better view decides, it decides last
        for fits, (test, stages) in enumerate(fit_folds(view, pages, FOLDS, seed), start=1):
            for row in test:
                if view in pages[row].features:
                    reading = read_sample(view, stages, pages[row])
                    sizes = line_sizes(pages[row].lines.chars)
                    probabilities[row] = reading.probabilities
                    kept[row] = keep_by_expected_f1(probabilities[row], sizes, reading.share)
                    predicted[row] = reading.labels(kept[row])
            progress(number * FOLDS + fits, FOLDS * len(views))
    return CrossValidation(
        tuple(_fold(number, test, pages, kept) for number, test in enumerate(tests, start=1)),
        kept,
        probabilities,
        _calibration(pages, probabilities),
        _label_scores(pages, predicted),
    )


def _fold(
    number: int, test: Sequence[int], pages: Sequence[Sample], kept: Sequence[NDArray[np.bool_]]
) -> Fold:
    scores: dict[str, list[float]] = defaultdict(list)
    for row in test:
        page = pages[row]
        if page.usable:
            scores[page.source].append(body_f1(page.roles, kept[row], page.lines.chars))
    together = list(chain.from_iterable(scores.values()))
    return Fold(
        number,
        pages=len(test),
        sites=len({pages[row].site for row in test}),
        char_f1=float(np.mean(together)) if together else float("nan"),
        by_source=tuple((source, float(np.mean(scores[source]))) for source in sorted(scores)),
    )


def _calibration(pages: Sequence[Sample], probabilities: Sequence[Floats]) -> Calibration:
    compared = [
        (page, of_body, page.roles != OPTIONAL)
        for page, of_body in zip(pages, probabilities, strict=True)
        if page.usable
    ]
    return calibration(
        [of_body[lines] for _, of_body, lines in compared],
        [page.roles[lines] == BODY for page, _, lines in compared],
        [line_weights(page.lines.chars)[lines] for page, _, lines in compared],
    )


def _label_scores(
    pages: Sequence[Sample], predicted: Sequence[NDArray[np.int8]]
) -> tuple[LabelScore, ...]:
    from sklearn.metrics import precision_recall_fscore_support

    pairs = [
        np.stack((page.labels, codes))
        for page, codes in zip(pages, predicted, strict=True)
        if page.by_line and page.labels is not None
    ]
    if not pairs:
        return ()
    true, found = np.concatenate(pairs, axis=1)
    known = np.union1d(true, found)
    precision, recall, _, lines = precision_recall_fscore_support(
        true, found, labels=known, zero_division=0
    )
    return tuple(
        LabelScore(LABELS[code], int(count), float(p), float(r))
        for code, count, p, r in zip(known, lines, precision, recall, strict=True)
    )
