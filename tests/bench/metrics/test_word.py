import pytest


@pytest.mark.parametrize(
    ("predicted", "gold", "precision", "recall", "f1"),
    [
        ("the cat", "the cat sat", 1, 2 / 3, 4 / 5),
        ("The CAT the", "the cat sat on", 2 / 3, 2 / 4, 4 / 7),
        ("snake_case", "snake case", 0, 0, 0),
        ("서울의 다리", "서울 다리", 1 / 2, 1 / 2, 1 / 2),
        ("!!!", "...", 1, 1, 1),
        ("", "", 1, 1, 1),
        ("", "gold", 0, 0, 0),
        ("text", "", 0, 0, 0),
        ("text", "  \n", 0, 0, 0),
    ],
)
def test_words_by_hand(value, predicted, gold, precision, recall, f1):
    assert value("word_precision", predicted, gold) == precision
    assert value("word_recall", predicted, gold) == recall
    assert value("word_f1", predicted, gold) == f1


@pytest.mark.parametrize(
    ("predicted", "gold", "expected"),
    [
        # 다리 is two tokens, 서울의 three.
        ("서울의 다리", "서울 다리", 2 * 4 / 9),
        ("Ｔｅｘｔ", "text", 1),
        ("", "", 1),
        ("", "gold", 0),
    ],
)
def test_tokens_by_hand(value, predicted, gold, expected):
    assert value("token_f1", predicted, gold) == expected


@pytest.mark.parametrize(
    ("text", "with_snippets", "without_snippets", "found", "absent"),
    [
        ("The Ferry runs again.", ("the ferry", "herons"), ("LOG IN",), 1 / 2, 1),
        ("Log in. The ferry", ("ferry",), ("log in", "subscribe", "cookie"), 1, 2 / 3),
        ("two  blanks", ("two blanks",), (), 0, None),
        ("text", (), (), None, None),
        ("", ("ferry",), ("log in",), 0, 1),
    ],
)
def test_snippets_of_wcxb_by_hand(value, text, with_snippets, without_snippets, found, absent):
    page = {"with_snippets": with_snippets, "without_snippets": without_snippets}
    assert value("wcxb_with", text, **page) == found
    assert value("wcxb_without", text, **page) == absent
