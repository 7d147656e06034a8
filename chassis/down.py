"""What is wrong when something fails: the thing itself, or somebody who is needed for it.

The rule names the first, since there is no end to the second. Only these are a thing's own fault: what our code raises
while it reads and decides (refusals, errors of Python's own kinds, errors of the libraries that decode, check and
render), and what the database says of the very document it was given. Everything else waits and is never counted
against the thing: drivers, networks, brokers, providers, disks, memory, and whatever nobody has thought of yet.
"""

import sys
from typing import Any

from chassis.kernel import ConcurrentUpdate, DomainError, NoAnswer, Unreadable

_OWN_LIBRARIES = frozenset(
    "chassis services msgspec pydantic pydantic_core orjson jinja2 markupsafe babel typst joserfc phonenumbers".split()  # noqa: SIM905
)
"""Those that compute; a failure is of what they were given."""
_REACHING_OUT = frozenset(
    """
    asyncio concurrent ftplib http imaplib multiprocessing poplib queue select selectors shelve shutil signal smtplib
    socket socketserver sqlite3 ssl subprocess tempfile threading urllib xmlrpc
    """.split()  # noqa: SIM905
)
"""Parts of the standard library that reach out of the process, or tell of its end."""
_DRIVERS = frozenset(
    "aio_pika aiohttp aiormq aiosmtplib anyio bson httpcore httpx motor pamqp pymongo stripe uvicorn uvloop".split()  # noqa: SIM905
)
_COMPUTING = _OWN_LIBRARIES | (sys.stdlib_module_names - _REACHING_OUT)
_OWN_DRIVER_ERRORS = frozenset(
    """
    bson.errors.InvalidDocument bson.errors.InvalidStringData bson.errors.InvalidBSON bson.errors.InvalidId
    pymongo.errors.DocumentTooLarge pymongo.errors.InvalidName pymongo.errors.CollectionInvalid
    """.split()  # noqa: SIM905
)
_DUPLICATE_KEY = frozenset({11000, 11001, 12582})
OWN_CODES = _DUPLICATE_KEY | frozenset(
    {2, 9, 14, 15, 16, 22, 28, 40, 52, 54, 55, 56, 57, 66, 121, 10334, 17280, 17419, 17420}
)
"""What MongoDB says of a document or command itself (its `error_codes.yml`): BadValue, FailedToParse, TypeMismatch,
Overflow, InvalidLength, InvalidBSON, PathNotViable, ConflictingUpdateOperators, DollarPrefixedFieldName,
NotSingleValueField, InvalidDBRef, EmptyFieldName, DottedFieldName, ImmutableField, DocumentValidationFailure,
BSONObjectTooLarge, KeyTooLong, and that an update makes a document too large. All others wait: among them
NotWritablePrimary, ExceededTimeLimit, MaxTimeMSExpired, OutOfDiskSpace, AuthenticationFailed, Unauthorized and
WriteConcernFailed."""


def is_down(error: BaseException) -> bool:
    """Tell whether somebody who is needed is away, so that the same may succeed later and nothing is known to be wrong.

    What is raised `from` such an error is one as well, except for refusals: those were decided.
    """
    return _is_down(error, 0)


def _is_down(error: BaseException, depth: int) -> bool:
    if isinstance(error, BaseExceptionGroup):
        several: tuple[BaseException, ...] = error.exceptions  # pyright: ignore
        return any(_is_down(one, depth) for one in several)
    if isinstance(error, Unreadable):
        return False
    if isinstance(error, NoAnswer | ConcurrentUpdate | OSError | MemoryError | EOFError):
        return True
    if isinstance(error, DomainError):
        return False
    if depth < 20 and error.__cause__ is not None and _is_down(error.__cause__, depth + 1):
        return True
    return not _is_own(error)


def _is_own(error: BaseException) -> bool:
    kinds = [f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__]
    if any(kind.startswith(("pymongo.", "bson.")) for kind in kinds):
        return bool(_OWN_DRIVER_ERRORS & {*kinds}) or _says_so(error)
    if isinstance(error, RuntimeError) and type(error).__module__ == "builtins":
        return _root(_raised_in(error)) not in _REACHING_OUT | _DRIVERS
    return _root(type(error).__module__) in _COMPUTING


def _says_so(error: Any) -> bool:
    """Tell whether the server blames what it was given; a batch only when it blames every part of it that failed."""
    details: Any = getattr(error, "details", None)
    if isinstance(details, dict) and "writeErrors" in details:
        told: dict[str, list[dict[str, Any]]] = details  # pyright: ignore[reportUnknownVariableType]
        codes = [part.get("code") for part in told["writeErrors"]]
        return bool(codes) and OWN_CODES.issuperset(codes) and not told.get("writeConcernErrors")
    return getattr(error, "code", None) in OWN_CODES


def _raised_in(error: BaseException) -> str:
    """Return the module that raised it: a RuntimeError of a driver or an event loop is not ours."""
    step, module = error.__traceback__, "services"
    while step is not None:
        module = str(step.tb_frame.f_globals.get("__name__", ""))
        step = step.tb_next
    return module


def _root(module: str) -> str:
    return module.partition(".")[0]


def blame(error: BaseException) -> str:
    """Return what went wrong without saying anything of the data: the kind, where in our code, which stored field."""
    if isinstance(error, Unreadable) and error.__cause__ is not None:
        error = error.__cause__
    step, place = error.__traceback__, ""
    while step is not None:
        module = str(step.tb_frame.f_globals.get("__name__", ""))
        if not place or module.startswith(("services.", "chassis.")):
            place = f"{module}:{step.tb_lineno}"
        step = step.tb_next
    return f"{type(error).__name__}{f' at {place}' if place else ''}{_field_of(error)}"


def _field_of(error: BaseException) -> str:
    """Return the field that msgspec or pydantic name, never its value."""
    if type(error).__module__ == "msgspec":
        _, found, path = str(error).rpartition(" - at `")
        return f", field {path.rstrip('`')}" if found else ""
    listed: Any = getattr(error, "errors", None)
    if type(error).__module__.startswith("pydantic") and callable(listed):
        every: Any = listed(include_input=False, include_url=False)
        first: dict[str, Any] = every[0]
        return f", field {'.'.join(map(str, first['loc']))}"
    return ""
