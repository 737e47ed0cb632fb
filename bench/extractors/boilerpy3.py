"""Apply boilerpipe's article rules to shallow text features (BoilerPy3; Kohlschütter et al. 2010).

Home: https://github.com/jmriebold/BoilerPy3; licence: Apache-2.0.
"""

from typing import Any

from corpus import Page

PACKAGE = "boilerpy3"
NEEDS_HTML = True
# Without this, a page that cannot be parsed would pass for one without text.
OPTIONS: dict[str, Any] = {"raise_on_failure": True}


def extract(page: Page) -> str | None:
    """Extract the article's text; empty if the tool finds none."""
    from boilerpy3.extractors import ArticleExtractor

    return ArticleExtractor(**OPTIONS).get_content(page.content())
