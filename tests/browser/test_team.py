"""What an owner does in the interface with the team and the portal, and what it means for those whom it concerns."""

import re

from playwright.sync_api import Locator, expect

from portal_cli.demo.mails import mailed_token
from tests.browser.conftest import Enter
from tests.browser.people import Person
from tests.browser.test_journeys import PASSWORD, log_in
from tests.e2e.test_up import Portal
from tests.support.pictures import png

_NINA = "nina@northwind.example"


def row_of(olivia: Person, name: str) -> Locator:
    """Return a colleague's row in the list of the team."""
    return olivia.page.locator(".person-row", has_text=name)


def save_settings(olivia: Person) -> None:
    """Save the portal's settings, and wait for the answer."""
    with olivia.page.expect_response(lambda answer: "UpdatePortalSettings" in (answer.request.post_data or "")):
        olivia.page.locator(".editor button[type=submit]").click()


def test_a_colleague_is_invited_gets_another_role_and_loses_access(portal: Portal, someone: Enter) -> None:
    """Each change holds at once in the colleague's own window; the last owner stays one."""
    olivia, nina = someone("Olivia"), someone("Nina")
    log_in(olivia, "/staff/settings", "olivia@northwind.example")
    olivia.heading("Team")
    olivia.presses("Invite a colleague")
    dialog = olivia.page.get_by_role("dialog")
    olivia.is_accessible("staff-invite-colleague")
    dialog.get_by_label("Name").fill("Nina Vogel")
    dialog.get_by_label("E-mail").fill("olivia@northwind.example")
    dialog.get_by_label("Role").select_option("VIEWER")
    dialog.get_by_role("button", name="Invite").click()
    expect(dialog.get_by_text("Somebody else has this e-mail address already.")).to_be_visible()
    dialog.get_by_label("E-mail").fill(_NINA)
    dialog.get_by_role("button", name="Invite").click()
    expect(row_of(olivia, "Nina Vogel")).to_contain_text("Invited")

    nina.opens(f"/staff/accept-invite#token={mailed_token(portal.data / 'mail', _NINA)}")
    nina.types("New password", PASSWORD)
    nina.presses("Choose password and go on")
    nina.heading("Overview")
    nina.opens("/staff/settings")
    nina.sees("Only owners change these settings.")
    expect(nina.page.get_by_role("button", name="Invite a colleague")).to_have_count(0)

    olivia.opens("/staff/settings")
    row_of(olivia, "Nina Vogel").get_by_role("button", name="Edit").click()
    dialog.get_by_label("Role").select_option("ACCOUNTANT")
    olivia.is_accessible("staff-colleague")
    dialog.get_by_role("button", name="Save").click()
    expect(row_of(olivia, "Nina Vogel")).to_contain_text("Accountant")
    nina.opens("/staff/invoices")
    nina.heading("Log in to your business")
    log_in(nina, "/staff/invoices", _NINA)
    expect(nina.page.get_by_role("link", name="New invoice")).to_be_visible()

    row_of(olivia, "Olivia Brandt").get_by_role("button", name="Edit").click()
    dialog.get_by_label("Role").select_option("VIEWER")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("A business needs at least one owner.")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()

    row_of(olivia, "Nina Vogel").get_by_role("button", name="Take access away").click()
    dialog.get_by_role("button", name="Take access away").click()
    expect(row_of(olivia, "Nina Vogel")).to_contain_text("No access")
    log_in(nina, "/staff/invoices", _NINA)
    expect(nina.page.get_by_role("alert")).to_contain_text("do not match")


def test_the_portal_gets_a_logo_is_switched_off_and_on_again(someone: Enter) -> None:
    """Clients see each of it at their door; what is no picture is refused beside its field."""
    olivia, mary = someone("Olivia"), someone("Mary")
    log_in(olivia, "/staff/settings", "olivia@northwind.example")
    chosen = olivia.page.locator("input[type=file]")
    chosen.set_input_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture"})
    olivia.sees(re.compile("The logo must be a whole PNG or JPEG"))
    chosen.set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": png()})
    expect(olivia.page.locator(".preview-frame img")).to_be_visible()
    save_settings(olivia)
    mary.opens("/northwind/log-in")
    expect(mary.page.locator(".brand img")).to_be_visible()

    olivia.presses("Switch the portal off")
    olivia.page.get_by_role("dialog").get_by_role("button", name="Switch the portal off").click()
    olivia.sees("The portal is not switched on.")
    olivia.is_accessible("staff-portal-off")
    olivia.fits_a_phone("staff-portal-off")
    mary.opens("/northwind/log-in")
    mary.heading("There is no such page")

    olivia.types("Address", "Not an address")
    olivia.presses("Switch the portal on")
    olivia.sees(re.compile("Use 3 to 63 lowercase letters"))
    olivia.types("Address", "northwind")
    olivia.presses("Switch the portal on")
    expect(olivia.page.locator(".preview-frame img")).to_be_visible()
    mary.opens("/northwind/log-in")
    mary.heading(re.compile("Northwind"))
    olivia.presses("Remove")
    save_settings(olivia)
    mary.opens("/northwind/log-in")
    expect(mary.page.locator(".brand img")).to_have_count(0)


def test_discounts_and_charges_are_written_and_computed_by_the_server(someone: Enter) -> None:
    """Of a line and of the document; what is too large is refused beside its field; what is saved is shown again."""
    olivia = someone("Olivia")
    log_in(olivia, "/staff/invoices/new", "olivia@northwind.example")
    page = olivia.page
    page.get_by_label("Client", exact=True).select_option(label="Maple Ridge Inc. (USD)")
    line = page.get_by_role("group", name="Line 1")
    line.get_by_label("Description").fill("Signage")
    line.get_by_label("Quantity").fill("3")
    line.get_by_label("Price").fill("100")
    total = page.locator(".sum.last [data-amount]")
    expect(total).to_have_attribute("data-amount", "300.00")
    line.get_by_role("button", name="Add discount or charge").click()
    line.get_by_label("How much").fill("10")
    expect(total).to_have_attribute("data-amount", "270.00")

    whole = page.get_by_role("region", name="Discounts and charges")
    whole.get_by_role("button", name="Add discount or charge").click()
    whole.get_by_label("What for").fill("Long-standing client")
    whole.get_by_label("In", exact=True).select_option("amount")
    whole.get_by_label("How much").fill("1000")
    expect(whole.get_by_text("This discount is more than what it is taken from.")).to_be_visible()
    olivia.sees("There are no totals until what is refused is put right.")
    whole.get_by_label("How much").fill("20")
    expect(total).to_have_attribute("data-amount", "250.00")
    whole.get_by_label("Kind").select_option("CHARGE")
    expect(total).to_have_attribute("data-amount", "290.00")
    olivia.is_accessible("staff-editor-discounts")
    olivia.fits_a_phone("staff-editor-discounts")

    olivia.presses("Save draft")
    olivia.heading("Invoice draft")
    olivia.follows("Edit")
    expect(whole.get_by_label("How much")).to_have_value("20.00")
    expect(whole.get_by_label("What for")).to_have_value("Long-standing client")
    expect(line.get_by_label("How much")).to_have_value("10")
    expect(total).to_have_attribute("data-amount", "290.00")
