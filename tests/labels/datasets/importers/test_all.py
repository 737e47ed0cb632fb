import gzip
import json
import os

import pyarrow.parquet as pq
import pytest

from corpus import DataError
from labels.datasets.importing import importers, load_importer

IDS = {
    "cleaneval": ["a", "b", "c"],
    "cleanportaleval": ["bbc.co.uk_news_01", "tv.msnbc.com_news_02", "washingtonpost.com_blog_3"],
    "daniel": ["20111103_www.a.gr_1", "20111104_b.ru_2", "20111105_c.cn_3"],
    "dragnet": ["a", "b", "c"],
    "finerweb": ["a", "b", "c"],
    "l3s": ["a", "b", "c"],
    "scrapinghub": ["a", "b", "c"],
    "trafilatura": ["a", "b", "c"],
    "turku": ["en-train-0000", "en-dev-0000", "en-test-0000"],
    "wceb": ["0" * 64, None, "f" * 64],
    "wcxb": ["dev-0001", "dev-0002", "test-0001"],
    "webmainbench": ["a", "b", "c"],
}
GOLD = {"finerweb": "lines", "turku": "lines", "trafilatura": "snippets"}
SNIPPETS = {"trafilatura", "wcxb"}
SITES = {
    "cleanportaleval": "bbc.co.uk",
    "daniel": "a.gr",
    "dragnet": "unknown-a",
    "finerweb": "unknown-a",
    "wceb": f"unknown-{'0' * 64}",
}
LABELS = {
    "finerweb": ["body"],
    "turku": ["body", "noise"],
    "trafilatura": ["noise", "body", "mixed"],
}

# What a file may be in place of what it should be.
DAMAGE = {
    "cut off": lambda raw: raw[: len(raw) * 2 // 3],
    "empty": lambda raw: b"",
    "full of NULs": lambda raw: b"\0" * len(raw),
    "with NULs between": lambda raw: raw.replace(b"r", b"r\0\0"),
    "in another encoding": lambda raw: raw.decode("latin-1").encode("utf-16"),
    "in broken UTF-8": lambda raw: raw.replace(b"e", b"\xe9\xff\xc3"),
    "binary": lambda raw: bytes(range(256)) * 9,
    "one huge line": lambda raw: raw + b"word " * 50_000,
    "nested without end": lambda raw: b"<div>" * 50_000 + raw,
    "nested JSON": lambda raw: b'{"a":' * 50_000,
    "another kind of JSON": lambda raw: b'[null, 7, {"text": 7, "labels": {}, "doc": 1}]\n{"html": 1}\n7',
}  # fmt: skip


@pytest.mark.parametrize("name", importers())
def test_each_sample_is_imported_whole(name, samples, lay_out, imported):
    lay_out(samples[name])
    done = imported(name)
    assert done.left_out == []
    assert [page_id or ids for page_id, ids in zip(IDS[name], done.ids, strict=True)] == done.ids
    assert [label for label, _ in done.lines()] == LABELS.get(name, ["noise", "body", "body"])


@pytest.mark.parametrize("name", importers())
def test_all_give_the_same_line_schema(name, samples, lay_out, imported):
    lay_out(samples[name])
    done = imported(name)
    schema = pq.read_schema(done.dataset.path / "data-00000.parquet")
    assert schema.names == [
        "id", "sha256", "markup", "url", "site", "language", "page_type", "split", "source",
        "licence", "raw", "splitter", "lines", "labels", "coverage", "gold_text",
        "with_snippets", "without_snippets",
    ]  # fmt: skip
    for labelled in done.pages:
        page = labelled.page
        assert len(labelled.labels) == len(labelled.texts) == len(page.lines()) > 0
        assert labelled.texts == page.lines().texts
        assert page.language is not None
        assert page.site is not None
        assert page.source is not None
        assert page.source.partition("/")[0] == name
        assert page.licence == load_importer(name).LICENCE
        assert labelled.gold == GOLD.get(name, "text")
        has_text = labelled.gold == "text"
        assert (labelled.coverage is not None) == (labelled.gold_text is not None) == has_text
        assert not has_text or len(labelled.coverage) == len(labelled.texts)
        assert bool(labelled.with_snippets and labelled.without_snippets) == (name in SNIPPETS)
    assert done.pages[0].page.site == SITES.get(
        name, done.pages[0].page.site if name == "turku" else "a.example"
    )


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", importers())
def test_a_damaged_file_is_told_by_its_place_and_costs_no_other_page(
    name, damage, samples, lay_out, source
):
    importer = load_importer(name)
    for file, content in samples[name].items():
        raw = content.encode() if isinstance(content, str) else content
        damaged = DAMAGE[damage](gzip.decompress(raw) if file.endswith(".gz") else raw)
        lay_out(samples[name] | {file: damaged})
        try:
            found = importer.find(source)
        except DataError as error:
            # The one file without which nothing is known of any page.
            assert str(error).startswith(str(source))  # noqa: PT017
            continue
        told = [place for place, _ in found.unread]
        read = 0
        for record in found.records:
            try:
                importer.read(record)
                read += 1
            except DataError as error:
                told.append(str(error))
        assert all(place.startswith(f"{source}/") for place in told)
        assert read >= 2 or file.endswith(("l", "json"))


def test_gzip_that_is_cut_off_or_changed_is_told(samples, lay_out, imported):
    raw = samples["wcxb"]["dev/html/0001.html.gz"]
    lay_out(
        samples["wcxb"]
        | {"dev/html/0001.html.gz": raw[:-9], "dev/html/0002.html.gz": raw[:60] + b"\1" + raw[61:]}
    )
    done = imported("wcxb")
    assert done.ids == ["test-0001"]
    assert [reason[:23] for _, reason in done.left_out] == [
        "cannot be unpacked (EOF",
        "cannot be unpacked (Bad",
    ]


def test_names_that_no_encoding_knows_are_told_all_the_same(samples, lay_out, source, imported):
    lay_out(samples["cleaneval"])
    for name, content in (
        (b"input/\xff.html", b"<p>It runs."),
        (b"input/d\xff.html", b"<p>It runs."),
        (b"GoldStandard/d\xff.txt", b"It runs."),
    ):
        (source / os.fsdecode(name)).write_bytes(content)
    done = imported("cleaneval")
    assert done.ids == ["a", "b", "c", "d"]
    assert done.left_out == [("input/.html", "page without gold, .txt is missing")]


def test_what_a_source_says_of_a_page_must_be_text(samples, lay_out, imported):
    rows = [json.loads(line) for line in samples["webmainbench"]["pages.jsonl"].splitlines()]
    rows[0]["url"] = ["http://a.example/"]
    rows[1]["meta"] = {"language": 7, "style": None}
    rows[2]["url"] = "http://b.example/\ud83d"
    lay_out({"pages.jsonl": "".join(f"{json.dumps(row)}\n" for row in rows)})
    done = imported("webmainbench")
    assert [labelled.page.url for labelled in done.pages] == ["http://b.example/"]
    assert done.left_out == [
        ("pages.jsonl:1", "its url is ['http://a.example/'], no text"),
        ("pages.jsonl:2", "its language is 7, no text"),
    ]
