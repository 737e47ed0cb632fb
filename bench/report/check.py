"""What a check of label files found."""

from bench.report.formats import Report
from corpus.wording import shown
from labels.annotation.checks.check_labels import Check


def check_report(check: Check) -> Report:
    """Show a check: for people a line for each problem and finding."""
    lines = list(check.problems)
    for found in check.findings:
        text = "" if found.finding.text is None else f": {shown(found.finding.text)}"
        lines.append(f"{found.place}: {found.finding.kind}: {found.finding.detail}{text}")
    data = {
        "pages": check.pages,
        "lines": check.lines,
        "problems": check.problems,
        "findings": [
            {
                "id": found.id,
                "kind": found.finding.kind,
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
    return Report(data, ["\n".join(lines)] if lines else [])
