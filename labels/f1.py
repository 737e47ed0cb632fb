"""F1 of the lines that were kept against those that are body: counted here and nowhere else."""

import numpy as np
from numpy.typing import NDArray

from labels.label import ROLES, Role

_BODY, _OPTIONAL = ROLES.index(Role.BODY), ROLES.index(Role.OPTIONAL)


def count_kept(
    line_roles: NDArray[np.int8],
    kept: NDArray[np.bool_],
    sizes: NDArray[np.integer] | None = None,
) -> tuple[int, int, int]:
    """Count the body lines that were kept, all lines kept, and all body lines, as `body_f1` does.

    Optional lines are in none of them.
    """
    counted = np.where(line_roles == _OPTIONAL, 0, 1 if sizes is None else sizes)
    is_body = line_roles == _BODY
    return (
        int(counted[is_body & kept].sum()),
        int(counted[kept].sum()),
        int(counted[is_body].sum()),
    )


def body_f1(
    line_roles: NDArray[np.int8],
    kept: NDArray[np.bool_],
    sizes: NDArray[np.integer] | None = None,
) -> float:
    """F1 of body, optional lines left out. Neither body nor anything kept: 1.

    Args:
        line_roles: positions in `ROLES`, shape (n,).
        kept: which lines were kept, shape (n,).
        sizes: what each line counts for, shape (n,); without them, lines count alike.
    """
    hits, predicted, body = count_kept(line_roles, kept, sizes)
    return 2 * hits / (predicted + body) if predicted + body else 1.0
