"""The state machines of money as data: `docs/state-machines.md` shows them, and the exploration holds the code to them.

A step is (from, to): the write that takes it, and who goes on when the process dies right after it. Whatever the code
does that is not drawn here fails its scene, and so does what is drawn for a scene and not seen in it.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Step = tuple[str, str]
Label = Callable[[Any], str]
NONE = "none"


class Drawn(NamedTuple):
    """What takes a step, who goes on when the process dies right after it, and a scene in which it is seen."""

    by: str
    next: str
    scene: str


PAY, REFUND, THERE = "pay, pay", "refund, refund", "refund there, refund here"
LATE, BACK = "late money, the other refunded", "refund comes back"
JOB = "recovery job"
NOBODY = "nothing is left to do"

MACHINES: dict[str, dict[Step, Drawn]] = {
    "payment": {
        (NONE, "created"): Drawn("the request stores it, before anything is held", JOB, PAY),
        ("created", "requires action"): Drawn(
            "the provider asks for the payer", JOB + ", payer, webhook", "cancel, approve"
        ),
        ("created", "succeeded"): Drawn("the provider captured", JOB, PAY),
        ("created", "failed"): Drawn("refused by the invoice or the provider, or never announced", JOB, PAY),
        ("created", "cancelled"): Drawn("the job gives up what nobody confirmed, at the provider first", JOB, PAY),
        ("created", "unknown"): Drawn("the provider does not tell", JOB, PAY),
        ("requires action", "succeeded"): Drawn("the payer went on", JOB, "cancel, approve"),
        ("requires action", "cancelled"): Drawn("given up, at the provider first", JOB, "cancel, approve"),
        ("requires action", "failed"): Drawn(
            "not found there for a day, or ended by staff", JOB, "forgotten by its provider"
        ),
        ("requires action", "unknown"): Drawn(
            "its provider is set up no more", JOB + ", staff", "its provider has ended"
        ),
        ("requires action", "succeeded, going back"): Drawn(
            "another amount or currency came", JOB, "another amount came"
        ),
        ("unknown", "succeeded"): Drawn("the provider tells", JOB, PAY),
        ("unknown", "failed"): Drawn("the provider tells, or nobody can for three days, or staff end it", JOB, PAY),
        ("unknown", "cancelled"): Drawn("the provider tells, or lets it go", JOB, PAY),
        ("succeeded", "succeeded, booked"): Drawn(
            "the invoice took it, or turned it away", "the same job: refunds", PAY
        ),
        ("succeeded, going back", "succeeded, booked"): Drawn("the invoice turned it away", JOB, "another amount came"),
        ("failed", "failed, booked"): Drawn("the invoice released its amount", NOBODY, PAY),
        ("cancelled", "cancelled, booked"): Drawn("the invoice released its amount", NOBODY, PAY),
        ("cancelled, booked", "succeeded"): Drawn("money came after all; a webhook tells", JOB, LATE),
    },
    "collection": {
        (NONE, "reserved"): Drawn("`reserve`, before the provider is asked", JOB, PAY),
        (NONE, "released"): Drawn("`release` bars an attempt that never reserved", NOBODY, PAY),
        ("reserved", "settled"): Drawn("`take_in`", JOB + ": note that it was told", PAY),
        ("reserved", "released"): Drawn("`release`", JOB + ": note that it was told", PAY),
        ("reserved", "turned away"): Drawn(
            "`turn_away`: another amount came", JOB + ": send it back", "another amount came"
        ),
        ("released", "settled"): Drawn("`take_in` of late money that is owed again", JOB, LATE),
        ("released", "turned away"): Drawn("`take_in` of late money that nobody owes", JOB + ": send it back", LATE),
    },
    "refund": {
        (NONE, "requested"): Drawn("staff ask, or the invoice turned the money away", JOB, REFUND),
        (NONE, "succeeded"): Drawn("made at the provider, or a dispute was lost", JOB + ": tell the invoice", THERE),
        ("requested", "succeeded"): Drawn("the provider gave it back", JOB + ": tell the invoice", REFUND),
        ("requested", "failed, booked"): Drawn("the provider refused", NOBODY, THERE),
        ("succeeded", "succeeded, booked"): Drawn("the invoice recorded it, or never took the payment", NOBODY, REFUND),
        ("succeeded, booked", "failed"): Drawn("it came back", JOB + ": tell the invoice", BACK),
        ("failed", "failed, booked"): Drawn("the invoice reversed it", NOBODY, BACK),
    },
    "refund on the invoice": {
        (NONE, "recorded"): Drawn("`record_refund`", JOB + ": note that it was told", REFUND),
        ("recorded", "reversed"): Drawn("`reverse_refund`", JOB + ": note that it was told", BACK),
    },
    "dispute": {
        (NONE, "open"): Drawn("the client's bank wants money back", NOBODY, "dispute lost, refund"),
        (NONE, "lost"): Drawn(
            "opened and decided between two looks", "the refund under its id", "dispute lost, then won"
        ),
        ("open", "lost"): Drawn("decided", "the refund under its id", "dispute lost, refund"),
        ("lost", "won"): Drawn("decided anew", "the refund under its id comes back", "dispute lost, then won"),
    },
}
DRAWN = {(machine, step): drawn for machine, steps in MACHINES.items() for step, drawn in steps.items()}


def table(machine: str) -> str:
    """Return a machine as the page shows it: a diagram, and a table of its steps."""
    steps = MACHINES[machine]
    names = {name: f"s{place}" for place, name in enumerate(dict.fromkeys(end for step in steps for end in step))}
    shown = [f'    state "{name}" as {short}' for name, short in names.items()]
    shown += [f"    {names[before]} --> {names[after]}" for before, after in steps]
    rows = [f"| {before} | {after} | {drawn.by} | {drawn.next} |" for (before, after), drawn in steps.items()]
    head = ["| from | to | by | who goes on |", "|---|---|---|---|"]
    return "\n".join(["```mermaid", "stateDiagram-v2", *shown, "```", "", *head, *rows])


def steps_of(before: Any, after: Any) -> Iterator[tuple[str, Step]]:
    """Yield (machine, step) of a save: `before` and `after` are stored documents, `before` is None of a new one."""
    old: dict[str, Any] = before or {}
    if "collections" in after:
        yield from _each("collection", old, after, "collections", _collection)
        for payment, entry in after["collections"].items():
            was: dict[str, Any] = old.get("collections", {}).get(payment, {})
            yield from _each("refund on the invoice", was, entry, "refunds", _recorded)
        return
    yield from _moved("payment", _payment(before) if before else NONE, _payment(after))
    yield from _each("refund", old, after, "refunds", _refund)
    yield from _each("dispute", old, after, "disputes", _dispute)


def _each(machine: str, before: dict[str, Any], after: Any, field: str, label: Label) -> Iterator[tuple[str, Step]]:
    known: dict[str, Any] = before.get(field, {})
    for name, value in after[field].items():
        yield from _moved(machine, label(known[name]) if name in known else NONE, label(value))


def _moved(machine: str, before: str, after: str) -> Iterator[tuple[str, Step]]:
    if before != after:
        yield machine, (before, after)


def _payment(it: Any) -> str:
    ends = {"succeeded", "failed", "cancelled"}
    known = ", booked" if it["booked"] else ", going back" if it["turned_away"] else ""
    return it["state"].replace("_", " ") + (known if it["state"] in ends else "")


def _refund(it: Any) -> str:
    return it["state"] + (", booked" if it["booked"] else "")


def _dispute(it: Any) -> str:
    return it["state"]


def _collection(it: Any) -> str:
    return "turned away" if it["turned_away"] else it["state"]


def _recorded(it: Any) -> str:
    return "recorded" if it["reversed_at"] is None else "reversed"
