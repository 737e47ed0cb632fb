import re
from itertools import pairwise

import pytest

from corpus.scripts import CJK, HANGUL_SYLLABLES, KANA_LETTERS, KANA_SIGNS, character_class

IN_CJK = re.compile(f"[{character_class(*CJK)}]")


def test_ranges_become_a_character_class():
    assert character_class((0x41, 0x43), (0xAC00, 0xD7A3)) == "A-C가-힣"
    assert character_class() == ""


@pytest.mark.parametrize("character", "一鿿々〆㐀豈𠀀ぁんゝアヺーㇰ가힣ᄀㄱꥠ")
def test_characters_of_han_kana_and_hangul_are_found(character):
    assert IN_CJK.fullmatch(character)


@pytest.mark.parametrize("character", "a1é。、・゛゠ก א𝐀😀")
def test_signs_and_other_scripts_are_not(character):
    assert not IN_CJK.fullmatch(character)


def test_no_two_ranges_overlap():
    for ranges in (CJK, (*KANA_LETTERS, *KANA_SIGNS), HANGUL_SYLLABLES):
        ordered = sorted(ranges)
        assert all(a[1] < b[0] for a, b in pairwise(ordered))
