"""Second factors as owners rule over them."""

from portal_cli.demo.people import Person as Somebody
from tests.browser.businesses import colleague_with_app, confirmed
from tests.browser.conftest import Enter
from tests.browser.people import Person
from tests.browser.test_team import row_of
from tests.e2e.test_up import Portal


def log_in(person: Person, who: Somebody, path: str) -> None:
    """Open a page, and log in where it leads."""
    person.opens(path)
    person.types("E-mail address", who.email)
    person.types("Password", who.password)
    person.presses("Log in")


def test_an_owner_takes_a_lost_second_factor_away(portal: Portal, someone: Enter) -> None:
    """Before it, the colleague's password leads to a second step; after it, the password alone lets in."""
    owner, as_owner = confirmed(portal)
    nora = colleague_with_app(portal, as_owner)
    rosa, colleague = someone("Rosa"), someone("Nora")
    log_in(colleague, nora, "/staff")
    colleague.heading("One more step")

    log_in(rosa, owner, "/staff/settings")
    row_of(rosa, nora.name).get_by_role("button", name="Edit").click()
    rosa.presses("Take the second factor away")
    rosa.sees("The password alone is enough now")

    log_in(colleague, nora, "/staff")
    colleague.heading("Overview")
