"""Show pages that were added, and what became of label files."""

from collections.abc import Sequence
from pathlib import Path

from bench.report.formats import Report, table_of
from corpus.wording import plural, printable, shown
from labels.annotation.adding import AddedPage, Refusal
from labels.annotation.checks.check_labels import Check
from labels.annotation.label_transfer import How
from labels.annotation.migration import Migration

_WIDTH = 11
_SHOWN = ("language", "page_type", "site", "split", "title", "url", "licence")


def added_report(
    entries: Sequence[AddedPage | Refusal], corpus: Path | None, *, dry_run: bool
) -> Report:
    """Show pages that were added: what each is, what nobody has confirmed, and the next command.

    Refusals are in the JSON only.
    """
    texts = [_text(entry, corpus, dry_run) for entry in entries if isinstance(entry, AddedPage)]
    return Report(list(map(_object, entries)), ["\n".join(texts)] if texts else [])


def _text(added: AddedPage, corpus: Path | None, dry_run: bool) -> str:
    page, lines = added.page, added.lines
    size = f"{len(lines):,} lines, {int(lines.chars.sum()):,} characters"
    rows = [f"{page.id}{' would be added' if dry_run else ''}: {page.markup}, {size}"]
    about = added.attributes()
    for name in _SHOWN:
        mark = " (proposed)" if name in added.proposed else ""
        rows.append(f"  {name.replace('_', ' '):{_WIDTH}}{about[name] or '–'}{mark}")
    rows += [f"  note       {remark}" for remark in added.remarks]
    if not dry_run:
        where = f" --corpus {corpus}" if corpus else ""
        rows.append(f"next: bench label edit {page.id}{where}")
    return "\n".join(map(printable, rows))


def _object(entry: AddedPage | Refusal) -> dict[str, object]:
    if isinstance(entry, Refusal):
        return {"source": printable(entry.place), "refused": printable(entry.reason)}
    return {
        "source": printable(entry.place),
        "refused": None,
        **entry.attributes(),
        "bytes": len(entry.page.raw),
        "lines": len(entry.lines),
        "chars": int(entry.lines.chars.sum()),
        "proposed": entry.proposed,
        "remarks": entry.remarks,
    }


def check_report(check: Check) -> Report:
    """Show a check: for people a line for each problem and finding."""
    lines = list(check.problems)
    for found in check.findings:
        text = "" if found.finding.text is None else f": {shown(found.finding.text)}"
        lines.append(f"{found.place}: {found.finding.kind}: {found.finding.detail}{text}")
    data = {
        "pages": check.pages,
        "lines": check.lines,
        "problems": check.problems,
        "findings": [
            {
                "id": found.id,
                "kind": found.finding.kind,
                "line": found.finding.line,
                "place": found.place,
                "detail": found.finding.detail,
                "label": found.finding.label,
                "text": found.finding.text,
            }
            for found in check.findings
        ],
        "accepted": check.accepted,
    }
    return Report(data, ["\n".join(lines)] if lines else [])


def migration_report(migrations: Sequence[Migration]) -> Report:
    """Show a row for each label file; nothing without files."""
    if not migrations:
        return Report(None, [])
    table = table_of(
        f"{plural(len(migrations), 'label file')} of another splitter",
        (
            {
                "file": str(found.path),
                "splitter": str(found.splitter),
                "lines": f"{found.how.total():,}",
            }
            | {how: f"{found.how[how]:,}" if found.how[how] else "" for how in How}
            | {"gone": f"{found.gone:,}" if found.gone else "", "written to": _where(found)}
            for found in migrations
        ),
        (
            "same: as it was. part: of one label. joined: of several, most characters win. "
            "mixed: of body and noise.",
            "moved: stood elsewhere. beside: without words. left: without a label. "
            "gone: stored lines that are no more.",
        ),
    )
    return Report(None, [table])


def _where(found: Migration) -> str:
    if found.written is None:
        return "nowhere; lines are left"
    return "its place" if found.written == found.path else str(found.written)
