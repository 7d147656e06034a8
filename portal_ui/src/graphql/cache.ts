import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";

const none = (): null => null;

/** Types without an id of their own: parts of the object in which they are. */
const PARTS = [
  "AdjustmentShare", "CardBillingAddress", "CodeGenerator", "DocumentAdjustment", "DocumentLine", "DocumentMailing",
  "DocumentParty", "DocumentTotals", "DocumentView", "EstimateRevision", "FileLink", "Home", "InvitePreview", "LineTax",
  "LogInChallenge", "LogInPolicy", "Money", "MonthlyAmount", "NotificationPreference", "OutstandingAmount", "OwnSecondFactor",
  "PageInfo", "PasskeyAttempt", "PaymentCard", "PaymentDispute", "PaymentFailure", "PaymentInstructions",
  "PaymentNextAction", "PaymentOption", "PortalSettings", "PostalAddress", "ReminderPolicy", "SessionTokens", "Statement",
  "StatementAgeing", "StatementRow", "TaxSummary", "UserError", "InviteContactResult",
  "InvoiceConnection", "InvoiceEdge", "EstimateConnection", "EstimateEdge", "CommentConnection", "CommentEdge",
  "NotificationConnection", "NotificationEdge", "PaymentConnection", "PaymentEdge", "CustomerConnection", "CustomerEdge",
  "ContactConnection", "ContactEdge", "StaffMemberConnection", "StaffMemberEdge",
];

/** Which types an interface stands for; without this the cache guesses, and wrongly where a field was not asked for yet. */
const POSSIBLE = {
  Person: ["Contact", "StaffMember"],
  Document: ["Invoice", "Estimate"],
};

/** Lists of `Query` that pages load piece by piece, each piece after the one before. */
const LISTS = ["invoices", "estimates", "notifications", "payments", "customers", "contacts", "staffMembers"];

/**
 * One copy of each object, by its id: what a mutation or a live update brings is shown wherever the object is.
 */
export const cache = () =>
  cacheExchange({
    keys: {
      ...Object.fromEntries(PARTS.map((type) => [type, none])),
      Portal: (portal) => String(portal["slug"]),
    },
    possibleTypes: POSSIBLE,
    resolvers: { Query: Object.fromEntries(LISTS.map((list) => [list, relayPagination()])) },
  });
