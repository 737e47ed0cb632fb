"""Explain why a model keeps a line: what each feature adds to the log-odds of body.

A model weighs standardised features, so the log-odds of a line are a plain sum: of the intercept,
and of each feature's value times its weight on this page. Where features are alike, as many are,
the fit divides one reason among them: what a single one contributes says little of what would
happen without it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from textwrap import TextWrapper
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baselines.features.columns import Floats
from baselines.model import Model
from baselines.threshold import keep_limit, line_sizes
from corpus import DataError, Lines

WIDTH = 100
"""Columns of a terminal that an explanation fits."""

Contribution = tuple[str, float]
"""A feature, and what it adds to the log-odds."""

_NO_BREAK = "\N{NO-BREAK SPACE}"
_NAMES_WIDTH = len("against  ")


@dataclass(frozen=True, slots=True)
class LineExplanation:
    """How a model decides about one line, and why."""

    number: int
    """Its place on the page, from 1."""
    text: str
    probability: float
    kept: bool
    in_favour: tuple[Contribution, ...]
    """The features that speak most for body, the strongest first."""
    against: tuple[Contribution, ...]
    """The features that speak most against it, the strongest first."""
    rest: float
    """The intercept and all other features: with those named, the log-odds of the probability."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a model decides about a page, and why."""

    model: str
    version: str
    article: float
    """How likely the page is one of an article."""
    intercept: float
    """Log-odds of a line whose features are all average."""
    share: float
    """Share of the F1 that can be expected from which lines are kept."""
    limit: float
    """The probability from which lines are kept, on this page."""
    lines: tuple[LineExplanation, ...]


def explain_page(
    model: Model, lines: Lines, *, features: int = 3, only: Collection[int] = ()
) -> Explanation:
    """Explain how a model decides about a page's lines, of all or of some numbers, from 1.

    So many ``features`` are named for, and as many against; fewer if fewer speak.

    Raises:
        DataError: if the page has no lines, or none of such a number.
    """
    n = len(lines)
    if not n:
        raise DataError("the page has no lines, so there is nothing to explain")
    if beyond := sorted(number for number in only if not 1 <= number <= n):
        raise DataError(f"no line {beyond[0]}; the page has lines 1 to {n}")
    reading = model.read(lines)
    probabilities = reading.probabilities
    limit = keep_limit(probabilities, line_sizes(lines.chars), reading.share)
    values, weights = reading.values.astype(np.float64), reading.weights

    def explained(row: int) -> LineExplanation:
        added = values[row] * weights.weight
        most, least = _strongest(added, features), _strongest(-added, features)
        named = float(added[most].sum() + added[least].sum())
        return LineExplanation(
            number=row + 1,
            text=lines.texts[row],
            probability=float(probabilities[row]),
            kept=bool(probabilities[row] >= limit),
            in_favour=tuple((reading.names[at], float(added[at])) for at in most),
            against=tuple((reading.names[at], float(added[at])) for at in least),
            rest=float(added.sum()) + weights.intercept - named,
        )

    return Explanation(
        model=model.name,
        version=model.version,
        article=reading.article,
        intercept=weights.intercept,
        share=reading.share,
        limit=limit,
        lines=tuple(explained(number - 1) for number in sorted(set(only)) or range(1, n + 1)),
    )


def _strongest(added: Floats, count: int) -> NDArray[np.intp]:
    """Find the places of the largest positive values, the largest first."""
    order = np.argsort(-added, kind="stable")[:count]
    return order[added[order] > 0]


def as_row(line: LineExplanation) -> dict[str, Any]:
    """Make the object that JSON holds of a line.

    Keys: ``line``, ``text``, ``probability``, ``kept``, ``for`` and ``against`` (pairs of a feature
    and what it contributes), ``rest``. Log-odds are rounded to four digits.
    """
    return {
        "line": line.number,
        "text": line.text,
        "probability": round(line.probability, 4),
        "kept": line.kept,
        "for": [[name, round(value, 4)] for name, value in line.in_favour],
        "against": [[name, round(value, 4)] for name, value in line.against],
        "rest": round(line.rest, 4),
    }


def head(page: Explanation) -> str:
    """Describe the page as a whole, in one row."""
    return (
        f"{page.model} {page.version}; looks like an article: {page.article:.2f}; "
        f"kept from {page.limit:.3f} (share {page.share:.2f} of expected F1)"
    )


def draw(line: LineExplanation, digits: int) -> tuple[str, list[str]]:
    """Draw a line in a terminal: its row, and the rows of its reasons; no wider than `WIDTH`.

    Its number is ``digits`` wide.
    """
    from rich.cells import cell_len, set_cell_size

    before = f"{line.number:{digits}} {'+' if line.kept else ' '} {line.probability:.3f}  "
    room = WIDTH - len(before)
    text = line.text
    if cell_len(text) > room:
        text = set_cell_size(text, room - 1).rstrip() + "…"
    return before + text, list(_reasons(line, len(before)))


def _reasons(line: LineExplanation, indent: int) -> Iterator[str]:
    start = " " * indent
    wrapper = TextWrapper(
        WIDTH, subsequent_indent=start + " " * _NAMES_WIDTH, break_on_hyphens=False
    )
    for name, values in (("for", line.in_favour), ("against", line.against)):
        if values:
            wrapper.initial_indent = f"{start}{name:{_NAMES_WIDTH}}"
            pairs = [f"{feature}{_NO_BREAK}{value:+.2f}" for feature, value in values]
            for row in wrapper.wrap(", ".join(pairs)):
                yield row.replace(_NO_BREAK, " ")
    yield f"{start}{'rest':{_NAMES_WIDTH}}{line.rest:+.2f}"
