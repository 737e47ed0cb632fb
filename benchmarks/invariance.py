"""Measure which decisions about a page's lines change with what should change nothing for them.

    python benchmarks/invariance.py DIR... [--model NAME|FILE] [--every N] [--view html|text]

Each page is read as it is and changed: with other sites' menus on top, with prose of other sites in
front of its content or behind it, with its largest list of noise in an ``aside``, with other class
names, with comments twice, with its article cut to two paragraphs, and without its body. Counted
are the lines that both have, and of how many the decision is another one; F1 in characters is over
these lines, before and after. Without a body, it is the share of the characters that are kept.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from baselines.model import Model
from baselines.training.augment_grafts import Kind, main_element, noise_parts
from baselines.training.samples import BODY, OPTIONAL, Sample, samples
from corpus import BLOCK_TAGS, Lines, split_text
from corpus.graft import Place, graft, only_lines
from corpus.lines import Flag
from labels import open_dataset
from labels.f1 import body_f1

_MENUS = 3
_MAIN_SHARE = 0.9
_PARAGRAPHS = 2
_FEWEST_LINES = 4
Changed = tuple[Lines, NDArray[np.intp], NDArray[np.intp]]
"""The page changed; positions of lines, as they were and as they are, that stayed."""


@dataclass
class Pages:
    """The pages of a source, and parts of them to put into others."""

    pages: Sequence[Sample]
    parts: dict[Kind, list[tuple[Sample, int]]]
    random: np.random.Generator

    @classmethod
    def of(cls, pages: Sequence[Sample]) -> "Pages":
        """Find the parts of pages that hold noise alone."""
        parts: dict[Kind, list[tuple[Sample, int]]] = defaultdict(list)
        for page in pages:
            for kind, root in noise_parts(replace(page, is_forum=False)):
                parts[kind].append((page, root))
        return cls(pages, parts, np.random.default_rng(0))

    def other_part(self, kind: Kind, page: Sample) -> tuple[Lines, int] | None:
        """Choose a part of a page of another site."""
        others = [(donor, root) for donor, root in self.parts[kind] if donor.site != page.site]
        if not others:
            return None
        donor, root = others[self.random.integers(len(others))]
        return donor.lines, root


def put(pages: Pages, page: Sample, kind: Kind, place: Place, count: int = 1) -> Changed | None:
    """Put parts of other sites' pages on top of a page, or beside its content."""
    lines, rows = page.lines, np.arange(len(page.lines))
    is_body = page.targets == BODY
    for _ in range(count):
        at = 0 if place is Place.FIRST else main_element(lines, is_body, _MAIN_SHARE)
        other = pages.other_part(kind, page)
        if other is None or at < 0 or (at > 0 and lines.containers.parent[at] < 0):
            return None
        lines, new = graft(lines, at, place, *other)
        rows = np.where(rows >= new.start, rows + new.stop - new.start, rows)
        is_body = np.insert(is_body, new.start, np.zeros(new.stop - new.start, np.bool_))
    return lines, np.arange(len(rows)), rows


def menus(pages: Pages, page: Sample) -> Changed | None:
    """Put menus of three other sites on top."""
    return put(pages, page, Kind.MENU, Place.FIRST, _MENUS)


def prose_before(pages: Pages, page: Sample) -> Changed | None:
    """Put another site's prose that is noise, such as of consent, in front of the content."""
    return put(pages, page, Kind.PROSE, Place.BEFORE)


def prose_after(pages: Pages, page: Sample) -> Changed | None:
    """Put it behind the content."""
    return put(pages, page, Kind.PROSE, Place.AFTER)


def in_aside(pages: Pages, page: Sample) -> Changed | None:
    """Make the element with the longest noise that is no menu an ``aside``."""
    del pages
    lines, containers = page.lines, page.lines.containers
    found = [root for kind, root in noise_parts(replace(page, is_forum=False)) if kind != Kind.MENU]
    if not found:
        return None
    root = max(found, key=lambda row: containers.end[row] - containers.start[row])
    tag, flags = containers.tag.copy(), lines.flags.copy()
    tag[root] = BLOCK_TAGS.index("aside")
    start, end = containers.start[root], containers.end[root]
    flags[start:end] |= int(Flag.ASIDE)
    inside = np.zeros(len(lines), np.bool_)
    inside[start:end] = True
    rows = np.flatnonzero(~inside)
    return replace(lines, flags=flags, containers=replace(containers, tag=tag)), rows, rows


def renamed(pages: Pages, page: Sample) -> Changed | None:
    """Give classes and ids names that no page has."""
    del pages
    rows = np.arange(len(page.lines))
    nameless = replace(
        page.lines.containers, names=["qx" * bool(n) for n in page.lines.containers.names]
    )
    return replace(page.lines, containers=nameless), rows, rows


def comments_twice(pages: Pages, page: Sample) -> Changed | None:
    """Put each part with comments there once more."""
    del pages
    found = [
        root for kind, root in noise_parts(replace(page, is_forum=False)) if kind is Kind.COMMENTS
    ]
    if not found or page.lines.containers.parent[found[-1]] < 0:
        return None
    lines, new = graft(page.lines, found[-1], Place.AFTER, page.lines, found[-1])
    rows = np.arange(len(page.lines))
    return lines, rows, np.where(rows >= new.start, rows + new.stop - new.start, rows)


def cut(pages: Pages, page: Sample) -> Changed | None:
    """Leave two paragraphs of the body."""
    del pages
    body = np.flatnonzero(page.targets == BODY)
    if len(body) <= _PARAGRAPHS:
        return None
    stays = np.ones(len(page.lines), np.bool_)
    stays[body[_PARAGRAPHS:]] = False
    rows = np.flatnonzero(stays)
    return only_lines(page.lines, stays), rows, np.arange(len(rows))


CHANGES: dict[str, Callable[[Pages, Sample], Changed | None]] = {
    "three other menus on top": menus,
    "other prose in front": prose_before,
    "other prose behind": prose_after,
    "noise in an aside": in_aside,
    "other class names": renamed,
    "comments twice": comments_twice,
    "two paragraphs left": cut,
}


def main() -> None:
    """Read the pages, change them in each way, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("datasets", nargs="+")
    parser.add_argument("--model", default="logreg")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--view", choices=("html", "text"), default="html")
    options = parser.parse_args()
    model = Model.load(options.model)
    sources = [Pages.of(read(name, options.every)) for name in options.datasets]
    print(f"{'change':28} pages   lines  changed   F1 before   after")
    for name, change in CHANGES.items():
        counts, before, after = np.zeros(3, np.int64), [], []
        for source in sources:
            for page in source.pages:
                changed = change(source, page)
                if changed is None:
                    continue
                lines, was, now = changed
                kept = decide(model, page.lines, options.view)[was]
                kept_now = decide(model, lines, options.view)[now]
                counts += 1, len(was), np.count_nonzero(kept != kept_now)
                roles, chars = page.roles[was], page.lines.chars[was]
                before.append(body_f1(roles, kept, chars))
                after.append(body_f1(roles, kept_now, chars))
        print(
            f"{name:28} {counts[0]:5,} {counts[1]:7,}  {counts[2] / max(counts[1], 1):7.2%}   "
            f"{np.mean(before):9.3f}   {np.mean(after):5.3f}", flush=True,
        )  # fmt: skip
    shares = [kept_without_body(model, page, options.view) for s in sources for page in s.pages]
    known = [share for share in shares if share is not None]
    empty = np.mean(np.array(known) == 0)
    print(f"without body, {len(known):,} pages: {np.mean(known):.3f} of the characters kept, "
          f"{empty:.0%} of the pages left empty")  # fmt: skip


def read(name: str, every: int) -> list[Sample]:
    """Read every so many-th page with HTML and body."""
    dataset = open_dataset(name)
    pages = samples(list(dataset.pages(None))[::every], source=dataset.name)
    return [p for p in pages if p.usable and "html" in p.features and (p.targets == BODY).any()]


def decide(model: Model, lines: Lines, view: str) -> NDArray[np.bool_]:
    """Keep lines of a page, by its markup or by its text alone."""
    return model.decide(lines if view == "html" else split_text("\n".join(lines.texts)))[1]


def kept_without_body(model: Model, page: Sample, view: str) -> float | None:
    """Take out the body, and say which share of the characters is kept; None of too little left."""
    stays = (page.targets != BODY) & (page.targets != OPTIONAL)
    if np.count_nonzero(stays) < _FEWEST_LINES:
        return None
    lines = only_lines(page.lines, stays)
    return float(lines.chars[decide(model, lines, view)].sum() / lines.chars.sum())


if __name__ == "__main__":
    main()
