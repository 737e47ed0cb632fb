"""Define ``bench extract``, and ``bench explain``, which is of one page, too."""

import json
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from bench.cli import options

if TYPE_CHECKING:
    from baselines import Model
    from baselines.explanation import Explanation
    from corpus import Page


@click.command()
@click.argument("extractor")
@click.argument("file", type=click.File("rb"), default="-")
@options.format_option(
    "text", "tsv", "jsonl", help_="What was kept, or a row or an object for each line of the page."
)
@options.profile_option
@click.option("--language", help="The page's language, for extractors that use it.")
@click.option("--url", help="The page's URL, for extractors that use it.")
@options.timeout_option
@options.memory_option
def extract(
    extractor: str,
    file: BinaryIO,
    format_: str,
    profile: str,
    language: str | None,
    url: str | None,
    **limits: Any,
) -> None:
    """Extract the content of one page with EXTRACTOR, or a model's file.

    FILE is HTML or plain text, detected by its content; '-' is standard input. The rows of tsv are
    keep (1 or 0) and text; the objects of jsonl have the keys text, keep, p, the probability of
    body, and label, the likeliest label (both null for an extractor that gives none), a line of
    the page each, in page order.
    """
    from bench.api import extract_page

    page = _page(file, url=url, language=language)
    extraction = extract_page(extractor, page, profile=profile, **limits)
    if format_ == "text":
        click.echo(extraction.text)
        return
    for line in extraction.lines:
        if format_ == "tsv":
            click.echo(f"{int(line.keep)}\t{line.text}")
        else:
            click.echo(json.dumps(asdict(line), ensure_ascii=False))


@click.command()
@click.argument("model")
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "--features",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    help="How many features are named for each line, for and against.",
)
@click.option(
    "--line",
    "numbers",
    type=click.IntRange(min=1),
    multiple=True,
    help="Only the line of this number, from 1; may be repeated.",
)
@options.format_option(
    "text", "jsonl", help_="Rows for a terminal, or an object for each line of the page."
)
@options.timeout_option
@options.memory_option
def explain(
    model: str,
    file: BinaryIO,
    features: int,
    numbers: tuple[int, ...],
    format_: str,
    **limits: Any,
) -> None:
    """Explain why MODEL keeps lines of a page or leaves them out.

    MODEL is a shipped model or a model's file. FILE is HTML or plain text, recognised by its
    content; '-' is standard input. Each line has its number, + if it is kept, its probability of
    body, and the features that weigh most for and against body, in log-odds; the rest is the
    intercept and all other features, so that the sum is the log-odds of the probability. Lines are
    kept from a share of the F1 that can be expected of the page.

    The objects of jsonl have the keys line, text, probability, kept, for and against (lists of
    pairs of a feature and what it adds to the log-odds) and rest.
    """
    from baselines import Model
    from baselines.explanation import as_row, draw, head
    from corpus.limited import call_limited

    explained = partial(_explanation, Model.load(model), features, numbers)
    page = call_limited(explained, _page(file), **limits)
    if format_ == "jsonl":
        for line in page.lines:
            click.echo(json.dumps(as_row(line), ensure_ascii=False))
        return
    click.echo(head(page))
    digits = len(str(page.lines[-1].number))
    for line in page.lines:
        row, reasons = draw(line, digits)
        click.echo(row)
        for reason in reasons:
            click.secho(reason, dim=True)


def _page(file: BinaryIO, **known: str | None) -> "Page":
    from corpus import Page, decode, sniff_markup

    raw = file.read()
    return Page("page", raw, sniff_markup(decode(raw)), **known)


def _explanation(
    model: "Model", features: int, only: tuple[int, ...], page: "Page"
) -> "Explanation":
    from baselines.explanation import explain_page

    return explain_page(model, page.lines(), features=features, only=only)
