"""Compute ROUGE-5 as WebMainBench does.

Source: WebMainBench, its ``TextRougeNgramMetric``. Tokens are those of jieba (`jieba_tokens`), of
the text with the white space at its ends: blanks and line breaks are tokens. A run of five tokens
counts as often as both texts have it. The figure is the mean over pages.
"""

import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache

from bench.metrics.overlap import Overlap, precision_recall_f1
from bench.metrics.published.ngrams import GoldGrams
from bench.metrics.published.tokens import page_tokens

N = 5
"""Tokens of a run."""
_PARTS_KEPT = 1 << 16

# jieba cuts runs of these characters by its dictionary, and each run apart from the others; any
# other character is a token of its own, save that CR LF is one. Of ASCII alone, the dictionary has
# five words (C++, AT&T ...), all with one of the signs + # &. A run without Han and these signs is
# not looked up: jieba falls back to a pattern, which has a decimal fraction or a percentage whole.
_PLAIN = r"a-zA-Z0-9._%\-"
_LOOKED_UP = r"\u4e00-\u9fd5+#&"
_TO_LOOK_UP = re.compile(f"[{_LOOKED_UP}]")
_BY_DICTIONARY = re.compile(
    f"((?<![{_PLAIN}{_LOOKED_UP}])[{_PLAIN}]*+[{_LOOKED_UP}][{_PLAIN}{_LOOKED_UP}]*+)"
)
_BY_PATTERN = re.compile(r"[a-zA-Z0-9]+(?:\.[0-9]+)?%?|[._%\-]+|\r\n|.", re.DOTALL)


@lru_cache(maxsize=1)
def rouge5_overlap(text: str, gold_text: str) -> Overlap:
    """Count the runs of five tokens of both texts, and those they share; of two blank texts, 0."""
    if not text.strip() and not gold_text.strip():
        return Overlap(0, 0, 0)
    tokens = page_tokens(gold_text).read(text).tokens_and_white_space(jieba_tokens)
    length, gold = _gold(gold_text)
    return Overlap(gold.hits(tokens), _runs(len(tokens)), _runs(length))


def _runs(tokens: int) -> int:
    """Count the runs to divide by; of too short a text one, which nothing matches."""
    return max(tokens - N + 1, 1)


@lru_cache(maxsize=1)
def _gold(gold_text: str) -> tuple[int, GoldGrams]:
    tokens = page_tokens(gold_text).gold.tokens_and_white_space(jieba_tokens)
    return len(tokens), GoldGrams(tokens, int(tokens.max(initial=0)) + 1, N)


def jieba_tokens(text: str) -> list[str]:
    """Cut a text as ``jieba.lcut`` does with the dictionary that jieba ships."""
    if not _TO_LOOK_UP.search(text):
        return _BY_PATTERN.findall(text)
    tokens: list[str] = []
    for k, part in enumerate(_BY_DICTIONARY.split(text)):
        tokens += _cut(part) if k % 2 else _BY_PATTERN.findall(part)
    return tokens


@lru_cache(maxsize=_PARTS_KEPT)
def _cut(part: str) -> tuple[str, ...]:
    return (part,) if len(part) == 1 else tuple(_cutter()(part))


@cache
def _cutter() -> Callable[[str], list[str]]:
    """Make jieba's default cut, with the dictionary read anew.

    jieba itself keeps the dictionary as marshalled code in the temporary folder that all users
    share, and reads whatever lies there under its name.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba's own, of escapes and of pkg_resources
        import jieba

        tokenizer = jieba.Tokenizer()
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    cut: Callable[[str], list[str]] = tokenizer.lcut
    return cut


METRICS = tuple(
    replace(metric, extra="webmainbench")
    for metric in precision_recall_f1(
        "rouge5",
        lambda case: rouge5_overlap(case.text, case.gold_text),
        "Share of the predicted five-token runs that are gold: both texts blank, 1; no run, 0.",
        "Share of the gold five-token runs that are predicted: both texts blank, 1; no run, 0.",
        "F1 of five-token runs (ROUGE-5): both texts blank, 1; a text under five tokens, 0.",
    )
)
