"""Find lines that copies of a page label differently."""

from collections.abc import Iterator

from corpus.wording import shown
from labels.datasets.checks.duplicates import Duplicates, PageSummary
from labels.datasets.checks.finding import DatasetFinding, DatasetFindingKind
from labels.label import ROLES, Role, roles

_EXAMPLES = 2
_LONGEST = 40


def find_conflicts(found: Duplicates) -> Iterator[DatasetFinding]:
    """Find lines that are body in one copy of a page and noise in the other.

    Lines are the same if their texts are. One that stands on a page more than once counts where
    it has the same role each time; optional lines contradict nothing.
    """
    for pair in found.pairs():
        one, other = (_decided(found.summaries[page]) for page in pair)
        both = [text for text in one if text in other]
        conflicts = [text for text in both if one[text] != other[text]]
        if conflicts:
            examples = [
                f"{shown(text, _LONGEST)} is body in {pair[0 if one[text] is Role.BODY else 1]}"
                for text in conflicts[:_EXAMPLES]
            ]
            yield DatasetFinding(
                DatasetFindingKind.LABEL_CONFLICT,
                pair,
                f"{len(conflicts):,} of {len(both):,} lines: {', '.join(examples)}",
                about=conflicts[0],
                share=round(len(conflicts) / len(both), 4),
                count=len(conflicts),
            )


def _decided(page: PageSummary) -> dict[str, Role]:
    """Find the role of each text of a page that is body each time it stands there, or noise."""
    found: dict[str, set[Role]] = {}
    for text, code in zip(page.lines, roles(page.labels), strict=True):
        found.setdefault(text, set()).add(ROLES[code])
    alike = {text: next(iter(here)) for text, here in found.items() if len(here) == 1}
    return {text: role for text, role in alike.items() if role is not Role.OPTIONAL}
