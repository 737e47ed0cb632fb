"""What a check of label files found."""

import json

from corpus.wording import shown
from labels.annotation.checks.check_labels import Check


def render_check(check: Check, form: str) -> str:
    """Show a check as ``text``, a line for each problem and finding, or as ``json``."""
    if form == "json":
        return json.dumps(_as_json(check), indent=1, ensure_ascii=False) + "\n"
    rows = list(check.problems)
    for found in check.findings:
        text = "" if found.finding.text is None else f": {shown(found.finding.text)}"
        rows.append(f"{found.place}: {found.finding.kind}: {found.finding.detail}{text}")
    return "".join(f"{row}\n" for row in rows)


def _as_json(check: Check) -> dict[str, object]:
    return {
        "pages": check.pages,
        "lines": check.lines,
        "problems": list(check.problems),
        "findings": [
            {
                "id": found.id,
                "kind": str(found.finding.kind),
                "line": found.finding.line,
                "place": found.place,
                "detail": found.finding.detail,
                "label": found.finding.label,
                "text": found.finding.text,
            }
            for found in check.findings
        ],
        "accepted": check.accepted,
    }
