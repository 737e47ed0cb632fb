"""Write what the server sends to the application's pages, as plain data for JSON."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import Lines, Page
from corpus.wording import plural
from labels.annotation.checks.review import LabelFinding
from labels.annotation.drafts.draft import NO_KEY, Draft, to_keys
from labels.annotation.drafts.proposals import ProposedLabels
from labels.annotation.drafts.resolution import Resolution, Resolver
from labels.annotation.drafts.store import OpenDraft, Store
from labels.annotation.web.page_queue import PageStatus
from labels.label import LABELS, Label

_ABOUT = ("id", "language", "page_type", "site", "url", "markup")
_STATUS = ("status", "lines", "decided", "uncertain", "entropy", "missed", "problem")


def labels_json() -> list[dict[str, str]]:
    """List the labels in the order of their codes."""
    return [
        {"name": str(label), "key": label.key, "role": str(label.role), "what": label.meaning}
        for label in LABELS
    ]


def labels_css() -> str:
    """Write each label's colour as custom property ``--label`` of what is marked with it."""
    return "".join(
        f'[data-label="{label}"] {{ --label: light-dark({label.colour}, '
        f"{label.colour_in_dark}); }}\n"
        for label in LABELS
    )


def page_json(store: Store, page_id: str) -> dict[str, Any]:
    """Describe a page with its draft: all that labelling takes; proposals unless it is blank."""
    page, lines, opened = store.page(page_id), store.lines(page_id), store.open(page_id)
    draft = opened.draft
    proposals = ProposedLabels(np.zeros(0, np.int8), np.zeros(0))
    missed = np.zeros(0, np.bool_)
    if draft.start != "blank":
        proposals = store.proposals(page_id)
        missed = store.missed(page_id, draft.labels)
    return {
        "about": about_json(page),
        "annotator": store.annotator,
        "labels": labels_json(),
        "texts": lines.texts,
        "start": draft.start,
        "confidence": np.floor(100 * proposals.confidence).astype(int).tolist(),
        "uncertain": np.flatnonzero(proposals.uncertain).tolist(),
        "missed": np.flatnonzero(missed).tolist(),
        "containers": containers_json(lines),
    } | draft_json(opened)


def draft_json(opened: OpenDraft) -> dict[str, Any]:
    """Describe a draft: labels by their keys, what is decided by 0 and 1, a character a line."""
    draft = opened.draft
    return {
        "version": opened.version,
        "stored": opened.stored,
        "keys": draft.keys,
        "decided": draft.decided_digits,
        "undo": len(draft.done),
        "redo": len(draft.undone),
    }


def about_json(page: Page) -> dict[str, str | None]:
    """Describe what is known of a page."""
    return {name: getattr(page, name) for name in _ABOUT}


def containers_json(lines: Lines) -> dict[str, Any]:
    """List the containers around each line: ``chains[of[line]]``, the innermost first.

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
    """List what speaks against accepting a draft; ``line`` from 0, ``stops`` if it forbids it."""

    def problem(text: str, line: int | None, *, stops: bool = False) -> dict[str, Any]:
        return {"text": text, "line": line, "stops": stops}

    if draft.missing:
        first = int(np.flatnonzero(~draft.is_labelled)[0])
        return [problem(f"{plural(draft.missing, 'line')} without a label", first, stops=True)]
    problems = []
    if Label.BODY.code not in draft.labels:
        problems.append(problem("no line is body; a page needs one", None, stops=True))
    if len(doubtful := np.flatnonzero(~draft.decided & uncertain)):
        lines = plural(len(doubtful), "line")
        text = f"{lines} proposed without certainty and not confirmed"
        problems.append(problem(text, int(doubtful[0])))
    for finding in findings:
        line = None if finding.line is None else finding.line - 1
        problems.append(problem(finding.detail, line))
    return problems


def queue_json(store: Store, known: Sequence[PageStatus], pending: int) -> dict[str, Any]:
    """Say how far the corpus is, page by page, and the sums over the pages that are known."""
    return {
        "corpus": store.folders.name,
        "annotator": store.annotator,
        "pending": pending,
        "pages": [
            about_json(one.page)
            | {name: getattr(one, name) for name in _STATUS}
            | {"entropy": round(one.entropy, 4)}
            for one in known
        ],
        "totals": {
            "pages": len(known) + pending,
            "gold": sum(one.status == "gold" for one in known),
            "draft": sum(one.status in {"draft", "finished"} for one in known),
            "lines": sum(one.lines for one in known),
            "decided": sum(one.decided for one in known),
            "uncertain": sum(one.uncertain for one in known),
        },
    }


def dispute_json(resolution: Resolution) -> dict[str, Any]:
    """Describe a page of those with several drafts."""
    return {
        "id": resolution.id,
        "annotators": list(resolution.names),
        "disputed": len(resolution.disputed),
        "open": len(resolution.open),
    }


def resolution_json(resolver: Resolver, resolution: Resolution) -> dict[str, Any]:
    """Describe all that deciding on a page takes."""
    store = resolver.store
    return {
        "about": about_json(store.page(resolution.id)),
        "annotator": store.annotator,
        "labels": labels_json(),
        "texts": store.lines(resolution.id).texts,
    } | decisions_json(resolution)


def decisions_json(resolution: Resolution) -> dict[str, Any]:
    """Say how the page is labelled and decided, a character a line, ``-`` where undecided."""
    decided = {line: LABELS[code].key for line, code in resolution.decided.items()}
    lines = range(resolution.labels.shape[1])
    return {
        "version": resolution.version,
        "names": list(resolution.names),
        "said": [to_keys(row) for row in resolution.labels],
        "disputed": resolution.disputed,
        "decided": "".join(decided.get(line, NO_KEY) for line in lines),
    }
