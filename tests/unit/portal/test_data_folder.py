"""The data folder of `portal up`."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from portal_cli.data_folder import DataFolder
from portal_cli.refusals import Refusal


def test_a_secret_is_kept_for_our_eyes_only(tmp_path: Path) -> None:
    """The same name gives the same secret on the next start, and the file can be read by its owner alone."""
    first = DataFolder.open(tmp_path / "data")
    secret = first.secret("key")
    first.close()

    second = DataFolder.open(tmp_path / "data")

    assert second.secret("key") == secret
    assert second.secret("other") != secret
    assert stat.S_IMODE((tmp_path / "data" / "secrets.json").stat().st_mode) == 0o600
    second.close()


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    """A second portal on the same folder is told which process uses it."""
    folder = DataFolder.open(tmp_path / "data")

    with pytest.raises(Refusal, match=rf"is in use by another portal \(process {os.getpid()}\)\."):
        DataFolder.open(tmp_path / "data")
    folder.close()


def test_the_lock_lasts_as_long_as_a_child_that_inherited_it(tmp_path: Path) -> None:
    """When the portal was killed, its folder stays locked until its last child is gone."""
    folder = DataFolder.open(tmp_path / "data")
    child = subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(folder.lock,), start_new_session=True
    )
    os.pwrite(folder.lock, b"999999999\n", 0)
    folder.close()

    with pytest.raises(Refusal, match="is in use"):
        DataFolder.open(tmp_path / "data", patience=0.2)
    child.communicate(b"\n")
    DataFolder.open(tmp_path / "data", patience=5).close()


def test_fresh_empties_only_our_own_folder(tmp_path: Path) -> None:
    """`--fresh` deletes what an earlier run left, and keeps the marker by which the folder is recognised."""
    first = DataFolder.open(tmp_path / "data")
    (first.folder("databases") / "file").write_text("old")
    secret = first.secret("key")
    first.close()

    second = DataFolder.open(tmp_path / "data", fresh=True)

    assert sorted(entry.name for entry in (tmp_path / "data").iterdir()) == ["PORTAL", "lock"]
    assert second.secret("key") != secret
    second.close()


@pytest.mark.parametrize("fresh", [False, True])
def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, *, fresh: bool) -> None:
    """A folder with other things in it is refused in one sentence, and nothing in it is touched."""
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(Refusal, match=r"is not empty; choose an empty folder or one created by `portal up`\."):
        DataFolder.open(tmp_path, fresh=fresh)

    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """A path that names a file is refused."""
    (tmp_path / "file").touch()

    with pytest.raises(Refusal, match="is not a folder"):
        DataFolder.open(tmp_path / "file")


def test_a_link_in_the_folder_is_not_followed(tmp_path: Path) -> None:
    """`--fresh` removes a symbolic link and keeps what it points to."""
    (tmp_path / "precious").mkdir()
    first = DataFolder.open(tmp_path / "data")
    (tmp_path / "data" / "link").symlink_to(tmp_path / "precious")
    first.close()

    DataFolder.open(tmp_path / "data", fresh=True).close()

    assert (tmp_path / "precious").is_dir()
    assert not (tmp_path / "data" / "link").is_symlink()


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    """Databases, mails and logs are for the user who runs the portal, also in a folder that somebody made before."""
    path = tmp_path / "data"
    path.mkdir(mode=0o755)
    path.chmod(0o755)

    DataFolder.open(path).close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o700
