"""Amounts are written with ISO's digits and the signs of the locale, and read back as the same amount."""

from dataclasses import replace
from decimal import Decimal
from html import unescape

import pytest
from babel import Locale

from chassis.world import amounts
from chassis.world.currencies import DIGITS
from services.billing.adapters.pdf import HtmlPrintView, present
from services.notifications.application.wording import say
from services.notifications.domain.kinds import Channel, Kind
from services.notifications.domain.notification import Notification
from tests.support import printed
from tests.support.clock import NOON
from tests.support.notifications.makers import CARL, FACTS, OLGA, news
from tests.support.printed_money import OFFERED, faults


@pytest.mark.parametrize("language", OFFERED)
def test_every_currency_reads_back(language: str) -> None:
    """Large and small amounts of every currency, with and without a minus: all digits, grouped, the sign in front."""
    count, wrong = faults([language], DIGITS)
    assert (count, wrong) == (len(DIGITS) * 10, [])


@pytest.mark.parametrize(
    ("language", "amount", "currency", "shown"),
    [
        ("ar", "-30", "EUR", "\u200f\u200e-30.00\xa0€"),
        ("he", "-30", "EUR", "\u200f\u200e-30.00\xa0\u200f€"),
        ("fa", "-30", "EUR", "\u200e\u2212\u200e€\xa030.00"),
        ("sv", "-1234567.5", "SEK", "\u22121\xa0234\xa0567,50\xa0kr"),
        ("nb", "-30", "EUR", "\u221230,00\xa0€"),
        ("de", "-1234567.5", "EUR", "-1.234.567,50\xa0€"),
        ("en", "1234.56", "RSD", "RSD\xa01,234.56"),
        ("en", "1234.5", "HUF", "HUF\xa01,234.50"),
        ("en", "0.5", "JPY", "¥1"),
        ("en", "-0.5", "JPY", "-¥1"),
        ("en", "2.5", "JPY", "¥3"),
        ("en", "-0.004", "EUR", "€0.00"),
        ("en-IN", "1234567890.12", "INR", "₹1,23,45,67,890.12"),
        ("en", "99999999999999999999.999", "KWD", "KWD\xa099,999,999,999,999,999,999.999"),
        ("bn", "5", "CHF", "5.00\xa0CHF"),
    ],
)
def test_amounts_look_as_people_write_them(language: str, amount: str, currency: str, shown: str) -> None:
    """The minus with its marks of direction, the digits of ISO 4217, halves rounded away from zero, codes set apart."""
    assert amounts.money(Decimal(amount), currency, Locale.parse(language, sep="-")) == shown


@pytest.mark.parametrize("language", ["de-CH", "it-CH", "fr-CH", "en-CH", "gsw"])
@pytest.mark.parametrize("amount", ["1234567.80", "-1234567890.00", "1234.50"])
def test_swiss_amounts_keep_their_separators(language: str, amount: str) -> None:
    """Every three digits are set apart, whichever character the release of the locale data has for it."""
    written = amounts.money(Decimal(amount), "CHF", Locale.parse(language, sep="-"))
    groups = [len(group) for group in "".join(c if c.isdigit() else " " for c in written).split()]
    assert written.count(".") == 1
    assert groups[-1] == 2
    assert set(groups[1:-1]) == {3}


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        ("sv", "-2.5", "\u22122,5"),
        ("ar", "-2", "\u200e-2"),
        ("en", "1000", "1,000"),
        ("en", "1E+3", "1,000"),
        ("de", "0.000001", "0,000001"),
        ("en", "-0", "0"),
        ("en", "2.50", "2.5"),
    ],
)
def test_quantities_keep_all_their_digits(language: str, value: str, shown: str) -> None:
    """A quantity or rate is neither rounded nor written in powers of ten."""
    assert amounts.number(Decimal(value), Locale.parse(language)) == shown


@pytest.mark.parametrize(
    ("language", "rate", "shown"),
    [
        ("en", "19", "19%"),
        ("en", "9.975", "9.975%"),
        ("en", "0", "0%"),
        ("de", "8.1", "8,1\xa0%"),
        ("fr", "5.5", "5,5\xa0%"),
        ("de-CH", "8.1", "8.1%"),
        ("es-MX", "16", "16%"),
        ("ja", "10", "10%"),
        ("tr", "20", "%20"),
        ("eu", "21", "%\xa021"),
        ("sv", "25.00", "25\xa0%"),
        ("ar", "15", "15\u200e%\u200e"),
        ("de", "1000", "1.000\xa0%"),
    ],
)
def test_rates_have_the_sign_where_the_language_has_it(language: str, rate: str, shown: str) -> None:
    """Before or behind, with a blank that breaks no line or without one, as Unicode's data says (`percentFormats`)."""
    assert amounts.percent(Decimal(rate), Locale.parse(language, sep="-")) == shown


@pytest.mark.parametrize("language", ["en", "de", "ar", "he", "sv", "de-CH", "en-IN"])
@pytest.mark.parametrize("currency", ["EUR", "RSD", "KWD", "JPY", "BGN"])
def test_paper_page_and_mail_say_the_same(language: str, currency: str) -> None:
    """The PDF's page, the print view and a mail write an amount in one way."""
    amount = Decimal(-1234567).scaleb(-DIGITS[currency])
    expected = amounts.money(amount, currency, Locale.parse(language, sep="-"))
    letter = printed.letter(language=language, currency=currency)
    document = printed.receipt(letter=letter, refunded=-amount)
    facts = {**FACTS, "amount": str(amount), "currency": currency}
    reader = replace(OLGA, language=language)
    mailed = Notification.tell(news(Kind.PAYMENT_RECEIVED, facts=facts), reader, Channel.EMAIL, NOON)

    assert expected in [total.value for total in present(document).totals]
    assert expected in unescape(HtmlPrintView().page(document))
    assert expected in say(mailed).sentence


@pytest.mark.parametrize("name", ["eBay", "iFixit Ltd", "ẞ AG", "de Vries", "ﬁne", "x"])
def test_a_name_stays_as_it_is_at_the_beginning_of_a_sentence(name: str) -> None:
    """No mail writes somebody's name with another letter than they do; what is no name begins with a capital."""
    facts = {**FACTS, "customer": name, "actor": name}
    for kind in (Kind.PAYMENT_RECEIVED, Kind.ESTIMATE_ACCEPTED):
        said = say(Notification.tell(news(kind, facts=facts), OLGA, Channel.EMAIL, NOON))
        assert (said.subject.startswith(name), said.sentence.startswith(name)) == (True, True)
    overdue = say(Notification.tell(news(Kind.INVOICE_OVERDUE), CARL, Channel.EMAIL, NOON))
    assert overdue.sentence.startswith("Invoice ")
