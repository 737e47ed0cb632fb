"""What became of label files of another splitter."""

from collections.abc import Sequence

from bench.report.formats import Report, table_of
from corpus.wording import plural
from labels.annotation.label_transfer import How
from labels.annotation.migration import Migration


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
            "moved: stood elsewhere. beside: without words. left: nothing tells its label. "
            "gone: stored lines that are no more.",
        ),
    )
    return Report(None, [table])


def _where(found: Migration) -> str:
    if found.written is None:
        return "nowhere; lines are left"
    return "its place" if found.written == found.path else str(found.written)
