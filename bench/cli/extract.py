"""Define ``bench extract``."""

import json
from dataclasses import asdict
from typing import BinaryIO

import click

from bench.cli import options


@click.command()
@click.argument("extractor")
@click.argument("file", type=click.File("rb"), default="-")
@options.format_option(
    "text", "tsv", "jsonl", help_="What was kept, or a row or an object for each line of the page."
)
@options.profile_option
@click.option("--language", help="The page's language, for extractors that use it.")
@click.option("--url", help="The page's URL, for extractors that use it.")
@click.option("--timeout", type=float, default=30.0, show_default=True, help="Seconds it may take.")
def extract(
    extractor: str,
    file: BinaryIO,
    format_: str,
    profile: str,
    language: str | None,
    url: str | None,
    timeout: float,
) -> None:
    """Extract the content of one page with EXTRACTOR, or a model's file.

    FILE is HTML or plain text, detected by its content; '-' is standard input. The rows of tsv are
    keep (1 or 0) and text; the objects of jsonl have the keys text, keep, p, the probability of
    body, and label, the likeliest label (both null for an extractor that gives none), a line of
    the page each, in page order.
    """
    from bench.api import extract_page
    from corpus import Page, decode, sniff_markup

    raw = file.read()
    page = Page("page", raw, sniff_markup(decode(raw)), url=url, language=language)
    extraction = extract_page(extractor, page, profile=profile, timeout=timeout)
    if format_ == "text":
        click.echo(extraction.text)
        return
    for line in extraction.lines:
        if format_ == "tsv":
            click.echo(f"{int(line.keep)}\t{line.text}")
        else:
            click.echo(json.dumps(asdict(line), ensure_ascii=False))
