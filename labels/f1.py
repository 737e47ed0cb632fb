"""Compute the F1 of lines that were kept against those that are body, here and nowhere else."""

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
    """Compute the F1 of body, optional lines left out. Neither body nor anything kept: 1.

    Roles (positions in `ROLES`), what is kept and sizes (what each line counts for; without them,
    lines count alike) have the shape (n,).
    """
    hits, predicted, body = count_kept(line_roles, kept, sizes)
    return 2 * hits / (predicted + body) if predicted + body else 1.0
