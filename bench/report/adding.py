"""What was added to a corpus, for people and for programs."""

import json
from collections.abc import Sequence
from pathlib import Path

from labels.annotation.adding import AddedPage, Refusal

_WIDTH = 11
_SHOWN = ("language", "page_type", "site", "split", "title", "url", "licence")


def describe(added: AddedPage, corpus: Path | None, *, dry_run: bool) -> str:
    """A summary of a page that was added: what it is, what nobody has confirmed, what is next."""
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


def to_json(entries: Sequence[AddedPage | Refusal]) -> str:
    """All of it, as the help of the command documents it."""
    return json.dumps(list(map(_object, entries)), indent=1, ensure_ascii=False)


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
        "proposed": list(entry.proposed),
        "remarks": list(entry.remarks),
    }
