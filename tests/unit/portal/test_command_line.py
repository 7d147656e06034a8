"""What the command line says of itself."""

import re

import pytest
import typer
from typer.testing import CliRunner

from portal_cli.command_line import app

COMMANDS = sorted(typer.main.get_group(app).commands)


def said(*arguments: str) -> tuple[int, str]:
    """Run a command; return its exit code and what it printed, without colours and frames."""
    done = CliRunner().invoke(app, [*arguments], env={"COLUMNS": "200", "TERM": "dumb", "NO_COLOR": "1"})
    return done.exit_code, done.output


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_no_noise(command: str) -> None:
    """A switch that is off says neither that there is a way to leave it off, nor that it is off."""
    code, text = said(command, "--help")
    assert code == 0
    assert re.findall(r"--no-\w+", text) == (["--no-demo"] if command == "up" else [])
    assert "[default: no-" not in text


@pytest.mark.parametrize("also", [("-k", "word"), ("tests/unit",), ("--fast",), ("--soak",)])
def test_style_stands_alone(also: tuple[str, ...]) -> None:
    """Style with tests is refused in a sentence: nobody believes that tests were run."""
    code, text = said("test", "--style", *also)
    assert code == 2
    assert "This option checks the whole tree without running tests; use it alone." in text


@pytest.mark.parametrize("also", [("-k", "word"), ("tests/unit",), ("--fast",)])
def test_the_long_run_stands_alone(also: tuple[str, ...]) -> None:
    """It is made of the tests that have a full form: naming others beside it would promise what is not done."""
    code, text = said("test", "--soak", *also)
    assert code == 2
    assert "This option says itself which tests are run; use it alone." in text
