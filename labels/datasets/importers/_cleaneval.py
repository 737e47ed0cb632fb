"""The format of CleanEval, which other datasets took over."""

import html
import re

from corpus import decode, split_text
from labels.datasets.importers._files import read_bytes, read_western_text, reading
from labels.datasets.importers._pages import html_page, with_gold
from labels.datasets.importers._records import SourceRecord
from labels.datasets.residue_patterns import CLEANEVAL_MARK, CLEANEVAL_URL, CLEANEVAL_WRAPPER
from labels.labelled_page import LabelledPage

_CLOSING = re.compile(rb"\s*</text>\s*\Z", re.IGNORECASE)
_ENCODING = re.compile(rb"""\bencoding\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_ADDRESS = re.compile(rb"""\bid\s*=\s*["']?(https?://[^"'>\s]+)""", re.IGNORECASE)

_CONTINUED = re.compile(r"\n[ \t]+(?=\S)")


def unwrap(raw: bytes) -> tuple[bytes, str | None]:
    """Take off the ``<text id= title= encoding=>`` around a page; return the address it names, too.

    The bytes are not changed, unless only the wrapper named their encoding: then they are UTF-8.
    """
    opening = CLEANEVAL_WRAPPER.match(raw)
    if not opening:
        return raw, None
    page = _CLOSING.sub(b"", raw[opening.end() :])
    if encoding := _ENCODING.search(opening[1]):
        text = decode(page, encoding[1].decode())
        if text != decode(page):
            page = text.encode()
    address = _ADDRESS.search(opening[1])
    return page, address[1].decode(errors="replace") if address else None


def split_gold(text: str) -> tuple[str, str | None]:
    """Separate the gold text, see `unmark`, from the address that its first line names."""
    first = CLEANEVAL_URL.match(text)
    if not first:
        return unmark(text), None
    return unmark(text[first.end() :]), first[1] or None


def unmark(text: str) -> str:
    """Remove the marks from a gold text.

    Each ``<p>``, ``<h>`` or ``<l>``, closed or not, begins a line; a line that begins with white
    space continues the one before, if that is not blank. Character references are resolved, white
    space collapses.
    """
    text = CLEANEVAL_MARK.sub("\n", _CONTINUED.sub(" ", text))
    return "\n".join(split_text(html.unescape(text)).texts)


def read_marked(record: SourceRecord) -> LabelledPage:
    """Read a wrapped page and its marked gold.

    The site is that of its URL where none is known; the language is English where the page does not
    declare another.

    Raises:
        RecordError: if one of the files is broken.
    """
    raw, marked = read_bytes(record.place), read_western_text(record.gold)
    with reading(record.place, "cannot be unwrapped"):
        raw, address = unwrap(raw)
    gold_text, url = split_gold(marked)
    return with_gold(*html_page(record, raw, default_language="en", url=url or address), gold_text)
