"""Add pages to a corpus: describe them, refuse copies of pages that are there, write them."""

from corpus.acquire import Refusal
from labels.annotation.adding.add_pages import AddedPage, PageAdder, PageAttributes

__all__ = ["AddedPage", "PageAdder", "PageAttributes", "Refusal"]
