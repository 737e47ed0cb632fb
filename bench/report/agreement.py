"""Show how far annotators agree."""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import numpy as np

from bench.report.formats import Report, Table, table_of
from bench.report.scores import heading, short
from bench.scoring.annotator_scores import AgreementRow, AnnotatorComparison, AnnotatorScore
from corpus.wording import plural, shown
from labels import LABELS

_LONGEST_TEXT = 48


def agreement_report(comparison: AnnotatorComparison, *, disputes: bool) -> Report:
    """Show how far annotators agree; ``disputes`` adds the lines on which they differ."""
    tables = [_agreement(comparison), *_scores(comparison), *_confusions(comparison)]
    data: dict[str, Any] = {
        "annotators": comparison.annotators,
        "pages": comparison.pages,
        "agreement": comparison.agreement,
        "scores": comparison.scores,
        "confusion": [
            {
                "annotators": pair,
                "labels": [str(LABELS[one]), str(LABELS[other])],
                "lines": int(table[one, other]),
            }
            for pair, table in comparison.confusion.items()
            for one, other in np.argwhere(table)
        ],
    }
    if disputes:
        data["disputes"] = comparison.disputes
        tables.append(_disputes(comparison))
    return Report(data, tables)


def _agreement(comparison: AnnotatorComparison) -> Table:
    """Show a row for each group and set of annotators, with labels and roles side by side."""
    by_set: dict[tuple[str, ...], list[AgreementRow]] = {}
    for row in comparison.agreement:
        by_set.setdefault((row.group, *row.annotators), []).append(row)
    notes = [
        "Share: pairs of labels on a line that are equal. Kappa: Cohen's, of two. Alpha: "
        "Krippendorff's, nominal.",
        f"Intervals of 95 %: bootstrap over pages, seed {comparison.seed}. –: not defined, as "
        "where all labels are the same.",
    ]
    if comparison.profile != "default":
        notes.append(f"Roles of the profile {comparison.profile}.")
    return table_of(
        f"{comparison.corpus}: agreement on {plural(comparison.pages, 'page')} that two or more "
        "labelled",
        (
            _group(comparison, rows[0])
            | {"annotators": " ".join(rows[0].annotators)}
            | {"pages": f"{rows[0].pages:,}", "lines": f"{rows[0].lines:,}"}
            | {
                f"{row.over} {name}": _interval(row, name, f"{name}_")
                for row in rows
                for name in ("share", "kappa", "alpha")
            }
            for rows in by_set.values()
        ),
        notes,
    )


def _scores(comparison: AnnotatorComparison) -> Iterator[Table]:
    """Show annotators as extractors, against each one's labels."""
    if not comparison.metrics:
        return
    by_pair: dict[tuple[int, int, bool, str], dict[str, AnnotatorScore]] = {}
    groups = list(dict.fromkeys(row.group for row in comparison.scores))
    for row in comparison.scores:
        gold = comparison.annotators.index(row.gold)
        place = groups.index(row.group), gold, not row.human, row.extractor
        by_pair.setdefault(place, {})[row.metric] = row
    yield table_of(
        "one annotator against another, scored as an extractor: the ceiling for extractors",
        (
            _group(comparison, first)
            | {"gold": first.gold, "extractor": first.extractor + " (run)" * (not first.human)}
            | {"pages": f"{first.pages:,}"}
            | {heading(m): _interval(by_metric[m.name], "value") for m in comparison.metrics}
            for _, by_metric in sorted(by_pair.items(), key=itemgetter(0))
            for first in [by_metric[comparison.metrics[0].name]]
        ),
        [f"Intervals of 95 %: bootstrap over sites, seed {comparison.seed}."],
    )


def _confusions(comparison: AnnotatorComparison) -> Iterator[Table]:
    for (one, other), table in comparison.confusion.items():
        used = np.flatnonzero(table.sum(axis=0) + table.sum(axis=1))
        yield Table(
            f"lines by label: rows {one}, columns {other}",
            (one, *(LABELS[code] for code in used)),
            tuple(
                (
                    str(LABELS[row]),
                    *(f"{table[row, column]:,}" if table[row, column] else "" for column in used),
                )
                for row in used
            ),
        )


def _disputes(comparison: AnnotatorComparison) -> Table:
    matter = sum(dispute.in_role for dispute in comparison.disputes)
    return Table(
        f"{plural(len(comparison.disputes), 'line')} in dispute",
        ("page", "line", *comparison.annotators, "text"),
        tuple(
            (
                dispute.id + "*" * dispute.in_role,
                str(dispute.line),
                *(dispute.labels.get(name, "") for name in comparison.annotators),
                shown(dispute.text, _LONGEST_TEXT),
            )
            for dispute in comparison.disputes
        ),
        (f"* in role, too: {plural(matter, 'line')}, which scores depend on.",),
    )


def _group(comparison: AnnotatorComparison, row: AgreementRow | AnnotatorScore) -> dict[str, str]:
    return {} if comparison.by is None else {comparison.by: row.group}


def _interval(row: AgreementRow | AnnotatorScore, name: str, prefix: str = "") -> str:
    """Show a value with its interval; agreement may be below zero, and its interval is narrow."""
    value, low, high = (getattr(row, key) for key in (name, f"{prefix}low", f"{prefix}high"))
    return short(value) if low is None else f"{short(value)} {short(low)}–{short(high)}"
