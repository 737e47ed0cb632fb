"""Labels of another splitter's lines, carried over to those of this one.

The texts in a label file are aligned with the page's lines as they are now. A line that is still
there keeps its label; what a line was cut into inherits it; of lines that were joined, the label
of most characters holds, unless both body and noise have a fair share, which makes it ``mixed``. A
line whose text was nowhere before has no label, and somebody has to say what it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq, MatchingBlock

from labels.alignment import KEPT_SHARE, correspond, tokenize
from labels.label import LABELS, Label, Role, has_role
from labels.projection import NOISE_SHARE

NOT_CARRIED = -1
"""The code of a line that no stored label says anything about."""

_IS_NOISE = has_role(np.arange(len(LABELS), dtype=np.int8), Role.NOISE)


class How(StrEnum):
    """How a line came by its label."""

    SAME = "same"
    """The line is as it was."""
    PART = "part"
    """Its text stood in one line, or in lines of one label."""
    JOINED = "joined"
    """It is made of lines with several labels; that of most characters holds."""
    MIXED = "mixed"
    """It is made of body and noise."""
    MOVED = "moved"
    """The same text stood elsewhere on the page."""
    BESIDE = "beside"
    """It has no words, and the lines around it have one label."""
    LEFT = "left"
    """It has none: its text was not there."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The labels of a page's n lines, as far as stored ones tell them."""

    codes: NDArray[np.int8]
    """Shape (n,); `NOT_CARRIED` for a line that is left."""
    how: list[How]
    sources: list[list[int]]
    """Rows of the stored lines that each line is made of."""


def carry(stored: Sequence[str], labels: NDArray[np.int8], texts: Sequence[str]) -> Carried:
    """Carry the labels of stored lines over to a page's lines.

    Args:
        stored: texts of m lines.
        labels: their codes, shape (m,).
        texts: the page's n lines.

    Without stored lines, all lines are left.
    """
    n = len(texts)
    carried = Carried(np.full(n, NOT_CARRIED, np.int8), [How.LEFT] * n, [[] for _ in texts])
    before, row = 0, 0
    for block in _unchanged(stored, texts):
        _carry_stretch(carried, stored, labels, texts, (before, block.a), (row, block.b))
        for offset in range(block.size):
            _set(carried, block.b + offset, labels[block.a + offset], How.SAME, [block.a + offset])
        before, row = block.a + block.size, block.b + block.size
    _carry_stretch(carried, stored, labels, texts, (before, len(stored)), (row, n))
    _carry_moved(carried, stored, labels, texts)
    _carry_wordless(carried, texts)
    return carried


def _unchanged(stored: Sequence[str], texts: Sequence[str]) -> Iterator[MatchingBlock]:
    """Stretches of lines that are as they were, in order.

    None where the page's words are the same ones throughout: then it is known of each word where
    it was, better than of lines, which may recur.
    """
    if _words(stored) != _words(texts):
        yield from LCSseq.opcodes(list(stored), list(texts)).as_matching_blocks()


def _words(texts: Sequence[str]) -> list[str]:
    return [token for text in texts for token in tokenize(text)]


def _set(carried: Carried, row: int, code: int, how: How, sources: list[int]) -> None:
    carried.codes[row], carried.how[row], carried.sources[row] = code, how, sources


def _carry_stretch(
    carried: Carried,
    stored: Sequence[str],
    labels: NDArray[np.int8],
    texts: Sequence[str],
    there: tuple[int, int],
    here: tuple[int, int],
) -> None:
    """Label the lines between those that are as they were from the stored lines between those."""
    if there[0] == there[1] or here[0] == here[1]:
        return
    table = correspond(texts[slice(*here)], stored[slice(*there)])
    for row, held in enumerate(table, start=here[0]):
        chars = sum(map(len, tokenize(texts[row])))
        if not chars or held.sum() < KEPT_SHARE * chars:
            continue
        sources = np.flatnonzero(held)
        weights = np.zeros(len(LABELS), np.int64)
        np.add.at(weights, labels[there[0] + sources], held[sources])
        code, how = _decide(weights)
        if len(sources) == 1 and stored[there[0] + sources[0]] == texts[row]:
            how = How.SAME
        _set(carried, row, code, how, (there[0] + sources).tolist())


def _decide(weights: NDArray[np.int64]) -> tuple[int, How]:
    """The label of a line, from the characters that each label has in it."""
    if np.count_nonzero(weights) == 1:
        return int(np.argmax(weights)), How.PART
    fair = NOISE_SHARE * weights.sum()
    if weights[Label.BODY.code] > fair and weights[_IS_NOISE].sum() > fair:
        return Label.MIXED.code, How.MIXED
    return int(np.argmax(weights)), How.JOINED


def _carry_moved(
    carried: Carried, stored: Sequence[str], labels: NDArray[np.int8], texts: Sequence[str]
) -> None:
    """Label what is left by unused stored lines of the same text, if these agree.

    Lines without words are no worse found in order, if there are as many as there were.
    """
    used = {source for sources in carried.sources for source in sources}
    unused: dict[str, list[int]] = {}
    for row, text in enumerate(stored):
        if row not in used:
            unused.setdefault(text, []).append(row)
    left: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        if carried.how[row] is How.LEFT and text in unused:
            left.setdefault(text, []).append(row)
    for text, rows in left.items():
        sources = unused[text]
        if len(set(labels[sources].tolist())) == 1:
            for row in rows:
                _set(carried, row, labels[sources[0]], How.MOVED, sources)
        elif len(rows) == len(sources) and not tokenize(text):
            for row, source in zip(rows, sources, strict=True):
                _set(carried, row, labels[source], How.SAME, [source])


def _carry_wordless(carried: Carried, texts: Sequence[str]) -> None:
    """Label lines without words, such as a row of dashes, that stand within one label."""
    for row, text in enumerate(texts):
        if carried.how[row] is How.LEFT and not tokenize(text):
            around = {int(code) for code in carried.codes[max(0, row - 1) : row + 2]}
            around.discard(NOT_CARRIED)
            if len(around) == 1:
                _set(carried, row, around.pop(), How.BESIDE, [])
