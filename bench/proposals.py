"""Labels to begin with: a line classifier says body or not, a few signs of the page the rest."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from baselines.model import Model
from baselines.weights import keep_limit, line_sizes, logistic
from bench.cases import page_cases
from bench.runs import Run
from corpus import Flag, Lines, Page
from labels import LABELS, ROLES, Label, LabelledPage, Role
from labels.annotator.proposals import Misses, Proposals, Proposer

_CODE = {label: code for code, label in enumerate(LABELS)}
_COPYRIGHT = re.compile(r"[©ⓒ℗]|\(c\) *\d{4}|copyright", re.IGNORECASE)
_ODDS_LIMIT = 1e-9
# A link of a menu is short; one that long leads to another article.
_TEASER_CHARS = 30
_TEASER_WIDE_CHARS = 15  # of Han, kana and Hangul, which say as much in half as many
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff]")
_BYLINE_CHARS = 60
_LEAST_IN_LINKS = 0.5


def proposer(model: Model) -> Proposer:
    """What a model proposes for pages."""

    def propose(_: Page, lines: Lines) -> Proposals:
        n = len(lines)
        if not n:
            return Proposals(np.zeros(0, np.int8), np.zeros(0))
        reading = model.read(lines)
        limit = keep_limit(reading.probabilities, line_sizes(lines.chars), reading.share)
        # The odds of body beside those at which a line is kept on this page: even at the limit.
        body = logistic(_log_odds(reading.probabilities) - _log_odds(np.array(limit)))
        is_body = body >= 0.5  # noqa: PLR2004 - even odds
        labels = np.where(is_body, _CODE[Label.BODY], _kinds_of_noise(lines, is_body))
        _optional(lines, labels)
        return Proposals(labels.astype(np.int8), np.maximum(body, 1 - body))

    return propose


def missed_by_all(runs: Sequence[Run]) -> Misses:
    """Which lines of a page all runs get wrong; none of a page that a run does not have.

    Optional lines cannot be got wrong.
    """

    def missed(page: Page, lines: Lines, labels: NDArray[np.int8]) -> NDArray[np.bool_]:
        wrong = np.ones(len(lines), np.bool_)
        if not runs or any(page.id not in run.rows for run in runs):
            return ~wrong
        for case in page_cases(LabelledPage(page, lines.texts, labels), runs):
            is_body = case.roles == ROLES.index(Role.BODY)
            wrong &= (case.kept != is_body) & (case.roles != ROLES.index(Role.OPTIONAL))
        return wrong

    return missed


def _log_odds(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    held = np.clip(probabilities, _ODDS_LIMIT, 1 - _ODDS_LIMIT)
    odds: NDArray[np.float64] = np.log(held / (1 - held))
    return odds


def _kinds_of_noise(lines: Lines, is_body: NDArray[np.bool_]) -> NDArray[np.int64]:
    """A kind of noise for each line, by its element, its links, and whether body came before."""
    flags = lines.flags
    after = np.logical_or.accumulate(is_body)
    kinds = np.where(after, _CODE[Label.RECOMMENDATION], _CODE[Label.NAVIGATION])
    in_links = lines.link_chars > _LEAST_IN_LINKS * lines.chars
    wide = np.array([len(_WIDE.findall(text)) for text in lines.texts])
    long = np.where(
        2 * wide > lines.chars, lines.chars >= _TEASER_WIDE_CHARS, lines.chars >= _TEASER_CHARS
    )
    menu = (flags & (Flag.NAV | Flag.HEADER | Flag.FOOTER | Flag.CONTROL)) > 0
    kinds[menu] = _CODE[Label.NAVIGATION]
    kinds[long & after & ~menu & (in_links | ~np.array(lines.is_html))] = _CODE[
        Label.RECOMMENDATION
    ]
    kinds[(flags & Flag.ASIDE > 0) & ~menu] = _CODE[Label.RECOMMENDATION]
    kinds[flags & Flag.REPLY > 0] = _CODE[Label.COMMENT]
    for row, text in enumerate(lines.texts):
        if _COPYRIGHT.search(text):
            kinds[row] = _CODE[Label.LEGAL]
    return kinds


def _optional(lines: Lines, labels: NDArray[np.int64]) -> None:
    """Label the headline, captions and bylines that the markup tells."""
    flags = lines.flags
    labels[flags & Flag.CAPTION > 0] = _CODE[Label.CAPTION]
    credit = (flags & Flag.CREDIT > 0) | (lines.times > 0)
    labels[credit & (lines.chars <= _BYLINE_CHARS) & (labels == _CODE[Label.BODY])] = _CODE[
        Label.BYLINE
    ]
    title = " ".join(lines.declared.title.split())
    for row in np.flatnonzero(flags & Flag.HEADING):
        if title.startswith(lines.texts[row]) or title.endswith(lines.texts[row]):
            labels[row] = _CODE[Label.TITLE]
            return
