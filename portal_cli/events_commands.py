"""`portal events …`: what operators type about events; each command's module is imported only when it runs."""

from pathlib import Path
from typing import Annotated

import typer

events_app = typer.Typer(help="Events: what is parked, waits or passes by; alone, write their contract.")
Data = Annotated[
    Path | None, typer.Option("--data", help="Data folder of a running `portal up` (default: .portal in this folder).")
]
OfService = Annotated[str | None, typer.Argument(help="Only of this service (default: all).")]


@events_app.callback(invoke_without_command=True)
def events(
    context: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Only check: fail if a file is out of date.")] = False,
    release: Annotated[
        bool, typer.Option("--release", help="Keep the contract as that of the last release, to compare later ones.")
    ] = False,
) -> None:
    """Alone: write the contract of the published events (AsyncAPI, JSON Schemas, catalogue) to docs/events."""
    if context.invoked_subcommand is not None:
        return
    from portal_cli.event_contract import run

    code = run(check=check)
    if release and not code:
        from portal_cli.event_compatibility import release as keep

        typer.echo(f"kept: {keep()}")
    raise typer.Exit(code)


@events_app.command("parked")
def list_parked(service: OfService = None, data: Data = None) -> None:
    """List the messages that no reaction could handle: on RabbitMQ (PORTAL_AMQP_URL), or in a running `portal up`."""
    from portal_cli.events_parked import show_list
    from portal_cli.paths import DATA

    raise typer.Exit(show_list(service, data or DATA))


@events_app.command("show")
def show_parked(
    event_id: Annotated[str, typer.Argument(help="The event's ID, as listed by `parked`.")],
    service: OfService = None,
    data: Data = None,
) -> None:
    """Show a parked message: why, how often it was tried, and all that it says (which may be about people)."""
    from portal_cli.events_parked import show_one
    from portal_cli.paths import DATA

    raise typer.Exit(show_one(event_id, service, data or DATA))


@events_app.command("replay")
def replay_parked(
    service: Annotated[str, typer.Argument(help="The service whose parked messages to deliver again.")],
    event_id: Annotated[str | None, typer.Argument(help="Only this event (default: all).")] = None,
    data: Data = None,
) -> None:
    """Deliver parked messages again, once their cause is mended. What still fails is parked again."""
    from portal_cli.events_parked import replay as replay_events
    from portal_cli.paths import DATA

    raise typer.Exit(replay_events(service, event_id, data or DATA))


@events_app.command("outbox")
def list_outbox(service: OfService = None, data: Data = None) -> None:
    """List what is stored and not published yet: in the databases (PORTAL_MONGO_URL), or in a running `portal up`."""
    from portal_cli.events_waiting import show_list
    from portal_cli.paths import DATA

    raise typer.Exit(show_list(service, data or DATA))


@events_app.command("tail")
def tail_events(
    pattern: Annotated[str, typer.Option("--type", help="Types to show, such as 'billing.*' (quote it).")] = "*",
    organisation: Annotated[str | None, typer.Option(help="Only this organisation's (its ID).")] = None,
    count: Annotated[int, typer.Option(help="End after so many (default: with Ctrl-C).", min=0)] = 0,
    whole: Annotated[
        bool, typer.Option("--json", help="Whole events, a line of JSON each: they may be about people.")
    ] = False,
    data: Data = None,
) -> None:
    """Show events as they are published: on RabbitMQ (PORTAL_AMQP_URL), or in a running `portal up`."""
    from portal_cli.events_tail import run
    from portal_cli.paths import DATA

    raise typer.Exit(run(pattern, data or DATA, organisation=organisation, count=count, whole=whole))
