"""Fetch public datasets from where their makers publish them, laid out to be imported.

Each of them is pinned to a revision. What came is compared with a digest that was computed from the
files themselves; where nobody here had them, with what came first.
"""

import hashlib
import json
import shlex
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from corpus import DataError
from corpus.files import parse_json, write_atomically, written_atomically
from labels.datasets.fetch.publications import Publication, find_publication, read_publications

RECORD = ".fetched.json"
"""The record of what was fetched into a folder; importers look past files named with a dot."""
Progress = Callable[[str, int, int | None], None]
"""Called with what is downloaded, the bytes that are there, and their total if it is known."""


@dataclass(frozen=True, slots=True)
class Record:
    """The files of a dataset that were fetched into a folder."""

    dataset: str
    urls: list[str]
    content: str
    """Digest of all files, see `content_digest`."""
    files: dict[str, str]
    """Path of each file below the folder, with slashes, and its sha256."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A public dataset whose files are in place."""

    publication: Publication
    path: Path
    files: int
    content: str
    """Digest of all files, see `content_digest`."""
    is_new: bool
    """False if everything was in place already, and nothing was downloaded."""

    @property
    def next_command(self) -> str:
        """The command that imports it."""
        name, path = self.publication.name, str(self.path)
        return shlex.join(["bench", "dataset", "import", name, path, "-o", f"{path}-dataset"])


def fetch(
    name: str,
    out: Path,
    *,
    accept_licence: bool = False,
    sources: Mapping[str, Publication] | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Fetched:
    """Download a public dataset into a folder that `bench dataset import` reads.

    All of it or nothing is put in place. Where everything is in place already, nothing is
    requested. What was cut off is kept beside the folder, and the next call resumes it.

    Raises:
        DataError: if there is no such dataset, if it cannot be fetched or its licence was not
            accepted (then nothing is requested), if ``out`` holds something else, if the download
            fails, or if what came is not what is pinned.
    """
    publication = find_publication(name, read_publications() if sources is None else sources)
    if publication.by_hand:
        raise DataError(f"{name} is not fetched: {publication.by_hand}")
    if publication.consent and not accept_licence:
        raise DataError(
            f"{name}: licence {publication.licence}: {publication.terms}; see {publication.home}, "
            "and add --accept-licence if you may use it and keep to that"
        )
    before = _read_record(out)
    if before is not None:
        if (before.dataset, before.urls) != (name, publication.urls):
            raise DataError(
                f"{out}: holds {before.dataset} from other addresses; choose another folder"
            )
        if _is_whole(before, out):
            return Fetched(publication, out, len(before.files), before.content, is_new=False)
    downloads = out.parent / f".{out.name}.download"
    came = _download(publication, downloads, progress)
    try:
        with written_atomically(out) as work:
            record = _put_in_place(publication, came, work)
            _refuse_other_content(publication, record, before, out)
            _refuse_other_layout(publication, work)
            text = json.dumps(asdict(record), indent=1, ensure_ascii=False)
            write_atomically(work / RECORD, f"{text}\n")
    except DataError as error:
        shutil.rmtree(downloads)
        raise DataError(f"{name}: {error}; see {publication.home}") from None
    shutil.rmtree(downloads)
    return Fetched(publication, out, len(record.files), record.content, is_new=True)


def _download(publication: Publication, folder: Path, progress: Progress) -> list[Path]:
    """Download all files of a dataset into a folder, and return where each of them is."""
    from labels.datasets.fetch.download import LostError, download

    folder.mkdir(parents=True, exist_ok=True)
    came = []
    for number, file in enumerate(publication.files, start=1):
        path = folder / f"{number}-{Path(file.url).name}"
        what = f"{publication.name}, file {number} of {len(publication.files)} (bytes)"
        try:
            download(file, path, partial(progress, what))
        except DataError as error:
            with suppress(OSError):  # what came before is kept
                folder.rmdir()
            is_lost = isinstance(error, LostError)
            remedy = "" if is_lost else f"; see {publication.home} for where it is now"
            raise DataError(f"{publication.name}: {error}{remedy}") from None
        came.append(path)
    return came


def _put_in_place(publication: Publication, came: list[Path], work: Path) -> Record:
    from labels.datasets.fetch.unpack import unpack

    for file, path in zip(publication.files, came, strict=True):
        if file.place is None:
            unpack(path, work, file.take)
        else:
            path.replace(work / file.place)
    files = digest_files(work)
    return Record(publication.name, publication.urls, content_digest(files), files)


def _refuse_other_content(
    publication: Publication, record: Record, before: Record | None, out: Path
) -> None:
    """Compare what came with what is pinned, and with what came first."""
    found = content_digest(record.files, publication.content_of)
    if publication.content not in {None, found}:
        raise DataError(
            f"the content is not what is pinned: expected sha256 {publication.content}, obtained "
            f"{found}; nothing of it was kept"
        )
    if before is not None and before.content != record.content:
        raise DataError(
            f"the content is not what came first: recorded sha256 {before.content} in "
            f"{out / RECORD}, obtained {record.content}; nothing of it was kept"
        )


def _refuse_other_layout(publication: Publication, work: Path) -> None:
    from labels.datasets.importing import load_importer

    try:
        load_importer(publication.name).find(work)
    except DataError as error:
        reason = str(error).removeprefix(f"{work}: ")
        raise DataError(f"what came is not laid out as the importer reads it ({reason})") from None


def digest_files(folder: Path) -> dict[str, str]:
    """Compute the sha256 of each file below a folder by its path there, the record aside."""
    from pooch import file_hash

    return {
        path.relative_to(folder).as_posix(): file_hash(str(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != RECORD
    }


def content_digest(files: Mapping[str, str], parts: Iterable[str] = ("",)) -> str:
    """Compute one sha256 over files, whatever archive they came in.

    It is that of the lines "SHA256  PATH", sorted by path and joined by line feeds, over the
    files whose path begins with one of ``parts``; of no files, that of an empty text.
    """
    beginnings = tuple(parts)
    lines = [f"{files[path]}  {path}" for path in sorted(files) if path.startswith(beginnings)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _read_record(folder: Path) -> Record | None:
    """The record of what a folder holds; None if it is empty or not there."""
    path = folder / RECORD
    if path.is_file():
        try:
            return Record(**parse_json(path.read_bytes()))
        except (ValueError, TypeError) as error:
            raise DataError(
                f"{path}: damaged ({error}); move the folder away to fetch again"
            ) from None
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise DataError(f"{folder}: holds something that was not fetched; choose another folder")
    return None


def _is_whole(record: Record, folder: Path) -> bool:
    """Whether a folder still has all files of its record; one that was changed or added stays."""
    found = digest_files(folder)
    foreign = [path for path, digest in found.items() if record.files.get(path) != digest]
    if foreign:
        raise DataError(
            f"{folder / foreign[0]}: not as it was fetched ({len(foreign):,} such files); move "
            "the folder away to fetch again"
        )
    return len(found) == len(record.files)
