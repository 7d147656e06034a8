"""`portal test PATH` and `-k NAME` collect and prepare what the chosen tests need, and no more."""

from pathlib import Path

import pytest

from portal_cli import node, testing
from portal_cli.paths import TOOLS
from portal_cli.selection import Selection


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    """A tree of tests: two files with one test each, one with very many, one that asks for a broker."""
    folder = tmp_path / "tests"
    (folder / "e2e").mkdir(parents=True)
    for name, text in {
        "test_pears.py": "def test_a_pear_is_green() -> None: ...",
        "test_plums.py": "async def test_a_plum_is_blue() -> None: ...",
        "test_many.py": "\n".join(f"def test_number_{number}() -> None: ..." for number in range(500)),
        "test_bus.py": "def test_it_is_heard(amqp_url: str) -> None: ...",
        "e2e/test_whole.py": "def test_all_of_it() -> None: ...",
    }.items():
        (folder / name).write_text(f"{text}\n")
    return folder


def names(selection: Selection) -> list[str]:
    return [file.name for file in selection.files]


@pytest.mark.parametrize(
    ("keyword", "found"),
    [
        ("test_a_pear_is_green", ["test_pears.py"]),
        ("a_pear_is_green", ["test_pears.py"]),
        ("pear_is_green", ["test_pears.py"]),
        ("test_a_p", ["test_pears.py", "test_plums.py"]),
        ("test_plums", ["test_plums.py"]),
        ("Test_A_Pear_Is_Green", ["test_pears.py"]),
        ("test_a_pear_is_green or test_plums", ["test_pears.py", "test_plums.py"]),
    ],
)
def test_full_names_are_looked_up(tests: Path, keyword: str, found: list[str]) -> None:
    """Only files with a test, or of a name, that begins as the word does are collected."""
    selection = Selection((), keyword, tests)
    assert names(selection) == found
    assert selection.arguments == ("-k", keyword, *(str(tests / name) for name in found))


@pytest.mark.parametrize(
    "keyword", ["pear", "is_green", "not test_a_pear_is_green", "test_a_pear_is_green or green", "test_figs"]
)
def test_any_other_word_may_be_a_parameter(tests: Path, keyword: str) -> None:
    """Every file is collected: pytest alone knows the parameters."""
    selection = Selection((), keyword, tests)
    assert len(names(selection)) == 5
    assert selection.arguments == ("-k", keyword)


def test_paths_are_handed_over_as_they_are(tests: Path) -> None:
    """Files, folders and single tests are what pytest takes."""
    given = ("tests/test_pears.py::test_a_pear_is_green", "tests/e2e")
    selection = Selection(given, "", tests)
    assert selection.arguments == given
    assert names(selection) == ["test_pears.py", "test_whole.py"]


@pytest.mark.parametrize(
    ("paths", "keyword", "few"),
    [((), "", False), ((), "test_number", False), ((), "test_number_77", True), (("tests/test_bus.py",), "", True)],
)
def test_few_tests_run_in_one_process(tests: Path, paths: tuple[str, ...], keyword: str, few: bool) -> None:
    """A second process is started for many only."""
    assert Selection(paths, keyword, tests).few is few


@pytest.mark.parametrize(
    ("paths", "keyword", "needs"),
    [
        ((), "", True),
        (("tests/test_pears.py",), "", False),
        (("tests/test_bus.py",), "", True),
        (("tests/e2e",), "", True),
        ((), "test_a_pear", False),
        ((), "test_it_is_heard", True),
    ],
)
def test_a_broker_is_for_those_who_ask_for_one(tests: Path, paths: tuple[str, ...], keyword: str, needs: bool) -> None:
    """A RabbitMQ is installed for tests that name one, and for whole processes."""
    assert Selection(paths, keyword, tests).needs_broker is needs


@pytest.mark.parametrize(("path", "needs"), [("tests/browser", True), ("tests/test_pears.py", False)])
def test_chromium_is_for_those_who_drive_it(tests: Path, path: str, needs: bool) -> None:
    """It is installed for tests of the interface only."""
    (tests / "browser").mkdir()
    (tests / "browser" / "test_pages.py").write_text("def test_a_page() -> None: ...\n")
    assert Selection((path,), "", tests).needs_browser is needs


def test_one_test_is_one_process(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing else is run and nothing is installed: neither npm's packages nor programs of others."""
    commands: list[tuple[str, ...]] = []
    monkeypatch.setattr(testing, "_run", lambda command: commands.append(tuple(command)) or 0)
    monkeypatch.setattr(node, "install", lambda folder: pytest.fail(f"npm for {folder}"))

    code = testing.run(paths=[], keyword=test_one_test_is_one_process.__name__, fast=False)

    assert code == 0
    assert commands == [("pytest", "-q", "-k", test_one_test_is_one_process.__name__, __file__)]
    said = capsys.readouterr().out
    assert "Files with a test of that name: 1." in said
    assert "checks: 1 passed, 0 failed" in said


def test_style_runs_no_test(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The static checks, each by its name, and one that fails makes the whole fail."""
    commands: list[str] = []

    def run(command: tuple[str, ...]) -> int:
        commands.append(command[0])
        return 1 if command[0] == "lint-imports" else 0

    monkeypatch.setattr(testing, "_run", run)

    assert testing.run_style() == 1
    assert commands == ["ruff", "ruff", "lint-imports", "python", "basedpyright"]
    assert "checks: 4 passed, 1 failed" in capsys.readouterr().out


def test_everything_is_checked_where_nothing_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Static checks, types beside npm's packages, then all tests in two processes with the slowest of them listed."""
    commands: list[tuple[str, ...]] = []
    monkeypatch.setattr(testing, "_said", lambda command: (0, f"{command[0]} says nothing\n"))
    installed: list[str] = []
    monkeypatch.setattr(testing, "_run", lambda command: commands.append(tuple(command)) or 0)
    monkeypatch.setattr(node, "install", lambda folder: installed.append(folder.name))

    assert testing.run(paths=[], keyword="", fast=True) == 0

    assert [command[0] for command in commands] == ["ruff", "ruff", "lint-imports", "python", "pytest"]
    assert installed == sorted(file.parent.name for file in TOOLS.glob("*/package-lock.json"))
    limits = "not slow and not broker and not e2e and not foreign"
    assert commands[-1][:6] == ("pytest", "-q", "-m", limits, "-n", "2")
    assert commands[-1][-1] == "--durations=20"
    said = capsys.readouterr().out
    assert "basedpyright says nothing" in said
    assert "0 failed" in said


def test_types_that_are_wrong_fail_the_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was checked beside the rest counts like the rest, and what it said is printed as it is."""
    monkeypatch.setattr(testing, "_run", lambda command: 0)
    monkeypatch.setattr(testing, "_said", lambda command: (1, "a.py:1: error: [red] is no str\n"))
    monkeypatch.setattr(node, "install", lambda folder: None)

    assert testing.run(paths=[], keyword="", fast=True) == 1
    said = capsys.readouterr().out
    assert "a.py:1: error: [red] is no str" in said
    assert "1 failed" in said
