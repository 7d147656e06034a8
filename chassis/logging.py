"""One JSON object per line, from structlog and the standard library alike.

The last processor keeps only keys that are on the list and values that are short scalars: whatever else somebody logs
by mistake (a token, a password, a whole command) never leaves the process. orjson escapes every control character, so
no value can start a new line.
"""

import logging
import sys
import threading
from collections.abc import Iterable
from contextlib import nullcontext
from types import TracebackType
from typing import Any, TextIO, cast

import orjson
import structlog
from opentelemetry import trace
from structlog.typing import EventDict, WrappedLogger

ALLOWED = frozenset(
    """
    event level timestamp logger service version request_id trace_id organisation principal role operation
    operation_kind method route status event_type event_id subject attempt outcome duration_ms reason error
    error_type error_at count code provider kind channel queue collection seconds url_path peer subgraph fetches
    bytes port name address stage cached zones locales currencies countries
    """.split()  # noqa: SIM905 - one word a key reads better than forty quoted ones
)
LONGEST = 500
CHATTY = ("uvicorn.access", "aiormq", "aio_pika", "pymongo")


def allow_listed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep the allowed keys with short scalar values; name what was dropped."""
    kept: EventDict = {}
    dropped: list[str] = []
    for key, value in event.items():
        if key not in ALLOWED:
            dropped.append(key[:40])
        elif isinstance(value, str):
            kept[key] = value if len(value) <= LONGEST else value[:LONGEST] + "…"
        elif value is None or isinstance(value, bool | int | float):
            kept[key] = value
        else:
            dropped.append(key)
    if dropped:
        kept["dropped"] = sorted(dropped)[:20]
    return kept


def add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the running trace's id."""
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        event.setdefault("trace_id", f"{span.trace_id:032x}")
    return event


def describe_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Say the type of an exception and where it was raised; never its text or variables, which may hold secrets."""
    info: Any = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    given: Any = cast(Any, info)[1] if isinstance(info, tuple) else info
    if not isinstance(given, BaseException):
        return event
    event["error_type"] = type(given).__name__
    step = given.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    if step is not None:
        event["error_at"] = f"{step.tb_frame.f_globals.get('__name__', '?')}:{step.tb_lineno}"
    return event


def _render(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    try:
        return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # an integer of more than 64 bits
        return orjson.dumps({str(key): str(value) for key, value in event.items()}).decode()


def _only_safe_text(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if isinstance(value, str) and not value.isprintable():
            event[key] = value.encode("unicode_escape").decode()
    return event


class _Stream(logging.StreamHandler[TextIO]):
    """Writes lines. One that cannot be written, as on a full disk, ends nothing and goes nowhere else.

    How many those were is a line of its own as soon as there is room again.
    """

    lost = 0

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
        except Exception:
            self.lost += 1
        else:
            self.say(line)

    def say(self, line: str) -> None:
        """Write a line that is made already."""
        with self.lock or nullcontext():
            try:
                self.stream.write(f"{line}\n")
                self.stream.flush()
            except (OSError, ValueError):
                self.lost += 1
                return
            lost, self.lost = self.lost, 0
        if lost:
            logging.getLogger("logging").warning("log_lines_lost", extra={"count": lost})


class _Lines:
    """Writes our own lines to where the standard library's go.

    As records they would be made, passed on and made into text once more, which takes longer than all the rest.
    """

    def __init__(self, stream: _Stream, name: str = "") -> None:
        self.name = name
        self.msg = stream.say
        self.debug = self.info = self.warn = self.warning = self.error = self.exception = self.msg
        self.critical = self.fatal = self.msg


def log_the_rest() -> None:
    """Send to the log what Python itself would write beside it: errors that nobody caught, in any thread; warnings."""

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt | SystemExit):
            logging.getLogger("process").critical("uncaught", exc_info=(kind, error, trace))

    def uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread
    logging.captureWarnings(True)


def start_logging(
    service: str, level: str = "INFO", *, stream: TextIO | None = None, quiet: Iterable[str] = CHATTY
) -> None:
    """Send all logs of this process to `stream` (standard output) as JSON lines; `quiet` loggers only warn."""

    def add_service(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event.setdefault("service", service)
        return event

    first: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
    ]
    then: list[Any] = [
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_service,
        add_trace,
        describe_exception,
    ]
    last: list[Any] = [_only_safe_text, allow_listed, _render]
    without_meta: Any = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = _Stream(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*first, structlog.stdlib.ExtraAdder(), *then], processors=[without_meta, *last]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in quiet:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*first, *then, *last],
        logger_factory=lambda *named: _Lines(handler, *named),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=True,
    )
