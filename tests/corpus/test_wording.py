import unicodedata

import pytest

from corpus.acquire import Refusal
from corpus.wording import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;owned\x07", r"\x1b]0;owned\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("a\nb\rc\td", r"a\nb\rc\td"),
        ("gnp.\u202elmth", r"gnp.\u202elmth"),
        ("\u2066x\u2069\u200e\u200f\u061c", r"\u2066x\u2069\u200e\u200f\u061c"),
        ("\ud800", r"\ud800"),
        ("방앗간 – “Mühle” 👩‍🌾 می‌روم", "방앗간 – “Mühle” 👩‍🌾 می‌روم"),
        ("", ""),
    ],
)
def test_what_a_terminal_obeys_is_escaped_and_the_rest_stays(text, shown):
    assert printable(text) == shown


def test_no_control_character_is_left_out():
    controls = [chr(n) for n in range(0x110000) if unicodedata.category(chr(n)) in {"Cc", "Cs"}]
    assert len(controls) == 65 + 2048
    assert all(
        printable(control).isascii() and printable(control)[0] == "\\" for control in controls
    )


def test_a_refusal_shows_no_control_characters():
    refusal = Refusal("https://mill.example/\x1b[2J", "answered 404 \x9b1mNot Found")
    assert str(refusal) == r"https://mill.example/\x1b[2J: answered 404 \x9b1mNot Found"
