from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baselines.features.batch import Batch
from baselines.model import VIEWS
from baselines.training.augment_markup import old_markup
from corpus import split_html

PAGES = {
    "what came with HTML 5 is a div": (
        "<section><figure>one<img src=x></figure></section><nav><ol><li><ul><li>two</ul></ol></nav>",
        "<div><div>one<img src=x></div></div><div><ol><li><ul>two</ul></ol></div>",
    ),
    "attributes, times and what scripts declare are gone": (
        "<head><title>A ferry</title><meta name=description content=Hourly>"
        '<script type="application/ld+json">{"@type": "Article", "articleBody": "one"}</script></head>'
        "<div class=a role=main hidden><div itemprop=text aria-label=x>one <time>two</time></div></div>"
        "<div class=b>three</div>",
        "<head><title>A ferry</title></head><div><div>one two</div></div><div>three</div>",
    ),
    "paragraphs and items end with a break": (
        "<div>one<p>two <b>three</b></p><p><a href=1>four</a></p><p></p></div>"
        "<ul><li>five<li>six</ul><p>seven",
        "<div>one<br>two <b>three</b><br><a href=1>four</a></div><ul>five<br>six</ul>seven",
    ),
    "blocks are laid out in tables": (
        "<main><div><h1>one</h1><div>two</div></div><article><p>three<p>four</article><hr></main>",
        "<table><tr><td><table><tr><td><h1>one</h1></td></tr><tr><td><div>two</div></td></tr></table>"
        "</td></tr><tr><td><div>three<br>four</div></td></tr><tr><td><hr></td></tr></table>",
    ),
    "one block, or a line beside them, makes no table": (
        "<div><h2>one</h2></div><div><p>two</p><h2>three</h2><pre>four\nfive</pre></div>",
        "<div><h2>one</h2></div><div>two<h2>three</h2><pre>four\nfive</pre></div>",
    ),
    "tables and forms stay": (
        "<table><tr><td>one<td>two</table><form><button>three</button></form>",
        "<table><tr><td>one<td>two</table><form><button>three</button></form>",
    ),
    "no line": ("<nav><ul><li></ul><p></p></nav>", "<div><ul></ul></div>"),
}


@pytest.mark.parametrize(("today", "old"), PAGES.values(), ids=PAGES)
def test_the_twin_is_the_page_that_someone_would_have_written(today, old):
    made, wanted = old_markup(split_html(today)), split_html(old)
    for field in fields(made):
        if field.name != "containers":
            np.testing.assert_array_equal(getattr(made, field.name), getattr(wanted, field.name))
    for name in ("parent", "depth", "start", "end", "tag"):
        np.testing.assert_array_equal(
            getattr(made.containers, name), getattr(wanted.containers, name), name
        )
    assert alike(made.containers) == alike(wanted.containers)


def alike(containers):
    """For each element the first that looks the same."""
    signatures = containers.signature.tolist()
    return [signatures.index(signature) for signature in signatures]


@given(st.lists(st.sampled_from([
    *("<div>", "</div>", "<p>", "</p>", "<ul>", "<li>", "</ul>", "<nav>", "</nav>", "<td>", "<tr>"),
    *("<table>", "</table>", "<h2>", "</h2>", "<br>", "<a href=1>", "</a>", "one", "two three"),
]), max_size=40))  # fmt: skip
def test_any_page_has_a_twin_with_the_same_lines(parts):
    lines = split_html("".join(parts))
    twin = old_markup(lines)
    assert twin.texts == lines.texts
    of = twin.containers
    assert np.all(of.parent < np.arange(len(of)))
    assert np.all((of.start[of.parent[1:]] <= of.start[1:]) & (of.end[1:] <= of.end[of.parent[1:]]))
    rows, own = np.arange(len(lines)), twin.container
    assert np.all((of.start[own] <= rows) & (rows < of.end[own]))
    if len(lines):
        assert len(VIEWS["html"].features(Batch.of([twin])).values) == len(lines)
