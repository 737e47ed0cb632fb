"""Dragnet: pages of news sites and blogs, with readers' comments marked as such.

Layout: ``HTML/ID.html`` with ``Corrected/ID.html.corrected.txt``, or ``input/ID.html`` with
``GoldStandard/ID.txt``; ``training.txt`` and ``test.txt`` list the ids of the splits. In a gold, a
line ``!@#$%^&*()  COMMENTS`` (typed by hand: not always the same) ends the content; what follows
are comments. No list of addresses comes with the pages; a page's own declaration is used. Ids that
are listed but have neither page nor gold are reported.
"""

from pathlib import Path

from labels.datasets.importers._files import Layout, find_pairs, read_text, read_western_text
from labels.datasets.importers._pages import html_page, with_parts
from labels.datasets.importers._records import Source, SourceRecord
from labels.datasets.residue_patterns import DRAGNET_COMMENTS
from labels.label import Label
from labels.labelled_page import LabelledPage

LICENCE = "AGPL-3.0"
DESCRIPTION = (
    "Dragnet: 1,381 pages of news sites and blogs with their content and comments copied by hand "
    "(Matthew Peters and Dan Lecocq, Moz, 2013), projected onto lines by alignment."
)
_LAYOUTS = (
    Layout("HTML", ".html", "Corrected", ".html.corrected.txt"),
    Layout("HTML", ".html", "corrected/Corrected", ".html.corrected.txt"),
    Layout("input", ".html", "GoldStandard", ".txt"),
)
_SPLITS = {"training.txt": "train", "test.txt": "test"}


def find(path: Path) -> Source:
    """List the pages, with the split that the lists put them in."""
    pairs, unread = find_pairs(path, *_LAYOUTS)
    known = {pair.name for pair in pairs} | {Path(file).name.split(".")[0] for file, _ in unread}
    splits: dict[str, str] = {}
    for file, split in _SPLITS.items():
        if (path / file).is_file():
            listed = dict.fromkeys(read_text(path / file).split(), split)
            splits |= listed
            unread += [
                (f"{path / file} {name}", "neither its page nor its gold is there")
                for name in listed
                if name not in known
            ]
    records = [pair.with_facts(split=splits.get(pair.name), page_type="article") for pair in pairs]
    return Source(records, unread=unread)


def read(record: SourceRecord) -> LabelledPage:
    """Read one page and project its content and comments onto its lines."""
    content, *comments = DRAGNET_COMMENTS.split(read_western_text(record.gold), maxsplit=1)
    parts = [(Label.BODY, f"{content.strip()}\n")]
    parts += [(Label.COMMENT, text.strip()) for text in comments]
    return with_parts(*html_page(record, finds_url=True), parts)
