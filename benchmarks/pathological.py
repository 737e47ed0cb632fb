"""Double the size of pages that parsers choke on, and measure how time and memory grow.

    python benchmarks/pathological.py [--kilobytes N]

Each shape is decoded, sniffed and split at N kB and at twice that, three times each, in processes
of their own; the least CPU time counts. A row says how many times as long the larger page takes,
the peak of memory in MiB over what the process held before, and what came of it: the number of
lines, or why the page was refused. Exit status 1 if time grows more than 2.5 times, or memory is
over 60 times the input and 50 MiB.
"""

import argparse
import gc
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable

from corpus import DataError, decode, sniff_markup, split

_ROUNDS = 3
_MOST_GROWTH = 2.5
_TOO_SHORT = 0.05  # seconds, of which a ratio says little
_MOST_SECONDS = 60
_FREE_MIB, _TIMES_INPUT = 50, 60
_MIB = 2**20

Shape = Callable[[int], str]


def repeated(unit: str, before: str = "", after: str = "") -> Shape:
    """Repeat a piece of markup up to a number of characters; ``#`` is the number of the piece."""

    def page(chars: int) -> str:
        count = (chars - len(before)) // (len(unit) + 5 * unit.count("#"))
        return before + "".join(unit.replace("#", str(row)) for row in range(count)) + after

    return page


_XHTML = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">'
SHAPES: dict[str, Shape] = {
    "comments before the first element": repeated("<!-- c -->"),
    "comments that do not end": repeated("<!--"),
    "font open in each paragraph": repeated("<p><font color=#>word"),
    "b, i, u, s open in each paragraph": repeated("<p><b id=#><i id=#><u id=#><s id=#>word"),
    "i open in each paragraph, alike": repeated("<p><i>word"),
    "a open in each paragraph": repeated("<p><a href=#>word"),
    "a open in each block": repeated("<div><a href=#>word</div>"),
    "nobr open in each paragraph": repeated("<p><nobr>word"),
    "formatting that ends crosswise": repeated("<b><i><u><p></b></i></u>word"),
    "b that ends in another table": repeated("<b id=#><table><tr><td></b>word</table>"),
    "end tags that close nothing": repeated("</x></div></b>", "<div>" * 5000),
    "attributes": repeated("a#=1 ", "<p ", ">word"),
    "attributes that hold tags": repeated("a#='<b>' ", "<p ", ">word"),
    "tags that do not end": repeated("<a# "),
    "quotes that do not end": repeated('<a href="word '),
    "nested div": repeated("<div>word"),
    "nested svg": repeated("<svg><g>word"),
    "nested select": repeated("<select><div><option>word"),
    "options of one select": repeated("<option>word", "<select>"),
    "nested tables": repeated("<table><tr><td>word"),
    "cells of one row": repeated("<td>word", "<table><tr>"),
    "text among rows": repeated("word<tr>", "<table>"),
    "nested lists": repeated("<ul><li>word"),
    "items of one list": repeated("<li>word", "<ul>"),
    "shadow roots in shadow roots": repeated("<div><template shadowrootmode=open><p>word"),
    "shadow roots side by side": repeated("<p><template shadowrootmode=open>word</template></p>"),
    "hidden elements in a line": repeated("<span hidden>word</span>word "),
    "ruby": repeated("<ruby>word<rt>word</ruby>"),
    "formulas": repeated("<math><mi>word</mi></math>"),
    "noscript with an open iframe": repeated("<noscript><iframe></noscript>word"),
    "empty elements of XHTML": repeated("<div/>word", _XHTML),
    "CDATA that does not end": repeated("<![CDATA[", _XHTML),
    "nested JSON": repeated("[", '<script type="application/ld+json">'),
    "empty paragraphs": repeated("<p>"),
    "lines of one character": repeated("x<br>"),
    "one line": repeated("word "),
    "less-than signs": repeated("<"),
    "character references": repeated("&#"),
}  # fmt: skip


def main() -> None:
    """Print the table, and end with status 1 if a shape is over a limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kilobytes", type=int, default=500)
    kilobytes = parser.parse_args().kilobytes
    print(f"{'shape':36} {'kB':>6} {'seconds':>8} {'times':>6} {'MiB':>5}  outcome")
    is_over = False
    for name, shape in SHAPES.items():
        small, large = (shape(1000 * size).encode() for size in (kilobytes, 2 * kilobytes))
        before = min(measured(small)[0] for _ in range(_ROUNDS))
        seconds, mib, outcome = min(measured(large) for _ in range(_ROUNDS))
        most = _FREE_MIB + _TIMES_INPUT * len(large) / _MIB
        over = mib > most or (seconds > _TOO_SHORT and seconds > _MOST_GROWTH * before)
        is_over |= over
        growth = f"{seconds / before:.2f}" if seconds > _TOO_SHORT else ""
        figures = f"{len(large) / 1000:6.0f} {seconds:8.3f} {growth:>6} {mib:5.0f}"
        print(f"{name:36} {figures}  {outcome}{'  OVER THE LIMIT' if over else ''}", flush=True)
    sys.exit(is_over)


def measured(raw: bytes) -> tuple[float, float, str]:
    """Seconds, MiB and outcome of a page, in a process of its own."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("fork")  # which starts without an import
    process = context.Process(target=_measure, args=(raw, sender))
    process.start()
    found = receiver.recv() if receiver.poll(_MOST_SECONDS) else None
    process.kill()
    process.join()
    return found or (float(_MOST_SECONDS), 0.0, "no end in a minute")


def _measure(raw: bytes, sender: "multiprocessing.connection.Connection") -> None:
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    try:
        content = decode(raw)
        sniff_markup(content)
        outcome = f"{len(split(content, 'html')):,} lines"
    except DataError as error:
        outcome = str(error)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sender.send((seconds, (peak - before) / 1024, outcome))


if __name__ == "__main__":
    main()
