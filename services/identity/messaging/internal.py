"""The same facts on request: what other services ask when an event has not reached them yet.

Every answer carries `sequence`, the place of the last event it includes. It is always asked for one organisation, and
answers 404 for whatever is not that organisation's.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.chassis.kernel import NotFound, Principal
from services.chassis.web import SERVICE_KEY_HEADER, RequireKey
from services.identity.application import Queries
from services.identity.domain.events import CustomerUpdated, OrganisationUpdated, PortalFact
from services.identity.messaging.published import CustomerUpdatedV1, OrganisationUpdatedV1, PortalSettingsChangedV1


def internal_routes(queries: Queries, service_key: SecretStr) -> list[Route]:
    """Return `/internal/organisations/{id}` and `/internal/customers/{id}`."""

    async def organisation(by: Principal, organisation_id: str) -> dict[str, Any]:
        found = (await queries.organisations([organisation_id], by=by)).get(organisation_id)
        if found is None:
            raise NotFound("organisation")
        told = OrganisationUpdatedV1.model_validate(found.as_fact(OrganisationUpdated, queries.now()))
        portal = found.as_portal_fact(PortalFact, queries.now()) if found.portal else None
        logo = found.portal.logo if found.portal else None
        return {
            **told.data(),
            "portal": PortalSettingsChangedV1.model_validate(portal).data() if portal else None,
            "logo": {"mediaType": logo.media_type, "data": logo.data} if logo else None,
            "sequence": found.event_sequence,
        }

    async def customer(by: Principal, customer_id: str) -> dict[str, Any]:
        found = (await queries.customers([customer_id], by=by)).get(customer_id)
        if found is None:
            raise NotFound("customer")
        told = CustomerUpdatedV1.model_validate(found.as_fact(CustomerUpdated, queries.now()))
        return {**told.data(), "sequence": found.event_sequence}

    return [
        _route("/internal/organisations/{id}", organisation, service_key),
        _route("/internal/customers/{id}", customer, service_key),
    ]


def _route(path: str, find: Callable[[Principal, str], Awaitable[dict[str, Any]]], service_key: SecretStr) -> Route:
    async def answer(request: Request) -> Response:
        by = Principal.for_service(request.query_params.get("organisation", ""))
        try:
            return JSONResponse(await find(by, request.path_params["id"]))
        except NotFound:
            return JSONResponse({"error": "NOT_FOUND"}, status_code=404)

    endpoint = Route(path, answer)
    return Route(path, RequireKey(endpoint.app, SERVICE_KEY_HEADER, service_key))
