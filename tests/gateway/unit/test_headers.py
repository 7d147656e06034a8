# ruff: noqa: E501 - values stay in one line
"""Header rules by themselves."""

import pytest

from gateway.subgraphs.answers import header_pairs, is_safe_head
from gateway.subgraphs.headers import HeaderRules

RULES = HeaderRules(cookies={"identity": ("portal_refresh",)}, gateway_key=b"k", trusted_proxies=2)


def sent(headers: dict[bytes, bytes], address: str = "10.0.0.9", rules: HeaderRules = RULES) -> dict[str, str]:
    """Return what every subgraph gets."""
    return dict(header_pairs(rules.forward(headers, address).head))


@pytest.mark.parametrize(
    "value",
    [b"a\r\nx: 1", b"a\nx: 1", b"a\x00", b"\x7f", b"a" * 9_000],
)
def test_unsafe_values_are_left_out(value):
    """A value that would not arrive as itself is not forwarded, and the block stays safe."""
    travelling = RULES.forward(
        dict.fromkeys((b"authorization", b"accept-language", b"tracestate", b"cookie"), value), "x"
    )
    assert is_safe_head(travelling.head)
    assert "authorization" not in dict(header_pairs(travelling.head))
    assert travelling.private is None


@pytest.mark.parametrize(
    "traceparent",
    [b"", b"1", b"00-" + b"0" * 32 + b"-b7ad6b7169203331-01", b"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
     b"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", b"00-0af7651916cd43dd8448eb211c80319c-" + b"0" * 16 + b"-01"],
)  # fmt: skip
def test_a_malformed_trace_is_replaced(traceparent):
    """Only a well-formed trace is continued, and its state only with it."""
    first, second = (sent({b"traceparent": traceparent, b"tracestate": b"a=1"}) for _ in range(2))
    assert first["traceparent"] != second["traceparent"]
    assert len(first["traceparent"]) == 55
    assert "tracestate" not in first


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        (b"", "10.0.0.9"),
        (b"1.1.1.1", "1.1.1.1"),
        (b"6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (b"6.6.6.6, 1.1.1.1,2001:db8::1", "1.1.1.1"),
        (b"evil, 2.2.2.2", "unknown"),
        (b"1.1.1.1:49152, 2.2.2.2", "1.1.1.1"),
        (b"::ffff:1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (b"[2001:DB8::0:1]:443, 2.2.2.2", "2001:db8::1"),
    ],
)
def test_only_trusted_proxies_are_believed(forwarded, expected):
    """With two proxies the second entry from the right is the client; what is no address is unknown."""
    assert sent({b"x-forwarded-for": forwarded})["x-portal-client-address"] == expected
    assert sent({b"x-forwarded-for": forwarded}, rules=HeaderRules())["x-portal-client-address"] == "10.0.0.9"


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [
        (b"portal_refresh=a.b-c_d", {"identity": b"cookie: portal_refresh=a.b-c_d\r\n"}),
        (b"x=1; portal_refresh=a; y=2", {"identity": b"cookie: portal_refresh=a\r\n"}),
        (b"portal_refreshed=a", None),
        (b"x=portal_refresh=a", None),
        (b"", None),
    ],
)
def test_only_the_named_cookie_goes_to_its_subgraph(cookie, expected):
    """Other cookies never leave the gateway."""
    assert RULES.forward({b"cookie": cookie}, "x").private == expected


def test_credentials_tell_callers_apart():
    """Callers with other tokens, languages or cookies never share a fetch; trace and ids do not matter."""
    given = [
        {},
        {b"authorization": b"a"},
        {b"authorization": b"b"},
        {b"accept-language": b"a"},
        {b"cookie": b"portal_refresh=1"},
    ]
    keys = [RULES.forward(headers, "x").credentials for headers in given]
    assert len(set(keys)) == len(given)
    assert RULES.forward({b"x-request-id": b"request-1"}, "x").credentials == keys[0]


def test_ids_are_fresh():
    """Every request without ids gets its own."""
    made = [RULES.forward({}, "x") for _ in range(100)]
    assert len({one.request_id for one in made}) == len({one.trace_id for one in made}) == 100
    assert {len(one.request_id) for one in made} == {32}
