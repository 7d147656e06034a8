"""Clients' addresses: one writing for one client, and who counts as one where tries are counted."""

import pytest

from chassis.addresses import one_client, plain


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:49152", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::FFFF:CB00:7107", "203.0.113.7"),
        ("[::ffff:203.0.113.7]:49152", "203.0.113.7"),
        ("0:0:0:0:0:ffff:203.0.113.7", "203.0.113.7"),
        ("2001:DB8::0:7", "2001:db8::7"),
        ("2001:0db8:0000:0000:0000:0000:0000:0007", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("fe80::1%eth0", "fe80::1"),
        (" 203.0.113.7 ", "203.0.113.7"),
        ("::1", "::1"),
    ],
)
def test_one_client_is_written_in_one_way(given: str, expected: str) -> None:
    """Whatever proxies and sockets for both families make of an address, it is the same client."""
    assert plain(given) == expected


@pytest.mark.parametrize(
    "given",
    ["", "unknown", "_hidden", "evil", "203.0.113", "203.0.113.256", "203.0.113.07", "203.0.113.7:", "1:2", "::1::",
     "[203.0.113.7", "2001:db8::7]:443", "203.0.113.7\r\nx: y", "203.0.113.7, 203.0.113.8", "١.٢.٣.٤", "3405803783"],
)  # fmt: skip
def test_what_is_no_address_is_unknown(given: str) -> None:
    """Nothing that a stranger writes gets through as it is."""
    assert plain(given) == "unknown"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("2001:DB8:1:2::1", "[2001:db8:1:2::2]:443"),
        ("203.0.113.7", "::ffff:203.0.113.7"),
        ("203.0.113.7", "64:ff9b::203.0.113.7"),
        ("203.0.113.7:1", "203.0.113.7:2"),
    ],
)
def test_who_shares_tries(one: str, other: str) -> None:
    """Who has one address of an IPv6 network has all of it, and IPv4 stays IPv4 whichever way it came."""
    assert one_client(one) == one_client(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:3::1"),
        ("203.0.113.7", "203.0.113.8"),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8"),
        ("64:ff9b::203.0.113.7", "64:ff9b::203.0.113.8"),
        ("64:ff9b:1::203.0.113.7", "64:ff9b:1::203.0.113.8"),
        ("unknown", "203.0.113.7"),
    ],
)
def test_who_does_not_share_tries(one: str, other: str) -> None:
    """Neighbours are not locked out together: not even behind a translator, where all of IPv4 is within one /64."""
    assert one_client(one) != one_client(other)
