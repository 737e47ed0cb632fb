"""Count snippets found and not found, as trafilatura's evaluation does.

Source: ``tests/evaluate.py`` and ``tests/eval_common.py`` of trafilatura. White space is collapsed
on both sides, case counts. A snippet to be kept is a true positive if it is found, else a false
negative; one to be dropped is a false positive if it is found, else a true negative. The counts
are summed over all pages before they are divided. An extractor that crashed, or returned None or
an empty text, found nothing there: it misses every snippet to be kept, and is right about every
one to be dropped.
"""

from functools import lru_cache

from bench.metrics.metric import Case, Weighted, metrics_of
from bench.metrics.overlap import Overlap, pooled, precision_recall_f1


def snippet_accuracy(case: Case) -> Weighted:
    """Share of the snippets that are as they must be, over all pages: none there, left out."""
    hits, found, wanted = snippet_overlap(case.text, case.with_snippets, case.without_snippets)
    unwanted = len(case.without_snippets)
    return pooled(hits + unwanted - (found - hits), wanted + unwanted)


@lru_cache(maxsize=1)
def snippet_overlap(text: str, with_: tuple[str, ...], without: tuple[str, ...]) -> Overlap:
    """Count the snippets that are found and to be kept, all that are found, all to be kept."""
    text = _collapsed(text) if with_ or without else ""
    kept, let_through = (
        sum(_collapsed(snippet) in text for snippet in snippets) for snippets in (with_, without)
    )
    return Overlap(kept, kept + let_through, len(with_))


def _collapsed(text: str) -> str:
    return " ".join(text.split())


_precision, _recall, _f1 = precision_recall_f1(
    "snippet",
    lambda case: snippet_overlap(case.text, case.with_snippets, case.without_snippets),
    "Share of the snippets found that are to be kept, over all pages: none found, left out.",
    "Share of the snippets to be kept that are found, over all pages: none there, left out.",
    "F1 of the snippets found, over all pages: none found and none to be kept, left out.",
    share=pooled,
)
METRICS = (_precision, _recall, *metrics_of((snippet_accuracy,)), _f1)
