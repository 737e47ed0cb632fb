"""Define what kinds of findings of datasets and of label files have in common."""

from enum import StrEnum
from typing import Self


class FindingKind(StrEnum):
    """A kind of finding: its name, which is a contract, and its meaning.

    The order of the kinds is that of reports.
    """

    meaning: str

    def __new__(cls, name: str, meaning: str) -> Self:
        """Keep the meaning beside the name, which alone is the value."""
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.meaning = meaning
        return kind
