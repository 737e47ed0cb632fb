"""The article body by stop words and gravity scores of nodes (newspaper4k).

Home: https://github.com/AndyTheFactory/newspaper4k; licence: MIT.
"""

from typing import Any

from bench.extractors.extractor import language_of
from corpus import Page

PACKAGE = "newspaper4k"
NEEDS_HTML = True
OPTIONS: dict[str, Any] = {"fetch_images": False, "follow_meta_refresh": False}
# The tool asks for an address; one that can exist nowhere stands in for an unknown one.
NO_URL = "https://page.invalid/"


def extract(page: Page) -> str | None:
    """Extract the article's text, in the page's language where the tool knows it.

    Some languages (Chinese, Japanese, Korean ...) need packages of their own; the tool raises
    ImportError, which names them, where they are missing. A page in a language that the tool does
    not know is read in the language that it declares, or else as English.
    """
    from newspaper import Article
    from newspaper.utils import get_available_languages

    known = set(get_available_languages())
    language = language_of(page) if language_of(page) in known else None
    article = Article(url=page.url or NO_URL, language=language, **OPTIONS)
    article.download(input_html=page.content())  # given the HTML, it downloads nothing
    article.parse()
    text: str = article.text
    return text
