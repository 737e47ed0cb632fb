import socket

import pytest

from corpus.urls import canonical_url, site_of


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://example.com/a/b?c=d#e", "example.com"),
        ("http://news.bbc.co.uk/1/hi", "bbc.co.uk"),
        ("https://www.news.example.co.kr", "example.co.kr"),
        ("http://sub.dept.ac.kr", "dept.ac.kr"),
        ("https://user:secret@WWW.Example.COM:8080/", "example.com"),
        ("http://www.example.com./", "example.com"),
        ("//cdn.example.de/x", "example.de"),
        ("http://www.hasselried.example/", "hasselried.example"),
        ("http://뉴스.한글.한국/", "한글.한국"),
    ],
)
def test_the_site_is_the_registrable_domain(url, site):
    assert site_of(url) == site


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("example.com", "example.com"),
        ("www.example.com", "example.com"),
        ("example.com/a", "example.com"),
    ],
)
def test_a_host_name_will_do(host, site):
    assert site_of(host) == site


def test_hosts_below_a_shared_suffix_are_sites_of_their_own():
    assert site_of("http://ann.blogspot.com/x") == "ann.blogspot.com"
    assert site_of("http://www.ann.blogspot.com/") == "ann.blogspot.com"
    assert site_of("https://bob.github.io") == "bob.github.io"


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("http://192.168.1.1/x", "192.168.1.1"),
        ("http://10.0.1.1:80/", "10.0.1.1"),
        ("http://[2001:db8::1]/", "2001:db8::1"),
        ("http://localhost:8000", "localhost"),
        ("http://com/", "com"),
    ],
)
def test_a_host_without_a_domain_is_a_site_by_itself(url, site):
    assert site_of(url) == site


@pytest.mark.parametrize(
    "url", ["", "/a/path", "file:///tmp/x", "http://", "http:///x", "http://[bad"]
)
def test_where_there_is_no_host_there_is_no_site(url):
    assert site_of(url) is None


def test_no_site_needs_the_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("a site was looked up")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    site_of.cache_clear()
    assert site_of("https://www.never-seen-before.example.org") == "example.org"


PAGE = "a.example/b/c?p=1&q=2"


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/b/c?p=1&q=2",
        "https://www.a.example/b/c/?q=2&p=1",
        "HTTPS://user@WWW.A.example:443/b/c?p=1&q=2#part",
        "http://a.example:80/b/c?p=1&utm_source=x&q=2&utm_campaign=y",
        "http://a.example/b/c?p=1&q=2&gclid=a&FBCLID=b&srsltid=c&mc_eid=d&",
        " http://a.example/%62/c?p=1&q=2 ",
    ],
)
def test_urls_of_one_page_have_one_canonical_url(url):
    assert canonical_url(url) == PAGE


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/B/c?p=1&q=2",
        "http://a.example/b/c?p=1&q=3",
        "http://a.example/b/c",
        "http://a.example:8080/b/c?p=1&q=2",
        "http://m.a.example/b/c?p=1&q=2",
        "http://a.example/b/c?p=1&q=2#!/d",
        "http://a.example/b/c?p=1&q=2&form=gclid",
        "ftp://a.example/b/c?p=1&q=2",
    ],
)
def test_urls_of_other_pages_have_another(url):
    assert canonical_url(url) != PAGE


def test_percent_encoding_is_uniform():
    korean = canonical_url("https://a.example/갈목선")
    assert korean == canonical_url("https://a.example/%ea%b0%88%EB%AA%A9%EC%84%A0")
    # Bytes of an older encoding stay apart.
    assert canonical_url("http://a.example/?q=%B0%A1") != canonical_url(
        "http://a.example/?q=%B0%A2"
    )


def test_a_front_page_is_its_host():
    assert (
        canonical_url("https://www.a.example/") == canonical_url("http://a.example") == "a.example"
    )


@pytest.mark.parametrize("url", ["", "/b/c", "http://", "http://a.example:x/", "http://[a/"])
def test_without_a_host_there_is_no_canonical_url(url):
    assert canonical_url(url) is None
