from dataclasses import replace

import numpy as np
import pytest

from baselines import line_features
from baselines.features.batch import Batch
from baselines.model import VIEWS
from baselines.training.samples import line_weights
from corpus import DataError, Page
from labels import Label, LabelledPage, codes, open_dataset


@pytest.mark.parametrize(("view", "count"), [("html", 6), ("text", 12)])
def test_each_line_is_a_row_of_named_features(labelled_pages, view, count):
    table = line_features(labelled_pages, view)
    used = [one for one in labelled_pages if view == "text" or one.page.markup == "html"]
    assert len(used) == count
    assert table.X.index.names == ["page", "line"]
    assert table.X.index.tolist() == [(one.page.id, line) for one in used for line in range(25)]
    first = VIEWS[view].features(Batch.of([used[0].page.lines()]))
    assert tuple(table.X.columns) == first.names
    np.testing.assert_array_equal(table.X.loc[used[0].page.id].to_numpy(), first.values)
    assert table.y.tolist() == [code == Label.BODY.code for one in used for code in one.labels]
    assert table.groups.tolist() == [one.page.site for one in used for _ in range(25)]
    assert table.chars.tolist() == [len(text) for one in used for text in one.texts]


def test_lines_weigh_as_in_the_fit_of_the_shipped_models(labelled_pages):
    chars = labelled_pages[0].page.lines().chars
    for by_chars in (0, 0.5, 1):
        table = line_features(labelled_pages[:1], by_chars=by_chars)
        assert table.weights.tolist() == line_weights(chars, by_chars).tolist()


def test_optional_lines_and_pages_without_a_gold_text_weigh_nothing(labelled_pages):
    first, second = labelled_pages[0], replace(labelled_pages[2], gold_text="")
    mixed = replace(first, labels=np.where(np.arange(25) < 3, Label.MIXED.code, first.labels))
    table = line_features([mixed, second])
    assert (table.weights > 0).tolist() == [False] * 3 + [True] * 22 + [False] * 25
    assert not table.y[:3].any()


def test_a_dataset_serves_as_its_pages_do():
    starter = open_dataset("starter")
    one, two = line_features(starter), line_features(starter.pages(None))
    assert one.X.equals(two.X)
    assert len(one.X.index.unique("page")) == 34


def test_decisions_go_back_to_their_pages(labelled_pages):
    table = line_features(labelled_pages[:4:2])
    probabilities = np.where(table.y, 0.9, 0.2)
    kept = table.keep(probabilities)
    assert {page: of_page.tolist() for page, of_page in kept.items()} == {
        one.page.id: (one.labels == Label.BODY.code).tolist() for one in labelled_pages[:4:2]
    }
    assert sum(of_page.sum() for of_page in table.keep(probabilities, share=0.0).values()) == 50


def test_what_does_not_fit_is_refused(labelled_pages):
    with pytest.raises(DataError, match=r"no view 'dom'; use one of text, html"):
        line_features(labelled_pages, "dom")
    with pytest.raises(DataError, match="no page has html; give others"):
        line_features(labelled_pages[1::2])
    with pytest.raises(DataError, match="no page has text"):
        line_features([LabelledPage(Page("x", b"", "html"), [], codes([]))], "text")
    with pytest.raises(DataError, match=r"probabilities of shape \(3,\) for 25 lines"):
        line_features(labelled_pages[:1]).keep([0.1, 0.2, 0.3])
