import copy
import json
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import SPLITTER_VERSION, DataError, Page, split_text
from labels import LABELS, codes
from labels.annotation.drafts.annotators import PageAnnotations, read_annotations
from labels.annotation.drafts.draft import Draft
from labels.annotation.drafts.draft_file import DraftFile
from labels.annotation.label_studio import (
    export_tasks,
    import_labels,
    labelling_config,
    read_export,
)
from labels.label import Label

ROWS = [
    ("navigation", "홈"),
    ("title", "배가 돌아왔다 🚢"),
    ("body", "The ferry runs again."),
    ("advert", "Subscribe now"),
]
TEXTS = [text for _, text in ROWS]
PAGES = {"xx-1": split_text("\n".join(TEXTS))}


def region(start, end, start_offset, end_offset, *labels):
    """What Label Studio makes of a selection: paragraphs as strings, offsets as numbers."""
    value = {"start": str(start), "end": str(end), "startOffset": start_offset,
             "endOffset": end_offset, "text": "as it was", "paragraphlabels": list(labels)}  # fmt: skip
    return {"value": value, "id": "Dx_aB91ISN", "from_name": "label", "to_name": "lines",
            "type": "paragraphlabels", "origin": "manual"}  # fmt: skip


WHOLE = [region(0, 0, 0, 1, "navigation"), region(1, 1, 0, 10, "title"),
         region(2, 2, 0, 21, "body"), region(3, 3, 0, 13, "advert")]  # fmt: skip


def task(*annotations, page="xx-1", texts=TEXTS):
    data = {
        "page": page,
        "lines": [{"number": str(n), "text": text} for n, text in enumerate(texts, start=1)],
    }
    return {
        "id": 7,
        "data": data,
        "annotations": list(annotations),
        "predictions": [],
        "project": 1,
    }


def annotation(result, who=1, when="2026-03-01T10:00:00.000000Z", *, skipped=False):
    return {"id": 11, "completed_by": who, "result": result, "was_cancelled": skipped,
            "ground_truth": False, "created_at": when, "updated_at": when, "lead_time": 9.1}  # fmt: skip


def read(*tasks, **options):
    return read_export(json.dumps(tasks), PAGES, **options)


def labels(imported, page="xx-1"):
    return [str(LABELS[code]) for code in imported.labels[page]]


# Out


@pytest.fixture
def folders(make_corpus, write_draft):
    folders = make_corpus({"xx-1": ROWS, "xx-2": ROWS[1:]})
    write_draft(folders, "ada", "xx-1", ROWS, ["navigation", "title", "body", "social"])
    return folders


def test_a_page_is_a_task_with_a_paragraph_a_line(folders):
    one, other = export_tasks(read_annotations(folders, []).pages)
    assert one == {
        "data": {
            "page": "xx-1",
            "language": "xx",
            "url": None,
            "splitter": SPLITTER_VERSION,
            "lines": [
                {"number": "1", "text": "홈"},
                {"number": "2", "text": "배가 돌아왔다 🚢"},
                {"number": "3", "text": "The ferry runs again."},
                {"number": "4", "text": "Subscribe now"},
            ],
        }
    }
    assert other["data"]["page"] == "xx-2"


def test_labels_go_along_as_annotations_and_gold_is_ground_truth(folders):
    one, other = export_tasks(read_annotations(folders, ["ada", "gold"]).pages)
    assert [entry["ground_truth"] for entry in one["annotations"]] == [False, True]
    assert one["annotations"][0]["result"][1] == {
        "id": "line-2",
        "from_name": "label",
        "to_name": "lines",
        "type": "paragraphlabels",
        "value": {
            "start": "1",
            "end": "1",
            "startOffset": 0,
            "endOffset": 10,  # the ship counts twice
            "text": "배가 돌아왔다 🚢",
            "paragraphlabels": ["title"],
        },
    }
    assert len(other["annotations"]) == 1
    assert "predictions" not in one


def test_labels_go_along_as_predictions_under_the_annotators_name(folders):
    one, other = export_tasks(read_annotations(folders, ["ada"]).pages, "predictions")
    assert [entry["model_version"] for entry in one["predictions"]] == ["ada"]
    assert "annotations" not in one
    assert set(other) == {"data"}


def test_the_configuration_has_all_labels_and_the_names_that_the_tasks_use():
    view = ET.fromstring(labelling_config())  # noqa: S314 - our own
    control, paragraphs = view
    assert [label.get("value") for label in control] == [str(label) for label in LABELS]
    keys = [label.get("hotkey") for label in control]
    assert len(set(keys)) == len(keys)
    assert (control.tag, control.get("name"), control.get("toName")) == (
        "ParagraphLabels", "label", "lines",
    )  # fmt: skip
    assert (paragraphs.tag, paragraphs.get("name"), paragraphs.get("value")) == (
        "Paragraphs", "lines", "$lines",
    )  # fmt: skip
    assert (paragraphs.get("textKey"), paragraphs.get("nameKey")) == ("text", "number")


# And back


def minimal(tasks):
    """The records that Label Studio's JSON-MIN makes of tasks."""
    return [
        {
            **task["data"],
            "id": task["id"],
            "label": [copy.deepcopy(part["value"]) for part in entry["result"]],
            "annotator": entry["completed_by"],
            "annotation_id": entry["id"],
            "created_at": entry["created_at"],
            "updated_at": entry["updated_at"],
            "lead_time": entry["lead_time"],
        }
        for task in tasks
        for entry in task["annotations"]
    ]


@pytest.mark.parametrize("format_", ["JSON", "JSON-MIN"])
def test_a_round_trip_gives_identical_label_files(folders, tmp_path, format_):
    tasks = export_tasks(read_annotations(folders, ["gold"]).pages)
    for number, one in enumerate(tasks):
        one["id"] = number
        one["annotations"] = [annotation(one["annotations"][0]["result"])]
    file = tmp_path / "export.json"
    file.write_text(json.dumps(tasks if format_ == "JSON" else minimal(tasks)), encoding="utf-8")
    imported = import_labels(file, folders, "eva")
    assert (sorted(imported.labels), imported.unreadable) == (["xx-1", "xx-2"], [])
    for page in ("xx-1", "xx-2"):
        assert folders.draft_of(page, "eva").read_bytes() == folders.gold_of(page).read_bytes()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(LABELS), st.text(
    st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)), min_size=1, max_size=9))  # fmt: skip
def test_any_labels_of_any_text_come_back(rows):
    lines = split_text("\n".join(text for _, text in rows))
    if len(lines) != len(rows):
        return  # a text that is nothing but invisible characters is no line
    given_labels = codes([label for label, _ in rows])
    (one,) = export_tasks(
        [PageAnnotations(Page("p", b"", "text"), lines.texts, {"gold": given_labels})]
    )
    found = read_export(json.dumps([one]), {"p": lines})
    assert found.labels["p"].tolist() == given_labels.tolist()


def test_a_region_over_several_lines_labels_each_that_it_covers_by_half():
    # From the middle of line 1 to 7 of the 13 units of line 4.
    imported = read(task(annotation([region(0, 3, 0, 7, "body")])))
    assert labels(imported) == ["body"] * 4
    over = [
        region(0, 0, 0, 1, "navigation"),
        region(1, 3, 4, 6, "body"),
        region(3, 3, 6, 13, "advert"),
    ]
    assert labels(read(task(annotation(over)))) == ["navigation", "body", "body", "advert"]


def test_offsets_count_utf_16_units_and_numbers_do_as_well_as_strings():
    # The ship is two of the ten units: five are half of it.
    half = region(1, 1, 0, 5, "title")
    half["value"] |= {"start": 1, "end": 1}
    assert labels(read(task(annotation([WHOLE[0], half, *WHOLE[2:]])))) == [n for n, _ in ROWS]
    less = region(1, 1, 0, 4, "title")
    (unreadable,) = read(task(annotation([WHOLE[0], less, *WHOLE[2:]]))).unreadable
    assert unreadable[1].startswith("1 line without a label, the first is line 2")


def test_lines_without_a_region_get_the_label_of_the_rest():
    imported = read(task(annotation(WHOLE[2:3])), rest=Label.NOISE)
    assert labels(imported) == ["noise", "noise", "body", "noise"]


def test_regions_of_other_controls_and_predictions_are_not_read():
    other = {"from_name": "note", "to_name": "lines", "type": "textarea", "value": {"text": ["?"]}}
    one = task(annotation([*WHOLE, other]))
    one["predictions"] = [{"model_version": "x", "result": [region(0, 3, 0, 9, "legal")]}]
    assert labels(read(one)) == [label for label, _ in ROWS]


def test_skipped_annotations_count_as_none():
    other = annotation([region(0, 3, 0, 13, "legal")], who=2, skipped=True)
    assert labels(read(task(other, annotation(WHOLE)))) == [label for label, _ in ROWS]
    imported = read(task(other))
    assert (imported.labels, imported.skipped, imported.unlabelled) == ({}, ["xx-1"], [])


def test_a_task_without_annotations_is_not_labelled():
    imported = read(task())
    assert (imported.labels, imported.skipped, imported.unlabelled) == ({}, [], ["xx-1"])


def test_of_several_annotations_by_one_person_the_last_holds():
    early = annotation([region(0, 3, 0, 13, "legal")], when="2026-03-01T09:00:00.000000Z")
    assert labels(read(task(annotation(WHOLE), early))) == [label for label, _ in ROWS]
    same_time = annotation([region(0, 3, 0, 13, "legal")])
    assert labels(read(task(annotation(WHOLE), same_time))) == ["legal"] * 4


def test_of_several_people_one_must_be_chosen():
    eva = {"id": 2, "email": "eva@x.example", "first_name": ""}
    both = task(annotation(WHOLE), annotation([region(0, 3, 0, 13, "legal")], who=eva))
    assert read(both).unreadable == [
        ("record 1, page xx-1",
         "annotated by several (1, 2/eva@x.example); choose with --completed-by"),
    ]  # fmt: skip
    assert labels(read(both, completed_by="eva@x.example")) == ["legal"] * 4
    assert labels(read(both, completed_by="1")) == [label for label, _ in ROWS]
    assert read(both, completed_by="3").unlabelled == ["xx-1"]


def test_records_of_json_min_on_one_page_are_annotations_of_one_task():
    records = minimal([task(annotation(WHOLE), annotation(WHOLE, who=2))])
    assert "annotated by several (1, 2)" in read(*records).unreadable[0][1]
    assert labels(read(*records, completed_by="2")) == [label for label, _ in ROWS]


def test_the_older_word_for_annotations_is_read():
    one = task(annotation(WHOLE))
    one["completions"] = one.pop("annotations")
    assert labels(read(one)) == [label for label, _ in ROWS]


GOOD = task(annotation(WHOLE), page="xx-1")


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("x", "not an object"),
        ({"id": 1, "data": {"text": "…"}, "annotations": []}, "it names no page"),
        ({"id": 1, "data": "…"}, "it names no page"),
        (task(page="zz-9"), "there is no page 'zz-9'"),
        (task(texts=TEXTS[:3]), "it has 3 lines, the page 4"),
        (task(texts=["Home", *TEXTS[1:]]), "line 1 is not that of the page"),
        ({"data": {"page": "xx-1"}, "annotations": []}, "its lines are no list"),
        (GOOD | {"annotations": 3}, "its annotations are no list"),
        (GOOD | {"annotations": [{"result": 3}]}, "its results are no list"),
        ({**GOOD["data"], "label": "body"}, "its regions are no list"),
        (task(annotation(WHOLE[:2])), "2 lines without a label, the first is line 3"),
        (task(annotation([*WHOLE, region(0, 0, 0, 1, "body")])), "line 1 is navigation and body"),
        (task(annotation([region(0, 0, 0, 1, "body", "legal")])), "a region cannot be read"),
        (task(annotation([region(0, 0, 0, 1, "navi")])), "a region cannot be read"),
        (task(annotation([region(0, 4, 0, 1, "body")])), "a region from line 1 to 5 of 4"),
        (task(annotation([{"from_name": "label"}])), "a region cannot be read"),
    ],
)
def test_a_record_that_cannot_be_read_is_reported_and_the_rest_goes_on(record, expected):
    pages = PAGES | {"xx-2": PAGES["xx-1"]}
    good = task(annotation(WHOLE), page="xx-2")
    imported = read_export(json.dumps([record, good]), pages)
    ((place, reason),) = imported.unreadable
    assert place.startswith("record 1")
    assert reason.startswith(expected)
    assert list(imported.labels) == ["xx-2"]


@pytest.mark.parametrize("content", ["", "{", '{"tasks": []}', "3"])
def test_what_is_no_export_is_refused_with_the_file(folders, tmp_path, content):
    file = tmp_path / "export.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"export\.json: not .*export as JSON or JSON-MIN"):
        import_labels(file, folders, "eva")
    file.write_bytes(b"\xff")
    with pytest.raises(DataError, match=r"export\.json: cannot be read as UTF-8"):
        import_labels(file, folders, "eva")


def test_a_draft_that_differs_is_kept_unless_it_is_to_be_replaced(folders, tmp_path):
    file = tmp_path / "export.json"
    file.write_text(json.dumps([task(annotation(WHOLE))]), encoding="utf-8")
    draft = folders.draft_of("xx-1", "ada")
    before = draft.read_bytes()
    state = DraftFile(draft).state_path
    state.write_text(Draft(codes([n for n, _ in ROWS]), codes(["body"] * 4) > 0, "blank").to_json())
    imported = import_labels(file, folders, "ada")
    assert imported.labels == {}
    assert imported.unreadable == [
        ("page xx-1", f"{draft} is there already and differs; give --replace")
    ]
    assert draft.read_bytes() == before
    assert list(import_labels(file, folders, "ada", replace=True).labels) == ["xx-1"]
    assert draft.read_bytes() == folders.gold_of("xx-1").read_bytes()
    assert not state.exists()
    assert list(import_labels(file, folders, "ada").labels) == ["xx-1"]  # nothing differs now


def test_a_draft_that_cannot_be_read_is_kept_too(folders, tmp_path):
    file = tmp_path / "export.json"
    file.write_text(json.dumps([task(annotation(WHOLE))]), encoding="utf-8")
    draft = folders.draft_of("xx-1", "ada")
    draft.write_text("# splitter 0\nbody\tHome\n", encoding="utf-8")
    ((_, reason),) = import_labels(file, folders, "ada").unreadable
    assert reason.endswith("is there already and differs; give --replace")
    assert draft.read_text(encoding="utf-8") == "# splitter 0\nbody\tHome\n"


def test_a_name_that_no_annotator_can_have_is_refused(folders, tmp_path):
    with pytest.raises(DataError, match="'gold' cannot be the name"):
        import_labels(tmp_path / "export.json", folders, "gold")
