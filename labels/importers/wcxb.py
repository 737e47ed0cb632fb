"""WCXB, the Web Content Extraction Benchmark: pages of seven types with their main content.

Layout: ``{dev,test}/html/ID.html.gz``, ``{dev,test}/ground-truth/ID.json``, ``metadata.json``.
File ids repeat between the splits, so a page's id is split and id. Where there is no URL, the
site comes from ``metadata.json``.
"""

import calendar
import json
import re
from pathlib import Path
from typing import Any

from corpus import DataError, clean
from corpus.site import site_of
from labels.importers import Source
from labels.importers._files import read_gzip, reading
from labels.importers._pages import html_page, with_gold
from labels.labelled import LabelledPage
from labels.project import Facts

LICENCE = "CC-BY-4.0"
DESCRIPTION = (
    "WCXB: Web Content Extraction Benchmark (Murrough Foley, 2026). Main content was annotated "
    "as text; it is projected onto the lines of each page by alignment."
)
_SPLITS = ("dev", "test")


def find(path: Path) -> Source:
    """List the pages of the splits that are there."""
    domains, test_domains = _domains(path / "metadata.json")
    records = [
        (str(path), split, gold.stem, domains.get((split, gold.stem)))
        for split in _SPLITS
        for gold in sorted((path / split / "ground-truth").glob("*.json"))
    ]
    if not records:
        raise DataError(f"{path}: neither dev/ground-truth/*.json nor test/ground-truth/*.json")
    reserved = {site for domain in test_domains if (site := site_of(domain))}
    return Source(records, tuple(sorted(reserved)))


def _domains(metadata: Path) -> tuple[dict[tuple[str, str], str], set[str]]:
    """Domain of each page by split and id, and all domains of the test split."""
    if not metadata.exists():
        return {}, set()
    try:
        files = json.loads(metadata.read_text(encoding="utf-8"))["files"]
        domains = {
            (entry["split"], page): entry["domain"]
            for page, entry in files.items()
            if entry["domain"]
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{metadata}: not the metadata of WCXB ({error!r})") from None
    return domains, {domain for (split, _), domain in domains.items() if split == "test"}


def read(record: tuple[str, str, str, str | None]) -> LabelledPage:
    """Read one page and project its gold text onto its lines."""
    root, split, page_id, domain = record
    gold_path = Path(root) / split / "ground-truth" / f"{page_id}.json"
    html_path = Path(root) / split / "html" / f"{page_id}.html.gz"
    with reading(gold_path, "no gold of WCXB"):
        gold = json.loads(gold_path.read_bytes())
        truth = gold["ground_truth"]
        page_type = gold.get("_internal", {}).get("page_type", {}).get("primary")
        gold_text = _text(truth.get("main_content")) or ""
    url = _text(gold.get("url"))
    page, lines = html_page(
        html_path,
        f"{split}-{page_id}",
        read_gzip(html_path),
        source="wcxb",
        licence=LICENCE,
        url=url,
        site=site_of(domain) if domain and not url else None,
        page_type=page_type,
        split=split,
    )
    facts = Facts(
        title=_text(truth.get("title")),
        author=_text(truth.get("author")),
        is_date=_date_pattern(_text(truth.get("publish_date"))),
    )
    return with_gold(
        page,
        lines,
        gold_text,
        facts,
        with_snippets=_snippets(truth.get("with")),
        without_snippets=_snippets(truth.get("without")),
    )


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = ", ".join(str(part) for part in value)
    return clean(value) if isinstance(value, str) and value.strip() else None


def _snippets(value: Any) -> tuple[str, ...]:
    return tuple(clean(str(snippet)) for snippet in value or ())


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
