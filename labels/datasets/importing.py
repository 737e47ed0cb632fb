"""Import public datasets into dataset folders."""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

from corpus import DataError
from labels.datasets import importers as package
from labels.datasets.dataset import Dataset, write_dataset
from labels.datasets.importers._processes import read_all
from labels.datasets.importers._records import (
    Importer,
    Reading,
    unread,
)
from labels.datasets.manifest import Ceiling
from labels.labelled_page import LabelledPage


def importers() -> list[str]:
    """Names of all importers; what begins with an underscore is shared by some of them."""
    names = (module.name for module in pkgutil.iter_modules(package.__path__))
    return sorted(name for name in names if not name.startswith("_"))


def load_importer(name: str) -> Importer:
    """The importer of that name.

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
    listed in the manifest, and the import goes on. ``progress`` is called with the records done
    and their total; ``ceiling`` measures the projection ceiling.

    Raises:
        DataError: if ``path`` is not laid out like this dataset, or no record could be read.
    """
    importer = load_importer(name)
    if not path.is_dir():
        raise DataError(f"{path}: no such folder")
    source = importer.find(path)
    total = len(source.records)
    left_out = [unread(place, reason) for place, reason in source.unread]
    reserved = set(source.reserved_sites)
    remarks: Counter[str] = Counter()

    def pages() -> Iterator[LabelledPage]:
        is_empty = True
        for done, outcome in enumerate(outcomes, start=1):
            progress(done, total)
            if isinstance(outcome, Reading):
                page = outcome.labelled.page
                if page.split == "test" and page.site is not None:
                    reserved.add(page.site)
                remarks.update(outcome.remarks)
                is_empty = False
                yield outcome.labelled
            else:
                left_out.append(outcome)
        if is_empty and left_out:
            place, reason = left_out[0]
            raise DataError(
                f"{path}: no page could be read; the first of {len(left_out):,} failures is "
                f"{place}: {reason}"
            )

    with closing(read_all(f"{package.__name__}.{name}", source.records, jobs)) as outcomes:
        return write_dataset(
            out,
            pages(),
            name=name,
            licence=importer.LICENCE,
            description=importer.DESCRIPTION,
            reserved_sites=reserved,
            unreadable=left_out,
            remarks=remarks,
            ceiling=ceiling,
        )
