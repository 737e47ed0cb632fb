"""Compare published figures with those that this kit obtains from the same predictions.

A table of published figures is a TOML file: ``dataset`` (the importer that reads its golds),
``source`` (where the figures stand), ``decimals`` (how many they have), and for each ``[[system]]``
its ``name``, the ``format`` and path of its stored ``predictions`` (see
`bench.running.predictions`), the ``expected`` value of each metric, and its ``version`` if known.
"""

import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from math import isfinite
from pathlib import Path

from bench.metrics import METRICS, select_metrics
from bench.running.predictions import FORMATS, import_run
from bench.scoring.score import score
from bench.scoring.summary import summarise
from corpus import DataError
from corpus.files import read_text
from labels import Dataset, open_dataset
from labels.datasets.dataset import MANIFEST
from labels.datasets.importing import import_dataset

_SHIPPED = Path(__file__).parent
_SUFFIX = ".toml"
_MOST_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class System:
    """What was published of one system."""

    name: str
    format: str
    predictions: str
    """Path of its stored predictions."""
    expected: Mapping[str, float]
    """Published value by metric."""
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """Hold a table of published figures."""

    dataset: str
    source: str
    decimals: int
    systems: tuple[System, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """Set one published figure beside the one obtained."""

    system: str
    version: str | None
    """Of what was scored, where it is known."""
    metric: str
    expected: float
    obtained: float | None
    """None where the predictions are not there, or say nothing about the metric."""
    agrees: bool
    """Whether both are the same to the published number of decimals."""


def shipped_tables() -> list[str]:
    """List the names of the tables that come with the kit."""
    return sorted(path.stem for path in _SHIPPED.glob(f"*{_SUFFIX}"))


def read_table(name: str) -> Published:
    """Read a table that comes with the kit by its name, or another one by its path.

    Raises:
        DataError: if there is none, or naming what is wrong in it.
    """
    path = Path(name) if name.endswith(_SUFFIX) else _SHIPPED / f"{name}{_SUFFIX}"
    if not path.is_file():
        raise DataError(
            f"no table of published figures {name!r}; give the path of a {_SUFFIX} file, or one of "
            f"{', '.join(shipped_tables())}"
        )
    try:
        values = tomllib.loads(read_text(path))
        systems = tuple(System(**system) for system in values["system"])
        table = Published(values["dataset"], values["source"], int(values["decimals"]), systems)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DataError(f"{path}: no table of published figures ({error!r})") from None
    if not 0 <= table.decimals <= _MOST_DECIMALS:
        raise DataError(f"{path}: decimals is {table.decimals}, not from 0 to {_MOST_DECIMALS}")
    for system in table.systems:
        for metric, figure in system.expected.items():
            if type(figure) not in {int, float} or not isfinite(figure):
                raise DataError(
                    f"{path}: system {system.name!r}: {metric} is {figure!r}, no number"
                )
        unknown = [name for name in system.expected if name not in METRICS]
        if unknown or system.format not in FORMATS:
            what = f"metric {unknown[0]!r}" if unknown else f"format {system.format!r}"
            raise DataError(
                f"{path}: system {system.name!r} has the unknown {what}; see "
                f"'bench list metrics' and 'bench runs import --help'"
            )
    return table


def conformance(
    table: Published,
    path: Path,
    *,
    predictions: Path | None = None,
    jobs: int = 1,
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> list[Figure]:
    """Score stored predictions and set what comes out beside what was published.

    ``path`` is the dataset as its makers lay it out, or the folder of an imported one, and, unless
    ``predictions`` is another one, the folder that the paths in the table start from. ``progress``
    is called with the name of a piece of work, what is done of it, and its total.

    Raises:
        DataError: if the dataset or predictions that are there cannot be read.
    """
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        if (path / MANIFEST).is_file():
            dataset = open_dataset(str(path))
        else:
            name, out = table.dataset, Path(folder) / table.dataset
            dataset = import_dataset(name, path, out, jobs=jobs, progress=partial(progress, name))
        for number, system in enumerate(table.systems, start=1):
            stored = (predictions or path) / system.predictions
            figures += _figures(system, dataset, stored, f".{table.decimals}f")
            progress("systems", number, len(table.systems))
    return figures


def _figures(system: System, dataset: Dataset, path: Path, digits: str) -> Iterator[Figure]:
    obtained: dict[str, float | None] = {}
    version = system.version
    if path.exists():
        run = import_run(system.format, path, dataset, name=system.name, version=version).run
        version = run.header.version
        metrics = select_metrics(tuple(system.expected))
        obtained = {row.metric: row.value for row in summarise(score([run], dataset, metrics))}
    for metric, expected in system.expected.items():
        value = obtained.get(metric)
        agrees = value is not None and f"{value:{digits}}" == f"{expected:{digits}}"
        yield Figure(system.name, version, metric, expected, value, agrees)
