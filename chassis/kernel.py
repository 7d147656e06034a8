"""What every domain stands on: aggregates, events, refusals, principals, time and ids.

Depends on the standard library only, except for `uuid_utils` (UUID version 7, RFC 9562, which the standard library
has from Python 3.14 on). Never does I/O.

Longer than most files, because it is the small vocabulary that every domain is written in.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from uuid_utils.compat import uuid7

from chassis.words import Word

_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"
_ID = re.compile(r"[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}")


# --- ids -------------------------------------------------------------------------------------------------------------


def new_id(prefix: str) -> str:
    """Return a fresh id such as `inv_01k9…`: a type prefix and a UUIDv7 in Crockford base 32, sortable by time."""
    return id_from_bits(prefix, new_bits())


def new_bits() -> int:
    """Return the 128 bits of a fresh UUIDv7."""
    return uuid7().int


def id_from_bits(prefix: str, bits: int) -> str:
    """Return the id with this prefix for the 128 low bits of `bits`; the same bits always give the same id."""
    digits = ((bits >> shift) & 31 for shift in range(125, -1, -5))
    return f"{prefix}_{''.join(_BASE32[digit] for digit in digits)}"


def derived_bits(fact: str, at: datetime) -> int:
    """Return 128 bits that belong to one fact, laid out as a UUIDv7 (RFC 9562 §5.7): its time in ms, then a digest.

    The same fact and time always give the same bits, so what is made because of it is made once; and the ids of such
    bits sort by time like all others.
    """
    milliseconds = round(at.timestamp() * 1000)
    return milliseconds << 80 | 7 << 76 | _digest(fact)


def same_time_bits(bits: int, purpose: str) -> int:
    """Return 128 other bits of the same time, for another id of the same fact."""
    return bits >> 76 << 76 | _digest(f"{bits:032x}:{purpose}")


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(errors="replace"), digest_size=16).digest()) >> 52


def is_id(value: str, prefix: str) -> bool:
    """Tell whether `value` is an id with this prefix."""
    return _ID.fullmatch(value) is not None and value.startswith(f"{prefix}_")


def require_id(value: str, prefix: str, field: str = "id") -> str:
    """Return `value` when it is an id with this prefix.

    Raises:
        WrongIdKind: naming the prefix that was expected, never echoing the value.
    """
    if not is_id(value, prefix):
        raise WrongIdKind(prefix, field)
    return value


# --- refusals --------------------------------------------------------------------------------------------------------


class DomainError(Exception):
    """An expected refusal. Its message is written for the person who asked and never carries internals.

    `code` is derived from the class name (`EstimateExpired` → `ESTIMATE_EXPIRED`, `NotAStaffRole` →
    `NOT_A_STAFF_ROLE`); `field` is the path of the offending input field, in the GraphQL input's own (camelCase) names.
    `description` tells readers of the API what the code means; the docstring is for maintainers. `former_codes` are
    those that the same refusal had in an earlier release: the API still knows them for one more.
    """

    code: ClassVar[str] = "DOMAIN_ERROR"
    description: ClassVar[str]
    former_codes: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", cls.__name__).upper()

    def __init__(self, message: str, *, field: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.also: tuple[DomainError, ...] = ()

    @property
    def all(self) -> "tuple[DomainError, ...]":
        """This refusal, and those that hold beside it, of other fields of the same input (`Findings`)."""
        return (self, *self.also)


class NotFound(DomainError):
    """It does not exist, or the principal may not know that it does: both look the same."""

    description = "The object does not exist, or is not visible to you."

    def __init__(self, what: str, *, field: tuple[str, ...] = ("id",)) -> None:
        super().__init__(f"There is no such {what}.", field=field)
        self.what = what


class Conflict(DomainError):
    """The state does not allow the step, now."""


class Forbidden(DomainError):
    """This principal may never do this."""


class InvalidInput(DomainError):
    """The input can never be accepted, whatever the state."""


V = TypeVar("V")


class Findings:
    """All that is wrong with one input, told at once: each check runs under `with findings:`, then `tell` refuses.

    Whoever catches the refusal by its kind gets the first one; the others are its `also`.
    """

    def __init__(self) -> None:
        self._found: list[DomainError] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, InvalidInput):
            return False
        self._found += error.all
        return True

    def take(self, value: V, rule: Callable[..., V], *more: Any, **named: Any) -> V:
        """Return what a rule makes of a value, or the value as it is where the rule refuses it."""
        with self:
            return rule(value, *more, **named)
        return value

    def __bool__(self) -> bool:
        return bool(self._found)

    def tell(self) -> None:
        """Refuse with all that was found, if anything was."""
        if self._found:
            first, *rest = self._found[:MAX_FINDINGS]
            first.also = tuple(rest)
            raise first


MAX_FINDINGS = 50
"""How many refusals of one input are told: enough to mend it, and an answer of bounded size."""


class NoAnswer(Exception):
    """Somebody who is needed does not answer: nothing is known to be wrong with what was asked for.

    Whatever is raised for that reason belongs to this family, so that it is never taken for poison (`down.py`).
    """


class Late(NoAnswer):
    """A fact that somebody else tells is not known yet, not even to its owner, and can still come."""


class Unavailable(DomainError, NoAnswer):
    """It cannot be decided now, and later it may: somebody who knows does not answer, or others are at it.

    Never a statement about the thing itself, and never remembered as the answer to a request: the same request goes on
    where it stopped. Its text does not say that nothing was done, since a part may have been.
    """


class Unreadable(Unavailable):
    """It is stored, and cannot be read by this version of the portal.

    Another version, or a repair, may read it later, so that it is never remembered as an answer. Still it is its own
    data that is wrong: loops set it aside, and messages count it (`down.py`).
    """

    description = "The object exists, but this version of the portal cannot read it."

    def __init__(self) -> None:
        super().__init__("This version of the portal cannot show this at the moment.")


class NewerVersion(Unavailable):
    """A newer version of the portal wrote it, with something that this process does not know."""

    description = "A newer version of the portal, which is being installed, has changed the object."

    def __init__(self) -> None:
        super().__init__(
            "A newer version of the portal, which is still being installed, has changed this. Please send the same "
            "request again in a few minutes."
        )


class ConcurrentUpdate(Conflict, Unavailable):
    """Others kept changing the same thing."""

    description = "Somebody else is changing the object at the same moment."

    def __init__(self) -> None:
        super().__init__("Somebody else is changing this at the same moment. Please send the same request again.")


class AlreadyExists(Conflict):
    """A unique value is taken."""

    description = "An object with this ID already exists."

    def __init__(self, what: str, *, field: tuple[str, ...] = ()) -> None:
        article = "An" if what[0] in "aeiou" else "A"
        super().__init__(f"{article} {what} with this ID already exists.", field=field)


class WrongIdKind(InvalidInput):
    """The id is none, or one of another kind."""

    description = "The ID is malformed or belongs to another type of object."

    def __init__(self, prefix: str, field: str = "id") -> None:
        super().__init__(f"This must be an ID that starts with “{prefix}_”.", field=(field,))


class RoleForbids(Forbidden):
    """The principal's role does not include this step."""

    description = "The role of the caller does not allow this operation."

    def __init__(self) -> None:
        super().__init__("Your role does not allow this.")


class ProofNeeded(Forbidden):
    """It is too long ago that whoever acts has shown who it is."""

    description = "The caller's identity was proven too long ago; prove it again with `stepUp`."

    def __init__(self) -> None:
        super().__init__("Confirm that it is you, with your password or your second factor, and try again.")


class EmailUnproven(Forbidden):
    """Who registered the organisation has not shown yet that the e-mail address is theirs."""

    description = "Nothing may leave in the organisation's name: confirm the e-mail address of the registration first."

    def __init__(self) -> None:
        super().__init__(
            "Confirm your e-mail address first: open the link in the e-mail that we sent you when you registered, or "
            "ask for a new one. Until then nothing is sent to others in your name."
        )


# --- principals ------------------------------------------------------------------------------------------------------


class Role(Word):
    """What a principal may do inside its organisation."""

    OWNER = "owner"
    ACCOUNTANT = "accountant"
    VIEWER = "viewer"
    CONTACT = "contact"
    SERVICE = "service"

    @property
    def is_staff(self) -> bool:
        return self in {Role.OWNER, Role.ACCOUNTANT, Role.VIEWER}


RECENT = timedelta(minutes=15)
"""How long a password or second factor that was shown counts as shown just now."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts. Made from a verified token, or by `for_service` for reactions and jobs; never from an argument.

    `customer_id` is set for contacts only: the client company for which they act. `proven_at` is when the person last
    showed a password or second factor in this session, as far as is known. `email_proven` is False for who registered
    an organisation and has not confirmed the e-mail address yet.
    """

    id: str
    organisation_id: str
    role: Role
    customer_id: str | None = None
    session_id: str | None = None
    proven_at: datetime | None = None
    email_proven: bool = True

    @classmethod
    def for_service(cls, organisation_id: str) -> Self:
        """Return the principal of our own reactions and jobs: it sees one whole organisation."""
        return cls(id="service", organisation_id=organisation_id, role=Role.SERVICE)

    @property
    def is_staff(self) -> bool:
        return self.role.is_staff

    @property
    def is_contact(self) -> bool:
        return self.role is Role.CONTACT

    def require_role(self, *allowed: Role) -> None:
        """Refuse unless the role is among `allowed`; our own services always pass.

        Raises:
            RoleForbids: when it is not.
        """
        if self.role is not Role.SERVICE and self.role not in allowed:
            raise RoleForbids

    def require_recent_proof(self, now: datetime) -> None:
        """Refuse unless the person showed a password or second factor just now; our own services always pass.

        Raises:
            ProofNeeded: when it is longer ago than `RECENT`.
        """
        if self.role is not Role.SERVICE and (self.proven_at is None or now >= self.proven_at + RECENT):
            raise ProofNeeded

    def require_proven_email(self) -> None:
        """Refuse to speak to others in the organisation's name before its registration is confirmed.

        Raises:
            EmailUnproven: when it is not.
        """
        if not self.email_proven:
            raise EmailUnproven


# --- events and aggregates -------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DomainEvent:
    """A fact that happened to one aggregate. Subclasses are frozen dataclasses named in the past tense."""

    occurred_at: datetime


@dataclass(kw_only=True, eq=False)
class AggregateRoot:
    """The unit of consistency: loaded, decided upon and saved as one document with one version.

    `version` counts saves; `event_sequence` counts the events ever recorded, which gives every event its place in the
    order of its subject. Both are moved by the repository, never by a decision.
    """

    id: str
    organisation_id: str
    version: int = 0
    event_sequence: int = 0

    def __post_init__(self) -> None:
        self._recorded: list[DomainEvent] = []
        self.strange: tuple[Word, ...] = ()
        """Words that a newer version of us stored in it and that our rules depend on: it is shown, and left alone."""

    def record(self, event: DomainEvent) -> None:
        """Remember a fact; the repository stores it together with the state."""
        self._recorded.append(event)

    @property
    def recorded(self) -> tuple[DomainEvent, ...]:
        """The events recorded since the aggregate was loaded."""
        return tuple(self._recorded)

    def forget_recorded(self) -> None:
        """Called by the repository after the events were stored."""
        self._recorded.clear()


# --- pages -----------------------------------------------------------------------------------------------------------

T = TypeVar("T")
U = TypeVar("U")
Cursor = tuple[Any, str]
"""The place of a row in its order: the value it is sorted by, and its id."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The `first` rows (1 to 100) after a cursor; `order` names the list and how it is sorted.

    A request that goes `backward` asks for as many rows that lie just before the cursor, or at the list's end.
    """

    first: int = 20
    after: Cursor | None = None
    order: str = ""
    backward: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows in the list's order, the cursor of each, and whether more follow or precede them.

    `start` and `end` are the cursors of the first and the last row that were looked at: others than those of the rows
    where these were left out.
    """

    items: tuple[T, ...]
    cursors: tuple[Cursor, ...]
    has_next_page: bool
    end: Cursor | None = None
    has_previous_page: bool = False
    start: Cursor | None = None

    def map(self, function: Callable[[T], U]) -> "Page[U]":
        """Return the page with every item changed."""
        return self.of(tuple(function(item) for item in self.items), self.cursors)

    def of(self, items: tuple[U, ...], cursors: tuple[Cursor, ...]) -> "Page[U]":
        """Return the page with what is shown of it."""
        return Page(items, cursors, self.has_next_page, self.end, self.has_previous_page, self.start)


def page_of(items: tuple[T, ...], cursors: tuple[Cursor, ...], request: PageRequest, *, more: bool) -> Page[T]:
    """Return the page of these rows, in the list's order; `more` tells of others in the direction that was asked for.

    In the other direction lies at least the row of the cursor, if the request has one.
    """
    begun = request.after is not None
    start, end = (cursors[0], cursors[-1]) if cursors else (None, None)
    return Page(items, cursors, begun if request.backward else more, end, more if request.backward else begun, start)


# --- time ------------------------------------------------------------------------------------------------------------


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """Return the present instant: aware, UTC, whole milliseconds (what BSON keeps)."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)
