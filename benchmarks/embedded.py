"""`./portal up` measured: start times, CPU spent on a start, and the memory of all processes when idle.

    python -m benchmarks.embedded [--starts 3]

The targets: a second start ready within 6 s on two free cores, and 700 MB at most. Wall time depends on who else uses
the machine, so the load average and the CPU time of every process are printed beside it.
"""

import argparse
import os
import re
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from portal_cli.paths import ROOT
from portal_cli.ports import free_ports
from portal_cli.processes import Child, Program

_READY = re.compile(r"Ready after ([\d.]+) s")
_WHAT = re.compile(r"serve\0\w+|payment_sandbox|databases/\w+|portal_cli.main\0up")
_IDLE_SECONDS = 10.0


@dataclass(frozen=True)
class Start:
    """One start: seconds until ready, CPU seconds of every process by then, and their memory when idle, in MB."""

    seconds: float
    cpu: dict[str, float]
    proportional: float
    resident: float


def main() -> None:
    """Start a portal several times on one data folder and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=3, help="second starts to measure")
    starts = parser.parse_args().starts
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        _tell("first start, with the demo", _start(data))
        later = [_start(data) for _ in range(starts)]
    for start in later:
        _tell("second start", start)
    print(f"median of second starts: {statistics.median(start.seconds for start in later):.1f} s (target 6.0 s)")
    print(
        f"most memory, shared pages counted once: {max(start.proportional for start in later):.0f} MB (target 700 MB)"
    )
    print(f"load average: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _start(data: Path) -> Start:
    log = data.with_suffix(".log")
    log.unlink(missing_ok=True)
    argv = (str(ROOT / "portal"), "up", "--port", str(free_ports(1)[0]), "--data", str(data))
    ready = _Printed(log, "Ctrl-C stops everything")
    child = Child.start(Program(name="portal", argv=argv, log=log, env=os.environ, ready=ready))
    try:
        child.wait_until_ready(300)
        pids = _family(child.pid)
        cpu = {_name(pid): _cpu_seconds(pid) for pid in pids}
        time.sleep(_IDLE_SECONDS)
        proportional, resident = (sum(_memory(pid, kind) for pid in pids) for kind in ("Pss", "Rss"))
        found = _READY.search(log.read_text())
        assert found
        return Start(float(found[1]), cpu, proportional, resident)
    finally:
        child.stop(60)


@dataclass(frozen=True)
class _Printed:
    log: Path
    text: str

    def __call__(self) -> bool:
        return self.log.exists() and self.text in self.log.read_text()


def _family(parent: int) -> list[int]:
    children = [
        int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _parent(entry) == parent
    ]
    return [parent, *children]


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except FileNotFoundError:
        return 0


def _name(pid: int) -> str:
    found = _WHAT.search(Path(f"/proc/{pid}/cmdline").read_text())
    return found[0].replace("\0", " ") if found else str(pid)


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int, kind: str) -> float:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(rf"^{kind}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def _tell(what: str, start: Start) -> None:
    print(
        f"{what}: ready after {start.seconds:.1f} s, {sum(start.cpu.values()):.1f} s of CPU;"
        f" idle {start.proportional:.0f} MB (sum of resident sizes {start.resident:.0f} MB)"
    )
    print("    CPU seconds: " + ", ".join(f"{name} {seconds:.2f}" for name, seconds in sorted(start.cpu.items())))


if __name__ == "__main__":
    main()
