"""Pin floors in a file: values that a run must not fall below, for continuous integration.

A floors file is a JSON object that people may edit, with the keys of `Floors`.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from sys import float_info
from typing import Any

from bench.metrics import METRICS, Metric
from bench.scoring.score import Scores
from bench.scoring.summary import summarise
from corpus import DataError
from corpus.files import parse_json, write_atomically

_STEPS = 10_000
"""Floors have four decimals, so that another machine's last digits break nothing."""
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Floors:
    """What one extractor reaches on one dataset."""

    extractor: str
    dataset: str
    fingerprint: str
    """Of the dataset."""
    split: str | None
    leak_safe: bool
    profile: str
    by: str | None
    """The attribute that pages are grouped by beside ``all``."""
    failures: int
    """Most pages whose status may be other than ``ok``."""
    floors: Mapping[str, Mapping[str, float]]
    """By group, then by metric; of a metric whose lower values are better, a ceiling."""

    def scoring(self) -> dict[str, Any]:
        """Get the arguments of `bench.api.score` by which a run is scored to be compared."""
        named = {name for group in self.floors.values() for name in group}
        metrics = [name for name in METRICS if name in named]
        values = {name: getattr(self, name) for name in ("split", "leak_safe", "profile")}
        return {"metrics": metrics, **values}


@dataclass(frozen=True, slots=True)
class Bound:
    """Set a floor beside what was reached."""

    metric: str
    """Or ``failures``."""
    group: str
    floor: float
    value: float | None
    """Rounded as floors are; None if no page of the group has one."""
    held: bool


def pin(scores: Scores, by: str | None = None) -> Floors:
    """Take the floors that the only run of ``scores`` just holds, over all its pages together."""
    (run,) = scores.runs
    floors: dict[str, dict[str, float]] = {}
    for row in summarise(scores, by):
        of_group = floors.setdefault(row.group, {})
        if row.value is not None:
            of_group[row.metric] = _rounded(METRICS[row.metric], row.value)
    return Floors(
        extractor=run.header.extractor,
        dataset=scores.dataset.name,
        fingerprint=scores.dataset.manifest.fingerprint,
        split=scores.split,
        leak_safe=scores.left_out is not None,
        profile=scores.profile,
        by=by,
        failures=scores.failures[run.name],
        floors=floors,
    )


def bounds(floors: Floors, now: Floors) -> Iterator[Bound]:
    """Compare each floor with what a run reaches now.

    Raises:
        DataError: if that is another extractor, dataset, split or choice of pages.
    """
    for name in ("extractor", "dataset", "fingerprint", "split", "leak_safe"):
        values = [getattr(of, name) for of in (floors, now)]
        if values[0] != values[1]:
            pinned, found = ("none" if value is None else value for value in values)
            raise DataError(
                f"the floors are of {name} {pinned}, the run is of {found}; pin them anew with "
                "--update --allow-regression"
            )
    for group, of_group in floors.floors.items():
        for name, floor in of_group.items():
            value = now.floors.get(group, {}).get(name)
            sign = 1 if METRICS[name].higher_is_better else -1
            held = value is not None and sign * value >= sign * floor
            yield Bound(name, group, floor, value, held)
    failures = now.failures
    yield Bound("failures", "all", floors.failures, failures, failures <= floors.failures)


def read_floors(path: Path) -> Floors:
    """Read a floors file.

    Raises:
        DataError: if it is none, or names a metric that does not exist.
    """
    try:
        values = parse_json(path.read_bytes())
        floors = Floors(**{field.name: values[field.name] for field in fields(Floors)})
        for group, of_group in floors.floors.items():
            for name, floor in of_group.items():
                if name not in METRICS:
                    raise DataError(f"{path}: no metric {name!r}; see 'bench list metrics'")
                if type(floor) not in {int, float} or not abs(floor) <= float_info.max:
                    raise DataError(f"{path}: the floor of {name} in {group} is no number")
        if type(floors.failures) is not int or floors.failures < 0:
            raise DataError(f"{path}: failures is {floors.failures!r}, no number from 0 up")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"{path}: no floors file ({error!r}); remove it and pin anew with --update"
        ) from None
    return floors


def write_floors(path: Path, floors: Floors) -> None:
    """Write a floors file."""
    write_atomically(path, json.dumps(asdict(floors), indent=2, ensure_ascii=False) + "\n")


def _rounded(metric: Metric, value: float) -> float:
    """Round to the next step below, or above where lower values are better."""
    if metric.higher_is_better:
        return math.floor(value * _STEPS + _SAME) / _STEPS
    return math.ceil(value * _STEPS - _SAME) / _STEPS
