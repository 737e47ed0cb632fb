"""Importers of public datasets, one module each; the module's name is the dataset's name."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, cast

from corpus import DataError
from labels.dataset import Dataset, write_dataset
from labels.labelled import LabelledPage
from labels.manifest import Ceiling


class Importer(Protocol):
    """What a module in this package offers."""

    LICENCE: str
    DESCRIPTION: str

    def find(self, path: Path) -> "Source":
        """List the records below a folder, without reading the pages.

        Raises:
            DataError: if the folder is not laid out like this dataset.
        """
        ...

    def read(self, record: Any) -> LabelledPage:
        """Read one record; runs in another process.

        Raises:
            DataError: if the record cannot be read; it is reported and counted.
        """
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """The records of a public dataset, and what is known of it as a whole.

    A record is anything that can be pickled and is enough for `Importer.read`.
    """

    records: list[Any]
    reserved_sites: tuple[str, ...] = ()


def importers() -> list[str]:
    """Names of all importers; what begins with an underscore is shared by some of them."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name for name in names if not name.startswith("_"))


def load_importer(name: str) -> Importer:
    """The importer of that name.

    Raises:
        DataError: if there is none.
    """
    if name not in importers():
        raise DataError(f"no importer {name!r}; there are {', '.join(importers())}")
    return cast("Importer", importlib.import_module(f"{__name__}.{name}"))


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

    Records that cannot be read are listed in the manifest, and the import goes on.
    ``progress`` is called with the records done and their total; ``ceiling`` measures the
    projection ceiling.
    """
    importer = load_importer(name)
    if not path.is_dir():
        raise DataError(f"{path}: no such folder")
    source = importer.find(path)
    unreadable: list[tuple[str, str]] = []
    reserved = set(source.reserved_sites)

    def pages() -> Iterator[LabelledPage]:
        work = ((name, record) for record in source.records)
        for done, outcome in enumerate(_map(work, jobs), start=1):
            progress(done, len(source.records))
            if isinstance(outcome, LabelledPage):
                if outcome.page.split == "test" and outcome.page.site is not None:
                    reserved.add(outcome.page.site)
                yield outcome
            else:
                unreadable.append(outcome)

    return write_dataset(
        out,
        pages(),
        name=name,
        licence=importer.LICENCE,
        description=importer.DESCRIPTION,
        reserved_sites=reserved,
        unreadable=unreadable,
        ceiling=ceiling,
    )


_AT_ONCE = 64


def _map(work: Iterator[tuple[str, Any]], jobs: int) -> Iterable[LabelledPage | tuple[str, str]]:
    """Read records in order, in parallel, with few of them in memory at a time."""
    if jobs == 1:
        yield from map(_read, work)
        return
    with ProcessPoolExecutor(jobs) as pool:
        while batch := list(islice(work, _AT_ONCE * jobs)):
            yield from pool.map(_read, batch, chunksize=8)


def _read(work: tuple[str, Any]) -> LabelledPage | tuple[str, str]:
    name, record = work
    try:
        return load_importer(name).read(record)
    except DataError as error:
        place, _, reason = str(error).partition(": ")
        return place, reason
