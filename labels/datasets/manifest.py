"""Count what is in a dataset as a whole, page by page while it is read or written."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import numpy as np

from corpus import SPLITTER_VERSION
from corpus.files import parse_json
from corpus.wording import printable
from labels.label import LABELS
from labels.labelled_page import LabelledPage

NO_SPLIT = "none"
UNKNOWN = "unknown"
_FINGERPRINT_DIGITS = 16
_NUMBERED_LABELS = (
    "body", "title", "byline", "caption", "mixed", "navigation", "recommendation", "comment",
    "advert", "social", "legal", "noise",
)  # fmt: skip
"""Labels that a fingerprint knows by their place here, which is part of the format; later ones it
knows by name. So it does not change with the table of labels."""

Ceiling = Callable[[LabelledPage], float | None]
"""What the body lines of a page alone reach against its gold text; None if it has none."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What is in a dataset. The keys of each table go from the commonest down."""

    lines: int
    labels: dict[str, int]
    """Lines of each label."""
    languages: dict[str, int]
    """Pages of each language, those without one as ``unknown``; so for page types."""
    page_types: dict[str, int]
    gold: dict[str, int]
    """Pages of each kind of gold, see `labels.LabelledPage.gold`."""
    sites: int
    ceiling: float | None
    """Projection ceiling: mean word F1 that the body lines alone reach against the gold text;
    None where no page has one, or it was not measured."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Facts about a dataset as a whole."""

    name: str
    licence: str
    description: str
    splitter: int
    fingerprint: str
    """Digest of what the pages and labels say, 16 hexadecimal digits; the same on every machine."""
    pages: int
    splits: dict[str, int]
    """Pages of each split; those without one count as ``none``."""
    counts: Counts
    reserved_sites: tuple[str, ...] = ()
    """Sites of a test split that is elsewhere: no model is trained on their pages."""
    unreadable: tuple[tuple[str, str], ...] = ()
    """Records of the source that could not be read: (place, reason)."""
    remarks: dict[str, int] = field(default_factory=dict)
    """Decisions of the import that the source does not state, and how often; commonest first."""

    def to_json(self) -> str:
        """Write the manifest as it is stored."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            ValueError, TypeError, KeyError: if it is something else.
        """
        values = parse_json(text)
        counted = (values["pages"], *values["splits"].values(), values["counts"]["lines"])
        if not all(type(count) is int and count >= 0 for count in counted):
            raise ValueError("a count is no number from 0 up")
        if printable(values["name"]) != values["name"]:
            raise ValueError(f"the name {values['name']!r} holds what cannot be shown")
        values["counts"] = Counts(**values["counts"])
        values["reserved_sites"] = tuple(values["reserved_sites"])
        values["unreadable"] = tuple(map(tuple, values["unreadable"]))
        return cls(**values)


class Tally:
    """Counts pages, one after the other; ``ceiling`` is measured on each if there is one."""

    def __init__(self, ceiling: Ceiling | None = None) -> None:
        self._ceiling = ceiling
        self._ceilings: list[float] = []
        self._digest = hashlib.sha256()
        self._digested = [
            bytes([_NUMBERED_LABELS.index(label)])
            if label in _NUMBERED_LABELS
            else b"\xff" + label.encode()
            for label in LABELS
        ]
        self._lines = np.zeros(len(LABELS), np.int64)
        self._splits, self._languages, self._types, self._gold = (Counter[str]() for _ in range(4))
        self._sites: set[str] = set()

    def add(self, labelled: LabelledPage) -> LabelledPage:
        """Count a page, and pass it on."""
        page = labelled.page
        content = [
            page.id, page.sha256, page.markup, page.url, page.site, page.language,
            page.page_type, page.split, labelled.splitter, labelled.gold_text,
            labelled.with_snippets, labelled.without_snippets,
        ]  # fmt: skip
        self._digest.update(json.dumps(content, ensure_ascii=True).encode())
        self._digest.update(b"".join([self._digested[code] for code in labelled.labels]))
        self._lines += np.bincount(labelled.labels, minlength=len(LABELS))
        self._splits[page.split or NO_SPLIT] += 1
        self._languages[page.language or UNKNOWN] += 1
        self._types[page.page_type or UNKNOWN] += 1
        self._gold[labelled.gold] += 1
        self._sites.add(page.site or f"page {page.id}")
        if self._ceiling is not None and (reached := self._ceiling(labelled)) is not None:
            self._ceilings.append(reached)
        return labelled

    def counted(self) -> dict[str, Any]:
        """Return what a `Manifest` holds of the pages so far, by the names of its fields."""
        lines = {str(label): int(n) for label, n in zip(LABELS, self._lines, strict=True) if n}
        return {
            "splitter": SPLITTER_VERSION,
            "fingerprint": self._digest.hexdigest()[:_FINGERPRINT_DIGITS],
            "pages": self._splits.total(),
            "splits": dict(self._splits),
            "counts": Counts(
                lines=int(self._lines.sum()),
                labels=by_size(lines),
                languages=by_size(self._languages),
                page_types=by_size(self._types),
                gold=by_size(self._gold),
                sites=len(self._sites),
                ceiling=float(np.mean(self._ceilings)) if self._ceilings else None,
            ),
        }


def by_size(counts: Mapping[str, int]) -> dict[str, int]:
    """Order a table of counts from the largest down, equal ones by name."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
