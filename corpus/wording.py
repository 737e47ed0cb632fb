"""How messages word counts, shares and quoted text."""

import re

_SHORT = 60
# Control characters of both sets, lone surrogates, and what turns the direction of text.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def printable(text: str) -> str:
    """Escape what a terminal would obey instead of showing: controls, of direction too."""
    return _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], text)


def shown(text: str, longest: int = _SHORT) -> str:
    """A text in quotation marks on one line: cut where it is long, what cannot be seen escaped."""
    line = shortened(" ".join(text.split()), longest)
    visible = [char if char.isprintable() else ascii(char)[1:-1] for char in line]
    return f"“{''.join(visible)}”"


def shortened(text: str, longest: int = _SHORT) -> str:
    """A text, cut where it is long."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def percent(share: float) -> str:
    """A share in hundredths."""
    return f"{100 * share:.0f} %"


def plural(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
