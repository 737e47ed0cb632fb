import json

import pytest

from corpus import DataError
from labels.datasets.importers.webmainbench import scrub

PAGE = (
    '<html lang="en-US"><head><title>Ferry</title></head><body class="news" style="color: red">'
    '<div class="menu">Home</div><h1>The <b>ferry</b></h1><p class="lead">It runs again.</p>'
    "<p>Nobody<br>expected it.</p><img src=x></body></html>"
)
ANNOTATED = (
    '<html lang="en-US"><head>'
    '<style id="cc-extraStyle" name="cc">\n .mark-selected { outline: 2px }\n</style>'
    '<title data-anno-uid="anno-uid-1">Ferry</title></head>'
    '<body class="news" data-anno-uid="anno-uid-2" style="color: red">'
    '<div class="menu" data-anno-uid="anno-uid-3"><marked-text data-anno-uid="anno-uid-4">Home'
    '</marked-text></div><h1 class="mark-selected" data-anno-uid="anno-uid-5" style=""'
    ' cc-select="true">The <b cc-select="true" class="mark-selected">ferry</b></h1>'
    '<p cc-select="true" class="lead mark-selected" style="">It runs again.</p>'
    '<p class="" style="">Nobody<br><marked-tail class="mark-selected marked-tail"'
    ' cc-select="true" style="">expected it.</marked-tail></p><img class="cc-unloaded" src=x>'
    "</body></html>"
)
GOLD = "# The **ferry**\n\nIt runs again.\n\nNobody [expected](https://a.example/b) it."


def record(name="t-1", **changes):
    fields = {
        "html": ANNOTATED,
        "url": "https://www.news.example/1",
        "main_html": None,
        "convert_main_content": None,
        "groundtruth_content": GOLD,
        "meta": {"language": "sv", "style": "Article", "level": "mid"},
        "track_id": name,
    } | changes
    return {key: value for key, value in fields.items() if value is not ...}


def lines(*records):
    return "\n".join(json.dumps(row) if isinstance(row, dict) else row for row in records) + "\n"


def test_a_page_is_imported_with_all_that_is_known_of_it(lay_out, imported):
    lay_out({"data/pages.jsonl": lines(record())})
    done = imported("webmainbench")
    page = done.pages[0].page
    assert (page.id, page.url, page.site) == ("t-1", "https://www.news.example/1", "news.example")
    assert (page.language, page.page_type, page.split) == ("sv", "Article", None)
    assert (page.source, page.licence) == ("webmainbench", "Apache-2.0")
    assert done.lines() == [
        ("noise", "Home"),
        ("body", "The ferry"),
        ("body", "It runs again."),
        ("body", "Nobody"),
        ("body", "expected it."),
    ]
    assert done.pages[0].gold_text == GOLD


def test_the_raw_bytes_hold_no_trace_of_the_annotation(lay_out, imported):
    lay_out({"pages.jsonl": lines(record())})
    assert imported("webmainbench").pages[0].page.raw.decode() == PAGE


def test_what_is_not_of_the_annotation_tool_stays_as_it_is():
    html = (
        "<p CLASS='remark-selected'>a < b</p><p class=\"bookmark-selected unmarked-x cc-y\">c</p>"
        '<mark>d</mark><p title="data-anno-uid">e</p><script>if (a<b) x = "cc-select"</script>'
    )
    assert scrub(html) == html
    assert scrub(PAGE) == PAGE


@pytest.mark.parametrize(
    "html", ["<style " * 20_000, "<marked-a " * 20_000, '<p class="' + "mark " * 40_000]
)
def test_odd_html_is_cleaned_at_once(html):  # time that grew with its square would be minutes
    assert scrub(html) == html


def test_traces_go_however_they_are_written():
    html = '<P DATA-ANNO-UID="a-1"><Marked-Tail CC-SELECT>a</MARKED-TAIL ><marked-inline/>b</P>'
    assert scrub(html) == "<P>ab</P>"


def test_files_that_are_packed_are_told(lay_out, imported):
    lay_out({"a.jsonl": lines(record()), "b.jsonl.gz": b"", "c.zip": b"", ".d.jsonl": "x"})
    done = imported("webmainbench")
    assert done.ids == ["t-1"]
    reason = "is packed; unpack it to have it read"
    assert done.left_out == [("b.jsonl.gz", reason), ("c.zip", reason)]


def test_where_everything_is_packed_the_remedy_is_told(lay_out, imported):
    lay_out({"b.jsonl.gz": b""})
    with pytest.raises(DataError, match=r"source: no \*\.jsonl; unpack b\.jsonl\.gz"):
        imported("webmainbench")


def test_the_gold_that_the_makers_score_against_goes_first(lay_out, imported):
    lay_out(
        {
            "pages.jsonl": lines(
                record("both", convert_main_content="It runs again."),
                record("blank", convert_main_content=" \n"),
                record("none", convert_main_content="", groundtruth_content=...),
            )
        }
    )
    pages = imported("webmainbench").pages
    assert [labelled.gold_text for labelled in pages] == ["It runs again.", GOLD, ""]
    assert not pages[2].coverage.any()


def test_samples_without_meta_tell_their_language_themselves(lay_out, imported):
    lay_out(
        {"pages.jsonl": lines(record("a", meta=..., language="de"), record("b", meta=..., url=...))}
    )
    one, two = imported("webmainbench").pages
    assert (one.page.language, two.page.language) == ("de", "en")
    assert (two.page.url, two.page.site) == (None, "unknown-b")


def test_records_of_the_same_name_are_two_pages(lay_out, imported):
    lay_out({"a.jsonl": lines(record("t/1"), record("t 1")), "b.jsonl": lines(record("t/1"))})
    assert imported("webmainbench").ids == ["t-1", "t-1~2", "t-1~3"]


def test_what_cannot_be_read_is_left_out_and_counted(lay_out, imported):
    lay_out(
        {
            "pages.jsonl": lines(
                record("good"),
                '{"track_id": "broken", "html": ',
                "[]",
                "",
                record("no html", html=...),
                record("no gold", groundtruth_content=None),
                record("\\ud83d", html="\\ud83dSurrogate"),
                '{"html": "<p>It runs again.", "groundtruth_content": "It runs again."}',
            ).replace("\\\\ud83d", "\\ud83d")
        }
    )
    done = imported("webmainbench")
    assert done.ids == ["good", "page", "pages-8"]
    assert [place for place, _ in done.left_out] == [f"pages.jsonl:{line}" for line in (2, 3, 5, 6)]
    reasons = [reason for _, reason in done.left_out]
    assert reasons[0].startswith("no JSON object (JSONDecodeError")
    assert reasons[1] == "not an object; correct or remove the row"
    assert reasons[2] == "no record of WebMainBench (KeyError('html'))"
    assert reasons[3] == "no gold, neither convert_main_content nor groundtruth_content"


def test_another_layout_is_refused(lay_out, imported):
    lay_out({"pages.json": "[]"})
    with pytest.raises(DataError, match=r"source: no \*\.jsonl"):
        imported("webmainbench")


@pytest.mark.data("webmainbench")
def test_the_samples_are_as_they_were(data_folder, imported):
    done = imported("webmainbench", data_folder)
    assert (len(done.ids), done.left_out) == (6, [])
    assert [done.ids[row][:8] for row in (0, 3, -1)] == ["33e291cd", "3026972b", "33e291cd"]
    assert done.ids[-1] == f"{done.ids[0]}~2"
    for labelled in done.pages:
        assert not any(
            trace in labelled.page.raw
            for trace in (b"cc-select", b"anno-uid", b"mark-selected", b"<marked-", b'style=""')
        )
