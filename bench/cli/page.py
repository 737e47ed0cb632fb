"""Define ``bench page``."""

import sys
from typing import TYPE_CHECKING, Any

import click

from bench.cli.options import (
    corpus_option,
    dataset_option,
    format_option,
    memory_option,
    timeout_option,
)

if TYPE_CHECKING:
    from labels.folder import Folders


@click.group()
def page() -> None:
    """Bring pages into a corpus, and look at single ones."""


@page.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@corpus_option
@click.option(
    "--filter",
    "wanted",
    metavar="URL",
    help="Of an archive or a folder, only pages whose URL or name holds this, or, with *, is this.",
)
@click.option("--id", metavar="ID", help="Id of the page.  [default: language and next number]")
@click.option("--language", metavar="CODE", help="Language of the page, a code like ko.")
@click.option("--site", metavar="DOMAIN", help="What groups the page with others.")
@click.option("--page-type", metavar="TYPE", help="Type of the page: article, forum, product ...")
@click.option("--split", metavar="SPLIT", help="Split, as train.  [default: that of its site]")
@click.option("--title", metavar="TEXT", help="Headline of the page.")
@click.option("--url", metavar="URL", help="Address of the page, if it comes from a file.")
@click.option("--notes", metavar="TEXT", help="What is remarkable about the page.")
@click.option("--licence", metavar="NAME", help="Licence of the page, as CC0-1.0.")
@timeout_option
@memory_option
@click.option("--dry-run", is_flag=True, help="Show what would be added, and write nothing.")
@format_option("text", "json")
def add(
    sources: tuple[str, ...],
    folders: "Folders",
    wanted: str | None,
    timeout: float,
    memory_mb: int,
    dry_run: bool,
    format_: str,
    **stated: Any,
) -> None:
    """Add pages to a corpus: their bytes unchanged, and a row of what is known of them.

    SOURCE is a URL, a file of HTML, MHTML or text, '-' for standard input, a folder or ZIP archive
    of such files, or a WARC archive. Language, site, type, title and the URL of a file are proposed
    where no option gives them; ids are made of names in a folder or ZIP archive. The next command
    is printed, which labels the page.

    Bytes are believed over headers and names: what is compressed is decompressed (gzip, deflate,
    Brotli, Zstandard), and what HTML is shows in it. What holds no page in an archive or a folder
    is counted.

    Pages are refused if they are over 2 MB, not whole, neither HTML nor text, have nothing to read
    in them, or if the corpus has them, or nearly the same page, already. Of several sources the
    good ones are added; exit status 1 if one was refused.

    A URL is requested with care: over http or https, at addresses of the public internet alone, as
    its robots.txt allows, without cookies, and without the proxies of the environment. Where that
    is not enough, save the page and add the file.

    With --format json: an array of objects, one for each page or refusal, with the keys source and
    refused (a sentence, or null), and for a page id, markup, sha256, url, site, language,
    page_type, split, title, licence, notes, bytes, lines, chars, proposed (names of what no option
    gave) and remarks (sentences).
    """
    from bench.report import render
    from bench.report.labels import added_report
    from labels.annotation.adding import OF_ONE_PAGE, AddedPage, PageAdder, PageAttributes
    from labels.folder import STARTER_FOLDERS

    if len(sources) > 1 and (single := [name for name in OF_ONE_PAGE if stated[name]]):
        raise click.UsageError(f"--{single[0]} is of one page, and there are several sources")
    if sources.count("-") > 1:
        raise click.UsageError("standard input can be read once")
    adding = PageAdder(
        folders,
        PageAttributes(**stated),
        dry_run=dry_run,
        timeout=timeout,
        memory_mb=memory_mb,
    )
    corpus = None if folders == STARTER_FOLDERS else folders.pages.parent
    entries = []
    for entry in adding.add_all(sources, sys.stdin.buffer, wanted=wanted):
        entries.append(entry)
        if not isinstance(entry, AddedPage):
            click.echo(f"Error: {entry}", err=True)
        elif format_ == "text":
            click.echo(render(added_report([entry], corpus, dry_run=dry_run), format_), nl=False)
    for reason, times in adding.left_out.most_common():
        click.echo(f"left out, {reason}: {times:,}", err=True)
    if format_ == "json":
        click.echo(render(added_report(entries, corpus, dry_run=dry_run), format_), nl=False)
    if not all(isinstance(entry, AddedPage) for entry in entries):
        raise SystemExit(1)


@page.command()
@click.argument("id_", metavar="ID")
@dataset_option
@format_option(
    "table", "tsv", help_="Numbered lines with their labels, or the rows of a label file."
)
def show(id_: str, dataset: str, format_: str) -> None:
    """Print what is known of the page ID, and its lines with their labels."""
    from labels import LABELS, open_dataset

    labelled = open_dataset(dataset).page(id_)
    about = labelled.page
    if format_ == "table":
        known = [about.language, about.markup, about.page_type, about.site, about.split]
        click.echo(f"{about.id}: {', '.join(value for value in known if value)}")
    for number, (code, text) in enumerate(
        zip(labelled.labels, labelled.texts, strict=True), start=1
    ):
        label = LABELS[code]
        click.echo(f"{number:5} {label:15} {text}" if format_ == "table" else f"{label}\t{text}")
