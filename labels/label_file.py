"""Label files: one row a line, `label<TAB>text`, refused if the text is not the page's.

The first row names the splitter that made the lines: ``# splitter 2``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import SPLITTER_VERSION, DataError, Lines
from corpus.files import write_atomically
from labels.label import LABELS, codes

_HEADER = "# splitter "
_SHOWN_CHARS = 60
_KNOWN = frozenset(map(str, LABELS))


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
    names, problems = _read(path, lines)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise DataError(problems[0] + more)
    return codes(names)


def label_problems(path: Path, lines: Lines) -> list[str]:
    """All that keeps a label file from being read, a sentence each with file and row."""
    return _read(path, lines)[1]


@dataclass(frozen=True, slots=True)
class Stored:
    """A label file as it is, whatever its page's lines are now."""

    splitter: int
    labels: NDArray[np.int8]
    """Codes, shape (n,)."""
    texts: list[str]


def read_stored(path: Path) -> Stored:
    """Read a label file without its page.

    Raises:
        DataError: naming file and row, if it is no label file or holds an unknown label.
    """
    splitter, rows = _rows(path)
    names, texts = [], []
    for number, row in enumerate(rows, start=2):
        name, tab, text = row.partition("\t")
        if problem := _wrong_row(f"{path}:{number}", name, tab):
            raise DataError(problem)
        names.append(name)
        texts.append(text)
    return Stored(splitter, codes(names), texts)


def _rows(path: Path) -> tuple[int, list[str]]:
    """The version of the splitter that a label file names, and the rows below it."""
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; the page has no labels yet") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read as UTF-8 text ({error})") from None
    # Not splitlines: a line of a page may hold separators that are no line break here.
    first, *rows = content.replace("\r\n", "\n").removesuffix("\n").split("\n")
    stored = first.removeprefix(_HEADER) if first.startswith(_HEADER) else ""
    if not stored.isdecimal():
        raise DataError(f"{path}:1: the first row must be '{_HEADER}{SPLITTER_VERSION}'")
    return int(stored), rows


def _wrong_row(place: str, name: str, tab: str) -> str | None:
    if not tab:
        return f"{place}: no tab; each row is a label, a tab and the text"
    if name not in _KNOWN:
        return f"{place}: unknown label {name!r}; use one of {', '.join(LABELS)}"
    return None


def _read(path: Path, lines: Lines) -> tuple[list[str], list[str]]:
    """The labels in a file, and what is wrong with it."""
    try:
        splitter, rows = _rows(path)
    except DataError as error:
        return [], [str(error)]
    if splitter != lines.version:
        made_by = f"made by splitter {splitter}, this is splitter {lines.version}"
        return [], [f"{path}:1: {made_by}; carry the labels over with 'bench label migrate'"]
    names: list[str] = []
    problems: list[str] = []
    for number, (row, text) in enumerate(zip(rows, lines.texts, strict=False), start=2):
        name, tab, stored_text = row.partition("\t")
        names.append(name)
        if problem := _wrong_row(f"{path}:{number}", name, tab):
            problems.append(problem)
        elif stored_text != text:
            problems.append(
                f"{path}:{number}: the text is not that of the page, {_shown(text)}; "
                "restore it, only labels may be edited"
            )
            return names, problems  # after a row too many or too few, every row would differ
    return names, problems + _wrong_length(path, len(rows), lines)


def _wrong_length(path: Path, rows: int, lines: Lines) -> list[str]:
    if rows > len(lines):
        row = len(lines) + 2
        return [f"{path}:{row}: the page has only {len(lines)} lines; remove the rows from here on"]
    if rows < len(lines):
        following = _shown(lines.texts[rows])
        return [f"{path}:{rows + 1}: ends after {rows} of {len(lines)} lines; next is {following}"]
    return []


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…")
