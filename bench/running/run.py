"""Define what a run is: what one extractor kept on one dataset, failures included."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bench.extractors.extractor import SAFE_NAME
from corpus import DataError
from corpus.wording import plural, shortened

FORMAT = 1
SUFFIX = ".jsonl"

Status = Literal["ok", "empty", "error", "timeout", "crash", "memory", "skipped"]
STATUSES: tuple[Status, ...] = get_args(Status)
"""Anything but ``ok`` counts as keeping nothing."""

_BROKEN = frozenset(STATUSES) - {"ok", "empty", "skipped"}
_REASON = 160  # characters of an error that are shown


@dataclass(frozen=True, slots=True)
class RunHeader:
    """Describe what was run on what. Another tool's file may lack all but the extractor."""

    extractor: str
    version: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    dataset: str | None = None
    split: str | None = None
    fingerprint: str | None = None
    """Of the dataset."""
    splitter: int | None = None
    """Version of the splitter."""
    kit: str | None = None
    """Version of this kit."""
    machine: str | None = None
    seed: int | None = None
    time: str | None = None
    """When the run began, ISO 8601, UTC."""
    out_of_fold: bool = False
    """Whether each page was kept by a model that was not fitted to its site."""
    leak_safe: bool = False
    """Whether pages that another split has were left out, see `labels.datasets.checks`."""

    def identity(self) -> str:
        """Join what must be equal for a run to be resumed."""
        names = ("extractor", "version", "options", "fingerprint", "split", "splitter")
        values = {name: getattr(self, name) for name in (*names, "out_of_fold", "leak_safe")}
        return json.dumps(values, sort_keys=True, default=str)


@dataclass(frozen=True, slots=True)
class RunRow:
    """What an extractor kept of one page: ``text`` or ``kept`` if and only if it is ``ok``."""

    id: str
    status: Status
    text: str | None = None
    kept: NDArray[np.bool_] | None = None
    """Which of the page's n lines are kept, shape (n,)."""
    coverage: NDArray[np.float32] | None = None
    """Share of each line that ``text`` holds, shape (n,); None if it is not known."""
    seconds: float | None = None
    """Wall time of the call, decoding included; None where it did not return."""
    peak_mb: float | None = None
    """Peak resident memory of the process during the call, MiB; None if it is not known."""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Hold a run: its header, and its rows by the ids of their pages."""

    header: RunHeader
    rows: dict[str, RunRow]
    display_name: str | None = None
    """Distinguishes it from other runs of its extractor; see `read_runs`."""

    @property
    def name(self) -> str:
        """Its name in tables: that of its extractor, as a rule."""
        return self.display_name or self.header.extractor


def first_failures(runs: Iterable[Run]) -> Iterator[str]:
    """Yield a sentence for each run in which an extractor broke: how often, where first, why.

    So too for pages that an extractor looked at and skipped, for want of a package.
    """
    for run in runs:
        rows = sorted(run.rows.values(), key=lambda row: row.id)
        skipped = [row for row in rows if row.status == "skipped" and row.seconds is not None]
        broken = [row for row in rows if row.status in _BROKEN]
        for verb, found in (("failed on", broken), ("skipped", skipped)):
            if found:
                reason = shortened(found[0].error or found[0].status, _REASON)
                pages = plural(len(found), "page")
                yield f"{run.name} {verb} {pages}; on {found[0].id}: {reason}"


def run_path(folder: Path, extractor: str) -> Path:
    """Return the path of an extractor's run in a folder.

    Raises:
        DataError: if the name is not safe as a file's name.
    """
    if not SAFE_NAME.fullmatch(extractor):
        raise DataError(
            f"extractor name {extractor!r} is not safe as a file's name; choose another"
        )
    return folder / f"{extractor}{SUFFIX}"
