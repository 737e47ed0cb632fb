import pytest

from corpus import DataError
from corpus.acquire.request_url import locate


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://mill.example", "http://mill.example/"),
        ("HTTPS://Mill.EXAMPLE:443/a?b=c#d", "https://mill.example/a?b=c"),
        ("http://mill.example:8080/a b/é?q=ü", "http://mill.example:8080/a%20b/%C3%A9?q=%C3%BC"),
        ("http://mill.example/%EA%B0%88", "http://mill.example/%EA%B0%88"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("http://방앗간.example/", "http://xn--s39a491ap1g.example/"),
        ("http://[2606:4700::1]:8080/", "http://[2606:4700::1]:8080/"),
    ],
)  # fmt: skip
def test_urls_are_written_in_one_way(url, found):
    assert locate(url).url == found


def test_a_url_is_taken_relative_to_the_one_it_was_found_at():
    base = locate("https://mill.example/news/today?page=1")
    assert locate("../a?b", base).url == "https://mill.example/a?b"
    assert locate("//inn.example/a", base).url == "https://inn.example/a"
    assert locate("http://mill.example/", base).url == "http://mill.example/"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "only http and https are supported, not 'file'"),
        ("ftp://mill.example/", "not 'ftp'"),
        ("data:text/html,<p>mill", "not 'data'"),
        ("javascript:alert(1)", "not 'javascript'"),
        ("mill.example/", "not ''"),
        ("http:///a", "names no host"),
        ("http://ada:secret@mill.example/", "holds a name or a password"),
        ("http://ada@mill.example/", "holds a name or a password"),
        ("http://mill.example:25/", "port 25 is not one that pages are served at"),
        ("http://mill.example:0/", "port 0 is not one"),
        ("http://mill.example:99999/", "not a URL"),
        ("http://[::1/", "not a URL"),
        ("http://mi ll.example/", "no host is called"),
        ("http://mill\\.example/", "no host is called"),
        ("http://xn--\u0301.example/", "no host is called"),
        ("http://[fe80::1%25eth0]/", "no host is called"),
    ],
)  # fmt: skip
def test_what_may_not_be_requested_is_refused_with_the_reason(url, reason):
    with pytest.raises(DataError, match=reason):
        locate(url)
