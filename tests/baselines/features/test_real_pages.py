"""Features are finite on all pages of the datasets at hand, and on trees that nobody would write."""

import gzip
import tarfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baselines.features.batch import Batch
from baselines.model import VIEWS
from corpus import DataError, Page, split_html

TEXTS = ["", "word", "One sentence, and another. " * 6, "한글 문장이다. " * 9, "12", "\u200d", "•"]
TAGS = [
    "div",
    "p",
    "a",
    "span",
    "li",
    "ul",
    "table",
    "td",
    "tr",
    "h1",
    "pre",
    "nav",
    "article",
    "b",
]


def trees():
    def element(children):
        opened = st.sampled_from(["<{}>", "<{} class=a>", "<{} hidden>", "<{} href=/>"])
        return st.builds(
            lambda tag, start, inner, end: (
                start.format(tag) + "".join(inner) + (f"</{tag}>" if end else "")
            ),
            st.sampled_from(TAGS),
            opened,
            children,
            st.booleans(),
        )

    leaves = st.sampled_from(TEXTS)
    return st.recursive(leaves, lambda inner: element(st.lists(inner, max_size=5)), max_leaves=40)


def check(lines, place):
    if len(lines):
        batch = Batch.of([lines])
        for name, view in VIEWS.items():
            assert np.isfinite(view.features(batch).values).all(), f"{place}, {name} view"
            sure = np.full(len(lines), 1.0)
            assert np.isfinite(view.context(sure, batch).values).all(), f"{place}, {name} context"


@settings(max_examples=150, deadline=None)
@given(trees())
def test_features_of_any_tree_are_finite(html):
    check(split_html(html), html)


def files(folder):
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".gz":
            yield path.name, gzip.decompress(path.read_bytes())
        elif path.suffix == ".html":
            yield path.name, path.read_bytes()


def unpacked(archive):
    with tarfile.open(archive) as members:
        for member in members:
            if member.isfile() and "/input/" in member.name:
                yield member.name, members.extractfile(member).read()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.data(name))
        for name in (
            "cleaneval/input", "dragnet.tar.xz", "l3s/input", "magic-html/html", "postlight/html",
            "scrapinghub/html", "trafilatura-eval", "wcxb/dev/html", "zh-news/html",
        )
    ],
)  # fmt: skip
def test_features_of_real_pages_are_finite(name, data_folder):
    pages = unpacked(data_folder) if name.endswith(".xz") else files(data_folder)
    count = refused = 0
    for page, raw in pages:
        try:
            check(Page("page", raw, "html").lines(), page)
            count += 1
        except DataError:
            refused += 1
    assert count > 50
    assert refused <= count / 100
