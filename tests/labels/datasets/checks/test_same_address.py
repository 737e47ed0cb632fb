import pytest

from labels.datasets.checks.same_address import address_of

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
def test_urls_of_one_page_are_one_address(url):
    assert address_of(url) == PAGE


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
def test_urls_of_other_pages_are_other_addresses(url):
    assert address_of(url) != PAGE


def test_percent_encoding_is_written_in_one_way():
    korean = address_of("https://a.example/갈목선")
    assert korean == address_of("https://a.example/%ea%b0%88%EB%AA%A9%EC%84%A0")
    # Bytes of an older encoding stay apart.
    assert address_of("http://a.example/?q=%B0%A1") != address_of("http://a.example/?q=%B0%A2")


def test_a_front_page_is_its_host():
    assert address_of("https://www.a.example/") == address_of("http://a.example") == "a.example"


@pytest.mark.parametrize("url", ["", "/b/c", "http://", "http://a.example:x/", "http://[a/"])
def test_what_has_no_host_is_no_address(url):
    assert address_of(url) is None
