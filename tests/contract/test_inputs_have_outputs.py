"""Whatever can be given can be read back: generated over the schema that clients see.

Every field of every mutation's input has a field of the same meaning in a type that can be read, or a reason why not.
A new input field fails here until one of the tables below says where it is read.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
)

SCHEMA = build_schema((Path(__file__).parents[2] / "gateway" / "schema" / "schema.graphql").read_text("utf-8"))

READ_FROM: dict[str, tuple[str, ...]] = {
    "AddCommentInput": ("Comment",),
    "AddContactInput": ("Contact",),
    "AddPasskeyInput": ("Passkey",),
    "AddSavedCardInput": ("SavedCard",),
    "ChangeInvoiceTermsInput": ("Invoice",),
    "ConvertEstimateInput": ("Invoice",),
    "CreateCustomerInput": ("Customer",),
    "CreateEstimateInput": ("Estimate", "DocumentTotals"),
    "CreateInvoiceInput": ("Invoice", "DocumentTotals"),
    "DeclineEstimateInput": ("Estimate",),
    "DocumentAdjustmentInput": ("DocumentAdjustment",),
    "EnablePortalInput": ("PortalSettings",),
    "ForwardDocumentInput": ("Forward",),
    "InviteStaffInput": ("StaffMember",),
    "LineAdjustmentInput": ("DocumentAdjustment",),
    "LineInput": ("DocumentLine",),
    "MoneyInput": ("Money",),
    "OwnerInput": ("StaffMember",),
    "PayInvoiceInput": ("Payment",),
    "PaymentTermsInput": ("Invoice",),
    "PostalAddressInput": ("PostalAddress",),
    "RecordPaymentInput": ("Payment",),
    "RefundPaymentInput": ("Refund",),
    "RenamePasskeyInput": ("Passkey",),
    "RegisterOrganisationInput": ("Organisation",),
    "SetNotificationPreferenceInput": ("NotificationPreference",),
    "SetPaymentInstructionsInput": ("PaymentInstructions",),
    "SetReminderPolicyInput": ("ReminderPolicy",),
    "TaxInput": ("LineTax",),
    "UpdateContactInput": ("Contact",),
    "UpdateCustomerInput": ("Customer",),
    "UpdateEstimateInput": ("Estimate", "DocumentTotals"),
    "UpdateInvoiceInput": ("Invoice", "DocumentTotals"),
    "UpdateLogInPolicyInput": ("LogInPolicy",),
    "UpdateMyAccountInput": ("StaffMember", "Contact"),
    "UpdateMyCompanyInput": ("Customer",),
    "UpdateOrganisationInput": ("Organisation",),
    "UpdatePortalSettingsInput": ("PortalSettings",),
    "UpdateStaffInput": ("StaffMember",),
}
"""The types in which an input's fields are read under the same name."""

READ_AS = {
    "AcceptEstimateInput.revision": "EstimateRevision.number",
    "AddCommentInput.displayInPortal": "Comment.visibility",
    "AddCommentInput.documentId": "Comment.document",
    "AddContactInput.customerId": "Contact.customer",
    "AddSavedCardInput.makeDefault": "SavedCard.isDefault",
    "ChangeInvoiceTermsInput.paymentTerms": "Invoice.paymentModes",
    "ConvertEstimateInput.estimateId": "Invoice.estimate",
    "ConvertEstimateInput.paymentTerms": "Invoice.paymentModes",
    "CreateEstimateInput.customerId": "Estimate.customer",
    "CreateInvoiceInput.customerId": "Invoice.customer",
    "CreateInvoiceInput.paymentTerms": "Invoice.paymentModes",
    "DeclineEstimateInput.reason": "Estimate.declineReason",
    "DeclineEstimateInput.revision": "EstimateRevision.number",
    "ForwardDocumentInput.documentId": "Forward.document",
    "MarkAllNotificationsReadInput.until": "Notification.readAt",
    "MarkNotificationsReadInput.ids": "Notification.readAt",
    "PayInvoiceInput.invoiceId": "Payment.invoice",
    "PayInvoiceInput.saveCard": "Query.savedCards",
    "PaymentTermsInput.modes": "Invoice.paymentModes",
    "RecordDocumentViewInput.documentId": "DocumentView.count",
    "RecordPaymentInput.invoiceId": "Payment.invoice",
    "RefundPaymentInput.paymentId": "Refund.payment",
    "RegisterOrganisationInput.owner": "Query.staffMembers",
    "RemindOfInvoiceInput.recipientIds": "DocumentMailing.recipients",
    "ResendEstimateInput.recipientIds": "DocumentMailing.recipients",
    "ResendInvoiceInput.recipientIds": "DocumentMailing.recipients",
    "SendEstimateInput.recipientIds": "DocumentMailing.recipients",
    "SendInvoiceInput.recipientIds": "DocumentMailing.recipients",
    "SetDefaultCardInput.savedCardId": "SavedCard.isDefault",
    "UpdateEstimateInput.customerId": "Estimate.customer",
    "UpdateEstimateInput.expectedVersion": "Estimate.version",
    "UpdateInvoiceInput.customerId": "Invoice.customer",
    "UpdateInvoiceInput.expectedVersion": "Invoice.version",
    "UpdateInvoiceInput.paymentTerms": "Invoice.paymentModes",
    "VoidInvoiceInput.reason": "Invoice.closingReason",
    "WriteOffInvoiceInput.reason": "Invoice.closingReason",
}
"""Where an input field is read under another name."""

NEVER_READ = {
    "AcceptInviteInput.token": "a secret, good for once",
    "AddSavedCardInput.cardToken": "the provider's secret, good for once",
    "ChangePasswordInput.currentPassword": "a password",
    "ChangePasswordInput.newPassword": "a password",
    "CompleteLogInInput.challenge": "a secret, good for five minutes",
    "CompleteLogInInput.code": "a secret, good for once",
    "AddPasskeyInput.challenge": "a secret, good for five minutes",
    "AddPasskeyInput.credential": "what an authenticator made, good for once",
    "AddPasskeyInput.token": "a secret, good for once",
    "BeginPasskeyInput.challenge": "a secret, good for five minutes",
    "BeginPasskeyLogInInput.challenge": "a secret, good for five minutes",
    "LogInWithPasskeyInput.credential": "what an authenticator signed, good for once",
    "LogInWithPasskeyInput.token": "a secret, good for once",
    "PasskeyAnswerInput.credential": "what an authenticator signed, good for once",
    "PasskeyAnswerInput.token": "a secret, good for once",
    "StepUpInput.passkey": "what an authenticator signed, good for once",
    "ConfirmEmailInput.currentPassword": "a password",
    "ConfirmEmailInput.token": "a secret",
    "ConfirmSecondFactorInput.challenge": "a secret, good for five minutes",
    "ConfirmSecondFactorInput.code": "a secret, good for once",
    "CreateCardSessionInput.origin": "says where this one page leads, and is not kept",
    "CreateCardSessionInput.returnUrl": "says where this one page leads, and is not kept",
    "EndSessionInput.sessionId": "names what ends",
    "InviteContactsInput.contactIds": "names what is acted upon",
    "LogInInput.email": "says who comes in; `me` tells",
    "LogInInput.organisationId": "says where to come in; the token tells",
    "LogInInput.portal": "says where to come in; the token tells",
    "LogOutInput.refreshToken": "a secret",
    "PayInvoiceInput.cardToken": "the provider's secret, good for once",
    "PayInvoiceInput.returnUrl": "says where this one page leads, and is not kept",
    "PayInvoiceInput.savedCardId": "the card may be removed; `Payment.card` tells which it was",
    "RefreshSessionInput.refreshToken": "a secret",
    "RemoveSecondFactorInput.code": "a secret, good for once",
    "RemoveReminderPolicyInput.customerId": "says whose policy it is, by which it is asked for",
    "RenewRecoveryCodesInput.code": "a secret, good for once",
    "RequestPasswordResetInput.email": "whether somebody has an account is not told",
    "RequestPasswordResetInput.organisationId": "whether somebody has an account is not told",
    "RequestPasswordResetInput.portal": "whether somebody has an account is not told",
    "ResetPasswordInput.token": "a secret, good for once",
    "SetReminderPolicyInput.customerId": "says whose policy it is, by which it is asked for",
    "SetUpSecondFactorInput.challenge": "a secret, good for five minutes",
    "StepUpInput.code": "a secret, good for once",
    "StepUpInput.currentPassword": "a password",
}
"""What cannot be read, and why."""

EVERYWHERE_NEVER = {
    "idempotencyKey": "makes a repetition the same request; it says nothing of what is stored",
    "password": "a password",
    "newPassword": "a password",
}
NAMES_THE_OBJECT = {"id", "estimateId", "invoiceId", "paymentId", "savedCardId"}
"""Fields of inputs that name what is acted upon: the object itself has the id."""


def test_every_input_has_an_output() -> None:
    """No field of a mutation's input is left without a place where it is read, or a reason."""
    lost = [name for name in _given(SCHEMA) if not _is_read(name) and _reason(name) is None]

    assert lost == []


@pytest.mark.parametrize("name", [*READ_AS, *NEVER_READ])
def test_the_tables_name_what_there_is(name: str) -> None:
    """An entry for a field that went is taken out, and what is read is not excused."""
    type_name, field = name.split(".")

    assert field in SCHEMA.type_map[type_name].fields  # type: ignore[union-attr]
    if name in READ_AS:
        owner, read = READ_AS[name].split(".")
        assert read in SCHEMA.type_map[owner].fields  # type: ignore[union-attr]
    else:
        assert not _is_read(name)


def test_where_things_are_read_can_be_reached() -> None:
    """Every type of the tables is reached from a query, not only from the answer to a mutation."""
    reached = _reachable(SCHEMA)

    wanted = {owner for owners in READ_FROM.values() for owner in owners}
    wanted |= {read.split(".")[0] for read in READ_AS.values()} - {"Query"}
    assert wanted - reached == set()


def _given(schema: GraphQLSchema) -> Iterator[str]:
    """Every field of every input that a mutation takes, inputs inside inputs too."""
    assert schema.mutation_type is not None
    waiting = [argument.type for field in schema.mutation_type.fields.values() for argument in field.args.values()]
    seen = set[str]()
    while waiting:
        kind = get_named_type(waiting.pop())
        if not isinstance(kind, GraphQLInputObjectType) or kind.name in seen:
            continue
        seen.add(kind.name)
        waiting += [field.type for field in kind.fields.values()]
        yield from (f"{kind.name}.{field}" for field in kind.fields)


def _is_read(name: str) -> bool:
    type_name, field = name.split(".")
    owners = (SCHEMA.type_map[owner] for owner in READ_FROM.get(type_name, ()))
    return name in READ_AS or any(field in owner.fields for owner in owners)  # type: ignore[union-attr]


def _reason(name: str) -> str | None:
    _, field = name.split(".")
    if field in NAMES_THE_OBJECT:
        return "names what is acted upon"
    return NEVER_READ.get(name) or EVERYWHERE_NEVER.get(field)


def _reachable(schema: GraphQLSchema) -> set[str]:
    reached, waiting = set[str](), [schema.query_type]
    while waiting:
        kind = waiting.pop()
        if kind is None or kind.name in reached:
            continue
        reached.add(kind.name)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            waiting += [get_named_type(field.type) for field in kind.fields.values()]  # type: ignore[misc]
        if isinstance(kind, GraphQLInterfaceType):
            waiting += schema.get_implementations(kind).objects  # type: ignore[arg-type]
        elif hasattr(kind, "types"):
            waiting += list(kind.types)  # type: ignore[attr-defined]
    return reached
