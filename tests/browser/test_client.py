"""What a client does in the interface, by clicking: see what is owed, ask, answer, pay, and be told the truth."""

import re

import pytest
from playwright.sync_api import expect

from portal_cli.demo.people import CLARA, MARY
from portal_cli.demo.people import Person as Somebody
from tests.browser.businesses import sent_estimate, sent_invoice
from tests.browser.conftest import Enter
from tests.browser.people import Person
from tests.e2e.test_up import Portal
from tests.support.waiting import LIMIT

PORTAL = "/northwind"
expect.set_options(timeout=LIMIT * 1000)


def logged_in(someone: Enter, who: Somebody, path: str = "", **options: str) -> Person:
    """Return a client who followed a link of a mail and logged in on the way."""
    person = someone(who.name, **options)
    person.opens(f"{PORTAL}{path}")
    person.page.locator("input[name=email]").fill(who.email)
    person.page.locator("input[name=password]").fill(who.password)
    person.page.keyboard.press("Enter")
    expect(person.page.get_by_role("banner")).to_be_visible()
    return person


def fill_in_card(person: Person, number: str) -> None:
    """Fill in the provider's form, which stands in the page."""
    form = person.page.frame_locator("iframe")
    typed = {"number": number, "expiry": "12/40", "cvv": "123", "name": "M Cooper", "line1": "1 Elm St", "city": "Troy"}
    for name, value in typed.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("[name=country]").select_option("US")
    form.get_by_role("button", name="Continue").click()


def test_a_wrong_password_is_said_above_the_form_and_nothing_typed_is_lost(someone: Enter) -> None:
    """Refused, the address stays where it was typed."""
    mary = someone("Mary")
    mary.opens(f"{PORTAL}/log-in")
    mary.types("E-mail address", MARY.email)
    mary.page.locator("input[name=password]").fill("not-the-password")
    mary.presses("Log in")
    expect(mary.page.get_by_role("alert")).to_contain_text("do not match")
    expect(mary.page.get_by_label("E-mail address")).to_have_value(MARY.email)
    mary.is_accessible("log-in")
    mary.fits_a_phone("log-in")


def test_a_link_of_a_mail_opens_its_page_after_logging_in_and_the_back_button_works(someone: Enter) -> None:
    """The address that was asked for is kept over the log-in; from there back and forth are pages again."""
    mary = logged_in(someone, MARY, "/statement?period=year")
    mary.heading("Statement")
    mary.sees("Closing balance")
    mary.page.get_by_role("navigation", name="Pages").get_by_role("link", name="Invoices").click()
    mary.heading("Invoices")
    mary.page.go_back()
    mary.heading("Statement")
    mary.is_accessible("statement")
    mary.fits_a_phone("statement")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("", "Maple Ridge Inc."),
        ("/invoices", "Invoices"),
        ("/invoices?q=no-such-number", "Nothing found"),
        ("/estimates", "Estimates"),
        ("/notifications", "Notifications"),
        ("/account", "My account"),
        ("/account/company", "Billing address"),
        ("/account/password", "Present password"),
        ("/account/security", "Second factor"),
        ("/account/cards", "Saved cards"),
        ("/account/preferences", "What you are told"),
        ("/no-such-page", "There is no such page"),
    ],
)
def test_each_page_is_accessible_in_both_themes_and_fits_a_phone(someone: Enter, path: str, shown: str) -> None:
    """Axe finds nothing, the console says nothing, and 320 pixels suffice."""
    mary = logged_in(someone, MARY, path)
    mary.sees(shown)
    expect(mary.page.locator(".skeleton")).to_have_count(0)
    name = re.sub(r"\W+", "-", path.replace("?q=no-such-number", "-none")).strip("-") or "home"
    mary.is_accessible(f"client-{name}")
    mary.fits_a_phone(f"client-{name}")


def test_a_page_in_arabic_runs_from_right_to_left_and_fits_a_phone(someone: Enter) -> None:
    """The language of the browser counts before the log-in."""
    reader = someone("Reader", locale="ar")
    reader.opens(f"{PORTAL}/log-in")
    expect(reader.page.get_by_role("button", name="تسجيل الدخول")).to_be_visible()
    expect(reader.page.locator("html")).to_have_attribute("dir", "rtl")
    reader.is_accessible("log-in-arabic")
    reader.fits_a_phone("log-in-arabic")


def test_an_estimate_is_asked_about_and_accepted_and_a_second_tab_sees_both(portal: Portal, someone: Enter) -> None:
    """The comment and the answer appear in the other tab by themselves."""
    clara = logged_in(someone, CLARA, f"/estimates/{sent_estimate(portal)}")
    expect(clara.page.locator(".paper")).to_be_visible()
    clara.is_accessible("client-estimate")
    clara.fits_a_phone("client-estimate")
    other = clara.context.new_page()
    other.goto(clara.page.url)
    expect(other.locator(".paper")).to_be_visible()

    clara.page.locator("textarea[name=text]").fill("Is the 12th still free?")
    clara.page.locator(".comments button[type=submit]").click()
    expect(other.locator(".comment-text", has_text="Is the 12th still free?")).to_be_visible()

    clara.page.locator(".answers .primary").click()
    clara.page.get_by_role("dialog").locator(".primary").click()
    expect(clara.page.locator(".badge.good").first).to_be_visible()
    expect(other.locator(".badge.good").first).to_be_visible()
    expect(other.locator(".answers")).to_have_count(0)


def test_an_invoice_is_paid_in_the_providers_form_after_a_refusal_and_by_way_of_the_bank(
    portal: Portal, someone: Enter
) -> None:
    """A refused card charges nothing and says so; the next one asks the bank, whose page was closed once."""
    mary = logged_in(someone, MARY, f"/invoices/{sent_invoice(portal)}")
    expect(mary.page.locator(".paper")).to_be_visible()
    mary.is_accessible("client-invoice")
    mary.fits_a_phone("client-invoice")
    invoice = mary.page.url

    mary.follows("Pay now")
    mary.presses("Enter card details")
    fill_in_card(mary, "4000000000000002")
    mary.sees("Nothing was charged yet")
    mary.is_accessible("client-pay")
    mary.presses(re.compile("^Pay "))
    mary.heading("The payment failed")
    mary.sees("Your card was declined. Nothing was charged.")

    mary.follows("Try again")
    mary.presses("Enter card details")
    fill_in_card(mary, "4000002760003184")
    mary.presses(re.compile("^Pay "))
    mary.heading("Your bank asks")
    mary.opens(f"{invoice.removeprefix(mary.address)}/pay")
    mary.sees("Nothing was charged yet. Go on to your bank")
    mary.follows("Go on to your bank")
    mary.heading("Your bank asks you to confirm")
    mary.is_accessible("client-payment-waits")
    mary.follows("Go on to your bank")
    mary.presses("Approve")
    mary.heading("Thank you")
    expect(mary.page.get_by_role("link", name="Receipt")).to_be_visible()
    mary.is_accessible("client-payment-done")

    mary.follows("To the invoice")
    mary.sees("Paid in full")
    expect(mary.page.get_by_role("link", name="Pay now")).to_have_count(0)


def test_a_password_that_is_refused_says_so_beside_its_field(someone: Enter) -> None:
    """The refusal of the present password stands at the present password."""
    mary = logged_in(someone, MARY, "/account/password")
    mary.page.locator("input[name=currentPassword]").fill("not-the-password")
    mary.page.locator("input[name=newPassword]").fill("another-fine-long-one-7")
    mary.presses("Change password")
    field = mary.page.locator(".field", has=mary.page.locator("input[name=currentPassword]"))
    expect(field.locator(".error")).to_have_text("This is not your present password.")
