"""Writes a notification as a mail, with its PDF, and gives it to the mailer."""

from copy import copy
from dataclasses import replace
from typing import Protocol
from urllib.parse import quote, urlsplit

import structlog

from chassis.handing_over import mail_outcomes
from chassis.mail import Attachment, Mailer, MailMessage
from chassis.mail_layout import Button, Content, lay_out
from chassis.mailing import Away
from chassis.mailing.return_path import ReturnPaths
from chassis.telemetry import MAILS
from services.notifications.application.ports import (
    Directory,
    Documents,
    NoLongerTrue,
    Organisation,
    Standing,
    Suppressed,
    TryLater,
    Undeliverable,
)
from services.notifications.application.wording import Said, one_line, say
from services.notifications.domain.errors import DirectoryUnavailable
from services.notifications.domain.kinds import REMINDERS, WITH_PDF, WITH_RECEIPT, Audience, Kind
from services.notifications.domain.notification import SHUT_OUT, News, Notification, Recipient

_LOG = structlog.stdlib.get_logger("mail")


class Files(Protocol):
    """Where PDFs come from."""

    async def pdf(self, organisation_id: str, document_id: str) -> bytes | None:
        """Return the PDF, or None when there is no such document. Raises TryLater."""
        ...


class MailCourier:
    """Implements `Courier`. Links lead to `portal_url` only; what people wrote is text in every part of the mail."""

    def __init__(
        self,
        mailer: Mailer,
        files: Files,
        directory: Directory,
        *,
        sender: str,
        portal_url: str,
        documents: Documents | None = None,
        suppressed: Suppressed | None = None,
        return_paths: ReturnPaths | None = None,
    ) -> None:
        self._mailer = mailer
        self._files = files
        self._directory = directory
        self._documents = documents
        self._suppressed = suppressed
        self._return_paths = return_paths
        self._sender = sender
        self._portal_url = portal_url.rstrip("/")

    async def deliver(self, notification: Notification) -> None:
        """Return when the mail was taken. Raises Undeliverable, TryLater."""
        outcome = "failed"
        try:
            await self._deliver(notification)
            outcome = "sent"
        except TryLater:
            outcome = "later"
            raise
        except DirectoryUnavailable as away:
            outcome = "later"
            raise Away("identity does not answer", "identity") from away
        except NoLongerTrue:
            outcome = "dropped"
            raise
        finally:
            self._note(notification, outcome)

    def _note(self, notification: Notification, outcome: str) -> None:
        kind = notification.news.kind.value
        MAILS.labels(kind, outcome).inc()
        _LOG.info(
            "mail",
            kind=kind,
            outcome=outcome,
            attempt=notification.attempts + 1,
            organisation=notification.organisation_id,
            subject=notification.id,
        )

    async def _deliver(self, notification: Notification) -> None:
        notification = await self._as_of_now(notification)
        await self._require_wanted(notification)
        organisation = await self._directory.organisation(notification.organisation_id)
        said = say(notification, organisation=organisation.name, place=organisation.locale)
        attachments = await self._attachments(notification, said)
        message = await self._message(notification, organisation, said, attachments)
        with mail_outcomes():
            await self._mailer.send(message)

    async def _require_wanted(self, notification: Notification) -> None:
        """Send nothing to an address from which a mail came back. Raises Undeliverable."""
        if self._suppressed is None:
            return
        why = await self._suppressed.why(notification.organisation_id, notification.recipient.email)
        if why is not None:
            raise Undeliverable(f"an earlier mail to this address came back: {why}")

    async def _as_of_now(self, notification: Notification) -> Notification:
        """Return it with who and what it is about as they are now. Raises NoLongerTrue, TryLater."""
        recipient = await self._recipient(notification)
        if recipient.shut_out:
            raise NoLongerTrue(SHUT_OUT)
        news, standing = notification.news, await self._standing(notification)
        if standing is not None and standing.is_void:
            raise NoLongerTrue("the document was withdrawn")
        if news.kind in REMINDERS:
            await self._require_reminder(news, standing)
            balance = {"balance": standing.balance} if standing and standing.balance else {}
            news = replace(news, facts=news.facts | balance)
        now = copy(notification)
        now.recipient, now.news = recipient, news
        return now

    async def _require_reminder(self, news: News, standing: Standing | None) -> None:
        """Let a reminder go only while its debt stands. Raises NoLongerTrue."""
        if standing is not None and standing.is_settled:
            raise NoLongerTrue("nothing is outstanding any more")
        if standing is not None and standing.due_on not in (None, news.facts.get("due")):
            raise NoLongerTrue("the due date was changed")
        organisation = await self._directory.organisation(news.organisation_id)
        if news.actor_id is None and organisation.is_switched_off:
            raise NoLongerTrue("the portal is switched off")

    async def _recipient(self, notification: Notification) -> Recipient:
        """Return to whom it goes now; a link needs an access now and a document that the portal showed them."""
        told = notification.recipient
        if told.audience is Audience.OUTSIDE:
            return told
        now = await self._directory.person(notification.organisation_id, told.id) or told
        access = told.has_access and now.has_access
        return replace(told, name=now.name, email=now.email, has_access=access, shut_out=now.shut_out)

    async def _standing(self, notification: Notification) -> Standing | None:
        """Return how the document stands that a mail to a client asks to look at; None for other mails."""
        news = notification.news
        if self._documents is None or news.kind not in (Kind.DOCUMENT_SENT, *REMINDERS):
            return None
        return await self._documents.standing(notification.organisation_id, news.document_id)

    async def _attachments(self, notification: Notification, said: Said) -> tuple[Attachment, ...]:
        file_id = _file_of(notification)
        if file_id is None:
            return ()
        content = await self._files.pdf(notification.organisation_id, file_id)
        if content is not None:
            return (Attachment(said.file_name, "application/pdf", content),)
        if notification.news.kind is Kind.DOCUMENT_FORWARDED:
            raise Undeliverable("the forwarded document does not exist any more")
        return ()

    async def _message(
        self, notification: Notification, organisation: Organisation, said: Said, attachments: tuple[Attachment, ...]
    ) -> MailMessage:
        recipient = notification.recipient
        link = self._link(notification, organisation)
        content = Content(
            language=said.language,
            subject=said.subject,
            preview=said.sentence,
            organisation=one_line(organisation.name),
            to_name=one_line(recipient.name),
            message=said.sentence,
            quote=said.quote,
            button=Button(said.open, link) if link else None,
            note=said.reason,
        )
        text, html = lay_out(content)
        return MailMessage(
            message_id=f"{notification.id}@{urlsplit(self._portal_url).hostname or 'localhost'}",
            sender_name=organisation.portal_name or organisation.name or "Portal",
            sender=self._sender,
            reply_to=await self._reply_to(notification, organisation),
            to_name=recipient.name,
            to=recipient.email,
            subject=said.subject,
            text=text,
            html=html,
            sent_at=notification.created_at,
            language=said.language,
            attachments=attachments,
            return_path=self._return_paths.of(notification.id, recipient.email) if self._return_paths else None,
        )

    async def _reply_to(self, notification: Notification, organisation: Organisation) -> str | None:
        actor = notification.news.actor_id
        match notification.recipient.audience:
            case Audience.OUTSIDE if actor:
                person = await self._directory.person(notification.organisation_id, actor)
                return person.email if person else await self._directory.answers(notification.organisation_id)
            case Audience.OUTSIDE | Audience.CLIENT:
                return organisation.email or await self._directory.answers(notification.organisation_id)
            case _:
                return None

    def _link(self, notification: Notification, organisation: Organisation) -> str | None:
        if not notification.recipient.has_access:
            return None
        place = f"{notification.news.document_type}s/{quote(notification.news.document_id, safe='')}"
        if notification.recipient.audience is Audience.STAFF:
            return f"{self._portal_url}/staff/{place}"
        if not organisation.portal_open or not organisation.slug:
            return None
        return f"{self._portal_url}/{quote(organisation.slug, safe='')}/{place}"


def _file_of(notification: Notification) -> str | None:
    news = notification.news
    if notification.recipient.audience is Audience.STAFF:
        return None
    if news.kind in WITH_RECEIPT:
        return news.receipt_id
    return news.document_id if news.kind in WITH_PDF else None
