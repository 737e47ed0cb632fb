"""Read robots.txt, RFC 9309, such that what cannot be understood does not open the door.

`protego` knows the rules. What it does not see is looked after here: encodings, invisible
characters, markup around the rules, versions behind a program's name, and rules that no group
begins, which count for everybody.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.acquire.capture import other_kind
from corpus.acquire.response import begins_as_html
from corpus.decode import decode
from corpus.errors import DataError
from corpus.visible import UNSEEN

if TYPE_CHECKING:
    from protego import Protego

_TAG = re.compile(r"<[^<>]*>")
_COMMENT = re.compile(r"#.*")
_SPACES = dict.fromkeys(map(ord, "\t\x1f\xa0\u3000"), " ")
_AGENT = r"user[- ]?agent[ ]*:"
_DIRECTIVE = re.compile(rf"[ ](?={_AGENT}|(?:dis)?allow[ ]*:)", re.IGNORECASE)
_NO_AGENT = re.compile(rf"{_AGENT}[ ]*", re.IGNORECASE)
_VERSION = re.compile(rf"({_AGENT}[ ]*[a-z_-]+)/.*", re.IGNORECASE)
_GROUP = re.compile(r"user[- ]?agent\b", re.IGNORECASE)
_RULE = re.compile(r"(?:dis)?allow\b", re.IGNORECASE)


def parse_rules(body: bytes, charset: str | None = None) -> "Protego":
    """Parse the rules of a ``robots.txt``.

    HTML, as of an error page, is a file like any other, by section 2.3.1.1: the rules in it hold,
    and as a rule there are none.

    Raises:
        DataError: if it is no text; the reason alone.
    """
    from protego import Protego

    if other := other_kind(body):
        raise DataError(f"it is {other}")
    text = decode(body, charset)
    if begins_as_html(body, charset):
        text = _TAG.sub("\n", text)
    lines = [_VERSION.sub(r"\1", line) for line in _lines(text) if not _NO_AGENT.fullmatch(line)]
    first = next((line for line in lines if _GROUP.match(line) or _RULE.match(line)), "")
    if _RULE.match(first):
        lines.insert(0, "User-agent: *")
    return Protego.parse("\n".join(lines))


def _lines(text: str) -> Iterator[str]:
    """Lines without comments and what is invisible; where two stand on one, both."""
    for line in text.splitlines():
        visible = _COMMENT.sub("", line.translate(_SPACES).translate(UNSEEN))
        yield from map(str.strip, _DIRECTIVE.split(visible))
