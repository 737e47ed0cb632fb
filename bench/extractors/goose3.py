"""Find the article body by stop words in clusters of paragraphs (Goose, as goose3).

Home: https://github.com/goose3/goose3; licence: Apache-2.0.
"""

from typing import Any

from bench.extractors.extractor import language_of
from corpus import Page

PACKAGE = "goose3"
NEEDS_HTML = True
OPTIONS: dict[str, Any] = {"enable_image_fetching": False}
# Languages whose stop words the tool finds by a class of their own.
STOP_WORDS = {
    "ar": "StopWordsArabic",
    "ja": "StopWordsJapanese",
    "ko": "StopWordsKorean",
    "zh": "StopWordsChinese",
}


def extract(page: Page) -> str | None:
    """Extract the article's text; raises on an empty page.

    A page whose language is not known is read in the language that it declares, or else as
    English. The address stays unused: with it, the tool would download a page that is empty.
    """
    from goose3 import Goose, text

    options = dict(OPTIONS)
    if language := language_of(page):
        options["use_meta_language"] = False
        options["target_language"] = language
        options["stopwords_class"] = getattr(text, STOP_WORDS.get(language, "StopWords"))
    with Goose(options) as goose:
        return goose.extract(raw_html=page.content()).cleaned_text
