"""A private RabbitMQ node in a folder: its own name, ports, cookie and data; nothing of the system's broker is touched.

Works with Debian's `rabbitmq-server` (3.10 and later), as root and as anybody else, without an init system.
"""

import glob
import os
import secrets
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from portal_cli.ports import LOOPBACK, answers, free_ports
from portal_cli.processes import Child, ProcessDied, Program

_GREETING, _CONNECTION_START = b"AMQP\0\0\x09\x01", b"\x01"
_QUIET_SCHEDULERS = "+sbwt none +sbwtdcpu none +sbwtdio none"
_CONFIGURATION = """\
default_user = portal
default_pass = portal
disk_free_limit.absolute = 50MB
vm_memory_high_watermark.absolute = 512MB
log.console.level = warning
"""


class BrokerMissing(Exception):
    """RabbitMQ is not installed on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "RabbitMQ is not installed (Debian, Ubuntu: apt-get install --no-install-recommends rabbitmq-server)."
        )


def find_scripts() -> Path | None:
    """Return the folder of RabbitMQ's own start scripts, or None where it is not installed.

    Debian's wrappers in `/usr/sbin` are of no use: they change to the user and the folder of the system's broker.
    """
    installed = sorted(glob.glob("/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin"), reverse=True)
    homebrew = ["/opt/homebrew/opt/rabbitmq/sbin", "/usr/local/opt/rabbitmq/sbin"]
    folders = map(Path, ["/usr/lib/rabbitmq/bin", *installed, *homebrew])
    return next((folder for folder in folders if (folder / "rabbitmq-server").exists()), None)


@dataclass(frozen=True)
class Ports:
    """Where one node listens."""

    amqp: int
    distribution: int
    epmd: int

    @classmethod
    def pick(cls) -> "Ports":
        return cls(*free_ports(3))


class RabbitMQNode:
    """One node that keeps everything in `folder`. Its address stays the same when it is stopped and started again."""

    def __init__(
        self, folder: Path, scripts: Path | None = None, settings: str = "", plugins: Sequence[str] = ()
    ) -> None:
        """Choose the node's ports; nothing is started yet.

        `scripts` is the folder of another RabbitMQ's start scripts than the system's; `settings` are further lines of
        its `rabbitmq.conf`, `plugins` those that come with RabbitMQ and are to be on.

        Raises:
            BrokerMissing: when RabbitMQ is not installed.
        """
        scripts = scripts or find_scripts()
        if scripts is None:
            raise BrokerMissing
        self._scripts = scripts
        self._settings = _CONFIGURATION + settings
        self._plugins = plugins
        self._folder = folder.resolve()
        self._ports = Ports.pick()
        self._broker: Child | None = None
        self._epmd: Child | None = None

    @property
    def port(self) -> int:
        return self._ports.amqp

    @property
    def url(self) -> str:
        return f"amqp://portal:portal@{LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int:
        """The pid of the broker's own process, where faults can be injected."""
        return self._running().pid

    def start(self, timeout: float = 180.0) -> None:
        """Start the node and return when it accepts AMQP connections.

        Raises:
            ProcessDied: when it does not; the message holds the end of its log.
        """
        self._prepare()
        if self._epmd is None or not self._epmd.running:
            self._epmd = Child.start(self._program("epmd", self._epmd_command(), self._ports.epmd))
            self._epmd.wait_until_ready(timeout)
        broker = self._program("rabbitmq", (str(self._scripts / "rabbitmq-server"),), self.port)
        self._broker = Child.start(broker)
        try:
            self._broker.wait_until_ready(timeout)
        except ProcessDied:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the node cleanly; what was confirmed is kept."""
        for child in (self._broker, self._epmd):
            if child is not None:
                child.stop(30)
        self._broker = self._epmd = None

    def kill(self) -> None:
        """SIGKILL the broker, as a machine that dies would.

        RabbitMQ 3.10 writes the names of new quorum queues down with a delay: one that was declared less than three
        seconds before is broken afterwards (reads hang). Messages in older queues are safe.
        """
        self._running().kill()
        self._broker = None

    def pause(self) -> None:
        """Freeze the broker: connections stay open and nothing is answered (a black hole)."""
        self._running().signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen broker go on."""
        self._running().signal(signal.SIGCONT)

    def ctl(self, *arguments: str) -> str:
        """Run `rabbitmqctl` against this node and return what it printed."""
        command = [str(self._scripts / "rabbitmqctl"), "--quiet", *arguments]
        return subprocess.run(
            command, env=self._env(), cwd=self._folder, check=True, capture_output=True, text=True
        ).stdout

    def _running(self) -> Child:
        if self._broker is None:
            raise RuntimeError("The node is not running.")
        return self._broker

    def _prepare(self) -> None:
        for folder in ("mnesia", "log"):
            (self._folder / folder).mkdir(parents=True, exist_ok=True)
        cookie = self._folder / ".erlang.cookie"
        if not cookie.exists():
            cookie.touch(mode=0o600)
            cookie.write_text(secrets.token_hex(16))
            cookie.chmod(0o400)
        (self._folder / "enabled_plugins").write_text(f"[{','.join(self._plugins)}].\n")
        (self._folder / "rabbitmq.conf").write_text(self._settings)

    def _epmd_command(self) -> tuple[str, ...]:
        own = self._scripts / "epmd"
        return (str(own) if own.exists() else "epmd", "-port", str(self._ports.epmd), "-address", LOOPBACK)

    def _program(self, name: str, argv: tuple[str, ...], port: int) -> Program:
        greeting, reply = (_GREETING, _CONNECTION_START) if name == "rabbitmq" else (b"", b"")
        return Program(
            name=name,
            argv=argv,
            env=self._env(),
            cwd=self._folder,
            log=self._folder / "node.log",
            ready=partial(answers, port, greeting=greeting, reply=reply),
        )

    def _env(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RABBITMQ_", "ERL_"))}
        folder = self._folder
        return inherited | {
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "ERL_EPMD_PORT": str(self._ports.epmd),
            "RABBITMQ_NODENAME": f"portal{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": LOOPBACK,
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._ports.distribution),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
            "RABBITMQ_PID_FILE": str(folder / "node.pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-kernel inet_dist_use_interface {{127,0,0,1}} {_QUIET_SCHEDULERS}",
            "RABBITMQ_CTL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            # The start script then becomes the broker instead of waiting for it: the child's pid is the broker's.
            "RUNNING_UNDER_SYSTEMD": "true",
        }
