"""Turn predictions that other benchmarks store into runs. A format is a function, see `FORMATS`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bench.extractors.extractor import kit_version
from bench.running import Run, RunHeader, RunRow, read_run
from corpus import DataError, clean, decode
from corpus.files import parse_json
from labels import Dataset, align

_SHOWN = 3  # ids of pages that a message names


@dataclass(frozen=True, slots=True)
class ImportedRun:
    """Hold a run made of stored predictions, and how they fit the dataset."""

    run: Run
    missing: tuple[str, ...]
    """Pages of the dataset without a prediction: they count as keeping nothing."""
    foreign: tuple[str, ...]
    """Predictions of pages that the dataset does not have: left out."""


def read_predictions(format_: str, path: Path) -> Run:
    """Read stored predictions as a run of no dataset yet.

    The extractor's name is what the file states, or else the file's.

    Raises:
        DataError: if there is no such format, or naming the place that is not in the format.
    """
    if format_ not in FORMATS:
        raise DataError(f"no format {format_!r}; use one of {', '.join(FORMATS)}")
    if not path.exists():
        raise DataError(f"{path}: no such file or folder")
    run = FORMATS[format_](path)
    if not run.rows:
        raise DataError(f"{path}: no predictions in it")
    return run


def import_run(
    format_: str,
    path: Path,
    dataset: Dataset,
    *,
    split: str | None = None,
    name: str | None = None,
    version: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> ImportedRun:
    """Make a run on a dataset of stored predictions, each text aligned with its page.

    ``split`` restricts the pages (None: of all splits). ``name`` and ``version`` are the
    extractor's, by default those in the predictions.

    Raises:
        DataError: if the predictions cannot be read, or none is of a page of the dataset.
    """
    stored = read_predictions(format_, path)
    total = dataset.manifest.splits[split] if split else dataset.manifest.pages
    rows: dict[str, RunRow] = {}
    missing: list[str] = []
    for done, labelled in enumerate(dataset.pages(split), start=1):
        page_id = labelled.page.id
        if page_id not in stored.rows:
            missing.append(page_id)
        else:
            row = rows[page_id] = stored.rows[page_id]
            if row.text is not None:
                rows[page_id] = replace(row, coverage=align(labelled.texts, row.text).coverage)
        progress(done, total)
    foreign = tuple(sorted(stored.rows.keys() - rows.keys()))
    if not rows:
        raise DataError(
            f"{path}: none of its {len(foreign):,} pages is in {dataset.name}: it has "
            f"{_few(foreign)}, the dataset {_few(missing)}"
        )
    header = replace(
        stored.header,
        extractor=name or stored.header.extractor,
        version=version or stored.header.version,
        options=dict(stored.header.options) | {"predictions": format_},
        dataset=dataset.location,
        split=split,
        fingerprint=dataset.manifest.fingerprint,
        splitter=dataset.manifest.splitter,
        kit=kit_version(),
    )
    return ImportedRun(Run(header, rows), tuple(missing), foreign)


def _few(ids: tuple[str, ...] | list[str]) -> str:
    return ", ".join(ids[:_SHOWN]) + (" ..." if len(ids) > _SHOWN else "")


def _scrapinghub(path: Path) -> Run:
    """Read JSON, id -> {articleBody}; or {version, output} with that as output."""
    stored = _json(_text(path), str(path))
    version = None
    if isinstance(stored, dict) and isinstance(stored.get("output"), dict) and "version" in stored:
        stored, version = stored["output"], stored["version"]
    if not isinstance(stored, dict):
        raise DataError(f"{path}: not an object of predictions by page id")
    texts = {
        page_id: _string(entry, "articleBody", f"{path}: page {page_id!r}")
        for page_id, entry in stored.items()
    }
    return _run(path.stem, None if version is None else str(version), texts.items(), path)


def _wceb(path: Path) -> Run:
    """Read JSON Lines, {page_id, plaintext, model} in each; model is optional."""
    texts: list[tuple[str, str]] = []
    models: set[str] = set()
    content = _text(path).replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(content.split("\n"), start=1):
        if line.strip():
            place = f"{path}:{number}"
            row = _json(line, place)
            texts.append((_string(row, "page_id", place), _string(row, "plaintext", place)))
            models.add(str(row.get("model") or path.stem))
    if len(models) > 1:
        raise DataError(f"{path}: holds {', '.join(sorted(models))}; give one model's file")
    return _run(models.pop() if models else path.stem, None, texts, path)


def _files(path: Path) -> Run:
    """Read a folder with a text file ID.txt for each page."""
    if not path.is_dir():
        raise DataError(f"{path}: not a folder; one text file a page is read from a folder")
    texts = ((file.stem, _text(file)) for file in sorted(path.glob("*.txt")))
    return _run(path.absolute().name, None, texts, path)


FORMATS: Mapping[str, Callable[[Path], Run]] = MappingProxyType(
    {"scrapinghub": _scrapinghub, "wceb": _wceb, "files": _files, "run": read_run}
)
"""Formats of stored predictions; ``run`` is this kit's own."""


def _run(name: str, version: str | None, texts: Iterable[tuple[str, str]], path: Path) -> Run:
    rows: dict[str, RunRow] = {}
    for page_id, text in texts:
        if page_id in rows:
            raise DataError(f"{path}: page {page_id!r} has two predictions; remove one of them")
        filled = bool(text.strip())
        kept = clean(text) if filled else None
        rows[page_id] = RunRow(page_id, "ok" if filled else "empty", kept)
    return Run(RunHeader(extractor=name, version=version), rows)


def _text(path: Path) -> str:
    try:
        return decode(path.read_bytes())
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from None
    except DataError as error:
        raise DataError(f"{path}: {error}") from None


def _json(text: str, place: str) -> Any:
    try:
        return parse_json(text)
    except ValueError as error:
        raise DataError(f"{place}: not JSON ({error})") from None


def _string(entry: Any, key: str, place: str) -> str:
    """Get a text of an object; null, which some tools write if they find nothing, is no text."""
    if not isinstance(entry, dict) or key not in entry:
        raise DataError(f"{place}: no object with {key!r}")
    value = entry[key]
    if value is not None and not isinstance(value, str):
        raise DataError(f"{place}: {key!r} is {value!r:.60}; it must be a text or null")
    return value or ""
