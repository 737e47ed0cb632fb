"""Columns of a page to a feature matrix: one row a line, one column a feature.

Nothing here knows a language, a site or the name of a class: lengths are in units that are alike
between scripts, and what a page's author called things counts only where it repeats.
"""

import numpy as np

from baselines.batch import Batch
from baselines.characters import count_characters
from baselines.columns import Features, side_by_side
from baselines.features.containers import container_columns
from baselines.features.declared import declared_columns
from baselines.features.echoes import echo_columns
from baselines.features.markup import markup_columns
from baselines.features.shapes import shape_columns
from baselines.features.signs import sign_columns
from baselines.features.text import text_columns

__all__ = ["dom_features", "text_features"]


def text_features(batch: Batch) -> Features:
    """Features that need the text alone, so that they exist on every page."""
    characters = count_characters(batch.texts, batch.bounds)
    return side_by_side(
        text_columns(characters, batch.bounds),
        echo_columns(characters.words, batch.bounds),
        sign_columns(batch.texts, batch.bounds),
        shape_columns(batch.texts, batch.bounds),
    )


def dom_features(batch: Batch) -> Features:
    """Features of text and markup together; the pages must have HTML."""
    characters = count_characters(batch.texts, batch.bounds)
    link_density = batch.link_chars / np.maximum(batch.chars, 1)
    return side_by_side(
        text_columns(characters, batch.bounds, link_density),
        echo_columns(characters.words, batch.bounds),
        markup_columns(batch, link_density),
        container_columns(batch, characters, link_density),
        declared_columns(batch),
    )
