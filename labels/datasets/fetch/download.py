"""Downloads that go on where they were cut off."""

import json
import logging
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pooch
import requests
from requests.adapters import BaseAdapter

from corpus import DataError
from corpus.files import write_atomically
from labels.datasets.fetch.publications import File

Progress = Callable[[int, int | None], None]
"""Told the bytes that are there and their total, None where the server does not tell it."""

ATTEMPTS = 4
FIRST_PAUSE = 1.0
"""Seconds before the second attempt; each further pause is twice as long."""
CHUNK = 1 << 18
"""Bytes that are read at once; of a chunk that was cut off nothing is kept."""
MOST_BYTES = 4 << 30
"""A file whose size is not published is refused from here on."""

_CONNECT, _READ = 10.0, 60.0
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_PASSING = {408, 425, 429}
_SERVER_ERROR = 500
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


def download(file: File, path: Path, progress: Progress) -> None:
    """Download a file to ``path``, unless it is there and has its checksum.

    What came of it before is kept in ``path`` with the suffix ``.part`` and gone on with, if the
    server still has the same file; there is nothing at ``path`` until all of it came.

    Raises:
        LostError: if the connection was lost again and again; another call goes on.
        DataError: if the address does not answer with the file, or if the checksum is another
            one; then the file is removed.
    """
    pooch.get_logger().setLevel(logging.WARNING)
    try:
        pooch.retrieve(
            file.url,
            known_hash=f"sha256:{file.sha256}" if file.sha256 else None,
            fname=path.name,
            path=path.parent,
            downloader=_Resuming(path.with_name(f"{path.name}.part"), file, progress),
        )
    except ValueError as error:  # what pooch says of a wrong checksum; it removed the file
        raise DataError(f"{file.url}: {str(error).partition('. ')[0]}") from None


class LostError(DataError):
    """Something that may go better the next time."""


_LOST = (
    LostError, requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError,
)  # fmt: skip


class _Session(requests.Session):
    """Asks over https alone, redirects included; over http on this machine."""

    def get_adapter(self, url: str) -> BaseAdapter:
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise DataError(f"{url}: not an https address")
        return super().get_adapter(url)


@dataclass
class _Resuming:
    """A downloader for `pooch`: a callable that gets an address and where the file goes."""

    part: Path
    file: File
    progress: Progress

    def __call__(self, url: str, output_file: str, _pooch: object) -> None:
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(FIRST_PAUSE * 2 ** (attempt - 1))
            try:
                with _Session() as session:
                    self._go_on(session, url)
            except _LOST as error:
                reason = _reason(error)
            except requests.RequestException as error:
                raise DataError(f"{url}: cannot be asked for ({error})") from None
            else:
                self.part.replace(output_file)
                self._seal.unlink(missing_ok=True)
                return
        kept = "what came is kept, fetch again to go on" if self.part.exists() else "fetch it later"
        raise LostError(f"{url}: {reason}, at the last of {ATTEMPTS} attempts; {kept}")

    @property
    def _seal(self) -> Path:
        """The file that tells by what the server knows the file that ``part`` is of."""
        return self.part.with_name(f"{self.part.name}.json")

    def _go_on(self, session: requests.Session, url: str) -> None:
        have, seal = self._kept(url)
        headers = {"User-Agent": "boilerbench", "Accept-Encoding": "identity"}
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": seal}
        with session.get(url, headers=headers, stream=True, timeout=(_CONNECT, _READ)) as response:
            have, total = self._size(response, have, seal)
            if not have:
                self._forget()
                self._write_seal(url, response)
            with self.part.open("ab") as out:
                for chunk in response.iter_content(CHUNK):
                    have += len(chunk)
                    if have > (self.file.size or MOST_BYTES):
                        self._forget()
                        raise DataError(f"{url}: more than {MOST_BYTES:,} bytes")
                    out.write(chunk)
                    if have != total:
                        self.progress(have, total)
        if total is not None and have != total:
            raise LostError(f"ended after {have:,} of {total:,} bytes")
        self.progress(have, have)

    def _size(self, response: requests.Response, have: int, seal: str) -> tuple[int, int | None]:
        """How many bytes need not come again, and how many there are in all."""
        total: int | None
        answer = f"answered {response.status_code} {response.reason}"
        if response.status_code == requests.codes.partial_content:
            found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
            if not found or int(found[1]) != have or _validator(response) not in {None, seal}:
                self._forget()
                raise LostError(f"{answer}, but not with the bytes that were asked for")
            total = int(found[2])
        elif response.status_code == requests.codes.ok:
            length = response.headers.get("Content-Length", "")
            have, total = 0, int(length) if length.isdecimal() else self.file.size
        elif response.status_code == requests.codes.requested_range_not_satisfiable:
            self._forget()
            raise LostError(answer)
        elif response.status_code in _PASSING or response.status_code >= _SERVER_ERROR:
            raise LostError(answer)
        else:
            raise DataError(f"{self.file.url}: {answer}")
        if self.file.size not in {None, total}:
            raise DataError(f"{self.file.url}: {total:,} bytes long, not {self.file.size:,}")
        if (total or 0) > (self.file.size or MOST_BYTES):
            raise DataError(f"{self.file.url}: more than {MOST_BYTES:,} bytes")
        return have, total

    def _kept(self, url: str) -> tuple[int, str]:
        """How many bytes of a file are there, and what the server calls it; 0 if it cannot."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            seal: dict[str, Any] = json.loads(self._seal.read_bytes())
            if seal["url"] == url:
                return self.part.stat().st_size, seal["validator"]
        return 0, ""

    def _write_seal(self, url: str, response: requests.Response) -> None:
        if validator := _validator(response):
            write_atomically(self._seal, json.dumps({"url": url, "validator": validator}))

    def _forget(self) -> None:
        self._seal.unlink(missing_ok=True)
        self.part.unlink(missing_ok=True)


def _validator(response: requests.Response) -> str | None:
    """What the server calls exactly this file; None if it does not."""
    etag = response.headers.get("ETag", "")
    if etag and not etag.startswith("W/"):  # a weak one is shared by files that are alike
        return etag
    return response.headers.get("Last-Modified")


def _reason(lost: Exception) -> str:
    if isinstance(lost, LostError):
        return str(lost)
    if isinstance(lost, requests.Timeout):
        return "no answer in time"
    return "the connection was lost or refused"
