"""One primary contact of a company, whatever is saved at once."""

import asyncio
import itertools
from collections.abc import Awaitable
from typing import Any

import pytest

from services.identity.application.commands.add_contact import AddContact
from services.identity.application.commands.update_contact import UpdateContact
from services.identity.domain.contact import ContactDetails
from tests.support.identity.world import World


class Halting:
    """A repository whose calls wait for their turn: `schedule` says whose next call goes on."""

    def __init__(self, contacts: Any) -> None:
        self._contacts = contacts
        self.waiting: dict[str, asyncio.Future[None]] = {}

    def __getattr__(self, method: str) -> Any:
        call = getattr(self._contacts, method)

        async def waits(*args: Any, **given: Any) -> Any:
            task = asyncio.current_task()
            assert task is not None
            turn = self.waiting[task.get_name()] = asyncio.get_running_loop().create_future()
            await turn
            return await call(*args, **given)

        return waits


async def interleaved(contacts: Halting, schedule: tuple[int, ...], *works: Awaitable[Any]) -> list[Any]:
    """Run these with their calls of the repository in this order; then each to its end."""
    tasks = [asyncio.ensure_future(work) for work in works]
    for number, task in enumerate(tasks):
        task.set_name(str(number))
    order = itertools.chain(schedule, itertools.cycle(range(len(works))))
    while not all(task.done() for task in tasks):
        for _ in range(3):
            await asyncio.sleep(0)
        turn = contacts.waiting.pop(str(next(order)), None)
        if turn is not None:
            turn.set_result(None)
    return [task.result() for task in tasks]


SCHEDULES = sorted(set(itertools.permutations((0, 0, 0, 0, 1, 1, 1, 1), 8)))


@pytest.mark.parametrize("started", ["added", "changed"])
async def test_two_at_once_leave_one(started: str) -> None:
    """In every order of the steps of two requests, exactly one contact is primary when both are done."""
    for schedule in SCHEDULES:
        world = await World().with_portal()
        customer = await world.customer()
        held = [await world.contact(customer, f"{name}@x.example") for name in ("a", "b")]
        contacts = Halting(world.ports.contacts)
        object.__setattr__(world.ports, "contacts", contacts)
        if started == "added":
            works = [_added(world, customer.id, name) for name in ("c", "d")]
        else:
            works = [_changed(world, one.id) for one in held]
        saved = await interleaved(contacts, schedule, *works)
        object.__setattr__(world.ports, "contacts", contacts._contacts)

        assert len(await world.ports.contacts.primary_ids(world.owner, customer.id)) == 1, schedule
        assert len(saved) == 2


def _added(world: World, customer_id: str, name: str) -> Awaitable[Any]:
    details = ContactDetails(name=name, email=f"{name}@x.example", language="en", is_primary=True)
    return world.commands.add_contact(AddContact(customer_id=customer_id, details=details), by=world.owner)


def _changed(world: World, contact_id: str) -> Awaitable[Any]:
    command = UpdateContact(contact_id=contact_id, changes={"is_primary": True})
    return world.commands.update_contact(command, by=world.owner)


async def test_the_last_one_stays_though_its_clock_is_behind() -> None:
    """Who is made primary later is primary, also by a machine whose clock is a day behind."""
    world = await World().with_portal()
    customer = await world.customer()
    first = await world.contact(customer, "a@x.example", is_primary=True)
    world.clock.advance(days=-1)
    second = await world.contact(customer, "b@x.example", is_primary=True)

    assert await world.ports.contacts.primary_ids(world.owner, customer.id) == [second.id]
    assert await _changed(world, first.id)
    assert await world.ports.contacts.primary_ids(world.owner, customer.id) == [first.id]
