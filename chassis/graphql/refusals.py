"""Refusals as data: `userErrors` of mutations, and the enum of their codes made from the domain's errors.

A service writes, in `api/errors.py`, once:

    UserErrorCode = error_code_enum(errors)          # the module of its domain errors

    @strawberry.federation.type(shareable=True, description=USER_ERROR)
    class UserError:
        field: list[str] | None = strawberry.field(description=FIELD)
        message: str = strawberry.field(description=MESSAGE)
        code: UserErrorCode = strawberry.field(description=CODE)

    DECLARED = Declared.beside(__file__)             # which mutation has which (`declared.py`)

and gives `Decisions(UserError, UserErrorCode, DECLARED)` to its mutations.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import Enum
from types import ModuleType
from typing import Any, Protocol, TypeVar

import strawberry
from strawberry.types import Info

from chassis.graphql import idempotency
from chassis.graphql.blame import blame, input_of
from chassis.graphql.context import Context
from chassis.graphql.declared import Declared
from chassis.graphql.fingerprints import Seal, all_that_was_there, what_was_given
from chassis.graphql.idempotency import Recall, Seed
from chassis.kernel import (
    AlreadyExists,
    ConcurrentUpdate,
    DomainError,
    EmailUnproven,
    Forbidden,
    NewerVersion,
    NotFound,
    Principal,
    ProofNeeded,
    RoleForbids,
    Unreadable,
    WrongIdKind,
)
from chassis.security import SecurityEvent, notice

USER_ERROR = "An expected refusal: what is wrong, and with which input field."
FIELD = "The path of the input field concerned, outermost first; null if the refusal does not concern a single field."
MESSAGE = "A short explanation for people, in English."
CODE = "A stable code for programs."

_EVERYWHERE: tuple[type[DomainError], ...] = (
    NotFound,
    AlreadyExists,
    ConcurrentUpdate,
    NewerVersion,
    Unreadable,
    WrongIdKind,
    RoleForbids,
    ProofNeeded,
    EmailUnproven,
    idempotency.IdempotencyKeyReused,
    idempotency.IdempotencyKeyInFlight,
    idempotency.InvalidIdempotencyKey,
)


def error_code_enum(*modules: ModuleType) -> Any:
    """Return the GraphQL enum `UserErrorCode` of the domain errors in these modules and of those that all share.

    Each value is described by its error's own `description`; a former code is deprecated and names the present one.

    Raises:
        Undescribed: an error has no `description` of its own.
    """
    local = [
        kind
        for module in modules
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, DomainError) and kind.__module__ == module.__name__
    ]
    members: dict[str, Any] = {}
    for kind in {*_EVERYWHERE, *local}:
        members[kind.code] = strawberry.enum_value(kind.code, description=_description(kind))
        for former in kind.former_codes:
            members[former] = strawberry.enum_value(
                former,
                description=f"The former code of `{kind.code}`; it is no longer returned.",
                deprecation_reason=f"Use `{kind.code}`.",
            )
    ordered = dict(sorted(members.items()))
    made = Enum("UserErrorCode", ordered)
    return strawberry.enum(made, name="UserErrorCode", description="The reason why a request was refused.")


class Undescribed(TypeError):
    """An error class whose code readers of the API could not understand."""

    def __init__(self, kind: type[DomainError]) -> None:
        super().__init__(f"{kind.__module__}.{kind.__name__} needs a `description` for the readers of the API")


def _description(kind: type[DomainError]) -> str:
    if "description" not in vars(kind):
        raise Undescribed(kind)
    return kind.description


class Input(Protocol):
    """A mutation's input that carries an idempotency key, or may."""

    @property
    def idempotency_key(self) -> str | None: ...


P = TypeVar("P")


class Decisions:
    """Runs a mutation's work and turns a refusal into its payload's `userErrors`."""

    def __init__(self, user_error: type[Any], codes: Any, declared: Declared | None = None) -> None:
        self._user_error = user_error
        self._codes = codes
        self._declared = declared

    def refusal(self, info: Info[Any, Any], error: DomainError) -> Any:
        """Return a `UserError` whose field, if it has one, is a path of the mutation's input."""
        blame(error, input_of(info))
        if self._declared is not None:
            self._declared.check(info.field_name, error)
        if isinstance(error, Forbidden) and info.context.principal is not None:
            notice(SecurityEvent.FORBIDDEN, error.code)
        return self._user_error(field=list(error.field) or None, message=error.message, code=self._codes[error.code])

    async def decide(self, info: Info[Any, Any], payload: Callable[..., P], work: Awaitable[Mapping[str, Any]]) -> P:
        """Return the payload of the work's result, or of its refusal (everything but `userErrors` null)."""
        try:
            return payload(**await work, user_errors=[])
        except DomainError as error:
            return payload(user_errors=[self.refusal(info, one) for one in error.all])

    async def decide_once(
        self,
        info: Info[Any, Any],
        given: Input,
        payload: Callable[..., P],
        work: Callable[[Seed], Awaitable[Any]],
        show: Callable[[Any], Awaitable[Mapping[str, Any]]],
        recall: Recall | None = None,
        *,
        by: Principal | None = None,
        secrets: frozenset[str] = frozenset(),
        seals: Sequence[Seal] = (),
    ) -> P:
        """As `decide`, once per idempotency key: `work` returns a JSON-able answer, `show` makes the payload of it.

        Where a key may be left out and is, the work is done.

        `recall` makes the answer of the ids of the documents that carry the decision. Without `by` it is whoever is
        logged in; `secrets` names inputs of which nothing is kept but what the first of `seals` makes of them; what the
        others made of them is recognised.
        """
        context: Context[Any] = info.context
        by = by or context.acting()
        values, *also = [what_was_given(given, secrets, seal) for seal in seals or (None,)]
        formerly = all_that_was_there(given, secrets)

        async def do(seed: Seed) -> Any:
            try:
                return await work(seed)
            except DomainError as error:
                for one in error.all:
                    blame(one, input_of(info))  # before it is remembered, while it still says what it misses
                raise

        async def run() -> Mapping[str, Any]:
            if given.idempotency_key is None:
                return await show(await do(Seed.fresh()))
            answer = await context.idempotency.once(
                by, info.field_name, given.idempotency_key, values, do, formerly=formerly, recall=recall, also=also
            )
            return await show(answer)

        return await self.decide(info, payload, run())
