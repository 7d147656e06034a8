"""SecantusDB's daemon as it is, but that it keeps what is past by the real clock: clocks of tests stand at other times.

Its setting for that, `ttl_sweep_seconds`, is read from a configuration file and handed to nobody (0.7.0b3). Run as a
program, with the daemon's options.
"""

from functools import partial

from secantus import cli  # pyright: ignore[reportMissingTypeStubs]

if __name__ == "__main__":
    cli.SecantusDBServer = partial(cli.SecantusDBServer, ttl_sweep_seconds=0)  # pyright: ignore
    raise SystemExit(cli.main())
