"""Record who decided on lines that annotators label differently.

``gold/decisions.jsonl`` has a row a decision, in the order in which they were made; of a line that
was decided again, the last row holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from corpus import DataError
from corpus.files import append_rows, read_rows
from labels.folder import Folders
from labels.label import LABELS


@dataclass(frozen=True, slots=True)
class Decision:
    """The label that one line was given in a dispute, and by whom."""

    id: str
    """The page."""
    line: int
    """Number of the line on the page, from 1."""
    label: str
    annotators: Mapping[str, str]
    """How each annotator labelled it, by name."""
    decided_by: str
    time: str
    """ISO 8601, with the offset from UTC."""

    def __post_init__(self) -> None:
        """Refuse values that are no decision; they may be anything that JSON can hold."""
        if not all(isinstance(part, str) and part for part in (self.id, self.decided_by)):
            raise ValueError("id and decided_by must be names")
        if not isinstance(self.line, int) or isinstance(self.line, bool) or self.line < 1:
            raise ValueError(f"line {self.line!r} is not a number from 1 on")
        if not isinstance(self.annotators, Mapping):
            raise ValueError("annotators must be an object of names and labels")  # noqa: TRY004
        for label in (self.label, *self.annotators.values()):
            if label not in LABELS:
                raise ValueError(f"unknown label {label!r}")
        try:
            offset = datetime.fromisoformat(self.time).utcoffset()
        except (TypeError, ValueError):
            raise ValueError(f"time {self.time!r} is not ISO 8601") from None
        if offset is None:
            raise ValueError(f"time {self.time!r} lacks its offset from UTC")


def decisions_path(folders: Folders) -> Path:
    """Name the file of a corpus's decisions."""
    return folders.gold / "decisions.jsonl"


def append_decisions(folders: Folders, decisions: Iterable[Decision]) -> None:
    """Add decisions to the file, all of them or none; other writers wait."""
    append_rows(decisions_path(folders), map(asdict, decisions))


def read_decisions(folders: Folders) -> list[Decision]:
    """Read all decisions, the oldest first; none where there is no file.

    Raises:
        DataError: with file and row, if one is not a decision.
    """
    decisions = []
    for place, row in read_rows(decisions_path(folders)):
        try:
            decisions.append(Decision(**row))
        except (TypeError, ValueError) as error:
            raise DataError(
                f"{place}: not a decision ({error}); correct or remove the row"
            ) from None
    return decisions
