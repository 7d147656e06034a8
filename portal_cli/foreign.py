"""The programs of others that the tests hold the portal against, each at a pinned version.

`./portal test` builds what the cache lacks before the tests begin, and says what it left out and why. A driver in
`tests/foreign/` asks for its program by `tests.support.foreign.program(TOOL)`.
"""

from portal_cli.toolbox import Tool, go_program

STRIPE_MOCK = Tool(
    name="stripe-mock",
    version="0.203.0",
    needs=("go",),
    build=go_program("github.com/stripe/stripe-mock", "v0.203.0"),
)
"""Stripe's OpenAPI document of 2026-08-26 as a server."""

TOOLS: tuple[Tool, ...] = (STRIPE_MOCK,)
"""In the order in which they are built: the slowest first, so that a failure is seen early."""
