"""What a page is."""

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from corpus.decode import as_utf8, decode
from corpus.lines import Lines
from corpus.split import split_html, split_text

Markup = Literal["html", "text"]

_SAFE_ID = re.compile(
    r"[^\s/\\:*?\"<>|\x00-\x1f\x7f-\x9f\ud800-\udfff.]"
    r"[^\s/\\:*?\"<>|\x00-\x1f\x7f-\x9f\ud800-\udfff]{0,119}"
)
# What an HTML file starts with, or holds at least a few of.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_STARTS_HTML = re.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+)?+<(?:!doctype\s++html|html|head|body)\b", re.IGNORECASE
)
_ANY_TAG = re.compile(
    r"</?(?:html|head|body|div|p|span|a|ul|ol|dl|dt|dd|li|table|tr|td|br|h[1-6]|article|section|main|"
    r"header|footer|nav|aside|pre|blockquote|script|style|meta|img|form|font|b|i|em|strong)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_SNIFFED_CHARS = 65_536
_TAGS_PER_LINE_OF_HTML = 0.5


@dataclass(frozen=True, slots=True)
class Page:
    """The raw bytes of one page and what is known about it.

    ``id`` is a stable name that is safe as a file's name; ``raw`` are the bytes as they came.
    ``markup`` says whether they are HTML or text that was scraped without its markup.
    ``site`` groups pages that are alike (the registrable domain, as a rule).
    """

    id: str
    raw: bytes
    markup: Markup
    url: str | None = None
    site: str | None = None
    language: str | None = None
    page_type: str | None = None
    split: str | None = None
    source: str | None = None
    licence: str | None = None

    def __post_init__(self) -> None:
        check_id(self.id)

    @property
    def sha256(self) -> str:
        """The page's identity: the digest of its raw bytes, 64 hexadecimal digits."""
        return hashlib.sha256(self.raw).hexdigest()

    def content(self) -> str:
        """The decoded bytes: HTML or plain text.

        Raises:
            DataError: if the bytes are not text.
        """
        return decode(self.raw)

    def lines(self) -> Lines:
        """The page's lines.

        Raises:
            DataError: if the bytes are not text or the HTML is nested without end.
        """
        if self.markup == "html":
            return split_html(as_utf8(self.raw))
        return split_text(self.content())


def check_id(page_id: str) -> None:
    """Refuse an id that is not safe as a file's name.

    Raises:
        ValueError: naming it.
    """
    if not _SAFE_ID.fullmatch(page_id):
        raise ValueError(f"page id {page_id!r} is not safe as a file's name")


def split(content: str, markup: Markup) -> Lines:
    """Split decoded content into lines, as HTML or as plain text."""
    return split_html(content) if markup == "html" else split_text(content)


def sniff_markup(content: str) -> Markup:
    """Distinguish HTML from plain text: a doctype or root element, or tags in most lines.

    Comments count as nothing, however many there are.
    """
    head = _COMMENT.sub("", content[:_SNIFFED_CHARS])
    if _STARTS_HTML.match(head):
        return "html"
    tags = len(_ANY_TAG.findall(head))
    full = sum(1 for line in head.splitlines() if line.strip())
    return "html" if tags and tags >= _TAGS_PER_LINE_OF_HTML * full else "text"
