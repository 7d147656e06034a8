"""A program of another Debian release for the tests: in a root folder of its own, run by `chroot` beside this system.

`debian_root` is a build for `portal_cli.toolbox`: a smallest Debian in `root/` and, in `bin/`, one script for each
program of it. The scripts show the root this machine's `/tmp`, `/proc`, `/dev` and the caller's home and keep the pid:
who starts a script can signal the program. Nothing is started or configured on this machine.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from portal_cli import debian
from portal_cli.toolbox import ToolMissing, run

NEEDS = ("unshare", "chroot", "apt-get")
"""What must be here before: `debootstrap` itself is installed from Debian where it is missing."""

_START_NOTHING = "#!/bin/sh\nexit 101\n"
_HOSTS = "127.0.0.1\tlocalhost\n::1\t\tlocalhost ip6-localhost ip6-loopback\n"
_SCRIPT = """\
#!/bin/sh
# Become {program} of the Debian root beside this script; of this machine's files it sees only what is named here.
root="$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)/root"
exec unshare --mount sh -c '
set -eu
root="$0"
for folder in dev proc sys tmp; do mount --rbind "/$folder" "$root/$folder"; done
if [ -d "$HOME" ] && [ ! -d "$root$HOME" ]; then mkdir -p "$root$HOME"; mount --bind "$HOME" "$root$HOME"; fi
exec chroot "$root" "{program}" "$@"
' "$root" "$@"
"""


def debian_root(suite: str, package: str, version: str, programs: Sequence[str]) -> Callable[[Path], None]:
    """Return the build of one package of a Debian release; `version` is upstream's, and another one is refused."""

    def build(folder: Path) -> None:
        if not debian.installed("debootstrap"):
            raise ToolMissing(f"debootstrap, which makes a Debian {suite} for {package}, could not be installed.")
        root = folder / "root"
        _bootstrap(suite, root)
        _write_scripts(folder / "bin", ("/usr/bin/env", *programs))
        _install(folder / "bin" / "env", package, suite)
        _expect(_version_in(folder / "bin" / "env", package), version, package, suite)

    return build


def _bootstrap(suite: str, root: Path) -> None:
    try:
        run(["debootstrap", "--variant=minbase", suite, root])
    except ToolMissing as failed:
        reason = f"Debian {suite} cannot be had: it was moved to the archive, or the mirror does not answer."
        raise ToolMissing(f"{reason} {failed}") from failed
    (root / "etc" / "hosts").write_text(_HOSTS)
    policy = root / "usr" / "sbin" / "policy-rc.d"
    policy.write_text(_START_NOTHING)
    policy.chmod(0o755)


def _write_scripts(folder: Path, programs: Sequence[str]) -> None:
    folder.mkdir()
    for program in programs:
        script = folder / Path(program).name
        script.write_text(_SCRIPT.replace("{program}", program))
        script.chmod(0o755)


def _install(env: Path, package: str, suite: str) -> None:
    apt = [env, "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    try:
        run([*apt, "install", "--yes", "--no-install-recommends", package])
        run([*apt, "clean"])
    except ToolMissing as failed:
        raise ToolMissing(f"{package} of Debian {suite} cannot be installed today: {failed}") from failed


def _version_in(env: Path, package: str) -> str:
    said = run([env, "dpkg-query", "--show", "--showformat=${Version}", package]).stdout
    return re.sub(r"^\d+:|-[^-]*$", "", said)


def _expect(found: str, version: str, package: str, suite: str) -> None:
    if found != version:
        raise ToolMissing(
            f"Debian {suite} now carries {package} {found} instead of {version}:"
            " name the new version in portal_cli/foreign.py and look at what the tests say of it."
        )
