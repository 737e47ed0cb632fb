"""Pages that were added to a corpus."""

from collections.abc import Sequence
from pathlib import Path

from bench.report.formats import Report
from labels.annotation.adding import AddedPage, Refusal

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
    return "\n".join(rows)


def _object(entry: AddedPage | Refusal) -> dict[str, object]:
    if isinstance(entry, Refusal):
        return {"source": entry.place, "refused": entry.reason}
    return {
        "source": entry.place,
        "refused": None,
        **entry.attributes(),
        "bytes": len(entry.page.raw),
        "lines": len(entry.lines),
        "chars": int(entry.lines.chars.sum()),
        "proposed": entry.proposed,
        "remarks": entry.remarks,
    }
