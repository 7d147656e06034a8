"""A row for every mutation of the schema: who does it, with what, and with what else.

`{name}` stands for something of the world. A mutation without a row fails the suite.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.support.identity.world import NEW_PASSWORD, PASSWORD

OWNER, CLIENT = "owner", "client"
STAFF, CONTACT, FORGETFUL, OTHER = "owner's token", "accepted's token", "forgetful's token", "other owner's token"
GUARDED = "guarded's token"

LINES = [{"description": "Work", "quantity": "1", "unitPrice": "200.00"}]
OTHER_LINES = [{"description": "Work", "quantity": "1", "unitPrice": "300.00"}]
CONTENT = {"customerId": "{customer}", "currency": "EUR", "lines": LINES}
TERMS = {"paymentTerms": {"modes": ["CARD", "BANK_TRANSFER"], "dueOn": "{soon}"}}
OTHER_TERMS = {"paymentTerms": {"modes": ["BANK_TRANSFER"], "dueOn": "{soon}"}}
TEN, ELEVEN = ({"amount": amount, "currency": "EUR"} for amount in ("10.00", "11.00"))
LEAFLET = {"name": "Nord", "timeZone": "Europe/Berlin", "locale": "de-DE", "currency": "EUR"}
OWNED = {"name": "Ada", "email": "ada@nord.example", "language": "de", "password": PASSWORD}


@dataclass(frozen=True)
class Row:
    """One mutation, once: `given` is its input, `other` what is different in another one.

    `keyed` is False where no key is taken: then a repeat must leave the same state, but for what it may add to, which
    `adds` names by collection, with the reason why that is harmless.
    """

    mutation: str
    by: str | None
    given: dict[str, Any] | None
    other: dict[str, Any] = field(default_factory=dict[str, Any])
    name: str = ""
    keyed: bool = True
    adds: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def title(self) -> str:
        return f"{self.mutation} {self.name}".strip()

    def __str__(self) -> str:
        return self.title


BILLING = [
    Row("createEstimate", OWNER, CONTENT, {"lines": OTHER_LINES}),
    Row("updateEstimate", OWNER, {**CONTENT, "estimateId": "{draft estimate}"}, {"lines": OTHER_LINES}),
    Row("sendEstimate", OWNER, {"estimateId": "{draft estimate}"}, {"estimateId": "{sent estimate}"}),
    Row("acceptEstimate", CLIENT, {"estimateId": "{sent estimate}", "revision": 1}, {"revision": 2}),
    Row("declineEstimate", CLIENT, {"estimateId": "{sent estimate}", "revision": 1, "reason": "No"}, {"reason": "Nay"}),
    Row("reviseEstimate", OWNER, {"estimateId": "{declined estimate}"}, {"estimateId": "{sent estimate}"}),
    Row("voidEstimate", OWNER, {"estimateId": "{sent estimate}"}, {"estimateId": "{accepted estimate}"}),
    Row("voidEstimate", OWNER, {"estimateId": "{draft estimate}"}, {"estimateId": "{sent estimate}"}, name="a draft"),
    Row("convertEstimate", OWNER, {"estimateId": "{accepted estimate}", **TERMS}, OTHER_TERMS),
    Row("createInvoice", OWNER, {**CONTENT, **TERMS}, {"lines": OTHER_LINES}),
    Row("updateInvoice", OWNER, {**CONTENT, **TERMS, "invoiceId": "{draft invoice}"}, {"lines": OTHER_LINES}),
    Row("updateInvoice", OWNER, {**CONTENT, **TERMS, "invoiceId": "{draft invoice}", "expectedVersion": 1},
        {"lines": OTHER_LINES, "expectedVersion": None}, name="as it was read"),
    Row("sendInvoice", OWNER, {"invoiceId": "{draft invoice}"}, {"invoiceId": "{sent invoice}"}),
    Row("changeInvoiceTerms", OWNER, {"invoiceId": "{sent invoice}", **OTHER_TERMS}, TERMS),
    Row("voidInvoice", OWNER, {"invoiceId": "{sent invoice}"}, {"reason": "Another"}),
    Row("voidInvoice", OWNER, {"invoiceId": "{waiting invoice}"}, {"reason": "Another"}, "that waits for its payer"),
    Row("voidInvoice", OWNER, {"invoiceId": "{draft invoice}"}, {"reason": "Another"}, name="a draft"),
    Row("writeOffInvoice", OWNER, {"invoiceId": "{sent invoice}"}, {"reason": "Another"}),
    Row("writeOffInvoice", OWNER, {"invoiceId": "{waiting invoice}"}, {"reason": "Another"},
        name="that waits for its payer"),
    Row("createCardSession", CLIENT, {}, keyed=False),
    Row("payInvoice", CLIENT, {"invoiceId": "{sent invoice}", "cardToken": "tok_ok_000021"},
        {"cardToken": "tok_ok_000022"}),
    Row("payInvoice", CLIENT, {"invoiceId": "{sent invoice}", "cardToken": "tok_ok_000021", "saveCard": True},
        {"cardToken": "tok_ok_000022"}, name="and keep the card"),
    Row("payInvoice", CLIENT, {"invoiceId": "{sent invoice}", "savedCardId": "{card}"},
        {"savedCardId": "{other card}"}, name="by a saved card"),
    Row("payInvoice", CLIENT, {"invoiceId": "{sent invoice}", "cardToken": "tok_decline_1"},
        {"cardToken": "tok_decline_2"}, name="by a card that is declined"),
    Row("payInvoice", CLIENT, {"invoiceId": "{waiting invoice}", "cardToken": "tok_ok_000021"},
        {"cardToken": "tok_ok_000022"}, name="in another way"),
    Row("confirmPayment", CLIENT, {"paymentId": "{waiting payment}"}, keyed=False),
    Row("cancelPayment", CLIENT, {"paymentId": "{waiting payment}"}, {"paymentId": "{payment}"}),
    Row("recordPayment", OWNER, {"invoiceId": "{sent invoice}", "mode": "CASH", "amount": TEN, "receivedOn": "{today}"},
        {"amount": ELEVEN}),
    Row("recordPayment", OWNER,
        {"invoiceId": "{waiting invoice}", "mode": "CASH", "amount": TEN, "receivedOn": "{today}"},
        {"amount": ELEVEN}, name="in place of a card"),
    Row("refundPayment", OWNER, {"paymentId": "{payment}", "amount": TEN}, {"amount": ELEVEN}),
    Row("addSavedCard", CLIENT, {"cardToken": "tok_ok_000031"}, {"cardToken": "tok_ok_000032"}),
    Row("removeSavedCard", CLIENT, {"savedCardId": "{card}"}, {"savedCardId": "{other card}"}),
    Row("setDefaultCard", CLIENT, {"savedCardId": "{card}"}, {"savedCardId": "{other card}"}),
    Row("setPaymentInstructions", OWNER, {"mode": "CASH", "text": "At the door"}, {"text": "At the gate"}),
    Row("resendEstimate", OWNER, {"estimateId": "{sent estimate}"}, {"recipientIds": ["{contact accepted}"]}),
    Row("resendInvoice", OWNER, {"invoiceId": "{sent invoice}"}, {"recipientIds": ["{contact accepted}"]}),
    Row("resendInvoice", OWNER, {"invoiceId": "{sent invoice}", "recipientIds": ["{contact accepted}"]},
        {"recipientIds": None}, name="to one contact"),
    Row("remindOfInvoice", OWNER, {"invoiceId": "{sent invoice}"}, {"recipientIds": ["{contact accepted}"]}),
    Row("setReminderPolicy", OWNER, {"daysBefore": [3]}, {"daysBefore": [4]}),
    Row("setReminderPolicy", OWNER, {"customerId": "{customer}", "daysBefore": [3]}, {"daysBefore": [4]},
        name="in place of another"),
    Row("removeReminderPolicy", OWNER, {"customerId": "{customer}"}, {"customerId": None}),
    Row("removeReminderPolicy", OWNER, {"customerId": "{company}"}, {"customerId": None}, name="that nobody set"),
]  # fmt: skip

COLLABORATION = [
    Row("addComment", CLIENT, {"documentId": "{sent invoice}", "text": "Hello"}, {"text": "Goodbye"}),
    Row("recordDocumentView", CLIENT, {"documentId": "{sent invoice}"}, {"documentId": "{sent estimate}"}),
    Row("recordDocumentView", CLIENT, {"documentId": "{paid invoice}"}, {"documentId": "{sent estimate}"}, "again"),
    Row("forwardDocument", CLIENT,
        {"documentId": "{sent invoice}", "recipientName": "Bo", "recipientEmail": "bo@client.example"},
        {"recipientName": "Bob"}),
]  # fmt: skip

NOTIFICATIONS = [
    Row("markNotificationsRead", OWNER, {"ids": ["{notification}"]}, {"ids": ["{other notification}"]}),
    Row("markAllNotificationsRead", OWNER, {}, {"until": "2020-01-01T00:00:00Z"}),
    Row("setNotificationPreference", OWNER, {"kind": "COMMENT_ADDED", "email": False, "inApp": True},
        {"email": True, "inApp": False}),
]  # fmt: skip

IDENTITY = [
    Row("registerOrganisation", None, {**LEAFLET, "owner": OWNED}, {"name": "Nordic"},
        adds={"sessions": "whoever asks again with the right password is logged in again"}),
    Row("confirmEmail", OTHER, {"token": "{proof token}"}, keyed=False),
    Row("resendConfirmation", OTHER, {}),
    Row("updateOrganisation", STAFF, {"name": "New"}, {"name": "Newer"}),
    Row("enablePortal", OTHER, {"name": "Mine", "slug": "a-new-portal"}, {"slug": "another-portal"}),
    Row("updatePortalSettings", STAFF, {"name": "New"}, {"name": "Newer"}),
    Row("disablePortal", STAFF, {}),
    Row("inviteStaff", STAFF, {"name": "Ida", "email": "ida@staff.example", "role": "VIEWER"},
        {"email": "ivo@staff.example"}),
    Row("updateStaff", STAFF, {"id": "{staff accepted}", "name": "New"}, {"name": "Newer"}),
    Row("updateStaff", STAFF, {"id": "{staff accepted}", "role": "OWNER"}, {"role": "VIEWER"}, name="to an owner"),
    Row("deactivateStaff", STAFF, {"id": "{staff accepted}"}, {"id": "{staff invited}"}),
    Row("reactivateStaff", STAFF, {"id": "{staff disabled}"}, {"id": "{staff invited}"}),
    Row("createCustomer", STAFF, {"name": "Ltd", "currency": "EUR"}, {"name": "Inc"}),
    Row("updateCustomer", STAFF, {"id": "{customer}", "name": "New"}, {"name": "Newer"}),
    Row("updateMyCompany", CONTACT, {"phone": "+49 30 1234567"}, {"phone": "+49 30 7654321"}),
    Row("addContact", STAFF, {"customerId": "{customer}", "name": "Eve", "email": "eve@client.example"},
        {"email": "eva@client.example"}),
    Row("addContact", STAFF,
        {"customerId": "{customer}", "name": "Eve", "email": "eve@client.example", "isPrimary": True},
        {"email": "eva@client.example"}, name="who is asked first"),
    Row("updateContact", STAFF, {"id": "{contact accepted}", "name": "New"}, {"name": "Newer"}),
    Row("updateContact", STAFF, {"id": "{contact accepted}", "email": "moved@client.example"},
        {"email": "gone@client.example"}, name="who moves"),
    Row("updateContact", STAFF, {"id": "{contact accepted}", "isPrimary": True}, {"name": "Newer"},
        name="who is asked first"),
    Row("eraseContact", STAFF, {"id": "{contact accepted}"}, {"id": "{contact fresh}"}),
    Row("disableContact", STAFF, {"id": "{contact accepted}"}, {"id": "{contact fresh}"}),
    Row("enableContact", STAFF, {"id": "{contact disabled}"}, {"id": "{contact fresh}"}),
    Row("inviteContacts", STAFF, {"contactIds": ["{contact fresh}", "{contact also fresh}"]},
        {"contactIds": ["{contact also fresh}"]}),
    Row("resendInvite", STAFF, {"id": "{contact invited}"}, {"id": "{staff invited}"}),
    Row("resendInvite", STAFF, {"id": "{staff invited}"}, {"id": "{contact invited}"}, name="to staff"),
    Row("revokeInvite", STAFF, {"id": "{contact invited}"}, {"id": "{staff invited}"}),
    Row("acceptInvite", None, {"token": "{invite token}", "password": PASSWORD}, {"password": NEW_PASSWORD},
        adds={"sessions": "whoever asks again with the right password is logged in again"}),
    Row("logIn", None, {"email": "accepted@client.example", "password": PASSWORD, "portal": "{slug}"}, keyed=False,
        adds={"sessions": "a session that nobody has a token of ends by itself"}),
    Row("refreshSession", None, {"refreshToken": "{accepted's refresh token}"}, keyed=False),
    Row("logOut", None, {"refreshToken": "{accepted's refresh token}"}, keyed=False),
    Row("logOutEverywhere", CONTACT, None, keyed=False),
    Row("completeLogIn", None, {"challenge": "{challenge}", "code": "{code}"}, {"code": "000000"},
        adds={"sessions": "whoever asks again in time is logged in again"}),
    Row("setUpSecondFactor", CONTACT, {}, keyed=False),
    Row("confirmSecondFactor", "beginner's token", {"code": "{beginner's code}"}, {"code": "000000"}),
    Row("renewRecoveryCodes", GUARDED, {"code": "{code}"}, {"code": "000000"}),
    Row("removeSecondFactor", GUARDED, {"code": "{code}"}, {"code": "000000"}),
    Row("resetSecondFactor", STAFF, {"id": "{contact guarded}"}, {"id": "{contact fresh}"}),
    Row("beginPasskey", CONTACT, {}, keyed=False),
    Row("addPasskey", CONTACT, {"token": "{passkey token}", "credential": "{passkey made}", "name": "Phone"},
        {"name": "Key"}),
    Row("renamePasskey", GUARDED, {"id": "{passkey}", "name": "Phone"}, {"name": "Key"}),
    Row("removePasskey", GUARDED, {"id": "{passkey}"}, {"id": "none"}),
    Row("beginPasskeyLogIn", None, {}, keyed=False),
    Row("logInWithPasskey", None, {"token": "{passkey asked}", "credential": "{passkey shown}"},
        {"credential": "{passkey shown again}"}, adds={"sessions": "whoever asks again in time is logged in again"}),
    Row("beginPasskeyStepUp", GUARDED, None, keyed=False),
    Row("stepUp", CONTACT, {"currentPassword": PASSWORD}, keyed=False,
        adds={"sessions": "whoever shows the password twice has shown it later"}),
    Row("updateLogInPolicy", STAFF, {"staff": "OFFERED", "clients": "REQUIRED"}, {"clients": "OFF"}),
    Row("endSession", CONTACT, {"sessionId": "{accepted's other session}"}, keyed=False),
    Row("endOtherSessions", CONTACT, {}),
    Row("changePassword", CONTACT, {"currentPassword": PASSWORD, "newPassword": NEW_PASSWORD},
        {"newPassword": "other-teapot-77"}),
    Row("requestPasswordReset", None, {"email": "accepted@client.example", "portal": "{slug}"}),
    Row("resetPassword", None, {"token": "{reset token}", "newPassword": NEW_PASSWORD},
        {"newPassword": "other-teapot-77"},
        adds={"password_resets": "the new password has ended the link; that it was used is a note"}),
    Row("updateMyAccount", CONTACT, {"jobTitle": "Buyer"}, {"jobTitle": "Seller"}),
]  # fmt: skip

ROWS = [*BILLING, *COLLABORATION, *NOTIFICATIONS, *IDENTITY]

SINCE: dict[str, tuple[str, str | None, dict[str, Any]]] = {
    "sendEstimate": ("voidEstimate", OWNER, {"estimateId": "{draft estimate}"}),
    "acceptEstimate": ("convertEstimate", OWNER, {"estimateId": "{sent estimate}", **TERMS}),
    "convertEstimate": ("voidInvoice", OWNER, {"invoiceId": "{made invoice}"}),
    "declineEstimate": ("reviseEstimate", OWNER, {"estimateId": "{sent estimate}"}),
    "reviseEstimate": ("sendEstimate", OWNER, {"estimateId": "{declined estimate}"}),
    "updateEstimate": ("sendEstimate", OWNER, {"estimateId": "{draft estimate}"}),
    "sendInvoice": ("voidInvoice", OWNER, {"invoiceId": "{draft invoice}"}),
    "updateInvoice": ("updateInvoice", OWNER,
                      {**CONTENT, **TERMS, "invoiceId": "{draft invoice}", "lines": OTHER_LINES}),
    "updateInvoice as it was read": ("sendInvoice", OWNER, {"invoiceId": "{draft invoice}"}),
    "changeInvoiceTerms": ("changeInvoiceTerms", OWNER, {"invoiceId": "{sent invoice}", **TERMS}),
    "refundPayment": ("refundPayment", OWNER, {"paymentId": "{payment}"}),
    "addSavedCard": ("setDefaultCard", CLIENT, {"savedCardId": "{card}"}),
    "setDefaultCard": ("setDefaultCard", CLIENT, {"savedCardId": "{other card}"}),
    "setPaymentInstructions": ("setPaymentInstructions", OWNER, {"mode": "CASH", "text": "Nowhere"}),
    "resendEstimate": ("voidEstimate", OWNER, {"estimateId": "{sent estimate}"}),
    "resendInvoice": ("voidInvoice", OWNER, {"invoiceId": "{sent invoice}"}),
    "remindOfInvoice": ("voidInvoice", OWNER, {"invoiceId": "{sent invoice}"}),
    "setReminderPolicy": ("setReminderPolicy", OWNER, {"daysBefore": [5]}),
    "removeReminderPolicy": ("setReminderPolicy", OWNER, {"customerId": "{customer}", "daysBefore": [5]}),
    "setNotificationPreference": ("setNotificationPreference", OWNER,
                                  {"kind": "COMMENT_ADDED", "email": True, "inApp": True}),
    "updateOrganisation": ("updateOrganisation", STAFF, {"name": "Newest"}),
    "enablePortal": ("disablePortal", OTHER, {}),
    "updatePortalSettings": ("disablePortal", STAFF, {}),
    "disablePortal": ("enablePortal", STAFF, {"name": "Again", "slug": "opened-again"}),
    "inviteStaff": ("updateOrganisation", STAFF, {"name": "Newest"}),
    "deactivateStaff": ("reactivateStaff", STAFF, {"id": "{staff accepted}"}),
    "reactivateStaff": ("deactivateStaff", STAFF, {"id": "{staff disabled}"}),
    "updateCustomer": ("updateCustomer", STAFF, {"id": "{customer}", "name": "Newest"}),
    "updateMyCompany": ("updatePortalSettings", STAFF, {"clientsMayEdit": False}),
    "addContact": ("disablePortal", STAFF, {}),
    "updateContact": ("updateContact", STAFF, {"id": "{contact accepted}", "name": "Newest"}),
    "eraseContact": ("addContact", STAFF, {"customerId": "{customer}", "name": "Bo", "email": "bo2@client.example"}),
    "disableContact": ("enableContact", STAFF, {"id": "{contact accepted}"}),
    "enableContact": ("disableContact", STAFF, {"id": "{contact disabled}"}),
    "inviteContacts": ("disablePortal", STAFF, {}),
    "resendInvite": ("revokeInvite", STAFF, {"id": "{contact invited}"}),
    "revokeInvite": ("inviteContacts", STAFF, {"contactIds": ["{contact invited}"]}),
    "acceptInvite": ("updateContact", STAFF, {"id": "{contact invited}", "name": "Newest"}),
    "updateMyAccount": ("updateMyAccount", CONTACT, {"jobTitle": "Owner"}),
}  # fmt: skip
"""What others do after some of them, by title, that a retry must neither undo nor mistake for a refusal."""


def filled(given: Any, names: dict[str, Any]) -> Any:
    """Return an input with the names of the world in place."""
    if isinstance(given, dict):
        return {key: filled(value, names) for key, value in given.items()}
    if isinstance(given, list):
        return [filled(value, names) for value in given]
    return names[given[1:-1]] if isinstance(given, str) and given.startswith("{") else given
