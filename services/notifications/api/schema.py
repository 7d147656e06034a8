"""Queries, mutations and the subscription of the subgraph."""

from collections.abc import AsyncGenerator, Mapping
from functools import partial
from typing import Annotated, Any

import strawberry

from chassis.graphql.idempotency import Seed
from chassis.graphql.order import either
from chassis.graphql.schema import SubgraphSchema
from chassis.graphql.types import USUAL_ROWS, After, Before, Connection, First, Last, Span, connection, page_request
from chassis.graphql.wording import MUTATIONS, QUERIES, SUBSCRIPTIONS, given
from chassis.left_out import shown, shown_page
from services.notifications.api.errors import DECISIONS, DECLARED
from services.notifications.api.nodes import STUBS, NodeQueries
from services.notifications.api.personal import PersonalData
from services.notifications.api.types import (
    AppInfo,
    DocumentMail,
    MarkAllNotificationsReadInput,
    MarkAllNotificationsReadPayload,
    MarkNotificationsReadInput,
    MarkNotificationsReadPayload,
    Notification,
    NotificationPreference,
    SetNotificationPreferenceInput,
    SetNotificationPreferencePayload,
)
from services.notifications.application.commands.choose_preference import ChoosePreference
from services.notifications.application.commands.mark_all_read import MarkAllRead
from services.notifications.application.commands.mark_read import MarkRead

UNREAD_ONLY = strawberry.argument(
    description="Whether to leave out entries that have been read.",
    deprecation_reason="Use `filter: { unreadOnly }`.",
)


@strawberry.input(description="A filter for the feed; all given fields must match.")
class NotificationFilterInput:
    """Filter of `notifications`."""

    unread_only: bool | None = strawberry.field(
        default=None, description="Whether to leave out entries that have been read."
    )


@strawberry.type(description=QUERIES)
class Query(NodeQueries):
    """Queries; everybody sees only their own."""

    @strawberry.field(description="The notifications in the caller's feed, newest first.")
    async def notifications(
        self,
        info: AppInfo,
        first: First = USUAL_ROWS,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[
            NotificationFilterInput | None, strawberry.argument(name="filter", description="A filter; by default all.")
        ] = None,
        unread_only: Annotated[bool | None, UNREAD_ONLY] = None,
    ) -> Connection[Notification] | None:
        of_filter = where.unread_only if where else None
        wanted = either(of_filter, unread_only, name="filter.unreadOnly", former_name="unreadOnly")
        by, request = info.context.acting(), page_request(Span(first, after, last, before), "notifications")
        page = await info.context.app.queries.feed.page(by, request, unread_only=wanted or False)
        names = await Notification.names(page.items, info)
        return connection(shown_page(page, lambda item: Notification.said(item, names[item.organisation_id])), request)

    @strawberry.field(description="The number of unread entries in the caller's feed.")
    async def unread_notification_count(self, info: AppInfo) -> int | None:
        return await info.context.app.queries.feed.unread(info.context.acting())

    @strawberry.field(
        description="The notification settings of the caller, one for each kind that the caller can receive."
    )
    async def notification_preferences(self, info: AppInfo) -> list[NotificationPreference] | None:
        chosen = await info.context.app.queries.preferences(info.context.acting())
        return [NotificationPreference.of(item) for item in chosen]


@strawberry.type(description=MUTATIONS)
class Mutation:
    """Mutations; everybody changes only their own."""

    @strawberry.mutation(description="Mark entries in the caller's feed as read.")
    async def mark_notifications_read(
        self, info: AppInfo, input: Annotated[MarkNotificationsReadInput, given("markNotificationsRead")]
    ) -> MarkNotificationsReadPayload:
        by, app = info.context.acting(), info.context.app

        async def work(_: Seed) -> list[str]:
            return [item.id for item in await app.commands.mark_read(MarkRead(ids=input.ids), by)]

        async def show(ids: list[str]) -> Mapping[str, Any]:
            own = await app.queries.feed.own(by, ids)
            entries = [await Notification.of(own[one], info) for one in ids if one in own]
            return {"notifications": entries, "unread_count": await app.queries.feed.unread(by)}

        return await DECISIONS.decide_once(info, input, MarkNotificationsReadPayload, work, show)

    @strawberry.mutation(description="Mark all entries in the caller's feed as read.")
    async def mark_all_notifications_read(
        self, info: AppInfo, input: Annotated[MarkAllNotificationsReadInput, given("markAllNotificationsRead")]
    ) -> MarkAllNotificationsReadPayload:
        by, app = info.context.acting(), info.context.app

        async def work(seed: Seed) -> bool:
            await app.commands.mark_all_read(MarkAllRead(until=input.until or seed.at), by)
            return True

        async def show(_: bool) -> Mapping[str, Any]:
            return {"unread_count": await app.queries.feed.unread(by)}

        return await DECISIONS.decide_once(info, input, MarkAllNotificationsReadPayload, work, show)

    @strawberry.mutation(
        description="Choose whether notifications of one kind are sent by e-mail and appear in the feed."
    )
    async def set_notification_preference(
        self, info: AppInfo, input: Annotated[SetNotificationPreferenceInput, given("setNotificationPreference")]
    ) -> SetNotificationPreferencePayload:
        by, app = info.context.acting(), info.context.app

        async def work(_: Seed) -> bool:
            await app.commands.choose_preference(ChoosePreference(preference=input.preference()), by)
            return True

        async def show(_: bool) -> Mapping[str, Any]:
            return {"preferences": [NotificationPreference.of(item) for item in await app.queries.preferences(by)]}

        return await DECISIONS.decide_once(info, input, SetNotificationPreferencePayload, work, show)


@strawberry.type(description=SUBSCRIPTIONS)
class Subscription:
    """Subscriptions."""

    @strawberry.subscription(description="Each new entry in the caller's feed.")
    async def notification_added(
        self,
        info: AppInfo,
        before: Annotated[
            str | None,
            strawberry.argument(
                description="The `startCursor` of the entries that were read, which begin with the newest: what was "
                "added since then comes first, and may come twice. By default only what is added from now on."
            ),
        ] = None,
    ) -> AsyncGenerator[Notification, None]:
        by, seen = info.context.acting(), page_request(Span(None, None, 100, before), "notifications")
        async for item in info.context.app.queries.new_entries.of(by, seen):
            names = await Notification.names([item], info)
            for one in shown([item], partial(Notification.said, organisation=names[item.organisation_id])):
                yield one

    @strawberry.subscription(
        description="How mails to clients fare: each when it was sent, failed, came back or was dropped. Refused for "
        "contacts."
    )
    async def document_mail_changed(
        self,
        info: AppInfo,
        document_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(
                description="Only mails about this document, of which the last 100 come first as they are, those that "
                "wait included; by default changes of all."
            ),
        ] = None,
    ) -> AsyncGenerator[DocumentMail, None]:
        async for mail in info.context.app.queries.mail_changes.of(info.context.acting(), document_id or None):
            for one in shown([mail], DocumentMail.of):
                yield one


SCHEMA = SubgraphSchema(
    declared=DECLARED,
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[Notification, *STUBS, PersonalData],
)
