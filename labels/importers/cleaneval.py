"""CleanEval: web pages of all kinds, cleaned by hand for the shared task of 2007.

Layout: ``input/N.html``, ``GoldStandard/N.txt``, either in the folder itself or in its subfolders
``dev`` and ``final`` (``cleaneval-dev``, ``cleaneval-final``). Numbers repeat between the two, so
a page's id is the folder's word and the number. The final set is what systems were compared on:
its split is ``test``, which nothing is trained on. Pages stand in a ``<text>`` element, which is
taken off; inputs without gold are left out and reported.
"""

import re
from dataclasses import replace
from pathlib import Path

from corpus import DataError
from labels.importers import Source
from labels.importers._cleaneval import read_marked
from labels.importers._files import Layout, Pair, find_pairs
from labels.labelled import LabelledPage

LICENCE = "LicenseRef-unknown"
DESCRIPTION = (
    "CleanEval: web pages cleaned by hand for a shared task (Marco Baroni, Francis Chantree, Adam "
    "Kilgarriff and Serge Sharoff, 2008), gold text projected onto lines by alignment."
)
_LAYOUT = Layout("input", ".html", "GoldStandard", ".txt")
_SPLITS = {"dev": "dev", "final": "test"}
_WORD = re.compile(rf"(?:\A|[-_ ])({'|'.join(_SPLITS)})\Z", re.IGNORECASE)


def find(path: Path) -> Source:
    """List the pages of the development and the final set, or of the one in the folder."""
    folders = [path, *(entry for entry in sorted(path.iterdir()) if _word(entry))]
    folders = [folder for folder in folders if _LAYOUT.fits(folder)]
    if not folders:
        raise DataError(f"{path}: no {_LAYOUT}, neither here nor in folders 'dev' and 'final'")
    return Source([record for folder in folders for record in _records(folder)])


def _word(folder: Path) -> str | None:
    found = _WORD.search(folder.absolute().name)
    return found[1].lower() if found else None


def _records(folder: Path) -> list[tuple[Pair, str | None]]:
    word = _word(folder)
    if word is None:
        return [(pair, None) for pair in find_pairs(folder, _LAYOUT)]
    return [
        (replace(pair, id=f"{word}-{pair.id}"), _SPLITS[word])
        for pair in find_pairs(folder, _LAYOUT)
    ]


def read(record: tuple[Pair, str | None]) -> LabelledPage:
    """Read one page and project its gold text onto its lines."""
    pair, split = record
    return read_marked(pair, source="cleaneval", licence=LICENCE, split=split)
