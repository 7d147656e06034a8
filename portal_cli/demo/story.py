"""What happened at Northwind Studio: clients, estimates and invoices in several states and currencies, payments."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from portal_cli.demo.api import Api, DemoFailed, Json
from portal_cli.demo.cards import saved_card
from portal_cli.demo.mails import mailed_token
from portal_cli.demo.people import ACCOUNTANT, CLARA, KENJI, MARY, OWNER, PAUL, VIEWER, Person

SendEarlier = Callable[[str, str, int], None]
"""Sends an invoice (organisation, invoice) as of so many days ago; again changes nothing."""

_PORTAL = "northwind"
_VAT = [{"name": "VAT", "percent": "19"}]
_SALES_TAX = [{"name": "Sales tax", "percent": "8.875"}]
_CONSUMPTION_TAX = [{"name": "Consumption tax", "percent": "10"}]


class Story:
    """The story, told by the owner; every step may be told again."""

    def __init__(self, api: Api, organisation: str, mails: Path, send_earlier: SendEarlier) -> None:
        self._anybody = api
        self._organisation = organisation
        self._owner = api.log_in(OWNER, organisationId=organisation)
        self._mails = mails
        self._send_earlier = send_earlier
        self._steps = 0

    @staticmethod
    def register(api: Api, mails: Path) -> str:
        """Register the organisation, confirm its owner's address by the mailed link, and return its id."""
        payload = api.do(
            "registerOrganisation",
            "organisation { id }",
            idempotencyKey="demo-organisation",
            name="Northwind Studio",
            timeZone="Europe/Berlin",
            locale="en_GB",
            currency="EUR",
            address=_address("Hafenstraße 7", "Hamburg", "20457", "DE"),
            owner={
                "name": OWNER.name,
                "email": OWNER.email,
                "language": OWNER.language,
                "password": OWNER.password,
            },
        )
        token = mailed_token(mails, OWNER.email)
        api.do("confirmEmail", "", token=token, currentPassword=OWNER.password)
        return payload["organisation"]["id"]

    def tell(self) -> None:
        """Make everything.

        Raises:
            DemoFailed: when the portal refuses a step.
        """
        self._do("enablePortal", "", name="Northwind Studio", slug=_PORTAL, bannerMessage="Welcome aboard.")
        self._do("updatePortalSettings", "", forwardingAllowed=True, clientsMayEdit=True)
        self._hire()
        harbour, maple, sakura = self._customers()
        clara, mary = self._clients(harbour, maple, sakura)
        self._estimates(clara, harbour, maple)
        self._invoices(clara, mary, harbour, maple, sakura)
        self._pay_by_card(clara, harbour)
        self._run_late(harbour)
        self._close(mary, maple)

    # --- people ------------------------------------------------------------------------------------------------------

    def _hire(self) -> None:
        for person, role in ((ACCOUNTANT, "ACCOUNTANT"), (VIEWER, "VIEWER")):
            values = {"name": person.name, "email": person.email, "language": person.language}
            self._do("inviteStaff", "", role=role, **values)
            self._join(person, organisationId=self._organisation)

    def _customers(self) -> tuple[str, str, str]:
        return (
            self._customer("Blue Harbour GmbH", "EUR", "de", _address("Am Kai 12", "Bremen", "28195", "DE")),
            self._customer("Maple Ridge Inc.", "USD", "en", _address("41 Mott Street", "New York", "10013", "US")),
            self._customer("Sakura Works K.K.", "JPY", "ja", _address("1-2-3 Ginza", "Tokyo", "104-0061", "JP")),
        )

    def _customer(self, name: str, currency: str, language: str, address: Json) -> str:
        values = {"name": name, "currency": currency, "language": language, "billingAddress": address}
        return self._do("createCustomer", "customer { id }", **values)["customer"]["id"]

    def _clients(self, harbour: str, maple: str, sakura: str) -> tuple[Api, Api]:
        clara, paul, mary = (
            self._contact(harbour, CLARA, primary=True),
            self._contact(harbour, PAUL),
            self._contact(maple, MARY, primary=True),
        )
        self._contact(sakura, KENJI, primary=True)
        self._do("inviteContacts", "results { userError { message } }", contactIds=[clara, paul, mary])
        return self._join(CLARA, portal=_PORTAL), self._join(MARY, portal=_PORTAL)

    def _contact(self, customer: str, person: Person, *, primary: bool = False) -> str:
        values = {"name": person.name, "email": person.email, "language": person.language, "isPrimary": primary}
        return self._do("addContact", "contact { id }", customerId=customer, **values)["contact"]["id"]

    def _join(self, person: Person, **where: str) -> Api:
        """Accept the invite, unless that was done when the story was told before."""
        try:
            return self._anybody.log_in(person, **where)
        except DemoFailed:
            token = mailed_token(self._mails, person.email)
            self._anybody.do("acceptInvite", "", token=token, password=person.password)
            return self._anybody.log_in(person, **where)

    # --- estimates ---------------------------------------------------------------------------------------------------

    def _estimates(self, clara: Api, harbour: str, maple: str) -> None:
        self._estimate(harbour, "EUR", "Website, second phase", ("Design", "5", "680.00"), _VAT)
        waiting = self._sent_estimate(
            harbour, "EUR", "Photographs of the new pier", ("Day on site", "2", "950.00"), _VAT
        )
        self._discuss(clara, waiting)
        declined = self._sent_estimate(harbour, "EUR", "Yearly care", ("Month", "12", "420.00"), _VAT)
        why = "Half of that would be enough for us."
        self._as(clara, "declineEstimate", "", estimateId=declined, revision=1, reason=why)
        accepted = self._sent_estimate(harbour, "EUR", "Trade fair stand", ("Concept and build", "1", "8180.00"), _VAT)
        self._as(clara, "acceptEstimate", "", estimateId=accepted, revision=1)
        invoice = self._do("convertEstimate", "invoice { id }", estimateId=accepted, paymentTerms=_terms(30))
        self._do("sendInvoice", "", invoiceId=invoice["invoice"]["id"])
        self._sent_estimate(maple, "USD", "Brand book", ("Workshop and design", "1", "4800.00"), _SALES_TAX)

    def _discuss(self, clara: Api, document: str) -> None:
        self._as(clara, "recordDocumentView", "", documentId=document)
        self._as(clara, "addComment", "", documentId=document, text="Could you come in May?", displayInPortal=True)
        self._do("addComment", "", documentId=document, text="Ask Jens whether May works.", displayInPortal=False)
        self._do("addComment", "", documentId=document, text="May is fine: the 12th and 13th.", displayInPortal=True)

    def _sent_estimate(self, customer: str, currency: str, subject: str, line: tuple[str, str, str], tax: Any) -> str:
        estimate = self._estimate(customer, currency, subject, line, tax)
        self._do("sendEstimate", "", estimateId=estimate)
        return estimate

    def _estimate(self, customer: str, currency: str, subject: str, line: tuple[str, str, str], tax: Any) -> str:
        values = _document(customer, currency, subject, line, tax) | {"expiresOn": _day(45)}
        return self._do("createEstimate", "estimate { id }", **values)["estimate"]["id"]

    # --- invoices ----------------------------------------------------------------------------------------------------

    def _invoices(self, clara: Api, mary: Api, harbour: str, maple: str, sakura: str) -> None:
        self._invoice(harbour, "EUR", "Photographs, retouching", ("Picture", "24", "18.50"), _VAT)
        paid = self._sent_invoice(harbour, "EUR", "Logo", ("Logo in four variants", "1", "1600.00"), _VAT)
        self._receive(paid, "1904.00", "EUR")
        part = self._sent_invoice(harbour, "EUR", "Website, first phase", ("Design", "10", "680.00"), _VAT, parts=True)
        self._receive(part, "4000.00", "EUR")
        self._as(clara, "recordDocumentView", "", documentId=part)
        dollars = self._sent_invoice(maple, "USD", "Campaign", ("Concept", "1", "2400.00"), _SALES_TAX)
        self._as(mary, "addComment", "", documentId=dollars, text="We pay on Friday.", displayInPortal=True)
        self._sent_invoice(sakura, "JPY", "Packaging design", ("Package", "3", "85000"), _CONSUMPTION_TAX)
        void = self._sent_invoice(maple, "USD", "Campaign (entered twice)", ("Concept", "1", "2400.00"), _SALES_TAX)
        self._do("voidInvoice", "", invoiceId=void, reason="Entered twice.")

    def _pay_by_card(self, clara: Api, harbour: str) -> None:
        invoice = self._sent_invoice(harbour, "EUR", "Banners", ("Banner", "4", "120.00"), _VAT)
        self._as(clara, "payInvoice", "", invoiceId=invoice, savedCardId=saved_card(clara, CLARA))

    def _run_late(self, harbour: str) -> None:
        """Three weeks ago this one was sent and due at once."""
        values = _document(harbour, "EUR", "Poster", ("Poster in two sizes", "1", "740.00"), _VAT)
        terms = {"modes": ["CARD", "BANK_TRANSFER"]}
        late = self._do("createInvoice", "invoice { id }", **values, paymentTerms=terms)["invoice"]["id"]
        self._send_earlier(self._organisation, late, 21)

    def _close(self, mary: Api, maple: str) -> None:
        """Say yes without an invoice yet, take an estimate back, and give up what nobody will pay."""
        accepted = self._sent_estimate(maple, "USD", "Newsletter", ("Issue", "6", "350.00"), _SALES_TAX)
        self._as(mary, "acceptEstimate", "", estimateId=accepted, revision=1)
        void = self._sent_estimate(maple, "USD", "Newsletter (draft prices)", ("Issue", "6", "30.00"), _SALES_TAX)
        self._do("voidEstimate", "", estimateId=void)
        lost = self._sent_invoice(maple, "USD", "Courier", ("Parcel", "1", "18.00"), _SALES_TAX)
        self._do("writeOffInvoice", "", invoiceId=lost, reason="Not worth a reminder.")

    def _receive(self, invoice: str, amount: str, currency: str) -> None:
        money = {"amount": amount, "currency": currency}
        self._do("recordPayment", "", invoiceId=invoice, mode="BANK_TRANSFER", amount=money, receivedOn=_day(0))

    def _sent_invoice(
        self, customer: str, currency: str, subject: str, line: tuple[str, str, str], tax: Any, *, parts: bool = False
    ) -> str:
        invoice = self._invoice(customer, currency, subject, line, tax, parts=parts)
        self._do("sendInvoice", "", invoiceId=invoice)
        return invoice

    def _invoice(
        self, customer: str, currency: str, subject: str, line: tuple[str, str, str], tax: Any, *, parts: bool = False
    ) -> str:
        values = _document(customer, currency, subject, line, tax) | {"paymentTerms": _terms(14, parts=parts)}
        return self._do("createInvoice", "invoice { id }", **values)["invoice"]["id"]

    def _do(self, mutation: str, selection: str, **values: Any) -> Json:
        return self._as(self._owner, mutation, selection, **values)

    def _as(self, who: Api, mutation: str, selection: str, **values: Any) -> Json:
        self._steps += 1
        return who.do(mutation, selection, idempotencyKey=f"demo-step-{self._steps:03}", **values)


def _document(customer: str, currency: str, subject: str, line: tuple[str, str, str], tax: Any) -> Json:
    description, quantity, price = line
    lines = [{"description": description, "quantity": quantity, "unitPrice": price, "taxes": tax}]
    return {"customerId": customer, "currency": currency, "subject": subject, "lines": lines}


def _terms(days: int, *, parts: bool = False) -> Json:
    return {"modes": ["CARD", "BANK_TRANSFER"], "dueOn": _day(days), "partialPaymentsAllowed": parts}


def _day(offset: int) -> str:
    return (_today() + timedelta(days=offset)).isoformat()


def _today() -> date:
    return datetime.now(UTC).date()


def _address(line1: str, city: str, postal_code: str, country: str) -> Json:
    return {"line1": line1, "city": city, "postalCode": postal_code, "country": country}
