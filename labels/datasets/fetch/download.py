"""Downloads that resume where they were cut off."""

import json
import logging
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pooch
import requests
from requests.adapters import BaseAdapter

from corpus import DataError
from corpus.files import parse_json, write_atomically
from labels.datasets.fetch.publications import File

Progress = Callable[[int, int | None], None]
"""Called with the bytes that are there and their total, None where the server does not state it."""

ATTEMPTS = 4
FIRST_PAUSE = 1.0
"""Seconds before the second attempt; each further pause is twice as long."""
CHUNK = 1 << 18
"""Bytes that are read at once; of a chunk that was cut off nothing is kept."""
MOST_BYTES = 4 << 30
"""A file whose size is not published is refused from here on."""

_CONNECT, _READ = 10.0, 60.0
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_TEMPORARY = {408, 416, 425, 429, *range(500, 600)}
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


class LostError(DataError):
    """A download failed in a way that may go better the next time."""


def download(file: File, path: Path, progress: Progress) -> None:
    """Download a file to ``path``, unless it is there and has its checksum.

    An incomplete download is kept in ``path`` with the suffix ``.part`` and resumed, if the server
    still has the same file; there is nothing at ``path`` until all of it came.

    Raises:
        LostError: if the connection was lost again and again; another call resumes.
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
            downloader=_Resuming(file, path, progress),
        )
    except ValueError as error:  # pooch found a wrong checksum, and removed the file
        raise DataError(f"{file.url}: {str(error).partition('. ')[0]}") from None


class _Session(requests.Session):
    """Allows https alone, also in redirects, but http on this machine."""

    def get_adapter(self, url: str) -> BaseAdapter:
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise DataError(f"{url}: not an https address")
        return super().get_adapter(url)


class _Resuming:
    """What `pooch` downloads with; an incomplete file is kept beside a note of what it is of."""

    def __init__(self, file: File, path: Path, progress: Progress) -> None:
        self.file, self.progress = file, progress
        self.limit = file.size or MOST_BYTES
        self.part = path.with_name(f"{path.name}.part")
        self.note = path.with_name(f"{path.name}.part.json")

    def __call__(self, url: str, output_file: str, _pooch: object) -> None:
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(FIRST_PAUSE * 2 ** (attempt - 1))
            try:
                with _Session() as session:
                    self._resume(session)
            except LostError as error:
                reason = str(error)
            except requests.Timeout:
                reason = "no answer in time"
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
                reason = "the connection was lost or refused"
            except requests.RequestException as error:
                raise DataError(f"{url}: cannot be requested ({error})") from None
            else:
                self.part.replace(output_file)
                self.note.unlink(missing_ok=True)
                return
        kept = "what came is kept, fetch again to go on" if self.part.exists() else "fetch it later"
        raise LostError(f"{url}: {reason}, at the last of {ATTEMPTS} attempts; {kept}")

    def _resume(self, session: requests.Session) -> None:
        have, validator = self._kept()
        headers = {"User-Agent": "boilerbench", "Accept-Encoding": "identity"}
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": validator}
        url, timeout = self.file.url, (_CONNECT, _READ)
        with session.get(url, headers=headers, stream=True, timeout=timeout) as response:
            have, total = self._sizes(response, have, validator)
            if not have:
                self._forget()
                if new := _validator(response):
                    write_atomically(self.note, json.dumps({"url": url, "validator": new}))
            with self.part.open("ab") as out:
                for chunk in response.iter_content(CHUNK):
                    have += len(chunk)
                    if max(have, total or 0) > self.limit:
                        self._forget()
                        raise DataError(f"{url}: more than {self.limit:,} bytes")
                    out.write(chunk)
                    self.progress(have, total)
        if total is None:
            self.progress(have, have)
        elif have != total:
            raise LostError(f"ended after {have:,} of {total:,} bytes")

    def _sizes(
        self, response: requests.Response, have: int, validator: str
    ) -> tuple[int, int | None]:
        """How many bytes need not come again, and how many there are in all."""
        total: int | None
        status, size = response.status_code, self.file.size
        answer = f"answered {status} {response.reason}"
        if status == requests.codes.partial_content:
            found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
            if not found or int(found[1]) != have or _validator(response) not in {None, validator}:
                self._forget()
                raise LostError(f"{answer}, but not with the bytes that were requested")
            total = int(found[2])
        elif status == requests.codes.ok:
            length = response.headers.get("Content-Length", "")
            have, total = 0, int(length) if length.isdecimal() else size
        elif status in _TEMPORARY:
            if status == requests.codes.requested_range_not_satisfiable:
                self._forget()
            raise LostError(answer)
        else:
            raise DataError(f"{self.file.url}: {answer}")
        if size not in {None, total}:
            raise DataError(f"{self.file.url}: {total:,} bytes long, not {size:,}")
        return have, total

    def _kept(self) -> tuple[int, str]:
        """How many bytes are there that can be resumed, and the validator of their file."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            note = parse_json(self.note.read_bytes())
            if note["url"] == self.file.url:
                return self.part.stat().st_size, note["validator"]
        return 0, ""

    def _forget(self) -> None:
        self.note.unlink(missing_ok=True)
        self.part.unlink(missing_ok=True)


def _validator(response: requests.Response) -> str | None:
    """What the server calls exactly this file; None if it does not."""
    etag = response.headers.get("ETag", "")
    if etag and not etag.startswith("W/"):  # a weak one is shared by files that are alike
        return etag
    return response.headers.get("Last-Modified")
