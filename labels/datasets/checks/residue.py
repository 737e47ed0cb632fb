"""Find traces of annotation in pages, where they give the answer away, and in golds."""

import re
from collections import Counter
from collections.abc import Iterator

from corpus import Page
from corpus.wording import plural, shown
from labels.datasets import residue_patterns as patterns
from labels.datasets.checks.finding import DatasetFinding, DatasetFindingKind
from labels.labelled_page import LabelledPage

# What the bytes of a page hold if it is worth a look.
_HINTS = (b"cc-select", b"data-anno-uid", b"mark-selected", b"marked-", b"x-nc-sel")
_TAG = re.compile(r"<[a-zA-Z/][^<>]*>")
_NAME = re.compile(r"[\w-]+")
# Only what the tools alone would write: any page may have a class `marked-up`.
_CLASS = re.compile(
    r"""\sclass\s*=\s*["'][^"'<>]*(?<![\w-])(mark-selected|marked-(?:text|tail)|x-nc-sel[0-5])(?![\w-])"""
)
_WEB_COMPONENT = "marked-element"  # shows Markdown on any page
_NAMES_SHOWN = 4


def check_residue(labelled: LabelledPage) -> Iterator[DatasetFinding]:
    """Find traces of annotation tools in the page's HTML, and marks of formats in the gold."""
    page = labelled.page
    if page.markup == "html" and (traces := _traces(page)):
        names = [f"{name} ({count:,})" for name, count in traces.most_common(_NAMES_SHOWN)]
        more = ", …" if len(traces) > _NAMES_SHOWN else ""
        yield DatasetFinding(
            DatasetFindingKind.PAGE_RESIDUE,
            (page.id,),
            f"{plural(traces.total(), 'trace')}: {', '.join(names)}{more}",
            about=traces.most_common(1)[0][0],
            count=traces.total(),
        )
    for format_name, marks in _marks(labelled.gold_text or "", labelled.texts):
        yield DatasetFinding(
            DatasetFindingKind.GOLD_RESIDUE,
            (page.id,),
            f"{plural(len(marks), 'line')} of the format of {format_name}, as {shown(marks[0])}",
            about=marks[0],
            count=len(marks),
        )


def _traces(page: Page) -> Counter[str]:
    """Count how often each name that an annotation tool gives stands in the page's HTML."""
    traces: Counter[str] = Counter()
    wrapper = patterns.CLEANEVAL_WRAPPER.match(page.raw)
    if wrapper and b"id=" in wrapper[1]:
        traces["<text id="] += 1
    if any(hint in page.raw for hint in _HINTS):
        for tag in _TAG.findall(page.content()):
            traces.update(_CLASS.findall(tag))
            for pattern in (patterns.WEBMAINBENCH_ATTRIBUTE, patterns.WEBMAINBENCH_TAG):
                for trace in pattern.findall(tag):
                    traces.update(_NAME.findall(trace)[:1])
        del traces[_WEB_COMPONENT]
    return traces


def _marks(gold: str, texts: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Find lines of the gold that a format makes, with its name, if the page has none like them."""
    lines = gold.split("\n")
    marked = [line for line in lines if patterns.CLEANEVAL_MARK.match(line.lstrip())]
    if marked and not any(map(patterns.CLEANEVAL_MARK.search, texts)):
        yield "CleanEval", marked
    first = patterns.CLEANEVAL_URL.match(gold)
    if first and first[1] and not any(map(patterns.CLEANEVAL_URL.match, texts)):
        yield "CleanEval", [first[0].strip()]
    comments = patterns.DRAGNET_COMMENTS.search(gold)
    signs = comments and not comments[0].lstrip().startswith("COMMENTS")
    if comments and signs and not any(map(patterns.DRAGNET_COMMENTS.search, texts)):
        yield "Dragnet", [comments[0].strip()]
