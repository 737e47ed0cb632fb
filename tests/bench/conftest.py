"""A small dataset of four pages on three sites, and runs on it."""

import numpy as np
import pytest

from corpus import Page
from labels import LabelledPage, codes, write_dataset

PAGES = {
    # id: (site, page type, split, rows of label and text)
    "a-1": ("a.example", "article", "dev", [
        ("navigation", "Home"),
        ("title", "The ferry is back"),
        ("body", "The ferry to the island runs again from Monday."),
        ("body", "It had been laid up since the storm in March."),
        ("recommendation", "Read also: what the storm cost the harbour"),
    ]),
    "a-2": ("a.example", "article", "dev", [
        ("body", "Nobody had counted the herons on the lake before."),
        ("legal", "All rights reserved."),
    ]),
    "b-1": ("b.example", "forum", "dev", [
        ("navigation", "Log in"),
        ("body", "Does anyone know how to oil a loom?"),
        ("byline", "by ada, yesterday"),
    ]),
    "c-1": ("c.example", "forum", "dev", [
        ("navigation", "Search"),
        ("body", "한글로 쓴 글은 두 줄이면 충분하다."),
        ("comment", "댓글 3"),
    ]),
}  # fmt: skip


def page(page_id):
    site, page_type, split, rows = PAGES[page_id]
    texts = [text for _, text in rows]
    about = Page(
        page_id, "\n".join(texts).encode(), "text", site=site, page_type=page_type, split=split
    )
    return LabelledPage(about, texts, codes([label for label, _ in rows]))


@pytest.fixture
def dataset(tmp_path):
    return write_dataset(
        tmp_path / "small",
        map(page, PAGES),
        name="small",
        licence="CC0-1.0",
        description="Four pages.",
    )


@pytest.fixture
def perfect():
    """Kept lines of each page, by page, as an extractor that knows the labels would."""
    return {page_id: page(page_id).labels == 0 for page_id in PAGES}


@pytest.fixture
def everything():
    return {page_id: np.ones(len(PAGES[page_id][3]), bool) for page_id in PAGES}
