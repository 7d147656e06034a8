"""Late projections refuse nothing that is true: every refusal that depends on what others told, events held back.

Each case is tried three times. `late`: the world changed and no event says so, and what is asked is granted. `true`:
nothing changed, and the refusal is what it always was. `away`: the world changed and its owner does not answer, so that
nobody can know, and that is said, never the refusal.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from chassis.kernel import Principal, new_id
from tests.support.late import FAR_EAST, FAR_WEST, Business, Held, held_back

pytestmark = pytest.mark.asyncio(loop_scope="module")

AWAY = ["DIRECTORY_UNAVAILABLE"]
HIDDEN = "hidden"

Step = Callable[[Business], Awaitable[None]]


@dataclass(frozen=True)
class Case:
    """`before` is heard of, `change` is not; `ask` returns "granted", "hidden", or codes; `refusal` is the true one."""

    name: str
    before: Step
    change: Step
    ask: Callable[[Business], Awaitable[Any]]
    refusal: Any


def contact_of(business: Business) -> Principal:
    assert business.contact is not None
    return business.contact


def granted(answer: Any) -> Any:
    """Return "granted" for data, "hidden" for nothing, and codes as they are."""
    return answer if isinstance(answer, list) else "granted" if answer else HIDDEN


async def nothing(_: Business) -> None:
    """Change nothing."""


# --- documents that were just sent, rewritten or begun ----------------------------------------------------------------


def drafted(kind: str) -> Step:
    async def step(business: Business) -> None:
        business.notes["document"] = await business.draft(kind)

    return step


def sending(kind: str) -> Step:
    async def step(business: Business) -> None:
        assert await business.send(kind, business.notes["document"]) == business.notes["document"]

    return step


async def unknown(business: Business) -> None:
    business.notes["document"] = new_id("inv")


async def begun_and_sent(business: Business) -> None:
    business.notes["document"] = await business.sent("invoice")


async def of_another_company(business: Business) -> None:
    """A draft for one client company that shall go to the contact's."""
    other = await business.new_customer()
    await business.world.hear()
    business.notes["document"] = await business.draft("invoice", other)


async def rewritten_and_sent(business: Business) -> None:
    lines = [{"description": "Work", "quantity": "1", "unitPrice": "5"}]
    given = {"customerId": business.customer, "currency": "EUR", "lines": lines}
    given |= {"paymentTerms": {"modes": ["BANK_TRANSFER"]}, "invoiceId": business.notes["document"]}
    assert await business.do("billing", "updateInvoice", "invoice { id }", **given)
    await business.send("invoice", business.notes["document"])


def commenting(*, shown: bool = False, by_contact: bool = False) -> Callable[[Business], Awaitable[Any]]:
    async def ask(business: Business) -> Any:
        given = {"documentId": business.notes["document"], "text": "Hello", "displayInPortal": shown}
        by = contact_of(business) if by_contact else business.owner
        return granted(await business.do("collaboration", "addComment", "comment { id }", by, **given))

    return ask


async def viewing(business: Business) -> Any:
    given = {"documentId": business.notes["document"]}
    by = contact_of(business)
    return granted(await business.do("collaboration", "recordDocumentView", "view { count }", by, **given))


async def forwarding(business: Business) -> Any:
    given = {"documentId": business.notes["document"], "recipientName": "Ada", "recipientEmail": "ada@client.example"}
    by = contact_of(business)
    return granted(await business.do("collaboration", "forwardDocument", "forward { id }", by, **given))


async def reading_comments(business: Business) -> Any:
    document = business.notes["document"]
    kind = "Estimate" if document.startswith("est_") else "Invoice"
    fields = "id comments { nodes { text } }"
    return granted(await business.entity("collaboration", kind, document, fields, contact_of(business)))


async def following(business: Business) -> Any:
    documents = business.world.services["collaboration"].made.application.commands.add_comment.documents
    found = await documents.look_up(contact_of(business), [business.notes["document"]])
    kinds = [getattr(one, "code", None) for one in found.values()]
    return [kinds[0]] if kinds and kinds[0] else granted(found)


SENT = [
    Case("staff show a comment on an invoice", drafted("invoice"), sending("invoice"), commenting(shown=True),
         ["DOCUMENT_NOT_SENT"]),
    Case("staff show a comment on an estimate", drafted("estimate"), sending("estimate"), commenting(shown=True),
         ["DOCUMENT_NOT_SENT"]),
    Case("staff show a comment on the unheard of", unknown, begun_and_sent, commenting(shown=True), ["NOT_FOUND"]),
    Case("staff comment on what nobody heard of", unknown, begun_and_sent, commenting(), ["NOT_FOUND"]),
    *(
        Case(f"a contact {name} {kind}", drafted(kind), sending(kind), ask, refusal)
        for kind in ("invoice", "estimate")
        for name, ask, refusal in (
            ("comments on an", commenting(by_contact=True), ["NOT_FOUND"]),
            ("views an", viewing, ["NOT_FOUND"]),
            ("forwards an", forwarding, ["NOT_FOUND"]),
            ("reads the comments of an", reading_comments, HIDDEN),
            ("follows the comments of an", following, HIDDEN),
        )
    ),
    Case("a contact reads what nobody heard of", unknown, begun_and_sent, reading_comments, HIDDEN),
    Case("a contact comments on what was another's draft", of_another_company, rewritten_and_sent,
         commenting(by_contact=True), ["NOT_FOUND"]),
    Case("a contact reads what was another's draft", of_another_company, rewritten_and_sent, reading_comments, HIDDEN),
]  # fmt: skip


# --- portals that were just opened or widened -------------------------------------------------------------------------


def sent_before(kind: str, step: Step) -> Step:
    async def both(business: Business) -> None:
        business.notes["document"] = await business.sent(kind)
        await step(business)

    return both


def setting(**settings: Any) -> Step:
    async def step(business: Business) -> None:
        await business.change("updatePortalSettings", **settings)

    return step


async def closing(business: Business) -> None:
    await business.change("disablePortal")


async def opening(business: Business) -> None:
    await business.change("enablePortal", name="Open again", slug=f"again-{uuid4().hex[:8]}")


def asking(document: str, *path: str) -> Callable[[Business], Awaitable[Any]]:
    """Ask billing as the contact, and look at what lies there."""

    async def ask(business: Business) -> Any:
        given = {"id": business.notes["document"]} if "$id" in document else {}
        answer = await business.ask("billing", document, contact_of(business), **given)
        for name in path:
            if isinstance(answer, list):
                break
            answer = answer[name]
        return granted(answer if not (isinstance(answer, list) and answer and isinstance(answer[0], dict)) else {1: 1})

    return ask


def of_billing(kind: str) -> list[tuple[str, Any, Any]]:
    """Return what a contact may ask of billing about documents of a kind, and how it is refused."""
    one = f"query($id: ID!) {{ {kind}(id: $id) {{ id }} }}"
    many = f"{{ {kind}s {{ nodes {{ id }} totalCount }} }}"
    asked: list[tuple[str, Any, Any]] = [
        (f"reads an {kind}", asking(one, kind), ["NOT_FOUND"]),
        (f"lists {kind}s", asking(many, f"{kind}s", "nodes"), []),
        (f"counts {kind}s", asking(many, f"{kind}s", "totalCount"), HIDDEN),
        (f"links to the file of an {kind}", asking(one.replace("{ id }", "{ file { url } }"), kind), ["NOT_FOUND"]),
    ]
    if kind == "invoice":
        home = "{ home { outstanding { currency } } }"
        asked += [
            ("asks what is owed", asking(home, "home", "outstanding"), []),
            ("draws statements", asking("{ statements(from: \"2026-01-01\", to: \"2027-12-31\") { currency } }",
                                        "statements"), ["NOT_FOUND"]),
        ]  # fmt: skip
    else:
        waiting = "{ home { estimatesToAnswer { id } } }"
        asked += [("asks what waits", asking(waiting, "home", "estimatesToAnswer"), [])]
    return asked


async def accepting(business: Business) -> Any:
    given = {"estimateId": business.notes["document"], "revision": 1}
    return granted(await business.do("billing", "acceptEstimate", "estimate { id }", contact_of(business), **given))


async def declining(business: Business) -> Any:
    given = {"estimateId": business.notes["document"], "revision": 1, "reason": "Too dear"}
    return granted(await business.do("billing", "declineEstimate", "estimate { id }", contact_of(business), **given))


HIDES = {"invoice": setting(documentTypes=["ESTIMATE"]), "estimate": setting(documentTypes=["INVOICE"])}
SHOWS = setting(documentTypes=["ESTIMATE", "INVOICE"])

PORTALS = [
    *(
        Case(f"a contact {name} in a portal that was {word}", sent_before(kind, shut), open_, ask, refusal)
        for kind in ("invoice", "estimate")
        for word, shut, open_ in (("widened", HIDES[kind], SHOWS), ("opened", closing, opening))
        for name, ask, refusal in (
            *of_billing(kind),
            (f"comments on an {kind}", commenting(by_contact=True), ["NOT_FOUND"]),
            (f"reads the comments of an {kind}", reading_comments, HIDDEN),
        )
    ),
    Case("a contact accepts an estimate that is shown again", sent_before("estimate", HIDES["estimate"]), SHOWS,
         accepting, ["NOT_FOUND"]),
    Case("a contact declines an estimate that is shown again", sent_before("estimate", HIDES["estimate"]), SHOWS,
         declining, ["NOT_FOUND"]),
    Case("a contact forwards where that was switched on",
         sent_before("invoice", setting(forwardingAllowed=False)), setting(forwardingAllowed=True), forwarding,
         ["FORWARDING_NOT_ALLOWED"]),
]  # fmt: skip


# --- client companies that were just entered --------------------------------------------------------------------------


async def entering(business: Business) -> None:
    business.notes["customer"] = await business.new_customer()


def drafting(kind: str) -> Callable[[Business], Awaitable[Any]]:
    async def ask(business: Business) -> Any:
        made = await business.draft(kind, business.notes.get("customer") or new_id("cus"))
        return made if isinstance(made, list) else "granted"

    return ask


async def rewriting(business: Business) -> Any:
    lines = [{"description": "Work", "quantity": "1", "unitPrice": "5"}]
    given = {"customerId": business.notes.get("customer") or new_id("cus"), "currency": "EUR", "lines": lines}
    given |= {"paymentTerms": {"modes": ["BANK_TRANSFER"]}, "invoiceId": business.notes["document"]}
    return granted(await business.do("billing", "updateInvoice", "invoice { id }", **given))


async def reading_customer(business: Business) -> Any:
    customer = business.notes.get("customer") or new_id("cus")
    return granted(await business.entity("billing", "Customer", customer, "id", business.owner))


async def drawing(business: Business) -> Any:
    document = 'query($c: ID!) { statements(customerId: $c, from: "2026-01-01", to: "2026-12-31", currency: "EUR") { currency } }'  # noqa: E501
    answer = await business.ask("billing", document, c=business.notes.get("customer") or new_id("cus"))
    return answer if isinstance(answer, list) else "granted"


CUSTOMERS = [
    Case("an invoice for who was just entered", nothing, entering, drafting("invoice"), ["NOT_FOUND"]),
    Case("an estimate for who was just entered", nothing, entering, drafting("estimate"), ["NOT_FOUND"]),
    Case("an invoice that goes to who was just entered", drafted("invoice"), entering, rewriting, ["NOT_FOUND"]),
    Case("a page about who was just entered", nothing, entering, reading_customer, HIDDEN),
    Case("a statement for who was just entered", nothing, entering, drawing, ["NOT_FOUND"]),
]


# --- an organisation that just moved to another time zone -------------------------------------------------------------


def moved(zone: str) -> Step:
    async def step(business: Business) -> None:
        await business.change("updateOrganisation", timeZone=zone)

    return step


def due_in_the_west(kind: str) -> Step:
    async def step(business: Business) -> None:
        day = business.today(FAR_WEST)
        terms = (
            {"paymentTerms": {"modes": ["BANK_TRANSFER"], "dueOn": day}} if kind == "invoice" else {"expiresOn": day}
        )
        await moved(FAR_EAST)(business)
        business.notes["document"] = await business.draft(kind, **terms)

    return step


async def expired_in_the_east(business: Business) -> None:
    await moved(FAR_WEST)(business)
    await business.world.hear()
    business.notes["document"] = await business.sent("estimate", expiresOn=business.today(FAR_WEST))
    await moved(FAR_EAST)(business)


async def valid_in_the_west(business: Business) -> None:
    await moved(FAR_WEST)(business)
    await business.world.hear()
    business.notes["document"] = await business.sent("estimate", expiresOn=business.today(FAR_WEST))


async def owed_in_the_west(business: Business) -> None:
    await moved(FAR_WEST)(business)
    business.notes["document"] = await business.sent("invoice")


async def owed_in_the_east(business: Business) -> None:
    await moved(FAR_EAST)(business)
    later = date.fromisoformat(business.today(FAR_EAST)) + timedelta(days=30)  # never the day that is asked for then
    terms = {"modes": ["BANK_TRANSFER"], "dueOn": later.isoformat()}
    business.notes["document"] = await business.sent("invoice", paymentTerms=terms)


def sending_now(kind: str) -> Callable[[Business], Awaitable[Any]]:
    async def ask(business: Business) -> Any:
        sent = await business.send(kind, business.notes["document"])
        return sent if isinstance(sent, list) else "granted"

    return ask


async def recording(business: Business) -> Any:
    amount = {"amount": "10", "currency": "EUR"}
    given = {"invoiceId": business.notes["document"], "mode": "BANK_TRANSFER", "amount": amount}
    given["receivedOn"] = business.today(FAR_EAST)
    return granted(await business.do("billing", "recordPayment", "payment { id }", **given))


async def revising(business: Business) -> Any:
    given = {"estimateId": business.notes["document"]}
    return granted(await business.do("billing", "reviseEstimate", "estimate { id }", **given))


async def due_today(business: Business) -> Any:
    terms = {"modes": ["BANK_TRANSFER"], "dueOn": business.today(FAR_WEST)}
    given = {"invoiceId": business.notes["document"], "paymentTerms": terms}
    return granted(await business.do("billing", "changeInvoiceTerms", "invoice { id }", **given))


ZONES = [
    Case("an invoice due today is sent", due_in_the_west("invoice"), moved(FAR_WEST), sending_now("invoice"),
         ["DATE_PASSED"]),
    Case("an estimate that ends today is sent", due_in_the_west("estimate"), moved(FAR_WEST), sending_now("estimate"),
         ["DATE_PASSED"]),
    Case("an estimate is accepted on its last day", expired_in_the_east, moved(FAR_WEST), accepting,
         ["ESTIMATE_EXPIRED"]),
    Case("an estimate is declined on its last day", expired_in_the_east, moved(FAR_WEST), declining,
         ["ESTIMATE_EXPIRED"]),
    Case("an estimate is revised after its last day", valid_in_the_west, moved(FAR_EAST), revising,
         ["ESTIMATE_NOT_REVISABLE"]),
    Case("money that came today is recorded", owed_in_the_west, moved(FAR_EAST), recording, ["RECEIVED_IN_FUTURE"]),
    Case("an invoice becomes due today", owed_in_the_east, moved(FAR_WEST), due_today, ["DATE_PASSED"]),
]  # fmt: skip

CASES = [*SENT, *PORTALS, *CUSTOMERS, *ZONES]
STEADY = SENT
"""Cases that change neither a portal nor an organisation: they share one, each with documents of its own."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def world(secantusdb_url: str) -> AsyncIterator[Held]:
    async with held_back(secantusdb_url, f"test_{uuid4().hex}") as held:
        yield held


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def steady(world: Held) -> Business:
    """An organisation of which nothing is changed but its documents."""
    return await world.register()


@pytest.fixture(autouse=True)
def answered(world: Held) -> None:
    """The owners answer until a test says otherwise."""
    world.owners.away = False


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
async def test_what_is_true_is_not_refused(world: Held, steady: Business, case: Case) -> None:
    """Refused while it is true, "cannot be looked up" while nobody can know, granted as soon as the owner says so."""
    business = replace(steady, notes={}) if case in STEADY else await world.register()
    await case.before(business)
    await world.hear()
    assert await case.ask(business) == case.refusal
    await case.change(business)
    world.owners.away = True
    assert await case.ask(business) == AWAY
    world.owners.away = False
    assert await case.ask(business) == "granted"
