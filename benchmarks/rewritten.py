"""Measure whether the script of a page matters: word F1 of pages rewritten in others.

    python benchmarks/rewritten.py DIR [--every N] [--seed S]

Cross-validations by site on every N-th page of the dataset. What was fitted to the pages as they
are reads each held-out page as it is and rewritten: markup, digits and lines stay, words get other
characters, the same word the same ones. Intervals of 95 % by bootstrap over sites, paired page by
page.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from zlib import crc32

import numpy as np
from made_up import arguments, difference, rewritten, scores

from corpus import Lines
from corpus.lines import Declared

Rewrite = Callable[[str], str]

_WORD = re.compile(r"[^\W\d_]+")
_FULL_STOP = re.compile(r"[.!?](?= |$)")
_AS_IT_IS = "as it is"


def words_in(first: str, characters: int, letters: int = 1) -> Rewrite:
    """Words in a script of so many characters from ``first`` on, one for so many letters."""

    def word(found: re.Match[str]) -> str:
        text = found[0].lower()
        parts = (text[start : start + letters] for start in range(0, len(text), letters))
        return "".join(chr(ord(first) + crc32(part.encode()) % characters) for part in parts)

    return lambda text: _WORD.sub(word, text)


_GREEK = words_in("α", 25)
_ARABIC = words_in("ش", 10)
_HANGUL = words_in("가", 11_172, letters=3)
_HAN = words_in("一", 20_000, letters=3)
_THAI = words_in("ก", 46)
_ARABIC_SIGNS = str.maketrans("?,;", "؟،؛")
_WIDE_SIGNS = str.maketrans(".,!?:;()", "。，！？：；（）")
_BLANK_BESIDE_HAN = re.compile(r"(?<=[\u3000-\uffef]) | (?=[\u3000-\uffef])")
_BLANK_WITHIN_THAI = re.compile(r"(?<=[\u0e00-\u0e7f]) (?=[\u0e00-\u0e7f])")
_NO_TEXT = "-"


def chinese(text: str) -> str:
    """Han characters and full-width signs, without blanks."""
    return _BLANK_BESIDE_HAN.sub("", _HAN(text).translate(_WIDE_SIGNS)).strip() or _NO_TEXT


def thai(text: str) -> str:
    """Words run together, and sentences end in blanks."""
    sentences = _FULL_STOP.split(text)
    joined = (_BLANK_WITHIN_THAI.sub("", _THAI(sentence)).strip() for sentence in sentences)
    return " ".join(joined).strip() or _NO_TEXT


SCRIPTS: dict[str, Rewrite] = {
    _AS_IT_IS: lambda text: text,
    "in Greek letters": _GREEK,
    "in Arabic letters": lambda text: _ARABIC(text).translate(_ARABIC_SIGNS),
    "in Hangul": _HANGUL,
    "in Han, without blanks": chinese,
    "in Thai, without full stops": thai,
}


def main() -> None:
    """Cross-validate both views, and print the table."""
    labelled, pages, options = arguments(__doc__, seed=0)
    ways = {name: rewritten(rewriter(rewrite)) for name, rewrite in SCRIPTS.items()}
    print(f"{len(pages):5,} pages                    word F1  difference")
    for view in ("html", "text"):
        found = scores(view, labelled, pages, ways, seed=options.seed)
        for name, values in found.items():
            change = difference(values, found[_AS_IT_IS], pages) if name != _AS_IT_IS else ""
            print(f"{view}, {name:28} {np.nanmean(values):.4f}  {change}".rstrip(), flush=True)


def rewriter(rewrite: Rewrite) -> Callable[[Lines], Lines]:
    """Make the function that rewrites all texts of a page."""

    def lines_of(lines: Lines) -> Lines:
        texts = list(map(rewrite, lines.texts))
        chars = np.array(list(map(len, texts)), np.int32)
        in_links = np.rint(lines.link_chars * (chars / np.maximum(lines.chars, 1)))
        link_chars = in_links.astype(np.int32)
        today = lines.declared
        declared = Declared(
            today.title and rewrite(today.title),
            tuple(map(rewrite, today.descriptions)),
            tuple(map(rewrite, today.texts)),
            today.kinds,
        )
        return replace(lines, texts=texts, chars=chars, link_chars=link_chars, declared=declared)

    return lines_of


if __name__ == "__main__":
    main()
