"""What the linter found."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from bench.report import terminal
from bench.report.tables import Table
from labels import Dataset
from labels.datasets.checks import DatasetFinding, DatasetFindingKind

_IDS_SHOWN = 3


def render_findings(
    findings: Sequence[DatasetFinding],
    form: str,
    *,
    datasets: Sequence[Dataset],
    kinds: Sequence[DatasetFindingKind],
    examples: int | None = None,
) -> str:
    """Show findings as ``table`` or ``json``; ends with a newline.

    The table counts the findings of each of ``kinds``, which were looked for in ``datasets``;
    beneath it stand the first ``examples`` of each (None: all). The JSON is an array of objects
    whose keys are the fields of `labels.datasets.checks.DatasetFinding`.
    """
    if form == "json":
        return (
            json.dumps([asdict(found) for found in findings], indent=1, ensure_ascii=False) + "\n"
        )
    title = (
        f"{', '.join(dataset.name for dataset in datasets)}: {len(findings):,} findings on "
        f"{len(_pages(findings)):,} of {sum(d.manifest.pages for d in datasets):,} pages"
    )
    if not findings:
        return f"{title}\n"
    by_kind = {kind: [found for found in findings if found.kind == kind] for kind in kinds}
    drawn = [_counts(title, by_kind)]
    drawn += [_examples(kind, found, examples) for kind, found in by_kind.items() if found]
    return "\n".join(map(terminal.draw, drawn))


def _counts(title: str, by_kind: dict[DatasetFindingKind, list[DatasetFinding]]) -> Table:
    found = {kind: findings for kind, findings in by_kind.items() if findings}
    absent = [kind for kind in by_kind if kind not in found]
    return Table(
        title=title,
        columns=("kind", "meaning", "findings", "pages"),
        rows=tuple(
            (kind, kind.meaning, f"{len(findings):,}", f"{len(_pages(findings)):,}")
            for kind, findings in found.items()
        ),
        notes=(f"None of {', '.join(absent)}.",) if absent else (),
    )


def _pages(findings: Sequence[DatasetFinding]) -> set[str]:
    return {page for finding in findings for page in finding.pages}


def _examples(
    kind: DatasetFindingKind, findings: Sequence[DatasetFinding], examples: int | None
) -> Table:
    shown = findings[:examples]
    more = len(findings) - len(shown)
    return Table(
        title=kind,
        columns=("pages", "finding"),
        rows=tuple((_ids(finding.pages), finding.detail) for finding in shown),
        notes=(f"… {more:,} more, which --kind {kind} prints",) if more else (),
    )


def _ids(pages: Sequence[str]) -> str:
    more = len(pages) - _IDS_SHOWN
    return ", ".join(pages[:_IDS_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
