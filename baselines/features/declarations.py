"""Compute columns of how lines agree with what a page declares in its head and its JSON-LD."""

import numpy as np

from baselines.features.batch import Batch
from baselines.features.columns import Features, from_last, matrix, mean_around

VIEWS, PLACE = ("html",), 8

# What a page declares itself to be, by https://schema.org and the Open Graph protocol.
_PAGE_TYPES = {
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


def columns(batch: Batch) -> Features:
    """Compute where the title and the description stand, and what JSON-LD holds, too."""
    bounds, lengths = batch.bounds, batch.chars
    texts = "\n".join(batch.texts).lower().split("\n")
    titles = np.array([len(page.title) for page in batch.declared])
    in_title, described, declared = np.zeros((3, len(batch)), np.bool_)
    for page, start, end in zip(batch.declared, bounds.starts, bounds.ends, strict=True):
        sizes = lengths[start:end]
        if title := page.title.lower():
            short = (sizes >= _SHORTEST_TITLE) & (sizes <= len(title))
            rows = (start + np.flatnonzero(short)).tolist()
            in_title[[row for row in rows if texts[row] in title]] = True
        if page.descriptions:
            rows = (start + np.flatnonzero(sizes >= _SHORTEST_DESCRIPTION)).tolist()
            for beginning in {text.lower()[:_SHORTEST_DESCRIPTION] for text in page.descriptions}:
                described[[row for row in rows if beginning in texts[row]]] = True
        if text := "\n".join(page.texts).lower():
            rows = (start + np.flatnonzero(sizes >= _SHORTEST_DECLARED)).tolist()
            declared[[row for row in rows if texts[row] in text]] = True
    chars = np.maximum(bounds.sums(lengths), 1)
    values = {
        "in_title": in_title,
        "is_title": in_title & (lengths >= bounds.spread(titles) / 2),
        **from_last("title", in_title & (lengths >= _SHORTEST_DECLARED), bounds),
        "described": described,
        **from_last("description", described, bounds),
        "declared": declared,
        "declared_around": mean_around(declared.astype(float), _AROUND, bounds),
        "page_declared": bounds.spread(bounds.sums(declared * lengths) / chars),
    }
    for name, types in _PAGE_TYPES.items():
        is_one = np.array([not types.isdisjoint(page.kinds) for page in batch.declared])
        values[f"page_is_{name}"] = bounds.spread(is_one)
    return matrix(values)
