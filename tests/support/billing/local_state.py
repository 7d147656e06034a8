"""Where a coroutine stands and what it holds: the frames that wait for each other, with their local values.

Two coroutines of the same code that stand at the same place with the same values do the same from then on. An
aggregate counts by its content and by whether it is still the stored version; what only plans the recovery job's next
look (`checks`, `check_at`) does not count. A loop's place is told by its variables: what it goes over must be a local.
"""

import dataclasses
import inspect
from collections.abc import Callable, Hashable
from datetime import date, timedelta
from decimal import Decimal
from types import CoroutineType, FunctionType
from typing import Any

from chassis.kernel import AggregateRoot
from chassis.mongo.documents import to_document

IsFresh = Callable[[AggregateRoot], bool]
_PLAIN = (str, int, Decimal, date, timedelta, type(None), BaseException)
_VALUES: dict[type[Any], bool] = {}
_UNIMPORTANT = {"version", "event_sequence", "checks", "check_at"}


def local_state(coroutine: Any, is_fresh: IsFresh) -> Hashable:
    """Return a value that is equal for coroutines that will do the same."""
    frames: list[Hashable] = []
    while isinstance(coroutine, CoroutineType) and coroutine.cr_frame is not None:
        frame = coroutine.cr_frame
        values = tuple(sorted((name, hash(_digest(value, is_fresh))) for name, value in frame.f_locals.items()))
        frames.append((frame.f_code.co_qualname, frame.f_lasti, values))
        coroutine = coroutine.cr_await
    return hash(tuple(frames))


def content_of(document: dict[str, Any]) -> int:
    """Return what a stored document comes to, but for its version and for when it is looked at next."""
    planned = document.get("check_at") is not None
    return hash((repr([item for item in document.items() if item[0] not in _UNIMPORTANT]), planned))


def _digest(value: object, is_fresh: IsFresh) -> Hashable:
    if isinstance(value, AggregateRoot):
        return (content_of(to_document(value)), is_fresh(value))
    if isinstance(value, FunctionType):
        cells = tuple(_digest(cell.cell_contents, is_fresh) for cell in value.__closure__ or () if _is_full(cell))
        return (value.__qualname__, cells)
    if isinstance(value, dict):
        items: Any = value.items()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        return tuple((str(name), _digest(each, is_fresh)) for name, each in items)
    if isinstance(value, list | tuple):
        every: Any = value  # pyright: ignore[reportUnknownVariableType]
        return tuple(_digest(each, is_fresh) for each in every)
    kind: type[Any] = type(value)  # pyright: ignore[reportUnknownVariableType]
    return repr(value) if isinstance(value, _PLAIN) or _is_value(kind) else kind.__qualname__


def _is_value(kind: type[Any]) -> bool:
    """Whether it is one of our value objects; what has to wait for something holds stores and providers."""
    known = _VALUES.get(kind)
    if known is None:
        frozen = dataclasses.is_dataclass(kind) and kind.__dataclass_params__.frozen  # pyright: ignore
        works = any(inspect.iscoroutinefunction(member) for member in vars(kind).values())
        known = _VALUES[kind] = frozen and not works
    return known


def _is_full(cell: Any) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:
        return False
