"""What `portal up` prints when everything runs: where it is, and who can log in."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from portal_cli.demo import LogIn
from portal_cli.embedded import Embedded

_console = Console(highlight=False)


def say_addresses(embedded: Embedded) -> None:
    """Print where to find what."""
    table = Table(title="Addresses", title_justify="left", box=None, show_header=False)
    table.add_row("The portal: for clients, and below /staff for the business", embedded.interface_url)
    table.add_row("GraphQL, and a page to try it", embedded.graphql_url)
    table.add_row("Mailbox: every mail the portal sent", embedded.mailbox_url)
    table.add_row("Payment provider (sandbox)", embedded.sandbox_url)
    if embedded.front_end.origins:
        table.add_row("Your front end; links in mails lead to", embedded.portal_url)
    _console.print(table)


def say_people(log_ins: Sequence[LogIn]) -> None:
    """Print who can log in, and how."""
    table = Table(title="\nLog-ins of the demo organisation", title_justify="left", box=None)
    for column in ("who", "email", "password"):
        table.add_column(column, no_wrap=True)
    for log_in in log_ins:
        table.add_row(log_in.who, log_in.email, log_in.password)
    places = {log_in.who.split(",")[0]: log_in.where for log_in in log_ins}
    _console.print(table)
    for kind, where in places.items():
        _console.print(f" {kind}: logIn(input: {{email: …, password: …, {where}}})", soft_wrap=True)
