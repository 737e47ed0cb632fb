"""The examples of README, CONTRIBUTING and docs do what they show, and their links lead somewhere.

Each block of commands or Python runs in a scratch folder that holds what the documents speak of.
What cannot run is in ``NOT_RUN`` with the reason; its options are parsed all the same.
"""

import fnmatch
import gzip
import json
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import click
import pytest
from markdown_it import MarkdownIt

from bench.cli import main
from corpus import Page
from corpus.starter import PAGES, starter_pages
from labels import open_dataset
from labels.datasets.importing import import_dataset
from labels.folder import GOLD

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SECONDS = 400  # on a busy machine; alone the slowest command takes ten

INSTALLS = "installs from the index; .ci/run installs a clone and the wheel"
NETWORK = "needs the network"
SERVES = "serves until it is stopped; tests/labels/annotation/web does it"
NOT_RUN = {
    "make *": INSTALLS,
    "pip install *": INSTALLS,
    "uv tool install *": INSTALLS,
    "source .venv/bin/activate": INSTALLS,
    "bench dataset fetch *": NETWORK,
    "bench page add https:*": NETWORK,
    "bench label edit *": SERVES,
    "bench dataset conformance scrapinghub *": "tests/bench/conformance does it",
}
"""Commands that are not run, as patterns, and why."""

STATUS = {"bench dataset conformance wcxb *": 1}  # the pages here are made up, the figures are not
"""Exit statuses other than 0 that are meant, by patterns of commands."""

DATA = ("scrapinghub", "trafilatura-eval", "webmainbench")
"""Public datasets that are read where they are there; WCXB is made up here."""


# What the documents hold


@dataclass(frozen=True)
class Command:
    """A command in a document; ``shown`` are the lines that it is said to print."""

    place: str
    source: str
    shown: tuple[str, ...] = ()

    @property
    def is_run(self):
        return not any(fnmatch.fnmatchcase(self.source, pattern) for pattern in NOT_RUN)


def commands(text, place, line, *, prompt):
    """The commands of a block; with a prompt, lines without one are what is printed."""
    rows = text.splitlines()
    while rows:
        start, row = line, rows.pop(0).removeprefix("$ ")
        line += 1
        while row.endswith("\\") or (row.startswith("for ") and not row.endswith("done")):
            row += "\n" + rows.pop(0)
            line += 1
        shown = []
        while prompt and rows and not rows[0].startswith("$ "):
            shown.append(rows.pop(0))
            line += 1
        yield Command(f"{place}:{start}", re.sub(r"\s+#\s.*", "", row), tuple(shown))


@dataclass(frozen=True)
class Block:
    """A block of commands, or of Python."""

    place: str
    commands: tuple[Command, ...] = ()
    python: str = ""


def tokens(document):
    return MarkdownIt().enable("table").parse(document.read_text(encoding="utf-8"))


def blocks(document):
    name = document.relative_to(ROOT).as_posix()
    for token in tokens(document):
        if token.type not in {"code_block", "fence"}:
            continue
        line = token.map[0] + 1
        if token.type == "code_block" or token.info == "console":
            found = commands(
                token.content, name, line + (token.type == "fence"), prompt=token.type == "fence"
            )
            yield Block(f"{name}:{line}", tuple(found))
        elif token.info == "python":
            yield Block(f"{name}:{line}", python=token.content)
        else:
            assert token.info in {"text", "json"}, f"{name}:{line}: a block of which language?"


BLOCKS = [block for document in DOCUMENTS for block in blocks(document)]
COMMANDS = [command for block in BLOCKS for command in block.commands]


def marked(block):
    """A block as a parameter, with the marks of the public datasets that it needs."""
    needed = [name for name in DATA if any(f"PATH/TO/{name}" in c.source for c in block.commands)]
    return pytest.param(block, id=block.place, marks=[pytest.mark.data(name) for name in needed])


@pytest.mark.parametrize("pattern", [*NOT_RUN, *STATUS])
def test_what_is_listed_is_in_a_document(pattern):
    assert [c for c in COMMANDS if fnmatch.fnmatchcase(c.source, pattern)]


# Options, links and names


def bench_arguments(source):
    """The arguments of each call of ``bench`` in a line of shell."""
    words = shlex.shlex(source, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    call = None
    for word in [*words, ";"]:
        if set(word) <= set("|&;<>()"):
            if call is not None:
                yield call
            call = None
        elif word in {"bench", "boilerbench"}:
            call = []
        elif call is not None:
            call.append(word)


def parse(arguments):
    """Let click parse arguments as it does before it invokes a command; help is enough."""
    command, context = main, click.Context(main, info_name="bench")
    while isinstance(command, click.Group) and arguments and arguments[0] != "--help":
        _, command, arguments = command.resolve_command(context, arguments)
    if "--help" not in arguments:
        command.make_context(command.name, arguments, parent=context)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.place)
def test_the_options_of_each_command_exist(command, monkeypatch):
    for kind in (click.Path, click.File):
        monkeypatch.setattr(kind, "convert", lambda _self, value, *_: Path(value))
    for arguments in bench_arguments(command.source):
        parse(arguments)


def test_an_option_that_does_not_exist_is_found():
    with pytest.raises(click.NoSuchOption):
        parse(["score", "run.jsonl", "--metrics", "line_f1"])


def inline(document, kind):
    return [
        (f"{document.name}:{token.map[0] + 1}", child)
        for token in tokens(document)
        if token.type == "inline"
        for child in token.children
        if child.type == kind
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_commands_and_options_named_in_the_text_exist(document):
    for place, code in inline(document, "code_inline"):
        if not code.content.startswith("bench "):
            continue
        words = shlex.split(code.content)[1:]
        command = main
        while isinstance(command, click.Group) and words and not words[0].startswith("-"):
            name = words.pop(0)
            assert name in command.commands, f"{place}: `{code.content}`"
            command = command.commands[name]
        known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert {word for word in words if word.startswith("-")} <= known, (place, code.content)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_files_named_in_the_text_exist(document):
    rooms = "corpus|labels|baselines|bench|benchmarks|docs|tests"
    for place, code in inline(document, "code_inline"):
        for path in re.findall(rf"(?:^|(?<= ))(?:{rooms})/[^\s`*]*", code.content):
            name = path if not re.search("[A-Z]{2}", path) else path.rpartition("/")[0]
            assert (ROOT / name).exists(), f"{place}: {path}"


def anchors(document):
    """What headings can be linked by, as on GitHub."""
    found = tokens(document)
    titles = [after.content for at, after in pairwise(found) if at.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_links_and_pictures_lead_somewhere(document):
    links = [(place, link.attrs["href"]) for place, link in inline(document, "link_open")]
    links += [(place, image.attrs["src"]) for place, image in inline(document, "image")]
    for place, link in links:
        path, _, anchor = link.partition("#")
        if "://" in path:
            continue
        target = document.parent / path if path else document
        assert target.exists(), f"{place}: {link}"
        assert not anchor or anchor in anchors(target), f"{place}: {link}"


# A folder that holds what the documents speak of


WORDS = (
    "the ferry to island runs again from Monday after long winter in which nobody saw a single boat "
    "harbour master says that storms were worse than those of any year since he began counting them "
    "with his father and two brothers whose nets still hang behind old church near market square"
)
HTML = """<!doctype html><html lang="en"><head><title>{title}</title></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<main><article><h1>{title}</h1>{paragraphs}</article></main>
<aside><h2>Related</h2><ul><li><a href="/1">{teaser}</a></li></ul></aside>
<footer>All rights reserved</footer></body></html>"""
RUNS = (
    "justext",
    "logreg",
    "logreg-text",
    "mine",
    "mine-before",
    "readability",
    "resiliparse",
    "trafilatura",
)


def made_up(number):
    """A page's headline, paragraphs and HTML."""
    chance = random.Random(number)  # noqa: S311 - no secret
    title, teaser, *paragraphs = (
        " ".join(chance.choices(WORDS.split(), k=14)).capitalize() + "." for _ in range(12)
    )
    listed = "".join(f"<p>{text}</p>" for text in paragraphs)
    return title, paragraphs, HTML.format(title=title, teaser=teaser, paragraphs=listed)


def write_wcxb(folder):
    """Ten made-up pages as WCXB lays them out: eight of the development split, two of the test split."""
    files = {}
    for number in range(10):
        name, split = f"{number:04}", "test" if number >= 8 else "dev"
        title, paragraphs, html = made_up(number)
        truth = {
            "title": title, "author": None, "publish_date": None,
            "main_content": "\n\n".join(paragraphs),
            "with": paragraphs[:1], "without": ["All rights reserved"],
        }  # fmt: skip
        kind = ("article", "forum", "product")[number % 3]
        gold = {
            "url": f"https://www.site{number}.example/{number}", "file_id": name,
            "_internal": {"page_type": {"primary": kind}}, "ground_truth": truth,
        }  # fmt: skip
        write(folder / split / "ground-truth" / f"{name}.json", json.dumps(gold))
        write(folder / split / "html" / f"{name}.html.gz", gzip.compress(html.encode()))
        site = f"www.site{number}.example"
        files[name] = {"split": split, "page_type": kind, "domain": site, "spa": False}
    write(folder / "metadata.json", json.dumps({"name": "WCXB", "files": files}))


def write_corpus(folder, page_ids):
    """A corpus of some starter pages, with gold and the drafts of two annotators."""
    rows = (PAGES / "pages.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = "".join(row for row in rows if json.loads(row)["id"] in page_ids)
    write(folder / "pages" / "pages.jsonl", kept)
    for page_id in page_ids:
        (page,) = PAGES.glob(f"{page_id}.*")
        shutil.copy(page, folder / "pages")
        for name in ("gold", "gold/drafts/first", "gold/drafts/second"):
            write(folder / name / f"{page_id}.tsv", (GOLD / f"{page_id}.tsv").read_bytes())


def write_run(path, dataset, texts, split):
    header = {"extractor": path.stem, "dataset": dataset, "split": split}
    rows = [header, *({"id": page_id, "text": text} for page_id, text in texts.items())]
    write(path, "".join(json.dumps(row) + "\n" for row in rows))


def write_warc(path, pages):
    records = []
    for url, html in pages.items():
        body = html.encode()
        response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
        head = (
            f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
            f"WARC-Record-ID: <urn:uuid:{len(records):032}>\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
            f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(response)}\r\n\r\n"
        )
        records.append(gzip.compress(head.encode() + response + b"\r\n\r\n"))
    write(path, b"".join(records))


def link_public_datasets(data, folder):
    """The public datasets that are there; of the largest, the first twelve pages."""
    for name in ("trafilatura-eval", "webmainbench"):
        (folder / name).symlink_to(data / name)
    if (whole := data / "scrapinghub").is_dir():
        golds = json.loads((whole / "ground-truth.json").read_bytes())
        some = dict(sorted(golds.items())[:12])
        write(folder / "scrapinghub" / "ground-truth.json", json.dumps(some))
        (folder / "scrapinghub" / "output").symlink_to(whole / "output")
        for page_id in some:
            page = f"html/{page_id}.html.gz"
            write(folder / "scrapinghub" / page, (whole / page).read_bytes())


def write_predictions(folder, texts):
    """The formats that ``bench runs import`` reads, and the run file that docs/runs.md shows."""
    stored = {page_id: {"articleBody": text} for page_id, text in texts.items()}
    write(folder / "output" / "my-tool.json", json.dumps(stored))
    rows = [json.dumps({"page_id": page_id, "plaintext": text}) for page_id, text in texts.items()]
    write(folder / "output" / "my-tool.jsonl", "\n".join(rows))
    for page_id, text in texts.items():
        write(folder / "my-tool" / f"{page_id}.txt", text)
    (shown,) = [token for token in tokens(ROOT / "docs" / "runs.md") if token.info == "json"]
    write(folder / "my-tool.jsonl", shown.content)


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def write_script(path, text):
    write(path, f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A folder with all that the documents speak of."""
    folder = tmp_path_factory.mktemp("prepared")
    write_script(folder / "bin" / "bench", f'exec "{sys.executable}" -P -m bench "$@"')
    write_script(folder / "bin" / "python", f'exec "{sys.executable}" "$@"')
    write_script(folder / "bin" / "curl", "cat fetched.html")
    for scripts in ("docs", "benchmarks"):
        for path in (ROOT / scripts).glob("*.py"):
            write(folder / scripts / path.name, path.read_bytes())
    (folder / "corpus").mkdir()
    (folder / "corpus" / "pages").symlink_to(PAGES)
    shutil.copy(PAGES / "ko-0005.html", folder / "saved.html")
    shutil.copy(PAGES / "ko-0006.txt", folder / "scraped.txt")
    shutil.copy(PAGES / "ko-0003.html", folder / "page.html")
    write(folder / "fetched.html", made_up(30)[2])
    write_warc(
        folder / "crawl.warc.gz",
        {
            f"https://a.example/{name}": made_up(at)[2]
            for at, name in enumerate(("about", "news/1"), 20)
        },
    )
    head = b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n"
    write(folder / "saved.mhtml", head + (PAGES / "ko-0009.html").read_bytes())
    write(folder / "folder" / "a.html", made_up(31)[2])
    with zipfile.ZipFile(folder / "pages.zip", "w") as archive:
        archive.writestr("b.html", made_up(32)[2])
    write_corpus(folder / "mine", ["ko-0001", "ko-0002", "ko-0003", "ko-0004"])
    for source in ("wcxb", "PATH", "PATH/TO/wcxb"):
        write_wcxb(folder / source)
    link_public_datasets(ROOT.parent / "shared" / "data", folder / "PATH" / "TO")
    wcxb = import_dataset("wcxb", folder / "wcxb", folder / "data" / "wcxb")
    dev, test = (
        {p.page.id: p.gold_text for p in wcxb.pages() if p.page.split == split}
        for split in ("dev", "test")
    )
    for name in RUNS:
        write_run(folder / "runs" / f"{name}.jsonl", "data/wcxb", dev, "dev")
    write_run(folder / "runs" / "wcxb" / "trafilatura.jsonl", "data/wcxb", test, "test")
    for name in ("scrapinghub", "wceb", "cleaneval"):
        shutil.copytree(folder / "data" / "wcxb", folder / "data" / name)
    starter = {
        page.id: "\n".join(page.lines().texts) for page in starter_pages() if page.split == "test"
    }
    write_run(folder / "runs" / "starter" / "trafilatura.jsonl", "starter", starter, "test")
    write_predictions(folder, dev)
    return folder


@pytest.fixture
def scratch(prepared, tmp_path, monkeypatch):
    """A copy of it, as the current folder."""
    folder = Path(shutil.copytree(prepared, tmp_path / "scratch", symlinks=True))
    monkeypatch.chdir(folder)
    return folder


# The examples run


def as_shown(shown):
    """A pattern for what is shown, in which a line of three dots stands for any lines."""
    rows = [
        r"(?:.*\n)*?" if row.strip() == "..." else re.escape(row.rstrip()) + r"[ \t]*\n"
        for row in "\n".join(shown).rstrip().splitlines()
    ]
    return "".join(rows) + r"\n*"


@pytest.mark.parametrize("block", [marked(block) for block in BLOCKS if block.commands])
def test_commands_run_and_print_what_is_shown(block, scratch):
    environment = os.environ | {
        "PATH": os.pathsep.join([str(scratch / "bin"), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "PYTHONUTF8": "1",
    }
    for command in block.commands:
        if not command.is_run:
            continue
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command.source], cwd=scratch, env=environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
        meant = [
            status
            for pattern, status in STATUS.items()
            if fnmatch.fnmatchcase(command.source, pattern)
        ]
        assert done.returncode == (meant or [0])[0], f"{command.place}: {done.stderr}{done.stdout}"
        if any(command.shown):
            assert re.fullmatch(as_shown(command.shown), done.stdout), (
                f"{command.place}: {done.stdout}"
            )


@pytest.mark.parametrize("block", [pytest.param(b, id=b.place) for b in BLOCKS if b.python])
def test_python_runs(block, scratch):
    pages = [Page(f"p{number}", made_up(number)[2].encode(), "html") for number in range(10)]
    labelled = list(open_dataset(scratch / "data" / "wcxb").pages())
    known = {
        "html_bytes": pages[0].raw,
        "page": pages[0],
        "pages": [one.page for one in labelled],
        "labels": [one.labels for one in labelled],
        "sites": [one.page.site for one in labelled],
    }
    exec(compile(block.python, block.place, "exec"), known)  # noqa: S102 - our own documents
