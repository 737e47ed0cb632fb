"""CleanPortalEval: many pages each of four news portals, in the format of CleanEval.

Layout: ``input/SITE_SECTION_N.html``, ``GoldStandard/SITE_SECTION_N.txt``; the site is what the
file's name says.
"""

from pathlib import Path

from corpus.urls import site_of
from labels.datasets.importers._cleaneval import read_marked
from labels.datasets.importers._files import Layout, find_pairs
from labels.datasets.importers._records import Source, SourceRecord
from labels.labelled_page import LabelledPage

LICENCE = "LicenseRef-unknown"
DESCRIPTION = (
    "CleanPortalEval: 71 pages of four news portals, cleaned by hand (István Endrédy and Attila "
    "Novák, 2013), gold text projected onto lines by alignment."
)


def find(path: Path) -> Source:
    """List the pages."""
    pairs, unread = find_pairs(path, Layout("input", ".html", "GoldStandard", ".txt"))
    sites = [site_of(pair.name.partition("_")[0]) for pair in pairs]
    return Source(
        [
            pair.with_facts(site=site, page_type="article")
            for pair, site in zip(pairs, sites, strict=True)
        ],
        unread=unread,
    )


def read(record: SourceRecord) -> LabelledPage:
    """Read one page and project its gold text onto its lines."""
    return read_marked(record)
