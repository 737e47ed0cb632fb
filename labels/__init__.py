"""What each line of a page is."""

from labels.align import KEPT_SHARE, Alignment, align, tokenize
from labels.dataset import Dataset, open_dataset, write_dataset
from labels.label import (
    LABELS,
    NOISE_LABELS,
    PROFILES,
    ROLES,
    Label,
    Role,
    body_labels,
    codes,
    roles,
)
from labels.labelled import LabelledPage
from labels.manifest import Counts, Manifest
from labels.project import Facts, project
from labels.tsv import label_problems, read_labels, write_atomically, write_labels

__all__ = [
    "KEPT_SHARE",
    "LABELS",
    "NOISE_LABELS",
    "PROFILES",
    "ROLES",
    "Alignment",
    "Counts",
    "Dataset",
    "Facts",
    "Label",
    "LabelledPage",
    "Manifest",
    "Role",
    "align",
    "body_labels",
    "codes",
    "label_problems",
    "open_dataset",
    "project",
    "read_labels",
    "roles",
    "tokenize",
    "write_atomically",
    "write_dataset",
    "write_labels",
]
