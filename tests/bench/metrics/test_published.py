"""What the published metrics have in common."""

from bench.metrics import METRICS, Weighted

POOLED = {
    "snippet_precision", "snippet_recall", "snippet_accuracy", "snippet_f1",
    "dragnet_precision", "dragnet_recall", "dragnet_f1",
}  # fmt: skip
LINES = [f"word{n % 967} the x{n % 37}" for n in range(2500)]
TEXT = "\n".join(f"word{n % 977} the x{n % 31}" for n in range(2500))
GOLD = "\n".join(f"word{n % 911} the x{n % 29}" for n in range(2500))


def test_the_figure_of_a_dataset_is_pooled_or_averaged_as_published(case):
    page = case("a", "a")
    assert {name for name in METRICS if isinstance(METRICS[name].of(page), Weighted)} == POOLED
    assert METRICS["shingle_f1"].harmonic_of == ("shingle_precision", "shingle_recall")
    assert not [name for name in METRICS if METRICS[name].harmonic_of and name != "shingle_f1"]


def test_pages_of_many_words_that_recur_are_scored(case):
    page = case(TEXT, GOLD, lines=tuple(LINES))
    for name in ("rougelsum_f1", "token_similarity", "text_edit", "cleaneval_f1", "dragnet_f1"):
        assert 0 < METRICS[name].on(page).value < 1
