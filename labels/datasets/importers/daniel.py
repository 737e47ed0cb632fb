"""DAnIEL: news pages in Greek, English, Polish, Russian and Chinese (the corpus of waddle).

Layout: ``html/NAME`` (bytes as they came), ``reference/NAME`` (a gold of ``<p>`` lines) and
``doc_lg.json``, which tells the language of each name. A name is DATE_SITE_HASH. References
without a page, and pages without a reference, are left out and reported.
"""

from pathlib import Path

from corpus import DataError
from corpus.urls import site_of
from labels.datasets.importers import Source
from labels.datasets.importers._cleaneval import unmark
from labels.datasets.importers._files import (
    Layout,
    Pair,
    find_pairs,
    read_bytes,
    read_json,
    read_text,
)
from labels.datasets.importers._pages import html_page, with_gold
from labels.labelled_page import LabelledPage

LICENCE = "GPL-3.0"
DESCRIPTION = (
    "DAnIEL: 1,689 news pages in five languages (Gaël Lejeune, Lichao Zhu and Adrien Barbaresi, "
    "2018 to 2020), gold text projected onto lines by alignment."
)
_LAYOUT = Layout("html", "", "reference", "")
_LANGUAGES = {"chinese": "zh", "english": "en", "greek": "el", "polish": "pl", "russian": "ru"}
_CODE_LENGTH = 2

_Record = tuple[Pair, str | None]


def find(path: Path) -> Source:
    """List the names of pages and references."""
    pairs, unread = find_pairs(path, _LAYOUT)
    languages = read_json(path / "doc_lg.json")
    if not isinstance(languages, dict):
        raise DataError(f"{path / 'doc_lg.json'}: no table of languages by name")
    return Source([(pair, _code(languages.get(pair.name))) for pair in pairs], unread=unread)


def _code(language: object) -> str | None:
    """The code of a language's name; a code is taken as it is, another name stays unknown."""
    name = str(language or "").lower()
    return _LANGUAGES.get(name) or (name if len(name) == _CODE_LENGTH else None)


def place(record: _Record) -> Path:
    """The page's file."""
    return record[0].page


def read(record: _Record) -> LabelledPage:
    """Read one page and project its gold text onto its lines."""
    pair, language = record
    raw, gold = read_bytes(pair.page), read_text(pair.gold)
    _, _, rest = pair.name.partition("_")
    page, lines = html_page(
        pair.page,
        pair.id,
        raw,
        source="daniel",
        licence=LICENCE,
        site=site_of(rest.partition("_")[0]),
        language=language,
    )
    return with_gold(page, lines, unmark(gold))
