"""The programs of others that the tests hold the portal against, each at a pinned version.

`./portal test` builds what the cache lacks before the tests begin, and says what it left out and why. A driver in
`tests/foreign/` asks for its program by `tests.support.foreign.program(TOOL)`.
"""

from pathlib import Path

from portal_cli import debian
from portal_cli.debian_root import NEEDS, debian_root
from portal_cli.toolbox import Tool, cargo_program


def _secantusdb(folder: Path) -> None:
    """Build it, after installing what WiredTiger inside it is built with."""
    if debian.can_install():
        debian.install("cmake", "zlib1g-dev")
    cargo_program("secantus-mdb", "0.5.3-beta.196", "--ignore-rust-version")(folder)


SECANTUSDB = Tool("secantus-mdb", "0.5.3-beta.196", ("cargo", "cc"), _secantusdb)
"""The second storage engine, `bin/secantusd-rs`: another implementation than the Python server, in one binary."""

_RABBITMQ = ("/usr/lib/rabbitmq/bin/rabbitmq-server", "/usr/lib/rabbitmq/bin/rabbitmqctl", "/usr/bin/epmd")


def _rabbitmq(version: str, suite: str, *, pinned: bool) -> Tool:
    build = debian_root(suite, "rabbitmq-server", version, _RABBITMQ)
    return Tool("rabbitmq", f"{version}-{suite}", NEEDS, build, as_root=True, pinned=pinned)


RABBITMQ_4_0 = _rabbitmq("4.0.5", "trixie", pinned=True)
RABBITMQ_4_3 = _rabbitmq("4.3.6", "sid", pinned=False)
"""The newest in Debian, which has no release that carries it: `sid` moves on, and then another version stands here."""

TOOLS: tuple[Tool, ...] = (SECANTUSDB, RABBITMQ_4_0, RABBITMQ_4_3)
"""In the order in which they are built: the slowest first, so that a failure is seen early."""
