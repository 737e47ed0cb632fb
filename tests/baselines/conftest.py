"""Twelve made-up pages of six sites whose body is easy to tell from their noise."""

import numpy as np
import pytest

from corpus import Page
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
