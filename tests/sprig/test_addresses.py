"""IP addresses, against Python's own reader."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from chartkit.sprig.addresses import InvalidAddress, parse_address

GOOD = [
    "1.2.3.4",
    "255.255.255.255",
    "0.0.0.0",
    "::",
    "::1",
    "1::",
    "1:2:3:4:5:6:7:8",
    "fe80::1",
    "::ffff:1.2.3.4",
    "1:2::7:8",
]


@pytest.mark.parametrize("text", GOOD)
def test_addresses_are_read(text: str) -> None:
    assert parse_address(text) == ip_address(text).packed


def test_zone_is_left_out() -> None:
    assert parse_address("fe80::1%eth0") == ip_address("fe80::1").packed


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x", "unable to parse IP"),
        ("", "unable to parse IP"),
        ("%a", "missing IPv6 address"),
        ("1.2.3", "IPv4 address too short"),
        ("1.2.3.4.5", "IPv4 address too long"),
        ("1.2.3.256", "IPv4 field has value >255"),
        ("01.2.3.4", "IPv4 field has octet with leading zero"),
        ("1:2:3", "address string too short"),
        ("1:", 'colon must be followed by more characters (at ":")'),
        ("::1%", "zone must be a non-empty string"),
        ("1:2:3:4:5:6:7::8", "the :: must expand to at least one field of zeros"),
        ("1:2:3:4:5:6:7:8:9", 'trailing garbage after address (at "9")'),
    ],
)
def test_other_texts_are_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        parse_address(text)
    assert str(caught.value) == f'ParseAddr("{text}"): {reason}'
