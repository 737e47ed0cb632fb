"""Classify lines as an estimator of scikit-learn: pages in, a decision for each line out."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from baselines.features.columns import Floats
from baselines.model import DEFAULT, Decision, Model
from corpus import DataError, Lines, Page
from corpus.files import write_atomically

if TYPE_CHECKING:
    from sklearn.base import ClassifierMixin

    from baselines.training.estimator import EstimatorModel

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
        estimator: a classifier of scikit-learn with ``predict_proba`` to fit instead, a copy for
            each view; it sees the features of lines, in one stage, and knows body alone.
    """

    def __init__(
        self, kind: str = "logreg", *, seed: int = 0, estimator: "ClassifierMixin | None" = None
    ) -> None:
        self.kind = kind
        self.seed = seed
        self.estimator = estimator

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
            DataError: if ``kind`` is unknown, labels do not match the lines of their page, the
                pages hold too little to fit to, or the estimator has no ``predict_proba``.
        """
        from baselines.training.estimator import fit_estimator
        from baselines.training.fit import fit_pages, views_of

        self.model_: Model | EstimatorModel
        if self.estimator is None:
            self.model_ = fit_pages(self.kind, X, y, seed=self.seed)
        else:
            self.model_ = fit_estimator(self.estimator, views_of(self.kind), X, y)
        self.classes_ = np.array([False, True])
        return self

    def save(self, path: str | Path) -> None:
        """Write the weights as data, a JSON file that `load` and ``bench run`` take.

        Raises:
            DataError: if a classifier of scikit-learn was fitted, which is not pickled.
        """
        write_atomically(Path(path), self._model().to_json())

    def extract(self, html: str | bytes) -> str:
        """Keep the lines of a page that are body, joined by line breaks.

        Raises:
            DataError: if the page cannot be read.
        """
        raw = html.encode("utf-8", "replace") if isinstance(html, str) else html
        page = Page("page", raw, "html")
        return "\n".join(compress(page.lines().texts, self.keep(page)))

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
        own = {"kind": self.kind, "seed": self.seed, "estimator": self.estimator}
        inner = self.estimator.get_params() if deep and self.estimator is not None else {}
        return own | {f"estimator__{name}": value for name, value in inner.items()}

    def set_params(self, **params: object) -> Self:
        """Set parameters by name.

        Raises:
            ValueError: if a parameter is unknown.
        """
        for name, value in params.items():
            outer, _, inner = name.partition("__")
            if outer == "estimator" and inner and self.estimator is not None:
                self.estimator.set_params(**{inner: value})
            elif name in {"kind", "seed", "estimator"}:
                setattr(self, name, value)
            else:
                raise ValueError(f"unknown parameter {name!r}; use kind, seed or estimator")
        return self

    def __repr__(self) -> str:
        more = f", estimator={self.estimator!r}" if self.estimator is not None else ""
        return f"LineClassifier({self.kind!r}, seed={self.seed!r}{more})"

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

    def _model(self) -> "Model | EstimatorModel":
        if not hasattr(self, "model_"):
            from sklearn.exceptions import NotFittedError

            raise NotFittedError("fit the classifier to pages first, or load a model")
        return self.model_


def out_of_fold(
    classifier: LineClassifier,
    pages: Sequence[Page],
    labels: Sequence[ArrayLike],
    folds: int = 5,
    seed: int = 0,
) -> list[NDArray[np.bool_]]:
    """Keep or drop the lines of each page, shape (n,) each, by weights that saw none of its site.

    It does the work of scikit-learn's ``cross_val_predict``, which takes no targets of different
    lengths. ``labels`` are for each page those of its lines, as `LineClassifier.fit` takes them;
    a page without a site is a site of its own.

    Raises:
        DataError: if there are fewer sites than folds, or what `LineClassifier.fit` refuses.
    """
    from sklearn.base import clone

    from baselines.training.folds import folds_of

    sites = [page.site or page.id for page in pages]
    kept: list[NDArray[np.bool_]] = [np.zeros(0, np.bool_)] * len(pages)
    for test, others in folds_of(sites, folds, seed):
        fitted = clone(classifier).fit([pages[at] for at in others], [labels[at] for at in others])
        for at, decided in zip(test, fitted.predict([pages[at] for at in test]), strict=True):
            kept[at] = decided
    return kept


def _decide_many(
    model: "Model | EstimatorModel", pages: Iterable[Page], profile: str = DEFAULT
) -> Iterator[Decision]:
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
