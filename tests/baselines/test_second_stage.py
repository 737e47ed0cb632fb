import numpy as np
import pytest

from baselines import second_stage as of_batches
from baselines.features.batch import Batch
from corpus import split_html, split_text

LINES = split_html("<nav><p>Home</p></nav><div><p>four</p><p>five.</p></div><p>last</p>")


def text_context(probabilities, lines):
    return of_batches.text_context(probabilities, Batch.of([lines]))


def dom_context(probabilities, lines):
    return of_batches.dom_context(probabilities, Batch.of([lines]))


def column(features, name):
    return features.values[:, features.names.index(name)].tolist()


def test_what_the_first_stage_thinks_of_the_lines_around():
    found = text_context(np.array([0.2, 0.6, 0.8, 0.4]), LINES)
    odds = np.log([1 / 4, 3 / 2, 4, 2 / 3])
    assert column(found, "p1") == pytest.approx([0.2, 0.6, 0.8, 0.4], abs=1e-6)
    assert column(found, "p1_odds") == pytest.approx(odds, abs=1e-6)
    assert column(found, "p1_odds_before") == pytest.approx(odds[[0, 0, 1, 2]], abs=1e-6)
    assert column(found, "p1_odds_after") == pytest.approx(odds[[1, 2, 3, 3]], abs=1e-6)
    assert column(found, "p1_within_1") == pytest.approx([0.4, 1.6 / 3, 0.6, 0.6], abs=1e-6)
    assert column(found, "p1_before_2") == pytest.approx([0, 0.2, 0.4, 0.7], abs=1e-6)
    assert column(found, "p1_after_2") == pytest.approx([0.7, 0.6, 0.4, 0], abs=1e-6)
    assert column(found, "p1_in_stretch") == [0, 1, 1, 0]
    assert column(found, "p1_of_page") == pytest.approx([0.5] * 4, abs=1e-6)
    # Expected characters: .2 x 4, .6 x 4, .8 x 5, .4 x 4 = 8.8 of 17.
    assert column(found, "p1_of_page_chars") == pytest.approx([8.8 / 17] * 4, abs=1e-6)
    assert column(found, "p1_share_so_far") == pytest.approx(
        np.array([0.8, 3.2, 7.2, 8.8]) / 8.8, abs=1e-6
    )


def test_what_the_first_stage_thinks_of_the_elements_that_hold_a_line():
    found = dom_context(np.array([0.2, 0.6, 0.8, 0.4]), LINES)
    assert column(found, "p1_0_up") == pytest.approx([0.2, 0.6, 0.8, 0.4], abs=1e-6)
    # The nav; the div, by characters (2.4 + 4) / 9; the body.
    assert column(found, "p1_1_up") == pytest.approx([0.2, 6.4 / 9, 6.4 / 9, 8.8 / 17], abs=1e-6)
    assert column(found, "p1_held_1_up") == pytest.approx(
        np.sqrt([0.8 / 8.8, 6.4 / 8.8, 6.4 / 8.8, 1]), abs=1e-6
    )


def test_context_with_markup_begins_with_that_of_text():
    p = np.full(4, 0.5)
    text, dom = text_context(p, LINES), dom_context(p, LINES)
    assert dom.names[: len(text.names)] == text.names
    assert len(set(dom.names)) == len(dom.names)


@pytest.mark.parametrize("p", [0.0, 1e-300, 0.5, 1.0])
@pytest.mark.parametrize(
    "html", ["<p>x</p>", "<p>a</p><p>b</p>" * 30, "<table><tr><td>a<td>b</table>"]
)
def test_context_is_finite_however_sure_the_first_stage_is(html, p):
    lines = split_html(html)
    found = dom_context(np.full(len(lines), p), lines)
    assert found.values.shape == (len(lines), len(found.names))
    assert np.isfinite(found.values).all()
    odds = column(found, "p1_odds")
    assert -6 <= min(odds) <= max(odds) <= 6


def test_context_of_text_does_not_depend_on_markup():
    p = np.array([0.2, 0.6, 0.8, 0.4])
    text = split_text("\n".join(LINES.texts))
    np.testing.assert_array_equal(text_context(p, LINES).values, text_context(p, text).values)
