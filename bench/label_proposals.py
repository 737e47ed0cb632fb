"""Propose labels with a line classifier, and find lines that all runs get wrong."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from baselines.model import Model
from baselines.regression import logistic
from baselines.threshold import keep_limit, line_sizes
from bench.running import Run
from bench.scoring.cases import page_cases
from corpus import Lines, Page
from labels import ROLES, LabelledPage, Role
from labels.annotation.drafts.proposals import FindMissedLines, ProposedLabels, ProposeLabels

_HALF = 0.5
_ODDS_LIMIT = 1e-9


def propose_with(model: Model) -> ProposeLabels:
    """Make a function that proposes labels for a page with a model."""

    def propose(_: Page, lines: Lines) -> ProposedLabels:
        if not len(lines):
            return ProposedLabels(np.zeros(0, np.int8), np.zeros(0))
        reading = model.read(lines)
        limit = keep_limit(reading.probabilities, line_sizes(lines.chars), reading.share)
        # The odds of body beside those at which a line is kept on this page: even at the limit.
        body = logistic(_log_odds(reading.probabilities) - _log_odds(np.array(limit)))
        return ProposedLabels(reading.labels(body >= _HALF), np.maximum(body, 1 - body))

    return propose


def find_missed_by_all(runs: Sequence[Run]) -> FindMissedLines:
    """Make a function that finds the lines of a page that all runs get wrong.

    Optional lines cannot be wrong. On a page that a run does not have, no line is missed.
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
