"""List what the checks of datasets can find."""

from dataclasses import dataclass

from labels.finding_kind import FindingKind


class DatasetFindingKind(FindingKind):
    """What can be wrong with a dataset."""

    # fmt: off
    GOLD_EMPTY = "gold-empty", "the gold text is empty"
    GOLD_NOT_ON_PAGE = "gold-not-on-page", "a tenth or more of the gold's words are in no line of the page"  # noqa: E501
    GOLD_REWORDED = "gold-reworded", "half or more of the gold's words are in no passage of the page"  # noqa: E501
    GOLD_LACKS_WITH = "gold-lacks-with", "a text that must be kept is not in the gold"
    GOLD_HOLDS_WITHOUT = "gold-holds-without", "a text that must not be kept is in the gold"
    GOLD_MOJIBAKE = "gold-mojibake", "characters of the gold were decoded wrongly"
    PAGE_MOJIBAKE = "page-mojibake", "characters of the page's lines were decoded wrongly"
    GOLD_LOST_CHARACTERS = "gold-lost-characters", "U+FFFD stands in the gold for characters that are lost"  # noqa: E501
    PAGE_LOST_CHARACTERS = "page-lost-characters", "U+FFFD stands in the page's lines for characters that are lost"  # noqa: E501
    GOLD_RESIDUE = "gold-residue", "marks of an annotation format are left in the gold"
    PAGE_RESIDUE = "page-residue", "traces of an annotation tool are left in the page"
    LEAK_IDENTICAL = "leak-identical", "two splits have the same page"
    LEAK_NEAR_IDENTICAL = "leak-near-identical", "two splits have pages with nearly the same body"
    LEAK_URL = "leak-url", "two splits have the same address"
    LEAK_SITE = "leak-site", "two splits have pages of the same site"
    DUPLICATE_IDENTICAL = "duplicate-identical", "one split has the same page twice"
    DUPLICATE_NEAR_IDENTICAL = "duplicate-near-identical", "one split has two pages with nearly the same body"  # noqa: E501
    DUPLICATE_URL = "duplicate-url", "one split has the same address twice"
    LABEL_CONFLICT = "label-conflict", "lines are body in one copy of a page and noise in the other"
    # fmt: on


@dataclass(frozen=True, slots=True)
class DatasetFinding:
    """Something that is wrong with a dataset, and where."""

    kind: DatasetFindingKind
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
