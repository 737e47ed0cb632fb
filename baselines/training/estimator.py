"""Decide about lines with any classifier of scikit-learn, one for each view."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from baselines.features.batch import Batch
from baselines.model import DEFAULT, VIEWS, Decision
from baselines.threshold import SHARE, keep_by_expected_f1, line_sizes
from baselines.training.line_features import line_features
from baselines.training.samples import label_pages
from corpus import DataError, Lines, Page
from labels import Label


@dataclass(frozen=True, slots=True, eq=False)
class EstimatorModel:
    """Fitted classifiers by view; it decides as `baselines.Model` does, in one stage."""

    estimators: Mapping[str, Any]

    def decide(self, lines: Lines, profile: str = DEFAULT) -> Decision:
        """Compute each line's probability of body, and whether it is kept, both of shape (n,).

        Raises:
            DataError: if a profile asks for other labels than body.
        """
        if profile != DEFAULT:
            raise DataError(f"profile {profile!r}: this classifier distinguishes body alone")
        if not len(lines):
            return np.zeros(0), np.zeros(0, np.bool_)
        view = "html" if lines.is_html and "html" in self.estimators else "text"
        estimator = self.estimators[view]
        values = VIEWS[view].features(Batch.of([lines])).values
        classes = [bool(value) for value in estimator.classes_]
        probabilities = estimator.predict_proba(_named(estimator, values))
        body = np.asarray(probabilities[:, classes.index(True)], np.float64)
        return body, keep_by_expected_f1(body, line_sizes(lines.chars), SHARE)

    def decide_many(self, pages: Sequence[Lines], profile: str = DEFAULT) -> list[Decision]:
        """Decide about several pages."""
        return [self.decide(lines, profile) for lines in pages]

    def label(self, lines: Lines) -> NDArray[np.int8]:
        """Label what is kept body, and all else noise, codes of shape (n,)."""
        kept = self.decide(lines)[1]
        return np.where(kept, Label.BODY.code, Label.NOISE.code).astype(np.int8)

    def to_json(self) -> str:
        """Refuse to be written.

        Raises:
            DataError: always.
        """
        names = ", ".join(sorted({type(one).__name__ for one in self.estimators.values()}))
        raise DataError(
            f"{names} cannot be saved: weights are kept as data, and nothing is pickled; write its "
            "decisions as a run file (baselines.line_features, bench.running.write_run)"
        )


def fit_estimator(
    estimator: Any, views: Iterable[str], pages: Sequence[Page], labels: Sequence[ArrayLike]
) -> EstimatorModel:
    """Fit a copy of a classifier for each view that pages have, with weights if it takes them.

    Raises:
        DataError: if it has no ``predict_proba``, or the pages hold too little to fit to.
    """
    from sklearn.base import clone
    from sklearn.utils.validation import has_fit_parameter

    if not hasattr(estimator, "predict_proba"):
        raise DataError(
            f"{type(estimator).__name__} has no predict_proba; use a classifier that has one"
        )
    labelled = list(label_pages(pages, labels))
    fitted = {}
    for view in views:
        used = [page for page in labelled if view == "text" or page.page.markup == "html"]
        if not used:
            continue
        table = line_features(used, view)
        counts = table.weights > 0
        if table.y[counts].all() or not table.y[counts].any():
            raise DataError("the training pages need lines of body and of noise; add a dataset")
        weights = table.weights[counts] / table.weights[counts].mean()
        extra = {"sample_weight": weights} if has_fit_parameter(estimator, "sample_weight") else {}
        fitted[view] = clone(estimator).fit(table.X[counts], table.y[counts], **extra)
    return EstimatorModel(fitted)


def _named(estimator: Any, values: NDArray[np.float32]) -> Any:
    """Give the values their names again, if it was fitted with them."""
    import pandas as pd

    names = getattr(estimator, "feature_names_in_", None)
    return values if names is None else pd.DataFrame(values, columns=names)
