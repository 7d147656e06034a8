"""Measure gateways side by side: ours, the best Node gateways, Grafbase (Rust), and the floor, in one run.

    python -m benchmarks.gateway.run [--seconds 8] [--rounds 3] [--only ours,grafbase] [--sharing]

Each gateway has one core to itself, the load (wrk, 16 connections, every request with a header of its own) and the
subgraphs have the other. Every answer is checked before the load. Needs `npm ci` in `benchmarks/gateway/peers` and
Debian's `wrk`; without them the peers are left out and named.

Nothing is shared between requests in flight, unless `--sharing` measures just that: ours and Grafbase alone, each with
its sharing of identical fetches on.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.gateway import world
from portal_cli.ports import free_ports

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PEERS = HERE / "peers"
QUERIES = ("trivial", "light", "heavy")
SUBGRAPHS = ("users", "products", "inventory", "reviews")
TICKS = os.sysconf("SC_CLK_TCK")
CONNECTIONS = 16
LUA = """
local body = io.open(os.getenv("BODY")):read("a")
local n = 0
wrk.method = "POST"
function request()
  n = n + 1
  return wrk.format("POST", "/graphql", {["content-type"]="application/json", ["x-req"]=tostring(n)}, body)
end
function done(summary, latency, requests)
  io.write(string.format('\\nRESULT {"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"bad":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    summary.errors.status + summary.errors.read + summary.errors.connect + summary.errors.timeout))
end
"""


@dataclass
class Gateway:
    """One contender."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict[str, str])


@dataclass
class Measured:
    """What one contender did with one query."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float


def query_text(name: str) -> str:
    """Return a benchmark query."""
    return (HERE / "queries" / f"{name}.graphql").read_text()


def supergraph(folder: Path, port: int) -> Path:
    """Return a copy of the supergraph whose addresses are those of this run's subgraphs."""
    sdl = (HERE / "supergraph.graphql").read_text()
    for offset in range(len(SUBGRAPHS)):
        sdl = sdl.replace(f"127.0.0.1:{42001 + offset}", f"127.0.0.1:{port + offset}")
    file = folder / "supergraph.graphql"
    file.write_text(sdl)
    return file


def contenders(folder: Path, port: int, file: Path, ports: list[int], *, sharing: bool) -> Iterator[Gateway]:
    """Yield every gateway that can run here; all but `ours` and `grafbase` know no sharing of fetches."""
    python = [sys.executable, "-m"]
    ours, floor, apollo, hive, grafbase = map(str, ports)
    options = ["serve", "--supergraph", str(file), "--host", "127.0.0.1", "--port", ours]
    yield Gateway(
        "ours",
        [*python, "gateway", *options],
        {"PORTAL_LOG_REQUESTS": "false", "PORTAL_SHARE_FETCHES": str(sharing).lower()},
    )
    yield Gateway("floor", [*python, "benchmarks.gateway.floor", floor, str(folder / "fetches.json")])
    if not (PEERS / "node_modules").is_dir():
        print("peers left out: run `npm ci` in benchmarks/gateway/peers")
        return
    yield Gateway("apollo", ["node", str(PEERS / "apollo.mjs"), apollo, str(file)], {"NODE_ENV": "production"})
    hive_command = [str(PEERS / "node_modules/.bin/hive-gateway"), "supergraph", str(file), "-p", hive]
    config = ["-c", str(PEERS / "gateway.config.mjs"), "-h", "127.0.0.1"]
    hive_env = {"NODE_ENV": "production", "SUPERGRAPH": str(file)}
    yield Gateway("hive", [*hive_command, *config], hive_env)
    binary = PEERS / "node_modules/@grafbase/cli-x86_64-unknown-linux-musl/grafbase"
    toml = folder / "grafbase.toml"
    toml.write_text(grafbase_toml(port, sharing=sharing))
    env = {"HOME": str(folder), "GRAFBASE_TELEMETRY_DISABLED": "1"}
    yield Gateway("grafbase", [str(binary), "dev", "-c", str(toml), "-p", grafbase], env)


def grafbase_toml(port: int, *, sharing: bool) -> str:
    """Return Grafbase's configuration: the subgraphs, and a forwarded header to switch its sharing off."""
    lines = [] if sharing else ['[[headers]]\nrule = "forward"\nname = "x-req"\n']
    for offset, name in enumerate(SUBGRAPHS):
        schema = HERE / "schema" / f"{name}.graphql"
        url = f"http://127.0.0.1:{port + offset}/graphql"
        lines.append(f'[subgraphs.{name}]\nurl = "{url}"\nschema_path = "{schema}"\n')
    return "\n".join(lines)


# --- processes -------------------------------------------------------------------------------------------------------


@contextmanager
def running(command: list[str], core: int, log: Path, env: dict[str, str] | None = None) -> Iterator[int]:
    """Run a process group on one core and yield its leader's id."""
    with log.open("wb") as out:
        child = subprocess.Popen(
            ["taskset", "-c", str(core), *command],
            stdout=out,
            stderr=out,
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            start_new_session=True,
        )
    try:
        yield child.pid
    finally:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(child.pid, sign)
                child.wait(5)
                break
            except subprocess.TimeoutExpired:
                continue
            except ProcessLookupError:
                break


def family(group: int) -> list[int]:
    """Return the ids of all processes of a process group."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getpgid(int(entry.name)) == group:
                    found.append(int(entry.name))
            except ProcessLookupError:
                continue
    return found


def cpu_seconds(group: int) -> float:
    """Return the CPU time that a group's processes have used."""
    total = 0
    for pid in family(group):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def memory_mb(group: int) -> float:
    """Return the resident memory of a group's processes, in MB."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in family(group))
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def ask(port: int, query: str) -> Any:
    """Send one query and return the answer's JSON."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        json.dumps({"query": query}).encode(),
        {"content-type": "application/json", "x-req": str(time.time_ns())},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def wait_and_check(port: int, log: Path, seconds: float = 40) -> None:
    """Wait until a gateway gives the expected answer to every query."""
    deadline = time.monotonic() + seconds
    for name in QUERIES:
        wanted, got = world.expected(query_text(name)), None
        while got is None:
            try:
                got = ask(port, query_text(name))
            except (OSError, urllib.error.URLError, ValueError):
                if time.monotonic() > deadline:
                    raise SystemExit(f"no answer: {log.read_text()[-2000:]}") from None
                time.sleep(0.2)
        if got.get("data") != wanted["data"]:
            raise SystemExit(f"a wrong answer to {name}: {json.dumps(got)[:600]}")


def load(port: int, name: str, seconds: int, folder: Path) -> dict[str, Any]:
    """Run wrk against a gateway and return its summary."""
    script, body = folder / "load.lua", folder / f"{name}.json"
    script.write_text(LUA)
    body.write_text(json.dumps({"query": query_text(name)}))
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    result = subprocess.run(
        [*command, "-s", str(script), f"http://127.0.0.1:{port}/graphql"],
        env={**os.environ, "BODY": str(body)},
        capture_output=True,
        text=True,
        check=True,
    )
    summary: dict[str, Any] = json.loads(result.stdout.split("RESULT ", 1)[1])
    if summary["bad"]:
        print(f"  {summary['bad']} bad answers")
    return summary


def measure(gateway: Gateway, port: int, args: argparse.Namespace, folder: Path) -> tuple[dict[str, Measured], float]:
    """Return what a gateway did with every query (medians over the rounds), and its memory."""
    log = folder / f"{gateway.name}.log"
    with running(gateway.command, 0, log, gateway.env) as group:
        wait_and_check(port, log)
        results: dict[str, Measured] = {}
        for name in QUERIES:
            load(port, name, 2, folder)
            rounds: list[Measured] = []
            for _ in range(args.rounds):
                before = cpu_seconds(group)
                one = load(port, name, args.seconds, folder)
                cpu = (cpu_seconds(group) - before) / max(one["requests"], 1)
                rate = one["requests"] / one["microseconds"] * 1e6
                rounds.append(Measured(rate, one["p50"] / 1000, one["p99"] / 1000, cpu * 1e6))
            results[name] = sorted(rounds, key=lambda r: r.per_second)[len(rounds) // 2]
        return results, memory_mb(group)


# --- the fetches that the floor replays ------------------------------------------------------------------------------


class Recorder:
    """A transport that notes which fetches go out together."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.waves: list[list[tuple[str, str]]] = []
        self._open = False

    def post(self, subgraph: str, body: bytes, kind: Any, forwarded: Any) -> Any:
        if not self._open:
            self.waves.append([])
            self._open = True
        self.waves[-1].append((subgraph, body.decode()))
        future = asyncio.ensure_future(self._inner.post(subgraph, body, kind, forwarded))
        future.add_done_callback(lambda _: setattr(self, "_open", False))
        return future


async def record(file: Path, port: int) -> dict[str, Any]:
    """Return, for every query, the waves of fetches of our own plan, and the answer."""
    from gateway.bootstrap import build_pipeline
    from gateway.executor.ports import Forwarded
    from gateway.subgraphs.http import HttpTransport

    urls = {name: f"http://127.0.0.1:{port + offset}/graphql" for offset, name in enumerate(SUBGRAPHS)}
    pipeline = build_pipeline(file.read_text())
    recorded: dict[str, Any] = {}
    for name in QUERIES:
        prepared = pipeline.prepare(query_text(name))
        recorder = Recorder(HttpTransport(urls))
        body = await prepared.execute_body(None, recorder, Forwarded())
        recorded[query_text(name)] = {"waves": recorder.waves, "answer": json.loads(body)}
        print(f"  {name}: {sum(map(len, recorder.waves))} fetches in {len(recorder.waves)} waves, {len(body)} bytes")
    return {"urls": urls, "queries": recorded}


# --- the report ------------------------------------------------------------------------------------------------------


def report(results: dict[str, tuple[dict[str, Measured], float]]) -> None:
    """Print the table and the ratios."""
    print(f"\n{'gateway':10} {'query':8} {'req/s':>9} {'p50 ms':>8} {'p99 ms':>8} {'CPU µs':>8} {'MB':>6}")
    for name, (queries, memory) in results.items():
        for query, one in queries.items():
            print(
                f"{name:10} {query:8} {one.per_second:9.0f} {one.p50_ms:8.2f} {one.p99_ms:8.2f}"
                f" {one.cpu_us:8.0f} {memory:6.0f}"
            )
    if "ours" not in results:
        return
    print()
    for query in QUERIES:
        ours = results["ours"][0][query].per_second
        node = [results[name][0][query].per_second for name in ("apollo", "hive") if name in results]
        parts = [f"{ours / max(node):.2f} × best Node"] if node else []
        parts += [
            f"{ours / results[name][0][query].per_second:.2f} × {name}"
            for name in ("grafbase", "floor")
            if name in results
        ]
        print(f"{query}: {', '.join(parts)}")


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--sharing", action="store_true")
    args = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        port = 42101
        ports = free_ports(5)
        file = supergraph(folder, port)
        server = [sys.executable, "-m", "benchmarks.gateway.subgraphs", str(port)]
        with running(server, 1, folder / "subgraphs.log"):
            time.sleep(1.5)
            only = set(filter(None, args.only.split(","))) or ({"ours", "grafbase"} if args.sharing else set[str]())
            if not only or only & {"ours", "floor"}:
                (folder / "fetches.json").write_text(json.dumps(asyncio.run(record(file, port))))
            results: dict[str, tuple[dict[str, Measured], float]] = {}
            for gateway, own in zip(contenders(folder, port, file, ports, sharing=args.sharing), ports, strict=False):
                if only and gateway.name not in only:
                    continue
                print(f"{gateway.name} …", flush=True)
                results[gateway.name] = measure(gateway, own, args, folder)
        report(results)


if __name__ == "__main__":
    main()
