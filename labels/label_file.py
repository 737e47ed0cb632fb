"""Read and write label files: one row a line, `label<TAB>text`, where the text must be the page's.

The first row names the splitter that made the lines: ``# splitter 3``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import SPLITTER_VERSION, DataError, Lines
from corpus.files import read_text, write_atomically
from corpus.wording import shortened
from labels.label import LABELS, codes

_HEADER = "# splitter "
_MOST_DIGITS = 9  # of a version
_Row = tuple[str, str, str]  # label, tab, text


def write_labels(path: Path, texts: Sequence[str], labels: NDArray[np.int8]) -> None:
    """Write a label file, whole or not at all."""
    rows = [f"{_HEADER}{SPLITTER_VERSION}"]
    rows += [f"{LABELS[code]}\t{text}" for code, text in zip(labels, texts, strict=True)]
    write_atomically(path, "\n".join(rows) + "\n")


def read_labels(path: Path, lines: Lines) -> NDArray[np.int8]:
    """Read the labels of a page, shape (n,).

    Raises:
        DataError: naming file and row, if the file was made by another version of the splitter,
            holds an unknown label, or its text is not that of ``lines``.
    """
    _, rows = _rows(path, lines.version)
    if problems := list(_row_problems(path, rows, lines)):
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise DataError(problems[0] + more)
    return codes([name for name, *_ in rows])


def label_problems(path: Path, lines: Lines) -> list[str]:
    """List all that keeps a label file from being read, a sentence each with file and row."""
    try:
        return list(_row_problems(path, _rows(path, lines.version)[1], lines))
    except DataError as error:
        return [str(error)]


@dataclass(frozen=True, slots=True)
class StoredLabels:
    """What a label file holds, whatever the lines of its page are now."""

    splitter: int
    labels: NDArray[np.int8]
    """Codes, shape (n,)."""
    texts: list[str]


def read_stored_labels(path: Path, splitter: int | None = None) -> StoredLabels:
    """Read a label file without its page, of any version of the splitter or only of ``splitter``.

    Raises:
        DataError: naming file and row, if it is no label file, was made by another version than
            ``splitter``, or holds an unknown label.
    """
    version, rows = _rows(path, splitter)
    for number, (name, tab, _) in enumerate(rows, start=2):
        if problem := _label_problem(name, tab):
            raise DataError(f"{path}:{number}: {problem}")
    return StoredLabels(version, codes([name for name, *_ in rows]), [text for *_, text in rows])


def _rows(path: Path, expected: int | None) -> tuple[int, list[_Row]]:
    """Read the version of the splitter that a label file names, and the rows below it."""
    try:
        content = read_text(path)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; the page has no labels yet") from None
    # Not splitlines: a line of a page may hold separators that are no line break here.
    first, *rows = content.removesuffix("\n").split("\n")
    stored = first.removeprefix(_HEADER) if first.startswith(_HEADER) else ""
    if not stored.isdecimal() or len(stored) > _MOST_DIGITS:
        raise DataError(f"{path}:1: the first row must be '{_HEADER}{SPLITTER_VERSION}'")
    if expected not in {None, int(stored)}:
        raise DataError(
            f"{path}:1: made by splitter {stored}, this is splitter {expected}; "
            "carry the labels over with 'bench label migrate'"
        )
    return int(stored), [row.partition("\t") for row in rows]


def _row_problems(path: Path, rows: Sequence[_Row], lines: Lines) -> Iterator[str]:
    for number, ((name, tab, stored), text) in enumerate(zip(rows, lines.texts, strict=False), 2):
        if problem := _label_problem(name, tab):
            yield f"{path}:{number}: {problem}"
        elif stored != text:
            yield (
                f"{path}:{number}: the text is not that of the page, {shortened(text)!r}; "
                "restore it, only labels may be edited"
            )
            return  # after a row too many or too few, every row would differ
    n = len(lines)
    if len(rows) > n:
        yield f"{path}:{n + 2}: the page has only {n} lines; remove the rows from here on"
    if len(rows) < n:
        following = shortened(lines.texts[len(rows)])
        yield f"{path}:{len(rows) + 1}: ends after {len(rows)} of {n} lines; next is {following!r}"


def _label_problem(name: str, tab: str) -> str | None:
    if not tab:
        return "no tab; each row is a label, a tab and the text"
    if name not in LABELS:
        return f"unknown label {name!r}; use one of {', '.join(LABELS)}"
    return None
