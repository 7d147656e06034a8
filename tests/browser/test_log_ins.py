"""How people come in and stay in, in a real browser: sessions, an app's codes, passkeys, and the links of mails."""

import json
import re
from io import BytesIO
from typing import Any
from urllib.parse import quote

import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Route, expect
from pyotp.totp import TOTP

from portal_cli.demo.mails import mailed_token
from portal_cli.demo.people import MARY
from tests.browser.conftest import Enter
from tests.browser.people import Person
from tests.browser.test_client import logged_in
from tests.browser.test_journeys import PASSWORD, log_in
from tests.e2e.test_up import Portal

_REGISTER = """
mutation Register($input: RegisterOrganisationInput!) {
  registerOrganisation(input: $input) { organisation { id } userErrors { code } }
}
"""


def log_out(person: Person, name: str) -> None:
    """Leave by the menu behind the initials."""
    person.page.get_by_role("button", name=name).click()
    person.page.get_by_role("menuitem", name="Log out").click()
    person.heading("Log in to your business")


def kept_codes(person: Person) -> list[str]:
    """Return the recovery codes that are shown, and close what shows them."""
    codes = person.page.locator(".codes li").all_inner_texts()
    person.presses("I have kept them")
    return codes


def turn_off(person: Person, code: str) -> None:
    """Go back to the password alone."""
    person.presses("Turn off")
    dialog = person.page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Code").fill(code)
    dialog.get_by_role("button", name="Confirm").click()
    expect(dialog).to_have_count(0)


def unproven_once(route: Route) -> None:
    """Refuse the first request to end a session, as the gateway does when a log-in is a while ago."""
    if "EndSession" not in (route.request.post_data or "") or route.request.method != "POST":
        route.fallback()
        return
    refusal = {"__typename": "UserError", "code": "PROOF_NEEDED", "message": "Prove it.", "field": None}
    ended = {"__typename": "EndSessionPayload", "done": None, "userErrors": [refusal]}
    route.fulfill(content_type="application/json", body=json.dumps({"data": {"endSession": ended}}))


def test_a_session_elsewhere_is_ended_after_a_proof_of_who_it_is(someone: Enter) -> None:
    """The other window is out with its next question; a password that is wrong is said beside its field."""
    mary = logged_in(someone, MARY, "/account/security")
    elsewhere = logged_in(someone, MARY)
    mary.page.reload()
    mary.heading("Where you are logged in")
    mary.is_accessible("client-security")
    mary.fits_a_phone("client-security")
    mary.page.route("**/graphql", unproven_once, times=1)
    sessions = mary.page.locator(".things li")
    there_were = sessions.count()
    sessions.nth(1).get_by_role("button").click()
    dialog = mary.page.get_by_role("dialog")
    dialog.get_by_label("Password").and_(mary.page.locator("input")).fill("not the password")
    dialog.get_by_role("button", name="Confirm").click()
    expect(dialog.get_by_text("This is not your present password.")).to_be_visible()
    mary.is_accessible("proof")
    dialog.get_by_label("Password").and_(mary.page.locator("input")).fill(MARY.password)
    dialog.get_by_role("button", name="Confirm").click()
    expect(sessions).to_have_count(there_were - 1)
    elsewhere.opens("/northwind/statement")
    expect(elsewhere.page.get_by_role("button", name="Log in", exact=True)).to_be_visible()
    mary.presses("End all others")
    expect(mary.page.get_by_role("button", name="End all others")).to_have_count(0)


def read(code: Locator) -> list[str]:
    """Return what a camera reads in what is shown."""
    return [found.text for found in zxingcpp.read_barcodes(Image.open(BytesIO(code.screenshot())))]


def test_an_app_is_set_up_asked_for_and_turned_off(someone: Enter) -> None:
    """A wrong code is refused at its field; a recovery code lets in once."""
    vera = someone("Vera")
    log_in(vera, "/staff/account/security", "vera@northwind.example")
    vera.presses("Set up an app")
    dialog = vera.page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Code").fill("nothing")
    dialog.get_by_role("button", name="Confirm").click()
    expect(dialog.get_by_text("This code is wrong or was used before.")).to_be_visible()
    code = dialog.get_by_role("img", name="QR code")
    expect(code.locator("path")).to_have_count(1)
    assert read(code) == [dialog.get_by_role("link").get_attribute("href")]
    vera.is_accessible("staff-set-up-app")
    vera.fits_a_phone("staff-set-up-app")
    dialog.get_by_role("textbox", name="Code").fill(TOTP(dialog.locator(".secret").inner_text()).now())
    dialog.get_by_role("button", name="Confirm").click()
    vera.heading("Keep these recovery codes")
    first, second, *_ = kept_codes(vera)
    vera.sees("10 left")

    log_out(vera, "Vera Lang")
    log_in(vera, "/staff/account/security", "vera@northwind.example")
    vera.heading("One more step")
    vera.types("Code", first)
    vera.presses("Confirm")
    vera.sees("9 left")
    vera.is_accessible("staff-security")
    turn_off(vera, second)
    expect(vera.page.get_by_role("button", name="Set up an app")).to_be_visible()


def test_a_passkey_is_made_renamed_and_lets_in_without_a_password(someone: Enter) -> None:
    """Under a name for the address, since none is made for an IP address; after a password it is the second step."""
    anton = someone("Anton")
    log_in(anton, "/staff/account/security", "anton@northwind.example")
    anton.sees(re.compile("takes no passkeys"))
    expect(anton.page.get_by_role("button", name="Add a passkey")).to_have_count(0)

    anton.address = anton.address.replace("127.0.0.1", "localhost")
    authenticator: Any = anton.context.new_cdp_session(anton.page)
    authenticator.send("WebAuthn.enable")
    authenticator.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    log_in(anton, "/staff/account/security", "anton@northwind.example")
    anton.presses("Add a passkey")
    anton.types("Name of the passkey", "Laptop")
    anton.presses("Go on")
    anton.heading("Keep these recovery codes")
    assert len(kept_codes(anton)) == 10
    anton.presses("Add a passkey")
    anton.types("Name of the passkey", "The same again")
    anton.presses("Go on")
    anton.sees("This device has a passkey for this account already.")
    anton.presses("Cancel")
    anton.presses("Rename: Laptop")
    anton.types("Name of the passkey", "Desk")
    anton.presses("Save")
    anton.sees("Desk")
    anton.is_accessible("staff-passkeys")
    anton.fits_a_phone("staff-passkeys")

    log_out(anton, "Anton Weber")
    anton.presses("Log in with a passkey")
    anton.sees("Desk")
    log_out(anton, "Anton Weber")
    log_in(anton, "/staff/account/security", "anton@northwind.example")
    anton.heading("One more step")
    anton.presses("Log in with a passkey")
    anton.sees("Desk")
    anton.presses("Remove: Desk")
    expect(anton.page.get_by_role("button", name="Remove: Desk")).to_have_count(0)
    expect(anton.page.get_by_role("button", name="Turn off")).to_have_count(0)  # without the last one, nothing is left


_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_the_link_that_confirms_an_address_asks_for_the_password_of_the_registration(
    portal: Portal, someone: Enter
) -> None:
    """Confirmed, it leads to the log-in, which now finds the account; one without its token says so."""
    email = "rosa@rosendahl.example"
    owner = {"name": "Rosa Dahl", "email": email, "language": "en", "password": PASSWORD}
    given = {"name": "Rosendahl", "timeZone": "Europe/Berlin", "locale": "en", "currency": "EUR", "owner": owner}
    done = portal.ask(_REGISTER, input={**given, "idempotencyKey": "browser-registration"})
    assert done["registerOrganisation"]["userErrors"] == []
    rosa = someone("Rosa")
    rosa.opens("/staff/confirm-email")
    rosa.sees("This link is not complete.")

    rosa.opens("/staff/log-in")  # a link opens a page anew, which another fragment of the same page would not do
    rosa.opens(f"/staff/confirm-email#token={quote(mailed_token(portal.data / 'mail', email))}")
    rosa.page.locator("input[name=currentPassword]").fill("not the password")
    rosa.presses("Confirm")
    expect(rosa.page.locator(".field .error")).to_be_visible()
    rosa.is_accessible("staff-confirm-email")
    rosa.fits_a_phone("staff-confirm-email")
    rosa.page.locator("input[name=currentPassword]").fill(PASSWORD)
    rosa.presses("Confirm")
    rosa.sees("Your e-mail address is confirmed.")
    rosa.types("E-mail address", email)
    rosa.types("Password", PASSWORD)
    rosa.presses("Log in")
    rosa.heading("Overview")
    rosa.opens("/staff/settings")
    rosa.sees("The portal is not switched on.")
