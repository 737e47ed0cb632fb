import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus import SPLITTER_VERSION, DataError
from labels.datasets.importing import import_dataset

HTML = (
    '<html lang="en"><nav>Home</nav><h1>The ferry is back</h1><p>By Ann Bell</p>'
    "<p>9 March 2018</p><p>It runs again from Monday on.</p><p>Imprint</p></html>"
)
GOLD = "It runs again from Monday on."
LABELS = ["navigation", "title", "byline", "byline", "body", "legal"]
TEXTS = [
    "Home", "The ferry is back", "By Ann Bell", "9 March 2018", GOLD, "Imprint",
]  # fmt: skip


def rows(*objects):
    return "".join(f"{json.dumps(row)}\n" for row in objects)


def label_file(*labels):
    lines = "".join(f"{label}\t{text}\n" for label, text in zip(labels, TEXTS, strict=True))
    return f"# splitter {SPLITTER_VERSION}\n{lines}"


def labels_of(done, row=0):
    return [label for label, _ in done.lines(row)]


def table(done):
    """Import what a table of rows gives; returns labels of each page, and reasons left out."""
    return [labels_of(done, row) for row in range(len(done.pages))]


# A folder


def test_all_that_is_known_of_a_page_travels_along(lay_out, imported):
    facts = {
        "url": "https://www.harbour.example/1", "site": "harbour", "language": "en",
        "page_type": "forum", "split": "dev", "source": "ours", "licence": "CC-BY-4.0",
    }  # fmt: skip
    about = {"title": "The ferry is back", "author": "Ann Bell", "date": "2018-03-09"}
    lay_out(
        {
            "html/a.html": HTML,
            "gold/a.txt": GOLD,
            "metadata.jsonl": rows({"id": "a"} | facts | about | {"with": ["Monday"]}),
        }
    )
    done = imported("pages")
    page = done.pages[0].page
    assert {name: getattr(page, name) for name in facts} == facts
    assert labels_of(done) == ["noise", "title", "byline", "byline", "body", "noise"]
    assert (done.pages[0].gold_text, done.pages[0].with_snippets) == (GOLD, ("Monday",))
    assert (done.left_out, done.remarks) == ([], {})


def test_without_metadata_the_files_names_are_the_ids(lay_out, imported):
    lay_out(
        {
            "html/a.html.gz": gzip.compress(HTML.encode()),
            "text/b c.txt": "Home\nIt runs again from Monday on.",
            "gold/a.txt": GOLD,
            "gold/b c.txt": GOLD,
        }
    )
    done = imported("pages")
    assert done.ids == ["a", "b-c"]
    assert [labelled.page.markup for labelled in done.pages] == ["html", "text"]
    assert labels_of(done, 1) == ["noise", "body"]
    assert done.dataset.name == "source"  # the folder's name
    assert [labelled.page.source for labelled in done.pages] == ["source", "source"]
    assert done.pages[0].page.licence == "LicenseRef-unknown"


def test_a_label_file_goes_before_a_gold_text(lay_out, imported):
    lay_out({"html/a.html": HTML, "labels/a.tsv": label_file(*LABELS), "gold/a.txt": GOLD})
    done = imported("pages")
    assert labels_of(done) == LABELS
    assert done.pages[0].gold_text == GOLD
    assert done.pages[0].coverage.tolist() == [0, 0, 0, 0, 1, 0]


def test_snippets_alone_label_the_lines_they_stand_in(lay_out, imported):
    row = {"id": "a", "with": ["from Monday"], "without": ["Home"], "author": ["Ann Bell"]}
    lay_out({"html/a.html": HTML, "metadata.jsonl": rows(row)})
    done = imported("pages")
    assert labels_of(done) == ["noise", "mixed", "byline", "mixed", "body", "mixed"]
    assert done.pages[0].gold == "snippets"


@pytest.mark.parametrize(
    ("date", "line"),
    [
        ("2018-03-09T10:00:00Z", "March 9, 2018"),
        ("2018-03-09", "来源：新闻 2018年3月9日"),
        ("2018-03-09", "입력 2018년 3월 09일"),
        ("9. III. 2018", "Zagreb, 9. III. 2018"),
    ],
)
def test_a_date_is_found_as_it_is_shown(lay_out, imported, date, line):
    html = f"<p>{line}</p><p>2018년 3월 19일</p><p>{GOLD}</p>"
    row = {"id": "a", "date": date}
    lay_out({"html/a.html": html, "gold/a.txt": GOLD, "metadata.jsonl": rows(row)})
    assert labels_of(imported("pages")) == ["byline", "noise", "body"]


def test_an_empty_gold_is_no_body_and_counted(lay_out, imported):
    lay_out({"html/a.html": HTML, "gold/a.txt": " \n"})
    done = imported("pages")
    assert set(labels_of(done)) == {"noise"}
    assert done.remarks == {"pages with an empty gold, all lines of which are noise": 1}


def test_keys_that_mean_nothing_here_are_counted(lay_out, imported):
    row = {"id": "a", "langauge": "en", "level\x1b[31m": 3}
    lay_out({"html/a.html": HTML, "gold/a.txt": GOLD, "metadata.jsonl": rows(row)})
    assert imported("pages").remarks == {
        "key “langauge” is not known here": 1,
        "key “level\\x1b[31m” is not known here": 1,
    }


def test_what_is_wrong_with_a_page_costs_that_page_and_names_file_and_line(lay_out, imported):
    metadata = [
        {"id": "a"},
        {"id": "a", "language": "ko"},
        {"id": "../b"},
        {"id": "b\n\x1b[31m"},
        {"id": "b", "url": ["x"]},
        {"id": "gone"},
        {"id": True},
        {},
        [1],
        {"id": "c", "with": "Monday"},
        {"id": "d", "title": [7]},
        {"id": "e", "author": float("nan")},
    ]
    lay_out(
        {f"html/{name}.html": HTML for name in "abcdefg"}
        | {f"gold/{name}.txt": GOLD for name in "abcdegx"}
        | {
            "text/a.txt": GOLD,
            "html/g.html.gz": gzip.compress(HTML.encode())[:-9],
            "html/h.html.gz": gzip.compress(HTML.encode())[:-9],
            "gold/h.txt": GOLD,
            "labels/g.tsv": label_file(*LABELS).replace("Imprint", "Imprint!"),
            "metadata.jsonl": rows(*metadata) + '{"id": "a"\n{"id": ' + "[" * 99_999,
        }
    )
    done = imported("pages")
    assert done.ids == ["a"]
    reasons = dict(done.left_out)
    assert reasons == {
        "text/a.txt": f"there is {done.source}/html/a.html already; remove one of them",
        "html/g.html.gz": "there is g.html already; remove one of them",
        "gold/x.txt": "gold without a page, html/x.html or text/x.txt is missing",
        "html/f.html": "page without gold, gold/f.txt or labels/f.tsv is missing",
        "html/h.html.gz": reasons["html/h.html.gz"],
        "labels/g.tsv:7": "the text is not that of the page, 'Imprint'; restore it, only labels may be edited",
        "metadata.jsonl:2": "id 'a' is that of line 1 already; give each page one row",
        "metadata.jsonl:3": "its id '../b' cannot be a file's name; rename the page and its gold",
        "metadata.jsonl:4": r"its id 'b\n\x1b[31m' cannot be a file's name; rename the page and its gold",
        "metadata.jsonl:5": "its url is ['x'], no text; correct it, or leave it out",
        "metadata.jsonl:6": "there is no page html/gone.html or text/gone.txt",
        "metadata.jsonl:7": "its id is True; give the name of the page's file without its ending",
        "metadata.jsonl:8": "its id is None; give the name of the page's file without its ending",
        "metadata.jsonl:9": "not an object; correct or remove the row",
        "metadata.jsonl:10": "snippets are 'Monday', no list of texts",
        "metadata.jsonl:11": "its title is [7], no text; correct it, or leave it out",
        "metadata.jsonl:12": "its author is nan, no text; correct it, or leave it out",
        "metadata.jsonl:13": reasons["metadata.jsonl:13"],
        "metadata.jsonl:14": "not JSON (it is nested without end); correct or remove the row",
    }  # fmt: skip
    assert reasons["html/h.html.gz"].startswith("cannot be unpacked (EOFError")
    assert reasons["metadata.jsonl:13"].startswith("not JSON (Expecting ',' delimiter")


def test_the_order_is_that_of_the_metadata(lay_out, imported):
    lay_out(
        {f"text/{name}.txt": GOLD for name in "abc"}
        | {f"gold/{name}.txt": GOLD for name in "abc"}
        | {"metadata.jsonl": rows({"id": "c"}, {"id": "a"})}
    )
    assert imported("pages").ids == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"gold/a.txt": GOLD}, r"no html/\*\.html nor text/\*\.txt"),
        ({"a.html": HTML}, r"no html/\*\.html or text/\*\.txt with gold/\*\.txt or labels/\*\.tsv"),
        (
            {"html/a.html": HTML},
            "no page could be read; the first of 1 failures is .*a.html: page w",
        ),
    ],
)
def test_a_folder_without_pages_and_golds_is_refused(lay_out, imported, files, reason):
    lay_out(files)
    with pytest.raises(DataError, match=rf"source: {reason}"):
        imported("pages")


# Tables


PAGES = [
    {"id": 7, "html": HTML, "text": GOLD, "language": "en", "title": "The ferry is back"},
    {"html": HTML, "gold": GOLD},
    {"id": "t", "text": f"Home\n\n{GOLD}", "gold": GOLD},
    {"id": "l", "text": f"Home\n \n{GOLD}", "labels": ["navigation", "noise", "body"]},
    {"id": "m", "text": f"Home\n \n{GOLD}", "labels": ["legal", "body"]},
    {"id": "h", "html": HTML, "labels": LABELS},
    {"id": "s", "html": HTML, "with": ["Monday"]},
]
OF_GOLD = ["noise", "noise", "noise", "noise", "body", "noise"]


def check_pages(done, unnamed):
    assert done.ids == ["7", unnamed, "t", "l", "m", "h", "s"]
    assert table(done) == [
        ["noise", "title", *OF_GOLD[2:]],
        OF_GOLD,
        ["noise", "body"],
        ["navigation", "body"],
        ["legal", "body"],
        LABELS,
        ["mixed", "mixed", "mixed", "mixed", "body", "mixed"],
    ]
    markups = [labelled.page.markup for labelled in done.pages]
    assert markups == ["html", "html", "text", "text", "text", "html", "html"]
    assert done.left_out == []
    assert done.dataset.name == "mine"


def test_a_file_of_json_lines_holds_pages_with_their_golds(lay_out, source, imported):
    lay_out({"mine.jsonl": "\ufeff" + rows(*PAGES).replace("\n", "\r\n")})
    check_pages(imported("pages", source / "mine.jsonl"), "mine-2")


def test_so_does_parquet(source, imported):
    path = source / "mine.parquet"
    named = [row | {"id": str(row["id"])} if "id" in row else row for row in PAGES]
    schema = pa.schema([
        *((name, pa.string()) for name in ("id", "html", "text", "gold", "language", "title")),
        *((name, pa.list_(pa.string())) for name in ("labels", "with")),
    ])  # fmt: skip
    pq.write_table(pa.Table.from_pylist(named, schema), path)
    check_pages(imported("pages", path), "mine-1")


def test_a_folder_of_tables_is_read_and_html_may_be_bytes(source, imported):
    german = HTML.replace("ferry", "Fähre").encode("latin-1")
    pages = pa.table({"id": ["a"], "html": [german], "text": [GOLD], "score": [1.0]})
    pq.write_table(pages, source / "data-0.parquet")
    done = imported("pages")
    assert done.pages[0].page.raw == german
    assert done.pages[0].texts[1] == "The Fähre is back"
    assert done.remarks == {"key “score” is not known here": 1}


def test_what_is_wrong_with_a_row_costs_that_row(lay_out, source, imported):
    wrong = [
        {"id": "a", "html": HTML, "text": GOLD},
        {"id": "a", "html": HTML, "text": GOLD},
        {"id": "b", "html": HTML, "text": GOLD, "gold": GOLD},
        {"id": "c", "gold": GOLD},
        {"id": "d", "html": HTML},
        {"id": "e", "text": GOLD},
        {"id": "f", "html": 7, "text": GOLD},
        {"id": "g", "html": HTML, "labels": ["body"]},
        {"id": "h", "html": HTML, "labels": ["navi"] * 6},
        {"id": "i", "html": HTML, "labels": "body"},
        {"id": "j", "html": HTML, "text": GOLD, "url": -1e999},
        {"id": "k/", "html": HTML, "text": f"{GOLD}\ud83d"},
    ]
    lay_out({"mine.jsonl": rows(*wrong) + '[]\n{"id": "l", "html": ' + "[" * 99_999})
    path = source / "mine.jsonl"
    done = imported("pages", path)
    assert done.ids == ["a", "k"]
    assert done.pages[1].gold_text == GOLD
    names = "body, title, byline, caption, mixed, navigation, recommendation, comment, advert, social, legal, noise"
    assert dict(done.left_out) == {
        f"{path}:2": f"id 'a' is that of {path}:1 already; give each page its own",
        f"{path}:3": "it has html, text and gold; give the gold once, as text",
        f"{path}:4": "it has neither html nor text; give the page",
        f"{path}:5": "page without gold; give text, labels, or with and without",
        f"{path}:6": "page without gold; give gold, labels, or with and without",
        f"{path}:7": "its html is 7, no text; correct it, or leave it out",
        f"{path}:8": "1 label for 6 lines; give one for each line",
        f"{path}:9": f"unknown label 'navi'; use one of {names}",
        f"{path}:10": "its labels are 'body', no list; give one for each line",
        f"{path}:11": "its url is -inf, no text; correct it, or leave it out",
        f"{path}:13": "not an object; correct or remove the row",
        f"{path}:14": "no JSON object (ValueError('it is nested without end'))",
    }


@pytest.mark.parametrize(
    ("page_id", "shown"),
    [
        (True, "True"),
        (1.5, "1.5"),
        (float("nan"), "nan"),
        (-1e999, "-inf"),
        (["a"], "['a']"),
        ({"a": 1}, "{'a': 1}"),
        ("a\nb", r"'a\nb'"),
        ("a\x1b[31m", r"'a\x1b[31m'"),
        ("a\x9b", r"'a\x9b'"),
        ("a\ud83d", r"'a\ud83d'"),
    ],
)
def test_an_id_in_a_row_is_a_name_that_can_be_shown(lay_out, source, imported, page_id, shown):
    lay_out({
        "mine.jsonl": rows(
            {"id": page_id, "html": HTML, "text": GOLD}, {"id": "b", "html": HTML, "text": GOLD}
        )
    })  # fmt: skip
    done = imported("pages", source / "mine.jsonl")
    assert done.ids == ["b"]
    reason = f"its id is {shown}; give a text that can be shown, or leave it out"
    assert done.left_out == [(f"{source / 'mine.jsonl'}:1", reason)]


def test_a_table_whose_ids_are_no_texts_loses_no_other_row(source, imported):
    ids = pa.array([["a"], None], pa.list_(pa.string()))
    pq.write_table(
        pa.table({"id": ids, "html": [HTML] * 2, "text": [GOLD] * 2}), source / "m.parquet"
    )
    done = imported("pages")
    assert done.ids == ["m-1"]
    reason = "its id is ['a']; give a text that can be shown, or leave it out"
    assert [reason for _, reason in done.left_out] == [reason]


def test_the_id_of_a_row_is_its_own_not_one_within_it(lay_out, source, imported):
    row = {"with": ['{"id": "quoted"}'], "more": {"id": "inner"}, "id": "a", "html": HTML}
    lay_out({"mine.jsonl": rows(row)})
    assert imported("pages", source / "mine.jsonl").ids == ["a"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gone.jsonl", "no such file or folder"),
        ("a.csv", r"its name does not end in \.jsonl, \.parquet or \.arrow"),
        ("a.parquet", "no page could be read; the first of 1 failures is .*a.parquet: no table"),
        ("a.jsonl", "no page could be read; nothing was written"),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_nothing_is_written(source, tmp_path, name, reason):
    for other in ("a.csv", "a.parquet", "a.jsonl"):
        (source / other).write_text("", encoding="utf-8")
    with pytest.raises(DataError, match=reason):
        import_dataset("pages", source / name, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_other_importers_read_folders_alone(source, tmp_path):
    (source / "a.jsonl").write_text("{}")
    with pytest.raises(DataError, match=r"a\.jsonl: no such folder"):
        import_dataset("webmainbench", source / "a.jsonl", tmp_path / "out")


@pytest.mark.parametrize(
    ("pages", "ceiling"),
    [
        pytest.param(122, 0.995, marks=pytest.mark.data("magic-html")),
        pytest.param(98, 0.999, marks=pytest.mark.data("postlight")),
        pytest.param(167, 0.99, marks=pytest.mark.data("zh-news")),
    ],
)
def test_the_folders_at_hand_come_in_whole(data_folder, tmp_path, pages, ceiling):
    from bench.scoring.cases import projection_ceiling

    done = import_dataset("pages", data_folder, tmp_path / "out", ceiling=projection_ceiling)
    manifest = done.manifest
    assert (manifest.name, manifest.pages) == (data_folder.name, pages)
    assert (manifest.unreadable, manifest.remarks) == ((), {})
    assert manifest.counts.ceiling >= ceiling
    assert "unknown" not in manifest.counts.page_types
