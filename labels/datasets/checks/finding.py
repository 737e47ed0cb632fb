"""What the linter can find."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """A kind of finding. The order is that of reports; the names are a contract."""

    GOLD_EMPTY = "gold-empty"
    GOLD_NOT_ON_PAGE = "gold-not-on-page"
    GOLD_REWORDED = "gold-reworded"
    GOLD_LACKS_WITH = "gold-lacks-with"
    GOLD_HOLDS_WITHOUT = "gold-holds-without"
    GOLD_MOJIBAKE = "gold-mojibake"
    PAGE_MOJIBAKE = "page-mojibake"
    GOLD_LOST_CHARACTERS = "gold-lost-characters"
    PAGE_LOST_CHARACTERS = "page-lost-characters"
    GOLD_RESIDUE = "gold-residue"
    PAGE_RESIDUE = "page-residue"
    LEAK_IDENTICAL = "leak-identical"
    LEAK_NEAR_IDENTICAL = "leak-near-identical"
    LEAK_URL = "leak-url"
    LEAK_SITE = "leak-site"
    DUPLICATE_IDENTICAL = "duplicate-identical"
    DUPLICATE_NEAR_IDENTICAL = "duplicate-near-identical"
    DUPLICATE_URL = "duplicate-url"
    LABEL_CONFLICT = "label-conflict"


MEANINGS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.GOLD_EMPTY: "the gold text is empty",
        Kind.GOLD_NOT_ON_PAGE: "a tenth or more of the gold's words are in no line of the page",
        Kind.GOLD_REWORDED: "half or more of the gold's words are in no passage of the page",
        Kind.GOLD_LACKS_WITH: "a text that must be kept is not in the gold",
        Kind.GOLD_HOLDS_WITHOUT: "a text that must not be kept is in the gold",
        Kind.GOLD_MOJIBAKE: "characters of the gold were decoded wrongly",
        Kind.PAGE_MOJIBAKE: "characters of the page's lines were decoded wrongly",
        Kind.GOLD_LOST_CHARACTERS: "U+FFFD stands in the gold for characters that are lost",
        Kind.PAGE_LOST_CHARACTERS: "U+FFFD stands in the page's lines for characters that are lost",
        Kind.GOLD_RESIDUE: "marks of an annotation format are left in the gold",
        Kind.PAGE_RESIDUE: "traces of an annotation tool are left in the page",
        Kind.LEAK_IDENTICAL: "two splits have the same page",
        Kind.LEAK_NEAR_IDENTICAL: "two splits have pages with nearly the same body",
        Kind.LEAK_URL: "two splits have the same address",
        Kind.LEAK_SITE: "two splits have pages of the same site",
        Kind.DUPLICATE_IDENTICAL: "one split has the same page twice",
        Kind.DUPLICATE_NEAR_IDENTICAL: "one split has two pages with nearly the same body",
        Kind.DUPLICATE_URL: "one split has the same address twice",
        Kind.LABEL_CONFLICT: "lines are body in one copy of a page and noise in the other",
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a dataset, and where."""

    kind: Kind
    pages: tuple[str, ...]
    """Ids of the pages it is about; ``DATASET:ID`` where several datasets are checked."""
    detail: str
    """What was found, for a reader."""
    about: str | None = None
    """The snippet, word, trace, line, address or site in question."""
    share: float | None = None
    """Of the gold's words, how many are missing; of two bodies, how much they have in common."""
    count: int | None = None
    """How many places or lines it is about."""
