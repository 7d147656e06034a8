import type { AdjustmentFragment, AdjustmentKind, EstimateWholeFragment, InvoiceWholeFragment, LineFragment, PaymentMode } from "./gql/graphql";

/** A discount or a charge as somebody types it: a share or a sum, of a line or of the document. */
export interface TypedAdjustment {
  readonly key: string;
  readonly kind: AdjustmentKind;
  readonly label: string;
  readonly unit: "percent" | "amount";
  readonly size: string;
  /** Taxes of its own, which this form does not show and must not lose. */
  readonly taxes?: AdjustmentFragment["taxes"];
}

/** A line as somebody types it: texts, not numbers. */
export interface TypedLine {
  readonly key: string;
  readonly description: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: string;
  readonly tax: string;
  readonly adjustments: readonly TypedAdjustment[];
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
  readonly adjustments: readonly TypedAdjustment[];
}

type Whole = InvoiceWholeFragment | EstimateWholeFragment;

export const emptyLine = (tax = ""): TypedLine => ({
  key: crypto.randomUUID(),
  description: "",
  quantity: "1",
  unit: "",
  unitPrice: "",
  tax,
  adjustments: [],
});

export const emptyAdjustment = (): TypedAdjustment => ({ key: crypto.randomUUID(), kind: "DISCOUNT", label: "", unit: "percent", size: "" });

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
  adjustments: [],
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
      adjustments: line.adjustments.map(typed),
      kept: line,
    })),
    adjustments: whole.adjustments.map(typed),
  };
}

const typed = (one: AdjustmentFragment): TypedAdjustment => ({
  key: crypto.randomUUID(),
  kind: one.kind,
  label: one.label,
  unit: one.percent == null ? "amount" : "percent",
  size: one.percent ?? one.amount.amount,
  taxes: one.taxes ?? null,
});

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
    adjustments: draft.adjustments.filter(hasSize).map((one) => ({ ...adjustmentOf(one), taxes: one.taxes?.map(taxOf) ?? null })),
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
    adjustments: line.adjustments.filter(hasSize).map(adjustmentOf),
    taxes: [...(tax ? [{ name: first?.name ?? taxName, percent: tax }] : []), ...others.map(taxOf)],
  };
}

const taxOf = ({ name, percent }: { name: string; percent: string }) => ({ name, percent });

/** One whose size is not written yet is not sent. */
export const hasSize = (one: TypedAdjustment): boolean => !!one.size.trim();

const adjustmentOf = ({ kind, label, unit, size }: TypedAdjustment) => ({ kind, label, [unit]: figures(size) });

/** Return a number as the API reads it, of what somebody typed: a comma for the point, digits of Arabic. */
export function figures(typed: string): string {
  const plain = typed
    .trim()
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\s']/g, "")
    .replace("٫", ".");
  return plain.includes(".") ? plain : plain.replace(",", ".");
}
