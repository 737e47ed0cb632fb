"""Two similarities of whole texts by the fewest edits between them."""

import numpy as np
from rapidfuzz.distance import LCSseq, Levenshtein

from bench.metrics.case import Case
from bench.metrics.metric import metrics_of
from bench.metrics.published.overlap import NOTHING
from bench.metrics.published.tokens import as_text, page_of, pieces, shared

_MARGIN = 1.1
_LEAST = 30
_STEP = 1.5


def token_similarity(case: Case) -> float:
    """Twice the longest common subsequence of tokens over all tokens: both empty, 1.

    Tokens are what stands between white space. Source: WCEB, which calls it Levenshtein, after
    the package whose ``ratio`` it is; the figure is the mean over pages.
    """
    return sequence_similarity(case.text, case.gold_text)


def text_edit(case: Case) -> float:
    """One minus the character Levenshtein distance over the longer length: both empty, left out.

    Source: WebMainBench, whose figure is the mean over pages.
    """
    return edit_similarity(case.text, case.gold_text)


def sequence_similarity(text: str, gold_text: str) -> float:
    """Twice the longest common subsequence of white-space tokens over all tokens; 1 if none."""
    page = page_of(gold_text)
    tokens, gold = page.read(text).tokens(pieces), page.gold.tokens(pieces)
    both = len(tokens) + len(gold)
    known = page.known(pieces)
    ours = tokens[tokens < known]
    is_there = np.zeros(known, np.bool_)
    is_there[ours] = True
    common = LCSseq.similarity(as_text(ours), as_text(gold[is_there[gold]]))
    return 2 * common / both if both else 1.0


def edit_similarity(text: str, gold_text: str) -> float:
    """One minus the Levenshtein distance over the longer length; NaN if both are empty."""
    longer = max(len(text), len(gold_text))
    if not longer:
        return NOTHING
    most = _likely_distance(text, gold_text)
    while (edits := _distance_up_to(most, text, gold_text)) > most:
        most = int(most * _STEP)
    return 1 - edits / longer


def _distance_up_to(most: int, text: str, gold_text: str) -> int:
    """The Levenshtein distance, or more than ``most`` if it is; takes time in proportion to it."""
    return Levenshtein.distance(text, gold_text, score_cutoff=most, score_hint=most)


def _likely_distance(text: str, gold_text: str) -> int:
    """About how many edits there are, rather too many: a search for fewer is in vain."""
    page = page_of(gold_text)
    tokens, gold = page.read(text).tokens(pieces), page.gold.tokens(pieces)
    both = shared(tokens, gold, page.known(pieces))
    unshared = min(
        len(one) * (1 - both / max(count, 1))
        for one, count in ((text, len(tokens)), (gold_text, len(gold)))
    )
    return int((abs(len(text) - len(gold_text)) + unshared) * _MARGIN) + _LEAST


METRICS = metrics_of((token_similarity, text_edit))
