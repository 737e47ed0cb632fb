"""WCXB, the Web Content Extraction Benchmark: pages of seven types with their main content.

Layout: ``{dev,test}/html/ID.html.gz``, ``{dev,test}/ground-truth/ID.json``, ``metadata.json``.
File ids repeat between the splits, so a page's id is split and id. Where there is no URL, the
site comes from ``metadata.json``.
"""

import calendar
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus import DataError, clean
from corpus.files import parse_json
from corpus.urls import site_of
from labels.datasets.importers._files import Layout, find_pairs, reading
from labels.datasets.importers._pages import html_page, snippets, with_gold
from labels.datasets.importers._records import Source, SourceRecord
from labels.labelled_page import LabelledPage
from labels.projection import Facts

LICENCE = "CC-BY-4.0"
DESCRIPTION = (
    "WCXB: Web Content Extraction Benchmark (Murrough Foley, 2026). Main content was annotated "
    "as text; it is projected onto the lines of each page by alignment."
)
_SPLITS = ("dev", "test")
_LAYOUT = Layout("html", ".html.gz", "ground-truth", ".json")


def find(path: Path) -> Source:
    """List the pages of the splits that are there."""
    domains, test_domains = _domains(path / "metadata.json")
    folders = [split for split in _SPLITS if (path / split).is_dir()]
    splits = [split for split in folders if _LAYOUT.fits(path / split)]
    if not splits:
        raise DataError(f"{path}: no {_LAYOUT}, neither in dev nor in test")
    records: list[SourceRecord] = []
    unread = [(str(path / split), f"no {_LAYOUT}") for split in folders if split not in splits]
    for split in splits:
        pairs, others = find_pairs(path / split, _LAYOUT)
        for pair in pairs:
            domain = domains.get((split, pair.name))
            facts = {"split": split, "site": site_of(domain) if domain else None}
            records.append(replace(pair, name=f"{split}-{pair.name}", facts=facts))
        unread += others
    reserved = {site for domain in test_domains if (site := site_of(domain))}
    return Source(records, tuple(sorted(reserved)), unread)


def _domains(metadata: Path) -> tuple[dict[tuple[str, str], str], set[str]]:
    """Read the domain of each page by split and id, and all domains of the test split."""
    if not metadata.exists():
        return {}, set()
    with reading(metadata, "not the metadata of WCXB"):
        domains = {
            (entry["split"], page): str(entry["domain"])
            for page, entry in parse_json(metadata.read_bytes())["files"].items()
            if entry["domain"]
        }
    return domains, {domain for (split, _), domain in domains.items() if split == "test"}


def read(record: SourceRecord) -> LabelledPage:
    """Read one page and project its gold text onto its lines."""
    with reading(record.gold, "no gold of WCXB"):
        gold = parse_json(record.gold.read_bytes())
        truth = gold["ground_truth"]
        page_type = gold.get("_internal", {}).get("page_type", {}).get("primary")
        content = truth.get("main_content") or ""
        gold_text = clean(content) if content.strip() else ""
        kept, left_out = snippets(truth.get("with")), snippets(truth.get("without"))
        facts = Facts(
            title=_text(truth.get("title")),
            author=_text(truth.get("author")),
            is_date=_date_pattern(_text(truth.get("publish_date"))),
        )
        url = _text(gold.get("url"))
    if url:
        record = record.with_facts(site=None)
    labelled = with_gold(*html_page(record, url=url, page_type=page_type), gold_text, facts)
    return replace(labelled, with_snippets=kept, without_snippets=left_out)


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = ", ".join(str(part) for part in value)
    return clean(value) if isinstance(value, str) and value.strip() else None


def _date_pattern(date: str | None) -> re.Pattern[str] | None:
    """Pattern of lines that show an ISO date in any usual order, months as numbers or names."""
    found = re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})", date or "")
    if not found:
        return None
    year, month, day = found[1], int(found[2]), int(found[3])
    if month not in range(1, 13):
        return None
    months = rf"(?:0?{month}|{calendar.month_name[month][:3]}\w*)"
    days = rf"0?{day}(?:st|nd|rd|th)?"
    return re.compile(
        rf"\b(?:{year}\W+{months}\W+{days}|{months}\W+{days}\W+{year}|{days}\W+{months}\W+{year})\b",
        re.IGNORECASE,
    )
