import numpy as np
import pytest

from labels.f1 import body_f1

BODY, OPTIONAL, NOISE = 0, 1, 2


@pytest.mark.parametrize(
    ("line_roles", "kept", "sizes", "f1"),
    [
        ([BODY, BODY, NOISE], [1, 0, 1], None, 2 * 1 / (2 + 2)),
        ([BODY, BODY, NOISE], [1, 0, 1], [5, 3, 2], 2 * 5 / (7 + 8)),
        ([BODY, NOISE], [1, 0], [5, 3], 1),
        ([BODY, NOISE], [0, 1], [5, 3], 0),
        ([BODY, NOISE], [0, 0], None, 0),
        ([NOISE, NOISE], [1, 0], None, 0),
        ([NOISE, NOISE], [0, 0], None, 1),  # neither body nor anything kept
        ([BODY, OPTIONAL], [1, 1], [5, 3], 1),  # optional lines count for nothing
        ([BODY, OPTIONAL], [1, 0], [5, 3], 1),
        ([OPTIONAL], [1], None, 1),
        ([], [], None, 1),
        ([], [], [], 1),
    ],
)
def test_f1_by_hand(line_roles, kept, sizes, f1):
    sizes = None if sizes is None else np.array(sizes, np.int32)
    found = body_f1(np.array(line_roles, np.int8), np.array(kept, bool), sizes)
    assert found == pytest.approx(f1)
    assert type(found) is float
