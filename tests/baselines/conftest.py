"""Twelve made-up pages of six sites whose body is easy to distinguish from their noise, and a toy model."""

from types import SimpleNamespace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from baselines.features.batch import Batch
from baselines.model import VIEWS, Model
from baselines.names import Names
from baselines.regression import Inputs, Linear, Mixture, Stages
from corpus import Page, split_html, split_text
from labels import LabelledPage, codes

WORDS = [
    "the",
    "ferry",
    "runs",
    "again",
    "every",
    "hour",
    "from",
    "island",
    "to",
    "harbour",
    "and",
    "nobody",
    "had",
    "expected",
    "it",
]


def labelled_page(page_id, site, markup, *, seed, gold_text=None, **about):
    """A menu of six, eight paragraphs, a list of ten, and a footer."""
    random = np.random.default_rng(seed)

    def words(count):
        return " ".join(WORDS[at] for at in random.integers(0, len(WORDS), count))

    menu = [words(1).title() for _ in range(6)]
    body = [f"{words(9).capitalize()}, {words(int(random.integers(6, 20)))}." for _ in range(8)]
    ranks = [f"{rank}. {words(3)}" for rank in range(1, 11)]
    texts = [*menu, *body, *ranks, "All rights reserved"]
    if markup == "html":
        raw = (
            f"<nav><ul>{''.join(f'<li><a href=/>{text}</a>' for text in menu)}</ul></nav>"
            f"<article>{''.join(f'<p>{text}</p>' for text in body)}</article>"
            f"<aside><ul>{''.join(f'<li><a href=/>{text}</a>' for text in ranks)}</ul></aside>"
            "<footer>All rights reserved</footer>"
        )
    else:
        raw = "\n".join(texts)
    labels = ["navigation"] * 6 + ["body"] * 8 + ["recommendation"] * 10 + ["legal"]
    page = Page(page_id, raw.encode(), markup, site=site, **about)
    return LabelledPage(page, texts, codes(labels), gold_text=gold_text)


@pytest.fixture(scope="session")
def labelled_pages():
    return [
        labelled_page(f"{site}-{number}", f"{site}.example", markup, seed=2 * ord(site) + number)
        for site in "abcdef"
        for number, markup in enumerate(("html", "text"))
    ]


@pytest.fixture(name="labelled_page", scope="session")
def make_labelled_page():
    """The function that makes such a page."""
    return labelled_page


TOY_HTML = split_html(
    "<nav><a href=1>Home</a></nav>"
    "<p>The ferry runs again every hour, as the master said on Friday.</p>"
)
TOY_TEXT = split_text("\n".join(TOY_HTML.texts))


def toy_stages(view, share=0.5, *, intercept=0.0, **by_name):
    """Stages that see some features alone, as they are, in the second stage."""
    lines = TOY_HTML if view == "html" else TOY_TEXT
    features = VIEWS[view].features(Batch.of([lines]))
    context = VIEWS[view].context(np.full(len(lines), 0.5), Batch.of([lines]))
    names = features.names + context.names
    first = linear(features.names)
    second = linear(names, intercept, **by_name)
    return Stages(
        inputs=as_they_are(features.names),
        article=linear(features.names),
        first=Mixture(first, first),
        context=as_they_are(context.names),
        second=Mixture(second, second),
        share=share,
        names=Names({"post": (1.0, 0.0)}, (0.0, 0.0)) if view == "html" else None,
    )


def as_they_are(names):
    k = len(names)
    return Inputs(names, np.zeros(k, np.float32), np.ones(k, np.float32))


def linear(names, intercept=0.0, **by_name):
    """A regression whose weights are zero but for those that are named."""
    weight = np.array([by_name.get(name, 0) for name in names], np.float32)
    return Linear(weight, float(intercept))


@pytest.fixture(scope="session")
def toy():
    """A model that is easy to see through, and what it is made of.

    Prose is body by its text, what is in a `nav` is body by its markup.
    """
    return SimpleNamespace(
        model=Model(
            name="toy",
            version="1.2",
            text=toy_stages("text", intercept=-10, prose=20),
            html=toy_stages("html", intercept=-10, in_nav=20),
            trained_on=frozenset({"0123456789abcdef", "fedcba9876543210"}),
        ),
        html=TOY_HTML,
        text=TOY_TEXT,
        stages=toy_stages,
        linear=linear,
    )


@pytest.fixture(autouse=True, scope="module")
def _one_thread():
    """Threads that wait for each other make small fits twenty times as slow on a busy machine."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="module")
def pages(labelled_pages):
    return [labelled.page for labelled in labelled_pages]


@pytest.fixture(scope="module")
def labels(labelled_pages):
    return [labelled.labels for labelled in labelled_pages]
