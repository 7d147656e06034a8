"""Events that are, and events that are not, as the contract says: type, place, and the value that is put there.

Longer than most files, because it is a list.
"""

from typing import Any

PAID, FAILED, SENT = "billing.invoice_paid.v1", "billing.payment_failed.v1", "billing.estimate_sent.v1"
VIEWED, ENDED, STAFF = (
    "collaboration.document_viewed.v1",
    "identity.sessions_ended.v1",
    "identity.staff_member_added.v1",
)
CUSTOMER, COMMENT = "identity.customer_created.v1", "collaboration.comment_added.v1"
GONE = object()
"""Takes the field away."""

AMOUNT, SUBJECT, TRACE = "data.total.amount", "subject", "traceparent"
INVOICE = "inv_01k9zxr2h5e8v9s6w3q7t4m1nj"
GOOD: list[tuple[str, str, Any]] = [
    *(
        (PAID, AMOUNT, amount)
        for amount in ("0", "0.00", "1190.50", "-5.00", "-0.01", "1", "0.0001", "123456789012345.6789")
    ),
    *((PAID, "data.total.currency", code) for code in ("EUR", "JPY", "CLF")),
    *(
        (PAID, "data.dueDate", day)
        for day in ("2026-02-14", "2024-02-29", "2026-12-31", "9999-12-31", "2026-02-30", None)
    ),
    *((PAID, "time", time) for time in ("2026-03-01T00:00:00.000Z", "2026-12-31T23:59:59.999Z")),
    *((PAID, "sequence", text) for text in ("0000000001", "9999999999")),
    *((PAID, TRACE, trace) for trace in (f"00-{'0' * 31}1-{'0' * 15}1-00", GONE)),
    (PAID, "subject", INVOICE),
    (PAID, "id", f"{INVOICE}-1"),
    (PAID, "id", f"{INVOICE}-9999999999"),
    (PAID, "data.number", None),
    (PAID, "data.addedLater", {"x": 1}),
    (PAID, "data.total.addedLater", True),
    (PAID, "addedlater", "an extension attribute of a later version"),
    (FAILED, "data.mode", "instant_transfer"),
    (FAILED, "data.failureCode", "new_reason_2027"),
    (FAILED, "data.paidBy", "stf_01k9zxr2h5e8v9s6w3q7t4m1nj"),
    (STAFF, "data.role", "auditor"),
    *((STAFF, "data.language", tag) for tag in ("de", "en-GB", "zh-Hant-TW", "gsw")),
    (STAFF, "data.email", "o'neil+x@xn--bcher-kva.example"),
    *((CUSTOMER, "data.website", site) for site in ("HTTPS://Example.com/Über", "Http://[::1]:80/")),
    (ENDED, "subject", "stf_01k9zxr2h5e8v9s6w3q7t4m1nj"),
    (ENDED, "data.endedAt", "2026-01-15T09:30:00Z"),
    (ENDED, "data.endedAt", "2026-01-15T09:30:00.123456Z"),
    (ENDED, "data.sessionIds", []),
    (VIEWED, "data.viewId", GONE),
    (CUSTOMER, "data.shippingAddress", None),
    (CUSTOMER, "data.name", "Ünïcode 株式会社 " + "🌷" * 180),
    (SENT, "data.revision", 10),
]
"""What we publish, published once, or may publish later without a new version."""

WRONG_AMOUNTS = (
    "abc",
    "",
    "1e3",
    "01.0",
    "NaN",
    "Infinity",
    " 1.00",
    "1.00 ",
    "1.00\n",
    "\n1.00",
    "\u22121.00",
    "1,00",
    "1.",
    ".5",
    "+1.00",
    "١٢٫٠٠",
    "１.00",
    "0x10",
    "1_000",
    "-0",
    "-0.00",
    "--1",
    "1.00000",
    "1234567890123456.00",
    "1.00\r",
    "1.00\u2028",
    "1.00\x85",
    "1.00\r\n",
    12.5,
    None,
    True,
)
WRONG_INSTANTS = (
    "2026-03-01 12:00:00.000Z",
    "2026-03-01T12:00:00.000z",
    "2026-03-01t12:00:00.000Z",
    "2026-06-30T23:59:60.000Z",
    "2026-03-01T24:00:00.000Z",
    "2026-03-01T12:00:00.000+00:00",
    "2026-03-01T12:00:00Z",
    "2026-03-01T12:00:00.000000Z",
    "2026-03-01T12:00:00.000Z\n",
    "2026-03-01",
    "2026-13-01T12:00:00.000Z",
    "02026-03-01T12:00:00.00Z",
    "２026-03-01T12:00:00.000Z",
    1772366400,
)
WRONG_IDS = (
    "evt_01k9zxr2h5e8v9s6w3q7t4m1nj",
    "pay_01k9zxr2h5e8v9s6w3q7t4m1nj",
    "inv_01K9ZXR2H5E8V9S6W3Q7T4M1NJ",
    "inv_01k9zxr2h5e8v9s6w3q7t4m1ni",
    "inv_01k9zxr2h5e8v9s6w3q7t4m1n",
    f"{INVOICE}\n",
    f" {INVOICE}",
    f"{INVOICE}0",
    "inv-01k9zxr2h5e8v9s6w3q7t4m1nj",
    "",
    None,
    7,
)
BAD: list[tuple[str, str, Any]] = [
    *((PAID, AMOUNT, amount) for amount in WRONG_AMOUNTS),
    *((PAID, "data.total.currency", code) for code in ("eur", "EU", "EURO", "EUR\n", "€", "E R", "ＥＵＲ", None)),
    *(
        (PAID, "data.dueDate", day)
        for day in (
            "2026-2-14",
            "14.02.2026",
            "2026-02-14T00:00:00Z",
            "2026-13-01",
            "2026-00-10",
            "2026-02-32",
            "2026-02-14\n",
            "20260214",
            "",
            20260214,
        )
    ),
    *((PAID, "time", time) for time in WRONG_INSTANTS),
    *(
        (PAID, "sequence", text)
        for text in ("0000000001\n", "1", "00000000001", "000000001a", "-000000001", "٠٠٠٠٠٠٠٠٠١", 1)
    ),
    *(
        (PAID, TRACE, trace)
        for trace in (
            f"00-{'0' * 32}-b7ad6b7169203331-01",
            f"00-0af7651916cd43dd8448eb211c80319c-{'0' * 16}-01",
            "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "",
            None,
        )
    ),
    *((PAID, SUBJECT, subject) for subject in WRONG_IDS),
    *((PAID, "data.invoiceId", one) for one in WRONG_IDS),
    *(
        (PAID, "id", one)
        for one in (INVOICE, f"{INVOICE}-", f"{INVOICE}-0", f"{INVOICE}-01", f"{INVOICE}-1\n", "4711", None)
    ),
    *(
        (PAID, name, GONE)
        for name in (
            "id",
            "type",
            "source",
            "subject",
            "sequence",
            "time",
            "organisationid",
            "data",
            "specversion",
            "datacontenttype",
            "data.invoiceId",
            "data.number",
            "data.dueDate",
            "data.total",
            "data.total.currency",
            "data.organisationId",
        )
    ),
    (PAID, "specversion", "0.3"),
    (PAID, "type", SENT),
    (PAID, "source", "/identity"),
    (PAID, "source", "/billing\n"),
    (PAID, "datacontenttype", "application/xml"),
    (PAID, "data", None),
    (PAID, "data", []),
    (PAID, "data", "{}"),
    (PAID, "data.total", "1190.00"),
    (PAID, "data.total", None),
    (PAID, "data.number", ""),
    (PAID, "data.number", 42),
    *((FAILED, "data.mode", mode) for mode in ("Card", "", "card\n", "bank transfer", "bank-transfer", None)),
    (FAILED, "data.failureCode", "Card declined."),
    (FAILED, "data.paidBy", "cus_01k9zxr2h5e8v9s6w3q7t4m1nj"),
    *((STAFF, "data.role", role) for role in ("OWNER", "", None, "owner\n")),
    *((STAFF, "data.language", tag) for tag in ("de_DE", "german", "", "de\n", "d", None)),
    *((STAFF, "data.email", mail) for mail in ("ada", "@x", "a b@c.example", "", None, "a@" + "b" * 300)),
    *((STAFF, "data.email", mail) for mail in ("a@b.example\n", "\na@b.example", "a@b c", "a@b@c", "a@bücher.example")),
    *((CUSTOMER, "data.website", site) for site in ("example.com", "javascript:x", "ftp://a.example", "https:// ", "")),
    (STAFF, "data.active", "true"),
    (STAFF, "data.active", 1),
    (STAFF, "data.name", ""),
    (STAFF, "data.name", "x" * 201),
    (COMMENT, "data.documentType", "credit_note"),
    (COMMENT, "data.visibility", "public"),
    (COMMENT, "data.authorKind", None),
    (VIEWED, "data.count", 0),
    (VIEWED, "data.count", "1"),
    (VIEWED, "data.count", 1.5),
    (VIEWED, "data.first", None),
    (VIEWED, "data.viewId", None),
    *(
        (ENDED, "data.endedAt", one)
        for one in ("2026-01-15T09:30:00.1Z", "2026-01-15 09:30:00Z", "2026-01-15T09:30:00Z\n")
    ),
    (ENDED, "data.sessionIds", ["con_01k9zxr2h5e8v9s6w3q7t4m1nj"]),
    (ENDED, "data.sessionIds", None),
    (ENDED, "subject", "cus_01k9zxr2h5e8v9s6w3q7t4m1nj"),
    (CUSTOMER, "data.billingAddress.country", "de"),
    (CUSTOMER, "data.billingAddress.country", "DEU"),
    (CUSTOMER, "data.billingAddress", {}),
    (CUSTOMER, "data.billingAddress", "Berlin"),
    (SENT, "data.revision", 0),
    (SENT, "data.revision", "1"),
    (SENT, "data.expiresOn", None),
]
"""What no version of us publishes."""
