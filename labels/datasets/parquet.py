"""Read and write labelled pages as Parquet shards, which ``datasets`` opens with their features."""

import json
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Page
from labels.label import LABELS
from labels.labelled_page import LabelledPage

if TYPE_CHECKING:
    import pyarrow as pa

_PAGE_COLUMNS = {
    "id": "string", "sha256": "string", "markup": "string", "url": "string", "site": "string",
    "language": "string", "page_type": "string", "split": "string", "source": "string",
    "licence": "string", "raw": "binary",
}  # fmt: skip
_COLUMNS = _PAGE_COLUMNS | {
    "splitter": "int32", "lines": "string", "labels": "int64", "coverage": "float32",
    "gold_text": "string", "with_snippets": "string", "without_snippets": "string",
}  # fmt: skip
_LISTS = {"lines", "labels", "coverage", "with_snippets", "without_snippets"}
_METADATA = b"huggingface"
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
    rows = map(_row, _unique(pages))
    first = next(rows, None)
    if first is None:
        raise DataError("no page could be read; nothing was written")
    number = 0
    while first is not None:
        shard = chain([first], islice(rows, _PAGES_IN_SHARD - 1))
        path = folder / f"data-{number:05d}.parquet"
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            while group := list(islice(shard, _PAGES_IN_GROUP)):
                writer.write_table(pa.Table.from_pylist(group, schema))
            if (first := next(rows, None)) is not None:
                # An empty group ends a shard before another: files stay the same to the byte.
                writer.write_table(schema.empty_table())
        number += 1


def _unique(pages: Iterable[LabelledPage]) -> Iterator[LabelledPage]:
    seen: set[str] = set()
    for labelled in pages:
        if labelled.page.id in seen:
            raise DataError(f"page id {labelled.page.id!r} occurs twice; ids must be unique")
        seen.add(labelled.page.id)
        yield labelled


def shards(path: Path) -> list[Path]:
    """List the shards in a folder, in order."""
    return sorted(path.glob("data-*.parquet"))


def _schema() -> "pa.Schema":
    import pyarrow as pa

    fields: list[tuple[str, pa.DataType]] = []
    features: dict[str, dict[str, Any]] = {}
    for name, dtype in _COLUMNS.items():
        is_list, field = name in _LISTS, getattr(pa, dtype)()
        feature: dict[str, Any] = {"dtype": dtype, "_type": "Value"}
        if name == "labels":
            feature = {"names": list(map(str, LABELS)), "_type": "ClassLabel"}
        fields.append((name, pa.list_(field) if is_list else field))
        features[name] = {"feature": feature, "_type": "List"} if is_list else feature
    return pa.schema(fields, {_METADATA: json.dumps({"info": {"features": features}})})


def _row(labelled: LabelledPage) -> dict[str, Any]:
    return {name: getattr(labelled.page, name) for name in _PAGE_COLUMNS} | {
        "splitter": labelled.splitter,
        "lines": labelled.texts,
        "labels": labelled.labels.astype(np.int64),
        "coverage": labelled.coverage,
        "gold_text": labelled.gold_text,
        "with_snippets": labelled.with_snippets,
        "without_snippets": labelled.without_snippets,
    }


def read_shards(path: Path) -> Iterator[LabelledPage]:
    """Iterate over the pages of all shards in a folder, a few in memory at a time.

    Raises:
        DataError: if a shard is damaged, or a line has a label that is not known here.
    """
    return map(_labelled, read_columns(path, _COLUMNS))


def read_columns(path: Path, columns: Collection[str]) -> Iterator[dict[str, Any]]:
    """Iterate over the pages of all shards as rows of these columns alone, which is all it reads.

    Labels are codes, shape (n,).

    Raises:
        DataError: as `read_shards`, or if a shard lacks one of them.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    for shard in shards(path):
        try:
            with pq.ParquetFile(shard) as file:
                features = json.loads(file.schema_arrow.metadata[_METADATA])["info"]["features"]
                names = features["labels"]["feature"]["names"]
                for batch in file.iter_batches(_PAGES_IN_GROUP, columns=list(columns)):
                    for row in batch.to_pylist():
                        if "labels" in row:
                            row["labels"] = _codes_today(row["labels"], names, shard)
                        yield {name: row[name] for name in columns}
        except (pa.ArrowException, OSError, LookupError, TypeError, ValueError) as error:
            raise DataError(f"{shard}: damaged ({error}); import the dataset again") from None


def _codes_today(stored: list[int], names: list[str], shard: Path) -> NDArray[np.int8]:
    """Translate stored codes, whose labels have these names, into those of the table of labels."""
    known = np.array([LABELS.index(name) if name in LABELS else -1 for name in names], np.int8)
    codes: NDArray[np.int8] = known[np.array(stored, np.int64)]
    if (unknown := np.flatnonzero(codes < 0)).size:
        raise DataError(
            f"{shard}: unknown label {names[stored[unknown[0]]]!r}; import the dataset again, or "
            "read it with the version that wrote it"
        )
    return codes


def _labelled(row: dict[str, Any]) -> LabelledPage:
    coverage = row["coverage"]
    return LabelledPage(
        page=Page(**{name: row[name] for name in _PAGE_COLUMNS if name != "sha256"}),
        texts=row["lines"],
        labels=row["labels"],
        coverage=None if coverage is None else np.array(coverage, np.float32),
        gold_text=row["gold_text"],
        with_snippets=tuple(row["with_snippets"] or ()),
        without_snippets=tuple(row["without_snippets"] or ()),
        splitter=row["splitter"],
    )
