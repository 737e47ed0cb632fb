"""ROUGE-LSum as WCEB, the Web Content Extraction Benchmark, computes it, a line being a sentence.

Source: Bevendorff et al., "An Empirical Comparison of Web Content Extraction Algorithms", SIGIR
2023. Tokens are what stands between white space; case and punctuation count; nothing is stemmed.
For each gold sentence, the tokens in its longest common subsequences with the predicted sentences
are united; those that the prediction holds, each as often as it does, are hits. WCEB splits
sentences with a downloaded English model. Here a line is a sentence, and the values are those of
the package `rouge-score` for newline-separated text and white-space tokens.
"""

from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from bench.metrics.case import Case
from bench.metrics.metric import metrics_of
from bench.metrics.published.lcs import matched_rows, positions
from bench.metrics.published.overlap import Overlap
from bench.metrics.published.tokens import Page, Text, page_of, pieces, shared

_MOST_PAIRS_KEPT = 1 << 15


def rougelsum_precision(case: Case) -> float:
    """Share of the predicted tokens that are ROUGE-LSum hits: 1 if both texts are blank, else 0.

    The value of a blank gold text with a prediction is 0. Source: WCEB.
    """
    return rougelsum_overlap(case.text, case.gold_text).precision


def rougelsum_recall(case: Case) -> float:
    """Share of the gold tokens that are ROUGE-LSum hits: 1 if the gold text is blank.

    Source: WCEB.
    """
    overlap = rougelsum_overlap(case.text, case.gold_text)
    return overlap.recall if overlap.gold else 1.0


def rougelsum_f1(case: Case) -> float:
    """Harmonic mean of the two: 1 if both texts are blank, 0 if one is.

    A blank gold text with a prediction has recall 1 and F1 0, as WCEB has it.
    """
    return rougelsum_overlap(case.text, case.gold_text).f1


@lru_cache(maxsize=1)
def rougelsum_overlap(text: str, gold_text: str) -> Overlap:
    """ROUGE-LSum's hits, and the tokens of two texts."""
    page = page_of(gold_text)
    predicted, gold, known = page.read(text), page.gold, page.known(pieces)
    sentences = _sentences(gold)
    search = _Search(_sentences(predicted), sentences, _pairs_of(page))
    union = np.frombuffer(b"".join(map(search.union, sentences)), np.int64)
    return Overlap(
        shared(predicted.tokens(pieces), union, known),
        len(predicted.tokens(pieces)),
        len(gold.tokens(pieces)),
    )


def _sentences(text: Text) -> list[bytes]:
    """The lines that have tokens, as the bytes of their numbers."""
    data = text.tokens(pieces).tobytes()
    ends = (text.line_ends(pieces) * 8).tolist()
    return [data[start:end] for start, end in pairwise([0, *ends]) if start < end]


class _Pairs(dict[tuple[bytes, bytes], Sequence[int]]):
    """Which places of a gold sentence are in its subsequence with a predicted one.

    Several extractors of a page return the same sentences.
    """

    def __init__(self) -> None:
        self._columns: dict[bytes, dict[int, int]] = {}

    def __missing__(self, pair: tuple[bytes, bytes]) -> Sequence[int]:
        gold, predicted = pair
        if len(self) >= _MOST_PAIRS_KEPT:
            self.clear()
            self._columns.clear()
        columns = self._columns.get(predicted)
        if columns is None:
            columns = self._columns[predicted] = positions(_tokens(predicted))
        found = [(k, columns[token]) for k, token in enumerate(_tokens(gold)) if token in columns]
        matched = matched_rows([row for _, row in found], len(predicted) // 8)
        self[pair] = places = [found[row][0] for row in matched]
        return places


@lru_cache(maxsize=1)
def _pairs_of(page: Page) -> _Pairs:
    del page  # a page's sentences are in its numbers
    return _Pairs()


class _Search:
    """Predicted sentences, by their tokens. A sentence is the bytes of its tokens' numbers."""

    def __init__(self, predicted: Iterable[bytes], gold: Iterable[bytes], pairs: _Pairs) -> None:
        self._pairs = pairs
        self._known = dict.fromkeys(predicted)
        wanted = {token for line in gold if line not in self._known for token in _tokens(line)}
        self._holding: dict[int, list[bytes]] = {token: [] for token in wanted}
        for line in self._known:
            for token in wanted.intersection(_tokens(line)):
                self._holding[token].append(line)

    def union(self, line: bytes) -> bytes:
        """Tokens of a gold sentence in its longest common subsequences with the predicted ones.

        A predicted sentence can add only tokens that it holds. Those with the rarest of the
        tokens that are still missing come first, and when none is missing the rest is let be.
        """
        if line in self._known:
            return line
        sentence = _tokens(line)
        holding = [self._holding[token] for token in sentence]
        shared = [k for k, lines in enumerate(holding) if lines]
        missing = set(shared)
        seen: set[bytes] = set()
        for k in sorted(shared, key=lambda k: len(holding[k])):
            if k not in missing:
                continue
            for other in holding[k]:
                if other not in seen:
                    seen.add(other)
                    missing.difference_update(self._pairs[line, other])
                    if k not in missing:
                        break
        return array("q", [sentence[k] for k in shared if k not in missing]).tobytes()


def _tokens(line: bytes) -> list[int]:
    return memoryview(line).cast("q").tolist()


METRICS = metrics_of((rougelsum_precision, rougelsum_recall, rougelsum_f1))
