"""Two similarities of whole texts by the fewest edits between them."""

import numpy as np
from rapidfuzz.distance import LCSseq, Levenshtein

from bench.metrics.case import Case
from bench.metrics.metric import metrics_of
from bench.metrics.published.overlap import NOTHING
from bench.metrics.published.tokens import as_text, page_of, pieces, shared

_HINT_MARGIN = 1.1
_HINT_LEAST = 30


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
    hint = _likely_distance(text, gold_text)
    return 1 - Levenshtein.distance(text, gold_text, score_hint=hint) / longer


def _likely_distance(text: str, gold_text: str) -> int:
    """About how many edits there are; a good guess makes the search for the number shorter."""
    page = page_of(gold_text)
    tokens, gold = page.read(text).tokens(pieces), page.gold.tokens(pieces)
    both = shared(tokens, gold, page.known(pieces))
    unshared = min(
        len(one) * (1 - both / max(count, 1))
        for one, count in ((text, len(tokens)), (gold_text, len(gold)))
    )
    return int(abs(len(text) - len(gold_text)) * _HINT_MARGIN + unshared) + _HINT_LEAST


METRICS = metrics_of((token_similarity, text_edit))
