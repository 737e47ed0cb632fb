"""Progress on standard error: a bar in a terminal, a line for each thing done elsewhere."""

import sys
import time
from types import TracebackType
from typing import Self

import click


class Progress:
    """Shows how far named pieces of work are, one after the other."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._name = ""
        self._began = time.monotonic()

    def update(self, name: str, done: int, total: int | None) -> None:
        """Say that of ``total`` steps of the work called ``name``, ``done`` are done.

        ``total`` is None where it is not known yet.
        """
        if name != self._name:
            self._name, self._began = name, time.monotonic()
        seconds = time.monotonic() - self._began
        if total is not None and done >= total:
            self._print(f"{name}: {total:,} in {seconds:.0f} s", end="\n")
        elif self._live:
            self._print(f"{name}: {done:,}" + (f" of {total:,}" if total else ""), end="")

    def _print(self, text: str, end: str) -> None:
        # Carriage return and "erase to the end of the line" keep the bar in its place.
        click.echo((f"\r\x1b[K{text}" if self._live else text) + end, nl=False, err=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None and self._live:
            self._print("", end="")
