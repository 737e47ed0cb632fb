"""Fetch public datasets from where their makers publish them, laid out to be imported.

Each of them is pinned to a revision. A file is compared with its published checksum, or what is
in it with a digest of its content; where there is neither, with what came first.
"""

import shlex
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from corpus import DataError
from corpus.files import written_atomically
from labels.datasets.fetch.fetch_record import (
    RECORD,
    Record,
    content_digest,
    digest_files,
    is_whole,
    read_record,
    write_record,
)
from labels.datasets.fetch.publications import (
    Publication,
    find_publication,
    read_publications,
)

Progress = Callable[[str, int, int | None], None]
"""Called with what is downloaded, the bytes that are there, and their total if it is known."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A public dataset whose files are in place."""

    publication: Publication
    path: Path
    files: int
    content: str
    """Digest of all files, see `labels.datasets.fetch.fetch_record.content_digest`."""
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
    urls = [file.url for file in publication.files]
    before = read_record(out)
    if before is not None:
        if (before.dataset, before.urls) != (name, urls):
            raise DataError(
                f"{out}: holds {before.dataset} from other addresses; choose another folder"
            )
        if is_whole(before, out):
            return Fetched(publication, out, len(before.files), before.content, is_new=False)
    downloads = out.parent / f".{out.name}.download"
    came = _download(publication, downloads, progress)
    try:
        with written_atomically(out) as work:
            _lay_out(publication, came, work)
            files = digest_files(work)
            record = Record(name, urls, content_digest(files), files)
            _refuse_other_content(publication, record, before, out)
            write_record(record, work)
    except DataError as error:
        shutil.rmtree(downloads)
        raise DataError(f"{name}: {error}; see {publication.home}") from None
    shutil.rmtree(downloads)
    return Fetched(publication, out, len(files), record.content, is_new=True)


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


def _lay_out(publication: Publication, came: list[Path], work: Path) -> None:
    """Put what came where its importer finds it."""
    from labels.datasets.fetch.unpack import unpack
    from labels.datasets.importing import load_importer

    for file, path in zip(publication.files, came, strict=True):
        if file.place is None:
            unpack(path, work, file.take)
        else:
            path.replace(work / file.place)
    try:
        load_importer(publication.name).find(work)
    except DataError as error:
        reason = str(error).removeprefix(f"{work}: ")
        raise DataError(f"what came is not laid out as the importer reads it ({reason})") from None


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
