"""List the pages on which a run does worst, and how much of their gold text could be kept.

    python benchmarks/worst.py DIR RUN [--count N]

For each page: its word F1, lines, words of the gold text, and the shares of the gold text's runs of
four words that are anywhere in the file (scripts included), in the page's lines, and in what was
kept. Where the file lacks them, no extractor can have them. Then, by page type, how many pages of
those with a gold text score under .3.
"""

import argparse
from collections import Counter
from html import unescape
from pathlib import Path

from bench.metrics import METRICS
from bench.metrics.published.tokens import lower_words
from bench.running import read_run
from bench.scoring.cases import page_cases
from labels import LabelledPage, open_dataset

_WORDS = 4
_BAD = 0.3


def main() -> None:
    """Score the run page by page and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset")
    parser.add_argument("run", type=Path)
    parser.add_argument("--count", type=int, default=10)
    options = parser.parse_args()
    run = read_run(options.run)
    scored = []
    empty = kept_of_empty = 0
    for labelled in open_dataset(options.dataset).pages():
        (case,) = page_cases(labelled, [run])
        if labelled.gold_text:
            scored.append((METRICS["word_f1"].on(case).value, labelled, case.text))
        else:
            empty += 1
            kept_of_empty += bool(case.text)
    scored.sort(key=lambda row: row[0])
    print("word F1  lines  gold words  in file  in lines   kept  page")
    for value, labelled, kept in scored[: options.count]:
        print(_row(value, labelled, kept))
    bad = Counter(page.page.page_type for value, page, _ in scored if value < _BAD)
    print(
        f"under {_BAD}: {bad.total()}: {', '.join(f'{n} {kind}' for kind, n in bad.most_common())}"
    )
    print(f"empty gold texts: {empty}, of which something was kept of {kept_of_empty}")


def _row(value: float, labelled: LabelledPage, kept: str) -> str:
    page, gold = labelled.page, _words(labelled.gold_text or "")
    texts = (unescape(page.content()), "\n".join(labelled.texts), kept)
    runs = _runs(gold)
    found = [len(runs & _runs(_words(text))) / max(len(runs), 1) for text in texts]
    words, shares = len(gold), "".join(f"{share:9.0%}" for share in found)
    return f"{value:7.3f} {len(labelled.texts):6,} {words:11,}{shares}  {page.id} {page.page_type}"


def _words(text: str) -> list[str]:
    return [word for word in lower_words(text) if word != "\n"]


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return set(zip(*(words[k:] for k in range(_WORDS)), strict=False))


if __name__ == "__main__":
    main()
