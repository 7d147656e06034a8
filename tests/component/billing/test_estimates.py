"""Estimates through the GraphQL door, on a real database."""

from datetime import timedelta

from services.billing.domain.content import MAX_LINES
from tests.support.billing.makers import CLIENT, CONTACT, OTHER_CLIENT, OWNER, STRANGER, VIEWER
from tests.support.billing.running import Running, content
from tests.support.commands import recorded

SHOW = """query($id: ID!) { estimate(id: $id) {
  status revision total { amount } declineReason answeredBy { id } revisions { number status total { amount } } } }"""


async def sent(billing: Running, price: str = "100.00", **more: object) -> str:
    estimate = await billing.estimate("createEstimate", **content(price, **more))
    await billing.estimate("sendEstimate", estimateId=estimate["id"])
    return estimate["id"]


async def test_from_draft_to_invoice(billing: Running) -> None:
    """Staff send, the client declines, staff rework and send again, the client accepts that revision, staff convert."""
    draft = await billing.estimate("createEstimate", **content("100.00", subject="Website"))
    assert (draft["status"], draft["number"], draft["total"]) == (
        "DRAFT",
        None,
        {"amount": "100.00", "currency": "EUR"},
    )
    one = await billing.estimate("sendEstimate", estimateId=draft["id"])
    assert (one["status"], one["number"], one["expiresOn"]) == ("SENT", "EST-000001", "2026-04-09")
    no = await billing.estimate("declineEstimate", CLIENT, estimateId=draft["id"], revision=1, reason="Too dear")
    assert (no["status"], no["declineReason"]) == ("DECLINED", "Too dear")
    await billing.estimate("reviseEstimate", estimateId=draft["id"])
    await billing.estimate("updateEstimate", estimateId=draft["id"], **content("80.00"))

    shown = (await billing.query(SHOW, CLIENT, id=draft["id"]))["estimate"]
    assert (shown["status"], shown["revision"], shown["total"]["amount"]) == ("DECLINED", 1, "100.00")
    worked_on = (await billing.query(SHOW, OWNER, id=draft["id"]))["estimate"]
    assert (worked_on["status"], worked_on["revision"], worked_on["total"]["amount"]) == ("DRAFT", 2, "80.00")

    two = await billing.estimate("sendEstimate", estimateId=draft["id"])
    assert (two["number"], two["revision"]) == ("EST-000001", 2)
    outdated = await billing.refusals("acceptEstimate", CLIENT, estimateId=draft["id"], revision=1)
    assert outdated == [("REVISION_OUTDATED", ["revision"])]
    await billing.estimate("acceptEstimate", CLIENT, estimateId=draft["id"], revision=2)
    payload = await billing.mutate(
        "convertEstimate",
        show="estimate { status invoice { id status total { amount } estimate { id } } } invoice { id }",
        estimateId=draft["id"],
        paymentTerms={"modes": ["CARD"]},
    )
    invoice = payload["estimate"]["invoice"]
    assert (payload["estimate"]["status"], payload["invoice"]["id"]) == ("INVOICED", invoice["id"])
    assert (invoice["status"], invoice["total"]["amount"], invoice["estimate"]["id"]) == ("DRAFT", "80.00", draft["id"])
    shown = (await billing.query(SHOW, CLIENT, id=draft["id"]))["estimate"]
    assert [(row["number"], row["status"]) for row in shown["revisions"]] == [(1, "DECLINED"), (2, "INVOICED")]
    assert shown["answeredBy"] == {"id": CONTACT}
    told = [kind.split(".")[1] for kind in await billing.drain()]
    assert sorted(told) == sorted(
        [
            "estimate_drafted",
            "estimate_sent",
            "estimate_declined",
            "estimate_revised",
            "estimate_sent",
            "estimate_accepted",
            "invoice_drafted",
            "estimate_invoiced",
        ]
    )


async def test_converting_again_and_again_makes_one_invoice(billing: Running) -> None:
    """Other keys, other terms: the first invoice is the only one."""
    estimate = await sent(billing)
    await billing.estimate("acceptEstimate", CLIENT, estimateId=estimate, revision=1)
    made = {
        (await billing.mutate("convertEstimate", show="invoice { id }", estimateId=estimate, paymentTerms=terms))[
            "invoice"
        ]["id"]
        for terms in ({"modes": ["CARD"]}, {"modes": ["CASH"]}, {"modes": ["CARD"]})
    }
    listed = await billing.query("{ invoices { nodes { id } } }")
    assert [{"id": one} for one in made] == listed["invoices"]["nodes"]


async def test_a_client_learns_nothing_of_a_draft(billing: Running) -> None:
    """Before it is sent, and to others after it is, an estimate does not exist: in queries, lists and entities."""
    draft = (await billing.estimate("createEstimate", **content()))["id"]
    shown = await sent(billing)
    for who, estimate in ((CLIENT, draft), (OTHER_CLIENT, shown), (STRANGER, shown)):
        assert await billing.subgraph.codes(SHOW, who, id=estimate) == ["NOT_FOUND"]
        assert await billing.subgraph.entities("Estimate", [estimate], "id", who) == ([None], [])
    listed = await billing.query("{ estimates { nodes { id } } }", CLIENT)
    assert listed["estimates"]["nodes"] == [{"id": shown}]
    refused = await billing.refusals("acceptEstimate", OTHER_CLIENT, estimateId=shown, revision=1)
    missing = await billing.refusals("acceptEstimate", CLIENT, estimateId=draft, revision=1)
    assert refused == missing == [("NOT_FOUND", ["estimateId"])]


async def test_entities_come_in_one_batch_as_the_caller_may_see_them(billing: Running) -> None:
    """Own ones are shown, unknown and foreign ones are null, a malformed one is null as well; each stands alone."""
    mine = await sent(billing)
    ids = [mine, mine.replace("est_", "est_0")[:30], "est_nonsense", mine]
    found, codes = await billing.subgraph.entities("Estimate", ids, "id number", CLIENT)
    assert [row and row["number"] for row in found] == ["EST-000001", None, None, "EST-000001"]
    assert codes == []


async def test_roles_are_kept_apart(billing: Running) -> None:
    """A viewer changes nothing, a contact does no staff work, staff do not answer for the client."""
    estimate = await sent(billing)
    forbidden = [("ROLE_FORBIDS", None)]
    assert await billing.refusals("createEstimate", VIEWER, **content()) == forbidden
    assert await billing.refusals("voidEstimate", CLIENT, estimateId=estimate) == forbidden
    assert await billing.refusals("acceptEstimate", OWNER, estimateId=estimate, revision=1) == forbidden
    assert await billing.subgraph.codes(SHOW, None, id=estimate) == ["UNAUTHENTICATED"]


async def test_an_expired_estimate_cannot_be_accepted_and_the_job_tells_it_once(billing: Running) -> None:
    """The last day counts in Stockholm; several rounds of several workers record one fact."""
    estimate = await sent(billing, expiresOn="2026-03-12")
    billing.clock.time = billing.clock.time.replace(day=12, hour=22, minute=59)
    watch = billing.service.application.jobs.watch_due_dates
    await watch()
    assert (await billing.query(SHOW, CLIENT, id=estimate))["estimate"]["status"] == "SENT"
    billing.clock.advance(minutes=1)
    assert (await billing.query(SHOW, CLIENT, id=estimate))["estimate"]["status"] == "EXPIRED"
    late = await billing.refusals("acceptEstimate", CLIENT, estimateId=estimate, revision=1)
    assert late == [("ESTIMATE_EXPIRED", None)]
    for _ in range(3):
        await watch()
    assert (await billing.drain()).count("billing.estimate_expired.v1") == 1
    revised = await billing.estimate("reviseEstimate", estimateId=estimate)
    assert (revised["status"], revised["revision"]) == ("DRAFT", 2)


async def test_the_same_key_gives_the_same_answer(billing: Running) -> None:
    """A repeated creation is the same estimate, a repeated refusal the same refusal, another input is refused."""
    first = await billing.estimate("createEstimate", key="key-0001", **content())
    again = await billing.estimate("createEstimate", key="key-0001", **content())
    assert first["id"] == again["id"]
    other = await billing.refusals("createEstimate", key="key-0001", **content("1.00"))
    assert other == [("IDEMPOTENCY_KEY_REUSED", ["idempotencyKey"])]
    listed = await billing.query("{ estimates { nodes { id } } }")
    assert len(listed["estimates"]["nodes"]) == 1


async def test_home_lists_as_many_estimates_as_any_list(billing: Running) -> None:
    """More rows than a page may have, or none, are refused like everywhere."""
    for first in (0, 101):
        assert await billing.subgraph.codes(f"{{ home {{ estimatesToAnswer(first: {first}) {{ id }} }} }}", CLIENT) == [
            "INVALID_PAGE"
        ]


ROW = "id number currency total { amount currency } customer { id } issuedOn createdAt version status expiresOn"


async def test_the_home_page_reads_of_estimates_what_it_shows(billing: Running) -> None:
    """A few stored fields say what the whole estimate would: sent, sent again, taken back to be reworked, in a currency
    without cents, saved last by an older version; none of the others is in the list, and nobody reads their lines."""
    again, reworked, old, _ = [await sent(billing, f"{price}.00") for price in (10, 20, 30, 40)]
    yen = await sent(billing, "500", currency="JPY")
    for one in (again, reworked):
        await billing.estimate("declineEstimate", CLIENT, estimateId=one, revision=1, reason="No")
        await billing.estimate("reviseEstimate", estimateId=one)
        await billing.estimate("updateEstimate", estimateId=one, **content("80.00"))
    await billing.estimate("sendEstimate", estimateId=again)
    declined = await sent(billing)
    await billing.estimate("declineEstimate", CLIENT, estimateId=declined, revision=1, reason="No")
    estimates = billing.service.database["estimates"]
    await estimates.update_one({"_id": old}, {"$unset": {"schema": "", "listing": "", "stamped": ""}})
    for by in (CLIENT, OWNER):
        whole = await billing.query(f"{{ home {{ estimatesToAnswer {{ {ROW} revision }} }} }}", by)
        with recorded(billing.service.database.name) as commands:
            rows = await billing.query(f"{{ home {{ estimatesToAnswer {{ {ROW} }} }} }}", by)
        wanted = [
            {key: value for key, value in one.items() if key != "revision"}
            for one in whole["home"]["estimatesToAnswer"]
        ]
        assert rows["home"]["estimatesToAnswer"] == wanted
        shown = {one["id"] for one in wanted}
        assert {again, old, yen} < shown
        assert not {reworked, declined} & shown
        asked = [one for one in commands if one.get("find") == "estimates"]
        assert [one["filter"]["_id"] for one in asked if "listed" not in one["projection"]] == [{"$in": [old]}]
    assert not await billing.service.application.queries.home.estimates.waiting_rows(
        OTHER_CLIENT, CLIENT.customer_id, 20, today=billing.clock.now().date()
    )


async def test_hidden_document_types_do_not_exist_for_clients(billing: Running) -> None:
    """Where the portal does not show estimates a client sees, lists and accepts none; staff still do."""
    estimate = await sent(billing)
    await billing.tell(
        "identity.portal_settings_changed.v1", "org_portal", name="P", enabled=True, documentTypes=["invoice"]
    )
    portal = await billing.service.application.directory.portal(CLIENT)
    assert portal.document_types == ("invoice",)
    assert await billing.subgraph.codes(SHOW, CLIENT, id=estimate) == ["NOT_FOUND"]
    listed = await billing.query("{ estimates { nodes { id } } home { estimatesToAnswer { id } } }", CLIENT)
    assert (listed["estimates"]["nodes"], listed["home"]["estimatesToAnswer"]) == ([], [])
    assert await billing.refusals("acceptEstimate", CLIENT, estimateId=estimate, revision=1) == [
        ("NOT_FOUND", ["estimateId"])
    ]
    assert (await billing.query(SHOW, OWNER, id=estimate))["estimate"]["status"] == "SENT"


async def test_a_closed_portal_shows_nothing_to_those_who_are_in(billing: Running) -> None:
    """A client whose session outlives the portal finds no document, until the portal opens again; staff always do."""
    estimate = await sent(billing)
    settings = {"name": "P", "documentTypes": ["estimate", "invoice"]}
    await billing.tell("identity.portal_settings_changed.v1", "org_portal", enabled=False, **settings)
    assert await billing.subgraph.codes(SHOW, CLIENT, id=estimate) == ["NOT_FOUND"]
    assert await billing.refusals("acceptEstimate", CLIENT, estimateId=estimate, revision=1) == [
        ("NOT_FOUND", ["estimateId"])
    ]
    assert (await billing.query(SHOW, OWNER, id=estimate))["estimate"]["status"] == "SENT"
    await billing.tell("identity.portal_settings_changed.v1", "org_portal", enabled=True, **settings)
    assert (await billing.query(SHOW, CLIENT, id=estimate))["estimate"]["status"] == "SENT"


async def test_bad_input_is_refused_with_the_path_and_changes_nothing(billing: Running) -> None:
    """Every bad value is named by code and path; nothing is stored."""

    def line(**more: object) -> dict[str, object]:
        return {"description": "Work", "quantity": "1", "unitPrice": "1", **more}

    tax = {"name": "VAT", "percent": "19"}
    cases: list[tuple[str, list[str], dict[str, object]]] = [
        ("NO_LINES", ["lines"], {"lines": []}),
        ("TOO_MANY_ENTRIES", ["lines"], {"lines": [line()] * (MAX_LINES + 1)}),
        ("TOO_MANY_ENTRIES", ["lines"], {"lines": [line()] * 10_000}),
        ("UNKNOWN_CURRENCY", ["currency"], {"currency": "XXX"}),
        ("CURRENCY_ENDED", ["currency"], {"currency": "BGN"}),
        ("NUMBER_OUT_OF_RANGE", ["lines", "0", "quantity"], {"lines": [line(quantity="1" + "0" * 12)]}),
        ("TOO_MANY_DIGITS", ["lines", "1", "unitPrice"], {"lines": [line(), line(unitPrice="0.0000001")]}),
        ("NUMBER_OUT_OF_RANGE", ["lines", "0", "priceBaseQuantity"], {"lines": [line(priceBaseQuantity="0")]}),
        ("TEXT_REQUIRED", ["lines", "0", "description"], {"lines": [line(description=" ")]}),
        ("TEXT_TOO_LONG", ["lines", "0", "description"], {"lines": [line(description="x" * 1_001)]}),
        ("TEXT_TOO_LONG", ["notes"], {"notes": "x" * 500_000}),
        ("CONTROL_CHARACTERS", ["subject"], {"subject": "a\u0000b"}),
        ("CONTROL_CHARACTERS", ["notes"], {"notes": "a\u001bb"}),
        ("LOOKS_LIKE_CARD_NUMBER", ["notes"], {"notes": "my card is 4111 1111 1111 1111"}),
        ("DUPLICATE_TAX", ["lines", "0", "taxes"], {"lines": [line(taxes=[tax, tax])]}),
        (
            "NUMBER_OUT_OF_RANGE",
            ["lines", "0", "taxes", "0", "percent"],
            {"lines": [line(taxes=[{**tax, "percent": "-1"}])]},
        ),
        ("AMOUNT_OR_PERCENT", ["adjustments", "0"], {"adjustments": [{"kind": "DISCOUNT"}]}),
        (
            "NUMBER_OUT_OF_RANGE",
            ["adjustments", "0", "percent"],
            {"adjustments": [{"kind": "DISCOUNT", "percent": "101"}]},
        ),
        ("TOO_MANY_DIGITS", ["adjustments", "0", "amount"], {"adjustments": [{"kind": "CHARGE", "amount": "0.001"}]}),
        ("NUMBER_OUT_OF_RANGE", ["lines", "0"], {"lines": [line(quantity="9999999999", unitPrice="9999999999")]}),
        ("WRONG_ID_KIND", ["customerId"], {"customerId": "inv_01k9zxr2h5e8v9s6w3q7t4m1nb"}),
        ("NOT_FOUND", ["customerId"], {"customerId": "cus_01k9zxr2h5e8v9s6w3q7t4m1nb"}),
    ]
    for code, path, change in cases:
        refused = await billing.refusals("createEstimate", **{**content(), **change})
        assert refused == [(code, path)], (code, path)
    assert (await billing.query("{ estimates { nodes { id } } }"))["estimates"]["nodes"] == []
    draft = await billing.estimate("createEstimate", **content(expiresOn="2026-03-09"))
    assert await billing.refusals("sendEstimate", estimateId=draft["id"]) == [("DATE_PASSED", None)]
    assert await billing.refusals("sendEstimate", estimateId="inv_1") == [("WRONG_ID_KIND", ["estimateId"])]


async def test_values_that_are_no_decimals_or_dates_are_bad_input(billing: Running) -> None:
    """Floats, exponents, huge numbers and nonsense never reach the domain."""
    mutation = "mutation($input: CreateEstimateInput!) { createEstimate(input: $input) { userErrors { code } } }"
    for bad in (1.5, "1e5", "NaN", "Infinity", "1" * 50, "٣", None, True):
        given = content() | {
            "lines": [{"description": "x", "quantity": bad, "unitPrice": "1"}],
            "idempotencyKey": "k" * 8,
        }
        code = "BAD_REQUEST" if bad is None else "BAD_USER_INPUT"  # the gateway lets no null through
        assert await billing.subgraph.codes(mutation, OWNER, input=given) == [code], bad
    given = content(expiresOn="2026-02-30") | {"idempotencyKey": "k" * 8}
    assert await billing.subgraph.codes(mutation, OWNER, input=given) == ["BAD_USER_INPUT"]


async def test_validity_follows_the_clock_in_lists(billing: Running) -> None:
    """A list by status shows an unanswered estimate as expired on the day after its last one."""
    await sent(billing, expiresOn="2026-03-12")
    wanted = "query($s: [EstimateStatus!]) { estimates(filter: {statuses: $s}) { nodes { status } } }"
    billing.clock.time += timedelta(days=5)
    assert (await billing.query(wanted, CLIENT, s=["SENT"]))["estimates"]["nodes"] == []
    assert (await billing.query(wanted, CLIENT, s=["EXPIRED"]))["estimates"]["nodes"] == [{"status": "EXPIRED"}]
