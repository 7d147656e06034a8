import type { AdjustmentFragment, EstimateWholeFragment, InvoiceWholeFragment, LineFragment, PaymentMode } from "./gql/graphql";

/** A line as somebody types it: texts, not numbers. */
export interface TypedLine {
  readonly key: string;
  readonly description: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: string;
  readonly tax: string;
  /** What this form does not show and must not lose. */
  readonly kept?: LineFragment;
}

/** A draft as somebody types it. */
export interface Draft {
  readonly customerId: string;
  readonly subject: string;
  readonly reference: string;
  /** The due date of an invoice, the last day of an estimate. */
  readonly day: string;
  readonly notes: string;
  readonly terms: string;
  readonly pricesIncludeTax: boolean;
  readonly partial: boolean;
  readonly modes: readonly PaymentMode[];
  readonly lines: readonly TypedLine[];
}

type Whole = InvoiceWholeFragment | EstimateWholeFragment;

export const emptyLine = (tax = ""): TypedLine => ({
  key: crypto.randomUUID(),
  description: "",
  quantity: "1",
  unit: "",
  unitPrice: "",
  tax,
});

export const emptyDraft = (customerId = ""): Draft => ({
  customerId,
  subject: "",
  reference: "",
  day: "",
  notes: "",
  terms: "",
  pricesIncludeTax: false,
  partial: false,
  modes: ["CARD", "BANK_TRANSFER"],
  lines: [emptyLine()],
});

export function draftOf(whole: Whole): Draft {
  const isInvoice = whole.__typename === "Invoice";
  return {
    customerId: whole.customer?.id ?? "",
    subject: whole.subject,
    reference: whole.reference,
    day: (isInvoice ? whole.dueOn : whole.expiresOn) ?? "",
    notes: whole.notes,
    terms: whole.terms,
    pricesIncludeTax: whole.pricesIncludeTax,
    partial: isInvoice && whole.partialPaymentsAllowed,
    modes: isInvoice ? whole.paymentModes : [],
    lines: whole.lines.map((line) => ({
      key: crypto.randomUUID(),
      description: line.description,
      quantity: line.quantity,
      unit: line.unit,
      unitPrice: line.unitPrice,
      tax: line.taxes[0]?.percent ?? "",
      kept: line,
    })),
  };
}

/** Tell whether nothing was typed into a line; such lines are not sent. */
export const isEmpty = (line: TypedLine): boolean => !line.description.trim() && !line.unitPrice.trim();

const isWhole = (line: TypedLine): boolean => !!line.description.trim() && !!line.quantity.trim() && !!line.unitPrice.trim();

/** Tell whether there is enough to compute: one line, and none that is half written. */
export function isComputable(draft: Draft): boolean {
  const written = draft.lines.filter((line) => !isEmpty(line));
  return written.length > 0 && written.every(isWhole);
}

/** The fields that `previewDocument` and the mutations that save have in common. */
export function contentOf(draft: Draft, currency: string, taxName: string, before?: Whole) {
  return {
    currency,
    pricesIncludeTax: draft.pricesIncludeTax,
    subject: draft.subject,
    reference: draft.reference,
    notes: draft.notes,
    terms: draft.terms,
    lines: draft.lines.filter((line) => !isEmpty(line)).map((line) => lineOf(line, taxName)),
    adjustments: (before?.adjustments ?? []).map((one) => ({ ...adjustmentOf(one), taxes: one.taxes?.map(taxOf) ?? null })),
    prepaid: before?.totals.prepaid.amount ?? "0",
    rounding: before?.totals.rounding.amount ?? "0",
  };
}

function lineOf(line: TypedLine, taxName: string) {
  const [first, ...others] = line.kept?.taxes ?? [];
  const tax = figures(line.tax);
  return {
    description: line.description,
    quantity: figures(line.quantity),
    unit: line.unit,
    unitPrice: figures(line.unitPrice),
    priceBaseQuantity: line.kept?.priceBaseQuantity ?? "1",
    adjustments: (line.kept?.adjustments ?? []).map(adjustmentOf),
    taxes: [...(tax ? [{ name: first?.name ?? taxName, percent: tax }] : []), ...others.map(taxOf)],
  };
}

const taxOf = ({ name, percent }: { name: string; percent: string }) => ({ name, percent });

function adjustmentOf(one: AdjustmentFragment) {
  const size = one.percent == null ? { amount: one.amount.amount } : { percent: one.percent };
  return { kind: one.kind, label: one.label, ...size };
}

/** Return a number as the API reads it, of what somebody typed: a comma for the point, digits of Arabic. */
export function figures(typed: string): string {
  const plain = typed
    .trim()
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\s']/g, "")
    .replace("٫", ".");
  return plain.includes(".") ? plain : plain.replace(",", ".");
}
