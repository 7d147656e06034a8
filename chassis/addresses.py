"""Addresses of clients: one writing for one client, and which clients count as one where tries are counted."""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

UNKNOWN = "unknown"
"""Stands for whatever is no address."""
_WITH_PORT = re.compile(r"\[(?P<v6>[^\]]+)\](?::\d{1,5})?|(?P<v4>\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}")
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""How translators write IPv4 addresses (RFC 6052): the whole of IPv4 within one /64."""
_TRANSLATED_LOCALLY = IPv6Network("64:ff9b:1::/48")
"""The same, by an operator's own plan (RFC 8215): where the IPv4 address is in it, only the operator knows."""
_ONE_SITE = 64
_LONGEST = 128
"""Characters; no address has more, whatever its zone is called."""


def plain(address: str) -> str:
    """Return an address as everybody writes it (RFC 5952), or `unknown` for what is none.

    Proxies write the same client as `203.0.113.7`, `203.0.113.7:49152`, `::ffff:203.0.113.7` or `[2001:DB8::7]:443`,
    and a socket that listens for both families calls every IPv4 client `::ffff:…`.
    """
    return _plain(address) if len(address) <= _LONGEST else UNKNOWN


@lru_cache(maxsize=4096)
def _plain(address: str) -> str:
    parsed = _parsed(address)
    return UNKNOWN if parsed is None else str(parsed)


def one_client(address: str) -> str:
    """Return under which name the tries of a client are counted.

    That is an IPv4 address, but the /64 of an IPv6 address: whoever has one of its addresses has all of them (RFC 4291,
    RFC 6177), so counting single ones would count nothing. Whatever is no address is its own name.
    """
    parsed = _parsed(address)
    if parsed is None:
        return address
    if isinstance(parsed, IPv4Address) or parsed in _TRANSLATED_LOCALLY:
        return str(parsed)
    if parsed in _TRANSLATED:
        return str(IPv4Address(int(parsed) & 0xFFFF_FFFF))
    return str(IPv6Network((int(parsed), _ONE_SITE), strict=False))


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    given = address.strip()
    if match := _WITH_PORT.fullmatch(given):
        given = match["v6"] or match["v4"]
    try:
        parsed = ip_address(given.partition("%")[0])
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed
