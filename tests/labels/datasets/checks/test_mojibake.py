import pytest

from labels.datasets.checks.mojibake import check_characters


def found(labelled):
    return [(str(f.kind), f.about, f.count) for f in check_characters(labelled)]


def test_mojibake_in_gold_and_page_is_distinguished(lines):
    assert found(lines(["It isnâ€™t.", "Fine."], "It isn’t.")) == [("page-mojibake", "isnâ€™t.", 1)]
    assert found(lines(["It isn’t."], "It isnâ€™t.")) == [("gold-mojibake", "isnâ€™t.", 1)]


def test_places_are_counted_and_the_first_is_shown_as_it_was_meant(lines):
    (finding,) = check_characters(lines(["FranÃ§ais", "EspaÃ±ol, PortuguÃªs"]))
    assert finding.count == 3
    assert finding.detail == "3 places, as “FranÃ§ais” for “Français”"


def test_control_characters_that_were_punctuation_are_mojibake_and_can_be_read(lines):
    (finding,) = check_characters(lines(["New York\x97Union Square"]))
    assert finding.about == "York\x97Union"
    assert finding.detail == "1 place, as “York\\x97Union” for “York—Union”"


@pytest.mark.parametrize(
    "text",
    [
        "Élodie habite à Genève, près de l’école où l’on mange des crêpes.",
        "São Paulo, Ängelholm, Łódź, Kraków, Đà Nẵng, Ærø",
        "한국어 문장이다. 日本語の文。 中文句子。",
        "20 °C, 5 µm, £3, © 2020, «oui», ½, naïve",
        "Many times I saw \"Ã¤\" instead of 'ä'.",
        "Many times I saw &quot;Ã¤&quot; instead of &quot;ä&quot;.",
    ],
)
def test_text_of_any_language_and_a_mention_of_mojibake_are_fine(lines, text):
    assert found(lines([text], text)) == []


def test_replacement_characters_in_gold_and_page_are_distinguished(lines):
    assert found(lines(["that\ufffds \ufffd\ufffd", "a"])) == [
        ("page-lost-characters", "that\ufffds", 3)
    ]
    assert found(lines(["that’s"], "that\ufffds")) == [("gold-lost-characters", "that\ufffds", 1)]
