"""Distinguish the addresses of the public internet, and look up those of a host.

Pages are requested from a machine that sees more than the web does: its own services, the network
it stands in, the metadata of its cloud. No URL and no redirect may lead to any of these.
Sources: the IANA registries of special-purpose addresses, RFC 6890 and its successors.
"""

import socket
from ipaddress import IPv4Address, ip_address, ip_network

# Beyond what `ipaddress` knows as not global, in any of the versions of Python supported here.
_CLOSED = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # shared by customers of a carrier; metadata of one cloud
        "168.63.129.16/32",  # the platform of another cloud, from inside
        "192.0.0.0/24",  # protocol assignments; metadata of a third
        "192.88.99.0/24",  # relays of 6to4
        "198.18.0.0/15",  # benchmarks
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",  # protocol assignments, Teredo among them, which embeds addresses
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 embeds addresses
        "3ffe::/16",  # given back
        "3fff::/20",  # documentation
    )
)
_UNICAST_6 = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an address is a unicast address of the public internet.

    Of IPv6, only global unicast is; an IPv4 address embedded by NAT64 counts as itself, and those
    embedded in other ways (mapped, 6to4, Teredo) are refused. An address with a zone is local.

    Raises:
        ValueError: if it is no address.
    """
    ip = ip_address(address)
    if "%" in address:
        return False
    if ip in _NAT64:
        ip = IPv4Address(int(ip) & 0xFFFF_FFFF)
    is_unicast = ip.version == 4 or ip in _UNICAST_6  # noqa: PLR2004 - the version of the protocol
    return is_unicast and ip.is_global and not any(ip in network for network in _CLOSED)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, in the order in which they should be tried.

    Raises:
        OSError: if it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
