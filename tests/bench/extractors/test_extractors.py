import importlib
import json
import socket
import subprocess
import sys
import warnings

import pytest

from bench.extractors import goose3, justext, newspaper4k
from bench.extractors.extractor import NotInstalledError, language_of
from bench.extractors.registry import third_party_modules
from bench.running.sandbox import run_extractor
from corpus import Page
from corpus.starter import starter_pages

NAMES = third_party_modules()
KEPT = (
    "The harbour museum opened its new wing on Saturday, and more than four hundred visitors came "
    "to see the old ships that were restored over the winter by a group of volunteers who had been "
    "at work in the sheds behind the station since the roof of the boat house gave way."
)
ALSO = (
    "Its director said that the work had taken three years, that it had cost less than was feared, "
    "and that most of the praise for it is due to the people of the town, who gave their time and "
    "who brought what they had kept in their own attics of the days when the yard was still open."
)
HTML = f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html lang="en"><head><title>New wing for the harbour museum</title>
<meta http-equiv="refresh" content="0; url=https://nowhere.example/elsewhere">
<link rel="canonical" href="https://nowhere.example/museum"></head>
<body><nav><a href="https://nowhere.example/">Home</a> <a href="/news">News</a></nav>
<article><h1>New wing for the harbour museum</h1><p>{KEPT}</p>
<img src="https://nowhere.example/ship.png" alt="A ship"><p>{ALSO}</p><p>{KEPT}</p></article>
<footer>Imprint</footer></body></html>"""

KOREAN = (
    "지난 토요일 항구 박물관이 새 전시관을 열었고 사백 명이 넘는 관람객이 겨울 동안 복원된 옛 배들을 보러 왔다. "
    "관장은 이 일에 삼 년이 걸렸고 비용은 생각보다 적었으며 그 공은 시간을 내어 준 마을 사람들에게 있다고 말했다. "
)


def page(html=HTML, **known):
    return Page("museum", html.encode(), "html", **known)


def extract(name, a_page):
    module = importlib.import_module(f"bench.extractors.{name}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return module.extract(a_page)


@pytest.fixture
def connections(monkeypatch):
    """The hosts that were looked up or connected to; none of them is reached."""
    tried = []

    def refuse(*arguments, **_):
        tried.append(arguments[0] if isinstance(arguments[0], str) else arguments[1])
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "gethostbyname", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


def test_modules_are_found():
    assert "trafilatura" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_body_sentence_is_kept_without_the_network(name, connections):
    text = extract(name, page(url="https://nowhere.example/museum", language="en"))
    assert KEPT in " ".join(text.split())
    assert connections == []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_of_which_nothing_is_known_is_read_too(name, connections):
    assert KEPT in " ".join(extract(name, page()).split())
    assert connections == []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_without_content_never_reaches_the_network(name, connections):
    try:
        text = extract(name, page("", url="https://nowhere.example/museum"))
    except Exception:  # noqa: BLE001 - a tool may refuse it; the runner counts that
        text = None
    assert not text
    assert connections == []


@pytest.mark.parametrize("name", NAMES)
def test_a_body_without_text_gives_none(name):
    assert not (extract(name, page("<html><body></body></html>")) or "").strip()


@pytest.mark.parametrize("name", NAMES)
def test_a_page_of_text_is_skipped_and_nothing_is_started(name):
    text_page = Page("museum", KEPT.encode(), "text")
    module = importlib.import_module(f"bench.extractors.{name}")
    rows = run_extractor(
        [text_page],
        spec="module:there.is.none",
        needs_html=module.NEEDS_HTML,
        jobs=1,
        timeout=1,
        memory_mb=100,
    )
    assert [row.status for row in rows] == ["skipped"]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_run_records_of_it_is_declared(name):
    module = importlib.import_module(f"bench.extractors.{name}")
    assert importlib.metadata.version(module.PACKAGE)
    assert module.NEEDS_HTML is True
    assert json.loads(json.dumps(module.OPTIONS)) == module.OPTIONS
    assert module.OPTIONS


def test_no_package_is_imported_before_its_first_call():
    code = (
        "import sys, importlib\n"
        f"for name in {NAMES!r}: importlib.import_module('bench.extractors.' + name)\n"
        "print([n for n in sys.modules if n.partition('.')[0] in {'trafilatura', 'resiliparse', "
        "'readability', 'justext', 'newspaper', 'goose3', 'boilerpy3', 'inscriptis', 'html_text', "
        "'bs4', 'lxml'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("language", "primary"),
    [("en", "en"), ("pt-BR", "pt"), ("zh_Hant_TW", "zh"), ("KO", "ko"), (None, "")],
)
def test_script_and_region_do_not_matter(language, primary):
    assert language_of(page(language=language)) == primary


def test_every_stop_list_of_justext_is_one_that_it_has():
    import justext as package

    assert set(justext.STOP_LISTS.values()) <= package.get_stoplists()


@pytest.mark.parametrize(
    ("language", "kept"), [("ko", True), ("ko-KR", True), ("en", False), ("ja", False)]
)
def test_justext_reads_korean_with_korean_stop_words_only(language, kept):
    html = f"<html><body><p>{KOREAN * 3}</p></body></html>"
    assert bool(extract("justext", page(html, language=language))) is kept


def test_goose_finds_korean_stop_words_inside_words():
    html = f"<html><body><div><p>{KOREAN * 3}</p><p>{KOREAN * 2}</p></div></body></html>"
    assert KOREAN.strip() in extract("goose3", page(html, language="ko"))
    assert "ko" in goose3.STOP_WORDS


@pytest.mark.parametrize(
    "language", sorted({page.language for page in starter_pages() if page.markup == "html"})
)
def test_newspaper_reads_every_language_of_the_starter_pages_without_data_of_nltk(
    language, connections, monkeypatch
):
    monkeypatch.setattr("nltk.data.path", [])
    pages = [page for page in starter_pages() if (page.language, page.markup) == (language, "html")]
    assert any(extract("newspaper4k", page) for page in pages)
    assert connections == []


def test_newspaper_splits_korean_at_the_ends_of_sentences():
    words = newspaper4k._korean_words("비가 왔다. 하류는 3.5도였다. (끝)")
    assert words == ["비가", "왔다", ".", "하류는", "3.5도였다", ".", "(", "끝", ")"]


def test_a_language_of_newspaper_whose_package_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "indicnlp", None)
    html = HTML.replace('lang="en"', 'lang="hi"')
    with pytest.raises(NotInstalledError, match=r"language needs a package: .*indic-nlp-library"):
        extract("newspaper4k", page(html, language="hi"))


def test_trafilatura_leaves_out_readers_comments():
    comment = "I was there on Saturday with both of my children, and we liked the old tug most."
    html = HTML.replace(
        "</article>", f'</article><section id="comments"><p>{comment}</p></section>'
    )
    text = extract("trafilatura", page(html))
    assert KEPT in text
    assert comment not in text


def test_resiliparse_leaves_out_alternative_texts():
    assert "A ship" not in extract("resiliparse", page())


def test_readability_gives_a_line_a_block():
    lines = extract("readability", page()).split("\n")
    assert lines.count(KEPT) == 2
    assert ALSO in lines
