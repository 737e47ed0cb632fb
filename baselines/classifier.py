"""Classify lines as an estimator of scikit-learn: pages in, a decision for each line out."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from baselines.features.columns import Floats
from baselines.model import DEFAULT, Decision, Model
from corpus import DataError, Lines, Page

# Enough to share what a page costs whatever its length, and few enough for the processor's cache.
_LINES_AT_ONCE = 2000
_PAGES_AT_ONCE = 16


class LineClassifier:
    """Distinguish body from noise, line by line.

    A sample is a page, and its target is one value for each of its lines; so pages of a site stay
    together in a cross-validation with ``groups`` of sites. ``fit`` needs scikit-learn; a model
    that is loaded, or was fitted, decides with numpy alone.

    It keeps scikit-learn's conventions of parameters, clones and attributes, and takes part in
    ``cross_val_score``. The checks of its ``check_estimator`` that feed a matrix of numbers for X
    do not apply: a page is not a row of numbers.

    Args:
        kind: which model to fit: ``logreg``, which has weights for pages with HTML and for text,
            or ``logreg-text``.
        seed: divides the sites in the fits within the fit.
    """

    def __init__(self, kind: str = "logreg", *, seed: int = 0) -> None:
        self.kind = kind
        self.seed = seed

    @classmethod
    def load(cls, name: str | Path) -> Self:
        """Load a shipped model by name, or one that was trained here by its file or folder.

        Raises:
            DataError: if there is no such model, or the file is not one.
        """
        model = Model.load(name)
        loaded = cls("logreg-text" if model.html is None else "logreg")
        loaded.model_ = model
        loaded.classes_ = np.array([False, True])
        return loaded

    def fit(self, X: Sequence[Page], y: Sequence[ArrayLike]) -> Self:  # noqa: N803 # theirs
        """Fit to pages and the labels of their lines.

        Args:
            X: pages, of several sites.
            y: for each page the labels of its lines: names of labels (`labels.Label`), or their
                codes. Titles, bylines and captions are not body; mixed lines take no part.

        Raises:
            DataError: if ``kind`` is unknown, labels do not match the lines of their page, or
                the pages hold too little to fit to.
        """
        from baselines.training.fit import fit_pages

        self.model_ = fit_pages(self.kind, X, y, seed=self.seed)
        self.classes_ = np.array([False, True])
        return self

    def predict(self, X: Iterable[Page]) -> list[NDArray[np.bool_]]:  # noqa: N803 # theirs
        """Keep or drop the lines of each page, shape (n,) each."""
        return list(self.keep_many(X))

    def predict_proba(self, X: Iterable[Page]) -> list[Floats]:  # noqa: N803 # theirs
        """Compute the probability of noise and of body of each page's lines, shape (n, 2) each."""
        return [np.column_stack([1 - body, body]) for body, _ in _decide_many(self._model(), X)]

    def score(self, X: Sequence[Page], y: Sequence[ArrayLike]) -> float:  # noqa: N803 # theirs
        """Average the F1 of body in characters over pages; optional lines count for nothing."""
        from baselines.training.samples import mean_char_f1

        return mean_char_f1(X, y, self.predict(X))

    def decide(self, lines: Lines, profile: str = DEFAULT) -> Decision:
        """Compute each line's probability of body, and whether it is kept, shapes (n,).

        Under a profile, body is what the profile counts as body.
        """
        return self._model().decide(lines, profile)

    def keep(self, page: Page, profile: str = DEFAULT) -> NDArray[np.bool_]:
        """Keep or drop the lines of a page, shape (n,).

        Under a profile (`labels.PROFILES`), what it counts as body is kept: ``with-comments`` keeps
        readers' comments, too.

        Raises:
            DataError: if there is no such profile, or the model does not distinguish its labels.
        """
        return self._model().decide(page.lines(), profile)[1]

    def keep_many(
        self, pages: Iterable[Page], profile: str = DEFAULT
    ) -> Iterator[NDArray[np.bool_]]:
        """Keep or drop the lines of each page, page by page, shape (n,) each.

        Pages are read some at a time, which is faster and makes no difference to any of them.
        """
        return (kept for _, kept in _decide_many(self._model(), pages, profile))

    def label(self, page: Page) -> NDArray[np.int8]:
        """Find the likeliest label of each line, as codes (positions in `labels.LABELS`).

        What is kept is body; what is not has the likeliest of the other labels. Shape (n,).
        """
        return self._model().label(page.lines())

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """List the parameters by name."""
        del deep  # no parameter is an estimator
        return {"kind": self.kind, "seed": self.seed}

    def set_params(self, **params: object) -> Self:
        """Set parameters by name.

        Raises:
            ValueError: if a parameter is unknown.
        """
        for name, value in params.items():
            if name not in self.get_params():
                raise ValueError(f"unknown parameter {name!r}; use kind or seed")
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        return f"LineClassifier({self.kind!r}, seed={self.seed!r})"

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True),
            transformer_tags=None,
            regressor_tags=None,
            classifier_tags=ClassifierTags(multi_class=False),
            input_tags=InputTags(two_d_array=False),
        )

    def _model(self) -> Model:
        if not hasattr(self, "model_"):
            from sklearn.exceptions import NotFittedError

            raise NotFittedError("fit the classifier to pages first, or load a model")
        return self.model_


def _decide_many(model: Model, pages: Iterable[Page], profile: str = DEFAULT) -> Iterator[Decision]:
    waiting: list[Lines] = []
    for page in pages:
        try:
            waiting.append(page.lines())
        except DataError:  # what came before it is decided all the same
            yield from model.decide_many(waiting, profile)
            raise
        if sum(map(len, waiting)) >= _LINES_AT_ONCE or len(waiting) >= _PAGES_AT_ONCE:
            yield from model.decide_many(waiting, profile)
            waiting = []
    yield from model.decide_many(waiting, profile)
