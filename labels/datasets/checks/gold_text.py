"""Check that a gold text agrees with its page and with its snippets."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from corpus.wording import percent, plural, shown
from labels.alignment import align, tokenize
from labels.datasets.checks.finding import DatasetFinding
from labels.datasets.checks.finding import DatasetFindingKind as Kind
from labels.datasets.residue_patterns import CLEANEVAL_MARK, MARKDOWN_TARGET
from labels.labelled_page import LabelledPage

NOWHERE_SHARE = 0.1
"""A gold is not on the page if at least this share of its words is nowhere on it."""
REWORDED_SHARE = 0.5
"""A gold is reworded if at least this share of its words is in no passage that the page has."""

_PASSAGE = 4  # words in a row
# A gold with fewer new words than this is on the page, in another order at most.
_SUSPECT_SHARE = 0.02
_IN_SOURCE_SHARE = 0.9  # of the missing words


def check_gold(labelled: LabelledPage) -> Iterator[DatasetFinding]:
    """Find a gold text that is empty or not on the page, and snippets that contradict it.

    Where the gold is snippets alone, those to be kept are looked for on the page.
    """
    gold = labelled.gold_text
    if gold is None:
        yield from _not_on_page(labelled, "\n".join(labelled.with_snippets))
        return
    if gold.strip():
        yield from _not_on_page(labelled, gold)
    else:
        lines = plural(len(labelled.texts), "line")
        yield DatasetFinding(
            Kind.GOLD_EMPTY, (labelled.page.id,), f"no gold text for a page of {lines}"
        )
    yield from _snippets(labelled, gold)


def _not_on_page(labelled: LabelledPage, gold: str) -> Iterator[DatasetFinding]:
    """Compare words regardless of their order first: text that was moved is on the page."""
    for mark in (MARKDOWN_TARGET, CLEANEVAL_MARK):  # they are not there to be read
        gold = mark.sub(" ", gold)
    lines = [tokenize(line) for line in gold.split("\n")]
    page = [tokenize(text) for text in labelled.texts]
    words = Counter(chain.from_iterable(lines))
    short = words - Counter(chain.from_iterable(page))
    total = words.total()
    if not total or short.total() < _SUSPECT_SHARE * total:
        return
    outside = _outside_passages(lines, page)
    # What the gold repeats, or writes apart where the page writes it together, is on the page.
    missing = short & outside
    if missing.total() >= NOWHERE_SHARE * total:
        kind, share = Kind.GOLD_NOT_ON_PAGE, missing.total() / total
        detail = f"{percent(share)} of {plural(total, 'word')} are in no line of the page"
        in_source = missing & Counter(tokenize(labelled.page.content()))
        if in_source.total() >= _IN_SOURCE_SHARE * missing.total():
            detail += ", though in its source"
    elif outside.total() >= REWORDED_SHARE * total:
        kind, share = Kind.GOLD_REWORDED, outside.total() / total
        detail = f"{percent(share)} of {plural(total, 'word')} are in no passage of the page"
    else:
        return
    detail += f"; alignment misses {percent(align(labelled.texts, gold).missing)}"
    yield DatasetFinding(kind, (labelled.page.id,), detail, share=round(share, 4))


def _outside_passages(gold: list[list[str]], page: list[list[str]]) -> Counter[str]:
    """Count words of the gold that are in no passage (words in a row, or a whole line) of the page.

    Both are words by line. Passages are compared by their letters and digits alone.
    """
    written = "".join(chain.from_iterable(page))
    outside: Counter[str] = Counter()
    for tokens in gold:
        length = min(_PASSAGE, len(tokens))
        found = 0  # the end of the last passage that the page has
        for start, token in enumerate(tokens):
            if start + length <= len(tokens) and "".join(tokens[start : start + length]) in written:
                found = start + length
            if start >= found:
                outside[token] += 1
    return outside


def _snippets(labelled: LabelledPage, gold: str) -> Iterator[DatasetFinding]:
    """Compare snippets with the gold: in lower case, with their white space."""
    page = (labelled.page.id,)
    lowered = gold.lower()
    for snippet in labelled.with_snippets:
        if snippet.lower() not in lowered:
            but = " but for its white space" if _squeezed(snippet) in _squeezed(gold) else ""
            detail = f"{shown(snippet)} is not in the gold{but}"
            yield DatasetFinding(Kind.GOLD_LACKS_WITH, page, detail, about=snippet)
    for snippet in labelled.without_snippets:
        if snippet.lower() in lowered:
            detail = f"{shown(snippet)} is in the gold"
            yield DatasetFinding(Kind.GOLD_HOLDS_WITHOUT, page, detail, about=snippet)


def _squeezed(text: str) -> str:
    return " ".join(text.lower().split())
