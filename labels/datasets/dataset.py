"""Open and write datasets: the starter corpus, other labelled corpora, Parquet folders.

A labelled corpus is a folder with ``pages`` and ``gold``, see `labels.folder`. A stored
dataset is a folder that ``datasets.load_dataset`` opens as it is: ``data-*.parquet`` with a row a
page, ``README.md`` (the dataset card) and ``dataset.json`` (the manifest).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from corpus import SPLITTER_VERSION, DataError, Page
from corpus.files import read_text, write_atomically, written_atomically
from labels.datasets.dataset_card import dataset_card
from labels.datasets.manifest import NO_SPLIT, Ceiling, Manifest, Tally, by_size
from labels.datasets.parquet import read_shards, shards, write_shards
from labels.folder import STARTER_FOLDERS, Folders
from labels.label_file import read_labels, read_stored_labels
from labels.labelled_page import LabelledPage

STARTER = STARTER_FOLDERS.name
MANIFEST = "dataset.json"


@dataclass(frozen=True, slots=True)
class Dataset:
    """Labelled pages that can be iterated again and again.

    ``path`` is the dataset's folder, None for the starter corpus. ``folders`` are those of a corpus
    labelled by hand, None for a stored dataset.
    """

    manifest: Manifest
    path: Path | None = None
    folders: Folders | None = None
    default_split: str | None = None
    """The split that is run by default; None means all pages."""

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.manifest.name

    def pages(self, split: str | None = None) -> Iterator[LabelledPage]:
        """Iterate over the pages, of one split or all (also 'all'), a few in memory at a time.

        Raises:
            DataError: if there is no page in ``split``, a shard is damaged, or a label file is not
                that of its page.
        """
        chosen = split and self.choose_split(split)
        return self._read(lambda page: chosen in {None, page.split or NO_SPLIT})

    def _read(self, wanted: Callable[[Page], bool]) -> Iterator[LabelledPage]:
        if self.folders is None:
            return (read for read in read_shards(Path(self.location)) if wanted(read.page))
        return (
            LabelledPage(page, lines.texts, read_labels(self.folders.gold_of(page.id), lines))
            for page in self.folders.read()
            if wanted(page) and self.folders.gold_of(page.id).exists()
            for lines in (page.lines(),)
        )

    def page(self, page_id: str) -> LabelledPage:
        """Read one page by its id.

        Raises:
            DataError: if there is none.
        """
        for labelled in self._read(lambda page: page.id == page_id):
            return labelled
        raise DataError(f"dataset {self.name} has no page {page_id!r}")

    def choose_split(self, name: str | None) -> str | None:
        """Return the split of that name; None for 'all', the dataset's default for None.

        Raises:
            DataError: if there is no such split.
        """
        if name is None or name == "all":
            return None if name else self.default_split
        if name not in (splits := self.manifest.splits):
            raise DataError(
                f"dataset {self.name} has no split {name!r}; it has {', '.join(splits)}"
            )
        return name

    @property
    def location(self) -> str:
        """The name or folder that `open_dataset` opens."""
        return self.name if self.path is None else str(self.path)

    @property
    def training_split(self) -> str | None:
        """The split to train on, never 'test'; None for all pages where none is a test page."""
        splits = list(self.manifest.splits)
        others = [split for split in splits if split != "test"]
        if splits == [NO_SPLIT] or len(others) == len(splits) > 1:
            return None
        if not others:
            raise DataError(f"dataset {self.name} has test pages alone; they are not trained on")
        return next((split for split in ("train", "dev") if split in others), others[0])


def open_dataset(name: str) -> Dataset:
    """Open the starter corpus by its name, another dataset by its folder.

    Raises:
        DataError: if there is no such dataset, or it was built by another splitter.
    """
    if name == STARTER:
        about = "Original pages written for this kit, with a label for every line."
        return Dataset(_count(STARTER_FOLDERS, about), None, STARTER_FOLDERS, "test")
    path = Path(name)
    if (folders := Folders.under(path)).index.exists():
        manifest = _count(folders, "Pages labelled line by line.")
        if not manifest.pages:
            raise DataError(f"{path}: no page is labelled yet; label one with 'bench label edit'")
        return Dataset(manifest, path, folders)
    if not path.is_dir():
        raise DataError(f"no dataset {name!r}; use '{STARTER}' or the folder of an imported one")
    try:
        manifest = Manifest.from_json(read_text(path / MANIFEST))
    except FileNotFoundError:
        raise DataError(
            f"{path}: not a dataset (no {MANIFEST}); make one with 'bench dataset import'"
        ) from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DataError(f"{path / MANIFEST}: damaged ({error}); import the dataset again") from None
    if manifest.splitter != SPLITTER_VERSION:
        raise DataError(
            f"{path}: built by splitter {manifest.splitter}, this is splitter "
            f"{SPLITTER_VERSION}; import the dataset again"
        )
    if not shards(path):
        raise DataError(f"{path}: no Parquet files in it; import the dataset again")
    return Dataset(manifest, path)


def _count(folders: Folders, description: str) -> Manifest:
    """Count a corpus by its label files, without splitting its pages into lines."""
    tally, unlabelled = Tally(), 0
    for page in folders.read():
        if (path := folders.gold_of(page.id)).exists():
            stored = read_stored_labels(path, SPLITTER_VERSION)
            tally.add(LabelledPage(page, stored.texts, stored.labels))
        else:
            unlabelled += 1
    return Manifest(
        name=folders.name,
        licence=folders.licence or "as each page says",
        description=description,
        remarks={"pages not labelled yet, left out": unlabelled} if unlabelled else {},
        **tally.counted(),
    )


def write_dataset(
    out: Path,
    pages: Iterable[LabelledPage],
    *,
    name: str,
    licence: str,
    description: str,
    reserved_sites: Collection[str] = (),
    unreadable: Sequence[tuple[str, str]] = (),
    remarks: Mapping[str, int] = MappingProxyType({}),
    ceiling: Ceiling | None = None,
) -> Dataset:
    """Write a dataset folder, whole or not at all; one that stands there is replaced.

    ``pages`` is consumed as a stream; ``reserved_sites``, ``unreadable`` and ``remarks`` may grow
    while it is. ``ceiling`` measures the projection ceiling, which is None without it.

    Raises:
        DataError: if ``out`` holds something that is not a dataset, or ids repeat.
    """
    if out.exists() and not _is_replaceable(out):
        raise DataError(f"{out}: holds something else than a dataset; choose another folder")
    with written_atomically(out) as work:
        tally = Tally(ceiling)
        write_shards(work, map(tally.add, pages))
        manifest = Manifest(
            name=name,
            licence=licence,
            description=description,
            reserved_sites=tuple(sorted(reserved_sites)),
            unreadable=tuple(unreadable),
            remarks=by_size(remarks),
            **tally.counted(),
        )
        write_atomically(work / "README.md", dataset_card(manifest))
        write_atomically(work / MANIFEST, manifest.to_json())
    return Dataset(manifest, out)


def _is_replaceable(out: Path) -> bool:
    """Find out whether a folder is empty, or has a dataset and nothing else."""
    if not out.is_dir():
        return False
    others = {path.name for path in out.iterdir()} - {path.name for path in shards(out)}
    return not others or others == {MANIFEST, "README.md"}
