"""Keep every string of the tree, as many scrapers do (Beautiful Soup).

Home: https://www.crummy.com/software/BeautifulSoup; licence: MIT.
"""

from typing import Any

from corpus import Page

PACKAGE = "beautifulsoup4"
NEEDS_HTML = True
OPTIONS: dict[str, Any] = {"features": "html.parser", "separator": "\n", "strip": True}


def extract(page: Page) -> str | None:
    """Extract all strings of the page, scripts and styles left out by the tool itself."""
    from bs4 import BeautifulSoup

    tree = BeautifulSoup(page.content(), OPTIONS["features"])
    return tree.get_text(OPTIONS["separator"], strip=OPTIONS["strip"])
