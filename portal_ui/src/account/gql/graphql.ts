/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** A new passkey. */
export type AddPasskeyInput = {
  /** The token of the challenge, for people who have to set up a second factor before they are in; leave it out when logged in. */
  challenge?: string | null | undefined;
  /** The credential that the browser returned, as JSON (`toJSON()`). */
  credential: string;
  /** A key of your choice for this request (8–255 printable ASCII characters, e.g. a UUID). Repeating the same key and input returns the original result for 7 days; a new request needs a new key. Without a key, a request that is sent again counts as another one. */
  idempotencyKey?: string | null | undefined;
  /** The name of the passkey, chosen by the caller, such as `Phone`. */
  name: string;
  /** The token of the attempt. */
  token: string;
};

/** A request to add a passkey. */
export type BeginPasskeyInput = {
  /** The token of the challenge, for people who have to set up a second factor before they are in; leave it out when logged in. */
  challenge?: string | null | undefined;
};

/** The current password and a new one. */
export type ChangePasswordInput = {
  /** The current password. */
  currentPassword: string;
  /** A key of your choice for this request (8–255 printable ASCII characters, e.g. a UUID). Repeating the same key and input returns the original result for 7 days; a new request needs a new key. Without a key, a request that is sent again counts as another one. */
  idempotencyKey?: string | null | undefined;
  /** The password: at least 10 characters, and not easy to guess. */
  newPassword: string;
};

/** The first code of a second factor. */
export type ConfirmSecondFactorInput = {
  /** The token of the challenge, for people who have to set up a second factor before they are in; leave it out when logged in. */
  challenge?: string | null | undefined;
  /** The six digits that the app shows now. */
  code: string;
  /** A key of your choice for this request (8–255 printable ASCII characters, e.g. a UUID). Repeating the same key and input returns the original result for 7 days; a new request needs a new key. Without a key, a request that is sent again counts as another one. */
  idempotencyKey?: string | null | undefined;
};

/** A request to end all other sessions of the caller. */
export type EndOtherSessionsInput = {
  /** A key of your choice for this request (8–255 printable ASCII characters, e.g. a UUID). Repeating the same key and input returns the original result for 7 days; a new request needs a new key. */
  idempotencyKey: string;
};

/** One of the caller's own sessions. */
export type EndSessionInput = {
  /** The ID of the session, `ses_…`, as in `mySessions`. */
  sessionId: string | number;
};

/** A passkey to be removed. */
export type RemovePasskeyInput = {
  /** The ID of the passkey, as in `mySecondFactor`. */
  id: string | number;
  /** A key of your choice for this request (8–255 printable ASCII characters, e.g. a UUID). Repeating the same key and input returns the original result for 7 days; a new request needs a new key. */
  idempotencyKey: string;
};

/** A code of the second factor to be removed. */
export type RemoveSecondFactorInput = {
  /** The six digits that the app shows now, or one of the recovery codes; each counts once. */
  code: string;
  /** A key of your choice for this request (8–255 printable ASCII characters, e.g. a UUID). Repeating the same key and input returns the original result for 7 days; a new request needs a new key. Without a key, a request that is sent again counts as another one. */
  idempotencyKey?: string | null | undefined;
};

/** A new name of a passkey. */
export type RenamePasskeyInput = {
  /** The ID of the passkey, as in `mySecondFactor`. */
  id: string | number;
  /** A key of your choice for this request (8–255 printable ASCII characters, e.g. a UUID). Repeating the same key and input returns the original result for 7 days; a new request needs a new key. */
  idempotencyKey: string;
  /** The name of the passkey, chosen by the caller, such as `Phone`. */
  name: string;
};

/** A code of the caller's second factor. */
export type RenewRecoveryCodesInput = {
  /** The six digits that the app shows now, or one of the recovery codes; each counts once. */
  code: string;
  /** A key of your choice for this request (8–255 printable ASCII characters, e.g. a UUID). Repeating the same key and input returns the original result for 7 days; a new request needs a new key. Without a key, a request that is sent again counts as another one. */
  idempotencyKey?: string | null | undefined;
};

/** Whether people of an organisation show a second factor when they log in. */
export type SecondFactorDemand =
  /** Nobody can set one up; who has one goes on showing it. */
  | 'OFF'
  /** Everybody may set one up. */
  | 'OFFERED'
  /** People without a second factor set one up at the next log-in, and cannot remove it. */
  | 'REQUIRED';

/** A request to set up an app as second factor. */
export type SetUpSecondFactorInput = {
  /** The token of the challenge, for people who have to set up a second factor before they are in; leave it out when logged in. */
  challenge?: string | null | undefined;
};

/** The new details of the caller's own account; a field that is left out keeps its value. */
export type UpdateMyAccountInput = {
  /** A key of your choice for this request (8–255 printable ASCII characters, e.g. a UUID). Repeating the same key and input returns the original result for 7 days; a new request needs a new key. */
  idempotencyKey: string;
  /** The job title of the caller. */
  jobTitle?: string | null | undefined;
  /** The language or locale, such as `de` or `pt-BR`. */
  language?: string | null | undefined;
  /** The name of the caller. */
  name?: string | null | undefined;
  /** The phone number of the caller. */
  phone?: string | null | undefined;
};

/** The reason why a request was refused. */
export type UserErrorCode =
  /** The access of the person is disabled. */
  | 'ACCESS_DISABLED'
  /** The amount of a discount or charge is below zero. */
  | 'ADJUSTMENT_NEGATIVE'
  /** An object with this ID already exists. */
  | 'ALREADY_EXISTS'
  /** The person already has access. */
  | 'ALREADY_HAS_ACCESS'
  /** The amount is more than can be paid on the invoice now. */
  | 'AMOUNT_EXCEEDS_BALANCE'
  /** The payment provider does not accept this amount by card. */
  | 'AMOUNT_NOT_CHARGEABLE'
  /** The amount is not greater than zero. */
  | 'AMOUNT_NOT_POSITIVE'
  /** Exactly one of amount and percentage is required for a discount or charge. */
  | 'AMOUNT_OR_PERCENT'
  /** Card payments are not set up. */
  | 'CARDS_NOT_ACCEPTED'
  /** The saved card has expired. */
  | 'CARD_EXPIRED'
  /** The card form was not completed. */
  | 'CARD_FORM_UNFINISHED'
  /** Exactly one of card token and saved card is required. */
  | 'CARD_MISSING'
  /** The payment provider refused the card, or does not know the saved card. */
  | 'CARD_REFUSED'
  /** The text is not a token of the card form, or the form was opened for somebody else. */
  | 'CARD_TOKEN_INVALID'
  /** The token of the card form was already used. */
  | 'CARD_TOKEN_USED'
  /** The challenge is not valid, or no longer valid: log in with the password again. */
  | 'CHALLENGE_OVER'
  /** The code is wrong or was used before, or there have been too many attempts. */
  | 'CODE_REFUSED'
  /** Somebody else is changing the object at the same moment. */
  | 'CONCURRENT_UPDATE'
  /** As many e-mails to confirm this address were sent within a day as may be. */
  | 'CONFIRMATION_QUOTA_REACHED'
  /** The contact was erased: nothing about the person is left, and nothing can be added. */
  | 'CONTACT_IS_ERASED'
  /** The text contains characters that cannot be displayed. */
  | 'CONTROL_CHARACTERS'
  /** The currency is no longer in use. */
  | 'CURRENCY_ENDED'
  /** The amount is in a different currency from the document. */
  | 'CURRENCY_MISMATCH'
  /** The client company of a document that was sent once cannot be changed. */
  | 'CUSTOMER_FIXED'
  /** The date is earlier than allowed. */
  | 'DATE_PASSED'
  /** The date is later than allowed. */
  | 'DATE_TOO_FAR'
  /** Organisations, portals and people cannot be looked up right now; nothing was changed. */
  | 'DIRECTORY_UNAVAILABLE'
  /** The discounts are larger than what is charged. */
  | 'DISCOUNT_TOO_LARGE'
  /** Somebody else has saved the document since this version was read. */
  | 'DOCUMENT_CHANGED'
  /** The client cannot see the document before it is sent. */
  | 'DOCUMENT_NOT_SENT'
  /** The same number of days is given more than once. */
  | 'DUPLICATE_DAY'
  /** The same tax is listed twice. */
  | 'DUPLICATE_TAX'
  /** An earlier payment of the invoice has just succeeded, so this one was not made. */
  | 'EARLIER_PAYMENT_SUCCEEDED'
  /** The portal does not let clients change their company details. */
  | 'EDITING_NOT_ALLOWED'
  /** Another contact with this e-mail address already has access to the portal. */
  | 'EMAIL_HAS_ACCESS'
  /** The e-mail address is confirmed already. */
  | 'EMAIL_IS_PROVEN'
  /** Another person already has this e-mail address. */
  | 'EMAIL_TAKEN'
  /** Nothing may leave in the organisation's name: confirm the e-mail address of the registration first. */
  | 'EMAIL_UNPROVEN'
  /** The last day of the estimate has passed. */
  | 'ESTIMATE_EXPIRED'
  /** The estimate has not been accepted. */
  | 'ESTIMATE_NOT_ACCEPTED'
  /** The estimate is not a draft. */
  | 'ESTIMATE_NOT_DRAFT'
  /** The estimate is neither declined nor expired. */
  | 'ESTIMATE_NOT_REVISABLE'
  /** The estimate is not awaiting an answer. */
  | 'ESTIMATE_NOT_SENT'
  /** The estimate is neither a draft nor awaiting an answer. */
  | 'ESTIMATE_NOT_VOIDABLE'
  /** The portal does not let clients forward documents. */
  | 'FORWARDING_NOT_ALLOWED'
  /** The first request with this idempotency key is still being processed. */
  | 'IDEMPOTENCY_KEY_IN_FLIGHT'
  /** The idempotency key was already used with different input. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The e-mail address is not valid. */
  | 'INVALID_EMAIL'
  /** The idempotency key does not have 8 to 255 printable ASCII characters. */
  | 'INVALID_IDEMPOTENCY_KEY'
  /** The logo is not a PNG or JPEG image that can be shown and printed. */
  | 'INVALID_LOGO'
  /** The phone number is not valid. */
  | 'INVALID_PHONE'
  /** The portal address is not valid or is reserved. */
  | 'INVALID_SLUG'
  /** The web address is not valid. */
  | 'INVALID_WEBSITE'
  /** As many invites were sent within a day as the organisation may send, or one person may get. */
  | 'INVITE_QUOTA_REACHED'
  /** The invoice has payments, or a payment of it is under way. */
  | 'INVOICE_HAS_PAYMENTS'
  /** The invoice is not a draft. */
  | 'INVOICE_NOT_DRAFT'
  /** The invoice is not open: it has not been sent, is paid, or was voided or written off. */
  | 'INVOICE_NOT_OPEN'
  /** The caller does not receive notifications of this kind. */
  | 'KIND_NOT_YOURS'
  /** The organisation would be left without an owner. */
  | 'LAST_OWNER'
  /** The link has expired, was used already, or is not valid. */
  | 'LINK_NOT_VALID'
  /** The e-mail address and password do not match, or there have been too many attempts. */
  | 'LOG_IN_REFUSED'
  /** The text contains what looks like a payment card number. */
  | 'LOOKS_LIKE_CARD_NUMBER'
  /** Card payments cannot be recorded by hand. */
  | 'MODE_NOT_OFFLINE'
  /** This payment method cannot be paid online. */
  | 'MODE_NOT_ONLINE'
  /** A newer version of the portal, which is being installed, has changed the object. */
  | 'NEWER_VERSION'
  /** The client company does not have a contact who can be reached by e-mail. */
  | 'NOBODY_TO_REACH'
  /** Nothing is owed on the invoice, so that there is nothing to remind of. */
  | 'NOTHING_OWED'
  /** The invoice does not have an open balance to write off. */
  | 'NOTHING_TO_WRITE_OFF'
  /** The former code of `NOT_A_STAFF_ROLE`; it is no longer returned. */
  | 'NOT_ASTAFF_ROLE'
  /** A chosen recipient is not a contact of the document's client company, or is disabled. */
  | 'NOT_A_CONTACT_OF_THE_CLIENT'
  /** The role is not a staff role. */
  | 'NOT_A_STAFF_ROLE'
  /** The access of the person is not disabled. */
  | 'NOT_DISABLED'
  /** The object does not exist, or is not visible to you. */
  | 'NOT_FOUND'
  /** The person does not have an open invite. */
  | 'NOT_INVITED'
  /** The former code of `INVOICE_NOT_OPEN`; it is no longer returned. */
  | 'NOT_PAYABLE'
  /** The document has not been sent yet. Send it first. */
  | 'NOT_YET_SENT'
  /** The person does not have access that could be disabled. */
  | 'NO_ACCESS_TO_DISABLE'
  /** The former code of `INVALID_EMAIL`; it is no longer returned. */
  | 'NO_EMAIL_ADDRESS'
  /** The document does not have any lines. */
  | 'NO_LINES'
  /** The invoice does not offer any payment mode. */
  | 'NO_PAYMENT_MODES'
  /** The person has no second factor. */
  | 'NO_SECOND_FACTOR'
  /** The number is outside the allowed range. */
  | 'NUMBER_OUT_OF_RANGE'
  /** Only a contact can forward a document. */
  | 'ONLY_CLIENTS_FORWARD'
  /** Only a contact can mark a document as viewed. */
  | 'ONLY_CLIENTS_VIEW'
  /** The invoice must be paid in full. */
  | 'PARTIAL_PAYMENT_NOT_ALLOWED'
  /** The attempt with a passkey took too long, or was used before: begin it again. */
  | 'PASSKEY_ATTEMPT_OVER'
  /** The passkey may have been copied: its counter did not go on. */
  | 'PASSKEY_COPIED'
  /** This passkey is in use already. */
  | 'PASSKEY_KNOWN'
  /** The passkey is not known here or was not confirmed, or there have been too many attempts. */
  | 'PASSKEY_REFUSED'
  /** The password or the access of the person changed at the same moment. */
  | 'PASSWORD_CHANGED_MEANWHILE'
  /** The password is too easy to guess. */
  | 'PASSWORD_TOO_COMMON'
  /** The password is too long. */
  | 'PASSWORD_TOO_LONG'
  /** The password is too short. */
  | 'PASSWORD_TOO_SHORT'
  /** The payment has already been received. */
  | 'PAYMENT_ALREADY_SETTLED'
  /** The payment was recorded with a different amount. */
  | 'PAYMENT_AMOUNT_CHANGED'
  /** The payment has ended; a new payment is needed. */
  | 'PAYMENT_ENDED'
  /** The payment mode is not offered for the invoice. */
  | 'PAYMENT_MODE_NOT_ALLOWED'
  /** The payment is being processed and can no longer be cancelled. */
  | 'PAYMENT_NOT_CANCELLABLE'
  /** The payment was refused while it was being recorded, and is not recorded. */
  | 'PAYMENT_NOT_RECORDED'
  /** The payment has not been received, so it cannot be refunded. */
  | 'PAYMENT_NOT_REFUNDABLE'
  /** The former code of `PAYMENT_NOT_REFUNDABLE`; it is no longer returned. */
  | 'PAYMENT_NOT_SETTLED'
  /** The period ends before it starts. */
  | 'PERIOD_REVERSED'
  /** The client portal is already enabled. */
  | 'PORTAL_ALREADY_ENABLED'
  /** The client portal is not enabled. */
  | 'PORTAL_NOT_ENABLED'
  /** The prepaid amount has the opposite sign of the gross total. */
  | 'PREPAID_SIGN'
  /** The caller's identity was proven too long ago; prove it again with `stepUp`. */
  | 'PROOF_NEEDED'
  /** The payment provider is not responding, so the outcome is not known yet. */
  | 'PROVIDER_UNAVAILABLE'
  /** The date of receipt is in the future. */
  | 'RECEIVED_IN_FUTURE'
  /** The former code of `REFUND_TOO_LARGE`; it is no longer returned. */
  | 'REFUND_EXCEEDS_PAYMENT'
  /** The payment provider cannot refund this amount. */
  | 'REFUND_NOT_POSSIBLE'
  /** The refund is more than what is left of the payment. */
  | 'REFUND_TOO_LARGE'
  /** The client was reminded of the invoice less than 24 hours ago. */
  | 'REMINDED_RECENTLY'
  /** The former code of `PAYMENT_ENDED`; it is no longer returned. */
  | 'RESERVATION_RELEASED'
  /** The return URL or origin does not belong to the portal. */
  | 'RETURN_URL_NOT_ALLOWED'
  /** The answer names an earlier revision of the estimate. */
  | 'REVISION_OUTDATED'
  /** The role of the caller does not allow this operation. */
  | 'ROLE_FORBIDS'
  /** The person has a second factor already; remove it first. */
  | 'SECOND_FACTOR_IS_ON'
  /** The organisation demands a second factor of the caller, so it cannot be removed. */
  | 'SECOND_FACTOR_NEEDED'
  /** The organisation does not offer a second factor to people like the caller. */
  | 'SECOND_FACTOR_NOT_OFFERED'
  /** The document was sent again as often as is allowed within 24 hours. */
  | 'SENT_TOO_OFTEN'
  /** The session has ended, or the refresh token is not valid. */
  | 'SESSION_ENDED'
  /** No second factor is being set up, or it was begun more than 15 minutes ago. */
  | 'SET_UP_OVER'
  /** Another portal already has this address. */
  | 'SLUG_TAKEN'
  /** The former code of `TEXT_REQUIRED`; it is no longer returned. */
  | 'TEXT_MISSING'
  /** The text is empty, but a value is required. */
  | 'TEXT_REQUIRED'
  /** The text has more characters than allowed. */
  | 'TEXT_TOO_LONG'
  /** Too many people are logging in right now. */
  | 'TOO_BUSY'
  /** The former code of `TOO_MANY_ENTRIES`; it is no longer returned. */
  | 'TOO_MANY_AT_ONCE'
  /** Too many comments were written within an hour. */
  | 'TOO_MANY_COMMENTS'
  /** The number has more digits after the decimal point than allowed. */
  | 'TOO_MANY_DIGITS'
  /** The list has more entries than allowed. */
  | 'TOO_MANY_ENTRIES'
  /** Too many documents were forwarded within an hour. */
  | 'TOO_MANY_FORWARDS'
  /** The former code of `TOO_MANY_ENTRIES`; it is no longer returned. */
  | 'TOO_MANY_IDS'
  /** The caller has as many passkeys as may be. */
  | 'TOO_MANY_PASSKEYS'
  /** The invoice has reached its limit of payments and attempts. */
  | 'TOO_MANY_PAYMENTS'
  /** Too many organisations were registered from this address. */
  | 'TOO_MANY_REGISTRATIONS'
  /** The estimate has reached its limit of revisions. */
  | 'TOO_MANY_REVISIONS'
  /** The estimate has reached its limit of voided invoices. */
  | 'TOO_MANY_VOID_INVOICES'
  /** The country is not a two-letter ISO 3166-1 code. */
  | 'UNKNOWN_COUNTRY'
  /** The currency is not a three-letter ISO 4217 code. */
  | 'UNKNOWN_CURRENCY'
  /** The language or locale is not known. */
  | 'UNKNOWN_LOCALE'
  /** The time zone is not in the IANA time zone database. */
  | 'UNKNOWN_TIME_ZONE'
  /** The object exists, but this version of the portal cannot read it. */
  | 'UNREADABLE'
  /** The ID is malformed or belongs to another type of object. */
  | 'WRONG_ID_KIND'
  /** The current password is wrong, or there have been too many attempts. */
  | 'WRONG_PASSWORD';

export type RefusalsFragment = { __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null };

type Account_Contact_Fragment = { __typename: 'Contact', id: string, name: string, email: string | null, phone: string | null, jobTitle: string | null, language: string | null };

type Account_StaffMember_Fragment = { __typename: 'StaffMember', id: string, name: string, email: string | null, phone: string | null, jobTitle: string | null, language: string | null };

export type AccountFragment =
  | Account_Contact_Fragment
  | Account_StaffMember_Fragment
;

export type AccountPageQueryVariables = Exact<{ [key: string]: never; }>;


export type AccountPageQuery = { __typename: 'Query', me:
    | { __typename: 'Contact', id: string, name: string, email: string | null, phone: string | null, jobTitle: string | null, language: string | null }
    | { __typename: 'StaffMember', id: string, name: string, email: string | null, phone: string | null, jobTitle: string | null, language: string | null }
   | null };

export type UpdateAccountMutationVariables = Exact<{
  input: UpdateMyAccountInput;
}>;


export type UpdateAccountMutation = { __typename: 'Mutation', updateMyAccount: { __typename: 'UpdateMyAccountPayload', person:
      | { __typename: 'Contact', id: string, name: string, email: string | null, phone: string | null, jobTitle: string | null, language: string | null }
      | { __typename: 'StaffMember', id: string, name: string, email: string | null, phone: string | null, jobTitle: string | null, language: string | null }
     | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type ChangePasswordMutationVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type ChangePasswordMutation = { __typename: 'Mutation', changePassword: { __typename: 'ChangePasswordPayload', done: boolean | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type PasskeyRowFragment = { __typename: 'Passkey', id: string, name: string, addedAt: string, lastUsedAt: string | null, isSynced: boolean };

export type FactorFragment = { __typename: 'OwnSecondFactor', isOn: boolean, since: string | null, recoveryCodesLeft: number, hasApp: boolean, demand: SecondFactorDemand, passkeys: Array<{ __typename: 'Passkey', id: string, name: string, addedAt: string, lastUsedAt: string | null, isSynced: boolean }> };

export type SessionRowFragment = { __typename: 'OwnSession', id: string, device: string | null, startedAt: string, lastUsedAt: string, isCurrent: boolean };

export type SecurityPageQueryVariables = Exact<{ [key: string]: never; }>;


export type SecurityPageQuery = { __typename: 'Query', mySessions: Array<{ __typename: 'OwnSession', id: string, device: string | null, startedAt: string, lastUsedAt: string, isCurrent: boolean }> | null, mySecondFactor: { __typename: 'OwnSecondFactor', isOn: boolean, since: string | null, recoveryCodesLeft: number, hasApp: boolean, demand: SecondFactorDemand, passkeys: Array<{ __typename: 'Passkey', id: string, name: string, addedAt: string, lastUsedAt: string | null, isSynced: boolean }> } | null };

export type EndSessionMutationVariables = Exact<{
  input: EndSessionInput;
}>;


export type EndSessionMutation = { __typename: 'Mutation', endSession: { __typename: 'EndSessionPayload', done: boolean | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type EndOtherSessionsMutationVariables = Exact<{
  input: EndOtherSessionsInput;
}>;


export type EndOtherSessionsMutation = { __typename: 'Mutation', endOtherSessions: { __typename: 'EndOtherSessionsPayload', done: boolean | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type BeginAppMutationVariables = Exact<{
  input: SetUpSecondFactorInput;
}>;


export type BeginAppMutation = { __typename: 'Mutation', setUpSecondFactor: { __typename: 'SetUpSecondFactorPayload', generator: { __typename: 'CodeGenerator', secret: string, uri: string } | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type ConfirmAppMutationVariables = Exact<{
  input: ConfirmSecondFactorInput;
}>;


export type ConfirmAppMutation = { __typename: 'Mutation', confirmSecondFactor: { __typename: 'ConfirmSecondFactorPayload', recoveryCodes: Array<string> | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type RenewRecoveryCodesMutationVariables = Exact<{
  input: RenewRecoveryCodesInput;
}>;


export type RenewRecoveryCodesMutation = { __typename: 'Mutation', renewRecoveryCodes: { __typename: 'RenewRecoveryCodesPayload', recoveryCodes: Array<string> | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type RemoveSecondFactorMutationVariables = Exact<{
  input: RemoveSecondFactorInput;
}>;


export type RemoveSecondFactorMutation = { __typename: 'Mutation', removeSecondFactor: { __typename: 'RemoveSecondFactorPayload', done: boolean | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type BeginPasskeyMutationVariables = Exact<{
  input: BeginPasskeyInput;
}>;


export type BeginPasskeyMutation = { __typename: 'Mutation', beginPasskey: { __typename: 'BeginPasskeyPayload', attempt: { __typename: 'PasskeyAttempt', token: string, options: string } | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type AddPasskeyMutationVariables = Exact<{
  input: AddPasskeyInput;
}>;


export type AddPasskeyMutation = { __typename: 'Mutation', addPasskey: { __typename: 'AddPasskeyPayload', recoveryCodes: Array<string> | null, passkey: { __typename: 'Passkey', id: string, name: string, addedAt: string, lastUsedAt: string | null, isSynced: boolean } | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type RenamePasskeyMutationVariables = Exact<{
  input: RenamePasskeyInput;
}>;


export type RenamePasskeyMutation = { __typename: 'Mutation', renamePasskey: { __typename: 'RenamePasskeyPayload', done: boolean | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type RemovePasskeyMutationVariables = Exact<{
  input: RemovePasskeyInput;
}>;


export type RemovePasskeyMutation = { __typename: 'Mutation', removePasskey: { __typename: 'RemovePasskeyPayload', done: boolean | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export const RefusalsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusals"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<RefusalsFragment, unknown>;
export const AccountFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Account"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Person"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}},{"kind":"Field","name":{"kind":"Name","value":"jobTitle"}},{"kind":"Field","name":{"kind":"Name","value":"language"}}]}}]} as unknown as DocumentNode<AccountFragment, unknown>;
export const PasskeyRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PasskeyRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Passkey"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"addedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastUsedAt"}},{"kind":"Field","name":{"kind":"Name","value":"isSynced"}}]}}]} as unknown as DocumentNode<PasskeyRowFragment, unknown>;
export const FactorFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Factor"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OwnSecondFactor"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"isOn"}},{"kind":"Field","name":{"kind":"Name","value":"since"}},{"kind":"Field","name":{"kind":"Name","value":"recoveryCodesLeft"}},{"kind":"Field","name":{"kind":"Name","value":"hasApp"}},{"kind":"Field","name":{"kind":"Name","value":"demand"}},{"kind":"Field","name":{"kind":"Name","value":"passkeys"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"PasskeyRow"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PasskeyRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Passkey"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"addedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastUsedAt"}},{"kind":"Field","name":{"kind":"Name","value":"isSynced"}}]}}]} as unknown as DocumentNode<FactorFragment, unknown>;
export const SessionRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OwnSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"device"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastUsedAt"}},{"kind":"Field","name":{"kind":"Name","value":"isCurrent"}}]}}]} as unknown as DocumentNode<SessionRowFragment, unknown>;
export const AccountPageDocument = {"__meta__":{"hash":"sha256:2995c3699c8460e738bce1781430c6ac8dbbc4bd34f684f766065bd520d1f648"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AccountPage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"me"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Account"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Account"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Person"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}},{"kind":"Field","name":{"kind":"Name","value":"jobTitle"}},{"kind":"Field","name":{"kind":"Name","value":"language"}}]}}]} as unknown as DocumentNode<AccountPageQuery, AccountPageQueryVariables>;
export const UpdateAccountDocument = {"__meta__":{"hash":"sha256:6e964e692836b8994d7e8a4a1b6896e612fa2b9ff98dbcb45b05ac6d3cd108cd"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateAccount"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateMyAccountInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"updateMyAccount"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"person"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Account"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusals"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Account"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Person"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}},{"kind":"Field","name":{"kind":"Name","value":"jobTitle"}},{"kind":"Field","name":{"kind":"Name","value":"language"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusals"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<UpdateAccountMutation, UpdateAccountMutationVariables>;
export const ChangePasswordDocument = {"__meta__":{"hash":"sha256:6d654a6ce916292d4469341de9fb3f62983f6a5550a32a498fc65f6097826e2f"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ChangePassword"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ChangePasswordInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"changePassword"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusals"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusals"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<ChangePasswordMutation, ChangePasswordMutationVariables>;
export const SecurityPageDocument = {"__meta__":{"hash":"sha256:defdd07ee205f2167b8c20618d4436c53440b7efd3c19f55a8e2a006ba78b4cf"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SecurityPage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"mySessions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionRow"}}]}},{"kind":"Field","name":{"kind":"Name","value":"mySecondFactor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Factor"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PasskeyRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Passkey"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"addedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastUsedAt"}},{"kind":"Field","name":{"kind":"Name","value":"isSynced"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OwnSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"device"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastUsedAt"}},{"kind":"Field","name":{"kind":"Name","value":"isCurrent"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Factor"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OwnSecondFactor"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"isOn"}},{"kind":"Field","name":{"kind":"Name","value":"since"}},{"kind":"Field","name":{"kind":"Name","value":"recoveryCodesLeft"}},{"kind":"Field","name":{"kind":"Name","value":"hasApp"}},{"kind":"Field","name":{"kind":"Name","value":"demand"}},{"kind":"Field","name":{"kind":"Name","value":"passkeys"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"PasskeyRow"}}]}}]}}]} as unknown as DocumentNode<SecurityPageQuery, SecurityPageQueryVariables>;
export const EndSessionDocument = {"__meta__":{"hash":"sha256:c38d240cccf9a03bc0192da1ad2ca03b4c1d522a239f4ca54b79cc736aec282b"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EndSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"EndSessionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"endSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusals"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusals"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<EndSessionMutation, EndSessionMutationVariables>;
export const EndOtherSessionsDocument = {"__meta__":{"hash":"sha256:3d915bf3067938ead80d4b44a448aed7fb82653ddaf6f2b87708c33b255b8dab"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EndOtherSessions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"EndOtherSessionsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"endOtherSessions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusals"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusals"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<EndOtherSessionsMutation, EndOtherSessionsMutationVariables>;
export const BeginAppDocument = {"__meta__":{"hash":"sha256:7620ebfda9ead3a05dff6ecd8f3ed85ae4a17b3fe9e55cca33dfa389f96f5f97"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"BeginApp"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SetUpSecondFactorInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"setUpSecondFactor"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"generator"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"secret"}},{"kind":"Field","name":{"kind":"Name","value":"uri"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusals"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusals"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<BeginAppMutation, BeginAppMutationVariables>;
export const ConfirmAppDocument = {"__meta__":{"hash":"sha256:27f30ede92f0dd0dfe71f8633695a1d66e225ff583ac29757a1165b86fb683e4"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ConfirmApp"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ConfirmSecondFactorInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"confirmSecondFactor"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"recoveryCodes"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusals"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusals"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<ConfirmAppMutation, ConfirmAppMutationVariables>;
export const RenewRecoveryCodesDocument = {"__meta__":{"hash":"sha256:470b30b400797036dd2847d1ea35a1697b46f03ab488ab6956b83deb3c85a95e"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RenewRecoveryCodes"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RenewRecoveryCodesInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"renewRecoveryCodes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"recoveryCodes"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusals"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusals"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<RenewRecoveryCodesMutation, RenewRecoveryCodesMutationVariables>;
export const RemoveSecondFactorDocument = {"__meta__":{"hash":"sha256:bf76705be250bf05b8ad795d874d8f5644f9ecb42ce38ddbc6c1ac24c1223a38"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RemoveSecondFactor"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RemoveSecondFactorInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"removeSecondFactor"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusals"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusals"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<RemoveSecondFactorMutation, RemoveSecondFactorMutationVariables>;
export const BeginPasskeyDocument = {"__meta__":{"hash":"sha256:247aa3609c89ee29ed1b0c7e9e157573f0c4032f224f018fdd8665d235404c3d"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"BeginPasskey"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"BeginPasskeyInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"beginPasskey"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"attempt"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"token"}},{"kind":"Field","name":{"kind":"Name","value":"options"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusals"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusals"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<BeginPasskeyMutation, BeginPasskeyMutationVariables>;
export const AddPasskeyDocument = {"__meta__":{"hash":"sha256:93b407ddebc27d144b0c06da5792b2e627f3f142f101aa7b965ebff2355a1347"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AddPasskey"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AddPasskeyInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"addPasskey"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"recoveryCodes"}},{"kind":"Field","name":{"kind":"Name","value":"passkey"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"PasskeyRow"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusals"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PasskeyRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Passkey"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"addedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastUsedAt"}},{"kind":"Field","name":{"kind":"Name","value":"isSynced"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusals"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<AddPasskeyMutation, AddPasskeyMutationVariables>;
export const RenamePasskeyDocument = {"__meta__":{"hash":"sha256:562bb1252ce685a4e3d6613378cfed5a3adfb6b18d6b566c09e23b76790be14b"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RenamePasskey"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RenamePasskeyInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"renamePasskey"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusals"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusals"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<RenamePasskeyMutation, RenamePasskeyMutationVariables>;
export const RemovePasskeyDocument = {"__meta__":{"hash":"sha256:019d1c21b70db68bb33c124e001d7110dff3eefe530270fae3c0fd68a9669f4a"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RemovePasskey"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RemovePasskeyInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"removePasskey"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusals"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusals"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<RemovePasskeyMutation, RemovePasskeyMutationVariables>;