"""A program of another Debian release: what cannot be had is said in a sentence."""

from pathlib import Path

import pytest

from portal_cli import debian
from portal_cli.debian_root import debian_root
from portal_cli.toolbox import ToolMissing


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which programs are found before all others."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return folder


def write(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_a_release_that_is_gone_is_named(programs: Path, tmp_path: Path) -> None:
    """Debian moves old releases to its archive: the reader learns which one it was, and what debootstrap said."""
    write(programs, "debootstrap", "echo 'E: Failed getting release file'; exit 1")
    with pytest.raises(ToolMissing, match=r"^Debian buster cannot be had: it was moved.*\n.*Failed getting release"):
        debian_root("buster", "rabbitmq-server", "3.7.8", ())(tmp_path)


def test_another_version_than_expected_is_refused(programs: Path, tmp_path: Path) -> None:
    """A release that moved on is no silent change of what the tests run on."""
    write(programs, "debootstrap", 'mkdir -p "$3/etc" "$3/usr/sbin"')
    write(programs, "unshare", 'case "$*" in *dpkg-query*) printf "1:4.4.0-2+b1";; esac')
    with pytest.raises(ToolMissing, match=r"^Debian sid now carries rabbitmq-server 4\.4\.0 instead of 4\.3\.6: name"):
        debian_root("sid", "rabbitmq-server", "4.3.6", ())(tmp_path)


def test_without_debootstrap_nothing_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it cannot be installed, that is the reason."""
    monkeypatch.setattr(debian, "installed", lambda program: False)
    with pytest.raises(ToolMissing, match=r"^debootstrap, which makes a Debian trixie for rabbitmq-server, could not"):
        debian_root("trixie", "rabbitmq-server", "4.0.5", ())(tmp_path)
