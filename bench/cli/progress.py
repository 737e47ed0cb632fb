"""Show progress on standard error: a bar in a terminal, elsewhere a line for each thing done."""

import sys
import time
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    import rich.progress


class Progress:
    """Show how far named pieces of work are, one after the other; a context manager."""

    def __init__(self) -> None:
        self._name = ""
        self._began = 0.0
        self._bar: rich.progress.Progress | None = None

    def update(self, name: str, done: int, total: int | None) -> None:
        """Show that ``done`` of ``total`` steps of the work called ``name`` are done.

        ``total`` is None where it is not known yet.
        """
        if name != self._name:
            self._stop()
            self._name, self._began = name, time.monotonic()
        if total is not None and done >= total:
            self._stop()
            click.echo(f"{name}: {total:,} in {time.monotonic() - self._began:.0f} s", err=True)
        elif sys.stderr.isatty():
            self._bar = self._bar or _start_bar(done)
            shown = f"{name}: {done:,}" + (f" of {total:,}" if total else "")
            self._bar.update(self._bar.task_ids[0], description=shown, completed=done, total=total)

    def _stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()


def _start_bar(done: int) -> "rich.progress.Progress":
    """Start a bar with rate and time left; it vanishes when it is stopped."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    class Rate(ProgressColumn):
        def render(self, task: Task) -> str:
            return f"{task.speed:,.1f}/s" if task.speed else ""

    name = TextColumn("{task.description}", markup=False)
    bar = Progress(
        *(name, BarColumn(), Rate(), TimeLeft()),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    bar.add_task("", completed=done, total=None)
    bar.start()
    return bar
