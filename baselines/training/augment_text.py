"""Make pages of text that the datasets lack: full of lists, or with hardly any noise.

In the large datasets a page's noise is about as long as its body. On a portal it is several times
as long: such pages are made of a page with body, and below it (now and then above it, too) runs of
noise lines from other training pages. Text that is already extracted has hardly any noise: such
pages are made by clearing most of it away. And some pages, such as of an error or a login, have no
body: others are left without theirs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.model import VIEWS
from baselines.training.samples import Sample
from corpus import Lines, split_text
from labels import ROLES, Role

_BODY, _NOISE = ROLES.index(Role.BODY), ROLES.index(Role.NOISE)

_PAGES_FOR_A_PORTAL = 4  # one portal page for so many text pages
_CLEARED_WEIGHT = 0.15  # what a cleared page counts for, to 1 of the page itself

_FEWEST_BODY_LINES = 8
_RUN_LINES = (5, 40)  # shortest run of noise worth moving, and how much of one is moved
_NOISE_PER_BODY = (2.0, 5.0)
_MOST_NOISE = 300
_NOISE_ABOVE = 0.3  # share of the pages that get some of it above
_PART_ABOVE = 6  # one part in so many

_WITHOUT_BODY = 0.1  # share of the pages that are made once more without it
_FEWEST_OTHERS = 5  # lines of such a page

_FEWEST_LEFT = 3  # body lines of a page that is worth clearing
_WHOLLY_CLEARED = 0.3  # share of the pages of which the body alone stays
_MOST_LEFT = 0.4  # of the noise of the others
_STRETCH = 4  # lines of noise that go or stay together, on average


def text_samples(pages: Sequence[Sample], seed: int) -> list[Sample]:
    """Make portal pages, pages cleared of most noise, and pages without body, of the same sites."""

    def sample(page: Sample, lines: Lines, targets: NDArray[np.int8], weight: float) -> Sample:
        features = {"text": VIEWS["text"].features(Batch.of([lines]))}
        return replace(
            page, lines=lines, features=features, weight=weight,
            roles=targets, targets=targets, labels=None, by_line=False,
        )  # fmt: skip

    texts = [(page.lines.texts, page.targets) for page in pages]
    portals = portal_pages(texts, len(pages) // _PAGES_FOR_A_PORTAL, seed)
    samples = [sample(pages[row], lines, targets, 1.0) for row, lines, targets in portals]
    for row, stays in cleared_pages([page.targets for page in pages], seed):
        page = pages[row]
        lines = split_text("\n".join([page.lines.texts[line] for line in stays]))
        samples.append(sample(page, lines, page.targets[stays], _CLEARED_WEIGHT * page.weight))
    for row in pages_without_body([page.targets for page in pages], seed):
        page = pages[row]
        is_other = page.targets != _BODY
        lines = split_text("\n".join(np.array(page.lines.texts, object)[is_other]))
        without = sample(page, lines, page.targets[is_other], page.weight)
        samples.append(replace(without, is_article=None))
    return samples


def pages_without_body(pages: Sequence[NDArray[np.int8]], seed: int) -> Iterator[int]:
    """Choose pages, by the targets of their lines, that can do without their body."""
    random = np.random.default_rng(seed)
    for row, targets in enumerate(pages):
        if random.random() < _WITHOUT_BODY and np.sum(targets != _BODY) >= _FEWEST_OTHERS:
            yield row


def portal_pages(
    pages: Sequence[tuple[list[str], NDArray[np.int8]]], count: int, seed: int
) -> Iterator[tuple[int, Lines, NDArray[np.int8]]]:
    """Make pages of text from pages of (texts, roles); the same seed makes the same.

    Yields:
        The position of the page that gave the body, the lines, and their roles, ``count`` times,
        or fewer if fewer pages have body enough.
    """
    runs = [run for texts, roles in pages for run in _noise_runs(texts, roles)]
    bodies = [
        row
        for row, (_, roles) in enumerate(pages)
        if int((roles == _BODY).sum()) >= _FEWEST_BODY_LINES
    ]
    if not runs:
        return
    random = np.random.default_rng(seed)
    for row in random.choice(bodies, min(count, len(bodies)), replace=False) if bodies else ():
        texts, roles = pages[row]
        wanted = int((roles == _BODY).sum() * random.uniform(*_NOISE_PER_BODY))
        noise: list[str] = []
        while len(noise) < min(wanted, _MOST_NOISE):
            noise += runs[random.integers(len(runs))][: _RUN_LINES[1]]
        above = len(noise) // _PART_ABOVE if random.random() < _NOISE_ABOVE else 0
        lines = split_text("\n".join([*noise[:above], *texts, *noise[above:]]))
        yield int(row), lines, np.pad(roles, (above, len(noise) - above), constant_values=_NOISE)


def cleared_pages(
    pages: Sequence[NDArray[np.int8]], seed: int
) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Clear pages, by the roles of their lines, of all that is not body, or of most of it.

    Yields:
        The position of the page, and the positions of the lines that stay. Pages with little
        body, or without anything else, are passed over.
    """
    random = np.random.default_rng(seed)
    for row, roles in enumerate(pages):
        is_body = roles == _BODY
        if np.count_nonzero(is_body) < _FEWEST_LEFT or is_body.all():
            continue
        share = 0.0 if random.random() < _WHOLLY_CLEARED else random.uniform(0, _MOST_LEFT)
        stretch = np.cumsum(random.random(len(roles)) < 1 / _STRETCH)
        stays = random.random(stretch[-1] + 1) < share
        yield row, np.flatnonzero(is_body | stays[stretch])


def _noise_runs(texts: list[str], roles: NDArray[np.int8]) -> Iterator[list[str]]:
    is_noise = np.concatenate([[False], roles == _NOISE, [False]])
    edges = np.flatnonzero(np.diff(is_noise.astype(np.int8)))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start >= _RUN_LINES[0]:
            yield texts[start:end]
