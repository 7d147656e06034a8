"""`portal serve`: one process of the portal, its settings from the environment.

A service's doors are `services.NAME.app:create_app(settings, bus=…)`, `services.NAME.worker:run(settings)` and its
settings class in `services.NAME.settings`.
"""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chassis.listening import CannotListen, listen
from chassis.settings import SettingsError, load_settings
from portal_cli.paths import SERVICES, SUPERGRAPH
from portal_cli.refusals import Refusal
from portal_cli.service_settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chassis.settings import ServiceSettings
    from chassis.siblings import Beside
    from portal_cli.interface import Interface


def run(service: str, kind: str, *, host: str, port: int) -> None:
    """Run the process until SIGTERM; whatever it says is a line of JSON, its reasons not to start included.

    Raises:
        SystemExit: with 1 where a setting, a folder or an address keeps it from starting.
    """
    with _reasons_said(service):
        _run(service, kind, host, port)


@contextmanager
def _reasons_said(service: str) -> Generator[None]:
    try:
        yield
    except (SettingsError, Refusal, CannotListen) as refused:
        _say_why(service, refused)
        raise SystemExit(1) from None


def _say_why(service: str, refused: BaseException) -> None:
    import structlog

    from chassis.logging import start_logging

    start_logging(service)
    for sentence in str(refused).splitlines():
        structlog.stdlib.get_logger("start").error("cannot_start", reason=sentence)


def _run(service: str, kind: str, host: str, port: int) -> None:
    if kind == "worker" and service not in SERVICES:
        raise Refusal(f"{service} does not have a worker; leave out `worker`.")
    # Whatever is imported stays, and looking for garbage in it is a quarter of a start (measured: 0.5 of 2.0 s of CPU);
    # each kind of process switches the collector on when it has all its parts.
    gc.disable()
    try:
        if service == "all":
            _serve_all(host, port)
        elif service in SERVICES:
            (_work if kind == "worker" else _serve_service)(service, host, port)
        else:
            _OTHERS[service](host, port)
    finally:
        _let_nothing_interrupt_the_end()
        _send_last_spans()


def _end_at_a_signal() -> None:
    """Let SIGTERM and SIGINT end the process with 0 from now on by unwinding it, whether or not it is PID 1.

    Until now they ended it at once (`chassis.ending`): what is made here has to be let go in order.
    uvicorn raises the signal again after its graceful end. The kernel's default would then kill the process with its
    last spans unsent, but only where it is not PID 1.
    """

    def end(*_: object) -> None:
        _let_nothing_interrupt_the_end()  # a second one, in the midst of it, would break what unwinds
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)


def _let_nothing_interrupt_the_end() -> None:
    """Ignore further signals: the interpreter's own end gives them back to the kernel, which would kill with -15."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def _send_last_spans() -> None:
    telemetry = sys.modules.get("chassis.telemetry")
    if telemetry is not None:
        telemetry.stop_tracing()


def _serve_service(service: str, host: str, port: int) -> None:
    settings = settings_of(service)
    if _processes() > 1 and not settings.amqp_url:
        raise Refusal(
            "PORTAL_PROCESSES above 1 needs PORTAL_AMQP_URL: a bus inside one process tells no other anything."
        )

    def serve_one(beside: "Beside | None") -> None:
        _observe(service, settings)
        app = import_module(f"services.{service}.app").create_app(settings)
        _serve(app, host, port, drain=True, beside=beside)

    _together(service, host, port, serve_one)


def _observe(process: str, settings: "ServiceSettings") -> None:
    import structlog

    from chassis.logging import log_the_rest, start_logging
    from chassis.telemetry import start_tracing
    from chassis.world.releases import releases

    start_logging(process, level=settings.log_level)
    log_the_rest()
    structlog.stdlib.get_logger("world").info("data_in_use", **releases())
    start_tracing(process, settings.otlp_endpoint)


def _work(service: str, host: str, port: int) -> None:
    from portal_cli.worker_health import WorkerHealth, health_server

    settings = settings_of(service)
    _observe(service, settings)
    worker: Any = import_module(f"services.{service}.worker")
    sockets = listen(host, port)
    gc.enable()
    _end_at_a_signal()

    async def work() -> None:
        health = WorkerHealth(asyncio.get_running_loop())
        with health_server(health, sockets):
            await worker.run(settings, tell=health.watch)

    _event_loop_runner()(work())


def _serve_all(host: str, port: int) -> None:
    from portal_cli.composite import create_app

    parked = _folder("PORTAL_PARKED_FOLDER")
    settings = {service: settings_of(service) for service in SERVICES}
    _observe("portal", settings["identity"])
    _serve(create_app(settings, parked, os.environ), host, port)


def _serve_gateway(host: str, port: int) -> None:
    from chassis.logging import log_the_rest, start_logging
    from chassis.web import serve
    from gateway.bootstrap import build
    from gateway.settings import GatewaySettings

    os.environ.setdefault("PORTAL_SUPERGRAPH", str(SUPERGRAPH))
    settings = load_settings(GatewaySettings)
    start_logging("gateway", level=settings.log_level)
    log_the_rest()
    app, readiness = build(settings)
    if os.environ.get("PORTAL_WITH_INTERFACE") == "true":
        app = _interface().around(app)

    def serve_one(beside: "Beside | None") -> None:
        _end_at_a_signal()
        serve(app, host, port, readiness=readiness, drain_seconds=settings.drain_seconds, beside=beside)

    _together("gateway", host, port, serve_one)


def _serve_interface(host: str, port: int) -> None:
    from chassis.logging import log_the_rest, start_logging

    start_logging("interface")
    log_the_rest()
    _serve(_interface().app, host, port)


def _interface() -> "Interface":
    from portal_cli.interface import build
    from portal_cli.interface_settings import InterfaceSettings

    return build(load_settings(InterfaceSettings))


def _serve_mailbox(host: str, port: int) -> None:
    import uvicorn

    from chassis.http_edge import edge
    from portal_cli.mailbox import create_app

    app = create_app(_folder("PORTAL_MAIL_FOLDER"))
    gc.enable()
    _end_at_a_signal()
    config = uvicorn.Config(
        app,
        http=edge(),  # pyright: ignore[reportArgumentType]
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run(list(listen(host, port)))


def _together(service: str, host: str, port: int, serve_one: "Callable[[Beside | None], None]") -> None:
    from chassis.web import serve_together

    def one(beside: "Beside | None") -> None:
        with _reasons_said(service):
            serve_one(beside)

    serve_together(_processes(), host, port, one)


def _processes() -> int:
    """Return how many processes share the port (`PORTAL_PROCESSES`).

    Raises:
        Refusal: that is no number from 1 to `MOST`.
    """
    from chassis.siblings import MOST

    given = os.environ.get("PORTAL_PROCESSES", "1")
    if given.isascii() and given.isdigit() and 1 <= int(given) <= MOST:
        return int(given)
    raise Refusal(f"PORTAL_PROCESSES must be a whole number from 1 to {MOST}; it is {given!r}.")


def _serve(app: Any, host: str, port: int, *, drain: bool = False, beside: "Beside | None" = None) -> None:
    from chassis.web import serve

    _end_at_a_signal()
    serve(
        app,
        host,
        port,
        readiness=app.state.readiness if drain else None,
        drain_seconds=float(os.environ.get("PORTAL_DRAIN_SECONDS", "0")),
        beside=beside,
    )


def _folder(variable: str) -> Path:
    if not os.environ.get(variable):
        raise Refusal(f"{variable} must name a folder.")
    return Path(os.environ[variable])


def _event_loop_runner() -> Any:
    import uvloop

    return uvloop.run


_OTHERS = {"gateway": _serve_gateway, "interface": _serve_interface, "mailbox": _serve_mailbox}
