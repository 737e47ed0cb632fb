import hashlib
import json
import signal
import subprocess
import sys
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from bench.cli import main
from corpus.acquire import Capture, addresses
from corpus.files import LOCK, locked
from corpus.starter import read_pages
from labels import codes, write_labels
from labels.annotation.adding import PageAdder, PageAttributes, Refusal
from labels.folder import Folders

PLACES = [
    "mill", "bridge", "inn", "ferry", "school", "tower", "market", "chapel", "station", "harbour",
    "brewery", "quarry",
]  # fmt: skip


def text_of(place):
    return (
        f"The old {place} by the river was opened again on Sunday, after four years of repairs "
        f"that cost the village more than anyone who had voted for the {place} ever expected. "
        f"Visitors may now see how the {place} was used until 1961, when its last keeper retired."
    )


def html_of(place):
    return (
        f'<!doctype html><html lang="en"><title>The {place} is open | Ferry News</title>'
        f'<link rel="canonical" href="https://www.ferry.example/news/{place}">'
        f"<nav><a href='/'>Home</a> <a href='/news'>News</a></nav>"
        f"<h1>The {place} is open</h1><p>{text_of(place)}</p>"
    )


KOREAN = "강가의 오래된 방앗간이 일요일에 다시 문을 열었다. 수리에는 네 해가 걸렸다.\n" * 2


@pytest.fixture
def own(tmp_path):
    """The folders of an empty corpus."""
    folder = tmp_path / "own"
    folder.mkdir()
    return Folders.under(folder)


@pytest.fixture
def source(tmp_path):
    """Writes a file to be added."""

    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def add(own):
    def run(*arguments, **options):
        folder = str(own.pages.parent)
        arguments = ["page", "add", "--corpus", folder, *map(str, arguments)]
        return CliRunner().invoke(main, arguments, **options)

    return run


def rows(own):
    if not own.index.exists():
        return []
    return [json.loads(row) for row in own.index.read_text(encoding="utf-8").splitlines()]


def names(own):
    if not own.pages.exists():
        return []
    return sorted(path.name for path in own.pages.iterdir() if path.name != LOCK)


def only(done):
    """The one object that was printed as JSON."""
    (found,) = json.loads(done.stdout)
    return found


# What is added


def test_a_page_is_added_with_its_bytes_and_a_row(add, own, source):
    raw = html_of("mill").replace("\n", "\r\n").encode("utf-16")
    done = add(source("mill.html", raw), "--notes", "UTF-16", "--licence", "CC0-1.0")
    assert done.exit_code == 0, done.output
    assert names(own) == ["en-0001.html", "pages.jsonl"]
    assert (own.pages / "en-0001.html").read_bytes() == raw
    assert rows(own) == [
        {
            "id": "en-0001",
            "markup": "html",
            "sha256": hashlib.sha256(raw).hexdigest(),
            "url": "https://www.ferry.example/news/mill",
            "site": "ferry.example",
            "language": "en",
            "page_type": "article",
            "title": "The mill is open",
            "licence": "CC0-1.0",
            "notes": "UTF-16",
        }
    ]
    assert list(rows(own)[0])[:3] == ["id", "markup", "sha256"]


def test_the_summary_shows_what_was_proposed_and_what_is_next(add, own, source):
    done = add(source("mill.html", html_of("mill")), "--page-type", "service")
    printed = done.stdout.splitlines()
    assert printed[0].startswith("en-0001: html, 3 lines, ")
    assert "  language   en (proposed)" in printed
    assert "  page type  service" in printed
    assert "  title      The mill is open (proposed)" in printed
    assert "  note       its licence is unknown; give it with --licence" in printed
    assert printed[-1] == f"next: bench label edit en-0001 --corpus {own.pages.parent}"
    assert rows(own)[0]["licence"] == "unknown"


def test_all_that_is_proposed_has_an_option(add, own, source):
    stated = {
        "id": "mill", "language": "fr", "site": "inn.example", "page-type": "forum",
        "split": "train", "title": "Moulin", "url": "https://inn.example/1", "notes": "Two words.",
        "licence": "CC-BY-4.0",
    }  # fmt: skip
    options = [word for name, value in stated.items() for word in (f"--{name}", value)]
    found = only(add(source("mill.html", html_of("mill")), *options, "--format", "json"))
    assert found["proposed"] == []
    assert {
        name.replace("-", "_"): value for name, value in stated.items()
    }.items() <= found.items()
    (row,) = rows(own)
    assert {name.replace("-", "_"): value for name, value in stated.items()}.items() <= row.items()


def test_json_has_the_documented_keys(add, source):
    mill = source("mill.html", html_of("mill"))
    done = add(mill, source("short.txt", "Menu"), "--format", "json")
    added, refused = json.loads(done.stdout)
    assert list(added) == [
        "source", "refused", "id", "markup", "sha256", "url", "site", "language", "page_type",
        "split", "title", "licence", "notes", "bytes", "lines", "chars", "proposed", "remarks",
    ]  # fmt: skip
    assert (added["source"], added["refused"], added["split"]) == (str(mill), None, None)
    assert added["proposed"] == ["id", "language", "site", "page_type", "title", "url"]
    assert list(refused) == ["source", "refused"]
    assert done.exit_code == 1


def test_text_comes_from_standard_input(add, own):
    done = add("-", "--url", "https://news.mill.example/1", input=KOREAN)
    assert done.exit_code == 0, done.output
    assert (own.pages / "ko-0001.txt").read_bytes() == KOREAN.encode()
    (row,) = rows(own)
    assert (row["language"], row["site"], row["markup"]) == ("ko", "mill.example", "text")


@pytest.mark.parametrize("encoding", ["euc-kr", "utf-16", "utf-8-sig"])
def test_korean_in_encodings_of_old_is_korean(add, own, source, encoding):
    html = f"<!doctype html><meta charset={encoding}><p>{KOREAN}</p>".encode(encoding)
    assert only(add(source("a.html", html), "--format", "json"))["id"] == "ko-0001"
    assert next(own.read()).raw == html


def test_ids_go_on_after_the_highest_number_with_a_page_or_labels(add, own, source):
    add(source("a.html", html_of("mill")), "--id", "en-0007")
    add(source("b.txt", KOREAN))
    (own.gold / "drafts" / "ada").mkdir(parents=True)
    (own.gold / "drafts" / "ada" / "en-0011.tsv").write_text("# splitter 1\n")
    assert only(add(source("c.html", html_of("inn")), "--format", "json"))["id"] == "en-0012"
    assert [row["id"] for row in rows(own)] == ["en-0007", "en-0012", "ko-0001"]


def test_rows_stay_sorted_and_as_they_were(add, own, source):
    add(source("a.html", html_of("mill")), "--id", "m-1")
    row = own.index.read_text(encoding="utf-8").replace(": ", ":")
    own.index.write_text(row, encoding="utf-8")
    add(source("b.html", html_of("inn")), "--id", "a-1")
    add(source("c.html", html_of("ferry")), "--id", "z-1")
    lines = own.index.read_text(encoding="utf-8").splitlines(keepends=True)
    assert [json.loads(line)["id"] for line in lines] == ["a-1", "m-1", "z-1"]
    assert lines[1] == row


def test_a_page_goes_to_the_split_of_its_site_and_a_leak_is_reported(add, source):
    add(source("a.html", html_of("mill")), "--split", "train")
    second = only(add(source("b.html", html_of("inn")), "--format", "json"))
    assert second["split"] == "train"
    third = only(add(source("c.html", html_of("ferry")), "--split", "test", "--format", "json"))
    assert "ferry.example has pages in the split train, too: a leak" in third["remarks"]


def test_a_dry_run_reports_the_same_and_writes_nothing(add, own, source):
    pages = [source(f"{place}.html", html_of(place)) for place in ("mill", "inn")]
    tried = add(*pages, pages[0], "--dry-run", "--format", "json")
    assert not own.pages.exists()
    first, second, third = json.loads(tried.stdout)
    assert (first["id"], second["id"]) == ("en-0001", "en-0002")
    assert third["refused"] == "the same page as en-0001, byte for byte"
    assert json.loads(add(*pages, pages[0], "--format", "json").stdout) == [first, second, third]
    assert "en-0003 would be added: html" in add(
        source("tower.html", html_of("tower")), "--dry-run"
    ).stdout  # fmt: skip


def test_the_licence_of_the_corpus_is_not_repeated_in_rows(own, source):
    licensed = Folders(own.name, own.pages, own.gold, "CC0-1.0")
    adding = PageAdder(licensed, PageAttributes(licence="CC0-1.0"))
    list(adding.add_all([str(source("a.html", html_of("mill")))], None))
    list(PageAdder(licensed).add_all([str(source("b.html", html_of("inn")))], None))
    assert [row.get("licence") for row in rows(own)] == [None, "unknown"]
    assert [page.licence for page in licensed.read()] == ["CC0-1.0", "unknown"]


# What is refused


def refused(done, own):
    """The one sentence of a refusal; nothing was written."""
    assert done.exit_code == 1, done.output
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    assert rows(own) == []
    assert not [name for name in names(own) if name != "pages.jsonl"]
    return done.stderr


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7 and so on", "neither HTML nor text but a PDF file"),
        (b"x " * 1_000_001, "over 2,000,000 bytes"),
        ("<!doctype html><script>render()</script><noscript>Enable scripts.</noscript>",
         "nothing to read in it: fewer than 30 words in all its lines"),
        ("", "nothing to read in it"),
        ("12 : 34 - " * 30, "its language cannot be detected; give it with --language"),
    ],
)  # fmt: skip
def test_what_is_no_page_is_refused_with_the_reason(add, own, source, content, reason):
    path = source("page", content)
    assert f"{path}: {reason}" in refused(add(path), own)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--id", "../en-0001"], "page id '../en-0001' is not safe as a file's name"),
        (["--id", ".hidden"], "not safe as a file's name"),
        (["--language", "Korean"], "'Korean' is not the code of a language"),
        (["--page-type", "artikel"], "unknown page type 'artikel'; use one of article, "),
        (["--url", "file:///etc/passwd"], "only http and https"),
        (["--filter", "mill"], "neither an archive nor a folder"),
    ],
)
def test_wrong_options_are_refused_with_the_remedy(add, own, source, options, reason):
    assert reason in refused(add(source("mill.html", html_of("mill")), *options), own)


def test_options_of_one_page_and_two_pages_are_wrong_usage(add, source):
    two = source("a.html", html_of("mill")), source("b.html", html_of("inn"))
    for option in ("--id", "--url", "--title"):
        assert add(*two, option, "x").exit_code == 2
    assert add("-", "-").exit_code == 2
    assert add().exit_code == 2


def test_an_id_that_is_taken_is_refused(add, own, source):
    add(source("a.html", html_of("mill")), "--id", "mill-1")
    own.gold.mkdir()
    (own.gold / "inn-1.tsv").write_text("# splitter 1\n")
    inn = source("b.html", html_of("inn"))
    assert "the id Mill-1 is taken" in add(inn, "--id", "Mill-1").stderr
    assert "there are labels for the id inn-1" in add(inn, "--id", "inn-1").stderr
    assert len(rows(own)) == 1


def test_the_same_page_is_refused_and_named(add, own, source):
    add(source("a.html", html_of("mill")))
    done = add(source("copy.html", html_of("mill")), "--id", "other")
    assert "copy.html: the same page as en-0001, byte for byte" in done.stderr
    assert len(rows(own)) == 1


def test_nearly_the_same_page_is_refused_and_named(add, own, source):
    add(source("a.html", html_of("inn")))
    add(source("b.html", html_of("mill")))
    done = add(source("c.html", html_of("mill").replace("Home", "Start")))
    assert "c.html: nearly the same page as en-0002: " in done.stderr
    assert " % of the runs of 5 words are the same" in done.stderr
    assert len(rows(own)) == 2


def boxed(body, *boxes):
    return "<!doctype html>" + "".join(f"<p>{text}</p>" for text in (*boxes, body))


def test_a_body_that_is_there_is_found_among_other_boxes(add, own, source):
    """The page as a whole is little like the one that is there; its body is that one's."""
    first = boxed(text_of("mill"), *map(text_of, ("inn", "ferry", "tower")))
    other = boxed(text_of("mill"), *map(text_of, ("school", "market", "chapel")))
    add(source("a.html", first))
    assert add(source("b.html", other), "--dry-run").exit_code == 0
    (page,) = own.read()
    labels = codes(["recommendation"] * 3 + ["body"])
    write_labels(own.gold_of(page.id), page.lines().texts, labels)
    done = add(source("b.html", other))
    assert "nearly the same page as en-0001: 100 % of that body's runs of 5 words" in done.stderr


def test_pages_that_share_boxes_alone_are_not_the_same(add, own, source):
    boxes = list(map(text_of, PLACES[2:]))
    first = boxed(text_of("mill"), *boxes)
    add(source("a.html", first))
    (page,) = own.read()
    labels = codes(["recommendation"] * len(boxes) + ["body"])
    write_labels(own.gold_of(page.id), page.lines().texts, labels)
    assert add(source("b.html", boxed(text_of("bridge"), *boxes))).exit_code == 0


def test_of_several_sources_the_good_ones_are_added_and_the_bad_ones_reported(add, own, source):
    good = [source(f"{place}.html", html_of(place)) for place in ("mill", "inn")]
    done = add(good[0], source("bad.pdf", b"%PDF-1.7"), "missing.html", good[1], good[0])
    assert done.exit_code == 1
    assert [row["id"] for row in rows(own)] == ["en-0001", "en-0002"]
    first, second, third = done.stderr.splitlines()
    assert "bad.pdf: neither HTML nor text" in first
    assert "missing.html: cannot be read (No such file or directory)" in second
    assert "mill.html: the same page as en-0001" in third


def test_a_damaged_index_is_refused_and_left_unchanged(add, own, source):
    own.pages.mkdir()
    own.index.write_text("{broken\n")
    done = add(source("a.html", html_of("mill")))
    assert done.exit_code == 1
    assert "pages.jsonl:1: not JSON" in done.stderr
    assert names(own) == ["pages.jsonl"]
    assert own.index.read_text() == "{broken\n"


def test_a_corpus_that_cannot_be_written_to_is_one_sentence(add, own, source):
    own.pages.write_text("a file")
    done = add(source("a.html", html_of("mill")))
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1


# Archives and the web


def record(url, body):
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body.encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def test_pages_come_out_of_an_archive(add, own, source):
    records = [record(f"https://www.ferry.example/{place}", html_of(place)) for place in PLACES[:3]]
    archive = source("all.warc", b"".join(records))
    done = add(archive, "--filter", "*/[mb]*")
    assert f"{archive}: no page among its records (of other URLs: 3)" in done.stderr
    done = add(archive, "--filter", "/mill")
    assert (done.exit_code, done.stderr) == (0, "left out, of other URLs: 2\n")
    assert rows(own)[0]["url"] == "https://www.ferry.example/mill"
    done = add(archive)
    assert f"{archive}: https://www.ferry.example/mill: the same page as en-0001" in done.stderr
    assert len(rows(own)) == 3


def test_what_stands_before_the_damage_of_an_archive_is_added(add, own, source):
    mill = record("https://www.ferry.example/mill", html_of("mill"))
    done = add(source("cut.warc", mill + mill[:200]))
    assert done.exit_code == 1
    assert f"at or after byte {len(mill):,} (read before that: 1 record, 1 page)" in done.stderr
    assert len(rows(own)) == 1


def test_a_folder_comes_in_with_ids_of_its_names_and_the_rest_is_counted(add, own, tmp_path):
    folder = tmp_path / "saved"
    (folder / "b").mkdir(parents=True)
    (folder / "old mill.html").write_text(html_of("mill"))
    (folder / "b" / "old mill.html").write_text(html_of("inn"))
    (folder / "방앗간.txt").write_text(KOREAN, encoding="utf-8")
    (folder / "short.html").write_text("<!doctype html><p>Menu")
    (folder / "style.css").write_text("p {}")
    done = add(folder)
    assert done.exit_code == 1
    assert [row["id"] for row in rows(own)] == ["b-old-mill", "old-mill", "방앗간"]
    assert done.stderr.splitlines() == [
        f"Error: {folder}: short.html: nothing to read in it: fewer than 30 words in all its lines",
        "left out, files that are no pages: 1",
    ]
    (folder / "short.html").unlink()
    again = add(folder)
    assert again.stderr.count("the same page as") == 3
    assert len(rows(own)) == 3


def test_ids_from_names_are_safe_and_never_taken_twice(add, own, tmp_path):
    names = [
        "../../mill.html", "a/con:mill.html", "-.html", "\u202egnp.\x1b[2J.html", "방" * 150 + ".html",
        "x/Mill.html",
    ]  # fmt: skip
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name, place in zip(names, PLACES, strict=False):
            archive.writestr(name, html_of(place))
    done = add(tmp_path / "x.zip", "--format", "json")
    assert done.exit_code == 0, done.stderr
    ids = [found["id"] for found in json.loads(done.stdout)]
    assert ids == ["mill", "con-mill", "page", "gnp.-[2J", "방" * 66, "x-Mill"]
    assert len(is_whole(own)) == 6
    changed = tmp_path / "y.zip"
    with zipfile.ZipFile(changed, "w") as archive:
        archive.writestr("mill.html", html_of("quarry"))
    assert only(add(changed, "--format", "json"))["id"] == "mill~2"


def test_options_of_one_page_take_the_first_of_an_archive_alone(add, own, source):
    records = [record(f"https://www.ferry.example/{place}", html_of(place)) for place in PLACES[:3]]
    archive = source("all.warc", b"".join(records))
    done = add(archive, "--id", "one")
    assert done.exit_code == 1
    assert done.stderr == f"Error: {archive}: --id is of one page, and it holds more\n"
    assert [row["id"] for row in rows(own)] == ["one"]


def test_control_characters_reach_neither_the_terminal_nor_the_corpus(add, own, source):
    html = html_of("mill").replace(
        "The mill is open", "The \x1b]0;owned\x07mill&#x9b;31m is\x9d open"
    )
    html = html.replace(
        "https://www.ferry.example/news/mill", "https://www.ferry.example/\x1b[2J\x9b1m"
    )
    done = add(source("a.html", html))
    assert done.exit_code == 0, done.stderr
    (row,) = rows(own)
    printed = done.stdout + done.stderr + "".join(map(str, row.values()))
    assert not [char for char in printed if char in "\x07\x1b\x9b\x9d"]
    assert row["url"] == "https://www.ferry.example/%1B[2J%C2%9B1m"
    for name, value in (
        ("title", "x\x1b[2J"),
        ("notes", "a\x9bb"),
        ("site", "x\u202ey"),
        ("split", "a\nb"),
    ):
        done = add(source("b.html", html_of("inn")), f"--{name}", value)
        assert done.exit_code == 1
        assert done.stderr.endswith("holds control characters; leave them out\n")
        assert done.stderr.startswith(f"Error: --{name} ")
    archive = record("https://mill.example/\x1b]0;x\x07\x9b", "<p>Menu</p>")
    done = add(source("a.warc", archive), "--format", "json")
    assert r"\x1b]0;x\x07\x9b: nothing to read in it" in done.stderr
    assert json.loads(done.stdout)[0]["source"].endswith(r"\x1b]0;x\x07\x9b")


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path == "/mill"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        if found:
            self.wfile.write(html_of("mill").replace("canonical", "other").encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    running = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    thread.join()
    running.server_close()


def test_a_url_is_added_and_other_answers_are_reported(site, own, monkeypatch):
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")
    adding = PageAdder(own, PageAttributes(site="ferry.example"))
    added, missing = adding.add_all([f"{site}/mill", f"{site}/inn"], None)
    assert added.page.url == f"{site}/mill"
    assert (own.pages / "en-0001.html").read_bytes() == added.page.raw
    assert isinstance(missing, Refusal)
    assert str(missing) == f"{site}/inn: answered 404 Not Found"


def test_the_command_asks_no_machine_inside(add, own, site):
    assert "127.0.0.1, which is not of the public internet" in refused(add(f"{site}/mill"), own)


# Two at once, and killed ones


def process(*arguments, **options):
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, **options,
    )  # fmt: skip


def is_whole(own):
    """Every row has its page, with the bytes it had; pages are given."""
    return list(read_pages(own.pages, source="own")) if own.index.exists() else []


def test_two_that_add_at_once_lose_no_row(own, source, tmp_path):
    paths = [source(f"{place}.html", html_of(place)) for place in PLACES]
    code = (
        "import sys, time; from pathlib import Path; from bench.cli import main\n"
        "from labels.annotation.adding import page_store\n"
        "write = page_store.write_atomically\n"
        "page_store.write_atomically = lambda *arguments: time.sleep(0.01) or write(*arguments)\n"
        "Path(sys.argv[1]).touch()\n"
        "while len(list(Path(sys.argv[1]).parent.glob('ready-*'))) < 2: time.sleep(0.001)\n"
        "main(sys.argv[2:])\n"
    )
    both = [
        process("-c", code, tmp_path / f"ready-{n}", "page", "add", "--corpus", own.pages.parent,
                *paths[n::2])
        for n in (0, 1)
    ]  # fmt: skip
    for each in both:
        _, printed = each.communicate(timeout=60)
        assert each.returncode == 0, printed
    assert [row["id"] for row in rows(own)] == [f"en-{n:04}" for n in range(1, 13)]
    assert {page.raw for page in is_whole(own)} == {path.read_bytes() for path in paths}
    assert len(names(own)) == 13


def test_of_the_same_page_added_at_once_one_is_refused(own, source):
    mill = source("mill.html", html_of("mill"))

    def while_another_adds_it(url):
        list(PageAdder(own).add_all([str(mill)], None))
        return Capture(url, mill.read_bytes())

    (late,) = PageAdder(own).add_all(["https://a.example/"], None, fetch=while_another_adds_it)
    assert str(late) == "https://a.example/: the same page as en-0001, byte for byte"


def test_whoever_adds_waits_for_the_corpus_to_be_free(own, source):
    own.pages.mkdir()
    mill = str(source("mill.html", html_of("mill")))
    with locked(own.pages):
        thread = threading.Thread(target=lambda: list(PageAdder(own).add_all([mill], None)))
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
        assert names(own) == []
    thread.join(30)
    assert names(own) == ["en-0001.html", "pages.jsonl"]


@pytest.mark.parametrize("step", range(4))
def test_an_add_that_is_killed_at_any_step_leaves_no_row_without_its_page(own, source, step):
    list(PageAdder(own).add_all([str(source("inn.html", html_of("inn")))], None))
    code = (
        "import os, signal, sys; from pathlib import Path; from bench.cli import main\n"
        "step, replace, done = int(sys.argv[1]), Path.replace, []\n"
        "def stop(path, to):\n"
        "    die = lambda: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    done.append(to)\n"
        "    if len(done) == step // 2 + 1 and step % 2 == 0: die()\n"
        "    replace(path, to)\n"
        "    if len(done) == step // 2 + 1: die()\n"
        "Path.replace = stop\n"
        "main(sys.argv[2:])\n"
    )
    mill = source("mill.html", html_of("mill"))
    killed = process("-c", code, step, "page", "add", "--corpus", own.pages.parent, mill)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    added = step == 3
    assert len(is_whole(own)) == 1 + added
    assert any(name.startswith(".") for name in names(own)) == (step in (0, 2))
    # The next one of another kind takes the id that was left, and clears up.
    list(PageAdder(own).add_all([str(source("tower.txt", text_of("tower")))], None))
    assert [page.id for page in is_whole(own)] == ["en-0001", "en-0002", "en-0003"][: 2 + added]
    files = {f"{row['id']}{'.html' if row['markup'] == 'html' else '.txt'}" for row in rows(own)}
    assert set(names(own)) == files | {"pages.jsonl"}


def test_no_message_of_a_mistake_holds_control_characters(tmp_path):
    name = str(tmp_path / "x\x1b[2J\x9b\u202e")
    done = CliRunner().invoke(main, ["score", name])
    assert done.exit_code == 1
    assert r"x\x1b[2J\x9b\u202e" in done.stderr
    assert not [char for char in done.stderr if char in "\x1b\x9b\u202e"]


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        (["--timeout", "0.01"], "stopped after 0.01 s; a higher --timeout gives it more"),
        (["--memory", "1"], "it needs more than 1 MiB; a higher --memory gives it more"),
    ],
)
def test_reading_a_page_obeys_limits(limit, sentence, add, source, own):
    path = source("long.html", "<p>word <b>word</b></p>" * 40_000)
    done = add(path, *limit)
    assert done.exit_code == 1
    assert done.stderr == f"Error: {path}: {sentence}\n"
    assert names(own) == []
