"""Which sessions still count: what other services ask while they cannot hear which ended."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.people import may_enter
from services.identity.application.ports import Ports


@dataclass(frozen=True, slots=True)
class SessionsThatCount:
    """For other services."""

    ports: Ports

    async def __call__(self, by: Principal, ids: list[str]) -> list[str]:
        """Return those of the ids that are sessions of one's own organisation which can be carried on now."""
        now = self.ports.clock.now()
        sessions = [one for one in (await self.ports.sessions.get_many(by, ids)).values() if one.is_open(now)]
        holders = list({one.principal_id for one in sessions})
        people = {**await self.ports.staff.get_many(by, holders), **await self.ports.contacts.get_many(by, holders)}
        inside = {key for key, person in people.items() if await may_enter(person, self.ports)}
        return [
            one.id
            for one in sessions
            if one.principal_id in inside and people[one.principal_id].counts(one.id, one.epoch)
        ]
