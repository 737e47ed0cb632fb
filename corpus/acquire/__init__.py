"""Acquire pages from the web, from files, from WARC archives."""

from corpus.acquire.capture import MOST_BYTES, Capture, Refusal
from corpus.acquire.fetch import fetch
from corpus.acquire.metadata import PAGE_TYPES, PageMetadata, guess_metadata
from corpus.acquire.sources import captures

__all__ = [
    "MOST_BYTES",
    "PAGE_TYPES",
    "Capture",
    "PageMetadata",
    "Refusal",
    "captures",
    "fetch",
    "guess_metadata",
]
