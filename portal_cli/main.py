"""Where every process of ours begins: `portal`, and `python -m portal_cli.main`.

The command line is imported after signals are looked after: that takes a fifth of a second, in which a process that is
told to end would be killed by SIGTERM (-15), or as PID 1 would not hear of it.
"""

import sys
from io import TextIOWrapper

from chassis.ending import end_at_once


def main() -> None:
    """Run the command line."""
    end_at_once()
    _say_what_can_be_said()

    from portal_cli.command_line import run

    run()


def _say_what_can_be_said() -> None:
    """Print a question mark for what the terminal's encoding has no character for, and go on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    main()
