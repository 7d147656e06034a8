"""The programs of others that the tests hold the portal against, each at a pinned version.

`./portal test` builds what the cache lacks before the tests begin, and says what it left out and why. A driver in
`tests/foreign/` asks for its program by `tests.support.foreign.program(TOOL)`.
"""

from portal_cli.toolbox import Tool, python_packages, python_source

STDNUM = Tool("python-stdnum", "2.2", (), python_source("python-stdnum==2.2"))
"""Check digits of identifiers of the world; its tests, with their numbers, are only in the source distribution."""

BABELS = tuple(
    Tool("babel", version, (), python_packages(f"babel=={version}", "tzdata")) for version in ("2.18.0", "2.19.0")
)
"""The lowest and the newest release that `pyproject.toml` allows."""

TOOLS: tuple[Tool, ...] = (STDNUM, *BABELS)
"""In the order in which they are built: the slowest first, so that a failure is seen early."""
