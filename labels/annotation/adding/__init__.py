"""Add pages to a corpus: describe them, refuse copies of pages that are there, write them."""

from corpus.acquire import Refusal
from labels.annotation.adding.add_pages import OF_ONE_PAGE, AddedPage, PageAdder, PageAttributes

__all__ = ["OF_ONE_PAGE", "AddedPage", "PageAdder", "PageAttributes", "Refusal"]
