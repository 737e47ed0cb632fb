"""Columns of how lines agree with what a page says of itself in its head and its JSON-LD."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from baselines.columns import Features, Floats, matrix, mean_around
from corpus import Lines

# What a page declares itself to be, by https://schema.org and the Open Graph protocol.
_KINDS = {
    "article": {"Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle", "og:article"},
    "forum": {"DiscussionForumPosting", "QAPage"},
    "product": {"Product", "og:product", "og:og:product"},
    "questions": {"FAQPage"},
    "list": {"ItemList", "CollectionPage"},
    "business": {"LocalBusiness", "Organization"},
    "website": {"og:website"},
}
_SHORTEST_TITLE, _SHORTEST_DECLARED, _SHORTEST_DESCRIPTION = 4, 12, 30
_AROUND = 8


def declared_columns(lines: Lines) -> Features:
    """Where the title and the description stand, and what JSON-LD holds, too."""
    n, said, lengths = len(lines), lines.declared, lines.chars
    texts = [text.lower() for text in lines.texts]
    title = said.title.lower()
    in_title = _rows(
        n, (row for row, text in enumerate(texts) if len(text) >= _SHORTEST_TITLE and text in title)
    )
    columns = {
        "in_title": in_title.astype(float),
        "is_title": (in_title & (lengths >= len(title) / 2)).astype(float),
        **from_last("title", in_title & (lengths >= _SHORTEST_DECLARED)),
    }
    beginnings = [text.lower()[:_SHORTEST_DESCRIPTION] for text in said.descriptions]
    described = _rows(
        n,
        (
            row
            for row, text in enumerate(texts if beginnings else ())
            if len(text) >= _SHORTEST_DESCRIPTION and any(start in text for start in beginnings)
        ),
    )
    columns |= {"described": described.astype(float), **from_last("description", described)}
    declared = "\n".join(said.texts).lower()
    found = _rows(
        n,
        (
            row
            for row, text in enumerate(texts if declared else ())
            if len(text) >= _SHORTEST_DECLARED and text in declared
        ),
    ).astype(float)
    columns |= {
        "declared": found,
        "declared_around": mean_around(found, _AROUND),
        "page_declared": np.full(n, float((found * lengths).sum() / max(int(lengths.sum()), 1))),
    }
    for name, kinds in _KINDS.items():
        columns[f"page_is_{name}"] = np.full(n, float(not kinds.isdisjoint(said.kinds)))
    return matrix(columns)


def _rows(n: int, rows: Iterable[int]) -> NDArray[np.bool_]:
    hits = np.zeros(n, np.bool_)
    hits[list(rows)] = True
    return hits


def from_last(name: str, hits: NDArray[np.bool_]) -> dict[str, Floats]:
    """Where lines stand to the last hit: lines from it, and on which side; zeros if none."""
    n = len(hits)
    rows = np.flatnonzero(hits)
    away = np.arange(n) - rows[-1] if len(rows) else np.zeros(n)
    return {
        f"from_{name}": np.sign(away) * np.log1p(np.abs(away)),
        f"after_{name}": (away > 0).astype(float),
        f"page_has_{name}": np.full(n, float(len(rows) > 0)),
    }
