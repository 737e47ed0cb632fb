"""Score runs against the labels, page by page."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baselines import Model, model_fingerprint, shipped_models
from baselines.model import DIGEST_DIGITS
from bench.metrics import METRICS, Metric
from bench.running import Run
from bench.scoring.cases import page_cases
from corpus import DataError
from labels import Dataset, LabelledPage, body_labels, open_dataset
from labels.datasets.checks import leaked_pages

if TYPE_CHECKING:
    import pandas as pd

ATTRIBUTES = ("language", "site", "page_type", "split", "markup", "source")
"""What pages can be grouped by."""

MISSING = "missing"
"""Status of a page that is in the dataset but not in the run."""

NOT_RUN = ("skipped", MISSING)
"""Statuses of pages that an extractor did not see."""

_COLUMNS = (
    "extractor", "id", "metric", "value", "weight", "status", "seconds", "applies", *ATTRIBUTES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scores:
    """Hold the values of some runs on the pages of one dataset."""

    dataset: Dataset
    runs: tuple[Run, ...]
    metrics: tuple[Metric, ...]
    pages: "pd.DataFrame"
    """Tidy: a row for each extractor, page and metric (also those that a metric is made of), with
    the columns ``extractor id metric value weight status seconds applies`` and `ATTRIBUTES`.
    ``applies`` is false where an extractor that needs HTML is not measured, see `by_markup` in
    `bench.scoring.summary`."""
    split: str | None = None
    profile: str = "default"
    seed: int = 0
    """Of the bootstrap."""
    seen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Ids of the pages that an extractor was trained on."""
    left_out: frozenset[str] | None = None
    """Ids of the pages left out because another split has them; None if they were not searched."""
    is_part: bool = False
    """Whether these are the pages of one kind, with HTML or without, of a dataset with both."""

    @property
    def names(self) -> list[str]:
        """What the runs are called."""
        return [run.name for run in self.runs]

    @property
    def markup(self) -> str | None:
        """The kind of all pages, ``html`` or ``text``; None for both kinds together."""
        kinds = self.pages["markup"].unique()
        return kinds[0] if len(kinds) == 1 else None

    @property
    def statuses(self) -> "pd.DataFrame":
        """A row for each extractor and page."""
        return self.pages.drop_duplicates(["extractor", "id"])

    @property
    def failures(self) -> Counter[str]:
        """Pages of each extractor that count as keeping nothing."""
        statuses = self.statuses
        return Counter(statuses["extractor"][statuses["applies"] & (statuses["status"] != "ok")])


def score(
    runs: Sequence[Run],
    dataset: Dataset,
    metrics: Sequence[Metric],
    *,
    profile: str = "default",
    split: str | None = None,
    leak_safe: bool = False,
    seed: int = 0,
) -> Scores:
    """Score runs page by page. A page that failed or is missing counts as keeping nothing.

    ``split`` restricts the pages; without it the runs' own split holds. ``leak_safe`` leaves out
    the pages that another split has, too (see `labels.datasets.checks`), which is the default
    where all runs did so.

    Raises:
        DataError: if there is no such profile, a run comes from another dataset, two have one
            name, or only some of the runs were leak-safe.
    """
    body_labels(profile)
    _refuse_mixed_runs(runs, dataset)
    if split is None and len(splits := {run.header.split for run in runs}) > 1:
        shown = ", ".join(sorted(str(name or "all") for name in splits))
        raise DataError(f"the runs cover different splits ({shown}); say which with --split")
    split = split or next((run.header.split for run in runs), None)
    safe = [run.name for run in runs if run.header.leak_safe]
    if not leak_safe and 0 < len(safe) < len(runs):
        raise DataError(
            f"of these runs, {', '.join(safe)} alone left out leaked pages; score all of them "
            "with --leak-safe"
        )
    left_out = leaked_pages(dataset, split) if leak_safe or safe else None
    trained_on = {run.name: _trained_on(run) for run in runs}
    seen: dict[str, set[str]] = {name: set() for name in trained_on}
    needed = with_parts(metrics)
    rows: list[tuple[Any, ...]] = []
    for labelled in dataset.pages(split):
        page = labelled.page
        if page.id not in (left_out or ()):
            rows += page_values(labelled, runs, needed, profile)
            digest = page.sha256[:DIGEST_DIGITS]
            for name in (name for name, digests in trained_on.items() if digest in digests):
                seen[name].add(page.id)
    return Scores(
        dataset=dataset,
        runs=tuple(runs),
        metrics=tuple(metrics),
        pages=tidy(rows),
        split=split,
        profile=profile,
        seed=seed,
        seen={name: frozenset(ids) for name, ids in seen.items()},
        left_out=left_out,
    )


def _refuse_mixed_runs(runs: Sequence[Run], dataset: Dataset) -> None:
    for name, times in Counter(run.name for run in runs).items():
        if times > 1:
            raise DataError(f"{times} runs called {name!r}; give each a name of its own")
    for run in runs:
        if run.header.fingerprint not in (None, dataset.manifest.fingerprint):
            raise DataError(
                f"the run of {run.name} was made on {run.header.dataset} {run.header.fingerprint}, "
                f"but this is {dataset.name} {dataset.manifest.fingerprint}; run it again"
            )


def _trained_on(run: Run) -> frozenset[str]:
    """Get digests of what the model behind a run was fitted to; none if it is no model."""
    name, options = run.header.extractor, run.header.options
    if run.header.out_of_fold:
        return frozenset()
    if name in shipped_models():
        return Model.load(name).trained_on
    path = Path(str(options.get("file", "")))
    if path.is_file() and model_fingerprint(path) == options.get("weights"):
        return Model.load(path).trained_on
    return frozenset()


def page_values(
    labelled: LabelledPage, runs: Sequence[Run], metrics: Sequence[Metric], profile: str
) -> Iterator[tuple[Any, ...]]:
    """Yield a row of `Scores.pages` for each run and metric."""
    page = labelled.page
    about = tuple(getattr(page, name) for name in ATTRIBUTES)
    for run, case in zip(runs, page_cases(labelled, runs, profile), strict=True):
        row = run.rows.get(page.id)
        status = (row.status, row.seconds) if row else (MISSING, None)
        for metric in metrics:
            yield (run.name, page.id, metric.name, *metric.on(case), *status, True, *about)


def tidy(rows: Iterable[tuple[Any, ...]]) -> "pd.DataFrame":
    """Make the table `Scores.pages` of the rows of `page_values`."""
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(_COLUMNS))


def with_parts(metrics: Sequence[Metric]) -> list[Metric]:
    """List metrics and those that they are made of, each once."""
    named = {metric.name: metric for metric in metrics}
    components = {part: METRICS[part] for metric in metrics for part in metric.harmonic_of}
    return list((named | components).values())


def dataset_of(runs: Sequence[Run], name: str | None) -> Dataset:
    """Open the dataset that runs come from, or the one at the place that is named.

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
