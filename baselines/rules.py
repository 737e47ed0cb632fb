"""Keep lines by rules that need no training: what a line classifier has to beat."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from baselines.features.characters import COMMA, STOP, count_characters
from corpus import Lines

Rule = Callable[[Lines], NDArray[np.bool_]]

# Limits of the length-and-punctuation rule, in units of about a word.
_LONG_LINE = 20.0
_SENTENCE = 8.0
# Limits of the link-density rule; both are those of Kohlschütter et al. 2010, algorithm 2,
# carried over from blocks to lines.
_MOST_LINKED = 0.333
_FEW_WORDS = 15.0


def keep_all(lines: Lines) -> NDArray[np.bool_]:
    """Keep every line: the recall that no extractor exceeds."""
    return np.ones(len(lines), np.bool_)


def keep_none(lines: Lines) -> NDArray[np.bool_]:
    """Keep no line: what a page counts where an extractor fails."""
    return np.zeros(len(lines), np.bool_)


def length_and_punctuation(lines: Lines) -> NDArray[np.bool_]:
    """Keep long lines, and shorter ones that hold the punctuation of a sentence."""
    characters = count_characters(lines.texts)
    sentence = (characters.counts[:, STOP] > 0) | (characters.counts[:, COMMA] > 1)
    return (characters.units >= _LONG_LINE) | ((characters.units >= _SENTENCE) & sentence)


def link_density(lines: Lines) -> NDArray[np.bool_]:
    """Keep lines whose link density is below the limit and that are long or stand beside one.

    On a page without HTML nothing is known to be a link, and length alone decides.
    """
    units = count_characters(lines.texts).units
    linked = lines.link_chars / np.maximum(lines.chars, 1) > _MOST_LINKED
    long = (units >= _FEW_WORDS) & ~linked
    beside = np.zeros(len(lines), np.bool_)
    beside[1:] |= long[:-1]
    beside[:-1] |= long[1:]
    return ~linked & (long | beside)


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "keep-all": keep_all,
        "keep-none": keep_none,
        "length-and-punctuation": length_and_punctuation,
        "link-density": link_density,
    }
)
"""All rules by name."""
