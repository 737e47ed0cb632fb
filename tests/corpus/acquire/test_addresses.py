import socket

import pytest

from corpus.acquire.addresses import is_public, resolve


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.1", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.9.9.9",
        "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192",
        "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
        "224.0.1.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    ],
)  # fmt: skip
def test_addresses_of_local_machines_and_networks_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
        "2002:808:808::1", "3ffe::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254",
        "fd20:ce::254", "fe80::1", "fe80::1%1", "2606:4700::1%1", "fec0::1", "ff02::1", "ff0e::1",
    ],
)  # fmt: skip
def test_local_and_embedding_addresses_of_ipv6_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        "93.184.215.14",
        "2606:4700:4700::1111",
        "2a00:1450:4001::1",
        "64:ff9b::808:808",
    ],
)
def test_addresses_of_the_web_are_public(address):
    assert is_public(address)


def test_what_is_no_address_is_an_error():
    with pytest.raises(ValueError, match="does not appear to be"):
        is_public("mill.example")


def test_all_addresses_of_a_host_are_given_once_and_in_order(monkeypatch):
    found = [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2606:4700::1", 80, 0, 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 80)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 80)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert resolve("mill.example", 80) == ["2606:4700::1", "1.1.1.1"]


def test_numbers_that_stand_for_an_address_are_seen_through():
    assert resolve("2130706433", 80) == ["127.0.0.1"]
    assert resolve("0x7f.1", 80) == ["127.0.0.1"]
