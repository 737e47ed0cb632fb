"""Find the article body by stop words and gravity scores of nodes (newspaper4k).

Home: https://github.com/AndyTheFactory/newspaper4k; licence: MIT.
"""

import importlib
import os
from typing import Any

from bench.extractors.extractor import NotInstalledError, language_of
from corpus import Page

PACKAGE = "newspaper4k"
NEEDS_HTML = True
OPTIONS: dict[str, Any] = {
    "fetch_images": False,
    "follow_meta_refresh": False,
    "korean_sentences": "punkt, untrained",
}
# The tool needs an address; one that can exist nowhere stands in for an unknown one.
NO_URL = "https://page.invalid/"


def extract(page: Page) -> str | None:
    """Extract the article's text, in the page's language where the tool knows it.

    A page in a language that the tool does not know is read in the language that it declares, or
    else as English.

    Raises:
        NotInstalledError: if the language needs a package that is not installed.
    """
    from newspaper import Article
    from newspaper.utils import get_available_languages

    language = language_of(page)
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")  # else it makes a folder in the home folder
    article = Article(
        url=page.url or NO_URL,
        language=language if language in get_available_languages() else None,
        fetch_images=OPTIONS["fetch_images"],
        follow_meta_refresh=OPTIONS["follow_meta_refresh"],
    )
    article.download(input_html=page.content())  # given the HTML, it downloads nothing
    korean: Any = importlib.import_module("newspaper.languages.ko")
    korean.tokenizer = _korean_words
    try:
        article.parse()
    except ImportError as error:
        raise NotInstalledError(f"the page's language needs a package: {error}") from None
    return article.text


def _korean_words(text: str) -> list[str]:
    """Split Korean text as the tool does, with NLTK, but without data that NLTK would download.

    The data are the abbreviations of English, by which the tool splits Korean into sentences.
    """
    from nltk.tokenize import NLTKWordTokenizer, PunktSentenceTokenizer

    sentences, words = PunktSentenceTokenizer(), NLTKWordTokenizer()
    return [word for sentence in sentences.tokenize(text) for word in words.tokenize(sentence)]
