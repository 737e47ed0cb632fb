"""Keep all visible text, laid out as a browser would (Inscriptis).

Home: https://github.com/weblyzard/inscriptis; licence: Apache-2.0.
"""

from typing import Any

from corpus import Page

PACKAGE = "inscriptis"
NEEDS_HTML = True
OPTIONS: dict[str, Any] = {"display_images": False, "display_links": False}


def extract(page: Page) -> str | None:
    """Extract all text of the page; the tool removes no boilerplate."""
    from inscriptis import get_text
    from inscriptis.model.config import ParserConfig

    return get_text(page.content(), ParserConfig(**OPTIONS))
