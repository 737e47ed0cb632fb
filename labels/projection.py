"""Project a gold text onto a page: the labels of its lines."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus import Flag, Lines
from labels.alignment import align, tokenize
from labels.label import Label

BODY_SHARE = 0.8
"""A line is body if the gold text holds at least this share of its tokens."""
NOISE_SHARE = 0.2
"""A line is noise if the gold text holds at most this share; between the two it is mixed."""

# A byline is short; the same words in a long line are part of a sentence.
_LONGEST_BYLINE = 24

_BODY, _MIXED, _NOISE = Label.BODY.code, Label.MIXED.code, Label.NOISE.code
_TITLE, _BYLINE = Label.TITLE.code, Label.BYLINE.code


@dataclass(frozen=True, slots=True)
class Facts:
    """What a source states of a page beside its gold text."""

    title: str | None = None
    author: str | None = None
    is_date: re.Pattern[str] | None = None
    """Found in the lines that show the page's date."""


def project(
    lines: Lines, gold_text: str, facts: Facts | None = None
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Label the lines of a page by the share of each that the gold text holds.

    Lines outside the gold text that are the page's title, or name its author or date, become
    ``title`` or ``byline``. A gold text does not show the kinds of noise: all is ``noise``.

    Returns:
        Codes of the labels and coverage, both of shape (n,).
    """
    coverage = align(lines.texts, gold_text).coverage
    labels = np.full(len(lines), _MIXED, np.int8)
    labels[coverage >= BODY_SHARE] = _BODY
    labels[coverage <= NOISE_SHARE] = _NOISE
    if facts is not None:
        mark_facts(lines, labels, facts)
    return labels, coverage


def mark_facts(lines: Lines, labels: NDArray[np.int8], facts: Facts) -> None:
    """Label lines outside the body that are the title, or name author or date, in place."""
    title = tokenize(facts.title or "")
    author = f" {' '.join(tokenize(facts.author or ''))} "
    body = np.flatnonzero(labels == _BODY)
    first_body = int(body[0]) if len(body) else len(lines)
    for row in np.flatnonzero(labels != _BODY):
        text = lines.texts[row]
        if len(text) > 4 * max(_LONGEST_BYLINE * 4, len(facts.title or "")):
            continue
        tokens = tokenize(text)
        if title and tokens == title and (row < first_body or lines.flags[row] & Flag.HEADING):
            labels[row] = _TITLE
        elif len(tokens) <= _LONGEST_BYLINE and (
            (author.strip() and author in f" {' '.join(tokens)} ")
            or (facts.is_date and facts.is_date.search(text))
        ):
            labels[row] = _BYLINE
