"""The image without a container engine: the Dockerfile's own steps, run in a small Debian by `chroot`.

Who is not root gets less: the same steps beside a clean virtual environment, with the image's folders somewhere else.

What an engine gives is made here by hand: stages, the build context, a root that is read-only, a tmpfs on `/tmp`, an
empty environment, another user. The package index is reached with the settings of this machine: its resolver,
certificates, pip's and uv's configuration, and uv's cache.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PATH = "/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin"
_OF_THIS_MACHINE = (
    *("/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs/ca-certificates.crt"),
    *("/etc/pip.conf", "/etc/uv/uv.toml"),
)
_INDEX_SETTINGS = re.compile(
    r"(PIP|UV)_.+|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|(HTTPS?|NO|ALL)_PROXY", re.IGNORECASE
)
_LIES_OUTSIDE = re.compile(r"(PIP_FIND_LINKS|UV_CACHE_DIR|UV_PROJECT.*|UV_PYTHON.*)")
_OF_THE_IMAGE = re.compile(r"(?<![\w./])/(?:app|data|usr/local)\b")
_NEEDS_ROOT = ("useradd ",)
_SAID_OF_A_FAILURE = 3_000


class StepFailed(Exception):
    """A step of the Dockerfile failed. The message holds the step and the end of its output."""


@dataclass(frozen=True)
class Step:
    """One instruction of a Dockerfile, its lines joined."""

    instruction: str
    value: str


def steps(dockerfile: str) -> list[Step]:
    """Return the instructions of a Dockerfile in order."""
    lines = [line for line in dockerfile.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [Step(*line.split(maxsplit=1)) for line in joined.splitlines()]


@dataclass
class Stage:
    """A root folder, and what the instructions so far have said about the processes in it."""

    root: Path
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": _PATH})
    folder: str = "/"
    user: str = "0:0"
    entrypoint: list[str] = field(default_factory=list[str])
    plain: bool = False
    """Whether nothing is changed but names: no other root, no mounts, no other user."""

    def place(self, name: str) -> Path:
        """Return where a path of the image is on this machine."""
        return self.root / str(Path(self.folder, name)).lstrip("/")

    def command(self, argv: Sequence[str], environment: Mapping[str, str], mounts: Sequence[str]) -> list[str]:
        """Return what runs `argv` in this stage, with mounts that nobody outside sees."""
        pairs = [f"{name}={value}" for name, value in {**self.environment, **environment}.items()]
        if self.plain:
            change = ["env", "-i", *pairs, "sh", "-c", f'cd {self.folder} && exec "$@"', "sh", *argv]
            return [_OF_THE_IMAGE.sub(lambda found: f"{self.root}{found[0]}", word) for word in change]
        inside = ["env", "-i", *pairs, "sh", "-c", f'cd {self.folder} && exec "$@"', "sh", *argv]
        change = shlex.join(["chroot", f"--userspec={self.user}", str(self.root), *inside])
        return ["unshare", "--mount", "sh", "-ec", "\n".join([*mounts, f"exec {change}"])]


class Image:
    """Builds the last stage of a Dockerfile in `folder`: over copies of `base`, or without it for who is not root."""

    def __init__(self, dockerfile: str, context: Path, base: Path | None, folder: Path, uv_cache: Path) -> None:
        self._context, self._base, self._folder, self._uv_cache = context, base, folder, uv_cache
        self._stages: dict[str, Stage] = {}
        self.ran: list[str] = []
        for step in steps(dockerfile):
            getattr(self, f"_{step.instruction.lower()}")(step.value)

    @property
    def stage(self) -> Stage:
        """The stage of the instruction that was read last."""
        return list(self._stages.values())[-1]

    def process(
        self, arguments: Sequence[str], environment: Mapping[str, str], entrypoint: Sequence[str] | None = None
    ) -> list[str]:
        """Return the command of a container: its root read-only, `/tmp` a tmpfs, `/data` its only volume."""
        argv = [*(entrypoint or self.stage.entrypoint), *arguments]
        root, uid = shlex.quote(str(self.stage.root)), self.stage.user.partition(":")[0]
        mounts = [
            f"mount --bind {root} {root}",
            f"mount -o remount,bind,ro {root}",
            f"mount -t proc proc {root}/proc",
            f"mount -t tmpfs -o mode=1777 tmpfs {root}/tmp",
            f"mount -t tmpfs -o mode=700,uid={uid} tmpfs {root}/data",
        ]
        return self.stage.command(argv, environment, mounts)

    def _from(self, value: str) -> None:
        name = value.partition(" AS ")[2] or str(len(self._stages))
        root = self._folder / name
        if self._base is None:
            self._stages[name] = Stage(root, plain=True)
            venv.create(root / "usr" / "local", with_pip=True)
            (root / "data").mkdir()
            return
        subprocess.run(["cp", "-a", "--reflink=auto", self._base, root], check=True)
        for file in map(Path, _OF_THIS_MACHINE):
            if file.exists():
                inside = root / str(file).lstrip("/")
                inside.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, inside)
        self._stages[name] = Stage(root)

    def _env(self, value: str) -> None:
        for pair in shlex.split(value):
            name, _, text = pair.partition("=")
            known = self.stage.environment
            known[name] = re.sub(r"\$\{?(\w+)\}?", lambda found, known=known: known.get(found[1], ""), text)

    def _workdir(self, value: str) -> None:
        self.stage.folder = value
        self.stage.place(".").mkdir(parents=True, exist_ok=True)

    def _copy(self, value: str) -> None:
        words = value.split()
        options = [word.removeprefix("--from=") for word in words if word.startswith("--")]
        *sources, target = [word for word in words if not word.startswith("--")]
        for source in sources:
            origin = self._stages[options[0]].place(source) if options else self._context / source
            there = self.stage.place(target)
            if origin.is_dir():
                skip = None if options else shutil.ignore_patterns("__pycache__")
                shutil.copytree(origin, there, symlinks=True, ignore=skip, dirs_exist_ok=True)
            else:
                there = there / origin.name if target.endswith("/") else there
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(origin, there)

    def _run(self, value: str) -> None:
        root, cache = shlex.quote(str(self.stage.root)), shlex.quote(str(self._uv_cache))
        there = f"{root}/root/.cache/uv"
        mounts = [f"mount -t proc proc {root}/proc", f"mkdir -p {there}", f"mount --bind {cache} {there}"]
        home = os.environ.get("HOME", "/") if self.stage.plain else "/root"
        if self.stage.plain and value.startswith(_NEEDS_ROOT):
            return
        command = self.stage.command(["sh", "-c", value], {"HOME": home, **_index_settings()}, mounts)
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            raise StepFailed(f"RUN {value}\n{(done.stdout + done.stderr)[-_SAID_OF_A_FAILURE:]}")
        self.ran.append(value)

    def _user(self, value: str) -> None:
        self.stage.user = value

    def _entrypoint(self, value: str) -> None:
        self.stage.entrypoint = json.loads(value)

    def _told_to_an_engine(self, value: str) -> None:
        """Which port, which signal, which arguments: nothing happens in a build."""

    _arg = _label = _expose = _stopsignal = _healthcheck = _cmd = _told_to_an_engine


def _index_settings() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if _INDEX_SETTINGS.fullmatch(name) and not _LIES_OUTSIDE.fullmatch(name)
    }
