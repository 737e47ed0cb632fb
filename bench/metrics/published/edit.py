"""Compare whole texts by the fewest edits between them."""

from rapidfuzz.distance import Indel, Levenshtein

from bench.metrics.metric import Case, metrics_of
from bench.metrics.overlap import NOTHING
from bench.metrics.published.tokens import page_tokens, pieces

# With how many edits a search begins; the value does not depend on it.
_FEW = 100
_MORE_THAN_LENGTHS_DIFFER = 1.2


def token_similarity(case: Case) -> float:
    """Twice the longest common subsequence of tokens over all tokens: both empty, 1.

    Tokens are what stands between white space. Source: WCEB, which calls it Levenshtein, after
    the package whose ``ratio`` it is; the figure is the mean over pages.
    """
    page = page_tokens(case.gold_text)
    tokens, gold = page.read(case.text).tokens(pieces), page.gold.tokens(pieces)
    return Indel.normalized_similarity(tokens.tolist(), gold.tolist())


def text_edit(case: Case) -> float:
    """One minus the character Levenshtein distance over the longer length: both empty, left out.

    Source: WebMainBench, whose figure is the mean over pages.
    """
    shorter, longer = sorted((len(case.text), len(case.gold_text)))
    guess = _FEW + int(_MORE_THAN_LENGTHS_DIFFER * (longer - shorter))
    edits = Levenshtein.distance(case.text, case.gold_text, score_hint=guess)
    return 1 - edits / longer if longer else NOTHING


METRICS = metrics_of((token_similarity, text_edit))
