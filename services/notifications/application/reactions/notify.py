"""Turn a fact into notifications: for staff, for a client's contacts, or for one person outside.

What we know of people and portals may be late. It lets people be told, but nobody is left out for it alone.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel import AlreadyExists, Clock, Late, Principal, is_id
from services.notifications.application.ports import Directory, Notifications, Preferences, RecentNews
from services.notifications.domain.kinds import MUST_REACH, Audience, Channel, Kind
from services.notifications.domain.notification import SHUT_OUT, News, Notification, Recipient, Status
from services.notifications.domain.preferences import Preference


async def _no_more(_: Notification) -> None:
    """Leave what was stored as it is."""


class NotYetKnown(Late):
    """Not even identity knows the client company; the fact waits for it."""


@dataclass(frozen=True, slots=True)
class Notify:
    """Each method has one effect per event, however often it comes, and returns after everything is stored.

    `look_again` looks at what was stored once it is: somebody in it may have been erased meanwhile.
    """

    notifications: Notifications
    directory: Directory
    preferences: Preferences
    recent: RecentNews
    clock: Clock
    look_again: Callable[[Notification], Awaitable[None]] = _no_more

    async def staff(self, news: News) -> None:
        """Tell the staff, except the one who did it, if the organisation wants them told of this kind."""
        if not await self._is_wanted(news):
            return
        await self._tell(await self._named(news), await self.directory.staff(news.organisation_id))

    async def clients(self, news: News) -> None:
        """Tell the contacts of the client company, except the one who did it; by mail only of what no portal shows.

        Raises:
            NotYetKnown: while nobody knows the company.
            DirectoryUnavailable: when identity would have to be asked and does not answer.
        """
        await self.recent.keep(news)  # before looking: who is not known to have access yet finds it there
        contacts = await self._recipients(news)
        if contacts:
            await self._tell_clients(news, contacts)
        elif news.kind in MUST_REACH and not news.chosen:
            await self.nobody_reached(news)

    async def nobody_reached(self, news: News, recipient: Recipient | None = None) -> None:
        """Tell the staff that a client company was not told of this, or that the mail to this recipient failed."""
        whom = {"whom": recipient.name} if recipient else {}
        about = f"{news.event_id}/{recipient.id if recipient else 'nobody'}"
        facts = {name: fact for name, fact in news.facts.items() if name != "quote"} | whom
        await self.staff(replace(news, kind=Kind.NOBODY_REACHED, event_id=about, actor_id=None, facts=facts))

    async def failed(self, organisation_id: str, notification_id: str) -> None:
        """Tell the staff of a mail to a client that failed."""
        by = Principal.for_service(organisation_id)
        mail = await self.notifications.get(by, notification_id)
        lost = mail.status is Status.FAILED or mail.failure == SHUT_OUT or mail.bounced_at is not None
        if lost and mail.recipient.audience is Audience.CLIENT and mail.news.kind in MUST_REACH:
            await self.nobody_reached(mail.news, mail.recipient)

    async def catch_up(self, organisation_id: str, customer_id: str, contact_id: str, since: datetime) -> None:
        """Tell a contact with access what happened since then.

        Identity's news of an access and billing's of a document sent right after it come in any order: without this,
        whoever is invited and written to in one go would miss the first document.

        Raises:
            NotYetKnown: as `clients`.
        """
        contact = await self.directory.person(organisation_id, contact_id)
        if contact is None or not contact.has_access:
            return
        since = max(since, contact.access_since or since)
        for news in await self.recent.since(organisation_id, customer_id, since):
            if not news.chosen or contact_id in news.chosen:
                await self._tell_clients(news, [contact])

    async def outside(self, news: News, recipient: Recipient) -> None:
        """Mail somebody who has no access, in the language of the one who did it: theirs is not known."""
        actor = await self.directory.person(news.organisation_id, news.actor_id) if news.actor_id else None
        recipient = replace(recipient, language=actor.language if actor else recipient.language)
        await self._store(await self._named(news), recipient, [Channel.EMAIL])

    async def _recipients(self, news: News) -> list[Recipient]:
        """Return whom staff chose, or who is told by rule; staff hear of those chosen who cannot be told any more."""
        if not news.chosen:
            return await self.directory.contacts(news.organisation_id, news.customer_id)
        found = [await self.directory.person(news.organisation_id, one) for one in news.chosen]
        people = [one for one in found if one is not None and one.audience is Audience.CLIENT]
        for gone in people:
            if gone.shut_out:
                await self.nobody_reached(news, gone)
        if not people:
            await self.nobody_reached(news)
        return [one for one in people if not one.shut_out]

    async def _tell_clients(self, news: News, contacts: Sequence[Recipient]) -> None:
        if not await self._is_shown(news):
            contacts = [replace(contact, has_access=False) for contact in contacts]
        await self._tell(await self._named(news), contacts)

    async def _is_wanted(self, news: News) -> bool:
        """Tell whether the organisation wants its staff told of this kind; only identity's own word says no."""
        known = await self.directory.organisation(news.organisation_id)
        return known.wants(news.kind) or (await self.directory.organisation_now(news.organisation_id)).wants(news.kind)

    async def _is_shown(self, news: News) -> bool:
        """Tell whether the portal shows clients what this is about; only identity's own word says no."""
        known = await self.directory.organisation(news.organisation_id)
        if known.shows(news.document_type):
            return True
        return (await self.directory.organisation_now(news.organisation_id)).shows(news.document_type)

    async def _named(self, news: News) -> News:
        customer = await self.directory.customer_name(news.organisation_id, news.customer_id)
        if customer is None:
            raise NotYetKnown(f"client company {news.customer_id} is not known yet")
        facts = {"whom": customer, **news.facts, "customer": customer}
        if news.actor_id:
            actor = await self.directory.person(news.organisation_id, news.actor_id)
            facts["actor"] = actor.name if actor else await self._someone(news, customer)
        return replace(news, facts=facts)

    async def _someone(self, news: News, customer: str) -> str:
        """Name a person that even identity does not know by whom they act for."""
        if not is_id(news.actor_id or "", "stf"):
            return customer
        return (await self.directory.organisation(news.organisation_id)).name

    async def _tell(self, news: News, people: Sequence[Recipient]) -> None:
        actor = await self.directory.person(news.organisation_id, news.actor_id) if news.actor_id else None
        others = [person for person in people if person.id != news.actor_id and not is_same(person, actor)]
        chosen = await self.preferences.of(news.organisation_id, [person.id for person in others])
        failures: list[Exception] = []
        for person in others:
            preference = chosen.get(person.id, {}).get(news.kind, Preference(news.kind))
            channels = [one for one in preference.channels if person.has_access or one is Channel.EMAIL]
            try:
                await self._store(news, person, channels)
            except Exception as error:
                failures.append(error)  # the others are told first; what is told already is told once
        if failures:
            raise failures[0]

    async def _store(self, news: News, recipient: Recipient, channels: Sequence[Channel]) -> None:
        for channel in channels:
            told = Notification.tell(news, recipient, channel, self.clock.now())
            with suppress(AlreadyExists):
                await self.notifications.add(told)
            await self.look_again(told)


def is_same(person: Recipient, actor: Recipient | None) -> bool:
    """Tell whether somebody is told of what they did themselves, also as a person of the other side."""
    return actor is not None and person.email.casefold() == actor.email.casefold()
