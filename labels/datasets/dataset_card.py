"""Write the dataset card that goes with a stored dataset."""

import json

from labels.datasets.manifest import UNKNOWN, Manifest
from labels.label import Label

_ON_THE_HUB = {"AGPL-3.0", "Apache-2.0", "CC-BY-4.0", "CC0-1.0", "GPL-3.0", "MIT"}
"""Licences that dataset cards name, in lower case; all others are ``other``."""


def dataset_card(manifest: Manifest) -> str:
    """Write the card in Markdown, with the header that dataset hubs read."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("labels.datasets", "."),
        autoescape=False,  # noqa: S701 # Markdown of the user's own dataset
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "count": "{:,}".format,
        "json": json.dumps,
        "listed": _listed,
        "meaning": lambda name: Label(name).meaning,
    }
    return environment.get_template("dataset_card.md.jinja").render(
        manifest=manifest,
        counts=manifest.counts,
        languages=sorted(manifest.counts.languages.keys() - {UNKNOWN}),
        is_on_hub=manifest.licence in _ON_THE_HUB,
    )


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {pages:,}" for name, pages in counts.items())
