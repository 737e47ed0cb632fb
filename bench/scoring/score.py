"""Runs against gold: a tidy table of page values, and a summary with intervals and ranks."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from baselines import Model, shipped_models
from baselines.model import DIGEST_DIGITS
from bench.metrics import METRICS, Metric
from bench.running import Run
from bench.scoring.cases import page_cases
from bench.scoring.statistics import Bootstrap, bootstrap, harmonic_mean
from corpus import DataError
from labels import Dataset, body_labels, open_dataset
from labels.datasets.checks import leaked_pages

if TYPE_CHECKING:
    import pandas as pd

ATTRIBUTES = ("language", "site", "page_type", "split", "markup", "source")
"""What pages can be grouped by."""

SUMMARY_KEYS = (
    "extractor", "dataset", "metric", "group", "value", "low", "high", "rank", "pages", "failures",
)  # fmt: skip
"""Keys of a row of the summary."""

MISSING = "missing"
"""Status of a page that is in the dataset but not in the run."""

NOT_RUN = ("skipped", MISSING)
"""Statuses of pages that an extractor did not see."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The values of some runs on one dataset."""

    dataset: str
    split: str | None
    pages: "pd.DataFrame"
    """Tidy: a row for each extractor, page and metric (columns ``extractor id metric value
    weight`` and `ATTRIBUTES`); also of metrics that a metric asked for is made of."""
    statuses: "pd.DataFrame"
    """A row for each extractor and page: ``extractor id status seconds`` and `ATTRIBUTES`."""
    runs: tuple[Run, ...]
    seen: dict[str, frozenset[str]]
    """Ids of the pages that an extractor was trained on."""
    left_out: frozenset[str] | None = None
    """Ids of the pages that were left out since they are in another split, too; None if that was
    not asked for."""


def score(
    runs: Sequence[Run],
    dataset: Dataset,
    metrics: Sequence[Metric],
    *,
    profile: str = "default",
    split: str | None = None,
    leak_safe: bool = False,
) -> Scores:
    """Score runs page by page. A page that failed or is missing counts as keeping nothing.

    ``split`` restricts the pages; without it the runs' own split holds. ``leak_safe`` leaves out
    the pages that another split has, too (see `labels.datasets.checks`), which is the default
    where all runs did so.

    Raises:
        DataError: if a run was made on another dataset, two are called the same, or some
            of the runs alone were leak-safe.
    """
    import pandas as pd

    names = [run.name for run in runs]
    _refuse_same_names(names)
    for run in runs:
        _refuse_other_dataset(run, dataset)
    split = split or _common_split(runs)
    left_out = leaked_pages(dataset, split) if leak_safe or _are_leak_safe(runs) else None
    trained_on = {name: _trained_on(run) for name, run in zip(names, runs, strict=True)}
    seen: dict[str, set[str]] = {name: set() for name in names}
    needed = with_parts(metrics)
    values: list[tuple[Any, ...]] = []
    statuses: list[tuple[Any, ...]] = []
    for labelled in dataset.pages(split):
        if labelled.page.id in (left_out or ()):
            continue
        about = tuple(getattr(labelled.page, name) for name in ATTRIBUTES)
        digest = labelled.page.sha256[:DIGEST_DIGITS]
        cases = page_cases(labelled, runs, profile)
        for name, run, case in zip(names, runs, cases, strict=True):
            if digest in trained_on[name]:
                seen[name].add(labelled.page.id)
            row = run.rows.get(labelled.page.id)
            statuses.append((
                name, labelled.page.id, row.status if row else MISSING,
                row.seconds if row else None, *about,
            ))  # fmt: skip
            values += [(name, labelled.page.id, m.name, *m.on(case), *about) for m in needed]
    return Scores(
        dataset=dataset.name,
        split=split,
        pages=pd.DataFrame(
            values, columns=["extractor", "id", "metric", "value", "weight", *ATTRIBUTES]
        ),
        statuses=pd.DataFrame(
            statuses, columns=["extractor", "id", "status", "seconds", *ATTRIBUTES]
        ),
        runs=tuple(runs),
        seen={name: frozenset(ids) for name, ids in seen.items()},
        left_out=left_out,
    )


def summarise(
    scores: Scores, metrics: Sequence[Metric], *, by: str | None = None, seed: int = 0
) -> list[dict[str, Any]]:
    """Means over pages with intervals and ranks: a row for each metric, group and extractor.

    ``by`` is one of `ATTRIBUTES`: the pages of each of its values are a group of their own,
    after the group ``all``. ``pages`` counts the pages with a value; ``failures`` those of the
    group whose status is not ``ok``. A mean of no page, and its interval, are None.
    """
    rows: list[dict[str, Any]] = []
    names = [run.name for run in scores.runs]
    for group, pages, statuses in groups(scores, by):
        failed = statuses[statuses["status"] != "ok"].groupby("extractor").size()
        for metric in metrics:
            result = over_pages(metric, pages, names, seed)
            known = pages[(pages["metric"] == metric.name) & pages["value"].notna()]
            counts = known.groupby("extractor").size()
            ranks = result.ranks(higher_is_better=metric.higher_is_better)
            for column, name in enumerate(names):
                low, high = result.interval(column)
                rows.append({
                    "extractor": name,
                    "dataset": scores.dataset,
                    "metric": metric.name,
                    "group": group,
                    "value": or_none(result.means[column]),
                    "low": or_none(low),
                    "high": or_none(high),
                    "rank": ranks[column],
                    "pages": int(counts.get(name, 0)),
                    "failures": int(failed.get(name, 0)),
                })  # fmt: skip
    return rows


def with_parts(metrics: Sequence[Metric]) -> list[Metric]:
    """Metrics and those that they are made of, each once."""
    named = {metric.name: metric for metric in metrics}
    parts = {part: METRICS[part] for metric in metrics for part in metric.harmonic_of}
    return list((named | parts).values())


def over_pages(metric: Metric, pages: "pd.DataFrame", names: Sequence[str], seed: int) -> Bootstrap:
    """The metric's value over pages, for each extractor in the order of ``names``."""
    if metric.harmonic_of:
        parts = [over_pages(METRICS[part], pages, names, seed) for part in metric.harmonic_of]
        return harmonic_mean(parts)
    mine = pages[pages["metric"] == metric.name]
    values, weights = by_page(mine, "value", names), by_page(mine, "weight", names)
    sites = pages.drop_duplicates("id").set_index("id")["site"].reindex(values.index)
    return bootstrap(
        values.to_numpy(dtype=float), _site_names(sites), seed, weights.to_numpy(dtype=float)
    )


def by_page(rows: "pd.DataFrame", column: str, names: Sequence[str]) -> "pd.DataFrame":
    """A column of tidy rows as a table: a row for each page's id, a column for each extractor."""
    of_page = rows.set_index(["id", "extractor"])[column]
    table = of_page.unstack("extractor")  # noqa: PD010 - keeps all-NaN columns
    return table.reindex(columns=list(names))


def dataset_of(runs: Sequence[Run], name: str | None) -> Dataset:
    """The dataset that runs were made on, or the one at another place that is named.

    Raises:
        DataError: if the runs differ in it, or it is not where it was.
    """
    if name is not None:
        return open_dataset(name)
    places = {run.header.dataset for run in runs}
    if len(places) != 1 or None in places:
        raise DataError("the runs do not name one and the same dataset; give it with --dataset")
    try:
        return open_dataset(str(places.pop()))
    except DataError as error:
        raise DataError(f"{error}; say where it is with --dataset") from None


def check_choices(by: str | None, profile: str) -> None:
    """Refuse what pages cannot be grouped by and profiles that do not exist.

    Raises:
        DataError: naming the choices there are.
    """
    if by is not None and by not in ATTRIBUTES:
        raise DataError(f"pages cannot be grouped by {by!r}; use one of {', '.join(ATTRIBUTES)}")
    body_labels(profile)


def _refuse_same_names(names: Sequence[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise DataError(f"{times} runs called {name!r}; give each a name of its own")


def _refuse_other_dataset(run: Run, dataset: Dataset) -> None:
    fingerprint = run.header.fingerprint
    if fingerprint is not None and fingerprint != dataset.manifest.fingerprint:
        raise DataError(
            f"the run of {run.name} was made on {run.header.dataset} {fingerprint}, "
            f"but this is {dataset.name} {dataset.manifest.fingerprint}; run it again"
        )


def _trained_on(run: Run) -> frozenset[str]:
    """What the model behind a run was fitted to, as digests; nothing if it is no model."""
    name = run.header.extractor
    if run.header.out_of_fold or name not in shipped_models():
        return frozenset()
    return Model.load(name).trained_on


def _common_split(runs: Sequence[Run]) -> str | None:
    splits = {run.header.split for run in runs}
    if len(splits) > 1:
        shown = ", ".join(sorted(str(split or "all") for split in splits))
        raise DataError(f"the runs cover different splits ({shown}); say which with --split")
    return splits.pop() if splits else None


def _are_leak_safe(runs: Sequence[Run]) -> bool:
    safe = [run.name for run in runs if run.header.leak_safe]
    if 0 < len(safe) < len(runs):
        raise DataError(
            f"of these runs, {', '.join(safe)} alone left out leaked pages; score all of them "
            f"with --leak-safe"
        )
    return bool(safe)


def groups(scores: Scores, by: str | None) -> Iterable[tuple[str, "pd.DataFrame", "pd.DataFrame"]]:
    """Name, values and statuses of each group of pages, the group ``all`` first."""
    yield "all", scores.pages, scores.statuses
    if by is not None:
        values = scores.statuses[by].fillna("unknown")
        for value in sorted(values.unique()):
            yield (
                str(value),
                scores.pages[scores.pages[by].fillna("unknown") == value],
                scores.statuses[values == value],
            )


def _site_names(sites: "pd.Series[Any]") -> list[str]:
    """Site of each page; a page without one is a site of its own."""
    return [site if isinstance(site, str) else f"page {page}" for page, site in sites.items()]


def or_none(value: float) -> float | None:
    """A number, or None for NaN."""
    return None if np.isnan(value) else float(value)
