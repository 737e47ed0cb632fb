"""Find characters that went through the wrong encoding, or were lost in one."""

import html
import re
from collections.abc import Iterable, Iterator

from corpus.wording import plural, shown
from labels.datasets.checks.finding import DatasetFinding
from labels.datasets.checks.finding import DatasetFindingKind as Kind
from labels.labelled_page import LabelledPage

_LOST = "\ufffd"
# A few characters between quotation marks: a text that speaks of mojibake.
_MENTIONED = re.compile(r"""["'“‘«‹„`][^\x00-\x7f]{1,8}["'”’»›“`]""")


def check_characters(labelled: LabelledPage) -> Iterator[DatasetFinding]:
    """Find mojibake and replacement characters in the gold text, and in the page's lines."""
    gold = (labelled.gold_text or "").split("\n")
    for lines, mojibake, lost in (
        (gold, Kind.GOLD_MOJIBAKE, Kind.GOLD_LOST_CHARACTERS),
        (labelled.texts, Kind.PAGE_MOJIBAKE, Kind.PAGE_LOST_CHARACTERS),
    ):
        suspects = [line for line in lines if not line.isascii()]
        rest = [line.replace(_LOST, "") if _LOST in line else line for line in suspects]
        yield from _mojibake(rest, mojibake, labelled.page.id)
        yield from _lost(suspects, lost, labelled.page.id)


def _mojibake(lines: Iterable[str], kind: Kind, page: str) -> Iterator[DatasetFinding]:
    from ftfy import fix_encoding
    from ftfy.badness import badness, is_bad

    count, word = 0, ""
    for line in lines:
        if is_bad(line):
            text = _MENTIONED.sub(" ", html.unescape(line))
            count += badness(text)
            # It can take more than a word to see it.
            word = word or next(filter(is_bad, [*text.split(), text]), "")
    if count:
        meant = fix_encoding(word)
        as_meant = "" if meant == word else f" for {shown(meant)}"
        detail = f"{plural(count, 'place')}, as {shown(word)}{as_meant}"
        yield DatasetFinding(kind, (page,), detail, about=word, count=count)


def _lost(lines: Iterable[str], kind: Kind, page: str) -> Iterator[DatasetFinding]:
    words = [word for line in lines for word in line.split() if _LOST in word]
    if words:
        count = sum(word.count(_LOST) for word in words)
        detail = f"{plural(count, 'character')}, as in {shown(words[0])}"
        yield DatasetFinding(kind, (page,), detail, about=words[0], count=count)
