"""Each attack on an application that listens at a loopback address, over a real connection."""

import json
from dataclasses import replace
from urllib.parse import quote

import pytest

from corpus import DataError
from corpus.files import LOCK
from labels import LABELS
from labels.annotation.drafts.annotators import annotator_from, check_annotator
from labels.annotation.web.requests import LARGEST_BODY
from labels.annotation.web.security import Guard

CHANGE = "/api/page/ko-1/change"


def change(client, name="1"):
    version = client.json("/api/page/ko-1")["version"]
    return {"kind": "label", "version": version, "name": name, "lines": [0], "label": "advert"}


@pytest.fixture
def client(running):
    return replace(running[0])


@pytest.fixture
def untouched(client, running):
    """Nothing may have been written in the end."""
    folders = running[1]
    yield client
    assert not [path for path in folders.gold.rglob("*") if path.is_file() and path.name != LOCK]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/edit/ko-1",
        "/resolve",
        "/api/queue",
        "/api/page/ko-1",
        "/labels.css",
        "/static/edit.js",
    ],
)
def test_without_the_token_nothing_is_sent(client, path):
    client.cookies = ""
    for query in ("", "?token=", "?token=wrong", f"?token={client.guard.token[:-1]}"):
        answer = client.get(path + query)
        assert answer.status == 403
        assert "방앗간" not in answer.body
        assert client.guard.token not in answer.body
    client.cookies = f"{client.guard.cookie}=wrong"
    assert client.get(path).status == 403


def test_without_the_token_nothing_is_changed(untouched):
    wanted = change(untouched)
    untouched.cookies = ""
    assert untouched.post(CHANGE, wanted).status == 403
    assert untouched.post(f"{CHANGE}?token={untouched.guard.token}", wanted).status == 403


def test_the_first_visit_puts_the_token_into_a_cookie_and_out_of_the_address(client):
    client.cookies = ""
    answer = client.get(f"/edit/ko-1?token={client.guard.token}")
    assert (answer.status, answer.headers["location"]) == (303, "/edit/ko-1")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_a_token_is_long_and_another_one_for_each_session():
    assert Guard(1).token != Guard(1).token
    assert len(Guard(1).token) >= 43
    assert Guard(1).token not in repr(Guard(1))


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "[::1]:{port}",
        "localhost.evil.example:{port}",
        "127.0.0.1:{port}.evil.example",
        "",
    ],
)
def test_another_host_is_refused_which_undoes_dns_rebinding(untouched, host):
    wanted = change(untouched)
    name = host.format(port=untouched.guard.port)
    assert untouched.get("/api/page/ko-1", Host=name).status in {400, 421}
    answer = untouched.post(CHANGE, wanted, Host=name, Origin=f"http://{name}")
    assert answer.status in {400, 421}


def test_localhost_is_the_application_too(client):
    assert client.get("/api/queue", Host=f"localhost:{client.guard.port}").status == 200


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1:1",
        "http://localhost:{port}",
        "file://",
    ],
)
def test_requests_from_another_origin_are_refused(untouched, origin):
    wanted = change(untouched)
    name = origin.format(port=untouched.guard.port)
    assert untouched.post(CHANGE, wanted, Origin=name).status == 403
    assert untouched.get("/api/page/ko-1", Origin=name).status == 403


@pytest.mark.parametrize("name", ["Origin", "Cookie", "Content-Type", "Sec-Fetch-Site"])
def test_of_a_header_that_comes_twice_neither_is_believed(untouched, name):
    own = {
        "Origin": f"http://{untouched.host}",
        "Cookie": untouched.cookies,
        "Content-Type": "application/json",
        "Sec-Fetch-Site": "same-origin",
    }[name]
    wanted = change(untouched)
    for twice in ([own, "x"], ["x", own], [own, own]):
        answer = untouched.post(CHANGE, wanted, **{name.replace("-", "_"): twice})
        assert (answer.status, "twice" in answer.body) == (400, True)


def test_a_change_that_does_not_say_where_it_comes_from_is_refused(untouched):
    assert untouched.post(CHANGE, change(untouched), Origin=None).status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_a_browser_marks_as_from_elsewhere_is_refused(untouched, site):
    wanted = change(untouched)
    assert untouched.post(CHANGE, wanted, Sec_Fetch_Site=site).status == 403
    assert untouched.get("/api/page/ko-1", Sec_Fetch_Site=site).status == 403
    assert untouched.get("/static/edit.js", Sec_Fetch_Site=site).status == 403
    assert untouched.post(CHANGE, wanted, Sec_Fetch_Site="none").status == 403


@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "",
        "text/plain; application/json",
    ],
)
def test_what_a_form_could_send_is_refused(untouched, kind):
    assert untouched.post(CHANGE, change(untouched), Content_Type=kind).status == 415


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_do_nothing(untouched, method):
    answer = untouched.send(
        method,
        "/api/page/ko-1",
        b"",
        Origin=f"http://{untouched.host}",
        Content_Type="application/json",
    )
    assert answer.status == 405
    assert "access-control-allow-origin" not in answer.headers


def test_a_change_cannot_be_requested_by_an_address(untouched):
    assert untouched.get(CHANGE).status == 405


@pytest.mark.parametrize(
    "page_id", ["../ko-1", "..", "ko-1/../../x", "%2e%2e%2fko-1", "/etc/passwd", "ko-1\0", "none"]
)
def test_ids_lead_nowhere_but_to_pages(untouched, page_id):
    wanted = change(untouched)
    part = quote(page_id, safe="%")
    assert untouched.get(f"/api/page/{part}").status in {400, 404}
    assert untouched.get(f"/edit/{part}").status == 404
    assert untouched.post(f"/api/page/{part}/change", wanted).status in {400, 404, 405}
    assert untouched.post(f"/api/page/{part}/accept", {"version": "x"}).status in {400, 404, 405}


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"],
)
def test_files_outside_of_the_static_folder_are_not_served(client, path):
    answer = client.get(path)
    assert answer.status in {400, 404}
    assert "import" not in answer.body


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "a/b", "a\\b", "a\0b", "gold", "-x", "x" * 65, "a b"]
)
def test_an_annotator_is_no_path(name):
    with pytest.raises(DataError, match="cannot be the name of a folder"):
        check_annotator(name)


def test_a_name_is_made_one_of_a_folder_or_the_next_one_taken():
    assert annotator_from("Kim Minji\n", "kim") == "Kim-Minji"
    assert annotator_from("김민지") == "김민지"
    assert annotator_from("../..", None, "", "kim") == "kim"
    assert annotator_from("gold", None) == "annotator"


def test_a_body_that_is_too_long_is_refused_unread(untouched):
    wanted = json.dumps(change(untouched)).encode()
    assert untouched.post(CHANGE, wanted + b" " * LARGEST_BODY).status == 413
    assert untouched.post(CHANGE, {**json.loads(wanted), "name": "x" * 101}).status == 400


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"kind": "label"}', b'{"kind": "drop", "version": "x", "name": "y"}',
     b'{"kind": "label", "version": "x", "name": "y", "lines": ["0"], "label": "body"}',
     b'{"kind": "label", "version": "x", "name": "y", "lines": [true], "label": "body"}',
     b'{"kind": "label", "version": "x", "name": "y", "lines": [0], "label": "bod"}'],
)  # fmt: skip
def test_what_is_no_change_is_refused_with_a_sentence(untouched, body):
    answer = untouched.post(CHANGE, body)
    assert answer.status == 400
    assert json.loads(answer.body)["error"]


def test_lines_that_are_not_there_are_refused(untouched):
    for lines in ([12], [-1], []):
        assert untouched.post(CHANGE, change(untouched) | {"lines": lines}).status == 400


def test_each_label_has_the_colours_of_the_table(client):
    style = client.get("/labels.css")
    assert style.headers["content-type"].startswith("text/css")
    for label in LABELS:
        colours = f"light-dark({label.colour}, {label.colour_in_dark})"
        assert f'[data-label="{label}"] {{ --label: {colours}; }}' in style.body


def test_the_application_may_load_only_its_own_scripts_and_be_framed_by_nobody(client):
    headers = client.get("/edit/ko-1").headers
    policy = headers["content-security-policy"]
    for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
                 "form-action 'none'", "frame-ancestors 'none'", "base-uri 'none'"):  # fmt: skip
        assert part in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert client.get("/api/none").headers["content-security-policy"] == policy


def test_a_page_is_shown_in_an_origin_of_its_own_without_scripts_or_network(client):
    window = client.json("/api/page/ko-1")["window"]
    answer = client.get(f"/frame/{window}/ko-1")
    assert "방앗간이 다시 돈다" in answer.body
    policy = answer.headers["content-security-policy"].split("; ")
    assert policy[0] == "sandbox"
    assert "default-src 'none'" in policy
    assert "img-src data:" in policy
    assert not [
        part for part in policy if "allow" in part or "script-src" in part or "connect" in part
    ]
    assert client.get("/frame/guessed/ko-1").status == 404


def test_a_click_in_a_frame_is_sent_to_its_own_window_and_does_nothing_else(client):
    window = client.json("/api/page/ko-1")["window"]
    client.cookies = ""
    answer = client.get(f"/pick/{window}/3", Sec_Fetch_Site="cross-site")
    assert (answer.status, answer.body) == (204, "")
    assert client.get("/pick/guessed/3").status == 204
    assert client.get(f"/pick/{window}/x").status == 404
    assert client.get(f"/frame/{window}/ko-1").status == 403


def test_titles_and_texts_of_pages_are_never_markup_of_the_application(
    write_corpus, serve, propose
):
    from labels.annotation.drafts.store import Store

    attack = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    folders = write_corpus([("en-1", "text", f"{attack}\n")])
    with serve(Store(folders, "one", propose)) as client:
        assert "<script>alert" not in client.get("/edit/en-1").body
        answer = client.get("/api/page/en-1")
        assert answer.headers["content-type"] == "application/json"
        assert json.loads(answer.body)["texts"] == [attack]
        assert "<img" not in client.get(f"/edit/{quote('<img src=x>')}").body
