"""Columns of how lines agree with what a page says of itself in its head and its JSON-LD."""

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.features.columns import Bounds, Features, matrix, mean_around

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


def declared_columns(batch: Batch) -> Features:
    """Where the title and the description stand, and what JSON-LD holds, too."""
    bounds, lengths = batch.bounds, batch.chars
    texts = "\n".join(batch.texts).lower().split("\n")
    titles = np.array([len(said.title) for said in batch.declared])
    in_title, described, declared = np.zeros((3, len(batch)), np.bool_)
    for said, start, end in zip(batch.declared, bounds.starts, bounds.ends, strict=True):
        sizes = lengths[start:end]
        if title := said.title.lower():
            short = (sizes >= _SHORTEST_TITLE) & (sizes <= len(title))
            rows = (start + np.flatnonzero(short)).tolist()
            in_title[[row for row in rows if texts[row] in title]] = True
        if said.descriptions:
            rows = (start + np.flatnonzero(sizes >= _SHORTEST_DESCRIPTION)).tolist()
            for beginning in {text.lower()[:_SHORTEST_DESCRIPTION] for text in said.descriptions}:
                described[[row for row in rows if beginning in texts[row]]] = True
        if found := "\n".join(said.texts).lower():
            rows = (start + np.flatnonzero(sizes >= _SHORTEST_DECLARED)).tolist()
            declared[[row for row in rows if texts[row] in found]] = True
    chars = np.maximum(bounds.sums(lengths), 1)
    columns = {
        "in_title": in_title,
        "is_title": in_title & (lengths >= bounds.spread(titles) / 2),
        **from_last("title", in_title & (lengths >= _SHORTEST_DECLARED), bounds),
        "described": described,
        **from_last("description", described, bounds),
        "declared": declared,
        "declared_around": mean_around(declared.astype(float), _AROUND, bounds),
        "page_declared": bounds.spread(bounds.sums(declared * lengths) / chars),
    }
    for name, kinds in _KINDS.items():
        is_one = np.array([not kinds.isdisjoint(said.kinds) for said in batch.declared])
        columns[f"page_is_{name}"] = bounds.spread(is_one)
    return matrix(columns)


def from_last(name: str, hits: NDArray[np.bool_], bounds: Bounds) -> dict[str, NDArray[np.generic]]:
    """Lines from the last hit of the page, and on which side of it; zeros where there is none."""
    last = bounds.last(hits)
    has_one = bounds.spread(last >= 0)
    away = np.where(has_one, np.arange(len(hits)) - bounds.spread(last), 0)
    return {
        f"from_{name}": np.sign(away) * np.log1p(np.abs(away)),
        f"after_{name}": away > 0,
        f"page_has_{name}": has_one,
    }
