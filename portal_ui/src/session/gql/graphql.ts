/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** An invite to accept, and the password to set. */
export type AcceptInviteInput = {
  /** A key of your choice for this request (8–255 printable ASCII characters, e.g. a UUID). Repeating the same key and input returns the original result for 7 days; a new request needs a new key. Without a key, a request that is sent again counts as another one. */
  idempotencyKey?: string | null | undefined;
  /** The password: at least 10 characters, and not easy to guess. */
  password: string;
  /** The token in the link. */
  token: string;
};

/** The challenge of a log-in, and a code. */
export type CompleteLogInInput = {
  /** The token of the challenge. */
  challenge: string;
  /** The six digits that the app shows now, or one of the recovery codes; each counts once. */
  code: string;
  /** A key of your choice for this request (8–255 printable ASCII characters, e.g. a UUID). Repeating the same key and input returns the original result for 7 days; a new request needs a new key. Without a key, a request that is sent again counts as another one. */
  idempotencyKey?: string | null | undefined;
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

/** The status of an invite link. */
export type InviteLinkState =
  /** The invite has expired. */
  | 'EXPIRED'
  /** The link was used, revoked or replaced, or never existed. */
  | 'GONE'
  /** The invite can be accepted. */
  | 'OPEN';

/** The account to log in to. */
export type LogInInput = {
  /** The e-mail address. */
  email: string;
  /** The organisation, for people who are staff of several; by default the one joined first. */
  organisationId?: string | number | null | undefined;
  /** The password. */
  password: string;
  /** The slug of the client portal; only staff leave it out. */
  portal?: string | null | undefined;
};

/** The response of the browser. */
export type PasskeyAnswerInput = {
  /** The credential that the browser returned, as JSON (`toJSON()`). */
  credential: string;
  /** The token of the attempt. */
  token: string;
};

/** The account whose password was forgotten. */
export type RequestPasswordResetInput = {
  /** The e-mail address. */
  email: string;
  /** A key of your choice for this request (8–255 printable ASCII characters, e.g. a UUID). Repeating the same key and input returns the original result for 7 days; a new request needs a new key. Without a key, a request that is sent again counts as another one. */
  idempotencyKey?: string | null | undefined;
  /** The organisation, for people who are staff of several; by default the one joined first. */
  organisationId?: string | number | null | undefined;
  /** The slug of the client portal; only staff leave it out. */
  portal?: string | null | undefined;
};

/** A new password, with the token from the e-mail. */
export type ResetPasswordInput = {
  /** A key of your choice for this request (8–255 printable ASCII characters, e.g. a UUID). Repeating the same key and input returns the original result for 7 days; a new request needs a new key. Without a key, a request that is sent again counts as another one. */
  idempotencyKey?: string | null | undefined;
  /** The password: at least 10 characters, and not easy to guess. */
  newPassword: string;
  /** The token in the link. */
  token: string;
};

/** A request to set up an app as second factor. */
export type SetUpSecondFactorInput = {
  /** The token of the challenge, for people who have to set up a second factor before they are in; leave it out when logged in. */
  challenge?: string | null | undefined;
};

/** The proof of identity: a code or passkey for people with a second factor, otherwise the password. */
export type StepUpInput = {
  /** The six digits that the app shows now, or one of the recovery codes; each counts once. */
  code?: string | null | undefined;
  /** The password, for people without a second factor. */
  currentPassword?: string | null | undefined;
  /** The response of the browser to `beginPasskeyStepUp`. */
  passkey?: PasskeyAnswerInput | null | undefined;
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

export type TokensFragment = { __typename: 'SessionTokens', accessToken: string, accessTokenExpiresAt: string, person:
    | { __typename: 'Contact', id: string, name: string, email: string | null, language: string | null }
    | { __typename: 'StaffMember', id: string, name: string, email: string | null, language: string | null }
   };

export type RefreshSessionMutationVariables = Exact<{ [key: string]: never; }>;


export type RefreshSessionMutation = { __typename: 'Mutation', refreshSession: { __typename: 'RefreshSessionPayload', session: { __typename: 'SessionTokens', accessToken: string, accessTokenExpiresAt: string, person:
        | { __typename: 'Contact', id: string, name: string, email: string | null, language: string | null }
        | { __typename: 'StaffMember', id: string, name: string, email: string | null, language: string | null }
       } | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type LogOutMutationVariables = Exact<{ [key: string]: never; }>;


export type LogOutMutation = { __typename: 'Mutation', logOut: { __typename: 'LogOutPayload', done: boolean | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type LogInMutationVariables = Exact<{
  input: LogInInput;
}>;


export type LogInMutation = { __typename: 'Mutation', logIn: { __typename: 'LogInPayload', session: { __typename: 'SessionTokens', accessToken: string, accessTokenExpiresAt: string, person:
        | { __typename: 'Contact', id: string, name: string, email: string | null, language: string | null }
        | { __typename: 'StaffMember', id: string, name: string, email: string | null, language: string | null }
       } | null, challenge: { __typename: 'LogInChallenge', token: string, expiresAt: string, mustSetUp: boolean } | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type CompleteLogInMutationVariables = Exact<{
  input: CompleteLogInInput;
}>;


export type CompleteLogInMutation = { __typename: 'Mutation', completeLogIn: { __typename: 'CompleteLogInPayload', session: { __typename: 'SessionTokens', accessToken: string, accessTokenExpiresAt: string, person:
        | { __typename: 'Contact', id: string, name: string, email: string | null, language: string | null }
        | { __typename: 'StaffMember', id: string, name: string, email: string | null, language: string | null }
       } | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type SetUpSecondFactorMutationVariables = Exact<{
  input: SetUpSecondFactorInput;
}>;


export type SetUpSecondFactorMutation = { __typename: 'Mutation', setUpSecondFactor: { __typename: 'SetUpSecondFactorPayload', generator: { __typename: 'CodeGenerator', secret: string, uri: string } | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type ConfirmSecondFactorMutationVariables = Exact<{
  input: ConfirmSecondFactorInput;
}>;


export type ConfirmSecondFactorMutation = { __typename: 'Mutation', confirmSecondFactor: { __typename: 'ConfirmSecondFactorPayload', recoveryCodes: Array<string> | null, session: { __typename: 'SessionTokens', accessToken: string, accessTokenExpiresAt: string, person:
        | { __typename: 'Contact', id: string, name: string, email: string | null, language: string | null }
        | { __typename: 'StaffMember', id: string, name: string, email: string | null, language: string | null }
       } | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type AcceptInviteMutationVariables = Exact<{
  input: AcceptInviteInput;
}>;


export type AcceptInviteMutation = { __typename: 'Mutation', acceptInvite: { __typename: 'AcceptInvitePayload', session: { __typename: 'SessionTokens', accessToken: string, accessTokenExpiresAt: string, person:
        | { __typename: 'Contact', id: string, name: string, email: string | null, language: string | null }
        | { __typename: 'StaffMember', id: string, name: string, email: string | null, language: string | null }
       } | null, challenge: { __typename: 'LogInChallenge', token: string, expiresAt: string, mustSetUp: boolean } | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type PreviewInviteQueryVariables = Exact<{
  token: string;
}>;


export type PreviewInviteQuery = { __typename: 'Query', previewInvite: { __typename: 'InvitePreview', state: InviteLinkState, name: string | null, email: string | null, organisationName: string | null, portalName: string | null, slug: string | null, expiresAt: string | null } | null };

export type RequestPasswordResetMutationVariables = Exact<{
  input: RequestPasswordResetInput;
}>;


export type RequestPasswordResetMutation = { __typename: 'Mutation', requestPasswordReset: { __typename: 'RequestPasswordResetPayload', done: boolean | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type ResetPasswordMutationVariables = Exact<{
  input: ResetPasswordInput;
}>;


export type ResetPasswordMutation = { __typename: 'Mutation', resetPassword: { __typename: 'ResetPasswordPayload', done: boolean | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type StepUpMutationVariables = Exact<{
  input: StepUpInput;
}>;


export type StepUpMutation = { __typename: 'Mutation', stepUp: { __typename: 'StepUpPayload', session: { __typename: 'SessionTokens', accessToken: string, accessTokenExpiresAt: string, person:
        | { __typename: 'Contact', id: string, name: string, email: string | null, language: string | null }
        | { __typename: 'StaffMember', id: string, name: string, email: string | null, language: string | null }
       } | null, userErrors: Array<{ __typename: 'UserError', code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type FrontDoorQueryVariables = Exact<{
  slug: string;
}>;


export type FrontDoorQuery = { __typename: 'Query', portal: { __typename: 'Portal', name: string, slug: string, bannerMessage: string | null, logo: string | null, organisationName: string, locale: string } | null };

export const TokensFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Tokens"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SessionTokens"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"accessTokenExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"person"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"language"}}]}}]}}]} as unknown as DocumentNode<TokensFragment, unknown>;
export const RefreshSessionDocument = {"__meta__":{"hash":"sha256:44f68bab9e0c5e577abcdf06329d05cccfc03ff2001c11473e63772fb5186c23"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RefreshSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"refreshSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Tokens"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Tokens"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SessionTokens"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"accessTokenExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"person"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"language"}}]}}]}}]} as unknown as DocumentNode<RefreshSessionMutation, RefreshSessionMutationVariables>;
export const LogOutDocument = {"__meta__":{"hash":"sha256:2919641c64bd9d4ad844e8a2b83fca6a5156b49de2378d407a89c00ea09b3705"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"LogOut"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"logOut"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<LogOutMutation, LogOutMutationVariables>;
export const LogInDocument = {"__meta__":{"hash":"sha256:9e250040c688a53bba688350659696e7661e6e0a4b474c4943baf4a108f29133"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"LogIn"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"LogInInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"logIn"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Tokens"}}]}},{"kind":"Field","name":{"kind":"Name","value":"challenge"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"token"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"mustSetUp"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Tokens"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SessionTokens"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"accessTokenExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"person"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"language"}}]}}]}}]} as unknown as DocumentNode<LogInMutation, LogInMutationVariables>;
export const CompleteLogInDocument = {"__meta__":{"hash":"sha256:d1a52ea6c573ebdc8a68f18558274ff6a4883c04b14d1ba567337fd78175b458"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CompleteLogIn"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CompleteLogInInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"completeLogIn"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Tokens"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Tokens"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SessionTokens"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"accessTokenExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"person"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"language"}}]}}]}}]} as unknown as DocumentNode<CompleteLogInMutation, CompleteLogInMutationVariables>;
export const SetUpSecondFactorDocument = {"__meta__":{"hash":"sha256:840ece5bc12173aef5468a14b2c29e9e8163abaeaaf7511522d42a5326a0980d"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SetUpSecondFactor"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SetUpSecondFactorInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"setUpSecondFactor"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"generator"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"secret"}},{"kind":"Field","name":{"kind":"Name","value":"uri"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<SetUpSecondFactorMutation, SetUpSecondFactorMutationVariables>;
export const ConfirmSecondFactorDocument = {"__meta__":{"hash":"sha256:ae670313edf37386bda43886f08e44b3ad1780a43314fb5fcba54e8679a56fc8"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ConfirmSecondFactor"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ConfirmSecondFactorInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"confirmSecondFactor"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"recoveryCodes"}},{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Tokens"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Tokens"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SessionTokens"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"accessTokenExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"person"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"language"}}]}}]}}]} as unknown as DocumentNode<ConfirmSecondFactorMutation, ConfirmSecondFactorMutationVariables>;
export const AcceptInviteDocument = {"__meta__":{"hash":"sha256:0d403aa7e36f79fad8f9a255525c123cf7ad8607108b2046a196b9f0495f05e3"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AcceptInvite"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AcceptInviteInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"acceptInvite"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Tokens"}}]}},{"kind":"Field","name":{"kind":"Name","value":"challenge"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"token"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"mustSetUp"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Tokens"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SessionTokens"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"accessTokenExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"person"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"language"}}]}}]}}]} as unknown as DocumentNode<AcceptInviteMutation, AcceptInviteMutationVariables>;
export const PreviewInviteDocument = {"__meta__":{"hash":"sha256:ac4e57671eaa7f1885dd06c0bbde7761316beb2a245ba01a966796840ae4166e"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PreviewInvite"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"token"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"previewInvite"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"token"},"value":{"kind":"Variable","name":{"kind":"Name","value":"token"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"organisationName"}},{"kind":"Field","name":{"kind":"Name","value":"portalName"}},{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]} as unknown as DocumentNode<PreviewInviteQuery, PreviewInviteQueryVariables>;
export const RequestPasswordResetDocument = {"__meta__":{"hash":"sha256:f1d1b4b2fef4f387d5b156c21eb372dfa9c53ed8219de5e544fb9902485a845a"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RequestPasswordReset"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RequestPasswordResetInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"requestPasswordReset"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<RequestPasswordResetMutation, RequestPasswordResetMutationVariables>;
export const ResetPasswordDocument = {"__meta__":{"hash":"sha256:6a161a2f8ca119a0fb888bd4278e9c3d34618877cb02bd1313f3d2712914a4d7"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ResetPassword"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ResetPasswordInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"resetPassword"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<ResetPasswordMutation, ResetPasswordMutationVariables>;
export const StepUpDocument = {"__meta__":{"hash":"sha256:bbc9c2dbf30fb0a974fbac5dbee1b2e0345c8032861e73d44e34fe5ccb499e7d"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"StepUp"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"StepUpInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"stepUp"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Tokens"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Tokens"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SessionTokens"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"accessTokenExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"person"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"language"}}]}}]}}]} as unknown as DocumentNode<StepUpMutation, StepUpMutationVariables>;
export const FrontDoorDocument = {"__meta__":{"hash":"sha256:d3df169c36361707fc56277459a60bbc5a4317f8f3927e29414ad29e30f6a4f5"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FrontDoor"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"slug"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"portal"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"slug"},"value":{"kind":"Variable","name":{"kind":"Name","value":"slug"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"bannerMessage"}},{"kind":"Field","name":{"kind":"Name","value":"logo"}},{"kind":"Field","name":{"kind":"Name","value":"organisationName"}},{"kind":"Field","name":{"kind":"Name","value":"locale"}}]}}]}}]} as unknown as DocumentNode<FrontDoorQuery, FrontDoorQueryVariables>;