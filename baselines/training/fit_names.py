"""Learn which words of classes and ids stand around body, and which around comments.

Only words that recur on many sites take part, so that no site is learnt by heart. A page's scores
are those of weights that saw no page of its site, as they will be on pages of other sites.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.features.columns import Features, Floats
from baselines.names import Names, is_wrapper, words_of
from baselines.training.folds import site_folds
from baselines.training.samples import BODY, Sample
from baselines.training.solver import regression
from labels import Label

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_FEWEST_SITES = 15
_FOLDS = 3
_C = 0.05
_DIGITS = 4  # of a weight

_Targets = Sequence[tuple[NDArray[np.bool_], NDArray[np.bool_]]]
"""For each of `baselines.names.TARGETS` which rows are so, and of which rows that is known."""


def fit_names(
    pages: Sequence[Sample],
    count: int,
    lines: Sequence[NDArray[np.intp]],
    weights: Sequence[Floats],
    seed: int,
) -> tuple[Names, list[Features]]:
    """Fit the weights of words to lines of the first ``count`` pages, and score all pages.

    ``lines`` are the positions of the lines to fit to, and ``weights`` what they count for, both of
    each page. The pages after the first ``count`` are made of them, and share their words.

    Returns:
        The weights, and for each page the scores of its lines by weights that saw none of its site.
    """
    words = _recurring_words(pages[:count])
    matrix = _words_around(pages[:count], lines, words)
    targets = _targets(pages[:count], lines)
    row_weights = np.concatenate(weights[:count])
    page_of_row = np.repeat(np.arange(count), [len(of_page) for of_page in lines[:count]])

    def fit(rows_of: Sequence[int]) -> Names:
        rows = np.flatnonzero(np.isin(page_of_row, [row for row in rows_of if row < count]))
        of_rows = [(column[rows], known[rows]) for column, known in targets]
        return _fit(matrix[rows], words, of_rows, row_weights[rows])

    scores: list[Features | None] = [None] * len(pages)
    for test, others in site_folds(pages, _FOLDS, seed):
        names = fit(others)
        for row in test:
            scores[row] = names.scores(Batch.of([pages[row].lines]))
    return fit(range(count)), [of_page for of_page in scores if of_page is not None]


def _targets(pages: Sequence[Sample], lines: Sequence[NDArray[np.intp]]) -> _Targets:
    """Say which lines are body, and which are comments: known if a source labels any line so."""
    comments = [np.asarray(page.labels) == Label.COMMENT.code for page in pages]
    knowing = {page.source for page, of_page in zip(pages, comments, strict=True) if of_page.any()}
    chosen = list(zip(pages, comments, lines, strict=False))
    body = np.concatenate([page.targets[rows] == BODY for page, _, rows in chosen])
    comment = np.concatenate([of_page[rows] for _, of_page, rows in chosen])
    known = [np.full(len(rows), page.source in knowing) for page, _, rows in chosen]
    return (body, np.ones(len(body), np.bool_)), (comment, np.concatenate(known))


def _fit(matrix: "csr_matrix", words: Sequence[str], targets: _Targets, weights: Floats) -> Names:
    coefficients = np.zeros((len(words), len(targets)))
    intercepts = [0.0] * len(targets)
    for at, (column, known) in enumerate(targets):
        if len(words) and column[known].any() and not column[known].all():
            model = regression(matrix[known], column[known], weights[known], _C, "lbfgs")
            coefficients[:, at] = np.round(model.coef_[0], _DIGITS)
            intercepts[at] = float(np.round(model.intercept_[0], _DIGITS))
    rows = map(tuple, coefficients.tolist())
    return Names(dict(zip(words, rows, strict=True)), tuple(intercepts))


def _recurring_words(pages: Sequence[Sample]) -> list[str]:
    """List the words that elements are called by on enough sites, sorted."""
    sites: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        for names in dict.fromkeys(page.lines.containers.names):
            for word in words_of(names):
                sites[word].add(page.site)
    return sorted(word for word, on in sites.items() if len(on) >= _FEWEST_SITES)


def _words_around(
    pages: Sequence[Sample], lines: Sequence[NDArray[np.intp]], words: Sequence[str]
) -> "csr_matrix":
    """Count the words of the elements around each line, shape (rows, words)."""
    from scipy.sparse import csr_matrix, vstack

    column = {word: at for at, word in enumerate(words)}
    blocks = []
    for page, rows in zip(pages, lines, strict=False):
        batch = Batch.of([page.lines])
        own = [
            [column[word] for word in words_of(names) if word in column]
            for names in batch.containers.names
        ]
        of_element = csr_matrix(
            (
                np.ones(sum(map(len, own)), np.float32),
                np.array([word for of in own for word in of], np.int32),
                np.concatenate([[0], np.cumsum([len(of) for of in own])]),
            ),
            shape=(len(own), len(words)),
        )
        blocks.append(_around(batch, rows) @ of_element)
    return vstack(blocks, format="csr")


def _around(batch: Batch, rows: NDArray[np.intp]) -> "csr_matrix":
    """Say which elements stand around each line, but for wrappers, shape (rows, m)."""
    from scipy.sparse import csr_matrix

    counts = ~is_wrapper(batch)
    at, elements = [], []
    line, element = np.arange(len(rows)), batch.container[rows].astype(np.intp)
    while len(line):
        named = counts[element]
        at.append(line[named])
        elements.append(element[named])
        inner = batch.containers.parent[element] >= 0
        line, element = line[inner], batch.containers.parent[element[inner]].astype(np.intp)
    at_line, at_element = (
        np.concatenate([np.zeros(0, np.intp), *found]) for found in (at, elements)
    )
    ones = np.ones(len(at_line), np.float32)
    return csr_matrix((ones, (at_line, at_element)), shape=(len(rows), len(counts)))
