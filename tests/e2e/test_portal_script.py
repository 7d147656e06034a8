"""The script `portal`: what it needs, what it says when that is missing, and what it costs once all is there."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import typer

from portal_cli.command_line import app
from portal_cli.paths import ROOT
from portal_cli.ports import free_ports

pytestmark = pytest.mark.e2e

_TOOLS = ("sh", "dirname", "readlink", "cat", "cksum", "rm", "mkdir", "env")
_COPIED = (
    "portal",
    "pyproject.toml",
    "uv.lock",
    "README.md",
    "portal_cli",
    "chassis",
    "services",
    "gateway",
    "payment_sandbox",
)


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
    done = _portal(tree, {"PATH": str(path)}, "up", "--help", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (
        1,
        "portal: python3 was not found; install Python 3.11, 3.12 or 3.13.\n",
    )
    assert not (tree / ".venv").exists()


def test_an_old_python_is_named(tree: Path, path: Path, tmp_path: Path) -> None:
    """One sentence says which Python was found and which is needed."""
    _program(path, "python3", '[ "$1" = --version ] && echo "Python 3.9.2" && exit; exit 1')

    done = _portal(tree, {"PATH": str(path)}, "up", "--help", cwd=tmp_path)

    assert done.stderr == (
        "portal: Python 3.11, 3.12 or 3.13 is needed, and this is Python 3.9.2;"
        " install one, or name it in PORTAL_PYTHON.\n"
    )
    assert done.returncode == 1


def test_without_a_package_source_it_says_so(tree: Path, path: Path, tmp_path: Path) -> None:
    """When neither pip nor uv can be had, the last line is one sentence about the package source."""
    (port,) = free_ports(1)
    (path / "python3").symlink_to(os.path.realpath(sys.executable))
    env = {"PATH": str(path), "PIP_INDEX_URL": f"http://127.0.0.1:{port}/simple", "PIP_CONFIG_FILE": os.devnull}

    done = _portal(tree, env, "up", "--help", cwd=tmp_path)

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "portal: uv could not be installed: the package source cannot be reached, or has no uv."
    )


def test_uv_that_cannot_install_is_explained(tree: Path, path: Path, tmp_path: Path) -> None:
    """When uv fails, its own words are followed by one sentence, and the next start tries again."""
    (path / "python3").symlink_to(os.path.realpath(sys.executable))
    _program(path, "uv", 'echo "error: no route to host" >&2; exit 2')

    done = _portal(tree, {"PATH": str(path)}, "up", "--help", cwd=tmp_path)

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

    done = _portal(tree, env, "hello", cwd=tree)

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


@pytest.mark.parametrize("arguments", [("test", "--help"), ("schema", "--help"), ("up", "--fresh")])
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


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_the_commands_are_listed_without_installing(tree: Path, path: Path, arguments: tuple[str, ...]) -> None:
    """A fresh clone says what it can do at once, without Python, and leaves nothing behind."""
    done = _portal(tree, {"PATH": str(path)}, *arguments, cwd=tree)

    listed = [line.split(maxsplit=1) for line in done.stdout.splitlines() if line.startswith("  ")]
    commands = typer.main.get_group(app).commands
    known = [[name, (command.help or "").splitlines()[0]] for name, command in commands.items()]
    assert (done.returncode, done.stderr, listed) == (0, "", known)
    assert not (tree / ".venv").exists()


@pytest.mark.parametrize(
    ("system", "said"),
    [
        ("Darwin x86_64", "no build for Macs with an Intel processor"),
        ("MINGW64_NT-10.0 x86_64", "run this in WSL"),
        ("CYGWIN_NT-10.0 x86_64", "run this in WSL"),
    ],
)
def test_where_it_cannot_run_it_says_so(tree: Path, path: Path, system: str, said: str) -> None:
    """One sentence says why, and what to do instead."""
    _program(path, "uname", f'echo "{system}"')

    done = _portal(tree, {"PATH": str(path)}, "up", cwd=tree)

    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert said in done.stderr
    assert "docker compose up" in done.stderr


def test_a_python_that_is_too_new_is_passed_over(tree: Path, path: Path) -> None:
    """The embedded database has no wheels for Python 3.14: another one is taken, or one sentence says which."""
    bare = os.path.realpath(sys.executable)
    new = 'case "$*" in *version_info*) exit 1 ;; --version) echo Python 3.14.1 ;; esac; exit 1'
    _program(path, "python3", new)
    alone = _portal(tree, {"PATH": str(path)}, "up", "--help", cwd=tree)
    (path / "python3.13").symlink_to(bare)
    _program(path, "uv", "exit 0")
    beside = _portal(tree, {"PATH": str(path)}, "hello", cwd=tree)

    assert "3.13 is needed, and this is Python 3.14.1" in alone.stderr
    assert "step 2 of 3" in beside.stderr


def test_a_moved_checkout_is_installed_anew(tree: Path, path: Path, tmp_path: Path) -> None:
    """Its programs name the folder where they were installed, so that a copy would run what is there."""
    (path / "python3").symlink_to(os.path.realpath(sys.executable))
    _program(path, "uv", "echo synced >&2")
    env = {"PATH": str(path)}
    assert "synced" in _portal(tree, env, "hello", cwd=tree).stderr
    (tree / ".venv" / "left").touch()
    assert "synced" not in _portal(tree, env, "hello", cwd=tree).stderr
    moved = tree.rename(tmp_path / "another tree")

    assert "synced" in _portal(moved, env, "hello", cwd=tmp_path).stderr
    assert not (moved / ".venv" / "left").exists()


@pytest.mark.parametrize("variable", ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"])
def test_another_package_source_is_asked(tree: Path, path: Path, variable: str) -> None:
    """With a mirror, the versions and hashes of the lock are asked of it, and not of where the lock says."""
    calls = tree / "calls"
    (path / "python3").symlink_to(os.path.realpath(sys.executable))
    _program(path, "uv", f'echo "$UV_DEFAULT_INDEX $*" >>"{calls}"')

    _portal(tree, {"PATH": str(path), variable: "https://mirror.example/simple"}, "hello", cwd=tree)

    exported, installed = calls.read_text().splitlines()
    assert exported.startswith("https://mirror.example/simple export ")
    assert "--frozen" in exported
    assert installed.startswith("https://mirror.example/simple pip install ")
    assert "--require-hashes" in installed


@pytest.mark.slow
def test_it_starts_where_people_are(tree: Path, path: Path, tmp_path: Path) -> None:
    """A blank in the path, pip's settings for other installations, no HOME, a terminal that knows ASCII alone."""
    bare = os.path.realpath(sys.executable)
    _program(path, "python3", f'exec {bare} "$@"')
    blank = tree.rename(tmp_path / "a tree")
    settings = {"PIP_USER": "1", "PIP_REQUIRE_VIRTUALENV": "1", "PIP_TARGET": "/nowhere", "PIP_PREFIX": "/nowhere"}
    kept = {name: os.environ[name] for name in ("PIP_CERT", "SSL_CERT_FILE") if name in os.environ}
    env = {"PATH": str(path), "LC_ALL": "C", "PYTHONIOENCODING": "ascii", **settings, **kept}

    done = _portal(blank, env, "serve", "--help", cwd=tmp_path)
    daemon = subprocess.run([blank / ".venv/bin/secantusd-py", "--help"], env={"PATH": str(path)}, check=False)

    assert (done.returncode, daemon.returncode) == (0, 0), done.stderr
    assert "Usage: portal serve" in done.stdout


@pytest.mark.slow
def test_python_alone_is_enough(tree: Path, path: Path, tmp_path: Path) -> None:
    """With a python3 that has neither pip nor ensurepip, no uv and no HOME, what runs is installed from the source."""
    bare = os.path.realpath(sys.executable)
    refuse = 'case "$*" in "-m pip"*) exit 1 ;; esac'
    _program(path, "python3", f'{refuse}\nexec {bare} "$@"')

    done = _portal(tree, {"PATH": str(path)}, "test", "--help", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "Usage: portal test" in done.stdout
