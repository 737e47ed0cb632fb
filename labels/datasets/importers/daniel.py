"""DAnIEL: news pages in Greek, English, Polish, Russian and Chinese (the corpus of waddle).

Layout: ``html/NAME`` (bytes as they came), ``reference/NAME`` (a gold of ``<p>`` lines) and
``doc_lg.json``, which has the language of each name. A name is DATE_SITE_HASH. References
without a page, and pages without a reference, are left out and reported.
"""

from pathlib import Path

from corpus import DataError
from corpus.urls import site_of
from labels.datasets.importers._cleaneval import unmark
from labels.datasets.importers._files import Layout, find_pairs, read_json, read_text
from labels.datasets.importers._pages import html_page, with_gold
from labels.datasets.importers._records import Source, SourceRecord
from labels.labelled_page import LabelledPage

LICENCE = "GPL-3.0"
DESCRIPTION = (
    "DAnIEL: 1,689 news pages in five languages (Gaël Lejeune, Lichao Zhu and Adrien Barbaresi, "
    "2018 to 2020), gold text projected onto lines by alignment."
)
_LAYOUT = Layout("html", "", "reference", "")
_LANGUAGES = {"chinese": "zh", "english": "en", "greek": "el", "polish": "pl", "russian": "ru"}
_CODE_LENGTH = 2


def find(path: Path) -> Source:
    """List the names of pages and references."""
    pairs, unread = find_pairs(path, _LAYOUT)
    languages = read_json(path / "doc_lg.json")
    if not isinstance(languages, dict):
        raise DataError(f"{path / 'doc_lg.json'}: no table of languages by name")
    records = []
    for pair in pairs:
        language = str(languages.get(pair.name) or "").lower()
        code = _LANGUAGES.get(language) or (language if len(language) == _CODE_LENGTH else None)
        site = site_of(pair.name.partition("_")[2].partition("_")[0])
        records.append(pair.with_facts(language=code, site=site, page_type="article"))
    return Source(records, unread=unread)


def read(record: SourceRecord) -> LabelledPage:
    """Read one page and project its gold text onto its lines."""
    gold_text = unmark(read_text(record.gold))
    return with_gold(*html_page(record), gold_text)
