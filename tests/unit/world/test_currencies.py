"""The list of currencies is this year's: compared with what others publish, every difference explained."""

from datetime import date

import iso4217
import pycountry
import pytest
from babel.core import get_global
from babel.numbers import get_currency_precision, list_currencies

from chassis.world.currencies import ACTIVE, DIGITS, ENDED, PUBLISHED, successor
from chassis.world.releases import releases

NOT_MONEY = {"XAD", "XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"}
"""In ISO's list, but nothing that an invoice is written in: metals, units of account, a code for tests, none."""

CLDR_SHOWS_FEWER = {
    *("AFN", "ALL", "IQD", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SOS", "SYP", "YER"),
    *("COP", "HUF", "IDR"),  # from CLDR 49 on, while RSD has its digits again
}
"""Currencies whose minor unit is out of use: locale data shows no digits, ISO 4217 still has them."""

NO_TENDER_BUT_LISTED = {
    "SVC": "the US dollar is El Salvador's money since 2001; ISO keeps the colón in its list",
}

ENDED_UNNAMED = {
    "AOR": "the kwanza reajustado was never an invoice's currency after 1999",
    "ECV": "a unit of account of Ecuador",
    "MCF": "Monaco wrote FRF",
    "USS": "a US dollar of the same day, for settlement among banks",
    "XFO": "a franc of gold, for settlement among railways and posts",
    "XFU": "a franc of the railways' union",
    "XRE": "a code for tests",
}


def published() -> dict[str, int | None]:
    """Return the codes of ISO 4217's list one, with their digits."""
    return {currency.code: currency.exponent for currency in iso4217.Currency}


def test_the_active_currencies_are_those_of_list_one() -> None:
    """Every code of the published list is ours with the same digits, but for what is no money; and no other is."""
    theirs = {code: digits for code, digits in published().items() if code not in NOT_MONEY}
    assert theirs == ACTIVE
    assert iso4217.__published__ == PUBLISHED
    assert releases()["currencies"] == PUBLISHED.isoformat()


def test_a_second_list_says_the_same() -> None:
    """Debian's iso-codes (by way of pycountry) have the same currencies."""
    assert {currency.alpha_3 for currency in pycountry.currencies} - NOT_MONEY == set(ACTIVE)


def test_locale_data_knows_every_currency_and_may_show_fewer_digits() -> None:
    """Codes exist in CLDR; where its digits differ from ISO's, the currency is in the table above."""
    assert set(DIGITS) - list_currencies() == set()
    differing = {code for code, digits in DIGITS.items() if digits != get_currency_precision(code)}
    assert differing <= CLDR_SHOWS_FEWER


def tender() -> tuple[set[str], dict[str, date]]:
    """Return CLDR's currencies of today, and the day on which each other one ended everywhere."""
    told: dict[str, list[tuple[str, object, tuple[int, int, int] | None, bool]]] = get_global("territory_currencies")  # pyright: ignore[reportAssignmentType]
    rows = [(code, end, legal) for uses in told.values() for code, _, end, legal in uses]
    alive = {code for code, end, legal in rows if end is None and legal}
    known = {code for code, end, _ in rows if end is None}
    ends = {
        code: max(date(*end) for other, end, _ in rows if other == code and end)
        for code, _, _ in rows
        if code not in known
    }
    return alive, ends


def test_every_currency_in_use_somewhere_is_active() -> None:
    """What CLDR calls legal tender of a territory can be invoiced, unless it has ended since CLDR was released."""
    assert tender()[0] - set(ACTIVE) - set(ENDED) == set()


def test_every_currency_that_ended_since_1999_names_its_successor() -> None:
    """What CLDR says has ended is in our table or in the one above; its successor is in use today."""
    alive, ends = tender()
    lately = {code for code, day in ends.items() if day >= date(1999, 1, 1)}
    assert lately - set(ENDED) - set(ENDED_UNNAMED) - set(NO_TENDER_BUT_LISTED) == set()
    assert {ended.successor for ended in ENDED.values()} <= alive
    assert set(ENDED) & set(ACTIVE) == set()


def test_an_end_is_no_later_than_the_last_day_on_which_the_money_was_taken() -> None:
    """Each day in our table lies within half a year of CLDR's last day of the currency (both ran side by side)."""
    _, ends = tender()
    apart = {code: (ends[code] - ended.on).days for code, ended in ENDED.items() if code in ends}
    assert {code: days for code, days in apart.items() if not -2 <= days <= 183} == {}


@pytest.mark.parametrize(
    ("code", "instead"),
    [*{"HRK": "EUR", "BGN": "EUR", "ANG": "XCG", "CUC": "CUP", "ZWL": "ZWG", "SLL": "SLE", "VEF": "VES"}.items()],
)
def test_what_ended_lately_has_its_successor(code: str, instead: str) -> None:
    """Kuna, lev, Antillean guilder, convertible peso, Zimbabwe's dollar, leone and bolívar are named."""
    assert successor(code, date(2026, 11, 29)) == instead


def test_the_other_bolivar_goes_on() -> None:
    """VED and VES stand side by side in ISO's list: neither has ended."""
    assert [successor(code, date(2026, 11, 29)) for code in ("VED", "VES", "EUR")] == [None, None, None]
