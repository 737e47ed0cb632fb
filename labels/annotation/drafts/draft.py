"""One annotator's labels of one page, as a value: what is decided, and how it came to be.

Nothing here reads or writes files; `labels.annotation.drafts.store` does.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from corpus import DataError
from labels.label import LABELS

Start = Literal["proposals", "gold", "draft", "blank"]
"""What the labels were before the first change; ``draft``: a label file made elsewhere."""

HISTORY = 20_000
"""Changed lines that can be undone; beyond that the oldest steps are forgotten."""

_FORMAT = 1
_CODES = {label.key: label.code for label in LABELS}

# A line, its label and whether it was decided before; the same after.
Change = tuple[int, int, bool, int, bool]
Step = tuple[Change, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """The labels of a page's n lines, which of them somebody has decided, and the way back."""

    labels: NDArray[np.int8]
    """Codes, shape (n,). In a blank draft those that are not decided mean nothing."""
    decided: NDArray[np.bool_]
    """Lines that the annotator has labelled or confirmed, shape (n,)."""
    start: Start
    done: tuple[Step, ...] = ()
    """Steps that can be undone, the last one at the end."""
    undone: tuple[Step, ...] = ()
    """Steps that can be done again, the next one at the end."""
    operation: str | None = None
    """Name of the last operation, so that one sent twice is done once."""

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def missing(self) -> int:
        """Lines that have no label yet: those of a blank draft that are not decided."""
        return int(np.count_nonzero(~self.decided)) if self.start == "blank" else 0

    def label(self, lines: Sequence[int], code: int) -> Self:
        """Label lines, which decides them."""
        return self._do(lines, code)

    def confirm(self, lines: Sequence[int]) -> Self:
        """Decide that lines are what they are labelled.

        Raises:
            DataError: if one of them has no label yet.
        """
        if self.start == "blank" and not all(self.decided[line] for line in lines):
            raise DataError("a line without a label cannot be confirmed; choose a label for it")
        return self._do(lines, None)

    def undo(self) -> Self:
        """Take the last step back; a draft without one stays as it is."""
        if not self.done:
            return self
        *done, step = self.done
        back = [(line, label, decided) for line, label, decided, _, _ in step]
        return self._set(back, done=tuple(done), undone=(*self.undone, step))

    def redo(self) -> Self:
        """Do the last step again that was undone; a draft without one stays as it is."""
        if not self.undone:
            return self
        *undone, step = self.undone
        again = [(line, label, decided) for line, _, _, label, decided in step]
        return self._set(again, done=(*self.done, step), undone=tuple(undone))

    def now_labelled(self, labels: NDArray[np.int8]) -> Self:
        """The draft after its label file was changed elsewhere: one more step."""
        changed = np.flatnonzero(labels != self.labels).tolist()
        return self._step([(line, int(labels[line])) for line in changed])

    def _do(self, lines: Sequence[int], code: int | None) -> Self:
        wrong = [line for line in lines if not 0 <= line < len(self)]
        if wrong:
            raise DataError(f"there is no line {wrong[0] + 1}; the page has {len(self)}")
        chosen = sorted(set(lines))
        return self._step([(n, int(self.labels[n]) if code is None else code) for n in chosen])

    def _step(self, labelled: Sequence[tuple[int, int]]) -> Self:
        step: Step = tuple(
            (line, int(self.labels[line]), bool(self.decided[line]), code, True)
            for line, code in labelled
            if code != self.labels[line] or not self.decided[line]
        )
        if not step:
            return self
        after = [(line, label, decided) for line, _, _, label, decided in step]
        return self._set(after, done=_shortened((*self.done, step)), undone=())

    def _set(
        self,
        values: Sequence[tuple[int, int, bool]],
        *,
        done: tuple[Step, ...],
        undone: tuple[Step, ...],
    ) -> Self:
        labels, decided = self.labels.copy(), self.decided.copy()
        for line, label, is_decided in values:
            labels[line], decided[line] = label, is_decided
        return replace(self, labels=labels, decided=decided, done=done, undone=undone)

    def to_json(self) -> str:
        """All but the texts, in a few rows of plain data."""
        values = {
            "format": _FORMAT,
            "start": self.start,
            "labels": "".join(LABELS[code].key for code in self.labels),
            "decided": "".join("01"[value] for value in self.decided.astype(int)),
            "operation": self.operation,
            "done": [_packed(step) for step in self.done],
            "undone": [_packed(step) for step in self.undone],
        }
        return json.dumps(values, separators=(",", ":")) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes, lines: int) -> Self:
        """Read what `to_json` wrote, of a page with so many lines.

        Raises:
            ValueError: if it is something else.
        """
        try:
            values: dict[str, Any] = json.loads(text)
            if values["format"] != _FORMAT or values["start"] not in get_args(Start):
                raise ValueError("made by another version")
            labels = np.array([_CODES[key] for key in values["labels"]], np.int8)
            decided = np.array(
                [{"0": False, "1": True}[key] for key in values["decided"]], np.bool_
            )
            if not len(labels) == len(decided) == lines:
                raise ValueError("of a page with another number of lines")
            done, undone = (
                tuple(_unpacked(step, lines) for step in values[name])
                for name in ("done", "undone")
            )
            return cls(labels, decided, values["start"], done, undone, values["operation"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a draft ({error!r})") from None


def _shortened(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The last steps that together change no more than `HISTORY` lines, one at least."""
    room = HISTORY
    for number, step in enumerate(reversed(steps)):
        room -= len(step)
        if room < 0 < number:
            return steps[len(steps) - number :]
    return steps


def _packed(step: Step) -> list[list[int]]:
    return [[int(value) for value in change] for change in step]


def _unpacked(rows: Sequence[Sequence[int]], lines: int) -> Step:
    step = []
    for line, label, decided, new_label, new_decided in rows:
        if not (0 <= line < lines and {label, new_label} <= set(range(len(LABELS)))):
            raise ValueError("a step of another page")
        step.append((line, label, bool(decided), new_label, bool(new_decided)))
    return tuple(step)
