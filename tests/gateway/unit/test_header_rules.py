"""Header rules: what goes to which subgraph, what never does, and how several answers' headers become one."""

from typing import Any

import pytest

from gateway.subgraphs.answers import header_pairs, is_safe_head
from gateway.subgraphs.header_rules import merged, read_rules, strictest
from gateway.subgraphs.headers import HeaderRules

CLIENT = {
    b"authorization": b"Bearer t",
    b"x-tenant": b"t1",
    b"x-tenant-plan": b"gold",
    b"x-old": b"o",
    b"x-hop": b"h",
    b"connection": b"keep-alive, X-Hop",
    b"cookie": b"a=b",
    b"te": b"trailers",
    b"x-portal-gateway-key": b"forged",
    b"x-odd": b"a\r\nb: c",
}


def sent(rules: dict[str, Any], subgraph: str = "billing") -> dict[str, str]:
    """Return what one subgraph gets of the client's and of the rules."""
    travelling = HeaderRules(gateway_key=b"k", rules=read_rules(rules)).forward(CLIENT, "10.0.0.9")
    head = travelling.head_for(subgraph)
    assert is_safe_head(head)
    pairs = header_pairs(head)
    assert len(pairs) == len(dict(pairs))
    assert dict(pairs)["x-portal-gateway-key"] == "k"
    own = ("x-request-id", "traceparent", "x-portal-client-address", "x-portal-gateway-key")
    return {name: value for name, value in pairs if name not in own}


TOKEN = {"authorization": "Bearer t"}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], TOKEN),
        ([{"propagate": "X-Tenant"}], TOKEN | {"x-tenant": "t1"}),
        ([{"propagate": "x-old", "as": "x-new"}], TOKEN | {"x-new": "o"}),
        ([{"propagate": "x-none", "default": "d"}], TOKEN | {"x-none": "d"}),
        ([{"propagate": "x-tenant", "default": "d"}], TOKEN | {"x-tenant": "t1"}),
        ([{"propagate": "x-none"}], TOKEN),
        ([{"propagate_matching": "x-tenant.*"}], TOKEN | {"x-tenant": "t1", "x-tenant-plan": "gold"}),
        ([{"propagate_matching": "tenant"}], TOKEN),
        ([{"propagate_matching": ".*"}], TOKEN | {"x-tenant": "t1", "x-tenant-plan": "gold", "x-old": "o"}),
        ([{"insert": "x-from", "value": "gateway"}], TOKEN | {"x-from": "gateway"}),
        ([{"insert": "authorization", "value": "Basic x"}], {"authorization": "Basic x"}),
        ([{"remove": "Authorization"}], {}),
        (
            [{"propagate_matching": "x-.*"}, {"remove_matching": "x-tenant-.*"}],
            TOKEN | {"x-tenant": "t1", "x-old": "o"},
        ),
        ([{"propagate": "x-hop"}], TOKEN),
        ([{"propagate": "x-odd", "default": "d"}], TOKEN | {"x-odd": "d"}),
        ([{"propagate": "cookie"}], TOKEN | {"cookie": "a=b"}),
    ],
)
def test_rules_are_followed_in_order(rules: list[dict[str, str]], expected: dict[str, str]) -> None:
    """By name, by pattern, under another name, with a default; for one subgraph as for all, and for no other."""
    assert sent({"billing": rules}) == expected
    assert sent({"*": rules}) == expected
    assert sent({"billing": rules}, "identity") == TOKEN


def test_rules_for_all_come_before_those_for_one() -> None:
    """One subgraph may be told less than all are."""
    rules = {"billing": [{"remove": "x-tenant"}], "*": [{"propagate": "x-tenant"}]}
    assert sent(rules) == TOKEN
    assert sent(rules, "identity") == TOKEN | {"x-tenant": "t1"}


def test_callers_who_differ_in_what_rules_send_share_nothing() -> None:
    """What goes to a subgraph is part of who asks."""
    rules = HeaderRules(rules=read_rules({"billing": [{"propagate": "x-tenant"}]}))
    one, other = (rules.forward({b"x-tenant": value}, "x").credentials for value in (b"1", b"2"))
    assert one != other


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"propagate": "a", "remove": "b"},
        {"remove": "a", "value": "b"},
        {"insert": "a"},
        {"insert": "a", "value": "b\r\nc: d"},
        {"propagate": "a b"},
        {"propagate": "a", "as": "host"},
        {"insert": "x-portal-gateway-key", "value": "b"},
        {"propagate": "Transfer-Encoding"},
        {"remove": "traceparent"},
        {"propagate_matching": "("},
        {"rename": "a"},
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused(rule: dict[str, str]) -> None:
    """At start, not with the first request."""
    with pytest.raises(ValueError, match=r"rule|header|expression"):
        read_rules({"*": [rule]})


def test_several_answers_headers_become_one() -> None:
    """All of them unless something else is said."""
    given = [
        (b"set-cookie", b"a"),
        (b"x-a", b"1"),
        (b"x-b", b"1"),
        (b"set-cookie", b"b"),
        (b"x-a", b"2"),
        (b"x-b", b"2"),
    ]
    assert merged(given, {}) == given
    assert merged(given, {b"x-a": "first", b"x-b": "last"}) == [
        (b"set-cookie", b"a"),
        (b"set-cookie", b"b"),
        (b"x-a", b"1"),
        (b"x-b", b"2"),
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["public, max-age=60"], "public, max-age=60"),
        (["public, max-age=60", "public, max-age=5"], "public, max-age=5"),
        (["public, max-age=60", "private, max-age=90"], "private, max-age=60"),
        (["public, max-age=60", "max-age=90"], "private, max-age=60"),
        (["public, max-age=60", "no-store"], "no-store"),
        (["public, max-age=60", "public"], "no-store"),
        (["public, max-age=60", ""], "no-store"),
        (["Public, Max-Age=60", 'public, max-age="30", must-revalidate'], "public, max-age=30, must-revalidate"),
        (["no-cache", "public, max-age=9"], "private, max-age=9, no-cache"),
        (["max-age=-1"], "no-store"),
    ],
)
def test_the_strictest_promise_of_caching_is_kept(values: list[str], expected: str) -> None:
    """The shortest age, the narrowest circle, every condition; who says nothing is not kept."""
    assert strictest([value.encode() for value in values]) == expected.encode()
