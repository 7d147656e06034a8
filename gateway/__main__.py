"""The gateway's command line: `python -m gateway serve --supergraph FILE`."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from graphql import GraphQLError, parse, print_schema

from chassis.listening import CannotListen
from chassis.logging import start_logging
from chassis.settings import load_settings
from chassis.siblings import MOST
from chassis.web import serve as serve_app
from chassis.web import serve_together
from gateway.bootstrap import build
from gateway.changes import find_changes
from gateway.deferral import Deferrals
from gateway.documented import render_settings
from gateway.errors import render_catalogue
from gateway.plan import render
from gateway.planner import PlanningError
from gateway.planner import explain as explain_plan
from gateway.planner import plan as make_plan
from gateway.settings import GatewaySettings
from gateway.supergraph import Supergraph
from gateway.supergraph.specifications import render_specifications

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A supergraph file.")]
Query = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A GraphQL document.")]
Operation = Annotated[
    str | None, typer.Option("--operation", help="The operation to use, if the document has several.")
]


@cli.command()
def serve(
    supergraph: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="The supergraph file; changes to it are picked up.")
    ],
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 4000,
    subgraph: Annotated[
        list[str] | None, typer.Option(metavar="NAME=URL", help="A subgraph's address; may be repeated.")
    ] = None,
    processes: Annotated[
        int, typer.Option(min=1, max=MOST, help="How many processes share the port; one for each core to be used.")
    ] = 1,
) -> None:
    """Serve any supergraph; every other setting comes from the environment (`PORTAL_…`)."""
    urls: dict[str, Any] = {"subgraph_urls": dict(map(_pair, subgraph))} if subgraph else {}
    settings = load_settings(GatewaySettings, supergraph=supergraph, **urls)
    with _said_plainly():
        app, readiness = build(settings)
        start_logging("gateway", settings.log_level)
        serve_one = partial(serve_app, app, host, port, readiness=readiness, drain_seconds=settings.drain_seconds)
        serve_together(processes, host, port, lambda beside: serve_one(beside=beside))


@cli.command()
def plan(file: File, query: Query, operation: Operation = None) -> None:
    """Print the query plan of an operation."""
    with _said_plainly():
        document = parse(query.read_text("utf-8"))
        deferral = Deferrals(document).always()
        typer.echo(render(make_plan(_supergraph(file), document, operation, deferral=deferral)))


@cli.command()
def explain(file: File, query: Query, operation: Operation = None) -> None:
    """Print what every stage of the planner makes of an operation."""
    with _said_plainly():
        typer.echo(explain_plan(_supergraph(file), parse(query.read_text("utf-8")), operation))


@cli.command()
def schema(file: File) -> None:
    """Print the schema that clients see."""
    with _said_plainly():
        typer.echo(print_schema(_supergraph(file).api_schema))


@cli.command()
def errors() -> None:
    """Print the catalogue of error codes."""
    typer.echo(render_catalogue())


@cli.command()
def settings() -> None:
    """Print every setting and limit with its default and meaning."""
    typer.echo(render_settings())


@cli.command()
def specifications() -> None:
    """Print the specifications of supergraphs and what is done with each."""
    typer.echo(render_specifications())


@cli.command()
def changes(
    old: File,
    new: File,
    accepted: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A list of accepted breaking changes.")
    ] = None,
) -> None:
    """Print what changes for clients from one schema or supergraph file to another; exit 1 when something breaks."""
    with _said_plainly():
        found = find_changes(old.read_text("utf-8"), new.read_text("utf-8"))
        refusals = found.refusals(accepted.read_text("utf-8") if accepted else "")
    typer.echo(found.render())
    for refusal in refusals:
        typer.echo(refusal, err=True)
    raise typer.Exit(1 if refusals else 0)


def _supergraph(file: Path) -> Supergraph:
    return Supergraph.from_sdl(file.read_text("utf-8"))


class _said_plainly:  # noqa: N801 - used like a function
    """Turns an expected refusal into one sentence on standard error and exit code 2."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValueError | OSError | PlanningError | GraphQLError | CannotListen):
            typer.echo(str(error), err=True)
            raise typer.Exit(2) from None


def _pair(text: str) -> tuple[str, str]:
    name, separator, url = text.partition("=")
    if not separator:
        raise typer.BadParameter(f"{text!r} does not have the form NAME=URL.")
    return name, url


if __name__ == "__main__":
    cli()
