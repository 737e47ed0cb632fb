"""Transfer the labels of another splitter's lines to those of this one.

The texts in a label file are aligned with the page's lines. A line that is still there keeps its
label; what a line was cut into inherits it; of lines that were joined, the label of most characters
holds, unless both body and noise have a fair share, which makes it ``mixed``. A line whose text was
nowhere before has no label, and somebody has to give it one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq, MatchingBlock

from labels.alignment import KEPT_SHARE, correspond, tokenize
from labels.label import LABELS, Label, Role, has_role
from labels.projection import NOISE_SHARE

UNKNOWN = -1
"""The code of a line that has no stored label."""

_IS_NOISE = has_role(np.arange(len(LABELS), dtype=np.int8), Role.NOISE)


class How(StrEnum):
    """How a line came by its label."""

    SAME = "same"  # the line is unchanged
    PART = "part"  # its text stood in one line, or in lines of one label
    JOINED = "joined"  # it is made of lines with several labels; that of most characters holds
    MIXED = "mixed"  # it is made of body and noise
    MOVED = "moved"  # the same text stood elsewhere on the page
    BESIDE = "beside"  # it has no words, and the lines around it have one label
    LEFT = "left"  # it has none: its text was not there


@dataclass(frozen=True, slots=True)
class Transfer:
    """The labels of a page's n lines, as far as they follow from stored ones."""

    codes: NDArray[np.int8]
    """Shape (n,); `UNKNOWN` for a line that is left."""
    how: list[How]
    sources: list[list[int]]
    """Rows of the stored lines that each line is made of."""


def transfer_labels(
    stored: Sequence[str], labels: NDArray[np.int8], texts: Sequence[str]
) -> Transfer:
    """Transfer the labels of m stored lines, codes of shape (m,), to a page's n lines.

    Without stored lines, all lines are left.
    """
    work = _Transfer(stored, labels, texts)
    before, row = 0, 0
    for block in work.unchanged():
        work.align(slice(before, block.a), slice(row, block.b))
        before, row = block.a + block.size, block.b + block.size
        for source, line in zip(range(block.a, before), range(block.b, row), strict=True):
            work.set(line, labels[source], How.SAME, [source])
    work.align(slice(before, len(stored)), slice(row, len(texts)))
    work.find_moved()
    work.fill_wordless()
    return work.found


class _Transfer:
    def __init__(
        self, stored: Sequence[str], labels: NDArray[np.int8], texts: Sequence[str]
    ) -> None:
        self.stored, self.labels, self.texts = stored, labels, texts
        n = len(texts)
        self.found = Transfer(np.full(n, UNKNOWN, np.int8), [How.LEFT] * n, [[] for _ in texts])

    def set(self, row: int, code: int, how: How, sources: list[int]) -> None:
        found = self.found
        found.codes[row], found.how[row], found.sources[row] = code, how, sources

    def unchanged(self) -> Iterator[MatchingBlock]:
        """Find stretches of unchanged lines, in order.

        None where the page's words are the same ones throughout: then it is known of each word
        where it was, better than of lines, which may recur.
        """
        stored, texts = (
            [token for text in some for token in tokenize(text)]
            for some in (self.stored, self.texts)
        )
        if stored != texts:
            yield from LCSseq.opcodes(list(self.stored), list(self.texts)).as_matching_blocks()

    def align(self, before: slice, now: slice) -> None:
        """Label the lines between unchanged ones from the stored lines between those."""
        texts, stored = self.texts[now], self.stored[before]
        if not texts or not stored:
            return
        for row, held in enumerate(correspond(texts, stored), start=now.start):
            chars = sum(map(len, tokenize(self.texts[row])))
            if not chars or held.sum() < KEPT_SHARE * chars:
                continue
            rows = np.flatnonzero(held)
            sources = (before.start + rows).tolist()
            weights = np.zeros(len(LABELS), np.int64)
            np.add.at(weights, self.labels[sources], held[rows])
            code, how = _decide(weights)
            if [self.stored[source] for source in sources] == [self.texts[row]]:
                how = How.SAME
            self.set(row, code, how, sources)

    def find_moved(self) -> None:
        """Label what is left by unused stored lines of the same text, if these agree.

        Lines without words are found in order just as well, if there are as many as there were.
        """
        used = {source for sources in self.found.sources for source in sources}
        unused = _rows_of(self.stored, lambda row: row not in used)
        left = _rows_of(self.texts, lambda row: self.found.how[row] is How.LEFT)
        for text in left.keys() & unused.keys():
            rows, sources = left[text], unused[text]
            if len(set(self.labels[sources].tolist())) == 1:
                for row in rows:
                    self.set(row, self.labels[sources[0]], How.MOVED, sources)
            elif len(rows) == len(sources) and not tokenize(text):
                for row, source in zip(rows, sources, strict=True):
                    self.set(row, self.labels[source], How.SAME, [source])

    def fill_wordless(self) -> None:
        """Label lines without words, such as a row of dashes, that stand within one label."""
        codes = self.found.codes
        for row, text in enumerate(self.texts):
            if self.found.how[row] is How.LEFT and not tokenize(text):
                around = set(codes[max(0, row - 1) : row + 2].tolist()) - {UNKNOWN}
                if len(around) == 1:
                    self.set(row, around.pop(), How.BESIDE, [])


def _rows_of(texts: Sequence[str], chosen: Callable[[int], bool]) -> dict[str, list[int]]:
    """Group the chosen rows by their texts."""
    rows: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        if chosen(row):
            rows.setdefault(text, []).append(row)
    return rows


def _decide(weights: NDArray[np.int64]) -> tuple[int, How]:
    """Choose the label of a line by the characters that each label has in it."""
    if np.count_nonzero(weights) == 1:
        return int(np.argmax(weights)), How.PART
    fair = NOISE_SHARE * weights.sum()
    if weights[Label.BODY.code] > fair and weights[_IS_NOISE].sum() > fair:
        return Label.MIXED.code, How.MIXED
    return int(np.argmax(weights)), How.JOINED
