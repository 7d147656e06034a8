"""The command line: `portal up`, `portal test`, `portal serve …` and the makers of checked-in files.

Each command's module is imported only when it runs, so that no command pays for the others.

Longer than most files, because every command of `portal` stands here once, with its help.
"""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Never

import typer

from chassis.listening import CannotListen
from portal_cli.events_commands import Data, events_app
from portal_cli.refusals import Refusal

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)
app.add_typer(events_app, name="events")


class Service(StrEnum):
    """What `portal serve` can run."""

    IDENTITY = "identity"
    BILLING = "billing"
    COLLABORATION = "collaboration"
    NOTIFICATIONS = "notifications"
    GATEWAY = "gateway"
    INTERFACE = "interface"
    MAILBOX = "mailbox"
    ALL = "all"


class ProcessKind(StrEnum):
    """The two processes of a service."""

    WEB = "web"
    WORKER = "worker"


Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]


@app.command()
def up(
    port: Port = 8080,
    data: Annotated[Path | None, typer.Option(help="Folder for all data (default: .portal in this folder).")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Delete the data of earlier runs and start afresh.")] = False,
    no_demo: Annotated[bool, typer.Option("--no-demo", help="Start empty, without the demo organisation.")] = False,
    origin: Annotated[
        list[str] | None,
        typer.Option(help="Where your front end runs, such as http://localhost:5173: its pages may use the portal."),
    ] = None,
    portal_url: Annotated[str, typer.Option(help="Where links in mails lead (default: the first --origin).")] = "",
    host: Host = "127.0.0.1",
) -> None:
    """Run the whole portal on this machine until Ctrl-C; nothing else needs to be installed."""
    from portal_cli.front_end import FrontEnd
    from portal_cli.up import run as run_portal

    front_end = FrontEnd.of(host=host, origins=origin or [], portal_url=portal_url)
    run_portal(port=port, data=data, fresh=fresh, demo=not no_demo, front_end=front_end)


@app.command("test")
def run_tests(
    paths: Annotated[list[str] | None, typer.Argument(help="Files or folders of tests, or `FILE::TEST`.")] = None,
    keyword: Annotated[str, typer.Option("-k", help="Run only tests whose names match this expression.")] = "",
    fast: Annotated[
        bool, typer.Option("--fast", help="Leave out tests that are slow, or need a broker or processes.")
    ] = False,
    style: Annotated[bool, typer.Option("--style", help="Only style, types, layers and schema changes.")] = False,
    soak: Annotated[
        bool, typer.Option("--soak", help="Only what is promised, in full and with figures: this takes hours.")
    ] = False,
) -> None:
    """Check everything: style, types, layers and tests, with a summary at the end. Or only what you name."""
    from portal_cli.testing import run, run_soak, run_style

    if style and (paths or keyword or fast or soak):
        raise typer.BadParameter(
            "This option checks the whole tree without running tests; use it alone.", param_hint="--style"
        )
    if soak and (paths or keyword or fast):
        raise typer.BadParameter("This option says itself which tests are run; use it alone.", param_hint="--soak")
    if style or soak:
        raise typer.Exit(run_style() if style else run_soak())
    raise typer.Exit(run(paths=paths or [], keyword=keyword, fast=fast))


@app.command()
def serve(
    service: Service,
    kind: Annotated[ProcessKind, typer.Argument(help="Services have both processes; all others have only `web`.")] = (
        ProcessKind.WEB
    ),
    host: Host = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Run one process of the portal; its settings come from the environment (PORTAL_…)."""
    from portal_cli.serving import run

    run(service.value, kind.value, host=host, port=port)


@app.command()
def migrate(
    service: Annotated[str, typer.Argument(help="One service (default: all).")] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; say what would be done, and fail if anything would.")
    ] = False,
    recount: Annotated[
        bool, typer.Option("--recount", help="Add up again what is owed, instead of keeping the stored sums.")
    ] = False,
) -> None:
    """Bring the databases to this version: indexes first, then every document. Safe to run again, and beside others."""
    from portal_cli.migrating import run

    raise typer.Exit(run(service, check=check, recount=recount))


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    data: Annotated[
        Path | None, typer.Option(help="Data folder of a running `portal up` (default: .portal in this folder).")
    ] = None,
) -> None:
    """Check connections, permissions, indexes, clocks and secrets; say what to do, and fail if anything is wrong."""
    from portal_cli.doctor import run
    from portal_cli.paths import DATA

    raise typer.Exit(run(data or DATA, as_json=as_json))


@app.command()
def backup(
    service: Annotated[str, typer.Argument(help="The service whose database to back up.")],
    to: Annotated[Path, typer.Option("--to", help="Folder of the backups: each becomes SERVICE/TIME in it.")],
    keep: Annotated[int, typer.Option(help="The number of backups of the service to keep; 0 keeps all.", min=0)] = 0,
) -> None:
    """Write one service's database into files, while everything runs."""
    from portal_cli.backups import back_up

    raise typer.Exit(back_up(service, to, keep))


@app.command()
def restore(
    service: Annotated[str, typer.Argument(help="The service whose database to fill; it must be empty.")],
    source: Annotated[Path, typer.Option("--from", help="Folder of the backups.")],
    at: Annotated[str, typer.Option(help="The newest that is not younger than this, as 20261130T021700Z.")] = "",
) -> None:
    """Bring one service's database back from its newest backup; then run `portal migrate`."""
    from portal_cli.backups import bring_back

    raise typer.Exit(bring_back(service, source, at))


@app.command()
def schema(
    check: Annotated[bool, typer.Option("--check", help="Only check: fail if a file is out of date.")] = False,
) -> None:
    """Write the GraphQL schemas of the services and of the gateway, and the supergraph."""
    from portal_cli.schemas import run

    raise typer.Exit(run(check=check))


@app.command()
def errors(
    check: Annotated[bool, typer.Option("--check", help="Only check: fail if a file is out of date.")] = False,
) -> None:
    """Write which codes each mutation may refuse with: docs/errors.md, and what the schemas say of it."""
    from portal_cli.error_catalogue import run

    raise typer.Exit(run(check=check))


@app.command()
def topology(
    check: Annotated[bool, typer.Option("--check", help="Only check: fail if a file is out of date.")] = False,
) -> None:
    """Write the policies of the portal's queues, which an operator applies to RabbitMQ, to deploy/rabbitmq."""
    from portal_cli.topology import run

    raise typer.Exit(run(check=check))


@app.command()
def settings(
    service: Annotated[str, typer.Argument(help="A service or `gateway` (default: all).")] = "",
    write: Annotated[bool, typer.Option("--write", help="Write docs/settings.md.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only check: fail if docs/settings.md is out of date.")
    ] = False,
) -> None:
    """Print every setting with its default and what it does."""
    from portal_cli.settings_table import run

    raise typer.Exit(run(service, write=write, check=check))


@app.command()
def chart(
    check: Annotated[bool, typer.Option("--check", help="Only check: fail if a file is out of date.")] = False,
) -> None:
    """Write the Helm chart, the alerts for Prometheus' operator and the dashboards for Grafana."""
    from portal_cli.chart import run

    raise typer.Exit(run(check=check))


@app.command()
def replay(
    service: Annotated[str, typer.Argument(help="The service whose parked messages to deliver again.")],
    data: Annotated[
        Path | None, typer.Option(help="Data folder of a running `portal up` (default: .portal in this folder).")
    ] = None,
) -> None:
    """Deliver the parked messages of a service again: on RabbitMQ (PORTAL_AMQP_URL), or in a running `portal up`."""
    from portal_cli.paths import DATA
    from portal_cli.replaying import run

    raise typer.Exit(run(service, data or DATA))


@app.command()
def aside(
    service: Annotated[str | None, typer.Argument(help="Only what this service has set aside (default: all).")] = None,
    retry: Annotated[str | None, typer.Option(help="Try this item again now; the list shows its ID.")] = None,
    retry_all: Annotated[bool, typer.Option("--retry-all", help="Try all of them again now.")] = False,
    data: Annotated[
        Path | None, typer.Option(help="Data folder of a running `portal up` (default: .portal in this folder).")
    ] = None,
) -> None:
    """List what the services have set aside because it cannot be read or decided upon, or try it again now."""
    from portal_cli.aside import run
    from portal_cli.paths import DATA

    raise typer.Exit(run(service, data or DATA, again=retry, again_all=retry_all))


mails_app = typer.Typer(no_args_is_help=True, help="Mails that failed or wait: list, show, retry, release, bounced.")
app.add_typer(mails_app, name="mails")


@mails_app.command("list")
def list_mails(
    status: Annotated[
        str | None, typer.Option(help="Only this status: queued, sent, failed, dropped (default: failed and queued).")
    ] = None,
    data: Data = None,
) -> None:
    """List the mails that failed or wait, the oldest first: at most 1,000 of each service."""
    from portal_cli.mails import show_list
    from portal_cli.paths import DATA

    raise typer.Exit(show_list(data or DATA, status))


@mails_app.command("show")
def show_mail(mail_id: Annotated[str, typer.Argument(help="The mail's ID, as listed.")], data: Data = None) -> None:
    """Show what is kept of one mail: to whom, about what, its tries, and why it failed."""
    from portal_cli.mails import show_one
    from portal_cli.paths import DATA

    raise typer.Exit(show_one(mail_id, data or DATA))


@mails_app.command("retry")
def retry_mails(
    mail_id: Annotated[str | None, typer.Argument(help="Only this mail (default: all that wait).")] = None,
    data: Data = None,
) -> None:
    """Try mails that wait at once."""
    from portal_cli.mails import change
    from portal_cli.paths import DATA

    raise typer.Exit(change("retry", mail_id, data or DATA))


@mails_app.command("release")
def release_mails(
    mail_id: Annotated[str | None, typer.Argument(help="Only this mail (default: all that failed).")] = None,
    data: Data = None,
) -> None:
    """Let mails that failed or came back try again from the beginning; what is no longer true is not sent."""
    from portal_cli.mails import change
    from portal_cli.paths import DATA

    raise typer.Exit(change("release", mail_id, data or DATA))


@mails_app.command("bounced")
def bounced_mail(
    envelope_to: Annotated[str, typer.Argument(help="The address it was sent to, as the mail server knows it.")] = "",
) -> None:
    """Book a message from standard input that came to a return path (PORTAL_MAIL_BOUNCES); for mail servers."""
    from portal_cli.mails import take_returned

    raise typer.Exit(take_returned(envelope_to, sys.stdin.buffer.read()))


person_app = typer.Typer(no_args_is_help=True, help="What is held of a contact, and its erasure: GDPR 15, 17, 20.")
app.add_typer(person_app, name="person")
ContactId = Annotated[str, typer.Argument(help="The ID of the contact, con_….")]


@person_app.command("export")
def export_person(
    contact_id: ContactId, to: Annotated[Path, typer.Option("--to", help="The JSON file to write.")]
) -> None:
    """Write everything that all services hold of a contact into one JSON file (PORTAL_MONGO_URL)."""
    from portal_cli.person import export

    raise typer.Exit(export(contact_id, to))


@person_app.command("erase")
def erase_person(contact_id: ContactId) -> None:
    """Erase a contact in all services; this is irreversible (PORTAL_MONGO_URL)."""
    from portal_cli.person import erase

    raise typer.Exit(erase(contact_id))


@person_app.command("state")
def person_state(contact_id: ContactId) -> None:
    """Say how far the erasure of a contact is, what stays and why; fail while it is not done (PORTAL_MONGO_URL)."""
    from portal_cli.person import state

    raise typer.Exit(state(contact_id))


@person_app.command("again")
def erase_again() -> None:
    """After a restore: erase once more everybody who was erased, as any of the databases knows (PORTAL_MONGO_URL)."""
    from portal_cli.person import again

    raise typer.Exit(again())


@app.command()
def series() -> None:
    """Check the numbers of estimates and invoices for gaps and duplicates (PORTAL_MONGO_URL); fail if there are any."""
    from portal_cli.series import run as run_series

    raise typer.Exit(run_series())


def refuse(error: Exception) -> Never:
    """Say one sentence on standard error and exit with 1."""
    sys.stderr.write(f"portal: {error}\n")
    sys.exit(1)


def run() -> None:
    """Run what the arguments of the process ask for."""
    try:
        app(prog_name="portal")
    except (Refusal, CannotListen) as refusal:
        refuse(refusal)
