"""The specifications that the composers of supergraphs write, and what the gateway does with each.

Composers: `@apollo/composition` 2.14.4 and `@theguild/federation-composition` 0.27.0. What is not here, or linked in
another version, is unknown: it is refused where the file says `for: SECURITY` or `for: EXECUTION`, else ignored.
"""

import re
from dataclasses import dataclass
from typing import Literal

HOME = "https://specs.apollo.dev"
Deed = Literal["used", "ignored", "ignored without a purpose", "refused"]


@dataclass(frozen=True, slots=True)
class Specification:
    """One specification: its versions as a regular expression and as text, what is done with it, and why."""

    name: str
    versions: str
    shown: str
    deed: Deed
    why: str


SPECIFICATIONS = (
    Specification("link", r"1\.\d+", "1", "used", "Which specifications the file needs, and by which names."),
    Specification("core", r"0\.[12]", "0.1, 0.2", "used", "The `link` of Federation 1."),
    Specification("join", r"0\.[1-5]", "0.1 to 0.5", "used", "What each subgraph resolves, and by which keys."),
    Specification("inaccessible", r"0\.[12]", "0.1, 0.2", "used", "What clients never see."),
    Specification("context", r"0\.1", "0.1", "used", "Where contextual arguments (`@fromContext`) get their values."),
    Specification("tag", r"0\.[123]", "0.1 to 0.3", "ignored", "Names for contracts, which are cut when composing."),
    Specification("cacheTag", r"0\.1", "0.1", "ignored", "Names for entries of caches; this gateway has none."),
    Specification(
        "cost",
        r"0\.1",
        "0.1",
        "ignored without a purpose",
        "Weights for demand control (`@cost`, `@listSize`); the gateway has limits of its own.",
    ),
    Specification("authenticated", r"0\.1", "0.1", "used", "What only those see who are logged in."),
    Specification("requiresScopes", r"0\.1", "0.1", "used", "What only those see whose token has certain scopes."),
    Specification(
        "policy", r"0\.1", "0.1", "refused", "Decisions of a program beside the gateway, which has none; use scopes."
    ),
    Specification("source", r"0\.1", "0.1", "refused", "Subgraphs that are not GraphQL servers, as with `connect`."),
    Specification("connect", r"0\.[1-4]", "0.1 to 0.4", "refused", "Subgraphs that are not GraphQL servers."),
)


def serves(url: str) -> bool:
    """Tell whether a file that needs the specification for a purpose can be served."""
    found = re.fullmatch(rf"{re.escape(HOME)}/(\w+)/v([\d.]+)", url)
    known = (one for one in SPECIFICATIONS if found and one.name == found[1] and re.fullmatch(one.versions, found[2]))
    return any(one.deed in ("used", "ignored") for one in known)


def render_specifications() -> str:
    """Return the list as a Markdown table."""
    lines = [f"| `{one.name}` | {one.shown} | {one.deed} | {one.why} |" for one in SPECIFICATIONS]
    return "\n".join(["| specification | versions | here | why |", "|---|---|---|---|", *lines])
