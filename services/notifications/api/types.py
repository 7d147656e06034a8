"""The types of the subgraph. Documents are billing's, people identity's: stubs here."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Any, Self

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet
from strawberry.types import Info

from services.chassis.graphql.context import Context
from services.chassis.graphql.types import named
from services.notifications.api.errors import UserError
from services.notifications.application import Application
from services.notifications.application.wording import say
from services.notifications.domain import kinds, notification, preferences

AppInfo = Info[Context[Application], Any]
STUB = Key(fields=FieldSet("id"), resolvable=False)
KEY = "8 to 255 visible ASCII characters, a UUID for example: the same key and input give the first answer again."
ERRORS = "Why nothing was changed; empty when it was."


@strawberry.interface(description="A person: a member of staff or a contact of a client company.")
class Person:
    """A stub of identity's interface."""

    id: strawberry.ID = strawberry.field(description="The id, `stf_…` or `con_…`.")


@strawberry.federation.type(keys=[STUB], description="A member of staff.")
class StaffMember(Person):
    """A stub of identity's entity."""


@strawberry.federation.type(keys=[STUB], description="A contact person of a client company.")
class Contact(Person):
    """A stub of identity's entity."""


@strawberry.interface(description="An estimate or an invoice.")
class Document:
    """A stub of billing's interface."""

    id: strawberry.ID = strawberry.field(description="The id, `est_…` or `inv_…`.")


@strawberry.federation.type(keys=[STUB], description="An invoice.")
class Invoice(Document):
    """A stub of billing's entity."""


@strawberry.federation.type(keys=[STUB], description="An estimate.")
class Estimate(Document):
    """A stub of billing's entity."""


@strawberry.enum(description="What a notification is about.")
class NotificationKind(Enum):
    """`Kind` with descriptions."""

    DOCUMENT_VIEWED = strawberry.enum_value("document_viewed", description="For staff: a contact opened a document.")
    COMMENT_ADDED = strawberry.enum_value("comment_added", description="For staff: a contact wrote a comment.")
    ESTIMATE_ACCEPTED = strawberry.enum_value("estimate_accepted", description="For staff: an estimate was accepted.")
    ESTIMATE_DECLINED = strawberry.enum_value("estimate_declined", description="For staff: an estimate was declined.")
    PAYMENT_RECEIVED = strawberry.enum_value("payment_received", description="For both sides: a payment arrived.")
    DOCUMENT_SENT = strawberry.enum_value("document_sent", description="For clients: a document was sent to them.")
    REPLY_ADDED = strawberry.enum_value("reply_added", description="For clients: staff wrote a visible comment.")
    INVOICE_OVERDUE = strawberry.enum_value("invoice_overdue", description="For clients: an invoice is overdue.")
    DOCUMENT_FORWARDED = strawberry.enum_value(
        "document_forwarded", description="For people outside, by mail only: a document was forwarded to them."
    )


@strawberry.federation.type(keys=["id"], description="One entry of the caller's feed.")
class Notification:
    """A notification."""

    id: strawberry.ID = strawberry.field(description="The id, `ntf_…`.")
    kind: NotificationKind = strawberry.field(description="What it is about.")
    title: str = strawberry.field(description="One line, in the recipient's language.")
    text: str = strawberry.field(description="One or two sentences, in the recipient's language.")
    quote: str | None = strawberry.field(description="What somebody wrote, where it is about that: plain text.")
    document: Document | None = strawberry.field(description="The estimate or invoice it is about.")
    actor: Person | None = strawberry.field(description="Who did it, where it was a person.")
    created_at: datetime = strawberry.field(description="When it was written.")
    read_at: datetime | None = strawberry.field(description="When the recipient read it; null until then.")

    @classmethod
    async def of(cls, item: notification.Notification, info: AppInfo) -> Self:
        """Return the notification as the API shows it."""
        return cls.said(item, (await cls.names([item], info))[item.organisation_id])

    @classmethod
    async def names(cls, items: Sequence[notification.Notification], info: AppInfo) -> dict[str, str]:
        """Return what the organisations of these are called, by id."""
        directory = info.context.app.directory
        return {one: (await directory.organisation(one)).name for one in {item.organisation_id for item in items}}

    @classmethod
    def said(cls, item: notification.Notification, organisation: str) -> Self:
        """Return the notification of an organisation of this name."""
        said, news = say(item, organisation=organisation), item.news
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
        reading, by = info.context.app.reading, info.context.acting()
        own = await info.context.loader("own", lambda ids: reading.own(by, ids)).load(id)
        return await cls.of(own, info) if own else None


def _person(person_id: str | None) -> Person | None:
    if not person_id:
        return None
    return (StaffMember if person_id.startswith("stf_") else Contact)(id=strawberry.ID(person_id))


@strawberry.type(description="What the caller wants to be told of one kind.")
class NotificationPreference:
    """A preference."""

    kind: NotificationKind = strawberry.field(description="The kind.")
    email: bool = strawberry.field(description="Whether it comes by mail.")
    in_app: bool = strawberry.field(description="Whether it appears in the feed.")

    @classmethod
    def of(cls, item: preferences.Preference) -> Self:
        """Return the preference as the API shows it."""
        return cls(kind=NotificationKind(item.kind.value), email=item.email, in_app=item.in_app)


@strawberry.input(description="Entries to mark as read.")
class MarkNotificationsReadInput:
    """Input of `markNotificationsRead`."""

    ids: list[strawberry.ID] = strawberry.field(description="At most 100 ids; what is not the caller's is left out.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type(description="The outcome of `markNotificationsRead`.")
class MarkNotificationsReadPayload:
    """Payload of `markNotificationsRead`."""

    notifications: list[Notification] | None = strawberry.field(default=None, description="The entries, read now.")
    unread_count: int | None = strawberry.field(default=None, description="How many are still unread.")
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.input(description="The feed to mark as read.")
class MarkAllNotificationsReadInput:
    """Input of `markAllNotificationsRead`."""

    until: datetime | None = strawberry.field(
        default=None, description="What came later stays unread; the time of the newest entry on screen, normally."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type(description="The outcome of `markAllNotificationsRead`.")
class MarkAllNotificationsReadPayload:
    """Payload of `markAllNotificationsRead`."""

    unread_count: int | None = strawberry.field(default=None, description="How many are still unread.")
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.input(description="A choice for one kind.")
class SetNotificationPreferenceInput:
    """Input of `setNotificationPreference`."""

    kind: NotificationKind = strawberry.field(description="The kind.")
    email: bool = strawberry.field(description="Whether it shall come by mail.")
    in_app: bool = strawberry.field(description="Whether it shall appear in the feed.")
    idempotency_key: str = strawberry.field(description=KEY)

    def preference(self) -> preferences.Preference:
        """Return the choice."""
        return preferences.Preference(kinds.Kind(self.kind.value), email=self.email, in_app=self.in_app)


@strawberry.type(description="The outcome of `setNotificationPreference`.")
class SetNotificationPreferencePayload:
    """Payload of `setNotificationPreference`."""

    preferences: list[NotificationPreference] | None = strawberry.field(
        default=None, description="All of the caller's choices."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)
