"""Where every process of ours begins: `portal`, and `python -m portal_cli.main`.

The command line is imported after signals are looked after: that takes a fifth of a second, in which a process that is
told to end would be killed by SIGTERM (-15), or as PID 1 would not hear of it.
"""

from services.chassis.ending import end_at_once


def main() -> None:
    """Run the command line."""
    end_at_once()

    from portal_cli.command_line import run

    run()


if __name__ == "__main__":
    main()
