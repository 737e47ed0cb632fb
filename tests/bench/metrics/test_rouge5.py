import logging
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.metrics.published.rouge5 import jieba_tokens

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jieba
    from rouge_score.rouge_scorer import _create_ngrams, _score_ngrams


@pytest.fixture(scope="module", autouse=True)
def _a_private_dictionary(tmp_path_factory):
    jieba.setLogLevel(logging.WARNING)
    jieba.dt.tmp_dir = str(tmp_path_factory.mktemp("jieba"))


TEXTS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "我",
                "来到",
                "北京",
                "清华大学",
                "南京市长江大桥",
                "。",
                "，",
                "C++",
                "AT&T",
                "c#",
                "T恤",
                "1.5",
                "50%",
                "3.14159",
                "e-mail",
                "a_b",
                "well-known",
                "PCs",
                "don't",
                "www.example.org",
                "다리",
                "서울의",
                "カタカナ",
                "é",
                "ſ",
                "İ",
                "Σ",
                "ﷺ",
                "𠀀",
            ]
        ),
        st.sampled_from([" ", "  ", "\n", "\r", "\r\n", "\t", "\x0b", "\x1c", "\u3000", "\u2028"]),
        st.text(max_size=4),
    ),
    max_size=25,
).map("".join)


@pytest.mark.parametrize(
    ("predicted", "gold", "precision", "recall", "f1"),
    [
        # "a b c" is five tokens with its blanks: one run.
        ("a b c", "a b c", 1, 1, 1),
        # "a b c d" has three runs; " b c " and "b c d" are in the other text too.
        ("a b c d", "x b c d", 2 / 3, 2 / 3, 2 / 3),
        ("a b c", "a b c d", 1, 1 / 3, 1 / 2),
        ("a b c a b c", "a b c", 1 / 7, 1, 1 / 4),
        ("我来到北京清华大学", "我来到北京清华大学", 0, 0, 0),  # four words
        ("我来到北京清华大学。", "我来到北京清华大学。", 1, 1, 1),
        ("다리 위", "다리 위", 0, 0, 0),  # three syllables, a blank: four tokens
        ("다리 위에", "다리 위에", 1, 1, 1),
        ("a b", "a b", 0, 0, 0),  # under five tokens
        ("a b c", " a b c", 1, 1 / 2, 2 / 3),  # blanks at the ends count
        ("", "a b c", 0, 0, 0),
        ("a b c", "", 0, 0, 0),
        ("a b c", " \n ", 0, 0, 0),
        ("", "", 1, 1, 1),
        (" ", "\n\n", 1, 1, 1),
    ],
)
def test_rouge5_by_hand(value, predicted, gold, precision, recall, f1):
    assert value("rouge5_precision", predicted, gold) == precision
    assert value("rouge5_recall", predicted, gold) == recall
    assert value("rouge5_f1", predicted, gold) == f1


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("1.5% a_b-c", ["1.5%", " ", "a", "_", "b", "-", "c"]),
        ("C++ AT&T", ["C++", " ", "AT&T"]),
        ("北京.a 1.5", ["北京", ".", "a", " ", "1.5"]),
        ("é北京\r\n", ["é", "北京", "\r\n"]),
    ],
)
def test_runs_with_and_without_words_of_the_dictionary(text, tokens):
    assert jieba_tokens(text) == jieba.lcut(text) == tokens


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_the_tokens_are_those_of_jieba(text):
    assert jieba_tokens(text) == jieba.lcut(text)


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_the_value_is_that_of_rouge_score_on_jiebas_tokens(value, before, shared, after):
    predicted, gold = before + shared, shared + after
    expected = _score_ngrams(
        _create_ngrams(jieba.lcut(gold), 5), _create_ngrams(jieba.lcut(predicted), 5)
    )
    if predicted.strip() or gold.strip():
        for part in ("precision", "recall", "f1"):
            published = getattr(expected, "fmeasure" if part == "f1" else part)
            found = value(f"rouge5_{part}", predicted, gold).expected
            assert found == pytest.approx(published, abs=1e-12)


def test_nothing_is_written_to_the_shared_temporary_folder_nor_to_the_log(
    tmp_path, monkeypatch, capsys
):
    from bench.metrics.published import rouge5 as module

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    module._cutter.cache_clear()
    module._cut.cache_clear()
    assert jieba_tokens("北京大学生") == ["北京", "大学生"]
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().err == ""
