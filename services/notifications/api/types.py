"""The types of the subgraph. Documents are billing's, people identity's: stubs here.

Longer than most files, because it is a list: every type of the schema.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Any, Self

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet
from strawberry.types import Info

from chassis.graphql.context import Context
from chassis.graphql.types import named
from chassis.graphql.wording import ERRORS, KEY
from chassis.left_out import shown
from services.notifications.api.errors import UserError
from services.notifications.application import Application
from services.notifications.application.fates import state_of, why
from services.notifications.application.ports import Organisation
from services.notifications.application.wording import say
from services.notifications.domain import kinds, notification, preferences

AppInfo = Info[Context[Application], Any]
STUB = Key(fields=FieldSet("id"), resolvable=False)


@strawberry.interface(description="Anything that can be looked up by its ID alone (`node`).")
class Node:
    """Relay's global object identification, for whatever has an id and is an entity."""

    id: strawberry.ID = strawberry.field(description="The ID; its prefix tells the kind.")


@strawberry.interface(description="A person: a member of staff or a contact of a client company.")
class Person:
    """A stub of identity's interface."""

    id: strawberry.ID = strawberry.field(description="The ID: `con_…` for contacts, `stf_…` for staff.")


@strawberry.federation.type(
    keys=[STUB], description="A member of staff. Contacts see the name only; all other fields are null for them."
)
class StaffMember(Person, Node):
    """A stub of identity's entity."""


@strawberry.federation.type(keys=[STUB], description="A contact person of a client company.")
class Contact(Person, Node):
    """A stub of identity's entity."""


@strawberry.interface(description="An estimate or an invoice.")
class Document:
    """A stub of billing's interface."""

    id: strawberry.ID = strawberry.field(description="The ID, `est_…` or `inv_…`.")


@strawberry.enum(description="Where a mail stands.")
class MailState(Enum):
    """`fates.MailState` with descriptions."""

    QUEUED = strawberry.enum_value("queued", description="The mail waits to be sent, or to be tried again.")
    SENT = strawberry.enum_value("sent", description="A mail server took it, and it has not come back.")
    FAILED = strawberry.enum_value("failed", description="The mail cannot be delivered.")
    BOUNCED = strawberry.enum_value("bounced", description="A mail server took it, and it came back.")
    DROPPED = strawberry.enum_value(
        "dropped", description="The mail was not sent, since what it says was no longer true."
    )


@strawberry.type(description="A mail about a document to somebody on the client's side.")
class DocumentMail:
    """How a mail fares."""

    id: strawberry.ID = strawberry.field(description="The ID, `ntf_…`.")
    kind: "NotificationKind" = strawberry.field(description="The kind of event of which it tells.")
    recipient: Contact | None = strawberry.field(
        description="The contact it goes to; null for somebody to whom a document was forwarded."
    )
    to_name: str = strawberry.field(description="The recipient's name when the mail was decided.")
    to_email: str = strawberry.field(description="The recipient's address when the mail was decided.")
    state: MailState = strawberry.field(description="Where it stands.")
    reason: str | None = strawberry.field(
        description="Why it waits, failed, came back or was dropped; null for a mail that is on its way or was sent."
    )
    created_at: datetime = strawberry.field(description="When it was decided.")
    settled_at: datetime | None = strawberry.field(
        description="When it was sent, failed, came back or was dropped; null while it waits."
    )

    @classmethod
    def of(cls, mail: notification.Notification) -> Self:
        """Return the mail as the API shows it."""
        recipient = mail.recipient
        is_contact = recipient.audience is kinds.Audience.CLIENT
        return cls(
            id=strawberry.ID(mail.id),
            kind=named(NotificationKind, mail.news.kind),
            recipient=Contact(id=strawberry.ID(recipient.id)) if is_contact else None,
            to_name=recipient.name,
            to_email=recipient.email,
            state=MailState(state_of(mail).value),
            reason=why(mail),
            created_at=mail.created_at,
            settled_at=mail.bounced_at or mail.settled_at,
        )


MAILS = "The last 100 mails about it to the client's side, newest first; empty for contacts."


async def mails_about(info: AppInfo, document_id: str) -> list[DocumentMail]:
    """Return how the mails about a document fare, for staff."""
    by, feed = info.context.acting(), info.context.app.queries.feed
    mails = await info.context.loader("mails", lambda ids: feed.mails_about(by, ids)).load(document_id)
    return shown(mails or (), DocumentMail.of)


@strawberry.federation.type(keys=["id"], description="An invoice.")
class Invoice(Document, Node):
    """Billing's entity, and how mails about it fare."""

    @strawberry.field(description=MAILS)
    async def mails(self, info: AppInfo) -> list[DocumentMail]:
        return await mails_about(info, self.id)

    @classmethod
    def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> Self:
        """Return the stub: whose mails the caller may see is asked with them."""
        info.context.acting()
        return cls(id=id)


@strawberry.federation.type(
    keys=["id"],
    description="An estimate. Clients see the revision that was sent last, even while staff prepare the next one.",
)
class Estimate(Document, Node):
    """Billing's entity, and how mails about it fare."""

    @strawberry.field(description=MAILS)
    async def mails(self, info: AppInfo) -> list[DocumentMail]:
        return await mails_about(info, self.id)

    @classmethod
    def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> Self:
        """Return the stub: whose mails the caller may see is asked with them."""
        info.context.acting()
        return cls(id=id)


@strawberry.enum(description="The kind of event of which a notification tells.")
class NotificationKind(Enum):
    """`Kind` with descriptions."""

    DOCUMENT_VIEWED = strawberry.enum_value(
        "document_viewed", description="A contact opened a document (sent to staff)."
    )
    COMMENT_ADDED = strawberry.enum_value("comment_added", description="A contact added a comment (sent to staff).")
    ESTIMATE_ACCEPTED = strawberry.enum_value(
        "estimate_accepted", description="An estimate was accepted (sent to staff)."
    )
    ESTIMATE_DECLINED = strawberry.enum_value(
        "estimate_declined", description="An estimate was declined (sent to staff)."
    )
    PAYMENT_RECEIVED = strawberry.enum_value(
        "payment_received", description="A payment was received (sent to staff and contacts)."
    )
    DOCUMENT_SENT = strawberry.enum_value(
        "document_sent", description="An estimate or invoice was sent (sent to contacts)."
    )
    REPLY_ADDED = strawberry.enum_value(
        "reply_added", description="Staff added a comment that clients can read (sent to contacts)."
    )
    INVOICE_DUE_SOON = strawberry.enum_value(
        kinds.Kind.INVOICE_DUE_SOON.value, description="A reminder of an invoice that is due soon, or today."
    )
    INVOICE_OVERDUE = strawberry.enum_value("invoice_overdue", description="An invoice is overdue (sent to contacts).")
    DOCUMENT_FORWARDED = strawberry.enum_value(
        "document_forwarded", description="A document was forwarded (sent to its recipient, by e-mail only)."
    )
    NOBODY_REACHED = strawberry.enum_value(
        "nobody_reached",
        description="No contact was reached about an estimate, an invoice or a comment: the client has none, or the "
        "e-mail failed (sent to staff).",
    )


@strawberry.federation.type(keys=["id"], description="An entry in the caller's feed.")
class Notification(Node):
    """A notification."""

    id: strawberry.ID = strawberry.field(description="The ID, `ntf_…`.")
    kind: NotificationKind = strawberry.field(description="The kind of event.")
    title: str = strawberry.field(description="The title in one line, in the recipient's language.")
    text: str = strawberry.field(description="The text in one or two sentences, in the recipient's language.")
    quote: str | None = strawberry.field(
        description="The comment or reason that somebody wrote, as plain text; null without one."
    )
    document: Document | None = strawberry.field(description="The estimate or invoice concerned.")
    actor: Person | None = strawberry.field(description="The person who caused the event; null if it was not a person.")
    created_at: datetime = strawberry.field(description="When the entry was created.")
    read_at: datetime | None = strawberry.field(description="When the recipient read the entry; null until then.")

    @classmethod
    async def of(cls, item: notification.Notification, info: AppInfo) -> Self:
        """Return the notification as the API shows it."""
        return cls.said(item, (await cls.names([item], info))[item.organisation_id])

    @classmethod
    async def names(cls, items: Sequence[notification.Notification], info: AppInfo) -> dict[str, Organisation]:
        """Return the organisations of these, by id."""
        directory = info.context.app.directory
        return {one: await directory.organisation(one) for one in {item.organisation_id for item in items}}

    @classmethod
    def said(cls, item: notification.Notification, organisation: Organisation) -> Self:
        """Return the notification of an organisation."""
        said, news = say(item, organisation=organisation.name, place=organisation.locale), item.news
        return cls(
            id=strawberry.ID(item.id),
            kind=named(NotificationKind, news.kind),
            title=said.subject,
            text=said.sentence,
            quote=said.quote or None,
            document=(Estimate if news.document_type == "estimate" else Invoice)(id=strawberry.ID(news.document_id)),
            actor=_person(news.actor_id),
            created_at=item.created_at,
            read_at=item.read_at,
        )

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> Self | None:
        """Return the entry when it is in the caller's own feed, null otherwise."""
        feed, by = info.context.app.queries.feed, info.context.acting()
        own = await info.context.loader("own", lambda ids: feed.own(by, ids)).load(id)
        return await cls.of(own, info) if own else None


def _person(person_id: str | None) -> Person | None:
    if not person_id:
        return None
    return (StaffMember if person_id.startswith("stf_") else Contact)(id=strawberry.ID(person_id))


@strawberry.type(description="The caller's notification settings for one kind.")
class NotificationPreference:
    """A preference."""

    kind: NotificationKind = strawberry.field(description="The kind of notification.")
    email: bool = strawberry.field(description="Whether notifications are sent by e-mail.")
    in_app: bool = strawberry.field(description="Whether notifications appear in the feed.")

    @classmethod
    def of(cls, item: preferences.Preference) -> Self:
        """Return the preference as the API shows it."""
        return cls(kind=NotificationKind(item.kind.value), email=item.email, in_app=item.in_app)


@strawberry.input(description="The entries to mark as read.")
class MarkNotificationsReadInput:
    """Input of `markNotificationsRead`."""

    ids: list[strawberry.ID] = strawberry.field(description="At most 100 IDs, `ntf_…`; entries of others are ignored.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type(description="The outcome of `markNotificationsRead`.")
class MarkNotificationsReadPayload:
    """Payload of `markNotificationsRead`."""

    notifications: list[Notification] | None = strawberry.field(
        default=None, description="The entries that are now read; null if the request was refused."
    )
    unread_count: int | None = strawberry.field(
        default=None, description="The number of entries that are still unread; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.input(description="The entries to mark as read, up to a time.")
class MarkAllNotificationsReadInput:
    """Input of `markAllNotificationsRead`."""

    until: datetime | None = strawberry.field(
        default=None, description="The time of the newest entry on screen; later entries stay unread."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type(description="The outcome of `markAllNotificationsRead`.")
class MarkAllNotificationsReadPayload:
    """Payload of `markAllNotificationsRead`."""

    unread_count: int | None = strawberry.field(
        default=None, description="The number of entries that are still unread; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.input(description="The new notification settings for one kind.")
class SetNotificationPreferenceInput:
    """Input of `setNotificationPreference`."""

    kind: NotificationKind = strawberry.field(description="The kind of notification.")
    email: bool = strawberry.field(description="Whether to send notifications by e-mail.")
    in_app: bool = strawberry.field(description="Whether to show notifications in the feed.")
    idempotency_key: str = strawberry.field(description=KEY)

    def preference(self) -> preferences.Preference:
        """Return the choice."""
        return preferences.Preference(kinds.Kind(self.kind.value), email=self.email, in_app=self.in_app)


@strawberry.type(description="The outcome of `setNotificationPreference`.")
class SetNotificationPreferencePayload:
    """Payload of `setNotificationPreference`."""

    preferences: list[NotificationPreference] | None = strawberry.field(
        default=None, description="All notification settings of the caller; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)
