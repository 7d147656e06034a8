"""Refusals as data: `userErrors` of mutations, and the enum of their codes made from the domain's errors.

A service writes, in `api/errors.py`, once:

    UserErrorCode = error_code_enum(errors)          # the module of its domain errors

    @strawberry.federation.type(shareable=True, description=USER_ERROR)
    class UserError:
        field: list[str] | None = strawberry.field(description=FIELD)
        message: str = strawberry.field(description=MESSAGE)
        code: UserErrorCode = strawberry.field(description=CODE)

and gives `Decisions(UserError, UserErrorCode)` to its mutations.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from types import ModuleType
from typing import Any, Protocol, TypeVar

import strawberry
from strawberry.types import Info

from services.chassis.graphql import idempotency
from services.chassis.graphql.context import Context
from services.chassis.graphql.idempotency import Seed
from services.chassis.kernel import (
    AlreadyExists,
    ConcurrentUpdate,
    DomainError,
    NewerVersion,
    NotFound,
    RoleForbids,
    Unreadable,
    WrongIdKind,
)

USER_ERROR = "A refusal that was to be expected: what is wrong, and with which input field."
FIELD = "The path of the input field that it is about, outermost first; null when it is about no single field."
MESSAGE = "One sentence for the person who asked, in English."
CODE = "A stable code for programs."

_EVERYWHERE: tuple[type[DomainError], ...] = (
    NotFound,
    AlreadyExists,
    ConcurrentUpdate,
    NewerVersion,
    Unreadable,
    WrongIdKind,
    RoleForbids,
    idempotency.IdempotencyKeyReused,
    idempotency.IdempotencyKeyInFlight,
    idempotency.InvalidIdempotencyKey,
)


def error_code_enum(*modules: ModuleType) -> Any:
    """Return the GraphQL enum `UserErrorCode` of the domain errors in these modules and of those that all share.

    Each value is described by the first line of its error's docstring.
    """
    found: dict[str, str] = {}
    local = [
        kind
        for module in modules
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, DomainError) and kind.__module__ == module.__name__
    ]
    for kind in sorted({*_EVERYWHERE, *local}, key=lambda error: error.code):
        found[kind.code] = (inspect.getdoc(kind) or kind.__name__).split("\n")[0]
    members = {code: strawberry.enum_value(code, description=text) for code, text in found.items()}
    made = Enum("UserErrorCode", members)
    return strawberry.enum(made, name="UserErrorCode", description="Why something was refused.")


class Input(Protocol):
    """A mutation's input that carries an idempotency key."""

    idempotency_key: str


P = TypeVar("P")


class Decisions:
    """Runs a mutation's work and turns a refusal into its payload's `userErrors`."""

    def __init__(self, user_error: type[Any], codes: Any) -> None:
        self._user_error = user_error
        self._codes = codes

    def refusal(self, error: DomainError) -> Any:
        """Return a `UserError`."""
        return self._user_error(field=list(error.field) or None, message=error.message, code=self._codes[error.code])

    async def decide(self, payload: Callable[..., P], work: Awaitable[Mapping[str, Any]]) -> P:
        """Return the payload of the work's result, or of its refusal (everything but `userErrors` null)."""
        try:
            return payload(**await work, user_errors=[])
        except DomainError as error:
            return payload(user_errors=[self.refusal(error)])

    async def decide_once(
        self,
        info: Info[Any, Any],
        given: Input,
        payload: Callable[..., P],
        work: Callable[[Seed], Awaitable[Any]],
        show: Callable[[Any], Awaitable[Mapping[str, Any]]],
    ) -> P:
        """As `decide`, once per idempotency key: `work` returns a JSON-able answer, `show` makes the payload of it."""
        context: Context[Any] = info.context
        by = context.acting()
        values = strawberry.asdict(given)
        values.pop("idempotency_key")

        async def run() -> Mapping[str, Any]:
            return await show(await context.idempotency.once(by, info.field_name, given.idempotency_key, values, work))

        return await self.decide(payload, run())
