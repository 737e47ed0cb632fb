import gzip

import pytest

from corpus import DataError
from corpus.acquire.http import AGENT
from corpus.acquire.robots import parse_rules

ALL = "User-agent: *\nDisallow: /"


def allows(body, path="/mill", charset=None):
    raw = body if isinstance(body, bytes) else body.encode()
    return parse_rules(raw, charset).can_fetch(f"https://mill.example{path}", AGENT)


@pytest.mark.parametrize(
    "body",
    [
        ALL,
        "\ufeff" + ALL,
        "\ufeff\ufeff" + ALL,
        "\u200b" + ALL,
        ALL.encode("utf-16"),
        ALL.encode("utf-16-le"),
        ALL.encode("utf-16-be"),
        ALL.replace("\n", "\r"),
        ALL.replace("\n", "\r\n"),
        ALL.replace("\n", "\u2028"),
        ALL.replace("\n", "\x0b"),
        ALL.replace("\n", "\n\n\n"),
        ALL.replace("a", "\0a\0"),
        ALL.replace(" ", "\xa0"),
        ALL.replace(" ", "\u3000").encode(),
        ALL.replace(" ", ""),
        ALL.replace(" ", "\t "),
        ALL.upper(),
        ALL.replace("\n", " # all\n# Allow: /\n"),
        ALL.replace("\n", " "),
        "Disallow: /",
        "# no group\nDisallow: /\n\nUser-agent: other\nDisallow:",
        "User-agent:\nDisallow: /",
        "User-agnet: *\nDisallow: /",
        "User-agent: *\nAllow: /inn\nSitemap: /s.xml\nDisallow: /",
        "User-agent: other\nUser-agent: *\nDisallow: /",
        "User-agent: *\nDisallow: /a\n\nUser-agent: *\nDisallow: /",
        "User-agent: *\nAllow: /\n\nUser-agent: BoilerBench\nDisallow: /",
        "User-agent: *\nAllow: /\n\nUser-agent: boilerbench/2.0 (x)\nDisallow: /",
        "<html><body><pre>\nUser-agent: *\nDisallow: /\n</pre></body></html>",
        "<!doctype html><p>User-agent: *<br>Disallow: /</p>",
        "\ufeff<pre>User-agent: *\nDisallow: /</pre>",
    ],
)
def test_what_forbids_all_in_any_spelling_forbids_all(body):
    assert not allows(body)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "# nothing",
        "User-agent: *\nDisallow:",
        "User-agent: other\nDisallow: /",
        "User-agent: *\nDisallow: /\n\nUser-agent: boilerbench\nAllow: /",
        "User-agent: *\nDisallow: /\nAllow: /mill",
        "# User-agent: * Disallow: /",
        # An error page is a file without a rule: RFC 9309, 2.3.1.1.
        "<!doctype html><title>404</title><p>Not found. Allow us to help you.</p>",
        "Not found",
    ],
)
def test_what_forbids_nothing_allows(body):
    assert allows(body)


@pytest.mark.parametrize(
    ("rule", "path", "allowed"),
    [
        # RFC 9309, 2.2.2 and 2.2.3
        ("/foo/bar?baz=quz", "/foo/bar?baz=quz", False),
        ("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", True),
        ("/foo/bar/ツ", "/foo/bar/%E3%83%84", False),
        ("/foo/bar/%E3%83%84", "/foo/bar/%E3%83%84", False),
        ("/foo/bar/%e3%83%84", "/foo/bar/ツ", False),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz", False),
        ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html", False),
        ("/path/foo-%24", "/path/foo-$", False),
        ("/*.gif$", "/a/b.gif", False),
        ("/*.gif$", "/a/b.gif?c", True),
        ("/Mill", "/mill", True),
        ("/mill", "/mills/1", False),
        ("mill", "/mill", True),
        ("*mill", "/old/mill", False),
    ],
)
def test_paths_are_compared_as_the_rfc_says(rule, path, allowed):
    assert allows(f"User-agent: *\nDisallow: {rule}", path) is allowed


def test_of_two_rules_the_longer_counts_and_of_equal_ones_the_one_that_allows():
    rules = "User-agent: *\nAllow: /mill/\nDisallow: /mill/old\nDisallow: /inn\nAllow: /inn"
    assert allows(rules, "/mill/new")
    assert not allows(rules, "/mill/old")
    assert allows(rules, "/inn")


@pytest.mark.parametrize(
    "body", [bytes(range(1, 32)) * 20, b"\x89PNG\r\n\x1a\n" + bytes(100), b"%PDF-1.7 and so on"]
)
def test_what_is_no_text_is_refused(body):
    with pytest.raises(DataError):
        parse_rules(body)


def answer(body, status="200 OK", encoding="identity"):
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nContent-Encoding: {encoding}"
    return f"{head}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    "rules",
    [
        answer(b"\xef\xbb\xbf" + ALL.encode()),
        answer(gzip.compress(ALL.encode())),
        answer(ALL.encode(), encoding="br"),
        answer(b"\x89PNG\r\n\x1a\n" + bytes(100)),
        answer(gzip.compress(ALL.encode())[:-3]),
    ],
)
def test_a_page_behind_such_a_file_is_not_requested(web, fetch_here, rules):
    web.pages |= {"/robots.txt": rules, "/": answer(b"<p>The mill is open.</p>")}
    with pytest.raises(DataError, match=r"its robots\.txt"):
        fetch_here(web.at())
    assert web.paths() == ["/robots.txt"]
