"""Mutate real pages and read them: nothing may end in a traceback, hang, or give NaN.

    python benchmarks/fuzz.py [FOLDER...] [--inputs N] [--seed S] [--first K] [--kilobytes N]

The pages are the files below the folders (``.gz`` is unpacked), else the starter pages, each cut to
its first N kB. An input is one of them after up to six mutations: bytes flipped, cut or doubled,
parts of two pages spliced, encodings swapped, tags doubled, nested or left open, odd characters put
in. It goes through sniffing, decoding, splitting, features, both shipped models, alignment with a
text of its own and a label file. Input K of a seed is the same on every machine, so that
``--first K --inputs 1`` repeats it. Exit status 1 if one is a finding.
"""

import argparse
import gzip
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import compress
from multiprocessing import Pool
from pathlib import Path

import numpy as np

from baselines import Model
from baselines.features.batch import Batch
from baselines.model import VIEWS
from corpus import DataError, decode, sniff_markup, split
from corpus.visible import CONTROLS, collapse
from labels import LABELS, align
from labels.label_file import read_labels, write_labels

_MOST_MUTATIONS = 6
_SLOW = 10.0  # seconds for one input
_LEAST_SUITABLE = 200  # bytes

_CONTROLS = {chr(code) for first, last in CONTROLS for code in range(first, last + 1)}
_TAGS = (
    b"div p span a b i font table tr td ul li select option h1 pre template svg math ruby rt "
    b"script style title textarea iframe noscript object canvas form button label details frameset"
).split()
_ENCODINGS = ("cp949", "cp932", "gb18030", "big5", "cp1251", "cp1252", "utf-16-le", "koi8-r")
_ODD = (
    b"\0", b"\x1b[31m", b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"&#x202e;", b"&#0;", b"&#xD800;",
    "\u3164\u2800\u200d\ufe0f\ufff9".encode(), b"<!--", b"-->", b"<![CDATA[", b"]]>", b"\"'", b"<",
    b"&", b" hidden ", b" style='display:none' ", b"<template shadowrootmode=open>",
    b"<?xml version='1.0'?>", b"<html xmlns='http://www.w3.org/1999/xhtml'>",
    b"<meta charset=utf-7>", b"\r\r\n", b"\x0c\x85",
)  # fmt: skip

Mutation = Callable[[random.Random, bytes], bytes]


def main() -> None:
    """Run the campaign on all cores and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    for name, default in (("inputs", 1000), ("seed", 0), ("first", 0), ("kilobytes", 20)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    folders = options.folders or [Path(__file__).parent.parent / "corpus" / "pages"]
    pages = suitable_pages(folders, 1000 * options.kilobytes)
    outcomes: Counter[str] = Counter()
    findings: list[str] = []
    numbers = range(options.first, options.first + options.inputs)
    with Pool(initializer=_begin, initargs=(pages, options.seed)) as pool:
        for number, outcome in zip(numbers, pool.imap(_outcome, numbers, 50), strict=True):
            kind = outcome.partition(":")[0]
            outcomes[kind] += 1
            if kind not in {"read", "no lines", "refused"}:
                findings.append(f"input {number}: {outcome}")
    print(f"{options.inputs:,} inputs of {len(pages):,} pages, seed {options.seed}")
    for kind, count in outcomes.most_common():
        print(f"{count:9,} {kind}")
    print(*findings[:20], sep="\n", end="\n" if findings else "")
    sys.exit(bool(findings))


def suitable_pages(folders: Sequence[Path], most_bytes: int) -> list[bytes]:
    """The beginnings of the files below some folders, in the order of their paths."""
    pages = []
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            pages.append(file.read(most_bytes))
    return [page for page in pages if len(page) >= _LEAST_SUITABLE]


def mutated(number: int, seed: int, pages: Sequence[bytes]) -> bytes:
    """The input of a number: a page after some mutations."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - no secret
    page, other = chance.choice(pages), chance.choice(pages)
    if _now_and_then(chance):
        page = page[: _place(chance, page)] + other[_place(chance, other) :]
    for _ in range(chance.randint(1, _MOST_MUTATIONS)):
        page = chance.choice(_MUTATIONS)(chance, page)
    return page


def _now_and_then(chance: random.Random) -> bool:
    return chance.choice((True, False))


def _place(chance: random.Random, page: bytes) -> int:
    return chance.randint(0, len(page))


def _flip(chance: random.Random, page: bytes) -> bytes:
    flipped = bytearray(page)
    for _ in range(chance.randint(1, 20) if page else 0):
        flipped[chance.randrange(len(page))] = chance.randrange(256)
    return bytes(flipped)


def _cut(chance: random.Random, page: bytes) -> bytes:
    start, end = sorted((_place(chance, page), _place(chance, page)))
    return page[:start] + page[end:] if _now_and_then(chance) else page[start:end]


def _double(chance: random.Random, page: bytes) -> bytes:
    start = _place(chance, page)
    return page[:start] + page[start : start + 200] * chance.randint(2, 30) + page[start:]


def _encode(chance: random.Random, page: bytes) -> bytes:
    start, end = sorted((_place(chance, page), _place(chance, page)))
    part = page[start:end].decode(errors="replace").encode(chance.choice(_ENCODINGS), "replace")
    return page[:start] + part + page[end:]


def _put(chance: random.Random, page: bytes) -> bytes:
    for _ in range(chance.randint(1, 8)):
        start = _place(chance, page)
        page = page[:start] + chance.choice(_ODD) + page[start:]
    return page


def _nest(chance: random.Random, page: bytes) -> bytes:
    start, tag, times = _place(chance, page), chance.choice(_TAGS), chance.choice((1, 3, 40, 1500))
    opened = b"<%b class=%b>" % (tag, tag) * times
    closed = b"</%b>" % tag * times if _now_and_then(chance) else b""
    end = chance.randint(start, len(page))
    return page[:start] + opened + page[start:end] + closed + page[end:]


def _repeat_tags(chance: random.Random, page: bytes) -> bytes:
    tag = chance.choice(_TAGS)
    return page.replace(b"<" + tag, b"<%b><%b" % (chance.choice(_TAGS), tag))


_MUTATIONS: tuple[Mutation, ...] = (
    _flip, _cut, _double, _encode, _put, _nest, _repeat_tags,
)  # fmt: skip

_campaign: list[Callable[[int], bytes]] = []
_models: list[Model] = []


def _begin(pages: Sequence[bytes], seed: int) -> None:
    _campaign.append(partial(mutated, seed=seed, pages=pages))
    _models.extend(Model.load(name) for name in ("logreg", "logreg-text"))


def _outcome(number: int) -> str:
    """What became of an input: ``read``, ``no lines``, ``refused: why`` or a finding."""
    start = time.perf_counter()
    try:
        outcome = read(_campaign[0](number), _models)
    except DataError as error:
        outcome = f"refused: {error}"
    except Exception as error:  # noqa: BLE001 - the finding
        outcome = f"{type(error).__name__}: {error}"
    if (seconds := time.perf_counter() - start) > _SLOW:
        outcome = f"slow: {seconds:.0f} s, {outcome}"
    return outcome


def read(raw: bytes, models: Sequence[Model]) -> str:
    """Take bytes through all that reads pages, and check what comes out.

    Raises:
        DataError: if the page is refused.
        AssertionError: if something comes out that must not.
    """
    content = decode(raw)
    markup = sniff_markup(content)
    lines = split(content, markup)
    for text in lines.texts:
        _require(bool(text) and collapse(text) == text, f"the line {text!r}")
        _require(_CONTROLS.isdisjoint(text), f"a control character in {text!r}")
    _require(len(lines.chars) == len(lines.flags) == len(lines), "columns of one length")
    _require(bool(np.all(lines.link_chars <= lines.chars)), "characters in links")
    if not len(lines):
        return "no lines"
    for name in ("html", "text") if markup == "html" else ("text",):
        values = VIEWS[name].features(Batch.of([lines])).values
        _require(bool(np.all(np.isfinite(values))), f"finite features of the {name} view")
    for model in models:
        probabilities, kept = model.decide(lines)
        _require(bool(np.all((probabilities >= 0) & (probabilities <= 1))), "probabilities")
        coverage = align(lines.texts, "\n".join(compress(lines.texts, kept))).coverage
        _require(bool(np.all((coverage >= 0) & (coverage <= 1))), "shares")
    with tempfile.TemporaryDirectory() as folder:
        labels = (np.arange(len(lines)) % len(LABELS)).astype(np.int8)
        write_labels(Path(folder, "page.tsv"), lines.texts, labels)
        read_back = read_labels(Path(folder, "page.tsv"), lines)
        _require(np.array_equal(read_back, labels), "the labels that were written")
    return "read"


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise AssertionError(f"wrong: {what}")


if __name__ == "__main__":
    main()
