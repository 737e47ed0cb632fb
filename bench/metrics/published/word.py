"""Words as multisets, and snippets, as WCXB, the Web Content Extraction Benchmark, scores them."""

from functools import lru_cache

from bench.metrics.case import Case
from bench.metrics.metric import metrics_of
from bench.metrics.published.overlap import NOTHING, Overlap
from bench.metrics.published.tokens import (
    Cut,
    alignment_tokens,
    lower_words,
    page_of,
    shared,
)


def word_precision(case: Case) -> float:
    r"""Share of the predicted words that are gold, as multisets: both empty, 1; one empty, 0.

    Words are lower-cased ``\w+``. Source: WCXB, whose figure is the mean over pages.
    """
    return _overlap(case.text, case.gold_text, lower_words).precision


def word_recall(case: Case) -> float:
    r"""Share of the gold words that are predicted, as multisets: both empty, 1; one empty, 0.

    Words are lower-cased ``\w+``. Source: WCXB, whose figure is the mean over pages.
    """
    return _overlap(case.text, case.gold_text, lower_words).recall


def word_f1(case: Case) -> float:
    r"""F1 over multisets of lower-cased ``\w+`` matches. Both empty: 1. One empty: 0.

    Source: WCXB, whose figure is the mean over pages.
    """
    return _overlap(case.text, case.gold_text, lower_words).f1


def token_f1(case: Case) -> float:
    r"""F1 over multisets of the alignment's tokens. Both empty: 1. One empty: 0.

    As `word_f1`, but each Han, kana and Hangul character is a token, since ``\w+`` makes one
    giant token of a Chinese sentence.
    """
    return _overlap(case.text, case.gold_text, alignment_tokens).f1


def wcxb_with(case: Case) -> float:
    """Share of the snippets to be kept that are in the text, case aside. No snippet: left out.

    Source: WCXB.
    """
    text = _lower(case.text)
    return _mean([snippet.lower() in text for snippet in case.with_snippets])


def wcxb_without(case: Case) -> float:
    """Share of the snippets to be dropped that are not in the text, case aside. None: left out.

    Source: WCXB.
    """
    text = _lower(case.text)
    return _mean([snippet.lower() not in text for snippet in case.without_snippets])


@lru_cache(maxsize=2)
def _overlap(text: str, gold_text: str, cut: Cut) -> Overlap:
    """What two texts share as multisets of tokens."""
    page = page_of(gold_text)
    tokens, gold = page.read(text).tokens(cut), page.gold.tokens(cut)
    return Overlap(shared(tokens, gold, page.known(cut)), len(tokens), len(gold))


_lower = lru_cache(maxsize=1)(str.lower)


def _mean(found: list[bool]) -> float:
    return sum(found) / len(found) if found else NOTHING


METRICS = metrics_of((word_precision, word_recall, word_f1, token_f1, wcxb_with, wcxb_without))
