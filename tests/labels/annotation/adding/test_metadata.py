import json
import subprocess
import sys

import pytest

from corpus import split
from corpus.starter import PAGES, starter_pages
from labels.annotation.adding.metadata import PAGE_TYPES, guess_metadata

TEXTS = {
    "ko": "강가의 오래된 방앗간이 일요일에 다시 문을 열었다. 수리에는 네 해가 걸렸다.",
    "ja": "川のほとりの古い水車小屋が、日曜日にふたたび開いた。修理には四年かかった。",
    "zh": "河边的老磨坊星期天重新开放。修缮用了四年，花费超出村里人的预料。",
    "el": "Ο παλιός μύλος δίπλα στο ποτάμι άνοιξε ξανά την Κυριακή.",
    "he": "הטחנה הישנה ליד הנהר נפתחה מחדש ביום ראשון אחרי ארבע שנים.",
    "th": "โรงสีเก่าริมแม่น้ำเปิดอีกครั้งในวันอาทิตย์หลังการซ่อมแซมสี่ปี",
    "ru": "Старая мельница у реки снова открылась в воскресенье после четырёх лет ремонта.",
    "ar": "افتتحت الطاحونة القديمة على ضفة النهر من جديد يوم الأحد بعد أربع سنوات من الترميم.",
    "de": "Die alte Mühle am Fluss wurde am Sonntag nach vier Jahren Umbau wieder eröffnet.",
    "fr": "Le vieux moulin au bord de la rivière a rouvert dimanche après quatre ans de travaux.",
    "vi": "Cối xay cũ bên sông đã mở cửa trở lại vào Chủ nhật sau bốn năm sửa chữa.",
}


def of(content, markup="html", url=None):
    return guess_metadata(content, split(content, markup), url)


@pytest.mark.parametrize("language", TEXTS)
def test_the_text_decides_the_language(language):
    assert of(TEXTS[language], "text").language == language


def test_a_declaration_that_the_text_contradicts_is_not_believed():
    assert of(f'<html lang="en-US"><p>{TEXTS["ko"]}</p>').language == "ko"
    assert of(f'<html lang="en"><p>{TEXTS["de"]}</p>').language == "de"


def test_a_declaration_chooses_among_what_is_likely():
    text = "Den gamle mølle ved åen blev åbnet igen i søndags."
    assert of(f'<html lang="da"><p>{text}</p>').language == "da"
    assert of(f'<html lang="nb"><p>{text}</p>').language in {"nb", "da"}


def test_menus_do_not_outweigh_the_text():
    menu = "".join(f"<li><a href='/{n}'>Read more about category number {n}</a>" for n in range(40))
    assert of(f"<ul>{menu}</ul><p>{TEXTS['fr']}</p>").language == "fr"


def test_without_text_the_declaration_stands_or_nothing():
    assert of('<html lang="fi"><p>12 : 34</p>').language == "fi"
    assert of("<p>12 : 34</p>").language is None
    assert of('<html lang="xx-invalid-"><p></p>').language == "xx"
    assert of('<html lang="*"><p></p>').language is None


def data(kind):
    return f'<script type="application/ld+json">{json.dumps({"@type": kind})}</script>'


@pytest.mark.parametrize(
    ("html", "url", "page_type"),
    [
        (data("DiscussionForumPosting"), None, "forum"),
        (data("NewsArticle"), "https://mill.example/forum/1", "article"),
        (data("TechArticle"), None, "documentation"),
        (data("Product") + data("Offer"), None, "product"),
        (data("Product"), None, "article"),
        (data("Product") + data("Offer") + data("ItemList"), None, "article"),
        (data("CollectionPage"), None, "listing"),
        ('<meta property="og:type" content="product">', None, "product"),
        ("", "https://mill.example/viewtopic.php?t=1", "forum"),
        ("", "https://forum.mill.example/1", "forum"),
        ("", "https://docs.mill.example/1", "documentation"),
        ("", "https://docs.example/1", "article"),
        ("", "https://mill.example/collections/flour", "collection"),
        ("", "https://mill.example/collections/flour/products/rye", "product"),
        ("", "https://mill.example/services/", "service"),
        ("", "https://mill.example/", "service"),
        ('<meta property="og:type" content="article">', "https://mill.example/", "article"),
        ("", "https://mill.example/opened", "article"),
        ("", None, "article"),
    ],
)
def test_what_a_page_declares_and_its_url_decide_the_type(html, url, page_type):
    assert of(f"<head>{html}</head><body><p>The mill was opened again.</p>", url=url).page_type == (
        page_type
    )
    assert page_type in PAGE_TYPES


def test_a_page_of_links_is_a_listing_and_one_with_prices_a_collection():
    links = "".join(f"<li><a href='/{n}'>Mill number {n}</a></li>" for n in range(8))
    prices = "".join(f"<li><a href='/{n}'>Flour {n}</a> €{n}.50</li>" for n in range(8))
    assert of(f"<ul>{links}</ul>").page_type == "listing"
    assert of(f"<ul>{prices}</ul>").page_type == "collection"
    assert of("The mill\nwas opened\n", "text").page_type == "article"


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>The mill - News</title><h1>News</h1><h1>The mill</h1>", "The mill"),
        ("<title>Ferry News</title><h2>Menu</h2><h1>The mill</h1>", "The mill"),
        ("<title>The mill | News</title><h1>News</h1><h2>The mill</h2>", "The mill"),
        ("<title>The mill | News</title><h2>Menu</h2><h2>The mill</h2>", "The mill"),
        ("<title>The mill | News</title><h2>Menu</h2>", "The mill | News"),
        ("<title> The  mill </title><p>text", "The mill"),
        ("<p>text", None),
    ],
)
def test_the_heading_that_the_title_holds_is_the_headline(html, title):
    assert of(html).title == title


def test_the_first_line_of_some_length_is_the_headline_of_plain_text():
    assert of("Menu\nLog in\nThe mill is open again\nText.\n", "text").title == (
        "The mill is open again"
    )
    assert of("Menu\n", "text").title is None


def test_the_page_declares_its_address():
    assert of('<link rel="canonical" href="https://mill.example/a"><p>x').url == (
        "https://mill.example/a"
    )
    assert of('<meta property="og:url" content="http://mill.example/b"><p>x').url == (
        "http://mill.example/b"
    )
    assert of('<link rel="canonical" href="/a"><p>x').url is None
    assert of("x", "text").url is None


def test_the_languages_of_the_starter_corpus_are_guessed():
    rows = [json.loads(row) for row in (PAGES / "pages.jsonl").read_text("utf-8").splitlines()]
    known = {row["id"]: row["language"] for row in rows}
    wrong = {
        page.id: language
        for page in starter_pages()
        if (language := guess_metadata(page.content(), page.lines()).language) != known[page.id]
    }
    assert len(wrong) <= len(known) / 20, wrong


def test_nothing_that_takes_long_to_load_is_loaded_with_the_package():
    code = (
        "import sys, labels.annotation.adding; "
        "print([m for m in ('py3langid', 'protego', 'certifi', 'httpcore') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
