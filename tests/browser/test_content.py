"""Pages that hold much or run another way: sixty lines, long names, Japanese, Arabic in a page of either direction."""

import re
from collections.abc import Generator
from contextlib import contextmanager

from playwright.sync_api import expect

from portal_cli.demo.api import Api, Json
from portal_cli.demo.people import MARY, OWNER
from tests.browser.conftest import Enter
from tests.browser.test_client import PORTAL, logged_in
from tests.browser.test_journeys import log_in
from tests.e2e.test_up import Portal

_KEY = "key-of-long-content"
_SUBJECT = "横浜港第三埠頭の看板と案内表示の製作および取付工事一式（2026年度分）"
_LINES = (
    "لوحات إرشادية للميناء مع التركيب والصيانة لمدة عام كامل",
    "案内板・誘導サイン（ステンレス製、両面、照明付き）",
    "Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüsselanhänger, graviert",
    "Signs",
)
_NAME = "Gesellschaft für Hafenbeschilderung und Wegeleitsysteme 横浜支店 (شركة الميناء) mbH & Co. KG"


def _sixty_lines(owner: Api, customer: str) -> str:
    tax = [{"name": "VAT", "percent": "19"}]
    lines = [
        {"description": f"{place + 1}. {_LINES[place % 4]}", "quantity": "12.5", "unitPrice": "98765.43", "taxes": tax}
        for place in range(60)
    ]
    made = owner.do(
        "createInvoice",
        "invoice { id }",
        idempotencyKey=f"{_KEY}-{customer}",
        customerId=customer,
        currency="USD",
        subject=_SUBJECT,
        notes=_LINES[0],
        terms=_SUBJECT,
        lines=lines,
        paymentTerms={"modes": ["CARD"], "partialPaymentsAllowed": False},
    )["invoice"]["id"]
    owner.do("sendInvoice", "invoice { id }", idempotencyKey=f"{_KEY}-sent-{made}", invoiceId=made)
    return str(made)


def _owner(portal: Portal) -> Api:
    api = Api(f"http://127.0.0.1:{portal.port}/graphql")
    return api.log_in(OWNER, organisationId=portal.organisation)


def _maple(owner: Api) -> str:
    found: Json = owner.ask("{ customers(first: 50) { nodes { id name } } }")
    return next(one["id"] for one in found["customers"]["nodes"] if one["name"] == "Maple Ridge Inc.")


@contextmanager
def _in_arabic(portal: Portal) -> Generator[None]:
    """Mary's account speaks Arabic for a while."""
    api = Api(f"http://127.0.0.1:{portal.port}/graphql")
    mary = api.log_in(MARY, portal="northwind")
    mary.do("updateMyAccount", "person { id }", idempotencyKey=f"{_KEY}-arabic", language="ar")
    yield
    mary.do("updateMyAccount", "person { id }", idempotencyKey=f"{_KEY}-english", language="en")


def test_sixty_lines_of_three_scripts_stay_on_their_paper(someone: Enter, portal: Portal) -> None:
    """In a page from left to right and in one from right to left, on a desk and on a phone, for both sides."""
    owner = _owner(portal)
    invoice = _sixty_lines(owner, _maple(owner))

    olivia = someone("Olivia")
    log_in(olivia, f"/staff/invoices/{invoice}", OWNER.email)
    olivia.heading(re.compile(r"Invoice INV-\d+"))
    expect(olivia.page.locator(".lines-table tbody tr")).to_have_count(60)
    olivia.pictured("staff-invoice-long")
    olivia.fits_a_phone("staff-invoice-long")

    with _in_arabic(portal):
        mary = logged_in(someone, MARY, f"/invoices/{invoice}")
        expect(mary.page.locator("html")).to_have_attribute("dir", "rtl")
        expect(mary.page.locator(".lines tbody tr")).to_have_count(60)
        mary.is_accessible("client-invoice-arabic")
        mary.fits_a_phone("client-invoice-arabic")
        for path in ("", "/invoices"):
            mary.opens(f"{PORTAL}{path}")
            expect(mary.page.get_by_text(_SUBJECT).first).to_be_visible()
            mary.pictured(f"client-{path.strip('/') or 'home'}-arabic")
            mary.fits_a_phone(f"client-{path.strip('/') or 'home'}-arabic")


def test_long_names_leave_room_for_what_stands_beside_them(someone: Enter, portal: Portal) -> None:
    """A client whose name fills two lines, in the lists of staff and on its own page."""
    owner = _owner(portal)
    customer = owner.do(
        "createCustomer", "customer { id }", idempotencyKey=f"{_KEY}-customer", name=_NAME, currency="USD"
    )["customer"]["id"]
    _sixty_lines(owner, customer)
    olivia = someone("Olivia")
    log_in(olivia, "/staff", OWNER.email)
    olivia.heading("Overview")
    pages = {"": "home", "/invoices": "invoices", "/clients": "clients", f"/clients/{customer}": "client"}
    for path, page in pages.items():
        olivia.opens(f"/staff{path}")
        expect(olivia.page.get_by_text(_NAME).first).to_be_visible()
        olivia.pictured(f"staff-{page}-long")
        olivia.fits_a_phone(f"staff-{page}-long")
