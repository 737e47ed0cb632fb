"""Define ``bench label``."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench.cli import options
from bench.cli.label_edit import edit, resolve

if TYPE_CHECKING:
    from labels.folder import Folders


@click.group()
def label() -> None:
    """Label pages, check labels and compare them."""


def _kinds() -> Any:
    from labels.annotation.checks.review import LabelFindingKind

    return LabelFindingKind


@label.command(cls=options.command_with("Findings", _kinds))
@click.argument("ids", nargs=-1, metavar="[ID]...")
@options.corpus_option
@click.option("--drafts", "annotator", metavar="ANNOTATOR", help="Check drafts in place of gold.")
@click.option(
    "--accept", "accepting", is_flag=True, help="Accept all findings: the labels are right."
)
@options.format_option("text", "json")
def check(
    ids: tuple[str, ...], folders: "Folders", annotator: str | None, accepting: bool, format_: str
) -> None:
    """Check label files, all or those of the pages ID.

    Problems keep labels from being used: a text that is not the page's, an unknown label, a page
    without body. Findings are labels to look at again; where the label is right the finding is
    accepted, which gold/accepted.jsonl keeps. Prints a line for each, with file and row; exit
    status 1 if there is a problem, or a finding that nobody has accepted.

    With --format json: an object with the keys pages, lines, problems (sentences), findings
    (objects with id, kind, line, place, detail, label and text) and accepted (how many findings
    were accepted).
    """
    from bench.report import render
    from bench.report.labels import check_report
    from corpus.wording import plural
    from labels.annotation.checks.check_labels import accept, check_labels

    result = check_labels(ids, folders, annotator)
    new = 0
    if accepting:
        new = accept(result.findings, folders)
        result = check_labels(ids, folders, annotator)
    click.echo(render(check_report(result), format_), nl=False)
    click.echo(
        f"{plural(result.pages, 'page')}, {plural(result.lines, 'line')}, "
        f"{plural(len(result.problems), 'problem')}, "
        f"{plural(len(result.findings), 'finding')} to look at again, {result.accepted:,} accepted"
        + (f", {new:,} of them now" if accepting else ""),
        err=True,
    )
    if result.problems or result.findings:
        raise SystemExit(1)


@label.command()
@click.argument("annotators", nargs=-1, metavar="[ANNOTATOR]...")
@options.corpus_option
@click.option("--id", "ids", multiple=True, metavar="ID", help="Only this page; may be repeated.")
@options.by_option
@options.profile_option
@options.metric_option
@options.runs_option("A run file to score beside the annotators; may be repeated.")
@click.option("--disputes", is_flag=True, help="Also the lines on which annotators differ.")
@options.format_option("table", "md", "json")
@options.seed_option
def agree(
    annotators: tuple[str, ...],
    folders: "Folders",
    ids: tuple[str, ...],
    metrics: tuple[str, ...],
    runs: tuple[Path, ...],
    disputes: bool,
    format_: str,
    **comparing: Any,
) -> None:
    """Compare the labels of annotators on the same pages; all annotators there are, and gold.

    'gold' stands for the labels that were accepted, other names for the drafts of that annotator.
    Prints Cohen's kappa and Krippendorff's alpha over lines, for labels and for roles; how well
    each annotator does against each other one as if it were an extractor; and the lines by both
    labels. Drafts that are not finished are left out and reported.

    With --format json: an object with the keys annotators, pages, agreement (objects with
    annotators, group, over (labels or roles), pages, lines, and share, kappa and alpha, each with
    its _low and _high), scores (objects with gold, extractor, human, group, metric, value, low,
    high and pages), confusion (objects with annotators, labels and lines) and, with --disputes,
    disputes (objects with id, line, text, labels and in_role); null is what is not defined.
    """
    from bench.metrics import select_metrics
    from bench.report import render
    from bench.report.agreement import agreement_report
    from bench.running import read_runs
    from bench.scoring.annotator_scores import compare_annotators
    from labels.annotation.drafts.annotators import choose_annotators, read_annotations

    selected, read = select_metrics(metrics), read_runs(runs)
    names = choose_annotators(folders, annotators, at_least=2)
    found = read_annotations(folders, names, ids)
    for place in found.unfinished:
        click.echo(f"left out, not finished yet: {place}", err=True)
    comparison = compare_annotators(
        folders.name, found.pages, names, selected, runs=read, **comparing
    )
    click.echo(render(agreement_report(comparison, disputes=disputes), format_), nl=False)


@label.command()
@options.corpus_option
@click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
@click.option(
    "--finish-as",
    metavar="ANNOTATOR",
    help="Turn gold in which lines are left into a draft of this annotator, who labels them.",
)
def migrate(folders: "Folders", dry_run: bool, finish_as: str | None) -> None:
    """Transfer labels to the lines of this version of the splitter, gold and drafts.

    Lines are aligned by their texts. A line that is still there keeps its label, parts of a line
    inherit it, lines that were joined have the label of most characters or are mixed. Prints a row
    for each file; lines to look at go to standard error, with the place they have afterwards. Exit
    status 1 if a line is left without a label, or a file cannot be read.
    """
    from bench.report import render
    from bench.report.labels import migration_report
    from labels.annotation.migration import migrate as migrate_labels

    migrations, problems = migrate_labels(folders, dry_run=dry_run, finish_as=finish_as)
    click.echo(render(migration_report(migrations), "table"), nl=False)
    for sentence in [*problems, *(sentence for found in migrations for sentence in found.look)]:
        click.echo(sentence, err=True)
    if not migrations and not problems:
        click.echo("all label files are of this splitter", err=True)
    if problems or not all(found.is_whole for found in migrations):
        raise SystemExit(1)


@label.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@options.out_option("File for the tasks, JSON; the labelling configuration goes beside it as .xml.")
@options.corpus_option
@click.option(
    "--labels",
    "annotators",
    multiple=True,
    metavar="ANNOTATOR",
    help="Send these labels along: 'gold' or drafts of an annotator; may be repeated.",
)
@click.option(
    "--as",
    "export_as",
    type=click.Choice(["annotations", "predictions"]),
    default="annotations",
    show_default=True,
    help="What the labels become: annotations to edit, or predictions shown to whoever begins.",
)
def export(
    ids: tuple[str, ...],
    out: Path,
    folders: "Folders",
    annotators: tuple[str, ...],
    export_as: Any,
) -> None:
    """Write pages as tasks for Label Studio, all or those of the pages ID.

    Make a project with the labelling configuration and import the tasks. 'bench label import'
    reads what the project exports.
    """
    import json

    from corpus.files import write_atomically
    from corpus.wording import plural
    from labels.annotation.drafts.annotators import choose_annotators, read_annotations
    from labels.annotation.label_studio import export_tasks, labelling_config

    names = choose_annotators(folders, annotators) if annotators else []
    found = read_annotations(folders, names, ids)
    for place in found.unfinished:
        click.echo(f"left out, not finished yet: {place}", err=True)
    tasks = export_tasks(found.pages, export_as)
    config = out.with_suffix(".xml")
    if config == out:
        raise click.UsageError("the tasks are JSON; give a name that does not end in .xml")
    write_atomically(out, json.dumps(tasks, ensure_ascii=False) + "\n")
    write_atomically(config, labelling_config())
    click.echo(f"{out}: {plural(len(tasks), 'task')}; labelling configuration in {config}")


@label.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--annotator", required=True, metavar="NAME", help="Whose drafts the labels become.")
@options.corpus_option
@click.option(
    "--completed-by",
    metavar="WHO",
    help="Read only what this person annotated: number or e-mail address.",
)
@click.option("--rest", metavar="LABEL", help="The label of lines that have none.")
@click.option("--replace", is_flag=True, help="Replace drafts that are there and differ.")
def import_(
    file: Path,
    annotator: str,
    folders: "Folders",
    rest: str | None,
    **importing: Any,
) -> None:
    """Make drafts of an annotator from an export of Label Studio, JSON or JSON-MIN.

    A line has the label of the region that covers half of it or more. Records that cannot be read
    are reported with their place, and the rest is imported; exit status 1 if there are any.
    """
    from corpus.wording import plural
    from labels.annotation.label_studio import import_labels
    from labels.label import LABELS, Label

    if rest is not None and rest not in LABELS:
        raise click.BadParameter(f"no label {rest!r}; there are {', '.join(LABELS)}")
    rest_label = None if rest is None else Label(rest)
    imported = import_labels(file, folders, annotator, rest=rest_label, **importing)
    for place, reason in imported.unreadable:
        click.echo(f"left out {file}, {place}: {reason}", err=True)
    click.echo(
        f"{plural(len(imported.labels), 'draft')} of {annotator}, "
        f"{plural(len(imported.skipped), 'page')} skipped, "
        f"{len(imported.unlabelled):,} not labelled, {len(imported.unreadable):,} left out"
    )
    if imported.unreadable:
        raise SystemExit(1)


label.add_command(edit)
label.add_command(resolve)
