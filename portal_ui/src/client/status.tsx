import { StatusBadge, type BadgeLook } from "../ui";
import type { EstimateStatus, InvoiceStatus, PaymentStatus } from "./gql/graphql";
import { useClientText } from "./text";

const INVOICES: Record<InvoiceStatus, BadgeLook> = {
  DRAFT: "neutral",
  SENT: "info",
  PARTIALLY_PAID: "info",
  OVERDUE: "bad",
  PAID: "good",
  VOID: "neutral",
  WRITTEN_OFF: "neutral",
};

const ESTIMATES: Record<EstimateStatus, BadgeLook> = {
  DRAFT: "neutral",
  SENT: "info",
  ACCEPTED: "good",
  DECLINED: "bad",
  EXPIRED: "warn",
  INVOICED: "good",
  VOID: "neutral",
};

const PAYMENTS: Record<PaymentStatus, BadgeLook> = {
  CREATED: "neutral",
  REQUIRES_ACTION: "warn",
  PROCESSING: "info",
  SUCCEEDED: "good",
  FAILED: "bad",
  CANCELLED: "neutral",
  UNKNOWN: "info",
};

export function InvoiceBadge({ status }: { status: InvoiceStatus }) {
  const t = useClientText();
  return <StatusBadge look={INVOICES[status]}>{t(`invoice.${status}`)}</StatusBadge>;
}

export function EstimateBadge({ status }: { status: EstimateStatus }) {
  const t = useClientText();
  return <StatusBadge look={ESTIMATES[status]}>{t(`estimate.${status}`)}</StatusBadge>;
}

export function PaymentBadge({ status }: { status: PaymentStatus }) {
  const t = useClientText();
  return <StatusBadge look={PAYMENTS[status]}>{t(`payment.${status}`)}</StatusBadge>;
}
