"""Labelled pages as Parquet shards, which ``datasets`` opens with their features."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Page
from labels.label import LABELS
from labels.labelled_page import LabelledPage

if TYPE_CHECKING:
    import pyarrow as pa

_Made = TypeVar("_Made")

_PAGES_IN_SHARD = 512
_PAGES_IN_GROUP = 32


def write_shards(folder: Path, pages: Iterable[LabelledPage]) -> None:
    """Write pages as shards into an empty folder, a few in memory at a time.

    Raises:
        DataError: if an id occurs twice, or there is no page.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema()
    writer: pq.ParquetWriter | None = None
    group: list[dict[str, Any]] = []
    seen: set[str] = set()
    try:
        for labelled in pages:
            if labelled.page.id in seen:
                raise DataError(f"page id {labelled.page.id!r} occurs twice; ids must be unique")
            seen.add(labelled.page.id)
            if (len(seen) - 1) % _PAGES_IN_SHARD == 0:
                if writer is not None:
                    writer.write_table(pa.Table.from_pylist(group, schema))
                    group = []
                    writer.close()
                shard = folder / f"data-{(len(seen) - 1) // _PAGES_IN_SHARD:05d}.parquet"
                writer = pq.ParquetWriter(shard, schema, compression="zstd")
            group.append(_row(labelled))
            if len(group) == _PAGES_IN_GROUP and writer is not None:
                writer.write_table(pa.Table.from_pylist(group, schema))
                group = []
        if writer is None:
            raise DataError("no page could be read; nothing was written")
        if group:
            writer.write_table(pa.Table.from_pylist(group, schema))
    finally:
        if writer is not None:
            writer.close()


def shards(path: Path) -> list[Path]:
    """The shards in a folder, in order."""
    return sorted(path.glob("data-*.parquet"))


_TEXT_COLUMNS = ("url", "site", "language", "page_type", "split", "source", "licence")


def _schema() -> "pa.Schema":
    import pyarrow as pa

    def value(dtype: str) -> dict[str, str]:
        return {"dtype": dtype, "_type": "Value"}

    def listed(feature: dict[str, Any]) -> dict[str, Any]:
        return {"feature": feature, "_type": "List"}

    label = {"names": [str(label) for label in LABELS], "_type": "ClassLabel"}
    columns: dict[str, tuple[pa.DataType, dict[str, Any]]] = {
        "id": (pa.string(), value("string")),
        "sha256": (pa.string(), value("string")),
        "markup": (pa.string(), value("string")),
        **{name: (pa.string(), value("string")) for name in _TEXT_COLUMNS},
        "raw": (pa.binary(), value("binary")),
        "splitter": (pa.int32(), value("int32")),
        "lines": (pa.list_(pa.string()), listed(value("string"))),
        "labels": (pa.list_(pa.int64()), listed(label)),
        "coverage": (pa.list_(pa.float32()), listed(value("float32"))),
        "gold_text": (pa.string(), value("string")),
        "with_snippets": (pa.list_(pa.string()), listed(value("string"))),
        "without_snippets": (pa.list_(pa.string()), listed(value("string"))),
    }
    features = {name: feature for name, (_, feature) in columns.items()}
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    return pa.schema([(name, dtype) for name, (dtype, _) in columns.items()], metadata)


def _row(labelled: LabelledPage) -> dict[str, Any]:
    page = labelled.page
    return {
        "id": page.id,
        "sha256": page.sha256,
        "markup": page.markup,
        **{name: getattr(page, name) for name in _TEXT_COLUMNS},
        "raw": page.raw,
        "splitter": labelled.splitter,
        "lines": labelled.texts,
        "labels": labelled.labels.astype(np.int64),
        "coverage": labelled.coverage,
        "gold_text": labelled.gold_text,
        "with_snippets": list(labelled.with_snippets),
        "without_snippets": list(labelled.without_snippets),
    }


def read_shards(path: Path) -> Iterator[LabelledPage]:
    """Iterate over the pages of all shards in a folder, a few in memory at a time.

    Raises:
        DataError: if a shard is damaged.
    """
    yield from _read(path, _labelled)


def read_columns(path: Path, columns: Collection[str]) -> Iterator[dict[str, Any]]:
    """Iterate over the pages of all shards as rows of these columns alone, which is all it reads.

    Raises:
        DataError: if a shard is damaged, or lacks one of them.
    """
    yield from _read(path, lambda row: {name: row[name] for name in columns}, columns)


def _read(
    path: Path, make: Callable[[dict[str, Any]], _Made], columns: Collection[str] | None = None
) -> Iterator[_Made]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    for shard in shards(path):
        try:
            with pq.ParquetFile(shard) as file:
                chosen = None if columns is None else list(columns)
                for batch in file.iter_batches(batch_size=_PAGES_IN_GROUP, columns=chosen):
                    yield from map(make, batch.to_pylist())
        except (pa.ArrowException, OSError, KeyError) as error:
            raise DataError(f"{shard}: damaged ({error}); import the dataset again") from None


def _labelled(row: dict[str, Any]) -> LabelledPage:
    coverage: NDArray[np.float32] | None = None
    if row["coverage"] is not None:
        coverage = np.array(row["coverage"], np.float32)
    return LabelledPage(
        page=Page(
            id=row["id"],
            raw=row["raw"],
            markup=row["markup"],
            **{name: row[name] for name in _TEXT_COLUMNS},
        ),
        texts=row["lines"],
        labels=np.array(row["labels"], np.int8),
        coverage=coverage,
        gold_text=row["gold_text"],
        with_snippets=tuple(row["with_snippets"] or ()),
        without_snippets=tuple(row["without_snippets"] or ()),
        splitter=row["splitter"],
    )
