"""Serve the application for labelling: ``bench label edit`` and ``bench label resolve``."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from bench.cli.options import Command, corpus_option, runs_option

if TYPE_CHECKING:
    from bench.running import Run
    from labels.annotation.drafts.store import Store
    from labels.folder import Folders


_port_option = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port of the loopback address.  [default: any that is free]",
)
_open_option = click.option(
    "--open/--no-open",
    "open_browser",
    default=True,
    help="Open a browser, or print the address alone.",
)


def _annotator_option(who: str) -> Callable[[Command], Command]:
    default = "[default: git's user.name, or who is logged in]"
    return click.option("--annotator", metavar="NAME", help=f"Who {who}.  {default}")


@click.command()
@click.argument("id_", metavar="[ID]", required=False)
@corpus_option
@_annotator_option("labels")
@_port_option
@_open_option
@click.option("--blank", is_flag=True, help="Begin drafts without showing proposals or gold.")
@click.option(
    "--model",
    default="logreg",
    show_default=True,
    metavar="MODEL",
    help="The model that proposes labels to begin with: a shipped one, or the file of one.",
)
@runs_option("A run file; lines that all of these get wrong are marked. May be repeated.")
@click.option(
    "--order",
    type=click.Choice(["uncertain", "missed", "corpus"]),
    default="uncertain",
    show_default=True,
    help="The queue: uncertain pages first, those with lines that all runs get wrong, or as in "
    "the corpus.",
)
def edit(
    id_: str | None,
    folders: "Folders",
    annotator: str | None,
    blank: bool,
    model: str,
    runs: tuple[Path, ...],
    order: str,
    **serving: Any,
) -> None:
    """Label pages in the browser: the page ID, or the queue of all.

    Labels are proposed, keys correct them (? shows all keys), and each change is saved at once, in
    gold/drafts/NAME/ID.tsv. A finished draft becomes gold. The address works for whoever has it,
    on this machine alone; stop with Ctrl-C. Needs the extra 'annotate'.
    """
    from bench.running import read_runs

    store = _store(folders, annotator, model=model, runs=read_runs(runs), blank=blank)
    _serve(store, "/edit", id_, order=order, **serving)


@click.command()
@click.argument("id_", metavar="[ID]", required=False)
@corpus_option
@_annotator_option("decides")
@_port_option
@_open_option
@click.option(
    "--between",
    "names",
    multiple=True,
    metavar="ANNOTATOR",
    help="Whose drafts to compare; may be repeated.  [default: all of a page]",
)
def resolve(
    id_: str | None,
    folders: "Folders",
    annotator: str | None,
    names: tuple[str, ...],
    **serving: Any,
) -> None:
    """Decide in the browser where drafts differ: on the page ID, or on all.

    Shows the lines in dispute side by side. Once each is decided the gold is written, and who
    decided what goes to gold/decisions.jsonl. Needs the extra 'annotate'.
    """
    from labels.annotation.drafts.annotators import choose_annotators
    from labels.annotation.drafts.resolution import Resolver

    store = _store(folders, annotator)
    resolver = Resolver(store, choose_annotators(folders, names) if names else ())
    if id_:
        resolver.open(id_)
    _serve(store, "/resolve", id_, resolver=resolver, **serving)


def _store(
    folders: "Folders",
    annotator: str | None,
    *,
    model: str = "logreg",
    runs: Sequence["Run"] = (),
    blank: bool = False,
) -> "Store":
    from baselines import Model
    from bench.label_proposals import find_missed_by_all, propose_with
    from labels.annotation.drafts.annotators import annotator_from, check_annotator
    from labels.annotation.drafts.store import Store

    name = check_annotator(annotator) if annotator else annotator_from(*_own_names())
    find_missed = find_missed_by_all(runs) if runs else None
    propose = propose_with(Model.load(model))
    return Store(folders, name, propose, find_missed=find_missed, blank=blank)


def _serve(
    store: "Store", view: str, id_: str | None, *, open_browser: bool, **options: Any
) -> None:
    """Serve the application, print the address of a page, and open it if that is wanted."""
    from labels.annotation.web.server import serve

    store.pages()  # what is wrong with the corpus or the page is said here, not in the browser
    path = "/" if view == "/edit" else view
    if id_:
        store.open(id_)
        path = f"{view}/{quote(id_, safe='')}"

    def started(address: str) -> None:
        import webbrowser

        click.echo(address)
        click.echo(f"{store.annotator} on {store.folders.name}; stop with Ctrl-C", err=True)
        if open_browser:
            webbrowser.open(address)

    serve(store, started=started, path=path, **options)


def _own_names() -> Iterator[str]:
    """Yield the name that git knows, and who is logged in, where there is git or a login."""
    import getpass
    import subprocess

    command = ["git", "config", "user.name"]
    with suppress(OSError):
        done = subprocess.run(  # noqa: S603 - whichever git there is
            command, capture_output=True, text=True, encoding="utf-8", check=False
        )
        yield done.stdout
    with suppress(OSError, KeyError):
        yield getpass.getuser()
