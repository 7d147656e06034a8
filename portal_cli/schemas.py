"""`portal schema`: each service's subgraph SDL, the supergraph composed from them, and the API that clients see."""

import subprocess
import tempfile
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, print_schema

from gateway.supergraph import Supergraph, SupergraphError
from portal_cli import node
from portal_cli.checked_in import CheckedIn, settle
from portal_cli.paths import GATEWAY_SCHEMA, MOCK_SCHEMA, ROOT, SERVICES, SUPERGRAPH, TOOLS
from portal_cli.refusals import Refusal
from portal_cli.subgraph_links import wrong_links

COMMAND = "./portal schema"


def run(*, check: bool) -> int:
    """Write or compare every schema file; return the exit code."""
    return settle(files(), check=check)


def files() -> CheckedIn:
    """Return every schema file.

    Raises:
        Refusal: when the subgraphs do not compose, with the composer's reasons.
    """
    subgraphs = {service: subgraph_sdl(service) for service in SERVICES}
    made = {subgraph_file(service): sdl for service, sdl in subgraphs.items()}
    supergraph = compose(subgraphs)
    made[SUPERGRAPH] = supergraph
    schema = Supergraph.from_sdl(supergraph).api_schema
    made[GATEWAY_SCHEMA] = print_schema(schema) + "\n"
    made[MOCK_SCHEMA] = print_schema(without_defer(schema)) + "\n"
    return CheckedIn(made, COMMAND)


def subgraph_file(service: str) -> Path:
    """Return where a service's SDL is checked in."""
    return ROOT / "services" / service / "api" / "schema.graphql"


def without_defer(schema: GraphQLSchema) -> GraphQLSchema:
    """Return the schema for mock servers: graphql 17 runs nothing where an experimental directive is declared."""
    parts: dict[str, Any] = {**schema.to_kwargs()}
    parts["directives"] = [one for one in schema.directives if one.name != "defer"]
    return GraphQLSchema(**parts)


def subgraph_sdl(service: str) -> str:
    """Return the SDL of a service's subgraph."""
    return import_module(f"services.{service}.api.schema").SCHEMA.as_str() + "\n"


def compose(subgraphs: Mapping[str, str]) -> str:
    """Return the supergraph SDL of subgraphs, by name.

    The addresses in it are those of `docker-compose.yml`; `PORTAL_SUBGRAPH_<NAME>_URL` replaces them.

    Raises:
        Refusal: when they do not compose, with the composer's reasons, or link what would be ignored or what the
            gateway cannot do, as `@policy`.
    """
    if wrong := [f"[{name}] {reason}" for name, sdl in subgraphs.items() for reason in wrong_links(sdl)]:
        raise Refusal("The schemas do not compose:\n" + "\n".join(wrong))
    tool = TOOLS / "composition"
    try:
        node.install(tool)
    except (node.NodeMissing, subprocess.CalledProcessError) as error:
        raise Refusal(f"The schemas cannot be composed: {error}") from None
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / f"{name}.graphql" for name in subgraphs}
        for name, file in files.items():
            file.write_text(subgraphs[name])
        arguments = [f"{name}=http://{name}:8000/graphql={file}" for name, file in files.items()]
        command = ["node", str(tool / "compose.mjs"), *arguments]
        done = subprocess.run(command, env=node.environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refusal(f"The schemas do not compose:\n{done.stderr}")
    try:
        Supergraph.from_sdl(done.stdout)
    except SupergraphError as error:
        raise Refusal(f"The schemas compose, but the gateway would not serve them: {error}.") from None
    return done.stdout
