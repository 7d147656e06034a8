# ruff: noqa: E501 - documents stay in one line
"""What operations cost in CPU of gateway and services together, beside what the gateway's limit `work_ms` predicts.

    python -m benchmarks.costs --url http://127.0.0.1:8080/graphql --gateway PID --services PID --organisation ID

Ask a portal that `./portal up` serves with its demo data. Shapes grow until they cost more than the limit, so run it
against a gateway with `PORTAL_LIMITS='{"work_ms": 100000}'`.
"""

import argparse
import json
import os
import statistics
import urllib.request
from pathlib import Path
from typing import Any

from graphql import build_schema, parse

from gateway.limits import Limits, predicted_work
from gateway.limits.work import Weights
from portal_cli.demo.people import OWNER
from portal_cli.paths import ROOT

TICKS = os.sysconf("SC_CLK_TCK")
INVOICE = "id number status total { amount currency } balance { amount }"
SHAPES = {
    "one small query": "{ me { id } }",
    "a list of 20": f"{{ invoices(first: 20) {{ nodes {{ {INVOICE} }} }} }}",
    "a list of 100": f"{{ invoices(first: 100) {{ nodes {{ {INVOICE} }} }} }}",
    "100 with lines": f"{{ invoices(first: 100) {{ nodes {{ {INVOICE} lines {{ description quantity amount {{ amount }} }} }} }} }}",
    "100 with customers": f"{{ invoices(first: 100) {{ nodes {{ {INVOICE} customer {{ name }} }} }} }}",
    "20 with pages of 5": f"{{ customers(first: 20) {{ nodes {{ name invoices(first: 5) {{ nodes {{ {INVOICE} }} }} }} }} }}",
    "10 with comments": "{ invoices(first: 10) { nodes { id comments(first: 5) { nodes { text author { name } } } } } }",
    "30 with pages of 30": "{ invoices(first: 30) { nodes { customer { invoices(first: 30) { nodes { id } } } } } }",
    "30 × 10 pages of 15": """{ invoices(first: 30) { nodes { customer { invoices(first: 10) { nodes { customer {
        invoices(first: 15) { nodes { id } } } } } } } } }""",
}


def main() -> None:
    """Measure every shape and print prediction beside measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--gateway", type=int, required=True)
    parser.add_argument("--services", type=int, required=True)
    parser.add_argument("--organisation", required=True, help="the demo's, as `./portal up` prints it")
    parser.add_argument("--invoices", type=int, default=100, help="drafts to make first")
    given = parser.parse_args()
    token = log_in(given.url, given.organisation)
    fill(given.url, token, given.invoices)
    schema = build_schema((ROOT / "gateway" / "schema" / "schema.graphql").read_text())
    print(f"{'shape':24} {'predicted ms':>12} {'gateway':>8} {'services':>8} {'ratio':>6}   roots pages objects leaves")
    ratios: list[float] = []
    for name, query in SHAPES.items():
        document = parse(query)
        predicted = predicted_work(schema, document, Limits()) / 1000
        parts = [predicted_work(schema, document, Limits(), unit) for unit in UNITS]
        gateway, services = measure(given, token, query)
        ratios.append(predicted / max(gateway + services, 0.1))
        print(f"{name:24} {predicted:12.1f} {gateway:8.1f} {services:8.1f} {ratios[-1]:6.2f}   {parts}")
    print(f"median of predicted to measured: {statistics.median(ratios):.2f}; load {os.getloadavg()[0]:.1f}")


UNITS = (
    Weights(root=1, page=0, object=0, leaf=0),
    Weights(root=0, page=1, object=0, leaf=0),
    Weights(root=0, page=0, object=1, leaf=0),
    Weights(root=0, page=0, object=0, leaf=1),
)


def measure(given: Any, token: str, query: str) -> tuple[float, float]:
    """Return the milliseconds of CPU that one run takes in gateway and services."""
    if (said := ask(given.url, token, query)).get("errors"):
        raise SystemExit(str(said["errors"][0]))
    times = 3
    before = [cpu_ms(given.gateway), cpu_ms(given.services)]
    while True:
        for _ in range(times):
            ask(given.url, token, query)
        spent = [cpu_ms(given.gateway) - before[0], cpu_ms(given.services) - before[1]]
        if sum(spent) > 400 or times > 300:
            return spent[0] / times, spent[1] / times
        before, times = [cpu_ms(given.gateway), cpu_ms(given.services)], times * 4


def cpu_ms(pid: int) -> float:
    """Return the CPU time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / TICKS


def ask(url: str, token: str, query: str, **variables: Any) -> dict[str, Any]:
    """Send one operation."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=60) as answer:
        return json.loads(answer.read())


def log_in(url: str, organisation: str) -> str:
    """Return the token of the demo's owner."""
    query = "mutation($i: LogInInput!) { logIn(input: $i) { session { accessToken } userErrors { message } } }"
    said = ask(url, "", query, i={"email": OWNER.email, "password": OWNER.password, "organisationId": organisation})
    return said["data"]["logIn"]["session"]["accessToken"]


def fill(url: str, token: str, count: int) -> None:
    """Make drafts for the first customer."""
    customer = ask(url, token, "{ customers(first: 1) { nodes { id } } }")["data"]["customers"]["nodes"][0]["id"]
    line = {"description": "Work", "quantity": "2", "unitPrice": "12.50"}
    for number in range(count):
        wanted = {
            "customerId": customer,
            "currency": "EUR",
            "lines": [line] * 10,
            "paymentTerms": {"modes": ["CARD"]},
            "idempotencyKey": f"benchmark-costs-{number}",
        }
        made = ask(
            url,
            token,
            "mutation($i: CreateInvoiceInput!) { createInvoice(input: $i) { userErrors { message } } }",
            i=wanted,
        )
        if made.get("errors"):
            raise SystemExit(str(made))


if __name__ == "__main__":
    main()
