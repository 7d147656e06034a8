"""The business and its client, two people in two browsers at once: what one does, the other sees without a reload."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.people import Person

PASSWORD = "northwind-pier-42"
_CARD = {
    "Card number": "4242 4242 4242 4242",
    "Expiry": "12/40",
    "CVV": "123",
    "Name on card": "Mary Cooper",
    "Billing address": "12 Harbor Road",
    "City": "Portland",
}


def log_in(person: Person, path: str, email: str) -> None:
    """Open a page, and log in where it leads."""
    person.opens(path)
    person.types("E-mail address", email)
    person.types("Password", PASSWORD)
    person.presses("Log in")


def write_invoice(olivia: Person, subject: str) -> None:
    """Write a draft of two lines and look at the totals that the server computes meanwhile."""
    olivia.opens("/staff/invoices/new")
    olivia.page.get_by_label("Client", exact=True).select_option(label="Maple Ridge Inc. (USD)")
    olivia.types("Subject", subject)
    line = olivia.page.get_by_role("group", name="Line 1")
    line.get_by_label("Description").fill("Signage")
    line.get_by_label("Quantity").fill("3")
    line.get_by_label("Price").fill("33,335")
    line.get_by_label("Tax %").fill("19")
    expect(olivia.page.locator(".sum.last [data-amount]")).to_have_attribute("data-amount", "119.01")
    olivia.presses("Add line")
    second = olivia.page.get_by_role("group", name="Line 2")
    second.get_by_label("Description").fill("Delivery")
    second.get_by_label("Price").fill("10")
    expect(olivia.page.locator(".sum.last [data-amount]")).to_have_attribute("data-amount", "130.91")


def test_an_invoice_is_sent_asked_about_and_paid(someone: Enter) -> None:
    """Staff sends it, the client sees it come, asks and pays; staff sees question and money come in."""
    olivia, mary = someone("Olivia"), someone("Mary")
    log_in(mary, "/northwind", "mary@mapleridge.example")
    mary.heading("Maple Ridge Inc.")
    log_in(olivia, "/staff", "olivia@northwind.example")
    olivia.heading("Overview")

    write_invoice(olivia, "Signs for the pier")
    olivia.is_accessible("staff-editor")
    olivia.fits_a_phone("staff-editor")
    olivia.presses("Save draft")
    olivia.heading("Invoice draft")
    olivia.presses("Send")
    olivia.page.get_by_role("dialog").get_by_role("button", name="Send").click()
    olivia.heading(re.compile(r"Invoice INV-\d+"))
    number = re.findall(r"INV-\d+", olivia.page.get_by_role("heading", level=1).inner_text())[0]

    mary.sees(re.compile(f"{number}"))
    mary.opens("/northwind/invoices")
    mary.page.get_by_role("link", name=re.compile(number)).click()
    mary.heading(re.compile(number))
    olivia.sees(re.compile("Mary Cooper"))

    mary.types("Your comment", "Does this include the screws?")
    mary.presses("Send comment")
    question = olivia.page.locator(".comment.visible", has_text="Does this include the screws?")
    expect(question).to_contain_text("(client)")

    olivia.types("Comment", "Screws cost us 4.20, do not tell.")
    olivia.presses("Add internal note")
    expect(olivia.page.locator(".comment.internal")).to_contain_text("Internal – only your team")
    olivia.page.get_by_text("Message to the client").click()
    olivia.types("Comment", "Yes, they do.")
    olivia.presses("Send to the client")
    mary.sees("Yes, they do.")
    expect(mary.page.get_by_text("Screws cost us")).to_have_count(0)
    olivia.is_accessible("staff-invoice")
    olivia.fits_a_phone("staff-invoice")

    pay(mary)
    expect(olivia.page.get_by_role("main").get_by_text("Paid", exact=True).first).to_be_visible()
    expect(olivia.page.locator(".owed-amount [data-amount]")).to_have_attribute("data-amount", "0.00")


def pay(mary: Person) -> None:
    """Pay by a test card in the provider's own form."""
    mary.page.get_by_role("link", name=re.compile("Pay")).first.click()
    mary.heading(re.compile("Pay invoice"))
    another = mary.page.get_by_text("Another card")
    if another.count():
        another.click()
    mary.presses("Enter card details")
    form = mary.page.frame_locator("iframe")
    for label, text in _CARD.items():
        form.get_by_label(label).first.fill(text)
    form.get_by_label("Country").select_option("US")
    form.get_by_role("button", name="Continue").click()
    mary.sees("Card accepted. Nothing was charged yet.")
    mary.presses(re.compile(r"^Pay "))
    mary.heading("Thank you")


def test_a_payment_by_transfer_is_recorded(someone: Enter) -> None:
    """Too much is refused beside its field; what is open closes the invoice on both sides."""
    olivia, mary = someone("Olivia"), someone("Mary")
    log_in(olivia, "/staff", "olivia@northwind.example")
    olivia.heading("Overview")
    write_invoice(olivia, "Signs for the harbour")
    olivia.presses("Save draft")
    olivia.heading("Invoice draft")
    olivia.presses("Send")
    olivia.page.get_by_role("dialog").get_by_role("button", name="Send").click()
    olivia.heading(re.compile(r"Invoice INV-\d+"))
    invoice = olivia.page.url.rpartition("/")[2]
    log_in(mary, f"/northwind/invoices/{invoice}", "mary@mapleridge.example")
    mary.heading(re.compile(r"INV-\d+"))

    olivia.presses("Record payment")
    dialog = olivia.page.get_by_role("dialog")
    balance = dialog.get_by_label(re.compile("Amount")).input_value()
    dialog.get_by_label(re.compile("Amount")).fill("1000000")
    dialog.get_by_role("button", name="Record payment").click()
    expect(dialog.get_by_label(re.compile("Amount"))).to_have_attribute("aria-invalid", "true")
    olivia.is_accessible("staff-record-payment")
    dialog.get_by_label(re.compile("Amount")).fill(balance)
    dialog.get_by_role("button", name="Record payment").click()
    expect(dialog).to_have_count(0)

    expect(olivia.page.locator(".owed-amount [data-amount]")).to_have_attribute("data-amount", "0.00")
    expect(mary.page.get_by_text("Paid in full").first).to_be_visible()


def test_staff_pages_bear_a_look(someone: Enter) -> None:
    """Each page of staff: axe in both themes, 320 pixels; and the invites of a new client."""
    olivia = someone("Olivia")
    log_in(olivia, "/staff", "olivia@northwind.example")
    olivia.heading("Overview")
    pages = {"": "Overview", "/invoices": "Invoices", "/estimates": "Estimates", "/clients": "Clients"}
    pages |= {"/settings": "Client portal", "/account": "My account", "/account/password": "My account"}
    for path, title in pages.items():
        olivia.opens(f"/staff{path}")
        olivia.heading(title)
        expect(olivia.page.locator(".skeletons")).to_have_count(0)
        name = path.strip("/").replace("/", "-") or "home"
        olivia.is_accessible(f"staff-{name}")
        olivia.fits_a_phone(f"staff-{name}")

    olivia.opens("/staff/clients")
    olivia.presses("New client")
    dialog = olivia.page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Örnek Çok Uzun İsimli Sanayi ve Ticaret Anonim Şirketi (Yokohama 横浜支店)")
    dialog.get_by_role("button", name="Create").click()
    olivia.heading(re.compile("Örnek"))
    for name in ("Ayşe Yılmaz", "ليلى حسن"):
        olivia.presses("Add person")
        dialog.get_by_label("Name").fill(name)
        dialog.get_by_label("E-mail").fill(f"person{len(name)}.new@ornek.example")
        dialog.get_by_role("button", name="Add person").click()
        expect(dialog).to_have_count(0)
    olivia.presses("Invite all who have no access")
    expect(olivia.page.locator(".person-row .badge", has_text="Invited")).to_have_count(2)
    olivia.presses(re.compile("Revoke invite"))
    expect(olivia.page.locator(".person-row .badge", has_text="Invite revoked")).to_have_count(1)
    olivia.is_accessible("staff-client")
    olivia.fits_a_phone("staff-client")


def test_the_door_of_staff_speaks_from_right_to_left(someone: Enter) -> None:
    """A browser that asks for Arabic gets it, laid out its way; a wrong password is refused in words."""
    layla = someone("Layla", locale="ar-EG")
    layla.opens("/staff/settings")
    layla.heading("الدخول إلى شركتك")
    expect(layla.page.locator("html")).to_have_attribute("dir", "rtl")
    layla.types("البريد", "layla@northwind.example")
    layla.page.locator("input[name=password]").fill("not the password 7")
    layla.page.locator("button[type=submit]").click()
    expect(layla.page.get_by_role("alert")).to_be_visible()
    layla.is_accessible("staff-log-in-arabic")
    layla.fits_a_phone("staff-log-in-arabic")
