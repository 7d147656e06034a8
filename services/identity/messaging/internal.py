"""The same facts on request: what other services ask when an event has not reached them yet.

Every answer carries `sequence`, the place of the last event it includes. It is always asked for one organisation, and
holds nothing that is not that organisation's: of one thing the answer is then 404, of many those that are left.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chassis.kernel import NotFound, Page, PageRequest, Principal
from chassis.keyring import Keyring
from chassis.left_out import noting, shown
from chassis.owners import MOST_IDS, SERVICE_KEY_HEADER
from chassis.web import RequireKey
from services.identity.application import Queries
from services.identity.application.queries.show_directory import ListContacts, ListStaff
from services.identity.domain.contact import Contact
from services.identity.domain.customer import Customer
from services.identity.domain.events import (
    ContactUpdated,
    CustomerUpdated,
    OrganisationUpdated,
    PortalFact,
    StaffMemberUpdated,
)
from services.identity.domain.organisation import Organisation
from services.identity.domain.repositories import ContactFilter, SortOrder, StaffFilter
from services.identity.domain.staff_member import StaffMember
from services.identity.messaging.published import (
    ContactUpdatedV1,
    CustomerUpdatedV1,
    OrganisationUpdatedV1,
    PortalSettingsChangedV1,
    StaffMemberUpdatedV1,
)

Told = dict[str, Any]
Answer = Callable[[Principal, Request], Awaitable[Told]]
Paged = Callable[[PageRequest], Awaitable[Page[Any]]]
MOST_PAGES = 20


def internal_routes(queries: Queries, service_key: SecretStr | Keyring) -> list[Route]:
    """Return the routes: organisations and their staff, client companies and their contacts, people, sessions."""
    inside = Inside(queries)
    answers: dict[str, Answer] = {
        "/organisations/{id}": inside.organisation,
        "/customers": inside.customers,
        "/customers/{id}": inside.customer,
        "/customers/{id}/contacts": inside.contacts,
        "/people": inside.people,
        "/staff": inside.staff,
        "/sessions": inside.sessions,
    }
    return [_route(f"/internal{path}", answer, service_key) for path, answer in answers.items()]


class Inside:
    """What identity answers other services."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    async def organisation(self, by: Principal, request: Request) -> Told:
        wanted = request.path_params["id"]
        found = (await self._queries.directory.organisations(by, [wanted])).get(wanted)
        if found is None:
            raise NotFound("organisation")
        return self._organisation(found)

    async def customer(self, by: Principal, request: Request) -> Told:
        wanted = request.path_params["id"]
        found = (await self._queries.directory.customers(by, [wanted])).get(wanted)
        if found is None:
            raise NotFound("customer")
        return self._customer(found)

    async def customers(self, by: Principal, request: Request) -> Told:
        found = await self._queries.directory.customers(by, _ids(request))
        return {"found": shown(found.values(), self._customer)}

    async def contacts(self, by: Principal, request: Request) -> Told:
        match = ContactFilter(now=self._queries.now(), customer_id=request.path_params["id"])

        def page(wanted: PageRequest) -> Awaitable[Page[Contact]]:
            return self._queries.directory.list_contacts(
                by, ListContacts(match=match, order=SortOrder.OLDEST, page=wanted)
            )

        return {"found": shown(await _all(page), self._person)}

    async def people(self, by: Principal, request: Request) -> Told:
        ids = _ids(request)
        found: list[Contact | StaffMember] = [*(await self._queries.directory.contacts(by, ids)).values()]
        found += (await self._queries.directory.staff(by, ids)).values()
        return {"found": shown(found, self._person)}

    async def staff(self, by: Principal, request: Request) -> Told:
        def page(wanted: PageRequest) -> Awaitable[Page[StaffMember]]:
            query = ListStaff(match=StaffFilter(), order=SortOrder.OLDEST, page=wanted)
            return self._queries.directory.list_staff(by, query)

        return {"found": shown(await _all(page), self._person)}

    async def sessions(self, by: Principal, request: Request) -> Told:
        return {"found": [{"id": one} for one in await self._queries.sessions_that_count(by, _ids(request))]}

    def _organisation(self, found: Organisation) -> Told:
        told = OrganisationUpdatedV1.model_validate(found.as_fact(OrganisationUpdated, self._queries.now()))
        portal = found.as_portal_fact(PortalFact, self._queries.now()) if found.portal else None
        logo = found.portal.logo if found.portal else None
        return {
            **told.data(),
            "portal": PortalSettingsChangedV1.model_validate(portal).data() if portal else None,
            "logo": {"mediaType": logo.media_type, "data": logo.data} if logo else None,
            "sequence": found.event_sequence,
        }

    def _customer(self, found: Customer) -> Told:
        told = CustomerUpdatedV1.model_validate(found.as_fact(CustomerUpdated, self._queries.now()))
        return {**told.data(), "sequence": found.event_sequence}

    def _person(self, found: Contact | StaffMember) -> Told:
        now = self._queries.now()
        if isinstance(found, Contact):
            told = ContactUpdatedV1.model_validate(found.as_fact(ContactUpdated, now)).data()
        else:
            told = StaffMemberUpdatedV1.model_validate(found.as_fact(StaffMemberUpdated, now)).data()
        return {**told, "sequence": found.event_sequence}


async def _all(page: Paged) -> list[Any]:
    """Return everything, page by page; more than `MOST_PAGES` are more people than anybody writes to."""
    found: list[Any] = []
    request = PageRequest(100)
    for _ in range(MOST_PAGES):
        got = await page(request)
        found += got.items
        if not got.has_next_page:
            break
        request = PageRequest(100, got.end)
    return found


def _ids(request: Request) -> list[str]:
    return request.query_params.getlist("id")[:MOST_IDS]


def _route(path: str, find: Answer, service_key: SecretStr | Keyring) -> Route:
    async def answer(request: Request) -> Response:
        by = Principal.for_service(request.query_params.get("organisation", ""))
        with noting() as unreadable:
            try:
                told = await find(by, request)
            except NotFound:
                told = None
        if unreadable and not (told and told.get("found")):
            return JSONResponse({"error": "UNREADABLE"}, status_code=503)  # it is there: nobody may act as if not
        return JSONResponse({"error": "NOT_FOUND"}, status_code=404) if told is None else JSONResponse(told)

    endpoint = Route(path, answer)
    return Route(path, RequireKey(endpoint.app, SERVICE_KEY_HEADER, service_key))
