"""Give the lines of labelled pages as a table, for any classifier of scikit-learn."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from baselines.features.columns import Floats
from baselines.model import VIEWS
from baselines.threshold import SHARE, keep_by_expected_f1, line_sizes
from baselines.training.samples import BODY, OPTIONAL, line_weights, samples
from corpus import DataError
from labels import Dataset, LabelledPage

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class LineFeatures:
    """The n lines of some pages; k features."""

    X: "pd.DataFrame"
    """A row for each line, (page id, number of the line) its index; a named column each feature,
    not scaled. Shape (n, k)."""
    y: NDArray[np.bool_]
    """Whether a line is body, shape (n,)."""
    groups: NDArray[np.str_]
    """The site of each line, for folds that part the sites; shape (n,)."""
    weights: Floats
    """What a line counts for in a fit, shape (n,): 0 of an optional one; about 1 a page."""
    chars: NDArray[np.int32]
    """Length of each line, shape (n,)."""

    def keep(self, probabilities: ArrayLike, share: float = SHARE) -> dict[str, NDArray[np.bool_]]:
        """Decide which lines to keep, page by page, by their probabilities of body, shape (n,).

        From this share of the F1 that can be expected on a page, as the shipped models do.

        Raises:
            DataError: if there is not one probability for each line.
        """
        values = np.asarray(probabilities, np.float64)
        if values.shape != (len(self.X),):
            raise DataError(f"probabilities of shape {values.shape} for {len(self.X):,} lines")
        rows = self.X.groupby(level="page", sort=False).indices
        return {
            str(page): keep_by_expected_f1(values[at], line_sizes(self.chars[at]), share)
            for page, at in rows.items()
        }


def line_features(
    pages: "Dataset | Iterable[LabelledPage]", view: str = "html", by_chars: float = 0.5
) -> LineFeatures:
    """Compute the features of all lines of labelled pages; those that lack the view are left out.

    Args:
        pages: a dataset, or labelled pages of one.
        view: ``html`` for text and markup, ``text`` for the text alone.
        by_chars: how much the characters of a line make of its weight, from 0 to 1.

    Raises:
        DataError: if the view is unknown, or no page has it.
    """
    import pandas as pd

    if view not in VIEWS:
        raise DataError(f"no view {view!r}; use one of {', '.join(VIEWS)}")
    labelled = pages.pages(None) if isinstance(pages, Dataset) else pages
    found = [page for page in samples(labelled) if view in page.features]
    if not found:
        raise DataError(f"no page has {view}; give others")
    lengths = [len(page.lines) for page in found]
    index = pd.MultiIndex.from_arrays(
        [
            np.repeat(np.array([page.id for page in found], object), lengths),
            np.concatenate([np.arange(length) for length in lengths]),
        ],
        names=["page", "line"],
    )
    tables = [page.features[view] for page in found]
    values = np.concatenate([table.columns for table in tables], axis=1).T
    targets = np.concatenate([page.targets for page in found])
    weights = np.concatenate([line_weights(page.lines.chars, by_chars) for page in found])
    usable = np.repeat([page.usable for page in found], lengths)
    return LineFeatures(
        X=pd.DataFrame(values, index=index, columns=list(tables[0].names)),
        y=targets == BODY,
        groups=np.repeat(np.array([page.site for page in found]), lengths),
        weights=np.where((targets == OPTIONAL) | ~usable, 0.0, weights),
        chars=np.concatenate([page.lines.chars for page in found]),
    )
