import io
import json
import shlex
import tarfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from bench.cli import main
from labels.datasets.fetch import File, Publication
from labels.datasets.fetch.fetch_dataset import content_digest

FILES = {
    "raw/cleaneval/orig/1.html": b"<p>The mill was opened again on Sunday.</p><p>Share this</p>",
    "raw/cleaneval/clean/1.txt": b"URL: https://mill.example/\n\n<p>The mill was opened again on Sunday.\n",
}
TAKE = {"cleaneval/orig/": "input/", "cleaneval/clean/": "GoldStandard/"}


def bench(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


class Quiet(SimpleHTTPRequestHandler):
    def do_GET(self):
        self.server.requested.append(self.path)
        super().do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture
def server(tmp_path):
    """A server of one archive, a page and its gold."""
    site = tmp_path / "site"
    site.mkdir()
    with tarfile.open(site / "raw.tar.gz", "w:gz") as archive:
        for name, data in FILES.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    running = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site))
    running.requested = []
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture(autouse=True)
def _published(server, monkeypatch):
    """What there is to fetch: cleaneval from the server, finerweb by hand."""
    cleaneval = Publication(
        "cleaneval", "LicenseRef-unknown", "no licence is stated", "https://mill.example/",
        consent=True, pin="first",
        files=(File(f"http://127.0.0.1:{server.server_port}/raw.tar.gz", take=TAKE),),
    )  # fmt: skip
    finerweb = Publication(
        "finerweb", "Apache-2.0", "keep the notice", "https://mill.example/", by_hand="ask them"
    )
    found = {"cleaneval": cleaneval, "finerweb": finerweb}
    monkeypatch.setattr("labels.datasets.fetch.fetch_dataset.read_publications", lambda: found)


def wrong(*arguments):
    done = bench(*arguments)
    assert done.exit_code == 1, done.output
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_fetch_then_import_are_two_commands(server, tmp_path):
    out = tmp_path / "raw"
    done = bench("dataset", "fetch", "cleaneval", "-o", out, "--accept-licence")
    assert done.exit_code == 0, done.output
    summary, following = done.stdout.splitlines()
    files = json.loads((out / ".fetched.json").read_text())["files"]
    assert list(files) == ["GoldStandard/1.txt", "input/1.html"]
    assert summary == f"{out}: 2 files, content sha256 {content_digest(files)}"
    assert following == f"next: bench dataset import cleaneval {out} -o {out}-dataset"
    assert "cleaneval, file 1 of 1 (bytes): " in done.stderr
    assert "licence LicenseRef-unknown: no licence is stated" in done.stderr
    assert "what came first is trusted; recorded sha256" in done.stderr
    imported = bench(*shlex.split(following)[2:])
    assert imported.exit_code == 0, imported.output
    assert imported.stdout.startswith(f"{out}-dataset: 1 pages, 0 left out, ")
    assert server.requested == ["/raw.tar.gz"]


def test_a_second_fetch_downloads_nothing_and_says_so(server, tmp_path):
    fetch = ("dataset", "fetch", "cleaneval", "-o", tmp_path / "raw", "--accept-licence")
    first, second = bench(*fetch), bench(*fetch)
    assert second.exit_code == 0, second.output
    summary, following = second.stdout.splitlines()
    assert summary.endswith("; all in place already, nothing was downloaded")
    assert following == first.stdout.splitlines()[1]
    assert server.requested == ["/raw.tar.gz"]


def test_without_acceptance_the_licence_is_shown_and_nothing_requested(server, tmp_path):
    said = wrong("dataset", "fetch", "cleaneval", "-o", tmp_path / "raw")
    assert "cleaneval: licence LicenseRef-unknown: no licence is stated; see https://mill" in said
    assert "--accept-licence" in said
    assert server.requested == []
    assert not (tmp_path / "raw").exists()


def test_what_cannot_be_fetched_and_what_is_not_there_are_one_sentence(tmp_path):
    assert "finerweb is not fetched: ask them" in wrong(
        "dataset", "fetch", "finerweb", "-o", tmp_path / "raw"
    )
    assert "no public dataset 'cleanval'; there are cleaneval, finerweb" in wrong(
        "dataset", "fetch", "cleanval", "-o", tmp_path / "raw"
    )


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    said = wrong(
        "dataset", "fetch", "cleaneval", "-o", tmp_path / "file" / "raw", "--accept-licence"
    )
    assert "Not a directory" in said
