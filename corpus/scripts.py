"""Ranges of code points of Han, kana and Hangul, whose words white space does not mark, or not all.

Each range is the first and the last code point.
"""

Range = tuple[int, int]

HAN_IDEOGRAPHS: tuple[Range, ...] = ((0x4E00, 0x9FFF),)
"""The basic block of the ideographs, which nearly all texts keep to."""
KANA_LETTERS: tuple[Range, ...] = ((0x3041, 0x3096), (0x309D, 0x309F), (0x30A1, 0x30FA))
KANA_SIGNS: tuple[Range, ...] = ((0x3097, 0x309C), (0x30A0, 0x30A0))
"""Signs between the letters (voicing, a hyphen), and what is unassigned there."""
HANGUL_SYLLABLES: tuple[Range, ...] = ((0xAC00, 0xD7A3),)
CJK: tuple[Range, ...] = (
    *HAN_IDEOGRAPHS, (0x3005, 0x3007), (0x3400, 0x4DBF), (0xF900, 0xFAFF), (0x20000, 0x3FFFD),
    *KANA_LETTERS, (0x30FC, 0x30FF), (0x31F0, 0x31FF),
    *HANGUL_SYLLABLES, (0x1100, 0x11FF), (0x3131, 0x318E), (0xA960, 0xA97F), (0xD7A4, 0xD7FF),
)  # fmt: skip
"""All that stands for a syllable, a word or a part of one in text that is normalised (NFKC)."""


def character_class(*ranges: Range) -> str:
    """Write ranges as they stand between the brackets of a regular expression."""
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)
