"""What the application's pages are told, as plain data for JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import Lines, Page
from labels.annotation.checks.review import LabelFinding
from labels.annotation.drafts.draft import Draft
from labels.annotation.drafts.proposals import UNCERTAIN, Proposals
from labels.annotation.drafts.resolution import Resolution, Resolver
from labels.annotation.drafts.store import Opened, Store
from labels.annotation.web.page_queue import Summary
from labels.label import LABELS, Label

_BODY = Label.BODY.code


def labels_json() -> list[dict[str, str]]:
    """The labels in the order of their codes."""
    return [
        {"name": str(label), "key": label.key, "role": str(label.role), "what": label.meaning}
        for label in LABELS
    ]


def labels_css() -> str:
    """The colour of each label, as custom property ``--label`` of what is marked with it."""
    return "".join(
        f'[data-label="{label}"] {{ --label: light-dark({label.colour}, '
        f"{label.colour_in_dark}); }}\n"
        for label in LABELS
    )


def page_json(store: Store, page_id: str) -> dict[str, Any]:
    """A page with its draft: all that labelling it takes."""
    page, lines, opened = store.page(page_id), store.lines(page_id), store.open(page_id)
    draft = opened.draft
    blank = draft.start == "blank"
    proposals = None if blank else store.proposals(page_id)
    return {
        "about": about_json(page),
        "annotator": store.annotator,
        "labels": labels_json(),
        "texts": lines.texts,
        "start": draft.start,
        "confidence": _percent(proposals),
        "uncertain": [] if proposals is None else np.flatnonzero(proposals.uncertain).tolist(),
        "limit": round(100 * UNCERTAIN),
        "missed": [] if blank else np.flatnonzero(store.missed(page_id, draft.labels)).tolist(),
        "containers": containers_json(lines),
    } | draft_json(opened)


def draft_json(opened: Opened) -> dict[str, Any]:
    """A draft: labels by their keys and what is decided by 0 and 1, a character a line."""
    draft = opened.draft
    return {
        "version": opened.version,
        "stored": opened.stored,
        "keys": "".join(_keys(draft)),
        "decided": "".join("01"[value] for value in draft.decided.astype(int)),
        "undo": len(draft.done),
        "redo": len(draft.undone),
    }


def about_json(page: Page) -> dict[str, str | None]:
    """What is known of a page."""
    return {
        "id": page.id,
        "language": page.language,
        "page_type": page.page_type,
        "site": page.site,
        "url": page.url,
        "markup": page.markup,
    }


def containers_json(lines: Lines) -> dict[str, Any]:
    """The containers around each line: ``chains[of[line]]``, the innermost first.

    A chain is flat: first and last line of the innermost container, of the next one, and so on.
    Containers of one line, and those that hold the same lines as one inside them, are left out.
    """
    containers = lines.containers
    chains: list[list[int]] = []
    known: dict[int, int] = {}
    for at in lines.container.tolist():
        if at in known:
            continue
        chain: list[int] = []
        row = at
        while row >= 0:
            span = [int(containers.start[row]), int(containers.end[row]) - 1]
            if span[0] < span[1] and chain[-2:] != span:
                chain += span
            row = int(containers.parent[row])
        known[at] = len(chains)
        chains.append(chain)
    return {"of": [known[at] for at in lines.container.tolist()], "chains": chains}


def problems_json(
    draft: Draft, uncertain: NDArray[np.bool_], findings: Sequence[LabelFinding]
) -> list[dict[str, Any]]:
    """What speaks against accepting a draft; ``line`` from 0, ``stops`` if it forbids it."""
    problems: list[dict[str, Any]] = []
    if draft.missing:
        first = int(np.flatnonzero(~draft.decided)[0])
        problems.append(_problem(f"{_lines(draft.missing)} without a label", first, stops=True))
    elif _BODY not in draft.labels:
        problems.append(_problem("no line is body; a page needs one", None, stops=True))
    doubtful = np.flatnonzero(~draft.decided & uncertain)
    if len(doubtful) and not draft.missing:
        said = f"{_lines(len(doubtful))} proposed without certainty and not confirmed"
        problems.append(_problem(said, int(doubtful[0])))
    if not draft.missing:
        for finding in findings:
            line = None if finding.line is None else finding.line - 1
            problems.append(_problem(finding.detail, line))
    return problems


def queue_json(store: Store, summaries: Sequence[Summary | None]) -> dict[str, Any]:
    """How far the corpus is, page by page, and the sums over it."""
    known = [one for one in summaries if one is not None]
    return {
        "corpus": store.folders.name,
        "annotator": store.annotator,
        "pending": len(summaries) - len(known),
        "pages": [summary_json(one) for one in known],
        "totals": totals_json(known, len(summaries)),
    }


def summary_json(one: Summary) -> dict[str, Any]:
    """One page of the queue."""
    return about_json(one.page) | {
        "status": one.status,
        "lines": one.lines,
        "decided": one.decided,
        "uncertain": one.uncertain,
        "entropy": round(one.entropy, 4),
        "missed": one.missed,
        "problem": one.problem,
    }


def totals_json(known: Sequence[Summary], pages: int) -> Mapping[str, int]:
    """The sums over those of the pages that are known."""
    return {
        "pages": pages,
        "gold": sum(one.status == "gold" for one in known),
        "draft": sum(one.status in {"draft", "finished"} for one in known),
        "lines": sum(one.lines for one in known),
        "decided": sum(one.decided for one in known),
        "uncertain": sum(one.uncertain for one in known),
    }


def _keys(draft: Draft) -> list[str]:
    keys = [LABELS[code].key for code in draft.labels]
    if draft.start == "blank":
        keys = [key if done else "-" for key, done in zip(keys, draft.decided, strict=True)]
    return keys


def _percent(proposals: Proposals | None) -> list[int]:
    return [] if proposals is None else np.floor(100 * proposals.confidence).astype(int).tolist()


def _lines(number: int) -> str:
    return "1 line" if number == 1 else f"{number:,} lines"


def _problem(text: str, line: int | None, *, stops: bool = False) -> dict[str, Any]:
    return {"text": text, "line": line, "stops": stops}


def resolution_json(resolver: Resolver, resolution: Resolution) -> dict[str, Any]:
    """All that deciding on a page takes."""
    store = resolver.store
    return {
        "about": about_json(store.page(resolution.id)),
        "annotator": store.annotator,
        "labels": labels_json(),
        "texts": store.lines(resolution.id).texts,
    } | decisions_json(resolution)


def decisions_json(resolution: Resolution) -> dict[str, Any]:
    """What is said and decided: a character a line, ``-`` where nothing is."""
    n = resolution.labels.shape[1]
    decided = [
        LABELS[resolution.decided[line]].key if line in resolution.decided else "-"
        for line in range(n)
    ]
    return {
        "version": resolution.version,
        "names": list(resolution.names),
        "said": ["".join(LABELS[code].key for code in row) for row in resolution.labels],
        "disputed": resolution.disputed,
        "decided": "".join(decided),
    }
