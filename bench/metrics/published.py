"""Metrics that other benchmarks publish, over texts."""

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from bench.metrics.case import Case
from bench.metrics.metric import metrics_of
from labels import tokenize

_WORD = re.compile(r"\w+")


def word_f1(case: Case) -> float:
    r"""F1 over multisets of lower-cased ``\w+`` matches. Both empty: 1. One empty: 0.

    Source: WCXB, the Web Content Extraction Benchmark, whose figure is the mean over pages.
    """
    return _multiset_f1(_words(case.text), _words(case.gold_text))


def token_f1(case: Case) -> float:
    r"""F1 over multisets of the alignment's tokens. Both empty: 1. One empty: 0.

    As `word_f1`, but each Han, kana and Hangul character is a token, since ``\w+`` makes one
    giant token of a Chinese sentence.
    """
    return _multiset_f1(_tokens(case.text), _tokens(case.gold_text))


def _multiset_f1(predicted: Counter[str], gold: Counter[str]) -> float:
    if not predicted and not gold:
        return 1.0
    both = (predicted & gold).total()
    return 2 * both / (predicted.total() + gold.total())


def _counter(tokenizer: Callable[[str], list[str]]) -> Callable[[str], Counter[str]]:
    # The gold text of a page is counted once, not once for each extractor.
    return lru_cache(maxsize=64)(lambda text: Counter(tokenizer(text)))


_words = _counter(lambda text: _WORD.findall(text.lower()))
_tokens = _counter(tokenize)


METRICS = metrics_of((word_f1, token_f1))
