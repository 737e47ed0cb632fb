r"""Compare words and tokens as multisets, and find snippets, as WCXB does.

WCXB is the Web Content Extraction Benchmark.

Words are lower-cased ``\w+``. Tokens are those of the alignment, in which each Han, kana and Hangul
character is one, because ``\w+`` makes one giant word of a Chinese sentence. Figures are means over
pages.
"""

from functools import lru_cache

from bench.metrics.metric import Case, metrics_of
from bench.metrics.overlap import Overlap, precision_recall_f1, share, share_or_nothing
from bench.metrics.published.tokens import (
    Cut,
    alignment_tokens,
    lower_words,
    page_tokens,
    shared,
)


def token_f1(case: Case) -> float:
    """F1 over multisets of the alignment's tokens. Both empty: 1. One empty: 0."""
    hits, predicted, gold = text_overlap(case.text, case.gold_text, alignment_tokens)
    return share(2 * hits, predicted + gold, 0)


def wcxb_with(case: Case) -> float:
    """Share of the snippets to be kept that are in the text, case aside. No snippet: left out."""
    text = _lower(case.text)
    found = [snippet.lower() in text for snippet in case.with_snippets]
    return share_or_nothing(sum(found), len(found))


def wcxb_without(case: Case) -> float:
    """Share of the snippets to be dropped that are not in the text, case aside. None: left out."""
    text = _lower(case.text)
    absent = [snippet.lower() not in text for snippet in case.without_snippets]
    return share_or_nothing(sum(absent), len(absent))


@lru_cache(maxsize=2)
def text_overlap(text: str, gold_text: str, cut: Cut) -> Overlap:
    """Count the tokens of both texts, and those they share as multisets."""
    page = page_tokens(gold_text)
    tokens, gold = page.read(text).tokens(cut), page.gold.tokens(cut)
    return Overlap(shared(tokens, gold, page.known(cut)), len(tokens), len(gold))


_lower = lru_cache(maxsize=1)(str.lower)

METRICS = (
    *precision_recall_f1(
        "word",
        lambda case: text_overlap(case.text, case.gold_text, lower_words),
        "Share of the predicted words that are gold, as multisets: both empty, 1; one empty, 0.",
        "Share of the gold words that are predicted, as multisets: both empty, 1; one empty, 0.",
        r"F1 over multisets of lower-cased ``\w+`` matches. Both empty: 1. One empty: 0.",
    ),
    *metrics_of((token_f1, wcxb_with, wcxb_without)),
)
