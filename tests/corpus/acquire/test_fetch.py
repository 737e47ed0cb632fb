import gzip
import re
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import replace

import httpcore
import pytest

from corpus import DataError
from corpus.acquire.addresses import is_public
from corpus.acquire.http import MOST_HEADER_BYTES, Client, Limits, _LimitedStream

HERE = "127.0.0.1"
LIMITS = Limits(connect=1.0, read=2.0, total=5.0, most_bytes=50_000)
HTML = b"<!doctype html><p>The old mill by the river was opened again on Sunday.</p>"


def answer(body=HTML, status="200 OK", kind="text/html; charset=utf-8", **headers):
    """The bytes of an answer."""
    head = {"Content-Type": kind, "Content-Length": len(body)}
    head |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in head.items() if value is not None]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body


def moved(to, status="302 Found", **headers):
    return answer(b"", status, Location=to, **headers)


@pytest.fixture
def refused(fetch_here):
    """Fetch what is refused, and give the reason."""

    def fetch_refused(url, **settings):
        with pytest.raises(DataError) as caught:
            fetch_here(url, **settings)
        message = str(caught.value)
        assert message.startswith(f"{url}: ")
        assert "\n" not in message
        return message.removeprefix(f"{url}: ")

    return fetch_refused


# What is requested and what comes back


def test_a_page_comes_with_its_bytes_its_place_and_what_was_declared(web, fetch_here):
    web.pages["/mill?a=b"] = answer()
    capture = fetch_here(web.at("/mill?a=b#top"))
    assert capture.raw == HTML
    assert capture.url == web.at("/mill?a=b")
    assert (capture.markup, capture.charset) == ("html", "utf-8")
    assert web.requests == [
        (f"mill.example:{web.port}", "/robots.txt"),
        (f"mill.example:{web.port}", "/mill?a=b"),
    ]


def test_the_request_names_the_kit_and_says_nothing_of_the_person(web, fetch_here, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.pages["/"] = answer()
    fetch_here(web.at())
    for headers in web.headers:
        assert sorted(headers) == ["Accept", "Accept-Encoding", "Connection", "Host", "User-Agent"]
        assert headers["Accept-Encoding"] == "gzip, identity"
        assert re.fullmatch(r"boilerbench/\S+ \(.*\)", headers["User-Agent"])


@pytest.mark.parametrize(
    ("kind", "markup", "charset"),
    [
        ("text/html", "html", None),
        ('application/xhtml+xml; charset="EUC-KR"', "html", "EUC-KR"),
        ("TEXT/PLAIN; Charset=latin-1; format=flowed", None, "latin-1"),
        (None, None, None),
    ],
)
def test_the_type_declares_markup_and_charset(web, fetch_here, kind, markup, charset):
    web.pages["/"] = answer(kind=kind)
    capture = fetch_here(web.at())
    assert (capture.markup, capture.charset) == (markup, charset)


def test_gzip_and_chunks_are_undone(web, fetch_here):
    packed = gzip.compress(HTML)
    web.pages["/packed"] = answer(packed, Content_Encoding="gzip")
    chunk = f"{len(packed):x}\r\n".encode() + packed + b"\r\n0\r\n\r\n"
    web.pages["/both"] = answer(
        chunk, Content_Encoding="gzip", Transfer_Encoding="chunked", Content_Length=None
    )
    assert fetch_here(web.at("/packed")).raw == fetch_here(web.at("/both")).raw == HTML


def test_a_page_without_a_length_ends_with_the_connection(web, fetch_here):
    web.pages["/"] = answer(Content_Length=None)
    assert fetch_here(web.at()).raw == HTML


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_redirects_are_followed_and_the_last_place_is_kept(web, fetch_here, status):
    web.pages |= {"/old": moved("/new?a", status), "/new?a": answer()}
    capture = fetch_here(web.at("/old"))
    assert (capture.place, capture.url) == (web.at("/old"), web.at("/new?a"))


def test_no_connection_serves_a_second_request(web, fetch_here):
    def kept_open(out):
        out.write(answer())
        time.sleep(0.1)

    web.pages |= {"/a": moved("/b", Connection="keep-alive"), "/b": kept_open}
    fetch_here(web.at("/a"))
    assert web.paths() == ["/robots.txt", "/a", "/b"]
    assert len(set(web.clients)) == 3


def test_cookies_are_not_sent_back(web, fetch_here):
    web.pages |= {
        "/a": moved("/b", Set_Cookie="id=1"),
        "/b": moved("/c", Set_Cookie="id=2; Path=/"),
        "/c": answer(),
    }
    fetch_here(web.at("/a"))
    assert len(web.headers) == 4
    assert not [headers for headers in web.headers if "Cookie" in headers]


# Where it does not go


def test_outside_the_tests_this_machine_gets_no_request(web, refused):
    assert "127.0.0.1, which is not of the public internet" in refused(web.at(), allowed=is_public)
    assert "not of the public internet" in refused(
        f"http://127.0.0.1:{web.port}/", allowed=is_public
    )
    assert web.requests == []


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("localhost", "127.0.0.2"),
        ("127.0.0.2", "127.0.0.2"),
        ("2130706434", "127.0.0.2"),
        ("0x7f.2", "127.0.0.2"),
        ("[::1]", "::1"),
        ("[::ffff:7f00:2]", "::ffff:127.0.0.2"),
        ("inside.example", "10.0.0.7"),
        ("192.168.0.1", "192.168.0.1"),
        ("169.254.169.254", "169.254.169.254"),
        ("[fe80::1]", "fe80::1"),
        ("metadata.example", "fd00:ec2::254"),
    ],
)
def test_a_redirect_to_a_machine_inside_is_refused_before_any_connection(
    web, refused, monkeypatch, host, address
):
    target = f"http://{host}:{web.port}/secret"
    web.pages |= {"/": moved(target), "/secret": answer()}
    connected = []
    connect = socket.socket.connect
    monkeypatch.setattr(
        socket.socket, "connect", lambda s, to: connected.append(to[0]) or connect(s, to)
    )
    said = refused(web.at())
    assert said.startswith(f"redirected to “{target}”: ")
    assert f"has the address {address}, which is not of the public internet" in said
    assert web.paths() == ["/robots.txt", "/"]
    assert set(connected) <= {HERE}


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://mill.example/", "data:text/html,<p>mill", "gopher://x/"]
)
def test_a_redirect_to_another_scheme_is_refused(web, refused, target):
    web.pages["/"] = moved(target)
    assert refused(web.at()).startswith(
        f"redirected to “{target}”: only http and https are supported"
    )


def test_a_redirect_with_a_password_is_refused(web, refused):
    web.pages["/"] = moved(f"http://ada:secret@mill.example:{web.port}/b")
    assert "holds a name or a password" in refused(web.at())
    assert web.paths() == ["/robots.txt", "/"]


def test_redirects_in_a_circle_and_without_end_are_refused(web, refused):
    web.pages |= {"/a": moved("/b"), "/b": moved("/a")}
    assert refused(web.at("/a")) == "redirected to “/a”: a circle"
    web.pages |= {f"/{n}": moved(f"/{n + 1}") for n in range(20)}
    assert "the last of 9 redirects, which are too many" in refused(web.at("/0"))
    assert web.paths().count("/8") == 1
    assert "/9" not in web.paths()


def test_of_two_headers_of_a_name_the_first_counts(web, fetch_here):
    web.pages |= {"/": moved("/a\r\nLocation: /b"), "/a": answer()}
    assert fetch_here(web.at()).url == web.at("/a")


def test_a_redirect_to_nowhere_is_refused(web, refused):
    web.pages["/"] = moved(None)
    assert refused(web.at()) == "answered 302 but does not say where to go"


def test_a_host_with_one_address_inside_is_refused_whole(web, refused):
    said = refused(web.at(), resolve=lambda *_: [HERE, "10.0.0.7"])
    assert "has the address 10.0.0.7" in said
    assert web.requests == []


@pytest.mark.parametrize("lookups_before", [0, 1, 2])
def test_a_name_that_changes_its_mind_is_not_followed_to_its_second_address(
    serve, fetch_here, refused, lookups_before
):
    """A name is looked up for the page and for robots.txt, and the third time by nobody."""
    public = serve()
    inside = serve("127.0.0.2", public.port)
    public.pages["/"] = inside.pages["/"] = answer()
    answers = [[HERE]] * lookups_before + [["127.0.0.2"]] * 3

    def resolve(*_):
        return answers.pop(0)

    if lookups_before < 2:
        assert "has the address 127.0.0.2" in refused(public.at(), resolve=resolve)
    else:
        assert fetch_here(public.at(), resolve=resolve).raw == HTML
        assert len(answers) == 3
    assert inside.requests == []


def test_the_connection_looks_up_no_name_again(web, fetch_here, monkeypatch):
    web.pages["/"] = answer()
    looked_up = []
    look_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *a, **k: looked_up.append(host) or look_up(host, *a, **k),
    )
    fetch_here(web.at())
    assert set(looked_up) <= {HERE}


def test_an_address_that_takes_no_connection_is_passed_over_for_the_next(
    serve, fetch_here, refused
):
    web = serve()
    web.pages["/"] = answer()
    both = {HERE, "127.0.0.3"}
    found = fetch_here(
        web.at(), resolve=lambda *_: ["127.0.0.3", HERE], allowed=lambda address: address in both
    )
    assert found.raw == HTML
    only = refused(
        web.at(), resolve=lambda *_: ["127.0.0.3"], allowed=lambda address: address in both
    )
    assert "no connection" in only


def test_a_name_without_an_address_is_reported(refused):
    def unknown(*_):
        raise socket.gaierror(-2, "Name or service not known")

    assert refused("http://nowhere.example/", resolve=unknown) == (
        "no address is known for nowhere.example"
    )


# TLS


def test_the_name_of_the_host_is_verified_though_the_connection_goes_to_an_address(
    serve, certified, trust, fetch_here, refused
):
    web = serve(context=certified)
    web.pages["/"] = answer()
    assert fetch_here(web.at(scheme="https"), trust=trust).raw == HTML
    said = refused(web.at(scheme="https", host="inn.example"), trust=trust)
    assert "its certificate is not trusted: Hostname mismatch" in said
    assert "certificate is not trusted" in refused(web.at(scheme="https"))


def test_a_server_without_tls_is_reported(web, trust, refused):
    assert "no connection" in refused(web.at(scheme="https"), trust=trust)


# How much, and how long


def test_a_length_over_the_limit_is_refused_before_the_body(web, refused):
    web.pages["/"] = answer(Content_Length=50_001)
    assert "over 50,000 bytes" in refused(web.at())


def test_a_body_without_end_is_cut_off(web, refused):
    sent = []

    def endless(out):
        out.write(answer(b"", Content_Length=None))
        with suppress(OSError):
            while len(sent) < 10_000:
                out.write(b"<p>mill</p>" * 100)
                sent.append(1)

    web.pages["/"] = endless
    assert "over 50,000 bytes" in refused(web.at())
    assert len(sent) < 10_000


def test_chunks_without_end_are_cut_off(web, refused):
    def endless(out):
        out.write(answer(b"", Content_Length=None, Transfer_Encoding="chunked"))
        with suppress(OSError):
            while True:
                out.write(b"1;" + b"x" * 1000 + b"\r\nx\r\n")

    web.pages["/"] = endless
    assert "over 50,000 bytes" in refused(web.at())


def test_remarks_before_the_answer_without_end_are_cut_off(web, refused):
    def endless(out):
        with suppress(OSError):
            while True:
                out.write(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")

    web.pages["/"] = endless
    assert "over 50,000 bytes and no end" in refused(web.at())


def test_a_length_that_lies_is_refused_or_cuts_what_is_beyond(web, fetch_here, refused):
    web.pages["/short"] = answer(Content_Length=len(HTML) + 10)
    assert "not valid HTTP" in refused(web.at("/short"))
    web.pages["/long"] = answer(HTML + b"<p>beyond</p>", Content_Length=len(HTML))
    assert fetch_here(web.at("/long")).raw == HTML
    web.pages["/two"] = answer().replace(b"Content-Length", b"Content-Length: 5\r\nContent-Length")
    assert "not valid HTTP" in refused(web.at("/two"))


def test_a_decompression_bomb_is_stopped(web, refused):
    bomb = gzip.compress(bytes(30_000_000))
    assert len(bomb) < 50_000
    web.pages["/"] = answer(bomb, Content_Encoding="gzip")
    assert refused(web.at()) == "it decompresses to over 50,000 bytes"


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "deflate", "none", "utf-8"])
def test_encodings_that_are_not_true_change_nothing(web, fetch_here, encoding):
    web.pages["/"] = answer(gzip.compress(gzip.compress(HTML)), Content_Encoding=encoding)
    assert fetch_here(web.at()).raw == HTML
    web.pages["/"] = answer(HTML, Content_Encoding=encoding)
    assert fetch_here(web.at()).raw == HTML


@pytest.mark.parametrize("length", [MOST_HEADER_BYTES + 2 * 16_384, 200_000])
def test_headers_over_the_limit_are_refused(web, refused, length):
    web.pages["/"] = answer(X_Long="x" * length)
    assert "not valid HTTP" in refused(web.at())


def test_long_headers_within_the_limit_pass(web, fetch_here):
    web.pages["/"] = answer(X_Long="x" * (MOST_HEADER_BYTES - 1000))
    assert fetch_here(web.at()).raw == HTML


def test_what_is_no_http_is_refused(web, refused):
    web.pages["/"] = b"220 mill.example ESMTP\r\n"
    assert "not valid HTTP" in refused(web.at())
    web.pages["/"] = b""
    assert "not valid HTTP" in refused(web.at())


@pytest.mark.parametrize("where", ["head", "body"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_slow_drip_ends_with_the_total_time(serve, certified, trust, refused, where, scheme):
    web = serve(context=certified if scheme == "https" else None)
    start = answer(b"", Content_Length=None)
    web.pages["/robots.txt"] = answer(b"", "404 Not Found")

    def drip(out):
        out.write(start if where == "body" else b"HTTP/1.1 200 OK\r\nX-Slow: ")
        with suppress(OSError):
            for _ in range(200):
                out.write(b"x")
                time.sleep(0.02)

    web.pages["/"] = drip
    began = time.monotonic()
    limits = replace(LIMITS, read=0.3, total=0.6)
    said = refused(web.at(scheme=scheme), limits=limits, trust=trust)
    assert said == "took more than 0.6 seconds"
    assert time.monotonic() - began < 2


def test_a_server_that_falls_silent_is_left(web, refused):
    done = threading.Event()

    def silent(out):
        out.write(answer(b"<p>The", Content_Length=50))
        done.wait(3)

    web.pages["/"] = silent
    assert refused(web.at(), limits=replace(LIMITS, read=0.2)) == "nothing came for 0.2 seconds"
    done.set()


def test_a_handshake_that_does_not_end_is_left(trust, refused):
    with socket.create_server((HERE, 0)) as listening:
        url = f"https://mill.example:{listening.getsockname()[1]}/"
        said = refused(url, trust=trust, limits=replace(LIMITS, connect=0.2))
    assert "no connection within 0.2 seconds" in said


def test_what_comes_after_the_total_time_is_not_taken():
    class Late(httpcore.NetworkStream):
        def read(self, *_, **__):
            return b"x"

    assert _LimitedStream(Late(), Client(LIMITS)).read(1) == b"x"
    with pytest.raises(httpcore.ReadTimeout):
        _LimitedStream(Late(), Client(replace(LIMITS, total=0.0))).read(1)


def test_the_total_time_holds_over_all_addresses(trust, refused):
    began = time.monotonic()
    with socket.create_server((HERE, 0)) as listening:
        url = f"https://mill.example:{listening.getsockname()[1]}/"
        said = refused(
            url,
            trust=trust,
            limits=replace(LIMITS, connect=0.2, total=0.5),
            resolve=lambda *_: [HERE] * 20,
        )
    assert said == "took more than 0.5 seconds"
    assert time.monotonic() - began < 2


def test_time_that_a_name_takes_counts(web, refused):
    def slow(*_):
        time.sleep(0.3)
        return [HERE]

    web.pages["/"] = answer()
    limits = replace(LIMITS, total=0.2)
    assert refused(web.at(), limits=limits, resolve=slow) == "took more than 0.2 seconds"
    assert web.requests == []


# What is no page


@pytest.mark.parametrize(
    "status", ["404 Not Found", "410 Gone", "500 Oops", "503 Busy", "204 None"]
)
def test_other_answers_than_200_are_reported(web, refused, status):
    web.pages["/"] = answer(b"", status)
    assert refused(web.at()) == f"answered {status}"


def test_a_change_of_protocol_is_refused(web, refused):
    web.pages["/"] = answer(b"", "101 Switch", Upgrade="websocket")
    assert "not valid HTTP" in refused(web.at())


@pytest.mark.parametrize("kind", ["image/png", "application/json", "text/css"])
def test_other_types_than_pages_are_refused_unless_they_are_html(web, fetch_here, refused, kind):
    web.pages["/"] = answer(b'{"mill": "<p>open</p>"}', kind=kind)
    assert refused(web.at()) == f"neither HTML nor text but {kind}"
    web.pages["/"] = answer(kind=kind)
    assert (fetch_here(web.at()).raw, fetch_here(web.at()).markup) == (HTML, "html")
    web.pages["/"] = answer(kind=kind, Content_Length=10_000_000)
    assert "over 50,000 bytes" in refused(web.at())


# robots.txt


RULES = b"User-agent: *\nDisallow: /private\n\nUser-agent: boilerbench\nDisallow: /mine\n"


def test_robots_txt_is_obeyed(web, fetch_here, refused):
    web.pages |= {"/robots.txt": answer(RULES, kind="text/plain"), "/private": answer()}
    web.pages |= {"/mine": answer(), "/open": moved("/mine")}
    assert fetch_here(web.at("/private")).raw == HTML  # a rule for other programs
    assert "robots.txt disallows it for programs" in refused(web.at("/mine"))
    assert "/mine" not in web.paths()
    assert refused(web.at("/open")).startswith("redirected to “/mine”: its robots.txt")
    assert "/mine" not in web.paths()


def test_robots_txt_of_each_host_on_the_way_is_read(web, refused):
    web.pages |= {"/robots.txt": lambda out: out.write(rules[len(web.paths()) > 2])}
    web.pages["/a"] = moved(web.at("/b", host="inn.example"))
    rules = [answer(b""), answer(b"User-agent: *\nDisallow: /")]
    assert "robots.txt disallows it for programs" in refused(web.at("/a"))
    assert [(host.partition(":")[0], path) for host, path in web.requests] == [
        ("mill.example", "/robots.txt"),
        ("mill.example", "/a"),
        ("inn.example", "/robots.txt"),
    ]


@pytest.mark.parametrize("status", ["400 Bad", "401 No", "403 No", "404 Not Found", "410 Gone"])
def test_without_a_robots_txt_all_is_allowed(web, fetch_here, status):
    web.pages |= {"/robots.txt": answer(b"User-agent: *\nDisallow: /", status), "/": answer()}
    assert fetch_here(web.at()).raw == HTML


@pytest.mark.parametrize("status", ["500 Oops", "503 Busy", "429 Slowly"])
def test_a_robots_txt_that_cannot_be_had_forbids_all(web, refused, status):
    web.pages |= {"/robots.txt": answer(b"", status), "/": answer()}
    said = refused(web.at())
    assert said.startswith(f"its robots.txt cannot be read (answered {status})")
    assert said.endswith("save the page and add the file")
    assert web.paths() == ["/robots.txt"]


def test_robots_txt_may_be_elsewhere_but_not_inside(web, fetch_here, refused):
    web.pages |= {"/rules": answer(RULES), "/": answer(), "/mine": answer()}
    web.pages["/robots.txt"] = moved("/rules", "301 M")
    assert fetch_here(web.at()).raw == HTML
    assert "disallows it for programs" in refused(web.at("/mine"))
    web.pages["/robots.txt"] = moved("http://inside.example/robots.txt")
    assert "10.0.0.7, which is not of the public internet" in refused(web.at())
    web.pages["/robots.txt"] = moved("file:///etc/passwd")
    assert "only http and https are supported" in refused(web.at())


def test_a_robots_txt_without_end_or_with_a_bomb_is_refused(web, refused):
    bomb = gzip.compress(bytes(30_000_000))
    web.pages |= {"/robots.txt": answer(bomb, Content_Encoding="gzip"), "/": answer()}
    assert "its robots.txt cannot be read (it decompresses to over" in refused(web.at())
    web.pages["/robots.txt"] = answer(b"#" * 60_000)
    assert "its robots.txt cannot be read (over 50,000 bytes" in refused(web.at())


def test_the_authorities_are_those_of_the_list_that_comes_with_the_kit():
    from corpus.acquire.http import _trusted

    context = _trusted()
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.cert_store_stats()["x509_ca"] > 50
