"""System packages for tests, where we are root on Debian or one of its children."""

import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_POLICY = Path("/usr/sbin/policy-rc.d")
_START_NOTHING = "#!/bin/sh\nexit 101\n"


def can_install() -> bool:
    """Return whether packages can be installed without asking anybody."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(*packages: str) -> bool:
    """Install packages without their recommendations and without starting their services; return whether it worked."""
    with _no_service_starts():
        return _install(packages) or (_apt("update") and _install(packages))


def installed(program: str) -> bool:
    """Return whether a program is here, after installing the package of its name where that is possible."""
    return shutil.which(program) is not None or (can_install() and install(program))


def _install(packages: tuple[str, ...]) -> bool:
    return _apt("install", "--yes", "--no-install-recommends", *packages)


def _apt(*arguments: str) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", *arguments]
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode == 0


@contextmanager
def _no_service_starts() -> Generator[None]:
    """Debian asks `policy-rc.d` before a package starts its daemon: ours says no, unless the machine has its own."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text(_START_NOTHING)
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink(missing_ok=True)
