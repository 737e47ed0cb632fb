"""Who decided on lines that annotators label differently.

``gold/decisions.jsonl`` has a row a decision, in the order in which they were made; of a line that
was decided again, the last row holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

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
    """What each annotator had said, by name."""
    decided_by: str
    time: str
    """ISO 8601, with the offset from UTC."""

    def __post_init__(self) -> None:
        if wrong := _wrong(self):
            raise ValueError(wrong)


def decisions_path(folders: Folders) -> Path:
    """The file of a corpus's decisions."""
    return folders.gold / "decisions.jsonl"


def append_decisions(folders: Folders, decisions: Iterable[Decision]) -> None:
    """Add decisions to the file, all of them or none; other writers wait."""
    append_rows(decisions_path(folders), map(asdict, decisions))


def read_decisions(folders: Folders) -> list[Decision]:
    """All decisions, the oldest first; none where there is no file.

    Raises:
        DataError: naming file and row, if one is not a decision.
    """
    return [_decision(place, row) for place, row in read_rows(decisions_path(folders))]


def _decision(place: str, row: dict[str, Any]) -> Decision:
    try:
        return Decision(**row)
    except (TypeError, ValueError) as error:
        raise DataError(f"{place}: not a decision ({error}); mend or remove the row") from None


def _wrong(decision: Decision) -> str | None:
    """What keeps a decision from being one; its values may be anything JSON can hold."""
    if not all(isinstance(part, str) and part for part in (decision.id, decision.decided_by)):
        return "id and decided_by must be names"
    if not isinstance(decision.line, int) or isinstance(decision.line, bool) or decision.line < 1:
        return f"line {decision.line!r} is not a number from 1 on"
    if not isinstance(decision.annotators, Mapping):
        return "annotators must be an object of names and labels"
    for label in (decision.label, *decision.annotators.values()):
        if label not in LABELS:
            return f"unknown label {label!r}"
    try:
        offset = datetime.fromisoformat(decision.time).utcoffset()
    except (TypeError, ValueError):
        return f"time {decision.time!r} is not ISO 8601"
    return None if offset is not None else f"time {decision.time!r} lacks its offset from UTC"
