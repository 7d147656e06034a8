"""The programs of others that the tests hold the portal against, each at a pinned version.

`./portal test` builds what the cache lacks before the tests begin, and says what it left out and why. A driver in
`tests/foreign/` asks for its program by `tests.support.foreign.program(TOOL)`.
"""

from portal_cli.toolbox import Tool, maven_jars, python_packages

VERAPDF = Tool(
    "verapdf",
    "1.28.2",
    ("java", "mvn"),
    maven_jars("org.verapdf.apps", "greenfield-apps", "1.28.2"),
)

PYMUPDF = Tool("pymupdf", "2.0", (), python_packages("pymupdf==2.0"))

TOOLS: tuple[Tool, ...] = (VERAPDF, PYMUPDF)
"""In the order in which they are built: the slowest first, so that a failure is seen early."""
