import sys

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from corpus.visible import CONTROLS, IGNORABLE, UNSEEN, collapse


def codes(ranges):
    return {code for first, last in ranges for code in range(first, last + 1)}


def test_ignorable_characters_are_those_of_the_unicode_property():
    ignorable = regex.compile(r"\p{Default_Ignorable_Code_Point}")
    assert codes(IGNORABLE) == {c for c in range(sys.maxunicode + 1) if ignorable.match(chr(c))}


def test_controls_are_those_of_the_category_that_are_no_white_space():
    control = regex.compile(r"\p{Cc}")
    assert codes(CONTROLS) == {
        c for c in range(256) if control.match(chr(c)) and not chr(c).isspace()
    }


@pytest.mark.parametrize(
    ("text", "collapsed"),
    [
        ("", ""),
        (" a\t b\n", "a b"),
        ("a\u00adb\u200bc\u2060d\ufeffe", "abcde"),
        ("a\u200d", "a\u200d"),
        ("a\u200e b", "a\u200e b"),
        ("\u200e \u200d", ""),
        ("\u115f\u1160", ""),
        ("\u3164a\uffa0b\u2800", "a b"),
        ("\ufff9a\ufffab\ufffb", "ab"),
        ("\U000e0001", ""),
        ("a\x1b[31mb\x9b", "a[31mb"),
        ("\ue000", "\ue000"),  # private use: an icon, say
        ("\u0301", "\u0301"),
        ("؀١", "؀١"),  # a sign of category Cf that is drawn
    ],
)
def test_white_space_collapses_and_what_only_hides_goes(text, collapsed):
    assert collapse(text) == collapsed


@given(st.text())
def test_a_collapsed_text_stays_as_it_is(text):
    once = collapse(text)
    assert collapse(once) == once
    assert not once or once.translate(UNSEEN).strip()
    assert not any(ord(char) in codes(CONTROLS) for char in once)
