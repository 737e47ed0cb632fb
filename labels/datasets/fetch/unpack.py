"""Unpack from archives the files that are wanted, and nothing else.

Only the content of regular files is used, never the modes, owners or links of an archive.
"""

import gzip
import lzma
import shutil
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from corpus import DataError

MOST_BYTES = 4 << 30
"""An archive that unpacks to more is refused, whatever of it is wanted."""

_BROKEN = (tarfile.TarError, gzip.BadGzipFile, lzma.LZMAError, zlib.error, EOFError)


def unpack(archive: Path, out: Path, take: Mapping[str, str]) -> None:
    """Write what is wanted of a tar archive, compressed or not, below a folder.

    ``take`` is that of `labels.datasets.fetch.File`.

    Raises:
        DataError: if the archive is damaged or unpacks to more, if a name in it is absolute or
            leads out of its folder, or if something wanted is a link, a device, there twice or
            has a name that is no UTF-8.
    """
    remaining = MOST_BYTES
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                remaining -= member.size
                if remaining < 0:
                    raise DataError(f"{archive.name} unpacks to more than {MOST_BYTES:,} bytes")
                place = _place(member.name, take)
                if place is None or member.isdir():
                    continue
                place.encode()  # a name that cannot be printed is refused
                content = tar.extractfile(member) if member.isreg() else None
                if content is None:
                    raise DataError(f"{archive.name} has a link or a device, {member.name!r}")
                target = out / place
                target.parent.mkdir(parents=True, exist_ok=True)
                with content, target.open("xb") as file:
                    shutil.copyfileobj(content, file)
    except UnicodeEncodeError:
        raise DataError(f"{archive.name} has a name that is no UTF-8, {member.name!r}") from None
    except FileExistsError:
        raise DataError(f"{archive.name} has a file twice, {member.name!r}") from None
    except _BROKEN:
        raise DataError(f"{archive.name} is damaged, or no tar archive") from None


def _place(name: str, take: Mapping[str, str]) -> str | None:
    """Where a member belongs; None if it is not wanted."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise DataError(f"the archive has a name that leads elsewhere, {name!r}")
    inner = "/".join(path.parts[1:])
    for wanted, place in take.items():
        if inner == wanted:
            return place
        if wanted.endswith("/") and inner.startswith(wanted):
            return place + inner.removeprefix(wanted)
    return None
