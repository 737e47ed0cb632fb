"""CleanEval: web pages of all kinds, cleaned by hand for the shared task of 2007.

Layout: ``input/N.html`` with ``GoldStandard/N.txt``, or the same under the names that the makers'
archives and other copies give these folders; either in the folder itself or in its subfolders
``dev`` and ``final`` (``cleaneval-dev``, ``cleaneval-final``). Numbers repeat between the two, so
a page's id is the folder's word and the number. The final set is what systems were compared on:
its split is ``test``, which nothing is trained on. Pages stand in a ``<text>`` element, which is
taken off; inputs without gold are left out and reported.
"""

import re
from dataclasses import replace
from pathlib import Path

from corpus import DataError
from labels.datasets.importers._cleaneval import read_marked
from labels.datasets.importers._files import Layout, choose_layout, find_pairs
from labels.datasets.importers._records import Source, SourceRecord
from labels.labelled_page import LabelledPage

LICENCE = "LicenseRef-unknown"
DESCRIPTION = (
    "CleanEval: web pages cleaned by hand for a shared task (Marco Baroni, Francis Chantree, Adam "
    "Kilgarriff and Serge Sharoff, 2008), gold text projected onto lines by alignment."
)
_LAYOUT = Layout("input", ".html", "GoldStandard", ".txt")
# Of the archives of the makers it is known which set they are.
_SETS = {
    _LAYOUT: None,
    Layout("finalrun-input", ".html", "GoldStandard", ".txt"): "final",
    Layout("en_original", ".html", "en_cleaned", "-cleaned.txt"): "dev",
    Layout("orig", ".html", "clean", ".txt"): None,
}
_SPLITS = {"dev": "dev", "final": "test"}
_WORD = re.compile(rf"(?:\A|[-_ ])({'|'.join(_SPLITS)})\Z", re.IGNORECASE)


def find(path: Path) -> Source:
    """List the pages of the development and the final set, or of the one in the folder."""
    below = [entry for entry in sorted(path.iterdir()) if _word(entry)]
    folders = [folder for folder in (path, *below) if any(layout.fits(folder) for layout in _SETS)]
    if not folders:
        raise DataError(f"{path}: no {_LAYOUT}, neither here nor in folders 'dev' and 'final'")
    records: list[SourceRecord] = []
    unread = [(str(folder), f"no {_LAYOUT}") for folder in below if folder not in folders]
    for folder in folders:
        layout = choose_layout(folder, *_SETS)
        word = _word(folder) or _SETS[layout]
        pairs, others = find_pairs(folder, layout)
        if word:
            facts = {"split": _SPLITS[word]}
            pairs = [replace(pair, name=f"{word}-{pair.name}", facts=facts) for pair in pairs]
        records += pairs
        unread += others
    return Source(records, unread=unread)


def _word(folder: Path) -> str | None:
    found = _WORD.search(folder.absolute().name)
    return found[1].lower() if found else None


def read(record: SourceRecord) -> LabelledPage:
    """Read one page and project its gold text onto its lines."""
    return read_marked(record)
