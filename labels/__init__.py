"""Label each line of a page, and keep what is labelled."""

from labels.alignment import KEPT_SHARE, Alignment, align, tokenize
from labels.datasets.dataset import Dataset, open_dataset, write_dataset
from labels.datasets.manifest import Counts, Manifest
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
from labels.label_file import label_problems, read_labels, write_labels
from labels.labelled_page import LabelledPage
from labels.projection import Facts, project

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
    "write_dataset",
    "write_labels",
]
