"""What a check of label files found."""

import json

from corpus.wording import shown
from labels.annotation.checks.check_labels import Check


def render_check(check: Check, form: str) -> str:
    """Show a check as ``text``, a line for each problem and finding, or as ``json``."""
    if form == "json":
        return json.dumps(_as_json(check), indent=1, ensure_ascii=False) + "\n"
    rows = list(check.problems)
    for doubt in check.doubts:
        text = "" if doubt.text is None else f": {shown(doubt.text)}"
        rows.append(f"{doubt.place}: {doubt.finding.kind}: {doubt.finding.detail}{text}")
    return "".join(f"{row}\n" for row in rows)


def _as_json(check: Check) -> dict[str, object]:
    return {
        "pages": check.pages,
        "lines": check.lines,
        "problems": list(check.problems),
        "findings": [
            {
                "id": doubt.id,
                "kind": str(doubt.finding.kind),
                "line": doubt.finding.line,
                "place": doubt.place,
                "detail": doubt.finding.detail,
                "label": doubt.label,
                "text": doubt.text,
            }
            for doubt in check.doubts
        ],
        "accepted": check.accepted,
    }
