import json
import math
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

from corpus import DataError
from labels.datasets.importing import load_importer

URL = "https://www.harbour.example/ferry"
FACTS = {"id": "<urn:uuid:0d8a309d-25c5>", "url": URL, "language": "en", "text": "..."}


def sample(*content, doc=FACTS):
    items = [{"line": line, "label": label, "split": False} for line, label in content]
    return {"doc": doc, "content": items}


def lines(*rows):
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def test_a_page_is_imported_with_all_that_is_known_of_it(lay_out, imported):
    lay_out({"sample.jsonl": lines(sample((" The  ferry\t is back. ", "Clean"), ("", "clean")))})
    done = imported("finerweb")
    labelled = done.pages[0]
    page = labelled.page
    assert (page.id, page.raw) == ("urn-uuid-0d8a309d-25c5", b"The ferry is back.")
    assert (page.markup, page.url, page.site) == ("text", URL, "harbour.example")
    assert (page.language, page.source, page.licence) == ("en", "finerweb", "Apache-2.0")
    assert (labelled.gold_text, labelled.coverage) == (None, None)
    assert done.lines() == [("body", "The ferry is back.")]


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("Clean", "body"),
        ("clean ", "body"),
        ("Formatting, Style & Errors", "noise"),
        ("Bibliographical & Citation References", "byline"),
        ("Promotional & Spam Content", "advert"),
        ("contact & identification information", "legal"),
        ("Navigation & Interface Elements", "navigation"),
        ("Technical Specifications & Metadata", "noise"),
        ("Legal & Administrative Content", "legal"),
        ("Offensive or Inappropriate Content", "noise"),
        ("encoding errors", "noise"),  # in the model's own words
        ("", "noise"),
    ],
)
def test_kinds_of_junk_are_mapped_onto_labels(lay_out, imported, kind, label):
    lay_out({"sample.jsonl": lines(sample(("The ferry is back.", kind)))})
    done = imported("finerweb")
    assert done.lines() == [(label, "The ferry is back.")]
    assert bool(done.remarks) == (kind in {"encoding errors", ""})


def test_rows_with_qualities_are_cut_at_one_half(lay_out, imported):
    row = FACTS | {
        "text": "The ferry is back.\nIt runs.\n\nHome\nNews",
        "line_quality": [0.9876, 0.5, 0.7, 0.4999, 0],
    }
    lay_out({"data/rows.jsonl": lines(row)})
    done = imported("finerweb")
    assert done.lines() == [
        ("body", "The ferry is back."),
        ("body", "It runs."),
        ("noise", "Home"),
        ("noise", "News"),
    ]
    assert done.pages[0].page.url == URL


def test_a_table_gives_the_same_as_lines(lay_out, imported, source):
    rows = [
        {
            "id": f"id-{row}",
            "url": URL,
            "text": f"The ferry {row}\nHome",
            "line_quality": [1.0, 0.0],
        }
        for row in range(5)
    ]
    lay_out({"a/rows.json": lines(*rows)})
    (source / "b").mkdir()
    pq.write_table(pa.Table.from_pylist(rows), source / "b" / "rows.parquet", row_group_size=2)
    done = imported("finerweb")
    assert done.ids == [f"id-{row}" for row in range(5)] + [f"id-{row}~2" for row in range(5)]
    assert [done.lines(row) for row in range(5)] == [done.lines(row) for row in range(5, 10)]
    assert [page.page.split for page in done.pages[:5]] == [
        page.page.split for page in done.pages[5:]
    ]


def test_kinds_that_are_not_in_the_table_are_counted_one_by_one(lay_out, imported):
    one = sample(("a", "Encoding  errors"), ("b", "clean"), ("c", "encoding \ud83derrors"), doc={})
    lay_out({"sample.jsonl": lines(one, sample(("d", "Menu" * 99), ("", "clean"), doc={}))})
    assert list(imported("finerweb").remarks.items()) == [
        ("lines of the kind 'encoding errors', not known here, taken for noise", 2),
        ("empty lines, left out with their labels", 1),
        (f"lines of the kind '{'menu' * 15}', not known here, taken for noise", 1),
    ]


@pytest.mark.parametrize("new_file", [ipc.new_stream, ipc.new_file])
def test_arrow_files_are_read_as_the_large_set_is_published(lay_out, imported, source, new_file):
    table = pa.Table.from_pylist(
        [
            FACTS | {"id": f"id-{row}", "text": "a\nb", "line_quality": [1.0, 0.0]}
            for row in range(150)
        ]
    )
    (source / "data").mkdir()
    with new_file(source / "data" / "dataset_00000.arrow", table.schema) as writer:
        writer.write_table(table, max_chunksize=70)
    lay_out({"dataset_info.json": '{\n "features": {}\n}', "data/state.json": "{}"})
    done = imported("finerweb")
    assert (len(done.ids), done.left_out) == (150, [])
    assert [done.ids[row] for row in (0, 75, -1)] == ["id-0", "id-75", "id-149"]
    assert done.lines(149) == [("body", "a"), ("noise", "b")]


def test_a_table_that_is_damaged_in_places_loses_no_others(imported, source):
    rows = [{"id": f"id-{row}", "text": "a", "line_quality": [1.0]} for row in range(300)]
    file = source / "rows.parquet"
    pq.write_table(pa.Table.from_pylist(rows), file, row_group_size=100, compression="none")
    column = pq.ParquetFile(file).metadata.row_group(1).column(0)
    raw, at = bytearray(file.read_bytes()), column.dictionary_page_offset
    raw[at : at + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    file.write_bytes(raw)
    done = imported("finerweb")
    assert done.ids == [f"id-{row}" for row in (*range(100), *range(200, 300))]
    (left_out,) = done.left_out
    assert left_out[0] == "rows.parquet row 100"
    assert left_out[1].startswith("damaged (")
    assert left_out[1].endswith("; 100 rows are lost")


def test_rows_are_read_a_few_at_a_time_however_the_table_is_cut(source):
    rows = [{"id": str(row), "text": "x" * 99, "line_quality": [1.0]} for row in range(1000)]
    pq.write_table(pa.Table.from_pylist(rows), source / "rows.parquet")  # one group
    records = load_importer("finerweb").find(source).records
    assert len(records) == 1000
    assert [record.name for record in records] == [str(row) for row in range(1000)]
    first = next(iter(records))  # again and again, and not as a list
    assert first.gold["text"] == "x" * 99


def test_documents_are_split_whole_and_by_what_they_say(lay_out, imported):
    rows = [
        sample((f"Ferry {row} is back.", "clean"), ("Home", "x"), doc={"id": str(row)})
        for row in range(300)
    ]
    lay_out({"one.jsonl": lines(*rows)})
    splits = {labelled.texts[0]: labelled.page.split for labelled in imported("finerweb").pages}
    assert Counter(splits.values()) == {"train": 241, "dev": 27, "test": 32}
    lay_out({"one.jsonl": lines(*rows[::-1])})
    assert splits == {
        labelled.texts[0]: labelled.page.split for labelled in imported("finerweb").pages
    }


@pytest.mark.parametrize("doc", ["The ferry is back.", {}, None])
def test_a_document_of_which_nothing_is_known_is_named_by_its_place(lay_out, imported, doc):
    lay_out({"sample.jsonl": "\n" + lines(sample(("The ferry is back.", "clean"), doc=doc))})
    page = imported("finerweb").pages[0].page
    assert (page.id, page.site, page.language) == ("sample-2", "unknown-sample-2", "en")


def test_what_cannot_be_read_is_left_out_and_counted(lay_out, imported):
    good = sample(("The ferry is back.", "clean"), doc={"id": "good"})
    rows = [
        good,
        {"line": "The ferry is back.", "label": "clean", "split": False},
        {"id": "b", "text": "one\ntwo", "line_quality": [0.5]},
        {"id": "c", "text": "one", "line_quality": ["high"]},
        {"doc": {"id": "d"}, "content": [{"line": "one"}]},
        {"doc": {"id": "e"}, "content": []},
        {"doc": {"id": "f"}, "content": [{"line": None, "label": "clean"}]},
        {"id": "g", "text": "one", "line_quality": [math.nan]},
        {"id": "h", "text": "one", "line_quality": [1.5]},
    ]
    lay_out({"sample.jsonl": lines(*rows) + '{"doc": {"id": "\\x"'})
    done = imported("finerweb")
    assert done.ids == ["good"]
    assert [place for place, _ in done.left_out] == [f"sample.jsonl:{row}" for row in range(2, 11)]
    reasons = [reason for _, reason in done.left_out]
    assert reasons[0] == "no document with labelled lines (KeyError('text'))"
    assert reasons[1] == "1 qualities for 2 lines"
    assert reasons[3] == "no document with labelled lines (KeyError('label'))"
    assert reasons[4] == "no line with text"
    assert reasons[6:8] == [
        "a quality is nan, not from 0 to 1",
        "a quality is 1.5, not from 0 to 1",
    ]
    assert reasons[8].startswith("no JSON object (JSONDecodeError(")


def test_a_damaged_table_costs_no_other_file(lay_out, imported):
    lay_out(
        {
            "data/a.parquet": "PAR1",
            "data/b.arrow": "ARROW1",
            "data/c.jsonl": lines(sample(("The ferry is back.", "clean"))),
        }
    )
    done = imported("finerweb")
    assert len(done.pages) == 1
    assert [place for place, _ in done.left_out] == ["data/a.parquet", "data/b.arrow"]
    assert all(reason.startswith("no table (Arrow") for _, reason in done.left_out)


def test_where_nothing_can_be_read_the_first_reason_is_reported(lay_out, imported):
    lay_out({"data/rows.parquet": "PAR1"})
    with pytest.raises(
        DataError, match=r"no page could be read; the first of 1 .*rows\.parquet: no table"
    ):
        imported("finerweb")


def test_another_layout_is_refused(lay_out, imported):
    lay_out({"rows.csv": "line,label"})
    with pytest.raises(DataError, match=r"no \*\.jsonl, no \*\.json, no \*\.parquet, no \*\.arrow"):
        imported("finerweb")
