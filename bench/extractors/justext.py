"""Judge paragraphs by length, links and stop words, smoothed over neighbours (jusText).

Home: https://github.com/miso-belica/jusText; licence: BSD-2-Clause.
"""

from typing import Any

from bench.extractors.extractor import language_of
from corpus import Page

PACKAGE = "justext"
NEEDS_HTML = True
OPTIONS: dict[str, Any] = {"no_headings": False, "fallback_stop_list": "English"}

# ISO 639-1 codes to the names of the tool's lists.
STOP_LISTS = {
    "af": "Afrikaans", "an": "Aragonese", "ar": "Arabic", "az": "Azerbaijani",
    "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "br": "Breton", "bs": "Bosnian",
    "ca": "Catalan", "cs": "Czech", "cv": "Chuvash", "cy": "Welsh", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "eo": "Esperanto", "es": "Spanish",
    "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "fy": "West_Frisian", "ga": "Irish", "gl": "Galician", "gu": "Gujarati", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "ht": "Haitian", "hu": "Hungarian", "hy": "Armenian",
    "id": "Indonesian", "io": "Ido", "is": "Icelandic", "it": "Italian", "jv": "Javanese",
    "ka": "Georgian", "kk": "Kazakh", "kn": "Kannada", "ko": "Korean", "ku": "Kurdish",
    "ky": "Kyrgyz", "la": "Latin", "lb": "Luxembourgish", "lt": "Lithuanian", "lv": "Latvian",
    "mk": "Macedonian", "ml": "Malayalam", "mr": "Marathi", "ms": "Malay", "mt": "Maltese",
    "nb": "Norwegian_Bokmal", "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian_Nynorsk",
    "no": "Norwegian_Bokmal", "oc": "Occitan", "pl": "Polish", "pt": "Portuguese",
    "qu": "Quechua", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sq": "Albanian", "sr": "Serbian", "su": "Sundanese", "sv": "Swedish", "sw": "Swahili",
    "ta": "Tamil", "te": "Telugu", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian",
    "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "vo": "Volapuk", "wa": "Walloon",
    "yo": "Yoruba",
}  # fmt: skip


def extract(page: Page) -> str | None:
    """Extract the paragraphs that are no boilerplate, with the stop words of the page's language.

    An unknown language gets the English list, and so do those written without white space
    (Chinese, Japanese, Thai), for which the tool has none: it keeps little of them.
    """
    import justext

    language = language_of(page)
    stop_words = justext.get_stoplist(STOP_LISTS.get(language, OPTIONS["fallback_stop_list"]))
    paragraphs = justext.justext(page.content(), stop_words, no_headings=OPTIONS["no_headings"])
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)
