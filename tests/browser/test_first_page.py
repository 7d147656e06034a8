"""The first address that `./portal up` prints: a person opens it and is at the portal's door."""

import re

from tests.browser.conftest import Enter
from tests.e2e.test_up import Portal

_PASSWORD = "northwind-pier-42"


def test_the_first_address_is_the_portal(portal: Portal, someone: Enter) -> None:
    """It leads to the log-in of the demo's portal, and after that to what the client owes."""
    found = re.search(r"http://\S+", portal.printed)
    assert found
    assert found[0] == f"http://127.0.0.1:{portal.port}/"
    mary = someone("Mary")

    mary.opens("/")
    mary.heading(re.compile("Northwind"))
    mary.is_accessible("log-in")
    mary.fits_a_phone("log-in")
    mary.types("E-mail address", "mary@mapleridge.example")
    mary.types("Password", _PASSWORD)
    mary.presses("Log in")

    mary.heading("Maple Ridge Inc.")
    mary.is_accessible("client-home")
    mary.fits_a_phone("client-home")
