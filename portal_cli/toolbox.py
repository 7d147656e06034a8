"""Other people's programs for the tests: built once, into a cache outside the checkout, under their name and version.

`Tool.ready()` is the door: it returns the folder of a program and builds it where the cache has none. Which tools there
are is in `portal_cli/foreign.py`. The cache is `$PORTAL_TOOLS`, by default `client-portal/tools` in the user's folder
for caches; a half-built tool never stands there, since a build happens beside its place and is moved when it is whole.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from portal_cli.paths import ROOT

_SAID_OF_A_FAILURE = 2_000


class ToolMissing(Exception):
    """A program of others cannot run here: what it is built with is missing, or its build failed."""


def cache() -> Path:
    """Return the folder of all tools, which need not exist yet."""
    if named := os.environ.get("PORTAL_TOOLS"):
        return Path(named)
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "client-portal" / "tools"


@dataclass(frozen=True)
class Tool:
    """One program at one version.

    `needs` are the programs that must be on PATH to build and run it. `build(folder)` puts it into an empty folder and
    raises `ToolMissing` or `subprocess.CalledProcessError` when that cannot be done. `recipe` changes when the way of
    building does while the version stays. One that is not `pinned` comes from a source that moves on, so that its
    version may be gone tomorrow: then its tests are skipped, under CI too.
    """

    name: str
    version: str
    needs: tuple[str, ...]
    build: Callable[[Path], None]
    recipe: int = 1
    as_root: bool = False
    pinned: bool = True

    @property
    def folder(self) -> Path:
        """Where it is, or will be."""
        again = f"-r{self.recipe}" if self.recipe > 1 else ""
        return cache() / f"{self.name}-{self.version}{again}"

    def missing(self) -> str | None:
        """Return why it cannot be built here, or None."""
        absent = [program for program in self.needs if shutil.which(program) is None]
        if absent:
            return f"{self.name} {self.version} needs {', '.join(absent)}, which this machine lacks"
        if self.as_root and os.geteuid() != 0:
            return f"{self.name} {self.version} can only be built by root"
        return None

    def ready(self) -> Path:
        """Return its folder, built now if it was not.

        Raises:
            ToolMissing: with the reason, in one sentence or with the end of the build's output.
        """
        if self.folder.is_dir():
            return self.folder
        if reason := self.missing():
            raise ToolMissing(reason)
        with _alone(self.folder):
            if not self.folder.is_dir():
                self._build()
        return self.folder

    def _build(self) -> None:
        with TemporaryDirectory(prefix=f".{self.name}-", dir=cache(), ignore_cleanup_errors=True) as beside:
            building = Path(beside) / "tool"
            building.mkdir()
            self.build(building)
            building.rename(self.folder)


def run(
    command: Sequence[str | Path], *, folder: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one step of a build with low priority and return what it printed.

    Raises:
        ToolMissing: when it fails, with the end of its output.
    """
    argv = ["nice", *map(str, command)]
    environment = {**os.environ, **(env or {})}
    done = subprocess.run(
        argv, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        printed = (done.stdout + done.stderr)[-_SAID_OF_A_FAILURE:]
        raise ToolMissing(f"`{' '.join(argv)}` failed with {done.returncode}:\n{printed}")
    return done


def go_program(package: str, version: str, *options: str) -> Callable[[Path], None]:
    """Return the build of a Go program by `go install`: its binary is in the folder itself."""

    def build(folder: Path) -> None:
        run(["go", "install", *options, f"{package}@{version}"], env={"GOBIN": str(folder), "GOFLAGS": "-p=2"})

    return build


def go_module(source: Path, *options: str) -> Callable[[Path], None]:
    """Return the build of a Go program of our own, its module and sums checked in: the binary is in the folder."""

    def build(folder: Path) -> None:
        command = ["go", "build", "-p", "2", "-mod=readonly", *options, "-o", folder / source.name, "."]
        run(command, folder=source)

    return build


def digest(source: Path) -> str:
    """Return what the version of a program of our own ends with: it changes whenever one of its files does."""
    files = sorted(file for file in source.rglob("*") if file.is_file())
    read = sha256()
    for file in files:
        read.update(f"{file.relative_to(source)}\n{file.stat().st_size}\n".encode())
        read.update(file.read_bytes())
    return read.hexdigest()[:10]


def cargo_program(crate: str, version: str, *options: str) -> Callable[[Path], None]:
    """Return the build of a Rust program by `cargo install`: its binary is in `bin/` of the folder."""

    def build(folder: Path) -> None:
        target = {"CARGO_TARGET_DIR": str(folder.parent / "target")}
        run(["cargo", "install", crate, "--version", version, *options, "--root", folder], env=target)

    return build


def python_packages(*requirements: str) -> Callable[[Path], None]:
    """Return the build of a virtual environment of its own: its programs are in `bin/` of the folder.

    Call its tools as `bin/python -m NAME`: the scripts beside it name the folder in which they were built.
    """

    def build(folder: Path) -> None:
        uv = shutil.which("uv") or str(ROOT / ".venv" / "uv" / "bin" / "uv")
        run([uv, "venv", "--python", sys.executable, "--relocatable", "--allow-existing", folder])
        run([uv, "pip", "install", "--python", folder / "bin" / "python", *requirements])

    return build


def python_source(requirement: str) -> Callable[[Path], None]:
    """Return the build of an environment with this package, and its source distribution unpacked into `source/`."""

    def build(folder: Path) -> None:
        python_packages("pip", requirement)(folder)
        download = [folder / "bin" / "python", "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        run([*download, "--dest", folder, requirement])
        (archive,) = folder.glob("*.tar.gz")
        with tarfile.open(archive) as packed:
            packed.extractall(folder / "source", filter="data")

    return build


def maven_jars(group: str, artifact: str, version: str) -> Callable[[Path], None]:
    """Return the build of a Java program: its jar and those it needs are in `lib/` of the folder."""

    def build(folder: Path) -> None:
        dependency = f"<groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>"
        pom = folder / "pom.xml"
        pom.write_text(
            '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
            "<groupId>portal</groupId><artifactId>tool</artifactId><version>1</version>"
            f"<dependencies><dependency>{dependency}</dependency></dependencies></project>"
        )
        copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
        run(["mvn", "-q", "-B", "-f", pom, copy, f"-DoutputDirectory={folder / 'lib'}"])

    return build


@contextmanager
def _alone(folder: Path) -> Generator[None]:
    """Keep a second process that wants the same tool waiting until it is there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
