"""Turn pages into tasks for Label Studio: one task a page, one paragraph a line."""

from collections.abc import Iterable
from typing import Any, Literal
from xml.etree import ElementTree as ET

from corpus import SPLITTER_VERSION
from labels.annotation.drafts.annotators import GOLD, PageAnnotations
from labels.label import LABELS

ExportAs = Literal["annotations", "predictions"]

REGION = "paragraphlabels"
"""The type of a labelled stretch of paragraphs."""
CONTROL = "label"
"""The name of the tag with the labels, which is a key of JSON-MIN."""
OBJECT = "lines"
"""The name of the tag with the paragraphs, and their key in a task."""

_PARAGRAPHS = {
    "name": OBJECT,
    "value": f"${OBJECT}",
    "layout": "dialogue",
    "nameKey": "number",
    "textKey": "text",
    "granularity": "paragraph",
}


def labelling_config() -> str:
    """Write the labelling configuration that goes with the tasks, as XML."""
    view = ET.Element("View")
    control = ET.SubElement(view, "ParagraphLabels", name=CONTROL, toName=OBJECT, choice="single")
    for label in LABELS:
        ET.SubElement(control, "Label", value=str(label), background=label.colour, hotkey=label.key)
    ET.SubElement(view, "Paragraphs", _PARAGRAPHS)
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def export_tasks(
    pages: Iterable[PageAnnotations], export_as: ExportAs = "annotations"
) -> list[dict[str, Any]]:
    """Make a task of each page, with the labels of its annotators.

    As annotations they can be edited, and gold is marked as ground truth. As predictions they are
    shown to whoever begins, under the annotator's name. A page without labels is a task without
    either.
    """
    return [_task(page, export_as) for page in pages]


def _task(page: PageAnnotations, export_as: ExportAs) -> dict[str, Any]:
    lines = [{"number": str(row), "text": text} for row, text in enumerate(page.texts, start=1)]
    data = {
        "page": page.page.id,
        "language": page.page.language,
        "url": page.page.url,
        "splitter": SPLITTER_VERSION,
        OBJECT: lines,
    }
    entries: list[dict[str, Any]] = []
    for name, labels in page.labels.items():
        result = [_region(row, text, labels[row]) for row, text in enumerate(page.texts)]
        if export_as == "predictions":
            entries.append({"model_version": name, "result": result})
        else:
            ground_truth = name == GOLD
            entries.append({"result": result, "was_cancelled": False, "ground_truth": ground_truth})
    return {"data": data} | ({export_as: entries} if entries else {})


def _region(row: int, text: str, code: int) -> dict[str, Any]:
    return {
        "id": f"line-{row + 1}",
        "from_name": CONTROL,
        "to_name": OBJECT,
        "type": REGION,
        "value": {
            "start": str(row),
            "end": str(row),
            "startOffset": 0,
            "endOffset": units(text),
            "text": text,
            REGION: [str(LABELS[code])],
        },
    }


def units(text: str) -> int:
    """Measure a text as a browser counts it."""
    return len(text.encode("utf-16-le")) // 2
