"""The command line, which the script `portal` hands over to.

Each command's module is imported only when it runs, so that no command pays for the others.
"""

import sys
from typing import Annotated, Never

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)


class Refusal(Exception):
    """Something a person has to put right first; the message is one clear sentence."""


@app.callback()
def portal() -> None:
    """The client portal's back end: run it, check it."""


@app.command("test")
def run_tests(
    paths: Annotated[list[str] | None, typer.Argument(help="Files or folders of tests (default: all).")] = None,
    keyword: Annotated[str, typer.Option("-k", help="Only tests whose name matches this expression.")] = "",
    fast: Annotated[bool, typer.Option(help="Leave out tests that are slow or need a broker or processes.")] = False,
) -> None:
    """Check everything: style, types, layers and tests, with a summary at the end."""
    from portal_cli.testing import run

    raise typer.Exit(run(paths=paths or [], keyword=keyword, fast=fast))


def refuse(error: Exception) -> Never:
    """Say one sentence on standard error and exit with 1."""
    sys.stderr.write(f"portal: {error}\n")
    sys.exit(1)


def main() -> None:
    """Run the command line."""
    try:
        app(prog_name="portal")
    except Refusal as refusal:
        refuse(refusal)


if __name__ == "__main__":
    main()
