"""Import public datasets into dataset folders."""

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

from corpus import DataError, clean
from corpus.workers import Failure, Workers
from labels.datasets import importers as package
from labels.datasets.dataset import Dataset, write_dataset
from labels.datasets.importers._records import (
    ImportedPage,
    Importer,
    RecordError,
    SourceRecord,
    Unread,
    unread,
)
from labels.datasets.manifest import Ceiling
from labels.labelled_page import LabelledPage

TIME_LIMIT = 120.0
"""Seconds that reading one record may take; the slowest real one seen takes one."""

_TOGETHER = 4  # records sent at once, which costs less where they are small
_UNSAFE = re.compile(r"""[\s/\\:*?"<>|\x00-\x1f\x7f-\x9f]+""")
_LONGEST_ID = 110
_REASONS = {
    "error": "failed ({failure.error})",
    "timeout": "took longer than {limit:g} s",
    "crash": "ended the process (exit code {failure.exit_code})",
    "broken": "broke the pool of processes",
    "unloaded": "could not begin ({failure.error})",
}


def importers() -> list[str]:
    """List the names of all importers; what begins with an underscore is shared by some."""
    names = (module.name for module in pkgutil.iter_modules(package.__path__))
    return sorted(name for name in names if not name.startswith("_"))


def load_importer(name: str) -> Importer:
    """Load the importer of that name.

    Raises:
        DataError: if there is none.
    """
    if name not in importers():
        raise DataError(f"no importer {name!r}; there are {', '.join(importers())}")
    return cast("Importer", importlib.import_module(f"{package.__name__}.{name}"))


def import_dataset(
    name: str,
    path: Path,
    out: Path,
    *,
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
    ceiling: Ceiling | None = None,
) -> Dataset:
    """Import a public dataset from its own layout at ``path`` into a dataset folder ``out``.

    Records are read in ``jobs`` other processes, in their order. Those that cannot be read are
    listed in the manifest, and the import goes on. ``progress`` is called with the number of
    records done and of all records; ``ceiling`` measures the projection ceiling.

    Raises:
        DataError: if ``path`` is not laid out like this dataset, or no record could be read.
    """
    importer = load_importer(name)
    reads_files = getattr(importer, "READS_FILES", False)
    if not path.is_dir() and not (reads_files and path.is_file()):
        raise DataError(f"{path}: no such {'file or folder' if reads_files else 'folder'}")
    source = importer.find(path)
    total = len(source.records)
    left_out = [unread(place, reason) for place, reason in source.unread]
    reserved = set(source.reserved_sites)
    remarks = Counter(source.remarks)

    def pages() -> Iterator[LabelledPage]:
        is_empty = True
        for done, outcome in enumerate(outcomes, start=1):
            progress(done, total)
            if not isinstance(outcome, ImportedPage):
                left_out.append(outcome)
                continue
            page = outcome.labelled.page
            if page.split == "test" and page.site is not None:
                reserved.add(page.site)
            remarks.update(outcome.remarks)
            is_empty = False
            yield outcome.labelled
        if is_empty and left_out:
            place, reason = left_out[0]
            raise DataError(
                f"{path}: no page could be read; the first of {len(left_out):,} failures is "
                f"{place}: {reason}"
            )

    with closing(
        read_all(f"{package.__name__}.{name}", with_ids(source.records), jobs)
    ) as outcomes:
        return write_dataset(
            out,
            pages(),
            name=source.name or name,
            licence=importer.LICENCE,
            description=importer.DESCRIPTION,
            reserved_sites=reserved,
            unreadable=left_out,
            remarks=remarks,
            ceiling=ceiling,
        )


def with_ids(records: Iterable[SourceRecord]) -> Iterator[SourceRecord]:
    """Derive an id from the name of each record: safe as a file's name, and unique.

    A safe name is the id; where ids would repeat, the later ones are numbered.
    """
    seen: set[str] = set()
    numbers: dict[str, int] = {}
    for record in records:
        safe = _UNSAFE.sub("-", clean(record.name)).strip("-.")[:_LONGEST_ID] or "page"
        page_id = safe
        while page_id in seen:
            numbers[safe] = numbers.get(safe, 1) + 1
            page_id = f"{safe}~{numbers[safe]}"
        seen.add(page_id)
        yield replace(record, id=page_id)


def read_all(
    module: str, records: Iterable[SourceRecord], jobs: int
) -> Generator[ImportedPage | Unread, None, None]:
    """Read records with the importer in a module, in their order, in ``jobs`` other processes.

    A record that ends its process, takes longer than the time limit, or fails in any other way, is
    reported like one that cannot be read. Processes start the way that is the platform's own: on
    Linux, the program that imports a dataset need not be one that they can load again.
    """
    with Workers(partial(_load_reader, module), jobs=jobs) as workers:
        for task in workers.map(records, seconds=TIME_LIMIT, together=_TOGETHER):
            if isinstance(task.outcome, Failure):
                reason = _REASONS[task.outcome.kind].format(failure=task.outcome, limit=TIME_LIMIT)
                yield unread(task.item.place, f"reading it {reason}")
            else:
                yield task.outcome


def _load_reader(module: str) -> Callable[[SourceRecord], ImportedPage | Unread]:
    return partial(read_record, importlib.import_module(module), module.rpartition(".")[2])


def read_record(importer: Importer, name: str, record: SourceRecord) -> ImportedPage | Unread:
    """Read a record with the importer of that name, or report why it cannot be read."""
    try:
        read = importer.read(record)
    except RecordError as error:
        return unread(error.place, error.reason)
    except DataError as error:
        place, _, reason = str(error).partition(": ")
        return unread(place, reason)
    imported = read if isinstance(read, ImportedPage) else ImportedPage(read)
    page = imported.labelled.page
    page = replace(page, source=page.source or name, licence=page.licence or importer.LICENCE)
    return replace(imported, labelled=replace(imported.labelled, page=page))
