import gzip
import hashlib
import io
import json
import re
import tarfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from corpus import DataError
from labels.datasets.fetch import File, Publication, fetch, how_to_get, read_publications
from labels.datasets.fetch.fetch_dataset import RECORD, content_digest, digest_files
from labels.datasets.fetch.unpack import unpack
from labels.datasets.importing import import_dataset, importers, load_importer

PAGE = "<html><body><p>The mill was opened again on Sunday.</p><p>Share this</p></body></html>"
GOLD = {
    "a": {"articleBody": "The mill was opened again on Sunday.", "url": "https://mill.example/"}
}
LAYOUT = {
    "ground-truth.json": json.dumps(GOLD).encode(),
    "html/a.html.gz": gzip.compress(PAGE.encode(), mtime=0),
}
TAKE = {"ground-truth.json": "ground-truth.json", "html/": "html/"}


def member(name, content=b"", kind=tarfile.REGTYPE, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = kind, len(content), link
    return info, content


def tar(*members, mode="w:gz"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def packed(files, **options):
    return tar(*(member(f"top-1234/{name}", content) for name, content in files.items()), **options)


ARCHIVE = packed(LAYOUT | {"README.md": b"not wanted", "html/b/c.html.gz": b"below"})
WANTED = LAYOUT | {"html/b/c.html.gz": b"below"}
HALF = len(ARCHIVE) // 2


def sha256(content):
    return hashlib.sha256(content).hexdigest()


@dataclass
class Answer:
    """How the server answers one request."""

    content: bytes = ARCHIVE
    etag: str = '"one"'
    status: int = 200
    cut: int | None = None
    """Bytes of the body after which the connection is closed."""
    ranges: bool = True
    obeys_if_range: bool = True
    headers: dict = field(default_factory=dict)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        answer = server.answers.pop(0) if len(server.answers) > 1 else server.answers[0]
        body, status = answer.content, answer.status
        headers = {"ETag": answer.etag} if answer.etag else {}
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        same = self.headers.get("If-Range") == answer.etag or not answer.obeys_if_range
        if status == 200 and wanted and answer.ranges and same:
            start = int(wanted[1])
            status = 206
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            body = body[start:]
        sent = body[: answer.cut]
        server.requests.append((self.path, dict(self.headers), status, len(sent)))
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers | answer.headers).items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_):
        pass


@contextmanager
def serving():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.answers, server.requests = [Answer()], []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr("labels.datasets.fetch.download.FIRST_PAUSE", 0.0)
    monkeypatch.setattr("labels.datasets.fetch.download.CHUNK", 1)
    with serving() as running:
        yield running


@pytest.fixture
def published(server):
    """A dataset in the layout of scrapinghub, packed, with its checksum."""
    url = f"http://127.0.0.1:{server.server_port}/0123abcd.tar.gz"
    return Publication(
        name="scrapinghub",
        licence="MIT",
        terms="keep the notice",
        home="https://mill.example/data",
        files=(File(url, sha256=sha256(ARCHIVE), size=len(ARCHIVE), take=TAKE),),
    )


def changed(publication, **changes):
    return replace(publication, files=(replace(publication.files[0], **changes),))


def get(publication, out, **options):
    return fetch(publication.name, out, sources={publication.name: publication}, **options)


def refused(publication, out, **options):
    """The one sentence of the error that ends a fetch."""
    with pytest.raises(DataError) as error:
        get(publication, out, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


def names_in(folder):
    """The paths of all there is below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != RECORD
    }


def test_what_was_fetched_is_imported(published, tmp_path):
    out = tmp_path / "data" / "raw"
    fetched = get(published, out)
    assert content(out) == WANTED
    assert names_in(tmp_path / "data") == [
        "raw", "raw/.fetched.json", "raw/ground-truth.json", "raw/html", "raw/html/a.html.gz",
        "raw/html/b", "raw/html/b/c.html.gz",
    ]  # fmt: skip
    assert (fetched.files, fetched.is_new) == (3, True)
    assert fetched.next_command == f"bench dataset import scrapinghub {out} -o {out}-dataset"
    dataset = import_dataset("scrapinghub", out, tmp_path / "built")
    (labelled,) = dataset.pages()
    assert tuple(labelled.texts) == ("The mill was opened again on Sunday.", "Share this")


def test_the_folder_can_be_read_by_others_like_any_other(published, tmp_path):
    out = tmp_path / "raw"
    get(published, out)
    assert out.stat().st_mode & 0o777 == 0o755
    assert (out / "ground-truth.json").stat().st_mode & 0o444 == 0o444


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_every_usual_compression_is_unpacked(server, published, tmp_path, mode):
    archive = packed(LAYOUT, mode=mode)
    server.answers = [Answer(archive)]
    get(changed(published, sha256=sha256(archive), size=None), tmp_path / "raw")
    assert content(tmp_path / "raw") == LAYOUT


def test_a_plain_file_goes_to_its_place(server, published, tmp_path):
    line = json.dumps({"track_id": "a", "html": PAGE, "convert_main_content": "The mill"}).encode()
    server.answers = [Answer(line)]
    plain = changed(published, place="pages.jsonl", sha256=sha256(line), size=len(line), take={})
    get(replace(plain, name="webmainbench"), tmp_path / "raw")
    assert content(tmp_path / "raw") == {"pages.jsonl": line}


def test_nothing_is_requested_when_all_is_in_place(server, published, tmp_path):
    first = get(published, tmp_path / "raw")
    server.requests.clear()
    again = get(published, tmp_path / "raw")
    assert (again.is_new, again.files, again.content) == (False, first.files, first.content)
    assert server.requests == []


def test_a_wrong_checksum_removes_the_file_and_says_expected_and_obtained(
    server, published, tmp_path
):
    server.answers = [Answer(ARCHIVE[:-1] + b"!")]
    message = refused(published, tmp_path / "raw")
    assert message.startswith(f"scrapinghub: {published.files[0].url}: ")
    assert f"expected sha256:{sha256(ARCHIVE)} but got {sha256(ARCHIVE[:-1] + b'!')}" in message
    assert "see https://mill.example/data" in message
    assert names_in(tmp_path) == []


def test_a_file_of_another_size_is_not_even_downloaded(server, published, tmp_path):
    server.answers = [Answer(b"version https://git-lfs.example/spec/v1")]
    message = refused(published, tmp_path / "raw")
    assert f"39 bytes long, not {len(ARCHIVE):,}" in message
    assert names_in(tmp_path) == []


def test_a_download_that_is_cut_off_resumes_where_it_was(server, published, tmp_path):
    server.answers = [Answer(cut=HALF), Answer()]
    get(published, tmp_path / "raw")
    (_, first, _, sent), (_, second, status, rest) = server.requests
    assert "Range" not in first
    assert (second["Range"], second["If-Range"]) == (f"bytes={HALF}-", '"one"')
    assert (status, sent, rest) == (206, HALF, len(ARCHIVE) - HALF)
    assert content(tmp_path / "raw") == WANTED


def test_one_that_is_cut_off_for_ever_is_kept_and_the_next_call_resumes(
    server, published, tmp_path
):
    server.answers = [Answer(cut=HALF), Answer(cut=0)]
    message = refused(published, tmp_path / "raw")
    assert message.endswith("at the last of 4 attempts; what came is kept, fetch again to go on")
    assert len(server.requests) == 4
    assert names_in(tmp_path) == [
        ".raw.download",
        ".raw.download/1-0123abcd.tar.gz.part",
        ".raw.download/1-0123abcd.tar.gz.part.json",
    ]
    server.answers = [Answer()]
    server.requests.clear()
    get(published, tmp_path / "raw")
    ((_, headers, status, sent),) = server.requests
    assert (headers["Range"], status, sent) == (f"bytes={HALF}-", 206, len(ARCHIVE) - HALF)
    assert names_in(tmp_path)[0] == "raw"


def test_one_that_changed_in_between_is_not_glued_together(server, published, tmp_path):
    other = packed(LAYOUT | {"html/new.html.gz": b"new"})
    server.answers = [Answer(other, cut=HALF), Answer(etag='"two"')]
    get(
        published if len(other) == len(ARCHIVE) else changed(published, size=None), tmp_path / "raw"
    )
    assert [(status, sent) for _, _, status, sent in server.requests] == [
        (200, HALF), (200, len(ARCHIVE)),
    ]  # fmt: skip
    assert content(tmp_path / "raw") == WANTED


def test_nor_if_the_server_sends_the_rest_of_another_file(server, published, tmp_path):
    other_file = Answer(etag='"two"', obeys_if_range=False)
    server.answers = [Answer(b"x" * len(ARCHIVE), cut=HALF), other_file, other_file]
    get(published, tmp_path / "raw")
    assert [status for _, _, status, _ in server.requests] == [200, 206, 200]
    assert content(tmp_path / "raw") == WANTED


def test_a_server_without_ranges_sends_it_all_again(server, published, tmp_path):
    server.answers = [Answer(cut=HALF, ranges=False), Answer(ranges=False)]
    get(published, tmp_path / "raw")
    assert "Range" in server.requests[1][1]
    assert server.requests[1][2:] == (200, len(ARCHIVE))
    assert content(tmp_path / "raw") == WANTED


@pytest.mark.parametrize("etag", ["", 'W/"one"'])
def test_without_a_validator_all_of_a_file_is_requested_again(server, published, tmp_path, etag):
    server.answers = [Answer(cut=HALF, etag=etag), Answer(etag=etag)]
    get(published, tmp_path / "raw")
    assert "Range" not in server.requests[1][1]


def test_its_date_will_do(server, published, tmp_path):
    dated = {"Last-Modified": "Thu, 02 Apr 2026 10:00:00 GMT"}
    server.answers = [Answer(cut=HALF, etag="", headers=dated), Answer(headers=dated)]
    get(published, tmp_path / "raw")
    assert server.requests[1][1]["If-Range"] == dated["Last-Modified"]


def test_a_part_that_the_server_cannot_resume_is_dropped(server, published, tmp_path):
    server.answers = [Answer(cut=HALF), Answer(status=416), Answer()]
    get(published, tmp_path / "raw")
    assert "Range" not in server.requests[2][1]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_tried_again_a_few_times(server, published, tmp_path, status):
    server.answers = [Answer(status=status), Answer(status=status), Answer()]
    get(published, tmp_path / "raw")
    assert len(server.requests) == 3
    server.answers = [Answer(status=status)]
    message = refused(published, tmp_path / "other")
    assert f"answered {status}" in message
    assert len(server.requests) == 3 + 4


def test_a_server_that_is_not_there_is_one_sentence(published, tmp_path):
    with serving() as gone:
        port = gone.server_port
    message = refused(changed(published, url=f"http://127.0.0.1:{port}/a"), tmp_path / "raw")
    assert (
        "the connection was lost or refused, at the last of 4 attempts; fetch it later" in message
    )
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("status", [401, 404, 410])
def test_one_that_is_gone_says_where_to_look(server, published, tmp_path, status):
    server.answers = [Answer(status=status)]
    message = refused(published, tmp_path / "raw")
    assert message.startswith(f"scrapinghub: {published.files[0].url}: answered {status} ")
    assert message.endswith("; see https://mill.example/data for where it is now")
    assert len(server.requests) == 1
    assert names_in(tmp_path) == []


def test_only_https_is_requested(published, tmp_path):
    message = refused(changed(published, url="http://mill.invalid/a.tar.gz"), tmp_path / "raw")
    assert "http://mill.invalid/a.tar.gz: not an https address" in message


def test_nor_does_a_redirect_lead_away_from_it(server, published, tmp_path):
    elsewhere = {"Location": "http://127.0.0.1.mill.invalid:80/a.tar.gz"}
    server.answers = [Answer(b"", status=302, headers=elsewhere)]
    assert "mill.invalid:80/a.tar.gz: not an https address" in refused(published, tmp_path / "raw")


def test_a_redirect_on_this_machine_is_followed_with_its_range(server, published, tmp_path):
    here = {"Location": f"http://127.0.0.1:{server.server_port}/elsewhere"}
    moved = Answer(b"", status=302, headers=here)
    server.answers = [moved, Answer(cut=HALF), moved, Answer()]
    get(published, tmp_path / "raw")
    assert [path for path, *_ in server.requests] == ["/0123abcd.tar.gz", "/elsewhere"] * 2
    assert server.requests[3][2:] == (206, len(ARCHIVE) - HALF)


def test_progress_counts_bytes_and_ends_once(published, tmp_path):
    steps = []
    get(published, tmp_path / "raw", progress=lambda *step: steps.append(step))
    what, size = "scrapinghub, file 1 of 1 (bytes)", len(ARCHIVE)
    assert steps == [(what, done, size) for done in range(1, size + 1)]


def test_progress_without_a_total_ends_with_what_came(server, published, tmp_path):
    server.answers = [Answer(headers={"Content-Length": None})]
    steps = []
    unknown = changed(published, size=None)
    get(unknown, tmp_path / "raw", progress=lambda what, done, total: steps.append((done, total)))
    size = len(ARCHIVE)
    assert steps == [*((done, None) for done in range(1, size + 1)), (size, size)]


@pytest.mark.parametrize("said_before", [True, False])
def test_no_more_is_downloaded_than_the_limit(
    server, published, tmp_path, monkeypatch, said_before
):
    monkeypatch.setattr("labels.datasets.fetch.download.MOST_BYTES", len(ARCHIVE) - 1)
    server.answers = [Answer(headers={} if said_before else {"Content-Length": None})]
    message = refused(changed(published, size=None), tmp_path / "raw")
    assert f"more than {len(ARCHIVE) - 1:,} bytes" in message
    assert names_in(tmp_path) == []


def test_without_its_licence_accepted_nothing_is_requested(server, published, tmp_path):
    restricted = replace(published, licence="LicenseRef-research-only", consent=True)
    message = refused(restricted, tmp_path / "raw")
    assert message.startswith("scrapinghub: licence LicenseRef-research-only: keep the notice; ")
    assert "https://mill.example/data" in message
    assert "--accept-licence" in message
    assert server.requests == []
    assert names_in(tmp_path) == []
    assert get(restricted, tmp_path / "raw", accept_licence=True).is_new


def test_an_unknown_dataset_is_named_with_those_there_are(tmp_path):
    with pytest.raises(DataError, match=r"no public dataset 'wcbx'; there are cleaneval, .*, wcxb"):
        fetch("wcbx", tmp_path / "raw")


def test_one_that_cannot_be_fetched_says_what_to_do(server, published, tmp_path):
    by_hand = replace(published, by_hand="ask its makers, then put it into DIR")
    message = refused(by_hand, tmp_path / "raw")
    assert message == "scrapinghub is not fetched: ask its makers, then put it into DIR"
    assert server.requests == []


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_holds_something_else_is_refused(server, published, tmp_path, what):
    out = tmp_path / "raw"
    if what == "file":
        out.write_text("mine")
    else:
        out.mkdir()
        (out / "mine.txt").write_text("mine")
    before = names_in(tmp_path)
    assert refused(published, out).endswith("not fetched; choose another folder")
    assert server.requests == []
    assert names_in(tmp_path) == before


def test_an_empty_folder_is_used(published, tmp_path):
    (tmp_path / "raw").mkdir()
    assert get(published, tmp_path / "raw").is_new


def test_a_folder_of_another_dataset_or_revision_is_refused(server, published, tmp_path):
    get(published, tmp_path / "raw")
    server.requests.clear()
    newer = changed(published, url=f"{published.files[0].url}?newer")
    assert "holds scrapinghub from other addresses" in refused(newer, tmp_path / "raw")
    other = replace(published, name="wcxb")
    assert "holds scrapinghub from other addresses" in refused(other, tmp_path / "raw")
    assert server.requests == []


@pytest.mark.parametrize("name", ["ground-truth.json", "notes.txt"])
def test_a_file_that_was_edited_or_added_is_never_replaced(server, published, tmp_path, name):
    out = tmp_path / "raw"
    get(published, out)
    (out / name).write_text("{}")
    server.requests.clear()
    assert refused(published, out).startswith(f"{out / name}: not as it was fetched (1 such files)")
    assert (out / name).read_text() == "{}"
    assert server.requests == []


def test_a_damaged_record_is_refused(published, tmp_path):
    get(published, tmp_path / "raw")
    (tmp_path / "raw" / RECORD).write_text("{")
    assert f"{tmp_path / 'raw' / RECORD}: damaged" in refused(published, tmp_path / "raw")


def test_files_that_are_missing_are_fetched_again(published, tmp_path):
    out = tmp_path / "raw"
    get(published, out)
    (out / "html" / "a.html.gz").unlink()
    assert get(published, out).is_new
    assert content(out) == WANTED


def test_where_there_is_no_checksum_a_later_download_must_be_like_the_first(
    server, published, tmp_path
):
    out = tmp_path / "raw"
    trusted = replace(changed(published, sha256=None, size=None), pin="first")
    first = get(trusted, out)
    assert json.loads((out / RECORD).read_text())["content"] == first.content
    (out / "html" / "a.html.gz").unlink()
    server.answers = [Answer(packed(LAYOUT | {"html/a.html.gz": b"another"}), etag='"two"')]
    message = refused(trusted, out)
    assert f"recorded sha256 {first.content} in {out / RECORD}, obtained " in message
    assert "html/a.html.gz" not in content(out)
    assert names_in(tmp_path)[0] == "raw"
    # An archive that was packed another time is another file, with the same content.
    server.answers = [Answer(packed(WANTED, mode="w:xz"), etag='"three"')]
    assert get(trusted, out).content == first.content


def test_content_is_compared_with_the_digest_that_is_pinned(server, published, tmp_path):
    digest = content_digest({name: sha256(data) for name, data in WANTED.items()})
    pinned = replace(changed(published, sha256=None, size=None), content=digest)
    assert get(pinned, tmp_path / "raw").content == digest
    server.answers = [Answer(packed(LAYOUT), etag='"two"')]
    message = refused(pinned, tmp_path / "other")
    obtained = content_digest({name: sha256(data) for name, data in LAYOUT.items()})
    assert f"expected sha256 {digest}, obtained {obtained}" in message
    assert names_in(tmp_path)[0] == "raw"
    assert not (tmp_path / "other").exists()


def test_a_digest_may_be_over_a_part(published, tmp_path):
    part = content_digest({"html/a.html.gz": sha256(LAYOUT["html/a.html.gz"])})
    pinned = replace(
        changed(published, sha256=None, size=None), content=part, content_of=("html/a",)
    )
    assert get(pinned, tmp_path / "raw").files == 3


def test_a_content_digest_is_that_of_sorted_lines():
    a, b = "a" * 64, "b" * 64
    assert content_digest({"y/1": b, "x": a}) == sha256(f"{a}  x\n{b}  y/1".encode())
    assert content_digest({"y/1": b, "x": a}, ["y/"]) == sha256(f"{b}  y/1".encode())
    assert content_digest({}) == sha256(b"")


def test_what_the_importer_cannot_read_is_not_put_in_place(server, published, tmp_path):
    other = packed({"pages/a.html": b"a"})
    server.answers = [Answer(other)]
    message = refused(changed(published, sha256=sha256(other), size=None), tmp_path / "raw")
    assert "what came is not laid out as the importer reads it (no html/*.html.gz" in message
    assert names_in(tmp_path) == []


@pytest.mark.parametrize(
    ("members", "complaint"),
    [
        ([member("top/../../evil", b"x")], "leads elsewhere, 'top/../../evil'"),
        ([member("../evil", b"x")], "leads elsewhere, '../evil'"),
        ([member("/evil", b"x")], "leads elsewhere, '/evil'"),
        ([member("top/html\\..\\evil", b"x")], "leads elsewhere"),
        ([member("top/html/a", kind=tarfile.SYMTYPE, link="/etc/passwd")], "a link or a device"),
        ([member("top/html/a", kind=tarfile.LNKTYPE, link="../../evil")], "a link or a device"),
        ([member("top/html/a\udcff", b"x")], "a name that is no UTF-8"),
        ([member("top/html/a", kind=tarfile.FIFOTYPE)], "a link or a device"),
        ([member("top/html/a", b"1"), member("top/html/a", b"2")], "a file twice, 'top/html/a'"),
    ],
)  # fmt: skip
def test_a_malicious_archive_is_refused_whole(server, published, tmp_path, members, complaint):
    good = [member(f"top/{name}", data) for name, data in LAYOUT.items()]
    evil = tar(*good[:1], *members)
    server.answers = [Answer(evil)]
    message = refused(changed(published, sha256=sha256(evil), size=None), tmp_path / "in" / "raw")
    assert complaint in message
    assert names_in(tmp_path) == ["in"]


def test_a_link_that_nobody_wants_does_no_harm(tmp_path):
    archive = tmp_path / "a.tar.gz"
    link = member("top/elsewhere", kind=tarfile.SYMTYPE, link="/etc")
    archive.write_bytes(tar(link, member("top/elsewhere/evil", b"x"), member("top/html/a", b"a")))
    unpack(archive, tmp_path / "out", TAKE)
    assert names_in(tmp_path / "out") == ["html", "html/a"]


@pytest.mark.parametrize("name", ["top/html/zeros", "top/not/wanted"])
def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.setattr("labels.datasets.fetch.unpack.MOST_BYTES", 1_000_000)
    archive = tmp_path / "bomb.tar.gz"
    archive.write_bytes(tar(member(name, bytes(1_000_001))))
    assert archive.stat().st_size < 2_000
    with pytest.raises(DataError, match=r"bomb.tar.gz unpacks to more than 1,000,000 bytes"):
        unpack(archive, tmp_path / "out", TAKE)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "damaged", [b"", b"<html>Sign in</html>", ARCHIVE[:HALF], packed(LAYOUT, mode="w:xz")[:200]]
)
def test_what_is_no_archive_is_one_sentence(server, published, tmp_path, damaged):
    server.answers = [Answer(damaged)]
    message = refused(changed(published, sha256=sha256(damaged), size=None), tmp_path / "raw")
    assert "1-0123abcd.tar.gz is damaged, or no tar archive" in message
    assert names_in(tmp_path) == []


PUBLISHED = read_publications()


def test_every_public_dataset_is_there():
    assert sorted([*PUBLISHED, "pages"]) == importers()  # pages of one's own are not published


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_each_is_pinned_and_says_its_terms(name):
    publication = PUBLISHED[name]
    assert publication.licence == load_importer(name).LICENCE
    assert publication.consent >= publication.licence.startswith("LicenseRef-")
    assert publication.terms
    assert publication.home.startswith("https://")
    assert bool(publication.files) != bool(publication.by_hand)
    for file in publication.files:
        assert re.match(r"https://[a-z.]+/.*/[0-9a-f]{40}[/.]", file.url), file.url
        assert not re.search(r"\b(main|master|latest|HEAD)\b", file.url)
        assert bool(file.place) != bool(file.take)
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256 or "0" * 64)


COMPUTED = {
    "daniel": "05e9e7e4520333097bb115e2f395681dc95367ea2f35c97a8e5afc03fd11010b",
    "scrapinghub": "a09276c633b6edd0d6b005d5c0d0cda001fd44082a5201331e2f818d32fd9d38",
    "wcxb": "95e14ec4648d7f0c8eab7502766b205b9e27706fe21346afc8e3153805612e1c",
}
"""Digests of files that were here: extend this only with what `content_digest` gave."""


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_each_pin_states_where_it_comes_from_and_none_is_believed(name):
    publication = PUBLISHED[name]
    computed = COMPUTED.get(name)
    expected = None if publication.by_hand else "computed" if computed else "first"
    assert (publication.pin, publication.content) == (expected, computed)
    assert publication.content_of == ("",) or publication.content
    for file in publication.files:  # a pointer of Git LFS states both, nothing else is believed
        assert bool(file.sha256) == bool(file.size)
        assert not file.sha256 or file.url.startswith("https://media.githubusercontent.com/media/")


def test_what_is_pinned_in_part_is_trusted_on_first_use_for_the_rest():
    trusted = {name for name, found in PUBLISHED.items() if found.is_trusted_on_first_use}
    assert trusted == PUBLISHED.keys() - {"daniel", "finerweb"}


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_how_to_get_each_is_a_command_that_fetches_it_or_says_how(name):
    message = how_to_get(name)
    assert message.startswith(f"bench dataset fetch {name} -o DIR")
    assert message.endswith("(tells how, by hand)") == (name == "finerweb")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.data(name)) for name in ("wcxb", "scrapinghub")]
)
def test_the_pinned_digests_are_those_of_the_datasets(name, data_folder):
    publication = PUBLISHED[name]
    parts = [place for file in publication.files for place in file.take.values()]
    files = {
        path: d for path, d in digest_files(data_folder).items() if path.startswith(tuple(parts))
    }
    assert content_digest(files, publication.content_of) == publication.content
