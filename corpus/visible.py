"""Which characters of a text a reader sees."""

import re
from collections.abc import Mapping

from corpus.scripts import Range, character_class

# Default_Ignorable_Code_Point in DerivedCoreProperties.txt of the Unicode Character Database.
IGNORABLE: tuple[Range, ...] = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5),
    (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164),
    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Joiners, direction marks, fillers, variation selectors: they shape others, and are not drawn."""
CONTROLS: tuple[Range, ...] = ((0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F))
"""C0 and C1 but for those that Python takes for white space."""
_FILLERS = "\u3164\uffa0"  # of Hangul: as wide as a syllable, and so drawn as a space
_OTHER_BLANKS = "\u2800"  # the cell of Braille without dots
_ANNOTATION = ((0xFFF9, 0xFFFB),)
# They only hide in a text: where a word or a line may be broken, and the marks of byte order.
_ONLY_HIDE = ((0xAD, 0xAD), (0x200B, 0x200B), (0x2060, 0x2060), (0xFEFF, 0xFEFF))


def _codes(*ranges: Range) -> list[int]:
    return [code for first, last in ranges for code in range(first, last + 1)]


_INVISIBLE = character_class(
    *IGNORABLE, *CONTROLS, *_ANNOTATION, *[(ord(c), ord(c)) for c in _OTHER_BLANKS]
)
_ANY_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_ANY_VISIBLE = re.compile(rf"[^\s{_INVISIBLE}]")
_IN_LINES: Mapping[int, str | None] = {
    **dict.fromkeys(_codes(*CONTROLS, *_ONLY_HIDE, *_ANNOTATION)),
    **dict.fromkeys(map(ord, _FILLERS + _OTHER_BLANKS), " "),
}
UNSEEN: Mapping[int, None] = dict.fromkeys(_codes(*IGNORABLE, *CONTROLS, *_ANNOTATION))
"""A table for `str.translate` that leaves what is drawn, for texts that are compared."""


def collapse(text: str) -> str:
    """Collapse a text's white space and leave out what only hides in it.

    Control characters, soft hyphens, zero-width spaces, word joiners and byte-order marks go; what
    is drawn as a blank (the filler of Hangul, the empty cell of Braille) is white space. Joiners,
    direction marks and variation selectors stay, since they shape what stands beside them. A text
    in which nothing is drawn comes out empty.
    """
    line = text.strip()
    if line.isascii() and line.isprintable() and "  " not in line:  # as most lines are
        return line
    line = " ".join(line.split())
    if line.isprintable() if line.isascii() else not _ANY_INVISIBLE.search(line):
        return line
    line = " ".join(line.translate(_IN_LINES).split())
    return line if _ANY_VISIBLE.search(line) else ""
