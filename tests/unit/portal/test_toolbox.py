"""Programs of others are built once, whole or not at all, and a missing toolchain is said by name."""

from pathlib import Path

import pytest

from portal_cli.toolbox import Tool, ToolMissing, cache, digest, run


@pytest.fixture(autouse=True)
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PORTAL_TOOLS", str(tmp_path / "tools"))
    return cache()


def test_a_tool_is_built_once() -> None:
    """The second one who asks gets the folder of the first."""
    builds: list[Path] = []

    def build(folder: Path) -> None:
        builds.append(folder)
        (folder / "program").write_text("")

    tool = Tool("saw", "1.2", (), build)
    assert tool.ready() == tool.ready() == cache() / "saw-1.2"
    assert (len(builds), (tool.folder / "program").exists()) == (1, True)


def test_a_failed_build_leaves_nothing() -> None:
    """What failed is tried again next time, from an empty folder."""

    def build(folder: Path) -> None:
        (folder / "half").write_text("")
        run(["sh", "-c", "echo no compiler; exit 3"])

    tool = Tool("saw", "1.2", (), build)
    with pytest.raises(ToolMissing, match="failed with 3:\nno compiler"):
        tool.ready()
    assert not tool.folder.exists()


def test_a_missing_toolchain_is_named() -> None:
    """Who reads it knows what to install."""
    tool = Tool("saw", "1.2", ("sh", "no-such-compiler"), lambda folder: None)
    with pytest.raises(ToolMissing, match=r"^saw 1\.2 needs no-such-compiler, which this machine lacks$"):
        tool.ready()


def test_another_recipe_is_another_folder() -> None:
    """A tool that is built in another way is not mistaken for the one in the cache."""
    assert Tool("saw", "1.2", (), lambda folder: None, recipe=2).folder == cache() / "saw-1.2-r2"


def test_a_changed_source_is_another_version(tmp_path: Path) -> None:
    """Whatever changes in the files of a program of our own, their names included, makes another version of it."""
    folder = tmp_path / "program"
    folder.mkdir()
    versions: list[str] = []
    for name, text in (("a.go", "one"), ("a.go", "two"), ("b.go", ""), ("go.sum", "two")):
        (folder / name).write_text(text)
        versions.append(digest(folder))

    assert len(set(versions)) == 4
    assert digest(folder) == versions[-1]
