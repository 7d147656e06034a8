"""A subgraph's link that would be ignored is refused before anything is composed, with the reason."""

import pytest

from portal_cli.refusals import Refusal
from portal_cli.schemas import SERVICES, compose, subgraph_sdl
from portal_cli.subgraph_links import wrong_links

GOOD = '@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])'
WRONG = {
    "": "no address",
    "nonsense": "http or https",
    "federation/v2.9": "http or https",
    "//specs.apollo.dev/federation/v2.9": "http or https",
    "ftp://specs.apollo.dev/federation/v2.9": "http or https",
    "https://": "http or https",
    "https://[::1/federation/v2.9": "no address",
    "https://specs.apollo.dev/federation /v2.9": "http or https",
    "https://specs.apollo.dev": "name and version",
    "https://specs.apollo.dev/federation": "name and version",
    "https://specs.apollo.dev/federation/2.9": "name and version",
    "https://specs.apollo.dev/federation/v2": "name and version",
    "https://specs.apollo.dev/federation/v2.9.1": "name and version",
    "https://specs.apollo.dev/federation/v02.9": "name and version",
    "https://specs.apollo.dev/federation/latest": "name and version",
    "https://specs.apollo.dev/federation/v2.9?x=1": "name and version",
    "https://specs.apollo.dev/v2.9/federation": "name and version",
    "https://company.example/rules": "name and version",
    "https://specs.apollo.dev/federatoin/v2.9": "names nothing",
    "https://specs.apollo.dev/federation/v1.0": "names nothing",
    "https://specs.apollo.dev/federation/v3.0": "names nothing",
    "https://specs.apollo.dev/join/v0.5": "names nothing",
    "https://specs.apollo.dev/company/rules/v1.0": "not where",
    "http://specs.apollo.dev/federation/v2.9": "not where",
    "https://specs.apollo.example/federation/v2.9": "from elsewhere",
}
RIGHT = [
    "https://specs.apollo.dev/federation/v2.0",
    "https://specs.apollo.dev/federation/v2.9/",
    "https://specs.apollo.dev/link/v1.0",
    "https://specs.apollo.dev/tag/v0.3",
    "https://company.example/rules/v1.0",
    "https://company.example/deep/er/rules/v0.1",
    "http://localhost:3000/my-rules/v12.3",
]


@pytest.mark.parametrize("beside", [GOOD, ""])
@pytest.mark.parametrize("url", WRONG)
def test_a_link_that_leads_nowhere_is_refused(url: str, beside: str) -> None:
    """Alone or beside a good one: the subgraph, the address and the reason are told."""
    sdl = f'extend schema {beside} @link(url: "{url}")\ntype Query {{ a: Int }}'
    with pytest.raises(Refusal) as told:
        compose({"good": f"extend schema {GOOD}\ntype Query {{ b: Int }}", "bad": sdl})
    _, said = str(told.value).splitlines()
    assert said.startswith(f"[bad] @link(url: {url!r}) ")
    assert WRONG[url] in said


@pytest.mark.parametrize("link", ["@link", '@link(as: "x")', "@link(url: null)", "@link(url: 7)", '@link(url: ["a"])'])
def test_a_link_without_an_address_is_refused(link: str) -> None:
    """In a definition and in an extension of the schema."""
    for schema in (f"extend schema {link}", f"schema {link} {{ query: Query }}"):
        assert [reason.rpartition(") ")[2] for reason in wrong_links(schema)] == ["has no address."]


@pytest.mark.parametrize("url", RIGHT)
def test_a_link_that_can_be_followed_is_taken(url: str) -> None:
    """Federation's own, and those of others."""
    assert wrong_links(f'extend schema {GOOD} @link(url: "{url}", as: "it")') == []


def test_ours_are_right() -> None:
    """None of our own subgraphs links what nobody reads; what is no SDL is the composer's to refuse."""
    assert [reason for service in SERVICES for reason in wrong_links(subgraph_sdl(service))] == []
    assert wrong_links("type {") == []


def test_policies_are_refused_before_anybody_believes_in_them() -> None:
    """Nothing beside the gateway decides them; `@requiresScopes` is kept."""
    link = '@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@policy", "@requiresScopes"])'
    with pytest.raises(Refusal, match=r"needs https://specs\.apollo\.dev/policy/v0\.1 for SECURITY"):
        compose({"a": f'extend schema {link} type Query {{ a: Int @policy(policies: [["p"]]) }}'})
    kept = compose({"a": f'extend schema {link} type Query {{ a: Int @requiresScopes(scopes: [["s"]]) }}'})
    assert '@requiresScopes(scopes: [["s"]])' in kept
