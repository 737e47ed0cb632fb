"""Read pages from where they are: URLs, files, standard input, archives."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from corpus.acquire.capture import MOST_BYTES, Capture, Refusal
from corpus.acquire.fetch import fetch
from corpus.acquire.warc import is_warc, read_warc
from corpus.errors import DataError

STDIN = "-"
_HEAD = 1 << 12  # bytes by which an archive is recognised


def captures(
    source: str,
    stdin: BinaryIO,
    *,
    wanted: str | None = None,
    left_out: Counter[str] | None = None,
    fetch: Callable[[str], Capture] = fetch,
) -> Iterator[Capture | Refusal]:
    """Read the pages of a source: a URL, a file, ``-`` for standard input, or a WARC archive.

    What cannot be read comes as a refusal. ``wanted`` and ``left_out`` are those of
    `corpus.acquire.warc.read_warc`.
    """
    try:
        if source == STDIN:
            _refuse_filter(wanted)
            yield Capture(source, stdin.read(MOST_BYTES + 1))
        elif "://" in source:
            _refuse_filter(wanted)
            yield fetch(source)
        else:
            yield from _file(Path(source), wanted, Counter() if left_out is None else left_out)
    except DataError as error:
        yield Refusal(source, str(error).removeprefix(f"{source}: "))
    except OSError as error:
        yield Refusal(source, f"cannot be read ({error.strerror or error})")


def _file(path: Path, wanted: str | None, left_out: Counter[str]) -> Iterator[Capture | Refusal]:
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if not is_warc(head):
            _refuse_filter(wanted)
            yield Capture(str(path), head + file.read(MOST_BYTES + 1 - len(head)))
            return
    yield from read_warc(path, wanted, left_out)


def _refuse_filter(wanted: str | None) -> None:
    if wanted is not None:
        raise DataError("not a WARC archive, which is all that --filter chooses from")
