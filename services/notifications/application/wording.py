"""Say a notification in the reader's language. What people wrote goes in as text and is never read as a template."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from chassis import instants
from chassis.directions import apart
from chassis.world import amounts
from services.notifications.application.phrases import PHRASES, WORDS
from services.notifications.domain.kinds import Audience
from services.notifications.domain.notification import Notification

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_MONEY = ("amount", "total", "balance")
_REASONS = {Audience.STAFF: "reason_staff", Audience.OUTSIDE: "reason_outside"}
_DAYS = ("due",)
_NAMES = ("{actor}", "{customer}", "{organisation}")


@dataclass(frozen=True, slots=True)
class Said:
    """A notification in words; `quote` is what somebody wrote."""

    language: str
    subject: str
    sentence: str
    quote: str
    open: str
    reason: str
    file_name: str


def say(notification: Notification, *, organisation: str = "", place: str = "") -> Said:
    """Return what the notification says in its recipient's language, English where there is no translation.

    Days are written as in the recipient's country, or in that of `place`, the business's locale.
    """
    news, recipient = notification.news, notification.recipient
    locale = _locale(recipient.language)
    language = locale.language if locale.language in PHRASES else "en"
    words, phrases = WORDS[language], PHRASES[language]
    number = one_line(news.document_number or "")
    names = defaultdict(str, {key: apart(one_line(value)) for key, value in news.facts.items()})
    names.update(_formatted(news.facts, locale, instants.writing(language, recipient.language, place)))
    names.update(number=number, organisation=apart(one_line(organisation)))
    by_type = phrases[news.kind, recipient.audience]
    subject, sentence = by_type.get(news.document_type) or next(iter(by_type.values()))
    file_kind = "receipt" if news.receipt_id else news.document_type
    reason = words[_REASONS.get(recipient.audience, "reason")]
    return Said(
        language=language,
        subject=_filled(subject, names),
        sentence=_filled(sentence, names),
        quote=news.facts.get("quote", ""),
        open=words["open"],
        reason=reason.format_map(names),
        file_name=_filled(words[f"{file_kind}_file"], names) + ".pdf",
    )


def _filled(phrase: str, names: Mapping[str, str]) -> str:
    """Fill a phrase, with a capital letter at its beginning unless a name is there: eBay stays eBay.

    A document without a number is named without a gap.
    """
    if not names["number"]:
        phrase = phrase.replace(" {number}", "")
    text = phrase.format_map(names)
    return text if phrase.startswith(_NAMES) else text[:1].upper() + text[1:]


def one_line(text: str) -> str:
    """Return the text on one line, without control characters."""
    return _CONTROL.sub(" ", text).strip()


def _formatted(facts: dict[str, str], locale: Locale, days_as: Locale) -> dict[str, str]:
    currency = facts.get("currency", "EUR")
    money = {key: amounts.money(Decimal(facts[key]), currency, locale) for key in _MONEY if key in facts}
    days = {key: format_date(date.fromisoformat(facts[key]), "long", locale=days_as) for key in _DAYS if key in facts}
    return money | days


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale("en")
