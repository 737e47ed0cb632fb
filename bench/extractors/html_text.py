"""Keep all visible text; line breaks and spaces are guessed from the tags (html-text).

Home: https://github.com/zytedata/html-text; licence: MIT.
"""

from typing import Any

from corpus import Page

PACKAGE = "html-text"
NEEDS_HTML = True
OPTIONS: dict[str, Any] = {"guess_layout": True, "guess_punct_space": True}


def extract(page: Page) -> str | None:
    """Extract all text of the page; the tool removes no boilerplate."""
    from html_text import extract_text

    return extract_text(page.content(), **OPTIONS)
