"""The programs of others that the tests hold the portal against, each at a pinned version.

`./portal test` builds what the cache lacks before the tests begin, and says what it left out and why. A driver in
`tests/foreign/` asks for its program by `tests.support.foreign.program(TOOL)`.
"""

from functools import partial
from pathlib import Path

from portal_cli.paths import TOOLS as SOURCES
from portal_cli.toolbox import Tool, python_packages, run


def _go_module(source: Path, folder: Path) -> None:
    """Build the program of a module below `tools/`, at the versions of its `go.sum`."""
    run(["go", "build", "-p", "2", "-trimpath", "-o", folder / source.name, "."], folder=source)


TOKEN_LIBRARIES_PYTHON = Tool(
    "token-libraries-python",
    "pyjwt-2.15.1-authlib-1.9.10",
    (),
    python_packages("PyJWT[crypto]==2.15.1", "Authlib==1.9.10"),
)
TOKEN_LIBRARIES_GO = Tool(
    "token-libraries-go",
    "golang-jwt-5.3.1-jwx-3.4.0-go-oidc-3.21.0",
    ("go",),
    partial(_go_module, SOURCES / "token-verifiers"),
)

TOOLS: tuple[Tool, ...] = (TOKEN_LIBRARIES_GO, TOKEN_LIBRARIES_PYTHON)
"""In the order in which they are built: the slowest first, so that a failure is seen early."""
