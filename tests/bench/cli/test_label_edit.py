import hashlib
import http.client
import json
import os
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from bench.cli import main


@pytest.fixture
def corpus(tmp_path):
    raw = b"Home\nThe mill by the river was opened again on Sunday, after four years.\n"
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "en-1.txt").write_bytes(raw)
    row = {
        "id": "en-1",
        "markup": "text",
        "sha256": hashlib.sha256(raw).hexdigest(),
        "language": "en",
    }
    (tmp_path / "pages" / "pages.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return tmp_path


def bench(*arguments):
    return CliRunner().invoke(main, ["label", *map(str, arguments)])


def test_the_application_prints_its_address_answers_there_and_stops_on_an_interrupt(corpus):
    command = [
        sys.executable,
        "-m",
        "bench",
        "label",
        "edit",
        "en-1",
        "--corpus",
        corpus,
        "--annotator",
        "one",
    ]
    with subprocess.Popen(
        [*map(str, command), "--no-open"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        address = urlsplit(running.stdout.readline().strip())
        assert (address.hostname, address.path) == ("127.0.0.1", "/edit/en-1")
        connection = http.client.HTTPConnection(address.netloc, timeout=10)
        connection.request("GET", f"{address.path}?{address.query}")
        answer = connection.getresponse()
        answer.read()
        cookie = answer.headers["set-cookie"].partition(";")[0]
        connection.request("GET", "/api/page/en-1", headers={"Cookie": cookie})
        page = json.loads(connection.getresponse().read())
        connection.close()
        assert page["annotator"] == "one"
        assert page["start"] == "proposals"
        running.send_signal(signal.SIGINT)
        message = running.stderr.read()
        assert running.wait(10) == 0
        assert message == f"one on {corpus.name}; stop with Ctrl-C\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("edit", "none"), "no page 'none'"),
        (("edit", "--annotator", "../x"), "annotator '../x' cannot be the name of a folder"),
        (("edit", "--model", "none"), "no model 'none'"),
        (("edit", "--run", "none.jsonl"), "none.jsonl: cannot be read"),
        (("resolve", "en-1"), "en-1: nobody has a draft; it takes two to differ"),
        (("resolve", "--between", "one"), "one has no labels"),
    ],
)
def test_mistakes_are_one_sentence_and_nothing_is_served(corpus, arguments, message):
    done = bench(*arguments, "--corpus", corpus, "--no-open")
    assert done.exit_code == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
@pytest.mark.parametrize("command", ["edit", "resolve"])
def test_without_the_extra_one_sentence_names_the_remedy(corpus, command, missing):
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"  # as if it were not installed
        "from bench.cli import main; main()"
    )
    arguments = ["label", command, "--corpus", str(corpus), "--no-open"]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Error: {missing} is not installed; labelling in a browser needs it: "
        "pip install 'boilerbench[annotate]'\n"
    )


def test_a_port_that_is_taken_is_reported(corpus):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = bench("edit", "--corpus", corpus, "--no-open", "--port", port)
    assert done.exit_code == 1
    assert f"port {port} cannot be used" in done.stderr


def test_the_name_of_who_labels_is_taken_from_git_and_made_safe(corpus, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "labels.annotation.web.server.serve", lambda store, **_: seen.append(store.annotator)
    )
    config = corpus / "gitconfig"
    config.write_text("[user]\n\tname = 김 민지\n", encoding="utf-8")
    monkeypatch.setitem(os.environ, "GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.chdir(corpus)
    assert bench("edit", "--corpus", corpus).exit_code == 0
    assert seen == ["김-민지"]
