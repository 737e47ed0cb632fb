"""What is known of a dataset as a whole, counted page by page while it is read or written."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from corpus import SPLITTER_VERSION
from labels.label import LABELS
from labels.labelled_page import LabelledPage

NO_SPLIT = "none"
UNKNOWN = "unknown"
_FINGERPRINT_DIGITS = 16

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
    """What is known of a dataset as a whole."""

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
    """What was made of the source that it does not say itself, and how often; commonest first."""

    def to_json(self) -> str:
        """As it is stored."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            ValueError, TypeError, KeyError: if it is something else.
        """
        values = json.loads(text)
        return cls(
            **values
            | {
                "counts": Counts(**values["counts"]),
                "reserved_sites": tuple(values["reserved_sites"]),
                "unreadable": tuple(map(tuple, values["unreadable"])),
            }
        )


@dataclass
class Tally:
    """Takes in pages, one after the other, for what a manifest says of them."""

    ceiling: Ceiling | None = None
    _pages: int = 0
    _hash: Any = field(default_factory=hashlib.sha256)
    _labels: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(LABELS), np.int64))
    _of: dict[str, Counter[str]] = field(default_factory=dict)
    _sites: set[str] = field(default_factory=set)
    _ceilings: list[float] = field(default_factory=list)

    def add(self, labelled: LabelledPage) -> LabelledPage:
        """Take in a page, and pass it on."""
        page = labelled.page
        said = [
            page.id, page.sha256, page.markup, page.url, page.site, page.language,
            page.page_type, page.split, labelled.splitter, labelled.gold_text,
            labelled.with_snippets, labelled.without_snippets,
        ]  # fmt: skip
        self._hash.update(json.dumps(said, ensure_ascii=True).encode())
        self._hash.update(labelled.labels.astype(np.int8).tobytes())
        self._pages += 1
        self._labels += np.bincount(labelled.labels, minlength=len(LABELS))
        self._sites.add(page.site or f"page {page.id}")
        attributes = {
            "splits": page.split or NO_SPLIT,
            "languages": page.language or UNKNOWN,
            "page_types": page.page_type or UNKNOWN,
            "gold": labelled.gold,
        }
        for name, value in attributes.items():
            self._of.setdefault(name, Counter())[value] += 1
        if self.ceiling is not None and (reached := self.ceiling(labelled)) is not None:
            self._ceilings.append(reached)
        return labelled

    def manifest(
        self,
        *,
        name: str,
        licence: str,
        description: str,
        reserved_sites: Collection[str] = (),
        unreadable: Sequence[tuple[str, str]] = (),
        remarks: Mapping[str, int] = MappingProxyType({}),
    ) -> Manifest:
        """The manifest of the pages so far, with what is known of them beside."""
        lines = {str(label): int(n) for label, n in zip(LABELS, self._labels, strict=True) if n}
        return Manifest(
            name=name,
            licence=licence,
            description=description,
            splitter=SPLITTER_VERSION,
            fingerprint=self._hash.hexdigest()[:_FINGERPRINT_DIGITS],
            pages=self._pages,
            splits=dict(self._of.get("splits", {})),
            counts=Counts(
                lines=int(self._labels.sum()),
                labels=_by_size(lines),
                languages=_by_size(self._of.get("languages", {})),
                page_types=_by_size(self._of.get("page_types", {})),
                gold=_by_size(self._of.get("gold", {})),
                sites=len(self._sites),
                ceiling=float(np.mean(self._ceilings)) if self._ceilings else None,
            ),
            reserved_sites=tuple(sorted(reserved_sites)),
            unreadable=tuple(unreadable),
            remarks=_by_size(remarks),
        )


def _by_size(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
