"""Labelled pages as training sees them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.features.columns import Features
from baselines.model import VIEWS
from corpus import Lines
from labels import LABELS, ROLES, Label, LabelledPage, Role, roles

BODY, OPTIONAL = ROLES.index(Role.BODY), ROLES.index(Role.OPTIONAL)

# A page whose labels tell the kinds of noise counts for so many whose labels were projected from
# a gold text: it shows scripts, markup and lists that the large datasets lack.
_LABELLED_LINE_BY_LINE = 20.0
_ARTICLE = "article"

# A title outside the gold text, a byline or a caption is no body, whatever scoring makes of it.
_TARGETS = np.array(
    [
        ROLES.index(
            Role.BODY
            if label is Label.BODY
            else Role.OPTIONAL
            if label is Label.MIXED
            else Role.NOISE
        )
        for label in LABELS
    ],
    np.int8,
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One page as the training sees it; n lines."""

    id: str
    sha256: str
    site: str
    lines: Lines
    features: dict[str, Features]
    """By view: of the text, and of the HTML where the page has it. None of an empty page."""
    roles: NDArray[np.int8]
    """Positions in `ROLES`, for scoring, shape (n,)."""
    targets: NDArray[np.int8]
    """Positions in `ROLES`, for fitting, shape (n,): what is optional is left out."""
    labels: NDArray[np.int8] | None
    """Codes of a page that was labelled line by line, so that they tell kinds of noise."""
    is_article: bool | None
    """Whether the page is one of an article; None if that is untold."""
    weight: float
    """How many pages it counts for."""
    usable: bool
    """Whether its labels tell anything: those of a page with an empty gold text do not."""
    reserved: bool
    """Whether its site belongs to a test split, so that a shipped model must not see it."""


def samples(pages: Iterable[LabelledPage], reserved_sites: Iterable[str] = ()) -> Iterator[Sample]:
    """Compute the features of labelled pages, one at a time."""
    reserved = frozenset(reserved_sites)
    for labelled in pages:
        page = labelled.page
        lines = page.lines()
        views = ("text", "html") if lines.is_html else ("text",)
        site = page.site or page.id
        by_line = labelled.coverage is None
        yield Sample(
            id=page.id,
            sha256=page.sha256,
            site=site,
            lines=lines,
            features={
                view: VIEWS[view].features(Batch.of([lines])) for view in views if len(lines)
            },
            roles=roles(labelled.labels),
            targets=_TARGETS[labelled.labels],
            labels=labelled.labels if by_line else None,
            is_article=page.page_type == _ARTICLE if page.page_type else None,
            weight=_LABELLED_LINE_BY_LINE if by_line else 1.0,
            usable=labelled.gold_text != "",
            reserved=site in reserved,
        )


def line_weights(chars: NDArray[np.int32], by_chars: float = 0.5) -> NDArray[np.float64]:
    """Weights of a page's lines, shape (n,).

    Half way between each line alike (``by_chars`` 0) and each character alike (1), or elsewhere
    between them, and such that a page of many lines weighs no more than one of few.
    """
    shares = chars / max(int(chars.sum()), 1)
    weights: NDArray[np.float64] = shares**by_chars / max(len(chars), 1) ** (1 - by_chars)
    return weights
