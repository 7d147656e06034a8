"""One rule of what an e-mail address is, in every service."""

import pytest

from chassis.email_addresses import NotAnAddress, plain_address
from services.collaboration.domain import errors as collaboration
from services.collaboration.domain.text import checked_email
from services.identity.domain import errors as identity
from services.identity.domain.text import email_address

TAKEN = {
    "ada@client.example": "ada@client.example",
    "Ada.B+c@Sub.Client-X.Example": "Ada.B+c@sub.client-x.example",
    "o'neil@müller.example": "o'neil@xn--mller-kva.example",
    "x" * 64 + "@client.example": "x" * 64 + "@client.example",
}
REFUSED = (
    *("", "ada", "ada@", "@client.example", "ada@@client.example", "a..b@client.example", ".a@client.example"),
    *("a b@client.example", "ada@-client.example", "ada@127.0.0.1", "ada@[127.0.0.1]", "ada@client.e", "ada@client"),
    *("x" * 65 + "@client.example", "a@" + "x." * 126 + "example", "ädä@client.example", '"a"@client.example'),
)


@pytest.mark.parametrize(("typed", "address"), TAKEN.items())
def test_what_one_service_takes_all_take(typed: str, address: str) -> None:
    """A contact of identity's can be written to by collaboration, in the same form."""
    assert {plain_address(typed), email_address(typed), checked_email(typed, "email")} == {address}


@pytest.mark.parametrize("typed", REFUSED)
def test_what_one_service_refuses_all_refuse(typed: str) -> None:
    """Each says so by its own error."""
    with pytest.raises(NotAnAddress):
        plain_address(typed)
    with pytest.raises(identity.InvalidEmail):
        email_address(typed)
    with pytest.raises(collaboration.InvalidEmail):
        checked_email(typed, "email")


def test_a_host_of_ones_own_will_do_where_mails_are_sent() -> None:
    """`root@localhost` is no address of a client, and one that a mail server takes."""
    assert plain_address("root@localhost", within=True) == "root@localhost"
    with pytest.raises(NotAnAddress):
        plain_address("root@localhost")
