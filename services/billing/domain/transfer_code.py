"""What a QR code for a SEPA credit transfer says: the guidelines of the EPC (EPC069-12, version 3.1).

The account is the one that the business names in its own words for bank transfers.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from chassis.world.bank_accounts import ibans_in, plain

LEAST, MOST = Decimal("0.01"), Decimal("999999999.99")
MAX_HOLDER, MAX_REFERENCE, MAX_BYTES = 70, 140, 331
SEPA = frozenset(
    """
    AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI
    SK SM VA
    """.split()  # noqa: SIM905 - one word a country reads better than forty quoted ones
)
"""The countries of the Single Euro Payments Area, as the EPC lists them (EPC409-09)."""
BEYOND_EEA = frozenset({"AD", "AL", "CH", "GB", "GI", "MC", "MD", "ME", "MK", "RS", "SM", "VA"})
"""Those outside of the European Economic Area: a transfer there has to name the BIC."""
_TERRITORIES = {
    "FI": frozenset({"AX"}),
    "FR": frozenset({"BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "WF", "YT"}),
    "GB": frozenset({"GG", "IM", "JE"}),
}
"""Where banks have a country of their own in their BIC (ISO 9362), and the account's is another (ISO 13616)."""

_BIC = re.compile(
    r"\b(?:BIC|SWIFT)\b(?:[^A-Z0-9\n]{0,3}(?:BIC|SWIFT|code|no|nr)\b)*[^A-Z0-9\n]{0,12}"
    r"(?=([A-Z]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?)(?![A-Z0-9]))",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account: its IBAN as it was written, and as it counts in `number`."""

    iban: str
    bic: str = ""

    @property
    def number(self) -> str:
        return plain(self.iban)


def account_in(text: str) -> Account | None:
    """Return the account that a text names by its IBAN; None where it names none, or several."""
    known = [written for number, written in ibans_in(text).items() if number[:2] in SEPA]
    if len(known) != 1:
        return None
    return Account(known[0], _bic_in(text, plain(known[0])[:2]))


def _bic_in(text: str, country: str) -> str:
    """Return the BIC that a text names for a bank of this country; a word that only looks like one is none."""
    of = {country} | _TERRITORIES.get(country, frozenset())
    return next((bic.upper() for bic, place in _BIC.findall(text) if place.upper() in of), "")


def is_checked(number: str) -> bool:
    """Tell whether a creditor reference (ISO 11649) has the right check digits (ISO 7064)."""
    return int("".join(str(int(char, 36)) for char in number[4:] + number[:4])) % 97 == 1


def structured(reference: str) -> str:
    """Return a creditor reference of ISO 11649 without blanks; nothing for a text that is none."""
    number = "".join(reference.upper().split())
    return number if _REFERENCE.fullmatch(number) and is_checked(number) else ""


def code_of(account: Account, holder: str, amount: Decimal, currency: str, reference: str) -> str:
    """Return what the code says; nothing for what the guidelines do not know.

    They know EUR only, 0.01 to 999999999.99, and no account beyond the EEA without the BIC of its bank.
    """
    if currency != "EUR" or not LEAST <= amount <= MOST or (account.number[:2] in BEYOND_EEA and not account.bic):
        return ""
    creditor, name = structured(reference), " ".join(holder.split())[:MAX_HOLDER].strip()
    text = "" if creditor else " ".join(reference.split())[:MAX_REFERENCE]
    lines = ["BCD", "002", "1", "SCT", account.bic, name, account.number, f"EUR{amount:.2f}", "", creditor, text]
    code = "\n".join(lines).rstrip("\n")
    return code if name and len(code.encode()) <= MAX_BYTES else ""
