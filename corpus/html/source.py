"""Make the source of a page safe to parse: what would take too long, what is written as XHTML."""

import html
import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.errors import DataError
from corpus.html.tags import BLOCK_TAGS, VOID, WITHOUT_TEXT

# The parser's time grows with the square of the depth. What is nested deeper than the first is read
# without its tags, as browsers do from 512 on; pages deeper than the second are refused.
_DEEP = 1_000
_DEEPEST = 10_000
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)")
_NOT_NESTING = {
    name.encode()
    for name in VOID
    | {"p", "li", "dd", "dt", "tr", "td", "th", "option", "a", "nobr", "button"}
}  # fmt: skip
_SCOPES = {b"table", b"template", b"object", b"marquee", b"applet"}
_WITHOUT_TEXT = {name.encode() for name in WITHOUT_TEXT | {"noscript", "xmp", "math"}}
_OF_HTML = {name.encode() for name in BLOCK_TAGS}
# What an element and its line take of memory at most, in bytes, and what a page may take.
_BYTES_PER_ELEMENT = 700
_FREE_BYTES = 50 * 2**20
_BYTES_PER_BYTE = 60
# The parser compares each attribute of an element with all before it.
_MOST_ATTRIBUTES = 1_000
_LONG_TAG = 4 * _MOST_ATTRIBUTES
_SHORTEST_MEAN = 16  # bytes from tag to tag, on pages that people read
_ATTRIBUTE = (
    r"""[\s/]*+[^\s/>][^\s/>=]*+"""
    r"""(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+))?+"""
)
_NAME_AND_ATTRIBUTES = re.compile(f"(?:{_ATTRIBUTE}){{1,{1 + _MOST_ATTRIBUTES}}}+".encode())
_MORE_ATTRIBUTES = re.compile(f"(?:{_ATTRIBUTE})++".encode())
# With each option of a select that allows one, the parser looks at all options before it.
_MANY_OPTIONS = 1_000
_SELECT = re.compile(rb"<select(?=[\s/>])", re.IGNORECASE)

# These are opened again in each block, until they end.
_FORMATTING = ("b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u")
_FORMATTING_TAG = re.compile(
    rf"<(/?)({'|'.join(_FORMATTING)})(?:[\s/][^<>]*)?>".encode(), re.IGNORECASE
)
_MOST_ALIKE = 3  # open at once, by the standard

_SAYS_XHTML = re.compile(
    rb"\s*<\?xml\b|[^>]*<!doctype[^>]*xhtml|.*?<html[^>]*\sxmlns\s*=\s*[\"']http://www\.w3\.org/1999/xhtml",
    re.IGNORECASE | re.DOTALL,
)
_XHTML_WINDOW = 2048
_EMPTY_ELEMENT = re.compile(
    rb"""<(?!(?:VOID)[\s/])([a-zA-Z][\w:.-]*+)((?:\s++[^\s=<>"'/]++(?:\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+'))?+)*+)\s*+/>""".replace(
        b"VOID", "|".join(sorted(VOID)).encode()
    ),
    re.IGNORECASE,
)
_CDATA_OR_SCRIPT = re.compile(rb"<!\[CDATA\[|<(/?)(?:script|style)\b", re.IGNORECASE)

# Elements whose content is text up to their own end, whatever markup it holds. Scripts are not
# among them: in one, a `noscript` is a mere string, and an end would be the script's.
_WITH_TEXT = re.compile(
    rb"<(/?)(iframe|noembed|noframes|style|textarea|title|xmp)\b", re.IGNORECASE
)

_SHADOW_ROOT = re.compile(rb"<template\s[^>]*shadowrootmode", re.IGNORECASE)
# Tags that are looked for by their first two letters, which few others begin with.
_COUNTED = (*_FORMATTING, "option", "noscript", "template", "rt", "math")
_NO_TAG = 255  # what begins with no letter


def _kinds_by_letters() -> NDArray[np.uint8]:
    kinds = np.zeros((256, 256), np.uint8)
    kinds[[code for code in range(256) if not ord("a") <= code <= ord("z")]] = _NO_TAG
    for kind, name in enumerate(_COUNTED, 1):
        if len(name) == 1:
            kinds[ord(name), [code for code in range(256) if not chr(code).isalpha()]] = kind
        else:
            kinds[ord(name[0]), ord(name[1])] = kind
    return kinds


_KINDS = _kinds_by_letters()


class Prepared(NamedTuple):
    """The source of a page as it is parsed."""

    utf8: bytes
    is_composed: bool
    """Whether it holds shadow roots, readings or formulas."""


def prepare(utf8: bytes) -> Prepared:
    """Rewrite what the parser would read differently from a browser, or at too high a price.

    - In XHTML any element may be empty (``<script/>``), and CDATA sections are text.
    - Of the attributes of an element the first 1,000 are read.
    - What a ``noscript`` leaves open ends with it.
    - A ``select`` of many options allows several, which the parser reads faster.
    - What is nested more than 1,000 deep is read without its tags, but with the breaks of blocks.
    - Formatting (``b``, ``font``) goes if it is left open so often that blocks would open it again
      more often than the page has bytes for.

    Raises:
        DataError: if elements are nested more than 10,000 deep, or if there are more of them than
            can be held in 60 bytes of memory for each byte of the page, and 50 MiB.
    """
    at, kinds, is_end = _tags(utf8)
    if _SAYS_XHTML.match(utf8[:_XHTML_WINDOW]) and (html_ := _as_html(utf8, at)) is not utf8:
        utf8 = html_
        at, kinds, is_end = _tags(utf8)
    if (fewer := _with_fewer_attributes(utf8, at)) is not utf8:
        utf8 = fewer
        at, kinds, is_end = _tags(utf8)
    elements = len(at) - int(np.count_nonzero(is_end))
    affordable = (_FREE_BYTES + _BYTES_PER_BYTE * len(utf8)) // _BYTES_PER_ELEMENT
    if elements > affordable:
        raise DataError(
            f"the page has {elements:,} elements in {len(utf8):,} bytes, over the {affordable:,} "
            "read here"
        )
    counts = dict(zip(_COUNTED, np.bincount(kinds, minlength=1 + len(_COUNTED))[1:], strict=True))
    is_composed = any(_places(utf8, at, kinds, name) for name in ("rt", "math")) or any(
        _SHADOW_ROOT.match(utf8, place) for place, _ in _places(utf8, at, kinds, "template")
    )
    if noscripts := _places(utf8, at, kinds, "noscript"):
        utf8 = _with_ends(utf8, noscripts)
    if counts["option"] > _MANY_OPTIONS:
        utf8 = _SELECT.sub(b"<select multiple", utf8)
    if sum(counts[name] for name in _FORMATTING) * elements > affordable:
        left_open = sum(
            _most_open(is_end[kinds == 1 + kind])
            for kind, name in enumerate(_FORMATTING)
            if counts[name]
        )
        if left_open * elements > affordable and _reopened(utf8) * elements > affordable:
            utf8 = _FORMATTING_TAG.sub(b"", utf8)
    if elements > _DEEPEST or (elements > _DEEP and _most_open(is_end) > _DEEP):
        utf8 = _flattened(utf8)
    return Prepared(utf8, is_composed)


def _tags(utf8: bytes) -> tuple[NDArray[np.intp], NDArray[np.uint8], NDArray[np.bool_]]:
    """Where tags begin: positions, kinds (of `_COUNTED`, from 1; else 0), whether they are ends."""
    codes = np.frombuffer(utf8 + b"   ", np.uint8)
    at = np.flatnonzero(codes == ord("<"))
    is_end = codes[at + 1] == ord("/")
    first = at + 1 + is_end
    kinds = _KINDS[codes[first] | 32, codes[first + 1] | 32]
    is_tag = kinds != _NO_TAG
    return at[is_tag], kinds[is_tag], is_end[is_tag]


def _places(
    utf8: bytes, at: NDArray[np.intp], kinds: NDArray[np.uint8], name: str
) -> list[tuple[int, bool]]:
    """Where the tags of this name begin, and whether they are ends."""
    places = []
    for place in at[kinds == 1 + _COUNTED.index(name)].tolist():
        is_end = utf8[place + 1 : place + 2] == b"/"
        begin = place + 1 + is_end
        if utf8[begin : begin + len(name)].lower() == name.encode():
            places.append((place, is_end))
    return places


def _most_open(is_end: NDArray[np.bool_]) -> int:
    """How many elements are open at once, of those whose starts and ends these are."""
    depth = np.cumsum(1 - 2 * is_end.astype(np.int64))
    return int((depth - np.minimum.accumulate(np.minimum(depth, 0))).max(initial=0))


def _reopened(utf8: bytes) -> int:
    """How many formatting elements may be open at once; of those that are alike three at most."""
    is_end: dict[bytes, list[bool]] = {}
    written: dict[bytes, set[bytes]] = {}
    for tag in _FORMATTING_TAG.finditer(utf8):
        name = tag[2].lower()
        is_end.setdefault(name, []).append(bool(tag[1]))
        written.setdefault(name, set()).add(tag[0])
    return sum(
        min(_most_open(np.array(ends)), _MOST_ALIKE * len(written[name]))
        for name, ends in is_end.items()
    )


def _with_fewer_attributes(utf8: bytes, at: NDArray[np.intp]) -> bytes:
    """The page without what an element has of attributes beyond the first 1,000."""
    if len(utf8) < 8 * _LONG_TAG:
        return utf8
    # Long tags, or all where they are too dense for a page that people read: an attribute may hold
    # what looks like one.
    if len(at) * _SHORTEST_MEAN < len(utf8):
        at = at[np.diff(at, append=len(utf8)) > _LONG_TAG]
    parts: list[bytes] = []
    done = position = 0
    for start in at.tolist():
        if start < position:
            continue
        if (attributes := _NAME_AND_ATTRIBUTES.match(utf8, start + 1)) is None:
            continue
        position = attributes.end()
        if more := _MORE_ATTRIBUTES.match(utf8, position):
            parts.append(utf8[done:position])
            done = position = more.end()
    return b"".join([*parts, utf8[done:]]) if parts else utf8


def _flattened(utf8: bytes) -> bytes:
    """The page with breaks for the tags of blocks that are nested too deep, and without others.

    Follows what the tags open and close; an end closes nothing beyond the table it stands in.
    """
    open_: list[bytes] = []
    places: dict[bytes, list[int]] = {}
    scopes = [-1]
    deepest = done = 0
    parts: list[bytes] = []
    for found in _TAG.finditer(utf8):
        end, name, rest = found.groups()
        tag = name.lower()
        # A slash at the end closes an element of a drawing at once, but none of HTML's own.
        if tag in _NOT_NESTING or (rest.endswith(b"/") and tag not in _OF_HTML):
            continue
        depth = len(open_)
        if not end:
            places.setdefault(tag, []).append(depth)
            if tag in _SCOPES:
                scopes.append(depth)
            open_.append(tag)
            deepest = max(deepest, depth + 1)
        elif places.get(tag) and places[tag][-1] >= scopes[-1]:
            depth = places[tag][-1]
            for closed in reversed(open_[depth:]):
                places[closed].pop()
                if closed in _SCOPES:
                    scopes.pop()
            del open_[depth:]
        if depth >= _DEEP and tag not in _WITHOUT_TEXT:
            parts += (utf8[done : found.start()], b"<br" if tag in _OF_HTML else b"<wbr")
            done = found.end()
    if deepest > _DEEPEST:
        raise DataError(f"elements are nested {deepest:,} deep, over the {_DEEPEST:,} read here")
    return b"".join([*parts, utf8[done:]]) if parts else utf8


def _as_html(utf8: bytes, at: NDArray[np.intp]) -> bytes:
    """XHTML as HTML: empty elements with an end, CDATA sections as text."""
    codes = np.frombuffer(utf8, np.uint8)
    slashes = np.flatnonzero(codes[:-1] == ord("/"))
    slashes = slashes[codes[slashes + 1] == ord(">")]
    parts: list[bytes] = []
    done = 0
    for start in at[np.searchsorted(at, slashes) - 1].tolist():
        if start >= done and (element := _EMPTY_ELEMENT.match(utf8, start)) is not None:
            parts += (utf8[done:start], b"<%b%b></%b>" % (element[1], element[2], element[1]))
            done = element.end()
    if parts:
        utf8 = b"".join([*parts, utf8[done:]])
    return _with_cdata(utf8) if b"<![CDATA[" in utf8 else utf8


def _with_cdata(utf8: bytes) -> bytes:
    """The page with its CDATA sections as text, but for those in scripts."""
    parts: list[bytes] = []
    done, in_script = 0, False
    for found in _CDATA_OR_SCRIPT.finditer(utf8):
        if found[0][1:2] != b"!":
            in_script = not found[1]
        elif not in_script and found.start() >= done:
            end = utf8.find(b"]]>", found.end())
            if end < 0:
                break
            text = html.escape(utf8[found.end() : end].decode(errors="replace"), quote=False)
            parts += (utf8[done : found.start()], text.encode())
            done = end + len(b"]]>")
    return b"".join([*parts, utf8[done:]]) if parts else utf8


def _with_ends(utf8: bytes, noscripts: list[tuple[int, bool]]) -> bytes:
    """The page with an end for what a ``noscript`` leaves open."""
    parts: list[bytes] = []
    done, begin = 0, None
    for place, is_end in noscripts:
        if not is_end:
            begin = place if begin is None else begin
        elif begin is not None:
            if name := _left_open(utf8[begin:place]):
                parts += (utf8[done:place], b"</", name, b">")
                done = place
            begin = None
    return b"".join([*parts, utf8[done:]]) if parts else utf8


def _left_open(content: bytes) -> bytes:
    """Name of the element that swallows what comes after; empty if none does."""
    open_ = b""
    for slash, name in _WITH_TEXT.findall(content):
        if not open_:
            open_ = b"" if slash else name.lower()
        elif slash and name.lower() == open_:
            open_ = b""
    return open_
