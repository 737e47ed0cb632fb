import pickle
from dataclasses import dataclass
from pathlib import Path

import pytest

from labels import LABELS, Dataset, LabelledPage
from labels.importers import import_dataset, load_importer


@dataclass
class Imported:
    """What came out of an import, and what was left out."""

    source: Path
    dataset: Dataset
    pages: list[LabelledPage]

    @property
    def ids(self):
        return [labelled.page.id for labelled in self.pages]

    @property
    def left_out(self):
        """Place, relative to the source, and reason of each record that could not be read."""
        return [
            (place.removeprefix(f"{self.source}/"), reason)
            for place, reason in self.dataset.manifest.unreadable
        ]

    def lines(self, row=0):
        """(label, text) of each line of a page."""
        labelled = self.pages[row]
        return [
            (str(LABELS[code]), text)
            for code, text in zip(labelled.labels, labelled.texts, strict=True)
        ]


@pytest.fixture
def source(tmp_path):
    """The folder in which a test lays out its dataset."""
    path = tmp_path / "source"
    path.mkdir()
    return path


@pytest.fixture
def lay_out(source):
    """Write files, by path, of text (in UTF-8) or bytes."""

    def write(files):
        for name, content in files.items():
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    return write


@pytest.fixture
def imported(tmp_path, source):
    """Import what was laid out; records must survive the way into another process."""

    def run(name, path=source):
        records = load_importer(name).find(path).records
        assert pickle.loads(pickle.dumps(records)) == records  # noqa: S301
        dataset = import_dataset(name, path, tmp_path / "out")
        return Imported(path, dataset, list(dataset.pages()))

    return run
