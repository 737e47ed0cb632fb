"""HTML to a tree, as a browser builds it."""

import re

from selectolax.lexbor import LexborHTMLParser

_NOSCRIPT = re.compile(rb"<(/?)noscript\b", re.IGNORECASE)
# Elements whose content is text up to their own end, whatever markup it holds. Scripts are not
# among them: in one, a `noscript` is a mere string, and an end would be the script's.
_WITH_TEXT = re.compile(
    rb"<(/?)(iframe|noembed|noframes|style|textarea|title|xmp)\b", re.IGNORECASE
)


def parse_html(html: str | bytes) -> LexborHTMLParser:
    """Parse HTML; bytes must be UTF-8. Lone surrogates, which strings can hold, are left out.

    Scripts do not run, so that ``noscript`` holds elements. To a browser that runs them it is text
    up to its end, so nothing in it can reach beyond: nor does it here. There are pages that close
    an ``iframe`` in it as if it were empty, which would take in the rest of the page.
    """
    return LexborHTMLParser(
        _with_ends(html.encode(errors="ignore") if isinstance(html, str) else html)
    )


def _with_ends(utf8: bytes) -> bytes:
    """The page with an end for what a ``noscript`` leaves open."""
    parts: list[bytes] = []
    done, begin = 0, None
    for tag in _NOSCRIPT.finditer(utf8):
        if not tag[1]:
            begin = tag.end() if begin is None else begin
        elif begin is not None:
            if name := _left_open(utf8[begin : tag.start()]):
                parts += (utf8[done : tag.start()], b"</", name, b">")
                done = tag.start()
            begin = None
    return b"".join([*parts, utf8[done:]]) if parts else utf8


def _left_open(content: bytes) -> bytes:
    """Name of the element that swallows what comes after; empty if none does."""
    open_ = b""
    for stroke, name in _WITH_TEXT.findall(content):
        if not open_:
            open_ = b"" if stroke else name.lower()
        elif stroke and name.lower() == open_:
            open_ = b""
    return open_
