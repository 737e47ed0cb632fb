"""Acquire pages from the web, from files, archives and folders."""

from corpus.acquire.capture import MOST_BYTES, Capture, Refusal
from corpus.acquire.fetch import fetch
from corpus.acquire.sources import captures

__all__ = ["MOST_BYTES", "Capture", "Refusal", "captures", "fetch"]
