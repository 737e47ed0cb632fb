"""WCEB: eight datasets combined for an empirical comparison of web content extraction.

Layout: ``ground-truth/DATASET.jsonl`` (``page_id``, ``url``, ``source``, ``plaintext``) and
``html/DATASET/ID.html``. A page id is the sha256 of the file as its own dataset has it, 64
hexadecimal digits. What stands here was decoded, unwrapped and written again as UTF-8 by the
makers, so that the bytes of a page that was not UTF-8 have another digest than its id says; that
is not an error. The 181 pages of ``scrapinghub`` are for evaluation alone: their split is
``test``, which nothing is trained on. A page that is in two of the datasets is two pages.
"""

import re
from pathlib import Path

from corpus import DataError, clean
from labels.importers import Source
from labels.importers._files import (
    JsonLine,
    find_json_lines,
    read_bytes,
    read_json_line,
    reading,
    with_ids,
)
from labels.importers._pages import html_page, url_of, with_gold
from labels.labelled import LabelledPage

LICENCE = "LicenseRef-several"
DESCRIPTION = (
    "WCEB: eight datasets of main content combined (Janek Bevendorff, Sanket Gupta, Johannes "
    "Kiesel and Benno Stein, 2023), gold text projected onto lines by alignment."
)
_EVALUATION_ONLY = {"scrapinghub"}
_SHA256 = re.compile(r"[0-9a-f]{64}")


def find(path: Path) -> Source:
    """List the pages of all datasets."""
    golds = sorted((path / "ground-truth").glob("*.jsonl"))
    if not golds or not (path / "html").is_dir():
        raise DataError(f"{path}: no ground-truth/*.jsonl with html/DATASET/*.html")
    lines = [line for gold in golds for line in find_json_lines(gold, "page_id")]
    return Source(with_ids(lines, lambda line: line.name))


def read(record: tuple[str, JsonLine]) -> LabelledPage:
    """Read one page and project its gold text onto its lines."""
    page_id, place = record
    if not _SHA256.fullmatch(place.name):
        raise DataError(f"{place}: page_id {place.name!r} is no sha256")
    row = read_json_line(place)
    with reading(place, "no record of WCEB"):
        gold_text, url = clean(row["plaintext"]), row.get("url")
    dataset = place.path.stem
    html = place.path.parent.parent / "html" / dataset / f"{place.name}.html"
    raw = read_bytes(html)
    with reading(html, "cannot be read"):
        url = url or url_of(raw)
    page, lines = html_page(
        html,
        page_id,
        raw,
        source=f"wceb/{dataset}",
        licence=LICENCE,
        url=url,
        split="test" if dataset in _EVALUATION_ONLY else None,
    )
    return with_gold(page, lines, gold_text)
