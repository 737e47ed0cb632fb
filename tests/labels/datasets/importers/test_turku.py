import json

import pytest

from corpus import DataError

FERRY = {
    "text": ["  Home | News ", "\u200b \t", "The ferry is\u00a0 back.\nIt runs.", "Contact"],
    "labels": ["0", "1", "1", "0"],
}
KETTLE = {"text": ["Der Kessel pfeift."], "labels": ["1"]}


def test_lines_keep_the_labels_that_people_gave_them(lay_out, imported):
    lay_out({"en/train.json": json.dumps([FERRY])})
    done = imported("turku")
    labelled = done.pages[0]
    page = labelled.page
    assert (page.id, page.markup) == ("en-train-0000", "text")
    assert page.raw == b"Home | News\nThe ferry is back. It runs.\nContact"
    assert (page.language, page.split, page.url) == ("en", "train", None)
    assert (page.source, page.licence) == ("turku", "LicenseRef-unknown")
    assert (labelled.gold_text, labelled.coverage) == (None, None)
    assert done.lines() == [
        ("noise", "Home | News"),
        ("body", "The ferry is back. It runs."),
        ("noise", "Contact"),
    ]


def test_languages_and_splits_come_from_folders_and_files(lay_out, imported):
    lay_out(
        {
            "fi/test.json": json.dumps([KETTLE, FERRY]),
            "de/dev.json": json.dumps([FERRY]),
            "de/train.json": json.dumps([KETTLE]),
            "README.md": "Text quality annotations",
        }
    )
    done = imported("turku")
    assert done.ids == ["de-train-0000", "de-dev-0000", "fi-test-0000", "fi-test-0001"]
    assert [labelled.page.language for labelled in done.pages] == ["de", "de", "fi", "fi"]
    assert done.dataset.manifest.splits == {"train": 1, "dev": 1, "test": 2}


def test_a_document_of_the_test_split_is_not_trained_on_though_it_stands_in_another(
    lay_out, imported
):
    spaced = FERRY | {"text": [f"{line} " for line in FERRY["text"]]}
    lay_out(
        {"en/train.json": json.dumps([FERRY, KETTLE]), "en/test.json": json.dumps([spaced, FERRY])}
    )
    done = imported("turku")
    sites = [labelled.page.site for labelled in done.pages]
    assert sites[0] == sites[2] == sites[3] != sites[1]
    assert done.dataset.manifest.reserved_sites == (sites[0],)


def test_empty_lines_are_counted(lay_out, imported):
    empty = {"text": ["", "The ferry is back.", " "], "labels": ["0", "1", "1"]}
    lay_out({"en/dev.json": json.dumps([FERRY, empty, KETTLE])})
    assert imported("turku").remarks == {"empty lines, left out with their labels": 3}


def test_a_file_that_is_broken_costs_no_other(lay_out, imported):
    lay_out(
        {
            "de/train.json": json.dumps([KETTLE]),
            "en/train.json": "[{",
            "en/dev.json": "{}",
            "en/test.json": json.dumps([FERRY]),
            "en/all.json": json.dumps([FERRY]),
            "en/notes.txt": "",
            "docs/index.json": "{}",
        }
    )
    done = imported("turku")
    assert done.ids == ["de-train-0000", "en-test-0000"]
    assert [(place, reason[:25]) for place, reason in done.left_out] == [
        ("en/notes.txt", "its name does not end in "),
        ("en/all.json", "is no split"),
        ("en/train.json", "no JSON (JSONDecodeError("),
        ("en/dev.json", "no list of documents"),
    ]


def test_labels_may_be_numbers_and_texts_hold_surrogates(lay_out, imported):
    document = '{"text": ["The \\ud83d ferry.", "Home\\u0000"], "labels": [1, 0]}'
    lay_out({"en/dev.json": f"[{document}]"})
    assert imported("turku").lines() == [("body", "The ferry."), ("noise", "Home")]


def test_what_cannot_be_read_is_left_out_and_counted(lay_out, imported):
    documents = [
        KETTLE,
        KETTLE | {"labels": []},
        KETTLE | {"labels": ["2"]},
        {"text": ["a"]},
        "text",
        {"text": [7], "labels": ["1"]},
        {"text": [" ", ""], "labels": ["1", "0"]},
        {"text": [], "labels": []},
    ]
    lay_out({"sv/dev.json": json.dumps(documents)})
    done = imported("turku")
    assert done.ids == ["sv-dev-0000"]
    assert [place for place, _ in done.left_out] == [
        f"sv/dev.json document {row}" for row in range(1, 8)
    ]
    reasons = [reason for _, reason in done.left_out]
    assert all(r.startswith("no document with a label for each line (") for r in reasons[:5])
    assert reasons[5:] == ["no line with text"] * 2


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"train.json": "[]"}, r"source: no LANG/train\.json"),
        ({"en/train.json": "{}"}, r"en/train\.json: no list of documents"),
        ({"en/train.json": "[{]"}, r"en/train\.json: no JSON"),
    ],
)
def test_another_layout_is_refused(lay_out, imported, files, complaint):
    lay_out(files)
    with pytest.raises(DataError, match=complaint):
        imported("turku")
