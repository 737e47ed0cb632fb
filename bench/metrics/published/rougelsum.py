"""Compute ROUGE-LSum as WCEB, the Web Content Extraction Benchmark, does; a line is a sentence.

Source: Bevendorff et al., "An Empirical Comparison of Web Content Extraction Algorithms", SIGIR
2023. Tokens are what stands between white space; case and punctuation count; nothing is stemmed.
For each gold sentence, the tokens in its longest common subsequences with the predicted sentences
are united; those that the prediction holds, each as often as it does, are hits. WCEB splits
sentences with a downloaded English model. Here a line is a sentence, and the values are those of
the package `rouge-score` for newline-separated text and white-space tokens.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter

import numpy as np

from bench.metrics.overlap import Overlap, precision_recall_f1, share_or_one
from bench.metrics.published.lcs import matched_rows, positions
from bench.metrics.published.tokens import Ints, PageTokens, Text, page_tokens, pieces

_MOST_PAIRS_KEPT = 1 << 15


@lru_cache(maxsize=1)
def rougelsum_overlap(text: str, gold_text: str) -> Overlap:
    """Count the hits in two texts, and the tokens of both.

    Sentences that both texts have are hits as they are. The other gold sentences can add to the
    hits of a token only what these lack to its count in the prediction.
    """
    page = page_tokens(gold_text)
    predicted, known = page.read(text), page.known(pieces)
    tokens, gold = predicted.tokens(pieces), page.gold.tokens(pieces)
    lines = dict.fromkeys(_sentences(predicted))
    others = [line for line in _gold_sentences(gold_text) if line not in lines]
    held = np.bincount(tokens[tokens < known], minlength=known)
    in_others = np.bincount(_flat(others)[0], minlength=known)
    lacking = np.maximum(held - np.bincount(gold, minlength=known) + in_others, 0)
    open_ = np.where(in_others, lacking, 0)
    added = _Search(list(lines), open_, _pairs_of(page)).hits(others)
    return Overlap(int(held.sum() - lacking.sum()) + added, len(tokens), len(gold))


@lru_cache(maxsize=1)
def _gold_sentences(gold_text: str) -> list[bytes]:
    return _sentences(page_tokens(gold_text).gold)


def _sentences(text: Text) -> list[bytes]:
    """List the lines that have tokens, as the bytes of their numbers."""
    data = text.tokens(pieces).tobytes()
    ends = (text.line_ends(pieces) * 8).tolist()
    return [data[start:end] for start, end in pairwise([0, *ends]) if start < end]


def _flat(lines: Sequence[bytes]) -> tuple[Ints, Ints]:
    """List the tokens of sentences in turn, and the place of the sentence that each is of."""
    tokens = np.frombuffer(b"".join(lines), np.int64)
    return tokens, np.repeat(np.arange(len(lines)), [len(line) // 8 for line in lines])


class _Pairs(dict[tuple[bytes, bytes], Sequence[int]]):
    """Find the places of a gold sentence in its subsequence with a predicted one.

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
def _pairs_of(page: PageTokens) -> _Pairs:
    del page  # a page's sentences are in its numbers
    return _Pairs()


class _Search:
    """Count hits in gold sentences that the prediction does not have as they are.

    ``lacking`` says for each token how many more hits it could have.
    """

    def __init__(self, predicted: Sequence[bytes], lacking: Ints, pairs: _Pairs) -> None:
        self._predicted = predicted
        self._lacking: list[int] = lacking.tolist()
        self._pairs = pairs
        # The predicted sentences that hold each token, those of one token after another.
        tokens, owners = _flat(predicted)
        places = np.flatnonzero(tokens < len(lacking))
        places = places[lacking[tokens[places]] > 0]
        order = np.sort(tokens[places] * len(predicted) + owners[places])
        self._holders: list[int] = (order % max(len(predicted), 1)).tolist()
        self._held = np.bincount(tokens[places], minlength=len(lacking))
        self._starts: list[int] = np.append(0, np.cumsum(self._held)).tolist()

    def hits(self, lines: Sequence[bytes]) -> int:
        """Count lacking tokens of gold sentences in their subsequences with the predicted ones.

        A predicted sentence can add only tokens that it holds. Those with the rarest of the
        tokens that a gold sentence misses come first.
        """
        tokens, owners = _flat(lines)
        firsts = np.searchsorted(owners, np.arange(len(lines)))
        places = np.flatnonzero(self._held[tokens])
        places = places[np.lexsort((self._held[tokens[places]], owners[places]))]
        tokens, owners = tokens[places], owners[places]
        missing = zip(
            owners.tolist(), (places - firsts[owners]).tolist(), tokens.tolist(), strict=True
        )
        return sum(
            self._hits(
                lines[owner],
                {place: token for _, place, token in of_line if self._lacking[token]},
            )
            for owner, of_line in groupby(missing, itemgetter(0))
        )

    def _hits(self, line: bytes, missing: dict[int, int]) -> int:
        """Count those of a gold sentence, of whose tokens some are missing, by their places."""
        lacking, hits = self._lacking, 0
        seen: set[int] = set()
        for place, token in tuple(missing.items()):
            for other in self._holders[self._starts[token] : self._starts[token + 1]]:
                if place not in missing or not lacking[token]:
                    break
                if other in seen:
                    continue
                seen.add(other)
                for found in self._pairs[line, self._predicted[other]]:
                    hit = missing.pop(found, None)
                    if hit is not None and lacking[hit]:
                        lacking[hit] -= 1
                        hits += 1
        return hits


def _tokens(line: bytes) -> list[int]:
    return memoryview(line).cast("q").tolist()


METRICS = precision_recall_f1(
    "rougelsum",
    lambda case: rougelsum_overlap(case.text, case.gold_text),
    "Share of the predicted tokens that are ROUGE-LSum hits: 1 if both texts are blank, else 0.",
    "Share of the gold tokens that are ROUGE-LSum hits: 1 if the gold text is blank.",
    "Harmonic mean of the two: 1 if both texts are blank, 0 if one is.",
    recall_share=share_or_one,
)
