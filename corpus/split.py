"""Split a page's markup or plain text into block-level lines, the way a reader sees them."""

import re
from collections.abc import Sequence

import numpy as np

from corpus.html.declared import DECLARATIONS, read_declared
from corpus.html.tree import NOT_SHOWN, not_shown_inline, parse_html
from corpus.html.walk import COLUMNS, ELEMENT, Walk
from corpus.lines import Containers, Declared, Ints, Lines
from corpus.visible import collapse

SPLITTER_VERSION = 3
"""Goes up with every change that gives any page other lines; stored labels carry it."""

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def split_text(text: str) -> Lines:
    """Split plain text at line breaks; empty lines vanish and white space collapses."""
    texts = [line for part in _LINE_BREAK.split(text) if (line := collapse(part))]
    zeros = np.zeros(len(texts), np.int32)
    columns = dict.fromkeys(COLUMNS, zeros) | {"container": zeros - 1}
    return Lines(
        texts=texts,
        chars=_lengths(texts),
        **columns,
        containers=Containers([], *[np.zeros(0, np.int32)] * ELEMENT),
        declared=Declared(),
        is_html=False,
        version=SPLITTER_VERSION,
    )


def split_html(html: str | bytes) -> Lines:
    """Split HTML into block-level lines; bytes must be UTF-8.

    A block element ends a line, an inline one does not, ``<br>`` does; a table row is one line
    unless one of its cells has several; ``<pre>`` keeps its lines. ``script``, ``style``, ``svg``,
    ``iframe``, what is only for browsers that can't show an element (``canvas``, ``video``), the
    head and comments give none; ``noscript`` gives its content. Shadow roots are read as
    `parse_html` says. What an element holds that a browser doesn't show (``hidden``,
    ``display: none``) stands before the line that it is in, in lines of its own with
    `Flag.HIDDEN`. White space collapses, lines in which nothing is drawn vanish, control characters
    and lone surrogates are left out. Time is linear in the input.

    Raises:
        DataError: if elements are nested more than 10,000 deep, or the page would take too much
            time or memory in another way (see `corpus.html.source.prepare`).
    """
    tree = parse_html(html)
    walk = Walk(not_shown_inline(tree.css(NOT_SHOWN)))
    if tree.root is not None:
        walk.run(tree.root)
    chars, columns = _lengths(walk.texts), walk.columns()
    columns["link_chars"] = np.minimum(columns["link_chars"], chars)
    return Lines(
        texts=walk.texts,
        chars=chars,
        **columns,
        containers=walk.containers(),
        declared=read_declared(tree.css(DECLARATIONS)),
        is_html=True,
        version=SPLITTER_VERSION,
    )


def _lengths(texts: Sequence[str]) -> Ints:
    return np.fromiter(map(len, texts), np.int32, len(texts))
