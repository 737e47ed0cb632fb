import pytest

from corpus import Page
from labels import LabelledPage, codes, write_dataset


@pytest.fixture
def page():
    """Make a labelled page of rows of label and text; its bytes are the lines, unless there is HTML."""

    def make(page_id, rows=(), *, html=None, gold=None, kept=(), dropped=(), **about):
        texts = [text for _, text in rows]
        raw = "\n".join(texts) if html is None else html
        return LabelledPage(
            Page(page_id, raw.encode(), "text" if html is None else "html", **about),
            texts,
            codes([label for label, _ in rows]),
            gold_text=gold,
            with_snippets=kept,
            without_snippets=dropped,
        )

    return make


@pytest.fixture
def lines(page):
    """Make a page of lines that are all body, with a gold text."""

    def make(texts, gold=None, **others):
        return page("a", [("body", text) for text in texts], gold=gold, **others)

    return make


@pytest.fixture
def dataset(tmp_path):
    """Store pages as a dataset."""

    def make(*pages, name="small", folder=None):
        return write_dataset(
            tmp_path / (folder or name), pages, name=name, licence="CC0-1.0", description="Small."
        )

    return make
