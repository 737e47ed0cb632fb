"""Read and write a draft: a label file, ``drafts/ANNOTATOR/ID.tsv``, and ``ID.state.json``.

The state holds which lines somebody has decided, and the steps that can be undone. Both are read
here and nowhere else.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus import DataError, Lines
from corpus.files import write_atomically
from labels.annotation.drafts.draft import Draft
from labels.label_file import read_labels

_DIGITS = 16


@dataclass(frozen=True, slots=True)
class DraftFile:
    """The two files of a draft."""

    path: Path
    """The label file."""

    @property
    def state_path(self) -> Path:
        """The state, beside the label file."""
        return self.path.with_name(f"{self.path.stem}.state.json")

    @property
    def version(self) -> str:
        """A digest of both files."""
        files = (self.path, self.state_path)
        return digest(*(file.read_bytes() if file.exists() else b"" for file in files))

    def read_state(self, lines: int) -> Draft | None:
        """Read the state of a draft of so many lines; None where there is none.

        Raises:
            DataError: if it is no state, or that of another draft.
        """
        if not self.state_path.exists():
            return None
        try:
            return Draft.from_json(self.state_path.read_bytes(), lines)
        except ValueError as error:
            raise DataError(
                f"{self.state_path}: not the state of this draft ({error}); remove it to go on "
                "without it"
            ) from None

    def read(self, lines: Lines) -> Draft:
        """Read the draft of a page.

        Labels that the state does not know were changed elsewhere, which is one more step. Without
        a state, the label file was made elsewhere, and each line is decided.

        Raises:
            DataError: if a file cannot be read, or is not that of the page.
        """
        labels = read_labels(self.path, lines)
        state = self.read_state(len(lines))
        if state is None:
            return Draft(labels, np.ones(len(lines), np.bool_), "draft")
        return state.relabelled(labels)

    def write_state(self, draft: Draft) -> None:
        """Write the state, whole or not at all."""
        write_atomically(self.state_path, draft.to_json())


def digest(*contents: bytes) -> str:
    """Compute the version of something that is stored as these contents."""
    sha256 = hashlib.sha256()
    for content in contents:
        sha256.update(len(content).to_bytes(8, "big") + content)
    return sha256.hexdigest()[:_DIGITS]
