"""Mails: languages, links, attachments, and text that stays text."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from string import Formatter

import pytest

from chassis.mail import MailMessage, compose
from chassis.mail_layout.words import WORDS as LAYOUT_WORDS
from services.notifications.adapters.mail_courier import MailCourier
from services.notifications.application.phrases import ENGLISH, PHRASES, WORDS, complete
from services.notifications.application.phrases.model import Language, Phrases
from services.notifications.application.ports import TryLater, Undeliverable
from services.notifications.application.wording import say
from services.notifications.domain.kinds import KINDS_OF, Audience, Channel, Kind
from services.notifications.domain.notification import News, Notification, Recipient
from tests.support.clock import NOON
from tests.support.notifications.fakes import FakeDirectory, FakeFiles, FakeMailer
from tests.support.notifications.makers import (
    CARL,
    CUSTOMER,
    FACTS,
    INVOICE,
    OLGA,
    ORGANISATION,
    PAYMENT,
    PEOPLE,
    news,
)

ADA = Recipient(id="fwd_1", audience=Audience.OUTSIDE, name="Ada", email="ada@x.example", has_access=False)
PERSON = {Audience.STAFF: OLGA, Audience.CLIENT: CARL, Audience.OUTSIDE: ADA}
TOLD = {kind for kinds in KINDS_OF.values() for kind in kinds}
CASES = [(kind, audience) for audience, kinds in KINDS_OF.items() for kind in kinds]


class Post:
    """A courier over fakes."""

    def __init__(self) -> None:
        self.mailer, self.files = FakeMailer(), FakeFiles()
        self.directory = FakeDirectory(ORGANISATION, PEOPLE, {CUSTOMER: "Élan Vital"})
        self.courier = MailCourier(
            self.mailer, self.files, self.directory, sender="portal@our.example", portal_url="https://portal.example/"
        )

    async def send(self, fact: News, person: Recipient) -> tuple[MailMessage, EmailMessage]:
        await self.courier.deliver(Notification.tell(fact, person, Channel.EMAIL, NOON))
        message = self.mailer.sent[-1]
        parsed = email.message_from_bytes(compose(message).as_bytes(), policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return message, parsed


@pytest.mark.parametrize("language", PHRASES)
@pytest.mark.parametrize(("kind", "audience"), CASES)
async def test_every_kind_in_every_language(language: str, kind: Kind, audience: Audience) -> None:
    """Each kind has subject, text and HTML in each language, without a gap left in a sentence."""
    fact = news(kind, actor_id=CARL.id if audience is not Audience.CLIENT else None, receipt_id=PAYMENT)

    message, parsed = await Post().send(fact, replace(PERSON[audience], language=language))

    for text in (message.subject, message.text, message.html):
        assert "{" not in text.replace("{margin", "")
        assert "INV-0007" in text or kind is Kind.PAYMENT_RECEIVED
        assert "  " not in message.subject
    assert parsed["Content-Language"] == language
    plain, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert f'lang="{language}"' in html.get_content()


def test_translations_are_complete() -> None:
    """Every language has the kinds, words and placeholders that English has."""
    wrong = [
        *(f"Kind.{kind.name} has no audience: add it to KINDS_OF in domain/kinds.py" for kind in set(Kind) - TOLD),
        *(f"english.py has no phrases for {shown(key)}, which is in KINDS_OF" for key in set(CASES) - ENGLISH.keys()),
        *(f"english.py has phrases for {shown(key)}, which is not in KINDS_OF" for key in ENGLISH.keys() - set(CASES)),
        *(line for language, phrases in PHRASES.items() for line in wrongly_translated(language, phrases)),
        *(f"{tag}: no words of its own in mail_layout" for tag in PHRASES.keys() - LAYOUT_WORDS.keys()),
    ]
    if wrong:
        head = "What notifications say is incomplete (services/notifications/application/phrases):"
        pytest.fail("\n".join([head, *sorted(wrong)]), pytrace=False)
    assert {frozenset(words) for words in WORDS.values()} == {frozenset(WORDS["en"])}


def shown(key: tuple[Kind, Audience]) -> str:
    return f"(Kind.{key[0].name}, Audience.{key[1].name})"


def placeholders(said: tuple[str, str]) -> set[str]:
    return {name.lower() for text in said for _, name, _, _ in Formatter().parse(text) if name}


def wrongly_translated(language: str, phrases: Phrases) -> Iterator[str]:
    """Yield, whole, what a language lacks, has beside English, or fills in otherwise."""
    english = {(*key, about): said for key, by_type in ENGLISH.items() for about, said in by_type.items()}
    theirs = {(*key, about): said for key, by_type in phrases.items() for about, said in by_type.items()}
    for kind, audience, about in english.keys() - theirs.keys():
        yield f"{language}: {shown((kind, audience))} has no sentence for {about!r}"
    for kind, audience, about in theirs.keys() - english.keys():
        yield f"{language}: {shown((kind, audience))} has a sentence for {about!r}, and English has none"
    for kind, audience, about in english.keys() & theirs.keys():
        wanted, filled = (placeholders(one[kind, audience, about]) for one in (english, theirs))
        if wanted != filled:
            yield f"{language}: {shown((kind, audience))}, {about!r} fills in {filled}, English {wanted}"


def test_a_missing_sentence_is_named_whole() -> None:
    """Language, kind, audience and type of document: whoever adds a kind is told what is still to be written."""
    key = (Kind.INVOICE_OVERDUE, Audience.CLIENT)
    lacking = {one: said for one, said in ENGLISH.items() if one != key}
    other = {**ENGLISH, key: {"invoice": ("{number}", "Nothing else.")}}

    assert list(wrongly_translated("pl", lacking)) == [
        "pl: (Kind.INVOICE_OVERDUE, Audience.CLIENT) has no sentence for 'invoice'"
    ]
    (told,) = wrongly_translated("pl", other)
    assert told.startswith("pl: (Kind.INVOICE_OVERDUE, Audience.CLIENT), 'invoice' fills in {'number'}, English {")


def test_an_incomplete_language_cannot_be_imported() -> None:
    """A language that lacks a sentence names it when the service starts."""
    lacking = {key: said for key, said in ENGLISH.items() if key[0] is not Kind.INVOICE_OVERDUE}

    with pytest.raises(LookupError, match="'pl': invoice_overdue/client/invoice"):
        complete({"en": Language(ENGLISH, WORDS["en"]), "pl": Language(lacking, WORDS["en"])})


@pytest.mark.parametrize(
    ("language", "kind", "about", "sentence"),
    [
        ("fr", Kind.PAYMENT_RECEIVED, "invoice", "pour la facture INV-0007. Le reçu est joint."),
        ("fr", Kind.DOCUMENT_FORWARDED, "invoice", "la facture INV-0007, émise par Northwind Studio. Elle est jointe."),
        ("fr", Kind.DOCUMENT_FORWARDED, "estimate", "le devis INV-0007, émis par Northwind Studio. Il est joint."),
        ("fr", Kind.COMMENT_ADDED, "estimate", "a écrit au sujet du devis INV-0007\u202f:"),
        ("es", Kind.PAYMENT_RECEIVED, "invoice", "por la factura INV-0007. El recibo va adjunto."),
        ("es", Kind.DOCUMENT_FORWARDED, "estimate", "el presupuesto INV-0007 de Northwind Studio. Va adjunto."),
        ("es", Kind.INVOICE_OVERDUE, "invoice", "La factura INV-0007 venció el"),
        ("de", Kind.COMMENT_ADDED, "invoice", "schreibt zu Rechnung INV-0007:"),
        ("de", Kind.COMMENT_ADDED, "estimate", "schreibt zu Angebot INV-0007:"),
        ("de", Kind.DOCUMENT_FORWARDED, "estimate", "hat Angebot INV-0007 von Northwind Studio an Sie weitergeleitet."),
        ("en", Kind.DOCUMENT_SENT, "estimate", "has sent you estimate INV-0007 for"),
    ],
)
def test_sentences_agree_with_the_document(language: str, kind: Kind, about: str, sentence: str) -> None:
    """Articles, prepositions and participles follow the noun: every sentence is whole for its type of document."""
    audience = next(audience for audience, kinds in reversed(KINDS_OF.items()) if kind in kinds)
    fact = replace(news(kind), document_type=about)
    person = replace(PERSON[audience], language=language)

    said = say(Notification.tell(fact, person, Channel.EMAIL, NOON), organisation="Northwind Studio")

    assert sentence in said.sentence


def test_a_document_without_a_number_leaves_no_gap() -> None:
    """What has no number yet is named by its noun alone."""
    fact = replace(news(Kind.DOCUMENT_SENT), document_number=None)

    said = say(Notification.tell(fact, CARL, Channel.EMAIL, NOON), organisation="Nord  GmbH")

    assert (said.subject, said.file_name) == ("Invoice from Nord  GmbH", "Invoice.pdf")


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "We have received your payment of €1,234.50"),
        ("de-AT", "Ihre Zahlung über € 1.234,50 ist eingegangen"),
        ("fr", "Nous avons reçu votre paiement de 1 234,50 €"),
        ("ja", "We have received your payment of €1,234.50"),
        ("", "We have received your payment of €1,234.50"),
        ("../../etc", "We have received your payment of €1,234.50"),
    ],
)
def test_subjects_follow_the_reader(language: str, subject: str) -> None:
    """Words and amounts are in the reader's language, English where there is no translation."""
    notification = Notification.tell(news(Kind.PAYMENT_RECEIVED), replace(CARL, language=language), Channel.EMAIL, NOON)

    said = say(notification).subject.replace("\xa0", " ").replace("\u202f", " ").replace("￥", "¥")

    assert said == subject


@pytest.mark.parametrize(
    ("language", "place", "day"),
    [
        ("en", "en-GB", "3 March 2026"),
        ("en", "en-US", "March 3, 2026"),
        ("en", "de-DE", "3 March 2026"),
        ("en", "en-AU", "3 March 2026"),
        ("en-US", "en-GB", "March 3, 2026"),
        ("en", "", "March 3, 2026"),
        ("de", "de-AT", "3. März 2026"),
        ("es", "es-MX", "3 de marzo de 2026"),
        ("fr", "fr-CA", "3 mars 2026"),
        ("ja", "en-GB", "3 March 2026"),
        ("sv-SE", "sv-SE", "3 March 2026"),
    ],
)
def test_days_are_written_as_where_the_business_is(language: str, place: str, day: str) -> None:
    """Who reads English and gets mail from London reads 3 March, as on the paper that is attached."""
    fact = news(Kind.INVOICE_OVERDUE, facts=FACTS | {"due": "2026-03-03"})

    said = say(Notification.tell(fact, replace(CARL, language=language), Channel.EMAIL, NOON), place=place)

    assert day in said.sentence


@pytest.mark.parametrize(
    "name", ["דוד כהן", "شركة النور (2026)", "A דוד", "دفتر 7", "ישראל ישראלי בע״מ", "ܐܪܡ", "ޑޭވިޑް", "𞤀𞤣𞤤𞤢𞤥"]
)
async def test_a_name_from_right_to_left_turns_no_sentence(name: str) -> None:
    """It is isolated (UAX 9) in subject, text and HTML; the quote and the business's name run as they are written."""
    post = Post()
    post.directory.customers[CUSTOMER] = name
    post.directory.people[OLGA.id] = replace(OLGA, name=name)
    fact = news(Kind.COMMENT_ADDED, actor_id=CARL.id, facts=FACTS | {"customer": name, "actor": name})

    message, parsed = await post.send(fact, OLGA)

    isolated = f"\u2068{name}\u2069"
    assert f"{isolated} ({isolated}) wrote about invoice INV-0007:" in message.text
    assert f'dir="ltr">Hello {isolated},</p>' in message.html
    assert parsed["Subject"] == message.subject
    assert parsed["To"].addresses[0].display_name == name


def test_other_names_stay_as_they_are() -> None:
    """What runs with the sentence needs no mark."""
    said = say(
        Notification.tell(news(Kind.DOCUMENT_SENT), CARL, Channel.EMAIL, NOON), organisation="Élan 株式会社 ἄλφα"
    )

    assert said.sentence.startswith("Élan 株式会社 ἄλφα has sent you")


async def test_what_is_attached() -> None:
    """Clients get the document or the receipt, outsiders what was forwarded, staff nothing."""
    post = Post()
    cases = [
        (Kind.DOCUMENT_SENT, CARL, "Invoice INV-0007.pdf", INVOICE),
        (Kind.PAYMENT_RECEIVED, CARL, "Receipt INV-0007.pdf", PAYMENT),
        (Kind.DOCUMENT_FORWARDED, ADA, "Invoice INV-0007.pdf", INVOICE),
    ]
    for kind, person, name, fetched in cases:
        receipt = PAYMENT if kind is Kind.PAYMENT_RECEIVED else None
        _, parsed = await post.send(news(kind, receipt_id=receipt), person)
        (part,) = parsed.iter_attachments()
        assert (part.get_filename(), part.get_content_type()) == (name, "application/pdf")
        assert part.get_content() == b"%PDF-1.7 " + fetched.encode()

    post.files.asked.clear()
    for kind, person in [(Kind.PAYMENT_RECEIVED, OLGA), (Kind.REPLY_ADDED, CARL)]:
        _, parsed = await post.send(news(kind, receipt_id=PAYMENT), person)
        assert list(parsed.iter_attachments()) == []
    assert post.files.asked == []


async def test_a_missing_pdf() -> None:
    """Without its PDF a forward makes no sense and fails; a document that was sent is still announced."""
    post = Post()
    post.files.missing.add(INVOICE)

    _, parsed = await post.send(news(Kind.DOCUMENT_SENT), CARL)
    assert list(parsed.iter_attachments()) == []
    with pytest.raises(Undeliverable):
        await post.send(news(Kind.DOCUMENT_FORWARDED), ADA)
    post.files.down = True
    with pytest.raises(TryLater):
        await post.send(news(Kind.DOCUMENT_SENT), CARL)


async def test_links_and_replies() -> None:
    """Links lead to the configured portal, only for people with access; answers go to a person, not to the portal."""
    post = Post()

    client, _ = await post.send(news(Kind.DOCUMENT_SENT), CARL)
    staff, _ = await post.send(news(Kind.COMMENT_ADDED), OLGA)
    outside, _ = await post.send(news(Kind.DOCUMENT_FORWARDED, actor_id=CARL.id), ADA)
    without, _ = await post.send(news(Kind.DOCUMENT_SENT), replace(CARL, has_access=False))

    assert f"https://portal.example/northwind/invoices/{INVOICE}" in client.text
    assert f"https://portal.example/staff/invoices/{INVOICE}" in staff.text
    assert "https://" not in outside.text + without.text
    assert (client.reply_to, staff.reply_to, outside.reply_to) == (ORGANISATION.email, None, CARL.email)


async def test_the_same_notification_has_the_same_message_id() -> None:
    """A mail sent again after a crash can be told to be a copy: identical to the byte, but for MIME boundaries."""
    post = Post()
    notification = Notification.tell(news(), OLGA, Channel.EMAIL, NOON)

    await post.courier.deliver(notification)
    await post.courier.deliver(notification)

    first, second = post.mailer.sent
    assert first == second
    assert first.message_id == f"{notification.id}@portal.example"
    parsed = email.message_from_bytes(compose(first).as_bytes(), policy=email.policy.default)
    assert parsed["Message-ID"] == f"<{notification.id}@portal.example>"
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["X-Auto-Response-Suppress"] == "OOF, AutoReply"


HOSTILE = [
    "{{ 7*7 }}",
    "{% include '/etc/passwd' %}",
    "{customer.__class__}",
    "%(amount)s ${amount} #{7*7}",
    "<script>alert(1)</script>",
    "<img src=http://127.0.0.1:1/x>",
    "x\r\nBcc: victim@x.example",
    "x\nTo: victim@x.example\n\nbody",
    "a, victim@x.example",
    '"q" <victim@x.example>',
    "\x00\x1b[31m\u2028\u202e",
    "x" * 5000,
    "=?utf-8?q?=0ABcc:_victim@x.example?=",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(("kind", "audience"), CASES)
async def test_text_is_data(text: str, kind: Kind, audience: Audience) -> None:
    """Whatever names, numbers and quotes contain: one recipient, no added header, no evaluated template, no tag."""
    post = Post()
    post.directory._organisation = replace(ORGANISATION, name=text, portal_name=text)
    facts = FACTS | {"customer": text, "actor": text, "quote": text}
    fact = news(kind, facts=facts, document_number=text, receipt_id=PAYMENT)

    message, parsed = await post.send(fact, replace(PERSON[audience], name=text))

    assert [address.addr_spec for address in parsed["To"].addresses] == [PERSON[audience].email]
    assert [address.addr_spec for address in parsed["From"].addresses] == ["portal@our.example"]
    assert parsed["Bcc"] is None
    assert parsed["Cc"] is None
    assert not any(character in parsed["Subject"] for character in "\r\n\x00\x1b")
    assert "root:" not in message.text
    assert "<class" not in message.text
    assert "<script" not in message.html
    assert "<img" not in message.html
    if "7*7" in text:
        assert "49" not in message.subject + message.text.replace("1,234.50", "").replace(INVOICE, "")
