import json

import numpy as np
import pytest

from bench.metrics import METRICS
from bench.scoring.statistics import Bootstrap, harmonic_mean

PUBLISHED = {
    # system: F1, precision, recall, accuracy
    "AutoExtract": (0.970, 0.984, 0.956, 0.470),
    "rs_trafilatura": (0.970, 0.951, 0.990, 0.287),
    "go_trafilatura": (0.960, 0.940, 0.980, 0.287),
    "trafilatura": (0.958, 0.938, 0.978, 0.293),
    "Diffbot": (0.951, 0.958, 0.944, 0.348),
    "newspaper": (0.949, 0.964, 0.934, 0.326),
    "news_please": (0.948, 0.964, 0.933, 0.326),
    "readability_js": (0.947, 0.914, 0.982, 0.166),
    "readability": (0.922, 0.913, 0.931, 0.315),
    "dragnet": (0.907, 0.925, 0.889, 0.221),
    "goose3": (0.896, 0.940, 0.856, 0.232),
    "boilerpipe": (0.860, 0.850, 0.870, 0.006),
    "justext": (0.804, 0.858, 0.756, 0.088),
    "html-text": (0.665, 0.500, 0.994, 0.000),
}


@pytest.mark.parametrize(
    ("predicted", "gold", "precision", "recall", "f1", "accuracy"),
    [
        # a b c d, b c d e against b c d e, c d e f
        ("a b c d e", "b c d e f", 1 / 2, 1 / 2, 1 / 2, 0),
        ("a b c d", "a b c d e f", 1, 1 / 3, 1 / 2, 0),
        ("a b c d a b c d", "a b c d", 1 / 5, 1, 2 / 6, 0),
        ("a, b; c! d", "a b c d", 1, 1, 1, 1),
        ("A b c d", "a b c d", 0, 0, 0, 0),
        ("다리 위 의 집", "다리 위 의 집", 1, 1, 1, 1),
        # Fewer than four words are one shingle.
        ("a b", "a b", 1, 1, 1, 1),
        ("a b", "a c", 0, 0, 0, 0),
        ("a b", "a b c d", 0, 0, 0, 0),
        ("a b c d", "a", 0, 0, 0, 0),
        ("", "a b c d", None, 0, 0, 0),
        ("a b c d", "", 0, None, 0, 0),
        ("", "", None, None, None, 1),
        ("!", "?", None, None, None, 1),
    ],
)
def test_shingles_by_hand(value, predicted, gold, precision, recall, f1, accuracy):
    assert value("shingle_precision", predicted, gold) == precision
    assert value("shingle_recall", predicted, gold) == recall
    assert value("shingle_f1", predicted, gold) == f1
    assert value("shingle_accuracy", predicted, gold) == accuracy


def test_f1_of_a_dataset_is_the_harmonic_mean_of_the_other_two():
    assert METRICS["shingle_f1"].harmonic_of == ("shingle_precision", "shingle_recall")


@pytest.mark.data("scrapinghub")
@pytest.mark.parametrize("system", PUBLISHED)
def test_the_published_figures_are_reproduced(system, case, over_pages, data_folder):
    gold = json.loads((data_folder / "ground-truth.json").read_text("utf-8"))
    stored = json.loads((data_folder / "output" / f"{system}.json").read_text("utf-8"))
    stored = stored.get("output", stored)
    pages = [
        case((stored.get(page_id) or {}).get("articleBody") or "", about["articleBody"])
        for page_id, about in gold.items()
    ]
    precision, recall, accuracy = (
        over_pages(f"shingle_{part}", *pages).expected
        for part in ("precision", "recall", "accuracy")
    )
    f1 = harmonic_mean([Bootstrap(np.array([v]), np.array([[v]])) for v in (precision, recall)])
    measured = (f1.means[0], precision, recall, accuracy)
    assert tuple(f"{figure:.3f}" for figure in measured) == tuple(
        f"{figure:.3f}" for figure in PUBLISHED[system]
    )
