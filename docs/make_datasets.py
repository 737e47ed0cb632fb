"""Print docs/datasets.md: what is in the datasets, and published figures beside those obtained.

    python docs/make_datasets.py DATA RUNS SCRAPINGHUB > docs/datasets.md

DATA holds imported datasets, RUNS the run files of the extractors on WCXB, and SCRAPINGHUB is
article-extraction-benchmark with its stored predictions.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.conformance import conformance, read_table
from bench.report import Report, render, table_of
from bench.report.figures import figures_report
from labels import Dataset, Label, open_dataset
from labels.datasets.checks import check_datasets
from labels.datasets.dataset import MANIFEST, STARTER

HEAD = """# Datasets and published figures

`bench list datasets` lists all public ones that can be imported. What `bench dataset fetch`
downloads is compared with a digest that was computed from the files, or, where nobody had them,
with what came first; `labels/datasets/fetch/sources.toml` states which. The tables below are of
those that were at hand, and are printed by

    bench dataset import wcxb PATH/TO/wcxb -o data/wcxb
    bench dataset import scrapinghub PATH/TO/scrapinghub -o data/scrapinghub
    bench dataset import trafilatura PATH/TO/trafilatura-eval -o data/trafilatura
    bench dataset import webmainbench PATH/TO/webmainbench -o data/webmainbench
    bench run trafilatura newspaper4k justext boilerpy3 readability goose3 -d data/wcxb -o runs/wcxb
    python docs/make_datasets.py data runs/wcxb PATH/TO/scrapinghub > docs/datasets.md

## Pages of your own

`bench dataset import pages PATH -o OUT` reads pages that you have with texts of your own. `PATH` is
a folder with `html/ID.html` (or `.html.gz`) or `text/ID.txt`, and for each page a text
`gold/ID.txt` or a label file `labels/ID.tsv`. `metadata.jsonl`, if it is there, has a row for each
page: `id`, and what is known of `url`, `site`, `language`, `page_type`, `split`, `source`,
`licence`; the page's `title`, `author` and `date`, whose lines become title and byline; and lists
`with` and `without` of texts that must and must not be kept, which do for a page without gold. Or
`PATH` is a JSON Lines, Parquet or Arrow file, or a folder of such, with these columns and `html`
(the page) and `text` (its gold); a row without `html` is a page of text: `text` with `gold`, or
with `labels`, one for each line. What is wrong with a page is reported with file and line and costs
that page alone.

## The datasets

`bench dataset info DIR` and `bench dataset check DIR` show the same of one dataset, and more. The
ceiling is the word F1 that the lines labelled body reach against the gold text: what is lost by
looking at lines.
"""
FIGURES = """
## Published figures

### article-extraction-benchmark

The predictions of {systems} systems are stored beside its golds, so that its table can be
recomputed. Each cell has the published figure and the one obtained.

    bench dataset conformance scrapinghub PATH/TO/scrapinghub

{scrapinghub}
### WCXB, development split

The makers store no predictions and state neither versions nor options: what is obtained here comes
from the versions named, with the options of `bench list extractors`, and a page on which an
extractor fails counts as 0. Versions and options move these figures by several points, which is why
a run records both.

    bench dataset conformance wcxb data/wcxb --predictions runs/wcxb

{wcxb}
### The others

The pages of trafilatura's evaluation that are at hand are 60 of 990, and those of WebMainBench six
samples: no published figure is of these pages, so none can be recomputed from them.
"""
MOST = 8
"""Languages that are named of one dataset."""


def main() -> None:
    """Print the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("scrapinghub", type=Path)
    options = parser.parse_args()
    print(HEAD)
    imported = sorted(options.data.glob(f"*/{MANIFEST}"))
    datasets = [open_dataset(name) for name in (STARTER, *(str(path.parent) for path in imported))]
    print(render(Report(None, [table_of("", _datasets(datasets))]), "md"), end="")
    published, wcxb = read_table("scrapinghub"), read_table("wcxb")
    figures = conformance(published, options.scrapinghub)
    from_runs = conformance(wcxb, options.data / "wcxb", predictions=options.runs)
    page = FIGURES.format(
        systems=len(published.systems),
        scrapinghub=render(figures_report(published, figures), "md"),
        wcxb=render(figures_report(wcxb, from_runs), "md"),
    )
    print(page, end="")


def _datasets(datasets: list[Dataset]) -> Iterator[dict[str, str]]:
    for dataset in datasets:
        manifest, counts = dataset.manifest, dataset.manifest.counts
        languages = [f"{name} {pages:,}" for name, pages in counts.languages.items()]
        found = Counter(finding.kind for finding in check_datasets([dataset]))
        yield {
            "dataset": manifest.name,
            "pages": f"{manifest.pages:,}",
            "lines": f"{counts.lines:,}",
            "body": f"{counts.labels.get(str(Label.BODY), 0) / counts.lines:.2f}",
            "languages": ", ".join(languages[:MOST]) + " ..." * (len(languages) > MOST),
            "ceiling": "–" if counts.ceiling is None else f"{counts.ceiling:.4f}",
            "defects found": ", ".join(f"{kind} {times:,}" for kind, times in found.items())
            or "none",
        }


if __name__ == "__main__":
    main()
