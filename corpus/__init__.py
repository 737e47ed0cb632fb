"""What a page is and where pages come from; knows nothing of labels."""

from corpus.decode import clean, decode
from corpus.errors import DataError
from corpus.html.tags import BLOCK_TAGS
from corpus.lines import Containers, Flag, Lines
from corpus.page import Markup, Page, sniff_markup, split
from corpus.split import SPLITTER_VERSION, split_html, split_text

__all__ = [
    "BLOCK_TAGS",
    "SPLITTER_VERSION",
    "Containers",
    "DataError",
    "Flag",
    "Lines",
    "Markup",
    "Page",
    "clean",
    "decode",
    "sniff_markup",
    "split",
    "split_html",
    "split_text",
]
