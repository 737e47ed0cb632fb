import gzip
import json
import os
from fnmatch import fnmatch
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpus import DataError
from labels.datasets.importers._records import ImportedPage
from labels.datasets.importing import importers, load_importer, read_record, with_ids

IDS = {
    "cleaneval": ["a", "b", "c"],
    "cleanportaleval": ["bbc.co.uk_news_01", "tv.msnbc.com_news_02", "washingtonpost.com_blog_3"],
    "daniel": ["20111103_www.a.gr_1", "20111104_b.ru_2", "20111105_c.cn_3"],
    "dragnet": ["a", "b", "c"],
    "finerweb": ["a", "b", "c"],
    "l3s": ["a", "b", "c"],
    "magichtml": ["article-a", "article-b", "forum-c"],
    "pages": ["a", "b", "c"],
    "scrapinghub": ["a", "b", "c"],
    "trafilatura": ["a", "b", "c"],
    "turku": ["en-train-0000", "en-dev-0000", "en-test-0000"],
    "wceb": ["0" * 64, None, "f" * 64],
    "wcxb": ["dev-0001", "dev-0002", "test-0001"],
    "webmainbench": ["a", "b", "c"],
}
GOLD = {"finerweb": "lines", "turku": "lines", "trafilatura": "snippets"}
SNIPPETS = {"pages", "trafilatura", "wcxb"}
# Pages of one's own have a source and a licence each.
SOURCES = {"pages": "source"}
LICENCES = {"pages": "LicenseRef-unknown"}
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
        assert page.source.partition("/")[0] == SOURCES.get(name, name)
        assert page.licence == LICENCES.get(name, load_importer(name).LICENCE)
        assert labelled.gold == GOLD.get(name, "text")
        has_text = labelled.gold == "text"
        assert (labelled.coverage is not None) == (labelled.gold_text is not None) == has_text
        assert not has_text or len(labelled.coverage) == len(labelled.texts)
        assert bool(labelled.with_snippets and labelled.without_snippets) == (name in SNIPPETS)
    assert done.pages[0].page.site == SITES.get(
        name, done.pages[0].page.site if name == "turku" else "a.example"
    )


# What becomes of the three pages of a sample when one file is damaged: all are read, or all but one
# and its place is reported, or the folder is refused, as the file says what the pages are; or else
# how many are read, and which lines of the file are reported. Damage that another kind of file would
# show may be none here: any bytes of text are a page, a gold of no body, or a list of nothing known.
READ, LOST, REFUSED = (3, []), (2, ["{file}"]), "{file}"
LINES_1_TO_10 = [f"{{file}}:{number}" for number in range(1, 11)]
# A CR ends a line, too; what stands between LF and CR there is blank.
ODD_LINES = [f"{{file}}:{number}" for number in range(1, 20, 2)]
TEXT = dict.fromkeys(DAMAGE, READ) | {"binary": LOST}
PAGE = TEXT | {"nested without end": LOST}
ADDRESSES = TEXT | {"binary": REFUSED}
NAMES = ADDRESSES | {
    "one huge line": (3, ["{file} word"]),
    "nested without end": (3, ["{file} " + "<div>" * 50_000 + "{id}"]),
    "nested JSON": (3, ["{file} " + '{{"a":' * 50_000]),
    "another kind of JSON": (
        3,
        [
            f"{{file}} {word}"
            for word in [
                "[null,",
                "7,",
                '{{"text":',
                '"labels":',
                "{{}},",
                '"doc":',
                "1}}]",
                '{{"html":',
                "1}}",
                "7",
            ]
        ],
    ),
}
JSON = dict.fromkeys(DAMAGE, LOST) | {"in another encoding": READ}
INDEX = dict.fromkeys(DAMAGE, REFUSED) | {"in another encoding": READ}
JSON_LINES = {
    "cut off": (2, []),  # between two lines
    "empty": (0, []),
    "full of NULs": (0, LINES_1_TO_10[:1]),
    "with NULs between": (0, LINES_1_TO_10[:3]),
    "in another encoding": READ,
    "in broken UTF-8": (0, LINES_1_TO_10[:3]),
    "binary": (0, ODD_LINES),
    "one huge line": (3, LINES_1_TO_10[3:4]),
    "nested without end": (2, LINES_1_TO_10[:1]),
    "nested JSON": (0, LINES_1_TO_10[:1]),
    "another kind of JSON": (0, LINES_1_TO_10[:3]),
}
WCEB_LINES = {  # a page of which no gold is found is reported, too
    "cut off": (2, LINES_1_TO_10[:1]),
    "empty": (2, ["{page}"]),
    "full of NULs": (2, ["{page}", *LINES_1_TO_10[:1]]),
    "with NULs between": (2, LINES_1_TO_10[:1]),
    "in another encoding": READ,
    "in broken UTF-8": (2, ["{page}", *LINES_1_TO_10[:1]]),
    "binary": (2, ["{page}", *ODD_LINES]),
    "one huge line": (3, LINES_1_TO_10[1:2]),
    "nested without end": (2, LINES_1_TO_10[:1]),
    "nested JSON": (2, ["{page}", *LINES_1_TO_10[:1]]),
    "another kind of JSON": (2, ["{page}", *LINES_1_TO_10[:3]]),
}
METADATA = {  # pages without a row of it are read, too
    "cut off": READ,  # between two lines
    "empty": READ,
    "full of NULs": (3, LINES_1_TO_10[:1]),
    "with NULs between": (3, LINES_1_TO_10[:3]),
    "in another encoding": READ,
    "in broken UTF-8": (3, LINES_1_TO_10[:3]),
    "binary": (3, ODD_LINES),
    "one huge line": (3, LINES_1_TO_10[3:4]),
    "nested without end": (3, LINES_1_TO_10[:1]),
    "nested JSON": (3, LINES_1_TO_10[:1]),
    "another kind of JSON": (3, LINES_1_TO_10[:3]),
}
FILES = {
    "cleaneval": {"input/*": PAGE, "GoldStandard/*": TEXT},
    "cleanportaleval": {"input/*": PAGE, "GoldStandard/*": TEXT},
    "daniel": {"html/*": PAGE, "reference/*": TEXT, "doc_lg.json": INDEX},
    "dragnet": {"HTML/*": PAGE, "Corrected/*": TEXT, "t*.txt": NAMES},
    "finerweb": {"sample.jsonl": JSON_LINES},
    "l3s": {"original/*": PAGE, "annotated/*": PAGE, "url-mapping.txt": ADDRESSES},
    "magichtml": {"*/htmls/*": PAGE, "*/base.json": INDEX},
    "pages": {"html/*": PAGE, "gold/*": TEXT, "metadata.jsonl": METADATA},
    "scrapinghub": {"html/*": PAGE, "ground-truth.json": INDEX},
    "trafilatura": {"eval/*": PAGE, "evaldata.json": INDEX},
    "turku": {"en/*": JSON},
    "wceb": {"ground-truth/*": WCEB_LINES, "html/*": PAGE},
    "wcxb": {
        "*/html/*": PAGE,
        "*/ground-truth/*": JSON,
        "metadata.json": INDEX | {"with NULs between": READ},  # there is no r in it
    },
    "webmainbench": {"pages.jsonl": JSON_LINES},
}


def after_damage(name, source):
    """How many pages are read, and what is reported; or why nothing is."""
    importer = load_importer(name)
    try:
        found = importer.find(source)
    except DataError as error:
        return str(error).partition(": ")[0].removeprefix(f"{source}/")
    outcomes = [read_record(importer, name, record) for record in with_ids(found.records)]
    unread = [*found.unread, *(outcome for outcome in outcomes if isinstance(outcome, tuple))]
    pages = sum(isinstance(outcome, ImportedPage) for outcome in outcomes)
    return pages, [place.removeprefix(f"{source}/") for place, _ in unread]


def expected(outcome, file, sample):
    page = next((other for other in sample if f"html/{Path(file).stem}/" in other), "")
    names = {
        "file": file,
        "page": page,
        "id": sample[file].strip() if file.endswith(".txt") else "",
    }
    if isinstance(outcome, str):
        return outcome.format(**names)
    pages, places = outcome
    return pages, [place.format(**names) for place in places]


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", importers())
def test_a_damaged_file_is_reported_with_its_place_and_costs_no_other_page(
    name, damage, samples, lay_out, source
):
    for file, content in samples[name].items():
        (kind,) = [kind for path, kind in FILES[name].items() if fnmatch(file, path)]
        raw = content.encode() if isinstance(content, str) else content
        if file.endswith(".gz"):
            damaged = gzip.compress(DAMAGE[damage](gzip.decompress(raw)))
        else:
            damaged = DAMAGE[damage](raw)
        lay_out(samples[name] | {file: damaged})
        assert after_damage(name, source) == expected(kind[damage], file, samples[name]), file


def test_gzip_that_is_cut_off_or_changed_is_reported(samples, lay_out, imported):
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


def test_names_that_no_encoding_knows_are_reported_all_the_same(samples, lay_out, source, imported):
    lay_out(samples["cleaneval"])
    for name, content in (
        (b"input/\xff.html", b"<p>It runs."),
        (b"input/d\xff.html", b"<p>It runs."),
        (b"GoldStandard/d\xff.txt", b"It runs."),
    ):
        (source / os.fsdecode(name)).write_bytes(content)
    done = imported("cleaneval")
    assert done.ids == ["a", "b", "c", "d"]
    assert done.left_out == [("input/\\udcff.html", "page without gold, \\udcff.txt is missing")]


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


@pytest.mark.parametrize("url", ["http://a.example/\x1b[2J", "http://a.example/\nb", "\x9b"])
def test_what_a_source_says_of_a_page_can_be_shown(samples, lay_out, imported, url):
    rows = [json.loads(line) for line in samples["webmainbench"]["pages.jsonl"].splitlines()]
    rows[0]["url"] = url
    rows[1]["url"] = " http://b.example/\n"
    lay_out({"pages.jsonl": "".join(f"{json.dumps(row)}\n" for row in rows)})
    done = imported("webmainbench")
    assert done.pages[0].page.url == "http://b.example/"
    assert done.left_out == [
        ("pages.jsonl:1", f"its url is {url!r}; leave out what cannot be shown")
    ]
