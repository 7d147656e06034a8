"""The programs of others that the tests hold the portal against, each at a pinned version.

`./portal test` builds what the cache lacks before the tests begin, and says what it left out and why. A driver in
`tests/foreign/` asks for its program by `tests.support.foreign.program(TOOL)`.
"""

from pathlib import Path

from portal_cli.toolbox import Tool, run


def _genqlient(folder: Path) -> None:
    """Build it in a module of its own, which generated clients are compiled in: the tools it names are too old for Go.

    The module's `go.mod` and `go.sum` stay beside the program.
    """
    flags = {"GOFLAGS": "-p=2 -mod=mod"}
    (folder / "go.mod").write_text("module portal\n\ngo 1.24\n")
    modules = ("github.com/Khan/genqlient@v0.8.1", "github.com/Khan/genqlient/graphql@v0.8.1")
    run(["go", "get", *modules, "golang.org/x/tools@v0.38.0"], folder=folder, env=flags)
    run(["go", "build", "-o", "genqlient", "github.com/Khan/genqlient"], folder=folder, env=flags)


GENQLIENT = Tool("genqlient", "0.8.1", ("go",), _genqlient)

TOOLS: tuple[Tool, ...] = (GENQLIENT,)
"""In the order in which they are built: the slowest first, so that a failure is seen early."""
