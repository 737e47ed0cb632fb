"""Apply rules over XPath, with readability and jusText as fallbacks (Trafilatura).

Home: https://github.com/adbar/trafilatura; licence: Apache-2.0.
"""

from typing import Any

from corpus import Page

PACKAGE = "trafilatura"
NEEDS_HTML = True
# Readers' comments are no body here; by default the tool appends them.
OPTIONS: dict[str, Any] = {"include_comments": False}


def extract(page: Page) -> str | None:
    """Extract the main text; None if the tool finds none."""
    import trafilatura

    return trafilatura.extract(page.content(), url=page.url, **OPTIONS)
