"""Join pages and runs to what metrics see of them."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bench.metrics import METRICS, Case
from bench.running import Run, RunHeader, RunRow
from corpus import DataError
from labels import KEPT_SHARE, ROLES, LabelledPage, Role, align, roles


def page_cases(
    labelled: LabelledPage, runs: Sequence[Run], profile: str = "default"
) -> Iterator[Case]:
    """Yield what each run made of a page beside the page's gold, in the order of the runs.

    Raises:
        DataError: if a run has kept lines of another number than the page's.
    """
    line_roles = roles(labelled.labels, profile)
    gold_text = labelled.gold_text
    if gold_text is None:
        gold_text = _joined(labelled.texts, line_roles == ROLES.index(Role.BODY))
    chars = np.array([len(text) for text in labelled.texts], np.int32)
    for run in runs:
        kept, text = _kept(labelled, run, run.rows.get(labelled.page.id))
        yield Case(
            labels=labelled.labels,
            roles=line_roles,
            chars=chars,
            kept=kept,
            text=text,
            gold_text=gold_text,
            lines=labelled.texts,
            with_snippets=labelled.with_snippets,
            without_snippets=labelled.without_snippets,
        )


def projection_ceiling(labelled: LabelledPage) -> float | None:
    """Compute the word F1 of a page's body lines alone against its gold text; None without one."""
    if labelled.gold_text is None:
        return None
    body = roles(labelled.labels) == ROLES.index(Role.BODY)
    row = RunRow(labelled.page.id, "ok", kept=body)
    (case,) = page_cases(labelled, [Run(RunHeader("body"), {row.id: row})])
    return METRICS["word_f1"].on(case).value


def _kept(labelled: LabelledPage, run: Run, row: RunRow | None) -> tuple[NDArray[np.bool_], str]:
    """Get the lines that were kept, shape (n,), and the text; nothing of a page that failed."""
    n = len(labelled.texts)
    if row is not None and row.status == "ok" and row.kept is not None:
        if len(row.kept) != n:
            raise DataError(
                f"run of {run.name}, page {row.id!r}: kept has {len(row.kept)} "
                f"entries for {n} lines; it must have one for each"
            )
        return row.kept, _joined(labelled.texts, row.kept)
    if row is not None and row.status == "ok" and row.text is not None:
        coverage = row.coverage
        if coverage is None or len(coverage) != n or run.header.splitter != labelled.splitter:
            coverage = align(labelled.texts, row.text).coverage
        return coverage >= KEPT_SHARE, row.text
    return np.zeros(n, np.bool_), ""


def _joined(texts: Sequence[str], mask: NDArray[np.bool_]) -> str:
    return "\n".join([text for text, kept in zip(texts, mask, strict=True) if kept])
