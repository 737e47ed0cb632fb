"""Exchange labels with Label Studio.

A region of ``paragraphlabels`` goes from a paragraph and an offset to a paragraph and an offset;
paragraphs count from 0, offsets in UTF-16 units.
"""

from labels.annotation.label_studio.import_labels import import_labels
from labels.annotation.label_studio.results import ImportedLabels, read_export
from labels.annotation.label_studio.tasks import ExportAs, export_tasks, labelling_config

__all__ = [
    "ExportAs",
    "ImportedLabels",
    "export_tasks",
    "import_labels",
    "labelling_config",
    "read_export",
]
