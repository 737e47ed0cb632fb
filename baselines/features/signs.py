"""Compute columns of signs: those that lines hold, begin with, and have somewhere before them."""

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.features.characters import count_signs, sign_groups
from baselines.features.columns import Features, distance_back, matrix

VIEWS, PLACE = ("text",), 2

SIGNS = {
    "copyright": "©ⓒ℗®",
    "at": "@",
    "hash": "#",
    "arrow": "▶▷►▸☞→›»>↑↓▲▼",
    "bar": "|ㅣ│·•ㆍ",
    "ellipsis": "…",
    "bracket": "[]【】()（）<>",
}
BEGINNINGS = {
    "arrow": SIGNS["arrow"],
    "bracket": "[【(（<〈〔",
    "bullet": "-–—*·•ㆍ‧∙▪",
    "hash": "#",
    "bar": "|ㅣ│",
    "quote": "“\"'‘「『«„",
    "circled": "".join(map(chr, (*range(0x2460, 0x2500), *range(0x2776, 0x2794)))),
}
MARKERS = ("at", "copyright")
"""Signs below which a page is often another: a reporter's address ends an article, a © a site."""
_MOST_COUNTED = 3.0
_FARTHEST = 20.0  # lines; farther back makes no difference
_NEAR = 10.0
_BEYOND_ASCII, _BMP = 0x80, 0x10000


def columns(batch: Batch) -> Features:
    """Compute the signs of each line, its first if it is one, and the lines since an @ and a ©."""
    characters, beginnings = batch.characters, _beginnings()
    counts = count_signs(characters, tuple(SIGNS.values()))
    starts = np.cumsum(characters.lengths) - characters.lengths
    first = sign_groups(characters.points[starts], tuple(beginnings.values()))
    values: dict[str, NDArray[np.generic]] = {}
    for name, count in zip(SIGNS, counts.T, strict=True):
        values[f"sign_{name}"] = np.minimum(count, _MOST_COUNTED)
    for number, name in enumerate(beginnings, start=1):
        values[f"begins_with_{name}"] = first == number
    for name in MARKERS:
        lines = distance_back(counts[:, list(SIGNS).index(name)] > 0, batch.bounds)
        lines[lines > batch.bounds.at] = np.inf  # none came before
        values[f"since_{name}"] = np.log1p(np.minimum(lines, _FARTHEST))
        values[f"near_{name}"] = lines <= _NEAR
    return matrix(values)


@cache
def _beginnings() -> dict[str, str]:
    """Signs that lines begin with: those named, and all other symbols beyond ASCII."""
    named = set("".join(BEGINNINGS.values()))
    others = (
        sign
        for sign in map(chr, range(_BEYOND_ASCII, _BMP))
        if unicodedata.category(sign) in {"So", "Sm", "Sk", "Sc", "Po"} and sign not in named
    )
    return BEGINNINGS | {"symbol": "".join(others)}
