"""Columns of the signs of lines: those they hold, those they begin with, and what came before."""

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

from baselines.features.characters import count_signs
from baselines.features.columns import Bounds, Features, distance_back, matrix

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
"""Signs below which a page is another: a reporter's address ends an article, a © its site."""
_MOST_COUNTED = 3.0
_FARTHEST = 20.0  # lines; what is farther back says no more
_NEAR = 10.0
_BEYOND_ASCII, _BMP = 0x80, 0x10000


def sign_columns(texts: list[str], bounds: Bounds) -> Features:
    """Signs of each line, its first if it is one, and the lines since an @ and a ©."""
    counts = count_signs(texts, tuple(SIGNS.values()))
    beginnings = _beginnings()
    firsts = count_signs([text[0] for text in texts], tuple(beginnings.values()))
    columns: dict[str, NDArray[np.generic]] = {
        f"sign_{name}": count
        for name, count in zip(SIGNS, np.minimum(counts, _MOST_COUNTED).T, strict=True)
    }
    columns |= {
        f"begins_with_{name}": first for name, first in zip(beginnings, firsts.T, strict=True)
    }
    for name in MARKERS:
        lines = distance_back(counts[:, list(SIGNS).index(name)] > 0, bounds)
        lines[lines > bounds.at] = np.inf  # none came before
        columns[f"since_{name}"] = np.log1p(np.minimum(lines, _FARTHEST))
        columns[f"near_{name}"] = lines <= _NEAR
    return matrix(columns)


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
