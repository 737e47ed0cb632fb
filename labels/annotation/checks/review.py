"""Find what a reviewer would look at again on a labelled page.

A finding is no error: a page may be as odd as its labels say. It is accepted, or the label is
corrected.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import SupportsIndex

import numpy as np
from numpy.typing import NDArray

from corpus import Flag, Lines
from labels.finding_kind import FindingKind
from labels.label import LABELS, Label, Role, has_role

LONG_RUN = 5
"""So many lines of one kind on either side make a single line of the other kind implausible."""
TITLE_LATEST = 3
"""A title after more lines of body than this stands late."""
TITLE_GAP = 10
"""Titles with more lines than this between them are two blocks."""
CAPTION_REACH = 6
"""A caption has a line of body or a title at most so many lines away, captions not counted."""
BYLINE_REACH = 8
"""The same of a byline, bylines not counted."""
LONG_PROSE = 200
"""A menu entry or button with more characters than this outside of links is not one."""
FEWEST_LINES = 20
"""A page of so many lines without any noise was hardly scraped whole."""

_BODY, _TITLE = Label.BODY.code, Label.TITLE.code
_BUTTONS = (Label.NAVIGATION.code, Label.SOCIAL.code)
_BELONGS_TO = (_BODY, _TITLE, Label.MIXED.code)


class LabelFindingKind(FindingKind):
    """What can look implausible in the labels of a page. The names are stored."""

    NOISE_IN_BODY = (
        "noise-in-body",
        f"one line of noise with {LONG_RUN} lines of content on either side",
    )
    BODY_IN_NOISE = (
        "body-in-noise",
        f"one line of body with {LONG_RUN} lines of noise on either side",
    )
    SAME_PLACE = "same-place", "a text has two labels in containers of the same kind"
    SAME_TEXT = "same-text", "a text is body and noise, and one of the two is unlike its neighbours"
    BODY_IN_MENU = "body-in-menu", "body in a navigation element"
    LONG_BUTTON = (
        "long-button",
        f"navigation or social with over {LONG_PROSE} characters outside links",
    )
    TITLE_MISSING = "title-missing", "no line is labelled title"
    TITLE_LATE = "title-late", f"over {TITLE_LATEST} lines of body stand before the title"
    TITLE_AGAIN = "title-again", f"a title over {TITLE_GAP} lines after the title"
    CAPTION_FAR = "caption-far", f"a caption without body or title within {CAPTION_REACH} lines"
    BYLINE_FAR = "byline-far", f"a byline without body or title within {BYLINE_REACH} lines"
    NOISE_MISSING = "noise-missing", f"a page of {FEWEST_LINES} lines or more without any noise"


@dataclass(frozen=True, slots=True)
class LabelFinding:
    """Something to look at again, and where on the page."""

    kind: LabelFindingKind
    detail: str
    """What was found, for a reader."""
    line: int | None
    """Number of the line on the page, from 1; None if it is about the page as a whole."""
    label: str | None
    """Of the line; None, like its text, without a line."""
    text: str | None


# Kind, line from 0, and detail.
_Found = Iterator[tuple[LabelFindingKind, SupportsIndex, str]]
_Codes = NDArray[np.int8]


def review(lines: Lines, codes: _Codes) -> list[LabelFinding]:
    """Find what a reviewer would look at again in n lines of codes, shape (n,), in their order.

    A page without lines has no findings.
    """
    found = [LabelFinding(kind, detail, None, None, None) for kind, detail in _whole(codes)]
    for check in (_lone, _same_text, _by_markup, _titles, _far):
        for kind, row, detail in check(lines, codes):
            label, text = str(LABELS[codes[row]]), lines.texts[row]
            found.append(LabelFinding(kind, detail, int(row) + 1, label, text))
    order = list(LabelFindingKind)
    return sorted(found, key=lambda finding: (finding.line or 0, order.index(finding.kind)))


def _lone(lines: Lines, codes: _Codes) -> _Found:
    """Find single lines of noise in content, and of body in noise. Optional lines are content.

    Noise that recurs with the same label, by its text or by its place, is the button of an entry.
    """
    noise = has_role(codes, Role.NOISE)
    places = [_place(lines, row) or lines.texts[row] for row in range(len(lines))]
    by_place, by_text = (
        Counter(zip(codes.tolist(), keys, strict=True)) for keys in (places, lines.texts)
    )
    for row in range(LONG_RUN, len(codes) - LONG_RUN):
        code = int(codes[row])
        around = np.r_[row - LONG_RUN : row, row + 1 : row + LONG_RUN + 1]
        if noise[row] and not noise[around].any() and _BODY in codes[around]:
            if by_place[code, places[row]] == by_text[code, lines.texts[row]] == 1:
                yield LabelFindingKind.NOISE_IN_BODY, row, f"{LABELS[code]} in the middle of body"
        elif code == _BODY and noise[around].all():
            others = " and ".join(dict.fromkeys(LABELS[other] for other in codes[around]))
            yield LabelFindingKind.BODY_IN_NOISE, row, f"body in the middle of {others}"


def _same_text(lines: Lines, codes: _Codes) -> _Found:
    """Find texts with two labels, where no difference of place accounts for it.

    With markup, two places are alike if all their containers have the same tags and classes. In
    text, a line is in its place if a line beside it has its label; titles, bylines and captions
    differ in nothing but their place.
    """
    rows_of: dict[str, list[int]] = {}
    for row, text in enumerate(lines.texts):
        rows_of.setdefault(text, []).append(row)
    kind = LabelFindingKind.SAME_PLACE if lines.is_html else LabelFindingKind.SAME_TEXT
    for rows in rows_of.values():
        if len(set(codes[rows].tolist())) > 1:
            pairs = _same_place(lines, codes, rows) if lines.is_html else _unlike(codes, rows)
            for row, other in pairs:
                label, same = LABELS[codes[row]], LABELS[codes[other]]
                yield kind, row, f"{label}, but line {other + 1} with the same text is {same}"


def _same_place(lines: Lines, codes: _Codes, rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Find rows that are labelled differently from the first in the same place, and that one."""
    first: dict[tuple[int, ...], int] = {}
    for row in rows:
        other = first.setdefault(_place(lines, row), row)
        if codes[other] != codes[row]:
            yield row, other


def _place(lines: Lines, row: int) -> tuple[int, ...]:
    """List the kinds of all containers of a line, from the innermost out."""
    containers, at = lines.containers, int(lines.container[row])
    place = []
    while at >= 0:
        place.append(int(containers.signature[at]))
        at = int(containers.parent[at])
    return tuple(place)


def _unlike(codes: _Codes, rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Find rows of body or noise with no line of their label beside them, and one of the other."""
    body = [row for row in rows if codes[row] == _BODY]
    noise = [row for row in rows if LABELS[codes[row]].role is Role.NOISE]
    for ours, theirs in ((body, noise), (noise, body)):
        for row in ours if theirs else ():
            if (codes[max(0, row - 1) : row + 2] == codes[row]).sum() == 1:
                yield row, theirs[0]


def _by_markup(lines: Lines, codes: _Codes) -> _Found:
    """Find labels that contradict the element a line stands in, or its length."""
    for row in np.flatnonzero(((lines.flags & Flag.NAV) > 0) & (codes == _BODY)):
        yield LabelFindingKind.BODY_IN_MENU, row, "body in a navigation element"
    prose = lines.chars - lines.link_chars
    for row in np.flatnonzero(np.isin(codes, _BUTTONS) & (prose > LONG_PROSE)):
        detail = f"{LABELS[codes[row]]} of {int(prose[row]):,} characters outside of links"
        yield LabelFindingKind.LONG_BUTTON, row, detail


def _titles(_lines: Lines, codes: _Codes) -> _Found:
    rows = np.flatnonzero(codes == _TITLE)
    for first in rows[:1]:
        before = int((codes[:first] == _BODY).sum())
        if before > TITLE_LATEST:
            yield LabelFindingKind.TITLE_LATE, first, f"title after {before:,} lines of body"
    for earlier, row in pairwise(rows):
        if row - earlier - 1 > TITLE_GAP:
            detail = f"title again, {row - earlier:,} lines further on"
            yield LabelFindingKind.TITLE_AGAIN, row, detail


def _far(_lines: Lines, codes: _Codes) -> _Found:
    """Find captions and bylines far from what they belong to; of several in a row, the first."""
    for kind, label, reach in (
        (LabelFindingKind.CAPTION_FAR, Label.CAPTION, CAPTION_REACH),
        (LabelFindingKind.BYLINE_FAR, Label.BYLINE, BYLINE_REACH),
    ):
        is_label = codes == label.code
        for row in np.flatnonzero(is_label & ~np.r_[False, is_label[:-1]]):
            sides = (codes[:row][::-1], codes[row + 1 :])
            near = np.concatenate([side[side != label.code][:reach] for side in sides])
            if not np.isin(near, _BELONGS_TO).any():
                yield kind, row, f"{label} with no body or title near it"


def _whole(codes: _Codes) -> Iterator[tuple[LabelFindingKind, str]]:
    """Find what a page lacks as a whole."""
    if len(codes) and _TITLE not in codes:
        yield LabelFindingKind.TITLE_MISSING, "no line is labelled title"
    if len(codes) >= FEWEST_LINES and not has_role(codes, Role.NOISE).any():
        yield LabelFindingKind.NOISE_MISSING, f"{len(codes):,} lines, and none of them is noise"
