import numpy as np
import pytest

from baselines.training.augment_grafts import (
    Kind,
    grafted_pages,
    grafted_samples,
    main_element,
    noise_parts,
)
from baselines.training.samples import samples
from corpus import Page, split_html
from labels import LabelledPage, codes

BODY, NOISE = 0, 2
PROSE = "The ferry runs again every hour of the {}, as the harbour master of the island said."
TEASER = "Island news of {}"


def html(number):
    lists = {
        "menu": [f"<a href=/>Menu {number} {at}</a>" for at in range(5)],
        "teaser": [TEASER.format(f"{number} {at}") for at in range(4)],
        "consent": [PROSE.format(f"cookie {number} {at}") for at in range(3)],
        "reply": [f"Yes {number} {at}" for at in range(3)],
    }
    noise = {
        name: f"<div class={name}>{''.join(f'<p>{line}</p>' for line in lines)}</div>"
        for name, lines in lists.items()
    }
    body = "".join(f"<p>{PROSE.format(f'day {number} {at}')}</p>" for at in range(4))
    return f"{noise['menu']}<main><article>{body}</article></main>" + "".join(
        noise[name] for name in ("teaser", "consent", "reply")
    )


LABELS = ["noise"] * 5 + ["body"] * 4 + ["noise"] * 7 + ["comment"] * 3


def page(number, page_type="article"):
    made = Page(
        f"p-{number}", html(number).encode(), "html", site=f"{number}.example", page_type=page_type
    )
    return LabelledPage(made, made.lines().texts, codes(LABELS))


@pytest.fixture(scope="module")
def pages():
    return list(samples([page(number) for number in range(40)], source="one"))


def named(one, root):
    return one.lines.containers.names[root].strip()


def test_parts_that_hold_noise_alone_are_told_apart(pages):
    found = [(kind, named(pages[0], root)) for kind, root in noise_parts(pages[0])]
    assert found == [
        (Kind.MENU, "menu"),
        (Kind.TEASERS, "teaser"),
        (Kind.PROSE, "consent"),
        (Kind.COMMENTS, "reply"),
    ]


@pytest.mark.parametrize(("page_type", "posts"), [("forum", True), ("article", False)])
def test_the_posts_of_a_forum_are_comments_elsewhere(page_type, posts):
    made = Page(
        "f", f"<nav>Home</nav><div class=posts>{'<p>Yes, I think so.</p>' * 6}</div>".encode(),
        "html", site="f.example", page_type=page_type,
    )  # fmt: skip
    (one,) = samples([LabelledPage(made, made.lines().texts, codes(["noise"] + ["body"] * 6))])
    found = [(kind, named(one, root)) for kind, root in noise_parts(one)]
    assert found == ([(Kind.COMMENTS, "posts")] if posts else [])


def test_the_main_element_is_the_deepest_that_holds_the_body():
    lines = split_html("<main><article><p>one<p>two</article><p>three</main>")
    names = ["main", "article"]
    tags = {tag: lines.containers.depth.tolist().index(depth) for depth, tag in enumerate(names, 2)}
    is_body = np.array([True, True, False])
    assert main_element(lines, is_body, 0.9) == tags["article"]
    assert main_element(lines, np.ones(3, bool), 0.9) == tags["main"]
    assert main_element(lines, np.zeros(3, bool), 0.9) == -1


def test_parts_come_from_pages_of_other_sites_and_are_noise(pages):
    made = list(grafted_pages(pages, 0))
    assert len(made) > 30
    added = set()
    for row, lines, targets in made:
        own = set(pages[row].lines.texts)
        assert len(lines) == len(targets)
        if (targets == BODY).any():
            is_body = targets == BODY
            texts = np.array(lines.texts, object)
            assert texts[is_body].tolist() == pages[row].lines.texts[5:9]  # all, in their order
            new = [text for text in lines.texts if text not in own]
            assert new
            assert (targets[~is_body] == NOISE).all()
            added |= {text.split()[0] for text in new}
    assert added == {"Menu", "Island", "The", "Yes"}  # all kinds of parts


def test_some_pages_lose_their_body_and_their_type(pages):
    made = grafted_samples(pages, 0)
    without = [one for one in made if not (one.targets == BODY).any()]
    assert 1 <= len(without) <= 12
    for one in without:
        assert one.is_article is None
        assert not any("day" in text for text in one.lines.texts)
        assert len(one.lines) == len(LABELS) - 4
    for one in made:
        assert one.weight == 0.5
        assert one.labels is None
        assert not one.by_line
        assert one.features["html"].values.shape[0] == len(one.lines)
        assert list(one.features) == ["html"]


def test_sources_give_no_parts_to_each_other():
    two = [
        one
        for source, numbers in (("one", range(3)), ("two", range(3, 6)))
        for one in samples([page(number) for number in numbers], source=source)
    ]
    for row, lines, _ in grafted_pages(two, 1):
        others = {text for one in two if one.source != two[row].source for text in one.lines.texts}
        assert not others.intersection(lines.texts)


def test_forums_are_given_no_comments():
    forums = list(samples([page(number, "forum") for number in range(30)]))
    for row, lines, _ in grafted_pages(forums, 0):
        own = forums[row].lines.texts
        assert not [text for text in lines.texts if text.startswith("Yes") and text not in own]


def test_the_same_seed_makes_the_same_pages(pages):
    one, two, other = (
        [(row, tuple(lines.texts)) for row, lines, _ in grafted_pages(pages, seed)]
        for seed in (3, 3, 4)
    )
    assert one == two != other
