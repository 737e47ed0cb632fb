"""Importers of public datasets, one module each; the module's name is the dataset's name.

A module whose name begins with an underscore is shared by several importers.
"""

from labels.datasets.importers._records import (
    ImportedPage,
    Importer,
    RecordError,
    Source,
    SourceRecord,
    Unread,
    unread,
)

__all__ = [
    "ImportedPage",
    "Importer",
    "RecordError",
    "Source",
    "SourceRecord",
    "Unread",
    "unread",
]
