"""Bringing pages in: from the web, from files, from WARC archives."""

from corpus.acquire.capture import MOST_BYTES, Capture, Refusal
from corpus.acquire.fetch import fetch
from corpus.acquire.metadata import PAGE_TYPES, Proposals, propose
from corpus.acquire.sources import captures

__all__ = [
    "MOST_BYTES",
    "PAGE_TYPES",
    "Capture",
    "Proposals",
    "Refusal",
    "captures",
    "fetch",
    "propose",
]
