"""The dataset card that goes with a stored dataset."""

import json

from labels.datasets.manifest import UNKNOWN, Manifest
from labels.label import Label

_ON_THE_HUB = {"AGPL-3.0", "Apache-2.0", "CC-BY-4.0", "CC0-1.0", "GPL-3.0", "MIT"}
"""Licences that dataset cards name, in lower case; all others are ``other``."""

_COLUMNS = {
    "id": "a stable name, unique in the dataset",
    "sha256": "digest of `raw`, the page's identity",
    "markup": "`html` or `text`",
    "url, site, language, page_type, split, source, licence": "what is known of the page, or null",
    "raw": "the page's bytes",
    "splitter": "version of what made the lines",
    "lines": "the texts of the page's lines",
    "labels": "the label of each line (`ClassLabel`)",
    "coverage": "share of each line that the gold text holds; null where people labelled lines",
    "gold_text": "the source's text, or null",
    "with_snippets, without_snippets": "texts that must, and must not, be kept",
}


def dataset_card(manifest: Manifest) -> str:
    """Write the card in Markdown, with the header that dataset hubs read."""
    counts = manifest.counts
    is_on_hub = manifest.licence in _ON_THE_HUB
    languages = sorted(counts.languages.keys() - {UNKNOWN})
    header = [
        "---",
        f"pretty_name: {json.dumps(manifest.name)}",
        *([f"language: [{', '.join(map(json.dumps, languages))}]"] if languages else []),
        f"license: {manifest.licence.lower() if is_on_hub else 'other'}",
        *([] if is_on_hub else [f"license_name: {json.dumps(manifest.licence)}"]),
        "task_categories: [token-classification]",
        "configs:",
        "- config_name: default",
        "  data_files: data-*.parquet",
        "---",
    ]
    facts = {
        "pages": f"{manifest.pages:,}",
        "lines": f"{counts.lines:,}",
        "splits": _listed(manifest.splits),
        "languages": _listed(counts.languages),
        "page types": _listed(counts.page_types),
        "sites": f"{counts.sites:,}",
        "gold": _listed(counts.gold),
        "projection ceiling": "–" if counts.ceiling is None else f"word F1 {counts.ceiling:.4f}",
        "records left out": f"{len(manifest.unreadable):,}, listed in `dataset.json`",
        "licence": manifest.licence,
        "fingerprint": f"{manifest.fingerprint}, splitter {manifest.splitter}",
    }
    return "\n".join([
        *header,
        f"# {manifest.name}",
        "",
        manifest.description,
        "",
        "Each page is split into lines, and every line has a label.",
        "",
        "```python",
        "from datasets import load_dataset",
        "",
        'pages = load_dataset("parquet", data_files="data-*.parquet", split="train")',
        "```",
        "",
        "All pages are in one table; the column `split` tells their split.",
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in facts.items()),
        "",
        "| label | lines | what |",
        "|---|---|---|",
        *(f"| `{name}` | {n:,} | {Label(name).meaning} |" for name, n in counts.labels.items()),
        "",
        "| column | what |",
        "|---|---|",
        *(f"| `{name.replace(', ', '`, `')}` | {what} |" for name, what in _COLUMNS.items()),
        "",
        *(["What the import made of the source:", ""] if manifest.remarks else []),
        *(f"- {remark}: {times:,}" for remark, times in manifest.remarks.items()),
        *([""] if manifest.remarks else []),
    ])  # fmt: skip


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {pages:,}" for name, pages in counts.items())
