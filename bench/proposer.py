"""Labels to begin with: what a line classifier makes of a page."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from baselines.model import Model
from baselines.regression import logistic
from baselines.threshold import HALF, keep_limit, line_sizes
from bench.running import Run
from bench.scoring.cases import page_cases
from corpus import Lines, Page
from labels import ROLES, LabelledPage, Role
from labels.annotation.drafts.proposals import Misses, Proposals, Proposer

_ODDS_LIMIT = 1e-9


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
        return Proposals(reading.labels(body >= HALF), np.maximum(body, 1 - body))

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
