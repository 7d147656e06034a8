// Made by `./portal errors`: each mutation's codes of `userErrors`, with the input fields they may name.
export const refusals = {
 "acceptEstimate": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "DIRECTORY_UNAVAILABLE": [],
  "ESTIMATE_EXPIRED": [],
  "ESTIMATE_NOT_SENT": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "estimateId"
  ],
  "REVISION_OUTDATED": [],
  "ROLE_FORBIDS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "estimateId"
  ]
 },
 "acceptInvite": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "LINK_NOT_VALID": [
   "token"
  ],
  "LOG_IN_REFUSED": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PASSWORD_TOO_COMMON": [],
  "PASSWORD_TOO_LONG": [],
  "PASSWORD_TOO_SHORT": [],
  "TOO_BUSY": [],
  "UNREADABLE": []
 },
 "addComment": {
  "ALREADY_EXISTS": [],
  "CONTROL_CHARACTERS": [
   "text"
  ],
  "DIRECTORY_UNAVAILABLE": [],
  "DOCUMENT_NOT_SENT": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "LOOKS_LIKE_CARD_NUMBER": [
   "text"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "documentId"
  ],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [
   "text"
  ],
  "TEXT_TOO_LONG": [
   "text"
  ],
  "TOO_MANY_COMMENTS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "documentId"
  ]
 },
 "addContact": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "CONTROL_CHARACTERS": [],
  "EMAIL_TAKEN": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_EMAIL": [],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVALID_PHONE": [],
  "LOOKS_LIKE_CARD_NUMBER": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "customerId"
  ],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [],
  "TEXT_TOO_LONG": [],
  "UNKNOWN_LOCALE": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "customerId"
  ]
 },
 "addPasskey": {
  "ALREADY_EXISTS": [],
  "CHALLENGE_OVER": [
   "challenge"
  ],
  "CONCURRENT_UPDATE": [],
  "CONTROL_CHARACTERS": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "LOG_IN_REFUSED": [],
  "LOOKS_LIKE_CARD_NUMBER": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PASSKEY_ATTEMPT_OVER": [
   "token"
  ],
  "PASSKEY_KNOWN": [],
  "PASSKEY_REFUSED": [],
  "PROOF_NEEDED": [],
  "SECOND_FACTOR_IS_ON": [],
  "SET_UP_OVER": [],
  "TEXT_REQUIRED": [],
  "TEXT_TOO_LONG": [],
  "TOO_MANY_PASSKEYS": [],
  "UNREADABLE": []
 },
 "addSavedCard": {
  "ALREADY_EXISTS": [],
  "CARDS_NOT_ACCEPTED": [],
  "CARD_FORM_UNFINISHED": [],
  "CARD_REFUSED": [],
  "CARD_TOKEN_INVALID": [],
  "CARD_TOKEN_USED": [],
  "CONCURRENT_UPDATE": [],
  "DIRECTORY_UNAVAILABLE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PROOF_NEEDED": [],
  "PROVIDER_UNAVAILABLE": [],
  "ROLE_FORBIDS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": []
 },
 "beginPasskey": {
  "ALREADY_EXISTS": [],
  "CHALLENGE_OVER": [
   "challenge"
  ],
  "NOT_FOUND": [],
  "PROOF_NEEDED": [],
  "SECOND_FACTOR_IS_ON": [],
  "SECOND_FACTOR_NOT_OFFERED": [],
  "UNREADABLE": []
 },
 "beginPasskeyLogIn": {
  "ALREADY_EXISTS": [],
  "CHALLENGE_OVER": [
   "challenge"
  ],
  "NOT_FOUND": [],
  "UNREADABLE": []
 },
 "beginPasskeyStepUp": {
  "ALREADY_EXISTS": [],
  "NOT_FOUND": [],
  "NO_SECOND_FACTOR": [],
  "UNREADABLE": []
 },
 "cancelPayment": {
  "ALREADY_EXISTS": [],
  "AMOUNT_NOT_POSITIVE": [],
  "CONCURRENT_UPDATE": [],
  "CURRENCY_MISMATCH": [],
  "DIRECTORY_UNAVAILABLE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PAYMENT_ALREADY_SETTLED": [],
  "PAYMENT_NOT_CANCELLABLE": [],
  "PAYMENT_NOT_REFUNDABLE": [],
  "REFUND_TOO_LARGE": [],
  "ROLE_FORBIDS": [],
  "UNKNOWN_CURRENCY": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "paymentId"
  ]
 },
 "changeInvoiceTerms": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "DATE_PASSED": [
   "paymentTerms.dueOn"
  ],
  "DATE_TOO_FAR": [
   "paymentTerms.dueOn"
  ],
  "DIRECTORY_UNAVAILABLE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVOICE_NOT_OPEN": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "invoiceId"
  ],
  "NO_PAYMENT_MODES": [
   "paymentTerms.modes"
  ],
  "ROLE_FORBIDS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "invoiceId"
  ]
 },
 "changePassword": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PASSWORD_CHANGED_MEANWHILE": [],
  "PASSWORD_TOO_COMMON": [],
  "PASSWORD_TOO_LONG": [],
  "PASSWORD_TOO_SHORT": [],
  "TOO_BUSY": [],
  "UNREADABLE": [],
  "WRONG_PASSWORD": [
   "currentPassword"
  ]
 },
 "completeLogIn": {
  "ALREADY_EXISTS": [],
  "CHALLENGE_OVER": [
   "challenge"
  ],
  "CODE_REFUSED": [
   "code"
  ],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "LOG_IN_REFUSED": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "NO_SECOND_FACTOR": [],
  "UNREADABLE": []
 },
 "confirmEmail": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "LINK_NOT_VALID": [
   "token"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "TOO_BUSY": [],
  "UNREADABLE": [],
  "WRONG_PASSWORD": []
 },
 "confirmPayment": {
  "ALREADY_EXISTS": [],
  "AMOUNT_NOT_POSITIVE": [],
  "CURRENCY_MISMATCH": [],
  "DIRECTORY_UNAVAILABLE": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PAYMENT_ALREADY_SETTLED": [],
  "PAYMENT_NOT_REFUNDABLE": [],
  "REFUND_TOO_LARGE": [],
  "ROLE_FORBIDS": [],
  "UNKNOWN_CURRENCY": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "paymentId"
  ]
 },
 "confirmSecondFactor": {
  "ALREADY_EXISTS": [],
  "CHALLENGE_OVER": [
   "challenge"
  ],
  "CODE_REFUSED": [
   "code"
  ],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "LOG_IN_REFUSED": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PROOF_NEEDED": [],
  "SECOND_FACTOR_IS_ON": [],
  "SET_UP_OVER": [],
  "UNREADABLE": []
 },
 "convertEstimate": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "DIRECTORY_UNAVAILABLE": [],
  "ESTIMATE_NOT_ACCEPTED": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "NO_PAYMENT_MODES": [],
  "ROLE_FORBIDS": [],
  "TOO_MANY_VOID_INVOICES": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "estimateId"
  ]
 },
 "createCardSession": {
  "CARDS_NOT_ACCEPTED": [],
  "PROVIDER_UNAVAILABLE": [],
  "RETURN_URL_NOT_ALLOWED": [
   "origin",
   "returnUrl"
  ],
  "ROLE_FORBIDS": []
 },
 "createCustomer": {
  "ALREADY_EXISTS": [],
  "CONTROL_CHARACTERS": [
   "billingAddress.city",
   "billingAddress.line1",
   "billingAddress.line2",
   "billingAddress.postalCode",
   "billingAddress.region",
   "name",
   "notes",
   "registrationNumber",
   "shippingAddress.city",
   "shippingAddress.line1",
   "shippingAddress.line2",
   "shippingAddress.postalCode",
   "shippingAddress.region",
   "taxId",
   "website"
  ],
  "CURRENCY_ENDED": [
   "currency"
  ],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_EMAIL": [
   "email"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVALID_PHONE": [
   "phone"
  ],
  "INVALID_WEBSITE": [
   "website"
  ],
  "LOOKS_LIKE_CARD_NUMBER": [
   "billingAddress.city",
   "billingAddress.line1",
   "billingAddress.line2",
   "billingAddress.region",
   "name",
   "notes",
   "shippingAddress.city",
   "shippingAddress.line1",
   "shippingAddress.line2",
   "shippingAddress.region",
   "website"
  ],
  "NOT_FOUND": [],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [
   "billingAddress.city",
   "billingAddress.line1",
   "name",
   "shippingAddress.city",
   "shippingAddress.line1"
  ],
  "TEXT_TOO_LONG": [
   "billingAddress.city",
   "billingAddress.line1",
   "billingAddress.line2",
   "billingAddress.postalCode",
   "billingAddress.region",
   "name",
   "notes",
   "registrationNumber",
   "shippingAddress.city",
   "shippingAddress.line1",
   "shippingAddress.line2",
   "shippingAddress.postalCode",
   "shippingAddress.region",
   "taxId",
   "website"
  ],
  "UNKNOWN_COUNTRY": [
   "billingAddress.country",
   "shippingAddress.country"
  ],
  "UNKNOWN_CURRENCY": [
   "currency"
  ],
  "UNKNOWN_LOCALE": [
   "language"
  ],
  "UNREADABLE": [],
  "WRONG_ID_KIND": []
 },
 "createEstimate": {
  "ADJUSTMENT_NEGATIVE": [
   "adjustments[].amount",
   "lines[].adjustments[].amount"
  ],
  "ALREADY_EXISTS": [],
  "AMOUNT_OR_PERCENT": [
   "adjustments[]",
   "lines[].adjustments[]"
  ],
  "CONTROL_CHARACTERS": [
   "adjustments[].label",
   "adjustments[].taxes[].name",
   "lines[].adjustments[].label",
   "lines[].description",
   "lines[].taxes[].name",
   "lines[].unit",
   "notes",
   "reference",
   "subject",
   "terms"
  ],
  "CURRENCY_ENDED": [
   "currency"
  ],
  "DIRECTORY_UNAVAILABLE": [],
  "DISCOUNT_TOO_LARGE": [
   "adjustments[]",
   "lines[].adjustments[]"
  ],
  "DUPLICATE_TAX": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "LOOKS_LIKE_CARD_NUMBER": [
   "adjustments[].label",
   "adjustments[].taxes[].name",
   "lines[].adjustments[].label",
   "lines[].description",
   "lines[].taxes[].name",
   "lines[].unit",
   "notes",
   "subject",
   "terms"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "customerId"
  ],
  "NO_LINES": [
   "lines"
  ],
  "NUMBER_OUT_OF_RANGE": [
   "adjustments[].percent",
   "adjustments[].taxes[].percent",
   "lines[].adjustments[].percent",
   "lines[].priceBaseQuantity",
   "lines[].quantity",
   "lines[].taxes[].percent",
   "lines[].unitPrice",
   "prepaid",
   "rounding"
  ],
  "PREPAID_SIGN": [],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [
   "adjustments[].taxes[].name",
   "lines[].description",
   "lines[].taxes[].name"
  ],
  "TEXT_TOO_LONG": [
   "adjustments[].label",
   "adjustments[].taxes[].name",
   "lines[].adjustments[].label",
   "lines[].description",
   "lines[].taxes[].name",
   "lines[].unit",
   "notes",
   "reference",
   "subject",
   "terms"
  ],
  "TOO_MANY_DIGITS": [
   "adjustments[].amount",
   "adjustments[].percent",
   "adjustments[].taxes[].percent",
   "lines[].adjustments[].amount",
   "lines[].adjustments[].percent",
   "lines[].priceBaseQuantity",
   "lines[].quantity",
   "lines[].taxes[].percent",
   "lines[].unitPrice",
   "prepaid",
   "rounding"
  ],
  "TOO_MANY_ENTRIES": [],
  "UNKNOWN_CURRENCY": [
   "currency"
  ],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "customerId"
  ]
 },
 "createInvoice": {
  "ADJUSTMENT_NEGATIVE": [
   "adjustments[].amount",
   "lines[].adjustments[].amount"
  ],
  "ALREADY_EXISTS": [],
  "AMOUNT_OR_PERCENT": [
   "adjustments[]",
   "lines[].adjustments[]"
  ],
  "CONTROL_CHARACTERS": [
   "adjustments[].label",
   "adjustments[].taxes[].name",
   "lines[].adjustments[].label",
   "lines[].description",
   "lines[].taxes[].name",
   "lines[].unit",
   "notes",
   "reference",
   "subject",
   "terms"
  ],
  "CURRENCY_ENDED": [
   "currency"
  ],
  "DIRECTORY_UNAVAILABLE": [],
  "DISCOUNT_TOO_LARGE": [
   "adjustments[]",
   "lines[].adjustments[]"
  ],
  "DUPLICATE_TAX": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "LOOKS_LIKE_CARD_NUMBER": [
   "adjustments[].label",
   "adjustments[].taxes[].name",
   "lines[].adjustments[].label",
   "lines[].description",
   "lines[].taxes[].name",
   "lines[].unit",
   "notes",
   "subject",
   "terms"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "customerId"
  ],
  "NO_LINES": [
   "lines"
  ],
  "NO_PAYMENT_MODES": [
   "paymentTerms.modes"
  ],
  "NUMBER_OUT_OF_RANGE": [
   "adjustments[].percent",
   "adjustments[].taxes[].percent",
   "lines[].adjustments[].percent",
   "lines[].priceBaseQuantity",
   "lines[].quantity",
   "lines[].taxes[].percent",
   "lines[].unitPrice",
   "prepaid",
   "rounding"
  ],
  "PREPAID_SIGN": [],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [
   "adjustments[].taxes[].name",
   "lines[].description",
   "lines[].taxes[].name"
  ],
  "TEXT_TOO_LONG": [
   "adjustments[].label",
   "adjustments[].taxes[].name",
   "lines[].adjustments[].label",
   "lines[].description",
   "lines[].taxes[].name",
   "lines[].unit",
   "notes",
   "reference",
   "subject",
   "terms"
  ],
  "TOO_MANY_DIGITS": [
   "adjustments[].amount",
   "adjustments[].percent",
   "adjustments[].taxes[].percent",
   "lines[].adjustments[].amount",
   "lines[].adjustments[].percent",
   "lines[].priceBaseQuantity",
   "lines[].quantity",
   "lines[].taxes[].percent",
   "lines[].unitPrice",
   "prepaid",
   "rounding"
  ],
  "TOO_MANY_ENTRIES": [],
  "UNKNOWN_CURRENCY": [
   "currency"
  ],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "customerId"
  ]
 },
 "deactivateStaff": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "LAST_OWNER": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "id"
  ],
  "NO_ACCESS_TO_DISABLE": [],
  "ROLE_FORBIDS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "id"
  ]
 },
 "declineEstimate": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "CONTROL_CHARACTERS": [
   "reason"
  ],
  "DIRECTORY_UNAVAILABLE": [],
  "ESTIMATE_EXPIRED": [],
  "ESTIMATE_NOT_SENT": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "LOOKS_LIKE_CARD_NUMBER": [
   "reason"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "estimateId"
  ],
  "REVISION_OUTDATED": [],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [
   "reason"
  ],
  "TEXT_TOO_LONG": [
   "reason"
  ],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "estimateId"
  ]
 },
 "disableContact": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "id"
  ],
  "NO_ACCESS_TO_DISABLE": [],
  "ROLE_FORBIDS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "id"
  ]
 },
 "disablePortal": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PORTAL_NOT_ENABLED": [],
  "ROLE_FORBIDS": [],
  "SLUG_TAKEN": [],
  "UNREADABLE": []
 },
 "enableContact": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_DISABLED": [],
  "NOT_FOUND": [
   "id"
  ],
  "ROLE_FORBIDS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "id"
  ]
 },
 "enablePortal": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "CONTROL_CHARACTERS": [],
  "CURRENCY_ENDED": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_EMAIL": [],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVALID_LOGO": [
   "logo"
  ],
  "INVALID_PHONE": [],
  "INVALID_SLUG": [],
  "INVALID_WEBSITE": [],
  "LOOKS_LIKE_CARD_NUMBER": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PORTAL_ALREADY_ENABLED": [],
  "PORTAL_NOT_ENABLED": [],
  "ROLE_FORBIDS": [],
  "SLUG_TAKEN": [],
  "TEXT_REQUIRED": [],
  "TEXT_TOO_LONG": [],
  "UNKNOWN_COUNTRY": [],
  "UNKNOWN_CURRENCY": [],
  "UNKNOWN_LOCALE": [],
  "UNKNOWN_TIME_ZONE": [],
  "UNREADABLE": []
 },
 "endOtherSessions": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PROOF_NEEDED": [],
  "UNREADABLE": []
 },
 "endSession": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "sessionId"
  ],
  "PROOF_NEEDED": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "sessionId"
  ]
 },
 "eraseContact": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "CONTACT_IS_ERASED": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PROOF_NEEDED": [],
  "ROLE_FORBIDS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "id"
  ]
 },
 "forwardDocument": {
  "ALREADY_EXISTS": [],
  "CONTROL_CHARACTERS": [
   "message",
   "recipientName"
  ],
  "DIRECTORY_UNAVAILABLE": [],
  "FORWARDING_NOT_ALLOWED": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_EMAIL": [
   "recipientEmail"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "LOOKS_LIKE_CARD_NUMBER": [
   "message",
   "recipientName"
  ],
  "NOT_FOUND": [
   "documentId"
  ],
  "ONLY_CLIENTS_FORWARD": [],
  "TEXT_REQUIRED": [
   "recipientName"
  ],
  "TEXT_TOO_LONG": [
   "message",
   "recipientName"
  ],
  "TOO_MANY_FORWARDS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "documentId"
  ]
 },
 "inviteContacts": {
  "ACCESS_DISABLED": [],
  "ALREADY_EXISTS": [],
  "ALREADY_HAS_ACCESS": [],
  "CONCURRENT_UPDATE": [],
  "CONTACT_IS_ERASED": [],
  "EMAIL_HAS_ACCESS": [],
  "EMAIL_UNPROVEN": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVITE_QUOTA_REACHED": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "contactIds[]"
  ],
  "PORTAL_NOT_ENABLED": [],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [
   "contactIds"
  ],
  "TOO_MANY_ENTRIES": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "contactIds[]"
  ]
 },
 "inviteStaff": {
  "ACCESS_DISABLED": [],
  "ALREADY_EXISTS": [],
  "ALREADY_HAS_ACCESS": [],
  "CONTROL_CHARACTERS": [
   "name"
  ],
  "EMAIL_TAKEN": [],
  "EMAIL_UNPROVEN": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_EMAIL": [
   "email"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVITE_QUOTA_REACHED": [],
  "LOOKS_LIKE_CARD_NUMBER": [
   "name"
  ],
  "NEWER_VERSION": [],
  "NOT_A_STAFF_ROLE": [],
  "NOT_FOUND": [],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [
   "name"
  ],
  "TEXT_TOO_LONG": [
   "name"
  ],
  "UNKNOWN_LOCALE": [
   "language"
  ],
  "UNREADABLE": [],
  "WRONG_ID_KIND": []
 },
 "logIn": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "LOG_IN_REFUSED": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "TOO_BUSY": [],
  "UNREADABLE": []
 },
 "logInWithPasskey": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "LOG_IN_REFUSED": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PASSKEY_ATTEMPT_OVER": [
   "token"
  ],
  "PASSKEY_COPIED": [],
  "PASSKEY_REFUSED": [],
  "UNREADABLE": []
 },
 "logOut": {},
 "logOutEverywhere": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "UNREADABLE": []
 },
 "markAllNotificationsRead": {
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ]
 },
 "markNotificationsRead": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "DIRECTORY_UNAVAILABLE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "ROLE_FORBIDS": [],
  "TOO_MANY_ENTRIES": [
   "ids"
  ],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "ids"
  ]
 },
 "payInvoice": {
  "ALREADY_EXISTS": [],
  "AMOUNT_EXCEEDS_BALANCE": [],
  "AMOUNT_NOT_CHARGEABLE": [],
  "AMOUNT_NOT_POSITIVE": [],
  "CARDS_NOT_ACCEPTED": [],
  "CARD_EXPIRED": [],
  "CARD_FORM_UNFINISHED": [],
  "CARD_MISSING": [
   "cardToken"
  ],
  "CARD_REFUSED": [],
  "CARD_TOKEN_INVALID": [
   "cardToken"
  ],
  "CARD_TOKEN_USED": [],
  "CONCURRENT_UPDATE": [],
  "CURRENCY_MISMATCH": [],
  "DIRECTORY_UNAVAILABLE": [],
  "EARLIER_PAYMENT_SUCCEEDED": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVOICE_NOT_OPEN": [],
  "MODE_NOT_ONLINE": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "NUMBER_OUT_OF_RANGE": [
   "amount.amount"
  ],
  "PARTIAL_PAYMENT_NOT_ALLOWED": [],
  "PAYMENT_ALREADY_SETTLED": [],
  "PAYMENT_AMOUNT_CHANGED": [],
  "PAYMENT_ENDED": [],
  "PAYMENT_MODE_NOT_ALLOWED": [],
  "PAYMENT_NOT_REFUNDABLE": [],
  "PROVIDER_UNAVAILABLE": [],
  "REFUND_TOO_LARGE": [],
  "RETURN_URL_NOT_ALLOWED": [
   "returnUrl"
  ],
  "ROLE_FORBIDS": [],
  "TOO_MANY_DIGITS": [
   "amount.amount"
  ],
  "TOO_MANY_PAYMENTS": [],
  "UNKNOWN_CURRENCY": [
   "amount.currency"
  ],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "invoiceId",
   "savedCardId"
  ]
 },
 "reactivateStaff": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_DISABLED": [],
  "NOT_FOUND": [
   "id"
  ],
  "ROLE_FORBIDS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "id"
  ]
 },
 "recordDocumentView": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "DIRECTORY_UNAVAILABLE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "documentId"
  ],
  "ONLY_CLIENTS_VIEW": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "documentId"
  ]
 },
 "recordPayment": {
  "ALREADY_EXISTS": [],
  "AMOUNT_EXCEEDS_BALANCE": [],
  "AMOUNT_NOT_POSITIVE": [],
  "CONCURRENT_UPDATE": [],
  "CONTROL_CHARACTERS": [],
  "CURRENCY_MISMATCH": [],
  "DATE_PASSED": [],
  "DIRECTORY_UNAVAILABLE": [],
  "EARLIER_PAYMENT_SUCCEEDED": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVOICE_NOT_OPEN": [],
  "LOOKS_LIKE_CARD_NUMBER": [
   "note"
  ],
  "MODE_NOT_OFFLINE": [
   "mode"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "NUMBER_OUT_OF_RANGE": [
   "amount.amount"
  ],
  "PARTIAL_PAYMENT_NOT_ALLOWED": [],
  "PAYMENT_ALREADY_SETTLED": [],
  "PAYMENT_AMOUNT_CHANGED": [],
  "PAYMENT_ENDED": [],
  "PAYMENT_NOT_RECORDED": [],
  "PAYMENT_NOT_REFUNDABLE": [],
  "RECEIVED_IN_FUTURE": [],
  "REFUND_TOO_LARGE": [],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [],
  "TEXT_TOO_LONG": [
   "note"
  ],
  "TOO_MANY_DIGITS": [
   "amount.amount"
  ],
  "TOO_MANY_PAYMENTS": [],
  "UNKNOWN_CURRENCY": [
   "amount.currency"
  ],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "invoiceId"
  ]
 },
 "refreshSession": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "SESSION_ENDED": [],
  "UNREADABLE": []
 },
 "refundPayment": {
  "ALREADY_EXISTS": [],
  "AMOUNT_NOT_POSITIVE": [],
  "CONCURRENT_UPDATE": [],
  "CONTROL_CHARACTERS": [],
  "CURRENCY_MISMATCH": [],
  "DIRECTORY_UNAVAILABLE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "LOOKS_LIKE_CARD_NUMBER": [
   "reason"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "NUMBER_OUT_OF_RANGE": [
   "amount.amount"
  ],
  "PAYMENT_ALREADY_SETTLED": [],
  "PAYMENT_NOT_REFUNDABLE": [],
  "PROVIDER_UNAVAILABLE": [],
  "REFUND_NOT_POSSIBLE": [],
  "REFUND_TOO_LARGE": [],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [],
  "TEXT_TOO_LONG": [
   "reason"
  ],
  "TOO_MANY_DIGITS": [
   "amount.amount"
  ],
  "UNKNOWN_CURRENCY": [
   "amount.currency"
  ],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "paymentId"
  ]
 },
 "registerOrganisation": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "CONTROL_CHARACTERS": [
   "address.city",
   "address.line1",
   "address.line2",
   "address.postalCode",
   "address.region",
   "name",
   "owner.name"
  ],
  "CURRENCY_ENDED": [],
  "EMAIL_IS_PROVEN": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_EMAIL": [
   "owner.email"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVALID_PHONE": [],
  "INVALID_WEBSITE": [],
  "LOG_IN_REFUSED": [],
  "LOOKS_LIKE_CARD_NUMBER": [
   "address.city",
   "address.line1",
   "address.line2",
   "address.region",
   "name",
   "owner.name"
  ],
  "NEWER_VERSION": [],
  "NOT_A_STAFF_ROLE": [],
  "NOT_FOUND": [],
  "PASSWORD_TOO_COMMON": [],
  "PASSWORD_TOO_LONG": [
   "owner.password"
  ],
  "PASSWORD_TOO_SHORT": [
   "owner.password"
  ],
  "TEXT_REQUIRED": [
   "address.city",
   "address.line1",
   "name",
   "owner.name"
  ],
  "TEXT_TOO_LONG": [
   "address.city",
   "address.line1",
   "address.line2",
   "address.postalCode",
   "address.region",
   "name",
   "owner.name"
  ],
  "TOO_BUSY": [],
  "TOO_MANY_REGISTRATIONS": [],
  "UNKNOWN_COUNTRY": [
   "address.country"
  ],
  "UNKNOWN_CURRENCY": [
   "currency"
  ],
  "UNKNOWN_LOCALE": [
   "locale",
   "owner.language"
  ],
  "UNKNOWN_TIME_ZONE": [
   "timeZone"
  ],
  "UNREADABLE": []
 },
 "remindOfInvoice": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "DIRECTORY_UNAVAILABLE": [],
  "EMAIL_UNPROVEN": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVOICE_NOT_OPEN": [],
  "NEWER_VERSION": [],
  "NOBODY_TO_REACH": [],
  "NOTHING_OWED": [],
  "NOT_A_CONTACT_OF_THE_CLIENT": [
   "recipientIds[]"
  ],
  "NOT_FOUND": [
   "invoiceId"
  ],
  "NOT_YET_SENT": [],
  "REMINDED_RECENTLY": [],
  "ROLE_FORBIDS": [],
  "TOO_MANY_ENTRIES": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "invoiceId"
  ]
 },
 "removePasskey": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "id"
  ],
  "PROOF_NEEDED": [],
  "SECOND_FACTOR_NEEDED": [],
  "UNREADABLE": []
 },
 "removeReminderPolicy": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "DIRECTORY_UNAVAILABLE": [],
  "DUPLICATE_DAY": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "customerId"
  ],
  "NUMBER_OUT_OF_RANGE": [],
  "ROLE_FORBIDS": [],
  "TOO_MANY_ENTRIES": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "customerId"
  ]
 },
 "removeSavedCard": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "DIRECTORY_UNAVAILABLE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PROOF_NEEDED": [],
  "PROVIDER_UNAVAILABLE": [],
  "ROLE_FORBIDS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "savedCardId"
  ]
 },
 "removeSecondFactor": {
  "ALREADY_EXISTS": [],
  "CODE_REFUSED": [],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "NO_SECOND_FACTOR": [],
  "SECOND_FACTOR_NEEDED": [],
  "UNREADABLE": []
 },
 "renamePasskey": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "CONTROL_CHARACTERS": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "LOOKS_LIKE_CARD_NUMBER": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "id"
  ],
  "TEXT_REQUIRED": [],
  "TEXT_TOO_LONG": [],
  "UNREADABLE": []
 },
 "renewRecoveryCodes": {
  "ALREADY_EXISTS": [],
  "CODE_REFUSED": [],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "NO_SECOND_FACTOR": [],
  "UNREADABLE": []
 },
 "requestPasswordReset": {
  "ALREADY_EXISTS": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NOT_FOUND": [],
  "UNREADABLE": []
 },
 "resendConfirmation": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "CONFIRMATION_QUOTA_REACHED": [],
  "EMAIL_IS_PROVEN": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "UNREADABLE": []
 },
 "resendEstimate": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "DIRECTORY_UNAVAILABLE": [],
  "EMAIL_UNPROVEN": [],
  "ESTIMATE_EXPIRED": [],
  "ESTIMATE_NOT_SENT": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOBODY_TO_REACH": [],
  "NOT_A_CONTACT_OF_THE_CLIENT": [
   "recipientIds[]"
  ],
  "NOT_FOUND": [],
  "NOT_YET_SENT": [],
  "ROLE_FORBIDS": [],
  "SENT_TOO_OFTEN": [],
  "TOO_MANY_ENTRIES": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "estimateId"
  ]
 },
 "resendInvite": {
  "ACCESS_DISABLED": [],
  "ALREADY_EXISTS": [],
  "ALREADY_HAS_ACCESS": [],
  "CONCURRENT_UPDATE": [],
  "EMAIL_UNPROVEN": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVITE_QUOTA_REACHED": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "id"
  ],
  "NOT_INVITED": [],
  "PORTAL_NOT_ENABLED": [],
  "ROLE_FORBIDS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "id"
  ]
 },
 "resendInvoice": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "DIRECTORY_UNAVAILABLE": [],
  "EMAIL_UNPROVEN": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVOICE_NOT_OPEN": [],
  "NEWER_VERSION": [],
  "NOBODY_TO_REACH": [],
  "NOT_A_CONTACT_OF_THE_CLIENT": [
   "recipientIds[]"
  ],
  "NOT_FOUND": [
   "invoiceId"
  ],
  "NOT_YET_SENT": [],
  "ROLE_FORBIDS": [],
  "SENT_TOO_OFTEN": [],
  "TOO_MANY_ENTRIES": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "invoiceId"
  ]
 },
 "resetPassword": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "LINK_NOT_VALID": [
   "token"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PASSWORD_TOO_COMMON": [],
  "PASSWORD_TOO_LONG": [],
  "PASSWORD_TOO_SHORT": [],
  "TOO_BUSY": [],
  "UNREADABLE": []
 },
 "resetSecondFactor": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "id"
  ],
  "PROOF_NEEDED": [],
  "ROLE_FORBIDS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "id"
  ]
 },
 "reviseEstimate": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "DIRECTORY_UNAVAILABLE": [],
  "ESTIMATE_NOT_REVISABLE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "ROLE_FORBIDS": [],
  "TOO_MANY_REVISIONS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "estimateId"
  ]
 },
 "revokeInvite": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "id"
  ],
  "NOT_INVITED": [],
  "ROLE_FORBIDS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "id"
  ]
 },
 "sendEstimate": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "CURRENCY_ENDED": [],
  "DATE_PASSED": [],
  "DATE_TOO_FAR": [],
  "DIRECTORY_UNAVAILABLE": [],
  "EMAIL_UNPROVEN": [],
  "ESTIMATE_NOT_DRAFT": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_A_CONTACT_OF_THE_CLIENT": [
   "recipientIds[]"
  ],
  "NOT_FOUND": [],
  "ROLE_FORBIDS": [],
  "TOO_MANY_ENTRIES": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "estimateId"
  ]
 },
 "sendInvoice": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "CURRENCY_ENDED": [],
  "DATE_PASSED": [],
  "DATE_TOO_FAR": [],
  "DIRECTORY_UNAVAILABLE": [],
  "EMAIL_UNPROVEN": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVOICE_NOT_DRAFT": [],
  "NEWER_VERSION": [],
  "NOT_A_CONTACT_OF_THE_CLIENT": [
   "recipientIds[]"
  ],
  "NOT_FOUND": [
   "invoiceId"
  ],
  "ROLE_FORBIDS": [],
  "TOO_MANY_ENTRIES": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "invoiceId"
  ]
 },
 "setDefaultCard": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "DIRECTORY_UNAVAILABLE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PROOF_NEEDED": [],
  "ROLE_FORBIDS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "savedCardId"
  ]
 },
 "setNotificationPreference": {
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "KIND_NOT_YOURS": [
   "kind"
  ]
 },
 "setPaymentInstructions": {
  "CONTROL_CHARACTERS": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "LOOKS_LIKE_CARD_NUMBER": [
   "text"
  ],
  "MODE_NOT_OFFLINE": [
   "mode"
  ],
  "PROOF_NEEDED": [],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [],
  "TEXT_TOO_LONG": [
   "text"
  ]
 },
 "setReminderPolicy": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "DIRECTORY_UNAVAILABLE": [],
  "DUPLICATE_DAY": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "customerId"
  ],
  "NUMBER_OUT_OF_RANGE": [
   "daysAfter[]",
   "daysBefore[]",
   "untilDays"
  ],
  "ROLE_FORBIDS": [],
  "TOO_MANY_ENTRIES": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "customerId"
  ]
 },
 "setUpSecondFactor": {
  "ALREADY_EXISTS": [],
  "CHALLENGE_OVER": [
   "challenge"
  ],
  "CONCURRENT_UPDATE": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PROOF_NEEDED": [],
  "SECOND_FACTOR_IS_ON": [],
  "SECOND_FACTOR_NOT_OFFERED": [],
  "UNREADABLE": []
 },
 "stepUp": {
  "ALREADY_EXISTS": [],
  "CODE_REFUSED": [],
  "CONCURRENT_UPDATE": [],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "NO_SECOND_FACTOR": [],
  "PASSKEY_ATTEMPT_OVER": [
   "passkey.token"
  ],
  "PASSKEY_COPIED": [],
  "PASSKEY_REFUSED": [],
  "SESSION_ENDED": [],
  "TOO_BUSY": [],
  "UNREADABLE": [],
  "WRONG_PASSWORD": [
   "currentPassword"
  ]
 },
 "updateContact": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "CONTACT_IS_ERASED": [],
  "CONTROL_CHARACTERS": [
   "jobTitle",
   "name"
  ],
  "CURRENCY_ENDED": [],
  "EMAIL_TAKEN": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_EMAIL": [
   "email"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVALID_PHONE": [
   "phone"
  ],
  "INVALID_SLUG": [],
  "INVALID_WEBSITE": [],
  "LOOKS_LIKE_CARD_NUMBER": [
   "jobTitle",
   "name"
  ],
  "NEWER_VERSION": [],
  "NOT_A_STAFF_ROLE": [],
  "NOT_FOUND": [
   "id"
  ],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [
   "name"
  ],
  "TEXT_TOO_LONG": [
   "jobTitle",
   "name"
  ],
  "UNKNOWN_COUNTRY": [],
  "UNKNOWN_CURRENCY": [],
  "UNKNOWN_LOCALE": [
   "language"
  ],
  "UNKNOWN_TIME_ZONE": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "id"
  ]
 },
 "updateCustomer": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "CONTACT_IS_ERASED": [],
  "CONTROL_CHARACTERS": [],
  "CURRENCY_ENDED": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_EMAIL": [],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVALID_PHONE": [],
  "INVALID_SLUG": [],
  "INVALID_WEBSITE": [],
  "LOOKS_LIKE_CARD_NUMBER": [],
  "NEWER_VERSION": [],
  "NOT_A_STAFF_ROLE": [],
  "NOT_FOUND": [
   "id"
  ],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [],
  "TEXT_TOO_LONG": [],
  "UNKNOWN_COUNTRY": [],
  "UNKNOWN_CURRENCY": [],
  "UNKNOWN_LOCALE": [],
  "UNKNOWN_TIME_ZONE": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "id"
  ]
 },
 "updateEstimate": {
  "ADJUSTMENT_NEGATIVE": [
   "adjustments[].amount",
   "lines[].adjustments[].amount"
  ],
  "ALREADY_EXISTS": [],
  "AMOUNT_OR_PERCENT": [
   "adjustments[]",
   "lines[].adjustments[]"
  ],
  "CONCURRENT_UPDATE": [],
  "CONTROL_CHARACTERS": [
   "adjustments[].label",
   "adjustments[].taxes[].name",
   "lines[].adjustments[].label",
   "lines[].description",
   "lines[].taxes[].name",
   "lines[].unit",
   "notes",
   "reference",
   "subject",
   "terms"
  ],
  "CURRENCY_ENDED": [
   "currency"
  ],
  "CUSTOMER_FIXED": [],
  "DIRECTORY_UNAVAILABLE": [],
  "DISCOUNT_TOO_LARGE": [
   "adjustments[]",
   "lines[].adjustments[]"
  ],
  "DOCUMENT_CHANGED": [
   "expectedVersion"
  ],
  "DUPLICATE_TAX": [],
  "ESTIMATE_NOT_DRAFT": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "LOOKS_LIKE_CARD_NUMBER": [
   "adjustments[].label",
   "adjustments[].taxes[].name",
   "lines[].adjustments[].label",
   "lines[].description",
   "lines[].taxes[].name",
   "lines[].unit",
   "notes",
   "subject",
   "terms"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "customerId"
  ],
  "NO_LINES": [
   "lines"
  ],
  "NUMBER_OUT_OF_RANGE": [
   "adjustments[].percent",
   "adjustments[].taxes[].percent",
   "lines[].adjustments[].percent",
   "lines[].priceBaseQuantity",
   "lines[].quantity",
   "lines[].taxes[].percent",
   "lines[].unitPrice",
   "prepaid",
   "rounding"
  ],
  "PREPAID_SIGN": [],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [
   "adjustments[].taxes[].name",
   "lines[].description",
   "lines[].taxes[].name"
  ],
  "TEXT_TOO_LONG": [
   "adjustments[].label",
   "adjustments[].taxes[].name",
   "lines[].adjustments[].label",
   "lines[].description",
   "lines[].taxes[].name",
   "lines[].unit",
   "notes",
   "reference",
   "subject",
   "terms"
  ],
  "TOO_MANY_DIGITS": [
   "adjustments[].amount",
   "adjustments[].percent",
   "adjustments[].taxes[].percent",
   "lines[].adjustments[].amount",
   "lines[].adjustments[].percent",
   "lines[].priceBaseQuantity",
   "lines[].quantity",
   "lines[].taxes[].percent",
   "lines[].unitPrice",
   "prepaid",
   "rounding"
  ],
  "TOO_MANY_ENTRIES": [],
  "UNKNOWN_CURRENCY": [
   "currency"
  ],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "customerId",
   "estimateId"
  ]
 },
 "updateInvoice": {
  "ADJUSTMENT_NEGATIVE": [
   "adjustments[].amount",
   "lines[].adjustments[].amount"
  ],
  "ALREADY_EXISTS": [],
  "AMOUNT_OR_PERCENT": [
   "adjustments[]",
   "lines[].adjustments[]"
  ],
  "CONCURRENT_UPDATE": [],
  "CONTROL_CHARACTERS": [
   "adjustments[].label",
   "adjustments[].taxes[].name",
   "lines[].adjustments[].label",
   "lines[].description",
   "lines[].taxes[].name",
   "lines[].unit",
   "notes",
   "reference",
   "subject",
   "terms"
  ],
  "CURRENCY_ENDED": [
   "currency"
  ],
  "CUSTOMER_FIXED": [],
  "DIRECTORY_UNAVAILABLE": [],
  "DISCOUNT_TOO_LARGE": [
   "adjustments[]",
   "lines[].adjustments[]"
  ],
  "DOCUMENT_CHANGED": [
   "expectedVersion"
  ],
  "DUPLICATE_TAX": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVOICE_NOT_DRAFT": [],
  "LOOKS_LIKE_CARD_NUMBER": [
   "adjustments[].label",
   "adjustments[].taxes[].name",
   "lines[].adjustments[].label",
   "lines[].description",
   "lines[].taxes[].name",
   "lines[].unit",
   "notes",
   "subject",
   "terms"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "customerId",
   "invoiceId"
  ],
  "NO_LINES": [
   "lines"
  ],
  "NO_PAYMENT_MODES": [
   "paymentTerms.modes"
  ],
  "NUMBER_OUT_OF_RANGE": [
   "adjustments[].percent",
   "adjustments[].taxes[].percent",
   "lines[].adjustments[].percent",
   "lines[].priceBaseQuantity",
   "lines[].quantity",
   "lines[].taxes[].percent",
   "lines[].unitPrice",
   "prepaid",
   "rounding"
  ],
  "PREPAID_SIGN": [],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [
   "adjustments[].taxes[].name",
   "lines[].description",
   "lines[].taxes[].name"
  ],
  "TEXT_TOO_LONG": [
   "adjustments[].label",
   "adjustments[].taxes[].name",
   "lines[].adjustments[].label",
   "lines[].description",
   "lines[].taxes[].name",
   "lines[].unit",
   "notes",
   "reference",
   "subject",
   "terms"
  ],
  "TOO_MANY_DIGITS": [
   "adjustments[].amount",
   "adjustments[].percent",
   "adjustments[].taxes[].percent",
   "lines[].adjustments[].amount",
   "lines[].adjustments[].percent",
   "lines[].priceBaseQuantity",
   "lines[].quantity",
   "lines[].taxes[].percent",
   "lines[].unitPrice",
   "prepaid",
   "rounding"
  ],
  "TOO_MANY_ENTRIES": [],
  "UNKNOWN_CURRENCY": [
   "currency"
  ],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "customerId",
   "invoiceId"
  ]
 },
 "updateLogInPolicy": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PROOF_NEEDED": [],
  "ROLE_FORBIDS": [],
  "UNREADABLE": []
 },
 "updateMyAccount": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "CONTACT_IS_ERASED": [],
  "CONTROL_CHARACTERS": [
   "jobTitle",
   "name"
  ],
  "CURRENCY_ENDED": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_EMAIL": [],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVALID_PHONE": [
   "phone"
  ],
  "INVALID_SLUG": [],
  "INVALID_WEBSITE": [],
  "LOOKS_LIKE_CARD_NUMBER": [
   "jobTitle",
   "name"
  ],
  "NEWER_VERSION": [],
  "NOT_A_STAFF_ROLE": [],
  "NOT_FOUND": [],
  "TEXT_REQUIRED": [
   "name"
  ],
  "TEXT_TOO_LONG": [
   "jobTitle",
   "name"
  ],
  "UNKNOWN_COUNTRY": [],
  "UNKNOWN_CURRENCY": [],
  "UNKNOWN_LOCALE": [
   "language"
  ],
  "UNKNOWN_TIME_ZONE": [],
  "UNREADABLE": []
 },
 "updateMyCompany": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "CONTACT_IS_ERASED": [],
  "CONTROL_CHARACTERS": [],
  "CURRENCY_ENDED": [],
  "EDITING_NOT_ALLOWED": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_EMAIL": [],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVALID_PHONE": [],
  "INVALID_SLUG": [],
  "INVALID_WEBSITE": [],
  "LOOKS_LIKE_CARD_NUMBER": [],
  "NEWER_VERSION": [],
  "NOT_A_STAFF_ROLE": [],
  "NOT_FOUND": [],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [],
  "TEXT_TOO_LONG": [],
  "UNKNOWN_COUNTRY": [],
  "UNKNOWN_CURRENCY": [],
  "UNKNOWN_LOCALE": [],
  "UNKNOWN_TIME_ZONE": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": []
 },
 "updateOrganisation": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "CONTROL_CHARACTERS": [
   "address.city",
   "address.line1",
   "address.line2",
   "address.postalCode",
   "address.region",
   "name",
   "taxId",
   "website"
  ],
  "CURRENCY_ENDED": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_EMAIL": [
   "email"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVALID_PHONE": [
   "phone"
  ],
  "INVALID_SLUG": [],
  "INVALID_WEBSITE": [],
  "LOOKS_LIKE_CARD_NUMBER": [
   "address.city",
   "address.line1",
   "address.line2",
   "address.region",
   "name",
   "website"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "ROLE_FORBIDS": [],
  "SLUG_TAKEN": [],
  "TEXT_REQUIRED": [
   "address.city",
   "address.line1",
   "name"
  ],
  "TEXT_TOO_LONG": [
   "address.city",
   "address.line1",
   "address.line2",
   "address.postalCode",
   "address.region",
   "name",
   "taxId",
   "website"
  ],
  "UNKNOWN_COUNTRY": [
   "address.country"
  ],
  "UNKNOWN_CURRENCY": [
   "currency"
  ],
  "UNKNOWN_LOCALE": [
   "locale"
  ],
  "UNKNOWN_TIME_ZONE": [
   "timeZone"
  ],
  "UNREADABLE": []
 },
 "updatePortalSettings": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "CONTROL_CHARACTERS": [
   "bannerMessage",
   "name"
  ],
  "CURRENCY_ENDED": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_EMAIL": [],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVALID_LOGO": [
   "logo"
  ],
  "INVALID_PHONE": [],
  "INVALID_SLUG": [
   "slug"
  ],
  "INVALID_WEBSITE": [],
  "LOOKS_LIKE_CARD_NUMBER": [
   "bannerMessage",
   "name"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "PORTAL_NOT_ENABLED": [],
  "ROLE_FORBIDS": [],
  "SLUG_TAKEN": [],
  "TEXT_REQUIRED": [
   "name"
  ],
  "TEXT_TOO_LONG": [
   "bannerMessage",
   "name"
  ],
  "UNKNOWN_COUNTRY": [],
  "UNKNOWN_CURRENCY": [],
  "UNKNOWN_LOCALE": [],
  "UNKNOWN_TIME_ZONE": [],
  "UNREADABLE": []
 },
 "updateStaff": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "CONTACT_IS_ERASED": [],
  "CONTROL_CHARACTERS": [],
  "CURRENCY_ENDED": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_EMAIL": [],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVALID_PHONE": [],
  "INVALID_SLUG": [],
  "INVALID_WEBSITE": [],
  "LAST_OWNER": [],
  "LOOKS_LIKE_CARD_NUMBER": [],
  "NEWER_VERSION": [],
  "NOT_A_STAFF_ROLE": [],
  "NOT_FOUND": [
   "id"
  ],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [],
  "TEXT_TOO_LONG": [],
  "UNKNOWN_COUNTRY": [],
  "UNKNOWN_CURRENCY": [],
  "UNKNOWN_LOCALE": [],
  "UNKNOWN_TIME_ZONE": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "id"
  ]
 },
 "voidEstimate": {
  "ALREADY_EXISTS": [],
  "CONCURRENT_UPDATE": [],
  "DIRECTORY_UNAVAILABLE": [],
  "ESTIMATE_NOT_VOIDABLE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [],
  "ROLE_FORBIDS": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "estimateId"
  ]
 },
 "voidInvoice": {
  "ALREADY_EXISTS": [],
  "AMOUNT_NOT_POSITIVE": [],
  "CONCURRENT_UPDATE": [],
  "CONTROL_CHARACTERS": [],
  "CURRENCY_MISMATCH": [],
  "DIRECTORY_UNAVAILABLE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVOICE_HAS_PAYMENTS": [],
  "INVOICE_NOT_OPEN": [],
  "LOOKS_LIKE_CARD_NUMBER": [
   "reason"
  ],
  "NEWER_VERSION": [],
  "NOT_FOUND": [
   "invoiceId"
  ],
  "PAYMENT_ALREADY_SETTLED": [],
  "PAYMENT_NOT_REFUNDABLE": [],
  "REFUND_TOO_LARGE": [],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [],
  "TEXT_TOO_LONG": [
   "reason"
  ],
  "UNKNOWN_CURRENCY": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "invoiceId"
  ]
 },
 "writeOffInvoice": {
  "ALREADY_EXISTS": [],
  "AMOUNT_NOT_POSITIVE": [],
  "CONCURRENT_UPDATE": [],
  "CONTROL_CHARACTERS": [],
  "CURRENCY_MISMATCH": [],
  "DIRECTORY_UNAVAILABLE": [],
  "IDEMPOTENCY_KEY_IN_FLIGHT": [
   "idempotencyKey"
  ],
  "IDEMPOTENCY_KEY_REUSED": [
   "idempotencyKey"
  ],
  "INVALID_IDEMPOTENCY_KEY": [
   "idempotencyKey"
  ],
  "INVOICE_HAS_PAYMENTS": [],
  "INVOICE_NOT_OPEN": [],
  "LOOKS_LIKE_CARD_NUMBER": [
   "reason"
  ],
  "NEWER_VERSION": [],
  "NOTHING_TO_WRITE_OFF": [],
  "NOT_FOUND": [
   "invoiceId"
  ],
  "PAYMENT_ALREADY_SETTLED": [],
  "PAYMENT_NOT_REFUNDABLE": [],
  "REFUND_TOO_LARGE": [],
  "ROLE_FORBIDS": [],
  "TEXT_REQUIRED": [],
  "TEXT_TOO_LONG": [
   "reason"
  ],
  "UNKNOWN_CURRENCY": [],
  "UNREADABLE": [],
  "WRONG_ID_KIND": [
   "invoiceId"
  ]
 }
} as const;

export type Refusing = keyof typeof refusals;
export type RefusalOf<M extends Refusing> = keyof (typeof refusals)[M];
