"""Hold one annotator's labels of one page: which are decided, and the steps to undo.

Nothing here reads or writes files; `labels.annotation.drafts.draft_file` does.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from corpus import DataError
from corpus.files import parse_json
from labels.label import LABELS, Label

Start = Literal["proposals", "gold", "draft", "blank"]
"""What the labels were before the first change; ``draft``: a label file made elsewhere."""

UNLABELLED = Label.NOISE.code
"""What arrays and label files hold for a line that has no label yet."""
NO_KEY = "-"
"""What stands for the key of a label where there is none yet."""
HISTORY = 20_000
"""Changed lines that can be undone; beyond that the oldest steps are forgotten."""

_FORMAT = 1
_CODES = {label.key: label.code for label in LABELS}

# A line, its label and whether it was decided (0 or 1) before; the same after.
Change = tuple[int, int, int, int, int]
Step = tuple[Change, ...]
_BEFORE, _AFTER = 1, 3


def to_keys(label_codes: Iterable[int]) -> str:
    """Write labels as their keys, one character each."""
    return "".join(LABELS[code].key for code in label_codes)


def from_keys(keys: Iterable[str]) -> NDArray[np.int8]:
    """Read what `to_keys` wrote.

    Raises:
        KeyError: if no label has one of the keys.
    """
    return np.array([_CODES[key] for key in keys], np.int8)


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """The labels of a page's n lines, which of them somebody has decided, and the steps so far."""

    labels: NDArray[np.int8]
    """Codes, shape (n,). In a blank draft those that are not decided mean nothing."""
    decided: NDArray[np.bool_]
    """Lines that the annotator has labelled or confirmed, shape (n,)."""
    start: Start
    done: tuple[Step, ...] = ()
    """Steps that can be undone, the last one at the end."""
    undone: tuple[Step, ...] = ()
    """Steps that can be redone, the next one at the end."""
    operation: str | None = None
    """Name of the last operation, so that one sent twice is done once."""

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def is_labelled(self) -> NDArray[np.bool_]:
        """Which lines have a label, shape (n,); in a blank draft, those that are decided."""
        return self.decided if self.start == "blank" else np.ones(len(self), np.bool_)

    @property
    def missing(self) -> int:
        """How many lines have no label yet."""
        return int(np.count_nonzero(~self.is_labelled))

    @property
    def keys(self) -> str:
        """The keys of the labels, one character a line; `NO_KEY` where there is no label."""
        keys = zip(to_keys(self.labels), self.is_labelled, strict=True)
        return "".join(key if is_labelled else NO_KEY for key, is_labelled in keys)

    @property
    def decided_digits(self) -> str:
        """Which lines are decided, as one 0 or 1 a line."""
        return "".join("01"[value] for value in self.decided.astype(int))

    def label(self, lines: Sequence[int], code: int) -> Self:
        """Label lines, which decides them.

        Raises:
            DataError: if there is no such line.
        """
        return self._step(self._checked(lines), np.full(len(self), code, np.int8))

    def confirm(self, lines: Sequence[int]) -> Self:
        """Decide that lines are what they are labelled.

        Raises:
            DataError: if there is no such line, or one has no label yet.
        """
        confirmed = self._checked(lines)
        if not self.is_labelled[confirmed].all():
            raise DataError("a line without a label cannot be confirmed; choose a label for it")
        return self._step(confirmed, self.labels)

    def relabelled(self, labels: NDArray[np.int8]) -> Self:
        """Take over a label file that was changed elsewhere, as one more step."""
        return self._step(np.flatnonzero(labels != self.labels).tolist(), labels)

    def undo(self) -> Self:
        """Undo the last step; a draft without one stays the same."""
        if not self.done:
            return self
        *done, step = self.done
        return self._changed(step, _BEFORE, done, (*self.undone, step))

    def redo(self) -> Self:
        """Redo the step that was undone last; a draft without one stays the same."""
        if not self.undone:
            return self
        *undone, step = self.undone
        return self._changed(step, _AFTER, (*self.done, step), undone)

    def _checked(self, lines: Sequence[int]) -> list[int]:
        if wrong := [line for line in lines if not 0 <= line < len(self)]:
            raise DataError(f"there is no line {wrong[0] + 1}; the page has {len(self)}")
        return sorted(set(lines))

    def _step(self, lines: Sequence[int], labels: NDArray[np.int8]) -> Self:
        """Decide lines; ``labels`` are of all lines, shape (n,)."""
        step: Step = tuple(
            (line, int(self.labels[line]), int(self.decided[line]), int(labels[line]), 1)
            for line in lines
            if labels[line] != self.labels[line] or not self.decided[line]
        )
        return self._changed(step, _AFTER, _shortened((*self.done, step)), ()) if step else self

    def _changed(self, step: Step, side: int, done: Sequence[Step], undone: Sequence[Step]) -> Self:
        labels, decided = self.labels.copy(), self.decided.copy()
        for change in step:
            labels[change[0]], decided[change[0]] = change[side], change[side + 1]
        return replace(self, labels=labels, decided=decided, done=tuple(done), undone=tuple(undone))

    def to_json(self) -> str:
        """Write all but the texts as one row of plain data."""
        values = {
            "format": _FORMAT,
            "start": self.start,
            "labels": to_keys(self.labels),
            "decided": self.decided_digits,
            "operation": self.operation,
            "done": self.done,
            "undone": self.undone,
        }
        return json.dumps(values, separators=(",", ":")) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes, lines: int) -> Self:
        """Read what `to_json` wrote, of a page with so many lines.

        Raises:
            ValueError: if it is something else.
        """
        try:
            values: dict[str, Any] = parse_json(text)
            if values["format"] != _FORMAT or values["start"] not in get_args(Start):
                raise ValueError("made by another version")
            labels = from_keys(values["labels"])
            decided = np.array(
                [{"0": False, "1": True}[key] for key in values["decided"]], np.bool_
            )
            if not len(labels) == len(decided) == lines:
                raise ValueError("of a page with another number of lines")
            done, undone = (
                tuple(_read_step(step, lines) for step in values[name])
                for name in ("done", "undone")
            )
            return cls(labels, decided, values["start"], done, undone, values["operation"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a draft ({error!r})") from None


def _shortened(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Keep the last steps that together change no more than `HISTORY` lines, one at least."""
    room = HISTORY
    for number, step in enumerate(reversed(steps)):
        room -= len(step)
        if room < 0 < number:
            return steps[len(steps) - number :]
    return steps


def _read_step(rows: Sequence[Sequence[int]], lines: int) -> Step:
    step = []
    for line, label, decided, new_label, new_decided in rows:
        if not (0 <= line < lines and {label, new_label} <= set(range(len(LABELS)))):
            raise ValueError("a step of another page")
        step.append((line, label, int(bool(decided)), new_label, int(bool(new_decided))))
    return tuple(step)
