"""What became of label files of another splitter."""

from collections.abc import Sequence

from bench.report import terminal
from bench.report.tables import Table
from corpus.wording import plural
from labels.annotation.label_transfer import How
from labels.annotation.migration import Migration


def render_migration(migrations: Sequence[Migration]) -> str:
    """Show a row for each label file; ends with a newline, empty without files."""
    if not migrations:
        return ""
    return terminal.draw(
        Table(
            f"{plural(len(migrations), 'label file')} of another splitter",
            ("file", "splitter", "lines", *How, "gone", "written to"),
            tuple(
                (
                    str(found.path),
                    str(found.splitter),
                    f"{found.how.total():,}",
                    *(f"{found.how[how]:,}" if found.how[how] else "" for how in How),
                    f"{found.gone:,}" if found.gone else "",
                    _where(found),
                )
                for found in migrations
            ),
            (
                "same: as it was. part: of one label. joined: of several, most characters win. "
                "mixed: of body and noise.",
                "moved: stood elsewhere. beside: without words. left: nothing tells its label. "
                "gone: stored lines that are no more.",
            ),
        )
    )


def _where(found: Migration) -> str:
    if found.written is None:
        return "nowhere; lines are left"
    return "its place" if found.written == found.path else str(found.written)
