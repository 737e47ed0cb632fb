"""Fit logistic regressions, the same weights whatever else the machine is doing."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from baselines.features.columns import Floats

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

_ITERATIONS = 1000


def regression(
    inputs: Any, target: NDArray[np.generic], weight: Floats, c: float, solver: str
) -> "LogisticRegression":
    """Fit one to rows of inputs, shape (n, k), dense or sparse; the weights' mean counts as 1.

    ``c`` is the inverse of the regularisation strength.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    model = LogisticRegression(C=c, solver=solver, max_iter=_ITERATIONS)
    with threadpool_limits(1):  # the same sums in the same order, and no waiting for busy cores
        return model.fit(inputs, target, sample_weight=(weight / weight.mean()).astype(np.float32))
