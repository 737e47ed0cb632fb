"""The features of each view of a page: text alone, or text and markup."""

import numpy as np

from baselines.features.batch import Batch
from baselines.features.characters import count_characters
from baselines.features.columns import Features, side_by_side
from baselines.features.containers import container_columns
from baselines.features.declarations import declared_columns
from baselines.features.echoes import echo_columns
from baselines.features.markup import markup_columns
from baselines.features.shapes import shape_columns
from baselines.features.signs import sign_columns
from baselines.features.text import text_columns


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
