"""WCXB, the Web Content Extraction Benchmark: pages of seven types with their main content.

Layout: ``{dev,test}/html/ID.html.gz``, ``{dev,test}/ground-truth/ID.json``, ``metadata.json``.
File ids repeat between the splits, so a page's id is split and id. Where a gold has no URL or page
type, site and type come from ``metadata.json``.
"""

from dataclasses import replace
from pathlib import Path

from corpus import DataError, clean
from corpus.files import parse_json
from corpus.urls import site_of
from labels.datasets.importers._facts import facts_of, text_of
from labels.datasets.importers._files import Layout, find_pairs, reading
from labels.datasets.importers._pages import html_page, snippets, with_gold
from labels.datasets.importers._records import Source, SourceRecord
from labels.labelled_page import LabelledPage

LICENCE = "CC-BY-4.0"
DESCRIPTION = (
    "WCXB: Web Content Extraction Benchmark (Murrough Foley, 2026). Main content was annotated "
    "as text; it is projected onto the lines of each page by alignment."
)
_SPLITS = ("dev", "test")
_LAYOUT = Layout("html", ".html.gz", "ground-truth", ".json")


def find(path: Path) -> Source:
    """List the pages of the splits that are there."""
    known, test_domains = _metadata(path / "metadata.json")
    folders = [split for split in _SPLITS if (path / split).is_dir()]
    splits = [split for split in folders if _LAYOUT.fits(path / split)]
    if not splits:
        raise DataError(f"{path}: no {_LAYOUT}, neither in dev nor in test")
    records: list[SourceRecord] = []
    unread = [(str(path / split), f"no {_LAYOUT}") for split in folders if split not in splits]
    for split in splits:
        pairs, others = find_pairs(path / split, _LAYOUT)
        for pair in pairs:
            domain, page_type = known.get((split, pair.name), (None, None))
            site = site_of(domain) if domain else None
            facts = {"split": split, "site": site, "page_type": page_type}
            records.append(replace(pair, name=f"{split}-{pair.name}", facts=facts))
        unread += others
    reserved = {site for domain in test_domains if (site := site_of(domain))}
    return Source(records, tuple(sorted(reserved)), unread)


_Known = dict[tuple[str, str], tuple[str | None, str | None]]


def _metadata(path: Path) -> tuple[_Known, set[str]]:
    """Read domain and type of each page by split and id, and all domains of the test split."""
    if not path.exists():
        return {}, set()
    with reading(path, "not the metadata of WCXB"):
        known = {
            (entry["split"], page): (text_of(entry["domain"]), text_of(entry.get("page_type")))
            for page, entry in parse_json(path.read_bytes())["files"].items()
        }
    return known, {
        domain for (split, _), (domain, _) in known.items() if split == "test" and domain
    }


def read(record: SourceRecord) -> LabelledPage:
    """Read one page and project its gold text onto its lines."""
    with reading(record.gold, "no gold of WCXB"):
        gold = parse_json(record.gold.read_bytes())
        truth = gold["ground_truth"]
        page_type = text_of(gold.get("_internal", {}).get("page_type", {}).get("primary"))
        content = truth.get("main_content") or ""
        gold_text = clean(content) if content.strip() else ""
        kept, left_out = snippets(truth.get("with")), snippets(truth.get("without"))
        facts = facts_of(truth.get("title"), truth.get("author"), truth.get("publish_date"))
        url = text_of(gold.get("url"))
    if url:
        record = record.with_facts(site=None)
    labelled = with_gold(*html_page(record, url=url, page_type=page_type), gold_text, facts)
    return replace(labelled, with_snippets=kept, without_snippets=left_out)
