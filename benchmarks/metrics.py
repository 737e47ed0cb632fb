"""Measure the speed of the published metrics, on one core, over runs on an imported dataset.

    python benchmarks/metrics.py DIR RUN... [--every N]

First ROUGE-LSum and the package rouge-score by turns on the same texts, of every N-th pair of page
and extractor: how their times compare, and that their values are the same. Then all published
metrics over all pairs, and how the time divides among them. Times are the process's own.
"""

import argparse
import gc
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from threadpoolctl import threadpool_limits

from bench.metrics import METRICS, Case, lines, select_metrics
from bench.running import read_run
from bench.scoring.cases import page_cases
from labels import open_dataset

_SAME = 1e-9


class _WhiteSpace:
    """What rouge-score is to cut lines with."""

    def tokenize(self, text: str) -> list[str]:
        return text.split()


def main() -> None:
    """Time both and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset")
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=20, help="for rouge-score, which is slow")
    options = parser.parse_args()
    runs = [read_run(path) for path in options.runs]
    pages = open_dataset(options.dataset).pages()
    pairs = [case for labelled in pages for case in page_cases(labelled, runs)]
    with threadpool_limits(1):
        compare_with_rouge_score(pairs[:: options.every])
        time_all_metrics(pairs)


def compare_with_rouge_score(pairs: Sequence[Case]) -> None:
    """Print how much faster ROUGE-LSum is; exit if a value differs."""
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rougeLsum"], tokenizer=_WhiteSpace())
    rougelsum = select_metrics(("rougelsum",))
    times: list[tuple[float, float]] = []
    for case in pairs:
        began = time.process_time()
        ours = [metric.on(case).value for metric in rougelsum]
        between = time.process_time()
        expected = scorer.score(case.gold_text, case.text)["rougeLsum"]
        times.append((between - began, time.process_time() - between))
        theirs = (expected.precision, expected.recall, expected.fmeasure)
        is_blank = not case.text.strip() and not case.gold_text.strip()  # rouge-score has 0 there
        if not is_blank and any(abs(a - b) > _SAME for a, b in zip(ours, theirs, strict=True)):
            sys.exit(f"ROUGE-LSum {ours} is not rouge-score's {theirs} of {case.gold_text[:60]!r}")
    total = sum(theirs for _, theirs in times) / sum(ours for ours, _ in times)
    median = statistics.median(theirs / ours for ours, theirs in times)
    print(f"ROUGE-LSum, {len(pairs):,} pairs, the same values as rouge-score's:")
    print(f"  {total:.0f} times as fast over all pairs, {median:.0f} times on the median pair")


def time_all_metrics(pairs: Sequence[Case]) -> None:
    """Print pairs a second, and what each family of metrics takes of the time."""
    published = [metric for metric in METRICS.values() if metric not in lines.METRICS]
    for metric in published:
        metric.on(pairs[0])  # reads what is read once, as jieba's dictionary
    gc.freeze()  # the pairs, which only this program holds all at once
    spent: dict[str, float] = defaultdict(float)
    of_pair = []
    for case in pairs:
        began = time.process_time()
        for metric in published:
            start = time.process_time()
            metric.on(case)
            spent[metric.name.partition("_")[0]] += time.process_time() - start
        of_pair.append(time.process_time() - began)
    total = sum(of_pair)
    print(f"all {len(published)} published metrics, {len(pairs):,} pairs:")
    print(f"  {len(pairs) / total:.0f} pairs/s, {1 / statistics.median(of_pair):.0f} on the median")
    for family, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"  {family:12} {seconds / total:4.0%} {1000 * seconds / len(pairs):7.2f} ms a pair")


if __name__ == "__main__":
    main()
