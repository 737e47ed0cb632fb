"""Find the main content by rules on tags and classes of the lexbor tree, in C++ (Resiliparse).

Home: https://github.com/chatnoir-eu/chatnoir-resiliparse; licence: Apache-2.0.
"""

from typing import Any

from corpus import Page

PACKAGE = "resiliparse"
NEEDS_HTML = True
# A picture's alternative text is no line of the page; by default the tool keeps it.
OPTIONS: dict[str, Any] = {"main_content": True, "alt_texts": False}


def extract(page: Page) -> str | None:
    """Extract the main text; empty if the tool finds none."""
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(page.content(), **OPTIONS)
