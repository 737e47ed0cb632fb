"""Take means over pages, with intervals and ranks, for each kind and group of pages."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bench.metrics import METRICS, Metric
from bench.scoring.score import ATTRIBUTES, MISSING, Scores
from bench.scoring.statistics import Bootstrap, bootstrap, harmonic_mean
from corpus import DataError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Score:
    """What an extractor reaches by one metric over a group of pages."""

    extractor: str
    dataset: str
    metric: str
    group: str
    value: float | None
    """None, as its interval and rank, of no page."""
    low: float | None
    high: float | None
    rank: int | None
    pages: int
    """Those with a value."""
    failures: int
    """Those of the group that count as keeping nothing."""
    markup: str | None
    """Kind of the pages: ``html``, ``text``, or None for both together."""


def by_markup(scores: Scores, *, by: str | None = None, together: bool = False) -> list[Scores]:
    """Take pages with HTML and text-only pages apart, so that each kind has its own means.

    A text-only page that an extractor skipped unseen has no value if the extractor looked at no
    text-only page at all: it needs HTML. All other pages count, missing ones as keeping nothing.
    ``together`` leaves all pages together, where skipped pages count as keeping nothing, too; so
    does ``by`` the markup.
    """
    if together or by == "markup":
        return [scores]
    parts = []
    for kind, of_kind in scores.pages.groupby("markup"):
        pages = of_kind
        if kind == "text":
            refused = (pages["status"] == "skipped") & pages["seconds"].isna()
            takes_text = pages["extractor"][~refused & (pages["status"] != MISSING)].unique()
            needs_html = refused & ~pages["extractor"].isin(takes_text)
            pages = pages.assign(value=pages["value"].mask(needs_html), applies=~needs_html)
        parts.append(replace(scores, pages=pages, is_part=len(pages) < len(scores.pages)))
    return parts


def groups(scores: Scores, by: str | None) -> Iterator[tuple[str, Scores]]:
    """Yield name and scores of each group of pages, the group ``all`` first.

    Raises:
        DataError: if ``by`` is not one of `ATTRIBUTES`.
    """
    check_attribute(by)
    yield "all", scores
    if by is not None:
        for value, pages in scores.pages.groupby(scores.pages[by].fillna("unknown")):
            yield str(value), replace(scores, pages=pages)


def check_attribute(by: str | None) -> None:
    """Refuse what pages cannot be grouped by.

    Raises:
        DataError: with the attributes that there are.
    """
    if by is not None and by not in ATTRIBUTES:
        raise DataError(f"pages cannot be grouped by {by!r}; use one of {', '.join(ATTRIBUTES)}")


def summarise(scores: Scores, by: str | None = None) -> list[Score]:
    """Take means over pages, with intervals and ranks, for each group, metric and extractor.

    ``by`` is one of `ATTRIBUTES`: the pages of each of its values are a group of their own,
    after the group ``all``.
    """
    rows: list[Score] = []
    for group, part in groups(scores, by):
        failures = part.failures
        for metric in scores.metrics:
            result = over_pages(metric, part.pages, scores.names, scores.seed)
            counts = pages_with_value(metric, part.pages)
            ranks = result.ranks(higher_is_better=metric.higher_is_better)
            for column, name in enumerate(scores.names):
                rows.append(Score(
                    name, scores.dataset.name, metric.name, group,
                    *result.estimate(column), ranks[column],
                    counts[name], failures[name], scores.markup,
                ))  # fmt: skip
    return rows


def over_pages(metric: Metric, pages: "pd.DataFrame", names: Sequence[str], seed: int) -> Bootstrap:
    """Compute the metric's value over pages, for each extractor in the order of ``names``."""
    if metric.harmonic_of:
        means = [over_pages(METRICS[part], pages, names, seed) for part in metric.harmonic_of]
        return harmonic_mean(means)
    mine = pages[pages["metric"] == metric.name]
    values, weights = by_page(mine, "value", names), by_page(mine, "weight", names)
    sites = pages.drop_duplicates("id").set_index("id")["site"].reindex(values.index)
    # A page without a site is a site of its own.
    named = [site if isinstance(site, str) else f"page {page}" for page, site in sites.items()]
    return bootstrap(values.to_numpy(float), named, seed, weights.to_numpy(float))


def pages_with_value(metric: Metric, pages: "pd.DataFrame") -> Counter[str]:
    """Count the pages that have a value of a metric, for each extractor."""
    return Counter(pages["extractor"][(pages["metric"] == metric.name) & pages["value"].notna()])


def by_page(rows: "pd.DataFrame", column: str, names: Sequence[str]) -> "pd.DataFrame":
    """Pivot a column of tidy rows: a row for each page's id, a column for each extractor."""
    of_page = rows.set_index(["id", "extractor"])[column]
    table = of_page.unstack("extractor")  # noqa: PD010 - keeps all-NaN columns
    return table.reindex(columns=list(names))
