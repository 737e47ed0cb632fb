"""Turn labelled pages into samples, as training sees them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from baselines.features.batch import Batch
from baselines.features.columns import Features, Floats
from baselines.model import VIEWS, Reading, read_pages
from baselines.regression import Stages
from corpus import DataError, Lines, Page
from labels import LABELS, ROLES, Label, LabelledPage, Role, codes, roles
from labels.f1 import body_f1

BODY, OPTIONAL, NOISE = map(ROLES.index, (Role.BODY, Role.OPTIONAL, Role.NOISE))

_ARTICLE, _FORUM = "article", "forum"
# A source counts for the root of its pages, as if the half of one of this size said half as much.
_PAGES_OF_WEIGHT_ONE = 1000.0
_MOST_LINES = 60
"""Of a page that are fitted to: what more of them say is much the same."""

# A title outside the gold text, a byline or a caption is not body, whatever its role in scoring.
_ROLE_IN_FITTING = {Label.BODY: Role.BODY, Label.MIXED: Role.OPTIONAL}
_TARGETS = np.array(
    [ROLES.index(_ROLE_IN_FITTING.get(label, Role.NOISE)) for label in LABELS], np.int8
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
    """Codes, shape (n,); None of a page that is made up."""
    by_line: bool
    """Whether it was labelled line by line, so that kinds of noise are distinguished."""
    source: str
    """Which dataset it is of."""
    is_article: bool | None
    """Whether the page is one of an article; None if its type is unknown."""
    is_forum: bool
    weight: float
    """How many pages it counts for."""
    usable: bool
    """Whether its labels mean anything: those of a page with an empty gold text do not."""
    reserved: bool
    """Whether its site belongs to a test split, so that a shipped model must not see it."""


def samples(
    pages: Iterable[LabelledPage], reserved_sites: Iterable[str] = (), source: str = ""
) -> Iterator[Sample]:
    """Compute the features of labelled pages of one source, one at a time."""
    reserved = frozenset(reserved_sites)
    for labelled in pages:
        page = labelled.page
        lines = page.lines()
        site = page.site or page.id
        yield Sample(
            id=page.id,
            sha256=page.sha256,
            site=site,
            lines=lines,
            features=_features(lines),
            roles=roles(labelled.labels),
            targets=_TARGETS[labelled.labels],
            labels=labelled.labels,
            by_line=labelled.coverage is None,
            source=source,
            is_article=page.page_type == _ARTICLE if page.page_type else None,
            is_forum=page.page_type == _FORUM,
            weight=1.0,
            usable=labelled.gold_text != "",
            reserved=site in reserved,
        )


def _features(lines: Lines) -> dict[str, Features]:
    if not len(lines):
        return {}
    batch = Batch.of([lines])
    views = ("text", "html") if lines.is_html else ("text",)
    return {view: VIEWS[view].features(batch) for view in views}


def read_sample(view: str, stages: Stages, page: Sample) -> Reading:
    """Let the stages of a view read a page that has it."""
    batch = Batch.of([page.lines])
    return read_pages(VIEWS[view], stages, batch, page.features[view])[0]


def weigh_sources(pages: Sequence[Sample], weights: Mapping[str, float]) -> list[Sample]:
    """Weigh the pages of each source; ``weights`` multiply those of the sources that they name.

    Together, the pages of a source count for the root of how many they are, so that neither the
    largest source decides all, nor a page of the smallest counts for hundreds of others.
    """
    counts = Counter(page.source for page in pages if page.usable)
    of_source = {
        source: weights.get(source, 1.0) * (_PAGES_OF_WEIGHT_ONE / count) ** 0.5
        for source, count in counts.items()
    }
    return [replace(page, weight=of_source.get(page.source, 1.0)) for page in pages]


def lines_to_fit(
    page: Sample, by_chars: float, random: np.random.Generator
) -> tuple[NDArray[np.intp], Floats]:
    """Choose lines of a page to fit to, at most `_MOST_LINES`, and weigh them; optional ones not.

    What is chosen counts for what is not.
    """
    rows = np.flatnonzero(page.targets != OPTIONAL)
    weights = page.weight * line_weights(page.lines.chars, by_chars)
    if len(rows) > _MOST_LINES:
        weights *= len(rows) / _MOST_LINES
        rows = np.sort(random.choice(rows, _MOST_LINES, replace=False))
    return rows, weights[rows]


def line_weights(chars: NDArray[np.int32], by_chars: float = 0.5) -> Floats:
    """Weigh a page's lines, shape (n,).

    Half way between each line alike (``by_chars`` 0) and each character alike (1), or elsewhere
    between them, and such that a page of many lines weighs no more than one of few.
    """
    shares = chars / max(int(chars.sum()), 1)
    weights: Floats = shares**by_chars / max(len(chars), 1) ** (1 - by_chars)
    return weights


def label_pages(pages: Sequence[Page], labels: Sequence[ArrayLike]) -> Iterator[LabelledPage]:
    """Join pages and the labels of their lines, names or codes.

    Raises:
        DataError: if labels are unknown, or do not match the lines of their page.
    """
    if len(pages) != len(labels):
        raise DataError(f"{len(pages):,} pages and labels of {len(labels):,}; give as many")
    for page, of_lines in zip(pages, labels, strict=True):
        texts, values = page.lines().texts, np.asarray(of_lines)
        if len(texts) != len(values):
            raise DataError(f"{page.id}: {len(texts):,} lines and {len(values):,} labels")
        is_coded = values.dtype.kind in "iu" or not len(values)
        known = set(range(len(LABELS)) if is_coded else LABELS)
        if unknown := [value for value in values.tolist() if value not in known]:
            names = ", ".join(LABELS)
            raise DataError(f"{page.id}: unknown label {unknown[0]!r}; use one of {names}")
        yield LabelledPage(page, texts, values.astype(np.int8) if is_coded else codes(values))


def mean_char_f1(
    pages: Sequence[Page], labels: Sequence[ArrayLike], kept: Sequence[NDArray[np.bool_]]
) -> float:
    """Average the F1 of body in characters over pages.

    Raises:
        DataError: if there are no pages, or labels do not match the lines of their page.
    """
    if not len(pages):
        raise DataError("no pages to score; give some")
    scores = [
        body_f1(roles(page.labels), decided, page.page.lines().chars)
        for page, decided in zip(label_pages(pages, labels), kept, strict=True)
    ]
    return float(np.mean(scores))
