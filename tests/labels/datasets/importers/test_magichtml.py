import json

import pytest

from corpus import DataError

HTML = "<html lang=zh><nav>首页</nav><p>渡轮星期一恢复航行。</p><p>谁也没想到。</p></html>"
GOLD = {"url": "https://news.harbour.example/1", "content": "渡轮星期一恢复航行。\n谁也没想到。"}


def test_the_folder_is_the_page_s_type_and_begins_its_id(lay_out, imported):
    lay_out(
        {
            "article/base.json": json.dumps({"00a": GOLD}),
            "article/htmls/00a.html": HTML,
            "article/scores/ori.json": "{}",
            "forum/base.json": json.dumps({"00a": GOLD | {"url": None}}),
            "forum/htmls/00a.html": HTML,
        }
    )
    done = imported("magichtml")
    assert done.ids == ["article-00a", "forum-00a"]
    pages = [labelled.page for labelled in done.pages]
    assert [(page.page_type, page.site, page.language) for page in pages] == [
        ("article", "harbour.example", "zh"),
        ("forum", "unknown-forum-00a", "zh"),
    ]
    assert [label for label, _ in done.lines()] == ["noise", "body", "body"]
    assert done.pages[0].gold_text == GOLD["content"]


def test_one_folder_is_enough(lay_out, imported):
    lay_out({"forum/base.json": json.dumps({"a": GOLD}), "forum/htmls/a.html": HTML})
    assert imported("magichtml").ids == ["forum-a"]


def test_what_cannot_be_read_is_left_out_and_counted(lay_out, imported):
    golds = {"a": GOLD, "b": GOLD, "c": {"url": "x"}, "d": GOLD | {"content": None}, "e": []}
    lay_out(
        {"article/base.json": json.dumps(golds)}
        | {f"article/htmls/{name}.html": HTML for name in "acdef"}
        | {"article/htmls/readme.md": ""}
    )
    done = imported("magichtml")
    assert done.ids == ["article-a"]
    assert [place for place, _ in done.left_out] == [
        "article/htmls/readme.md",
        "article/base.json b",
        "article/htmls/f.html",
        "article/base.json c",
        "article/base.json d",
        "article/base.json e",
    ]
    reasons = [reason for _, reason in done.left_out]
    assert reasons[1] == "gold without a page, htmls/b.html is missing"
    assert reasons[2] == "page without gold, none in base.json"
    assert reasons[3] == "no gold (KeyError('content'))"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"article/htmls/a.html": HTML}, "source: no base.json with htmls/"),
        ({"forum/base.json": "[]"}, r"base\.json: no table of golds by id"),
        ({"forum/base.json": "[" * 99_999}, r"base\.json: no JSON .*nested without end"),
    ],
)
def test_another_layout_is_refused(lay_out, imported, files, reason):
    lay_out(files)
    with pytest.raises(DataError, match=reason):
        imported("magichtml")
