"""Public is what the registries call public, in whatever clothes an address comes."""

from ipaddress import ip_network

import pytest

from core.outbound.addresses import is_public, permitted, read_address

PUBLIC = ["1.1.1.1", "93.184.215.14", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1",
          "198.17.0.1", "198.20.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "2001:4860::8888",
          "2400::1", "::ffff:1.1.1.1", "64:ff9b::101:101"]  # fmt: skip
PRIVATE = [
    "0.0.0.0", "0.255.255.255", "10.0.0.1", "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.1",
    "127.255.255.255", "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192",
    "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::127.0.0.1", "::8.8.8.8", "::ffff:0:7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8", "100::1",
    "2001::1", "2001:0:53aa:64c::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::",
    "2002:808:808::1", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0",
    "2606:4700::1111%eth0", "fec0::1", "ff02::1", "ff0e::1",
]  # fmt: skip


@pytest.mark.parametrize("text", PUBLIC)
def test_what_anybody_reaches_is_public(text: str) -> None:
    """Also right beside the borders of what is not."""
    address = read_address(text)
    assert address is not None
    assert is_public(address)


@pytest.mark.parametrize("text", PRIVATE)
def test_what_leads_inside_is_not(text: str) -> None:
    """Private, carriers', metadata, documentation, benchmarks, multicast, and IPv4 in every wrapping."""
    address = read_address(text)
    assert address is not None
    assert not is_public(address)


def test_an_operator_allows_networks_and_nothing_around_them() -> None:
    """A mapped address counts as the one that it means; a tunnel to an allowed network is not in it."""
    allowed = [ip_network("10.1.0.0/16"), ip_network("fd00::/64")]
    for text, answer in {
        "10.1.2.3": True,
        "10.2.0.1": False,
        "::ffff:10.1.2.3": True,
        "64:ff9b::10.1.2.3": False,
        "2002:a01:203::": False,
        "fd00::1": True,
        "fd00:0:0:1::1": False,
    }.items():
        address = read_address(text)
        assert address is not None
        assert permitted(address, allowed) is answer, text


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0177.0.0.1", "2130706433", "0x7f.0.0.1", "1.2.3.4."])
def test_what_is_no_address(text: str) -> None:
    """Names, and numbers that only some take for an address."""
    assert read_address(text) is None
