"""The script `portal`: what it needs, what it says when that is missing, and what it costs once all is there."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from portal_cli.paths import ROOT
from portal_cli.ports import free_ports

pytestmark = pytest.mark.e2e

_TOOLS = ("sh", "dirname", "readlink", "cat", "cksum", "rm", "mkdir", "env")
_COPIED = ("portal", "pyproject.toml", "uv.lock", "README.md", "portal_cli", "services", "gateway", "payment_sandbox")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the source tree without its virtual environment."""
    copy = tmp_path / "tree"
    copy.mkdir()
    for name in _COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder for PATH that has the POSIX tools the script uses, and no Python and no uv."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in _TOOLS:
        (folder / tool).symlink_to(str(shutil.which(tool)))
    return folder


def _program(path: Path, name: str, text: str) -> None:
    (path / name).write_text(f"#!/bin/sh\n{text}\n")
    (path / name).chmod(0o755)


def _portal(tree: Path, env: Mapping[str, str], *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [str(tree / "portal"), *arguments]
    return subprocess.run(command, env=dict(env), cwd=cwd, capture_output=True, text=True, check=False)


def test_without_python_it_says_so(tree: Path, path: Path, tmp_path: Path) -> None:
    """One sentence names what to install, and nothing is left behind."""
    done = _portal(tree, {"PATH": str(path)}, "--help", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (
        1,
        "portal: python3 was not found; install Python 3.11 or newer.\n",
    )
    assert not (tree / ".venv").exists()


def test_an_old_python_is_named(tree: Path, path: Path, tmp_path: Path) -> None:
    """One sentence says which Python was found and which is needed."""
    _program(path, "python3", '[ "$1" = --version ] && echo "Python 3.9.2" && exit; exit 1')

    done = _portal(tree, {"PATH": str(path)}, "--help", cwd=tmp_path)

    assert done.stderr == "portal: Python 3.11 or newer is needed, and this is Python 3.9.2.\n"
    assert done.returncode == 1


def test_without_a_package_source_it_says_so(tree: Path, path: Path, tmp_path: Path) -> None:
    """When neither pip nor uv can be had, the last line is one sentence about the package source."""
    (port,) = free_ports(1)
    (path / "python3").symlink_to(os.path.realpath(sys.executable))
    env = {"PATH": str(path), "PIP_INDEX_URL": f"http://127.0.0.1:{port}/simple", "PIP_CONFIG_FILE": os.devnull}

    done = _portal(tree, env, "--help", cwd=tmp_path)

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "portal: uv could not be installed: the package source cannot be reached, or has no uv."
    )


def test_uv_that_cannot_install_is_explained(tree: Path, path: Path, tmp_path: Path) -> None:
    """When uv fails, its own words are followed by one sentence, and the next start tries again."""
    (path / "python3").symlink_to(os.path.realpath(sys.executable))
    _program(path, "uv", 'echo "error: no route to host" >&2; exit 2')

    done = _portal(tree, {"PATH": str(path)}, "--help", cwd=tmp_path)

    assert done.returncode == 1
    assert done.stderr.splitlines()[-2:] == [
        "error: no route to host",
        "portal: the packages of uv.lock could not be installed; can the package source be reached?",
    ]
    assert not list((tree / ".venv").glob(".portal-*"))


def test_an_installed_tree_starts_without_installing(tree: Path, path: Path, tmp_path: Path) -> None:
    """With a stamp that matches the lock, neither Python nor uv are looked for, whatever folder one stands in."""
    (path / "python3").symlink_to(os.path.realpath(sys.executable))
    _program(path, "uv", 'for a in "$@"; do :; done; echo synced >&2')
    first = _portal(tree, {"PATH": str(path)}, "hello", cwd=tmp_path)
    (path / "python3").unlink()
    _program(tree / ".venv" / "bin", "python.new", 'echo "ran $*"')
    (tree / ".venv" / "bin" / "python.new").replace(tree / ".venv" / "bin" / "python")
    link = tmp_path / "portal"
    link.symlink_to(tree / "portal")

    second = subprocess.run(
        [link, "hello"], env={"PATH": str(path)}, cwd="/", capture_output=True, text=True, check=False
    )

    assert "synced" in first.stderr
    assert (second.stdout, second.stderr) == ("ran -m portal_cli.main hello\n", "")


def test_what_was_compiled_is_kept_for_the_next_start(tree: Path, path: Path, tmp_path: Path) -> None:
    """Bytecode is written, below the virtual environment alone, even for a caller who wants none in the source tree."""
    (path / "python3").symlink_to(os.path.realpath(sys.executable))
    _program(path, "uv", "exit 0")
    (tree / "portal_cli" / "main.py").write_text("import portal_cli.paths")
    env = {"PATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"}

    done = _portal(tree, env, cwd=tree)

    compiled = {file.relative_to(tree).parts[:2] for file in tree.rglob("portal_cli/paths.*.pyc")}
    assert (done.returncode, compiled) == (0, {(".venv", "bytecode")})


def _asked_of_uv(tree: Path, path: Path, *arguments: str) -> list[str]:
    """Run the script with a `uv` that installs nothing; return the options of each of its calls."""
    calls = tree / "calls"
    calls.write_text("")
    (path / "python3").unlink(missing_ok=True)
    (path / "python3").symlink_to(os.path.realpath(sys.executable))
    _program(path, "uv", f'echo "$*" >>{calls}')
    _portal(tree, {"PATH": str(path)}, *arguments, cwd=tree)
    return [line.partition("--extra embedded ")[2] for line in calls.read_text().splitlines()]


@pytest.mark.parametrize("arguments", [(), ("--help",), ("test", "--help"), ("schema", "--help"), ("up", "--fresh")])
def test_help_needs_no_more_than_running(tree: Path, path: Path, arguments: tuple[str, ...]) -> None:
    """The tools of developers are not installed to print what a command does."""
    assert _asked_of_uv(tree, path, *arguments) == ["--no-dev --inexact"]


def test_who_develops_can_run(tree: Path, path: Path) -> None:
    """What was installed for tests is enough for everything else, until the lock changes."""
    assert _asked_of_uv(tree, path, "test", "-k", "nothing") == ["--group dev"]
    assert _asked_of_uv(tree, path, "up", "--help") == []
    with (tree / "uv.lock").open("a") as lock:
        lock.write("# another\n")
    assert _asked_of_uv(tree, path, "up", "--help") == ["--no-dev --inexact"]
    assert _asked_of_uv(tree, path, "test", "--style") == ["--group dev"]


@pytest.mark.slow
def test_python_alone_is_enough(tree: Path, path: Path, tmp_path: Path) -> None:
    """With a python3 that has neither pip nor ensurepip, no uv and no HOME, what runs is installed from the source."""
    bare = os.path.realpath(sys.executable)
    refuse = 'case "$*" in "-m pip"*) exit 1 ;; esac'
    _program(path, "python3", f'{refuse}\nexec {bare} "$@"')

    done = _portal(tree, {"PATH": str(path)}, "test", "--help", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "Usage: portal test" in done.stdout
