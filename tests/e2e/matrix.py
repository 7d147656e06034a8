"""What the tenant matrix asks: a row for every operation of the schema, with who may and who may not.

Rows name things of the victim by `{name}`; the same row is asked with ids of nothing, and the answers must not differ.
"""

from dataclasses import dataclass
from typing import Any

TERMS = {"modes": ["CARD"]}
LINES = [{"description": "Work", "quantity": "1", "unitPrice": "1.00"}]
CONTENT = {"customerId": "{customer}", "currency": "EUR", "lines": LINES}
ONE_EURO = {"amount": "1.00", "currency": "EUR"}


@dataclass(frozen=True)
class Row:
    """How to ask for one operation: the selection or input, and what makes it special.

    `aims`: it names something of the victim's, so outsiders must be answered as for nothing. `public`: asked without
    being logged in. `contacts`: contacts may do it. `everybody`: even a viewer may do it, to their own things.
    `silent`: ids that are not the caller's are passed over.
    """

    text: str = ""
    given: dict[str, Any] | None = None
    aims: bool = True
    public: bool = False
    contacts: bool = False
    everybody: bool = False
    silent: bool = False


SHOWN = "id number notes total { amount } comments { nodes { text } } views { contact { name } } customer { name }"
QUERIES = {
    "estimate": Row(f'estimate(id: "{{estimate}}") {{ {SHOWN} revisions {{ notes }} file {{ url }} }}'),
    "invoice": Row(f'invoice(id: "{{invoice}}") {{ {SHOWN} payments {{ id }} file {{ url }} }}'),
    "estimates": Row("estimates { nodes { id notes } }", aims=False),
    "invoices": Row("invoices { nodes { id notes } }", aims=False),
    "home": Row("home { lastPaidInvoices { id } estimatesToAnswer { id notes } outstanding { invoices } }", aims=False),
    "statements": Row('statements(from: "2020-01-01", to: "2099-01-01", customerId: "{customer}") { rows { number } }'),
    "previewDocument": Row(
        'previewDocument(input: { currency: "EUR", lines: [{ description: "A", quantity: "1", unitPrice: "1.00" }] })'
        " { totals { payable { amount } } userErrors { code } }",
        aims=False,
    ),
    "payment": Row('payment(id: "{payment}") { id amount { amount } invoice { number } }'),
    "payments": Row("payments { nodes { id note } }", aims=False),
    "savedCards": Row("savedCards { id lastFour }", aims=False),
    "paymentInstructions": Row("paymentInstructions { mode text }", aims=False),
    "comment": Row('comment(id: "{comment}") { text author { name } }'),
    "me": Row("me { id name }", aims=False),
    "mySessions": Row("mySessions { id device startedAt lastUsedAt isCurrent }", aims=False),
    "mySecondFactor": Row("mySecondFactor { isOn since recoveryCodesLeft demand }", aims=False),
    "organisation": Row("organisation { id name }", aims=False),
    "portal": Row('portal(slug: "no-such-portal") { name organisationName }', aims=False, public=True),
    "previewInvite": Row('previewInvite(token: "none") { name email }', aims=False, public=True),
    "customer": Row('customer(id: "{customer}") { name notes contacts { nodes { name } } outstanding { invoices } }'),
    "customers": Row("customers { nodes { name notes } }", aims=False),
    "contact": Row('contact(id: "{contact}") { name email }'),
    "personalData": Row(
        'personalData(contactId: "{contact}") { id identity { items { data } } billing { items { data } } '
        "collaboration { items { data } } notifications { items { data } } }"
    ),
    "contacts": Row("contacts(first: 100) { nodes { name email } }", aims=False),
    "staffMember": Row('staffMember(id: "{staff}") { name email }'),
    "staffMembers": Row("staffMembers { nodes { name email } }", aims=False),
    "reminderPolicy": Row('reminderPolicy(customerId: "{customer}") { daysAfter }'),
    "notifications": Row("notifications { nodes { title text } }", aims=False),
    "node": Row('node(id: "{invoice}") { __typename }'),
    "nodes": Row(
        'nodes(ids: ["{invoice}", "{estimate}", "{payment}", "{card}", "{comment}", "{notification}", "{customer}", '
        '"{contact}", "rubbish"]) { __typename id ... on Document { notes } ... on Person { name } }'
    ),
    "unreadNotificationCount": Row("unreadNotificationCount", aims=False),
    "notificationPreferences": Row("notificationPreferences { kind }", aims=False),
}

MUTATIONS = {
    "createEstimate": Row(given=CONTENT),
    "updateEstimate": Row(given={**CONTENT, "estimateId": "{estimate}"}),
    "sendEstimate": Row(given={"estimateId": "{estimate}"}),
    "acceptEstimate": Row(given={"estimateId": "{estimate}", "revision": 1}, contacts=True),
    "declineEstimate": Row(given={"estimateId": "{estimate}", "revision": 1, "reason": "no"}, contacts=True),
    "reviseEstimate": Row(given={"estimateId": "{estimate}"}),
    "voidEstimate": Row(given={"estimateId": "{estimate}"}),
    "convertEstimate": Row(given={"estimateId": "{estimate}", "paymentTerms": TERMS}),
    "createInvoice": Row(given={**CONTENT, "paymentTerms": TERMS}),
    "updateInvoice": Row(given={**CONTENT, "invoiceId": "{invoice}", "paymentTerms": TERMS}),
    "resendEstimate": Row(given={"estimateId": "{estimate}"}),
    "sendInvoice": Row(given={"invoiceId": "{invoice}"}),
    "resendInvoice": Row(given={"invoiceId": "{invoice}"}),
    "remindOfInvoice": Row(given={"invoiceId": "{invoice}"}),
    "setReminderPolicy": Row(given={"customerId": "{customer}"}),
    "removeReminderPolicy": Row(given={"customerId": "{customer}"}),
    "changeInvoiceTerms": Row(given={"invoiceId": "{invoice}", "paymentTerms": TERMS}),
    "voidInvoice": Row(given={"invoiceId": "{invoice}"}),
    "writeOffInvoice": Row(given={"invoiceId": "{invoice}"}),
    "createCardSession": Row(given={}, aims=False, contacts=True),
    "payInvoice": Row(given={"invoiceId": "{invoice}", "savedCardId": "{card}"}, contacts=True),
    "confirmPayment": Row(given={"paymentId": "{payment}"}, contacts=True),
    "cancelPayment": Row(given={"paymentId": "{payment}"}, contacts=True),
    "recordPayment": Row(
        given={"invoiceId": "{invoice}", "mode": "CASH", "amount": ONE_EURO, "receivedOn": "2026-01-01"}
    ),
    "refundPayment": Row(given={"paymentId": "{payment}", "amount": ONE_EURO}),
    "addSavedCard": Row(given={"cardToken": "tok_none"}, aims=False, contacts=True),
    "removeSavedCard": Row(given={"savedCardId": "{card}"}, contacts=True),
    "setDefaultCard": Row(given={"savedCardId": "{card}"}, contacts=True),
    "setPaymentInstructions": Row(given={"mode": "CASH", "text": "At the door"}, aims=False),
    "addComment": Row(given={"documentId": "{invoice}", "text": "hello"}, contacts=True, everybody=True),
    "recordDocumentView": Row(given={"documentId": "{invoice}"}, contacts=True),
    "forwardDocument": Row(
        given={"documentId": "{invoice}", "recipientName": "E", "recipientEmail": "e@evil.example"}, contacts=True
    ),
    "registerOrganisation": Row(aims=False, public=True),
    "updateOrganisation": Row(given={"name": "Taken over"}, aims=False),
    "enablePortal": Row(given={"name": "Mine", "slug": "taken-over-1"}, aims=False),
    "updatePortalSettings": Row(given={"name": "Taken over"}, aims=False),
    "disablePortal": Row(given={}, aims=False),
    "inviteStaff": Row(given={"name": "Eve", "email": "eve@evil.example", "role": "OWNER"}, aims=False),
    "updateStaff": Row(given={"id": "{staff}", "name": "Eve"}),
    "deactivateStaff": Row(given={"id": "{staff}"}),
    "reactivateStaff": Row(given={"id": "{staff}"}),
    "createCustomer": Row(given={"name": "Eve Ltd", "currency": "EUR"}, aims=False),
    "updateCustomer": Row(given={"id": "{customer}", "name": "Eve Ltd"}),
    "updateMyCompany": Row(given={"phone": "+49 30 1234567"}, aims=False, contacts=True),
    "addContact": Row(given={"customerId": "{customer}", "name": "Eve", "email": "eve@evil.example"}),
    "updateContact": Row(given={"id": "{contact}", "name": "Eve"}),
    "disableContact": Row(given={"id": "{contact}"}),
    "eraseContact": Row(given={"id": "{contact}"}),
    "enableContact": Row(given={"id": "{contact}"}),
    "inviteContacts": Row("results { userError { code } }", given={"contactIds": ["{contact}"]}),
    "resendInvite": Row(given={"id": "{contact}"}),
    "revokeInvite": Row(given={"id": "{contact}"}),
    "acceptInvite": Row(given={"token": "none", "password": "not the right one 1"}, aims=False, public=True),
    "logIn": Row(given={"email": "{email}", "password": "not the right one 1", "portal": "{slug}"}, public=True),
    "refreshSession": Row(given={"refreshToken": "none"}, aims=False, public=True),
    "logOut": Row(given={"refreshToken": "none"}, aims=False, public=True),
    "logOutEverywhere": Row(aims=False, contacts=True, everybody=True),
    "confirmEmail": Row(given={"token": "a wrong one"}, aims=False, public=True),
    "resendConfirmation": Row(given={}, aims=False, contacts=True, everybody=True),
    "endSession": Row(given={"sessionId": "{session}"}),
    "endOtherSessions": Row(given={}, aims=False, contacts=True, everybody=True),
    "changePassword": Row(
        given={"currentPassword": "wrong one 12345", "newPassword": "whatever it is 1"},
        aims=False,
        contacts=True,
        everybody=True,
    ),
    "completeLogIn": Row(given={"challenge": "none", "code": "123456"}, aims=False, public=True),
    "setUpSecondFactor": Row(given={"challenge": "none"}, aims=False, public=True),
    "confirmSecondFactor": Row(given={"challenge": "none", "code": "123456"}, aims=False, public=True),
    "beginPasskey": Row(given={"challenge": "none"}, aims=False, public=True),
    "addPasskey": Row(
        given={"challenge": "none", "token": "none", "credential": "{{}}", "name": "Mine"}, aims=False, public=True
    ),
    "renamePasskey": Row(given={"id": "none", "name": "Mine"}, aims=False, contacts=True, everybody=True),
    "removePasskey": Row(given={"id": "none"}, aims=False, contacts=True, everybody=True),
    "beginPasskeyLogIn": Row(given={"challenge": "none"}, aims=False, public=True),
    "beginPasskeyStepUp": Row(aims=False, contacts=True, everybody=True),
    "logInWithPasskey": Row(given={"token": "none", "credential": "{{}}"}, aims=False, public=True),
    "stepUp": Row(given={"currentPassword": "wrong one 12345"}, aims=False, contacts=True, everybody=True),
    "renewRecoveryCodes": Row(given={"code": "123456"}, aims=False, contacts=True, everybody=True),
    "removeSecondFactor": Row(given={"code": "123456"}, aims=False, contacts=True, everybody=True),
    "resetSecondFactor": Row(given={"id": "{contact}"}),
    "updateLogInPolicy": Row(given={"staff": "OFF", "clients": "OFF"}, aims=False),
    "requestPasswordReset": Row(given={"email": "nobody@nowhere.example", "portal": "{slug}"}, aims=False, public=True),
    "resetPassword": Row(given={"token": "none", "newPassword": "whatever it is 1"}, aims=False, public=True),
    "updateMyAccount": Row(given={"jobTitle": "Buyer"}, aims=False, contacts=True, everybody=True),
    "markNotificationsRead": Row(given={"ids": ["{notification}"]}, contacts=True, everybody=True, silent=True),
    "markAllNotificationsRead": Row(given={}, aims=False, contacts=True, everybody=True),
    "setNotificationPreference": Row(
        given={"kind": "REPLY_ADDED", "email": True, "inApp": True}, aims=False, contacts=True, everybody=True
    ),
}

SUBSCRIPTIONS = {
    "documentChanged": Row('documentChanged(documentId: "{invoice}") { id number }'),
    "commentAdded": Row('commentAdded(documentId: "{invoice}") { text }'),
    "notificationAdded": Row("notificationAdded { title }", aims=False),
    "documentMailChanged": Row('documentMailChanged(documentId: "{invoice}") { toEmail }'),
}

UNKEYED = {"confirmPayment", "endSession", "acceptInvite", "logIn", "refreshSession", "logOut", "changePassword"}
UNKEYED |= {"beginPasskey", "addPasskey", "beginPasskeyLogIn", "beginPasskeyStepUp", "logInWithPasskey"}
UNKEYED |= {"confirmEmail", "completeLogIn", "setUpSecondFactor", "confirmSecondFactor", "stepUp", "renewRecoveryCodes"}
UNKEYED |= {"removeSecondFactor", "requestPasswordReset", "resetPassword", "createCardSession"}
"""Mutations whose input takes no idempotency key."""
