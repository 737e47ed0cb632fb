"""Read what comes out of Label Studio: the exports JSON and JSON-MIN.

JSON is a list of tasks with their annotations, JSON-MIN one of flat records, one an annotation.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Lines
from corpus.files import parse_json
from corpus.wording import plural
from labels.annotation.label_studio.tasks import CONTROL, OBJECT, REGION, units
from labels.label import Label

COVERED = 0.5
"""A line has the label of a region that covers at least this share of its characters."""


@dataclass(slots=True)
class ImportedLabels:
    """What an export held: pages by their ids, records by their places in the file."""

    labels: dict[str, NDArray[np.int8]] = field(default_factory=dict)
    """Codes of each page that was labelled."""
    skipped: list[str] = field(default_factory=list)
    """Pages whose annotations were all skipped by their annotators."""
    unlabelled: list[str] = field(default_factory=list)
    """Pages without an annotation, or without one of the chosen person."""
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    """Place and reason of each record or page that was left out."""


@dataclass(frozen=True, slots=True)
class _Annotation:
    place: str
    who: frozenset[str]
    """What its annotator is called: number, e-mail address."""
    when: str
    regions: list[Any]


def read_export(
    content: str,
    pages: Mapping[str, Lines],
    *,
    completed_by: str | None = None,
    rest: Label | None = None,
) -> ImportedLabels:
    """Read the content of an export, JSON or JSON-MIN.

    Annotations that were skipped count as none. Of several by one person the last one holds; of
    several people one must be chosen with ``completed_by``: number or e-mail address. Predictions
    are nobody's labels and are not read. Lines without a region have the label ``rest``; without
    it, each line must have one.

    Raises:
        DataError: if the content is not JSON, or no list of records.
    """
    try:
        records = parse_json(content)
    except ValueError as error:
        raise DataError(f"not JSON ({error}); export as JSON or JSON-MIN") from None
    if not isinstance(records, list):
        raise DataError("not a list of tasks; export as JSON or JSON-MIN")
    imported = ImportedLabels()
    found: dict[str, list[_Annotation]] = {}
    skips: set[str] = set()
    for number, record in enumerate(records, start=1):
        place = f"record {number}"
        try:
            page_id, annotations, skipped = _read_record(place, record, pages)
        except DataError as error:
            imported.unreadable.append((place, str(error)))
            continue
        skips |= {page_id} if skipped else set()
        found.setdefault(page_id, []).extend(
            one for one in annotations if completed_by is None or completed_by in one.who
        )
    for page_id, annotations in found.items():
        if not annotations:
            (imported.skipped if page_id in skips else imported.unlabelled).append(page_id)
            continue
        try:
            regions = _choose(annotations).regions
            imported.labels[page_id] = _read_regions(regions, pages[page_id].texts, rest)
        except DataError as error:
            place = f"{annotations[-1].place}, page {page_id}"
            imported.unreadable.append((place, str(error)))
    return imported


def _read_record(
    place: str, record: Any, pages: Mapping[str, Lines]
) -> tuple[str, list[_Annotation], bool]:
    """Read the page of a record, its annotations, and whether some were skipped."""
    if not isinstance(record, dict):
        raise DataError("not an object")
    is_task = "data" in record
    data = record["data"] if is_task else record
    page_id = data.get("page") if isinstance(data, dict) else None
    if not isinstance(page_id, str):
        raise DataError("it names no page; only tasks from 'bench label export' can be read")
    if page_id not in pages:
        raise DataError(f"there is no page {page_id!r}")
    _check_lines(data.get(OBJECT), pages[page_id].texts)
    if not is_task:
        regions = record.get(CONTROL, [])
        return page_id, [_annotation(place, record, "annotator", regions)], False
    entries = _objects(record.get("annotations", record.get("completions", [])), "annotations")
    kept = [one for one in entries if not (one.get("was_cancelled") or one.get("skipped"))]
    annotations = []
    for entry in kept:
        parts = _objects(entry.get("result"), "results")
        regions = [part.get("value") for part in parts if part.get("from_name") == CONTROL]
        annotations.append(_annotation(place, entry, "completed_by", regions))
    return page_id, annotations, len(kept) < len(entries)


def _objects(values: Any, what: str) -> list[dict[str, Any]]:
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise DataError(f"its {what} are no list of objects")
    return values


def _check_lines(stored: Any, texts: Sequence[str]) -> None:
    """Refuse a task whose lines are not those of the page."""
    lines = _objects(stored, "lines")
    if len(lines) != len(texts):
        raise DataError(f"it has {len(lines)} lines, the page {len(texts)}; export it again")
    for number, (line, text) in enumerate(zip(lines, texts, strict=True), start=1):
        if line.get("text") != text:
            raise DataError(f"line {number} is not that of the page; export it again")


def _annotation(place: str, entry: dict[str, Any], who_key: str, regions: Any) -> _Annotation:
    if not isinstance(regions, list):
        raise DataError("its regions are no list")
    who = entry.get(who_key)
    names = (who.get("id"), who.get("email")) if isinstance(who, dict) else (who,)
    when = entry.get("updated_at") or entry.get("created_at") or ""
    known = frozenset(str(name) for name in names if name is not None)
    return _Annotation(place, known, str(when), regions)


def _choose(annotations: list[_Annotation]) -> _Annotation:
    people = {one.who for one in annotations}
    if len(people) > 1:
        names = ", ".join(sorted("/".join(sorted(who)) or "somebody" for who in people))
        raise DataError(f"annotated by several ({names}); choose with --completed-by")
    return max(reversed(annotations), key=lambda one: one.when)


def _read_regions(regions: list[Any], texts: Sequence[str], rest: Label | None) -> NDArray[np.int8]:
    """Label each line by the regions of one annotation, shape (n,)."""
    lengths = [units(text) for text in texts]
    covered: list[Counter[Label]] = [Counter() for _ in texts]
    for region in regions:
        for row, label, count in _pieces(region, lengths):
            covered[row][label] += count
    labels: list[Label | None] = []
    for row, (counts, length) in enumerate(zip(covered, lengths, strict=True), start=1):
        fitting = [label for label, count in counts.items() if count >= COVERED * length]
        if len(fitting) > 1:
            raise DataError(f"line {row} is {' and '.join(fitting)}; one label a line")
        labels.append(fitting[0] if fitting else rest)
    if without := labels.count(None):
        raise DataError(
            f"{plural(without, 'line')} without a label, the first is line "
            f"{labels.index(None) + 1}; label them or give their label with --rest"
        )
    return np.array([label.code for label in labels if label], np.int8)


def _pieces(region: Any, lengths: list[int]) -> Iterator[tuple[int, Label, int]]:
    """Find the lines that a region covers: row, label, and how many units of the line."""
    try:
        (name,) = region[REGION]
        label = Label(name)
        start, end = int(region["start"]), int(region["end"])
        first, last = int(region["startOffset"]), int(region["endOffset"])
    except (TypeError, KeyError, ValueError) as error:
        raise DataError(f"a region cannot be read ({error!r})") from None
    if not 0 <= start <= end < len(lengths):
        raise DataError(f"a region from line {start + 1} to {end + 1} of {len(lengths)}")
    for row in range(start, end + 1):
        begin = max(0, first) if row == start else 0
        stop = min(last, lengths[row]) if row == end else lengths[row]
        yield row, label, max(0, stop - begin)
