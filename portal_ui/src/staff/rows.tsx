import { Link } from "react-router";
import { DateText, Money, StatusBadge, type BadgeLook } from "../ui";
import type { EstimateRowFragment, EstimateStatus, InvoiceRowFragment, InvoiceStatus } from "./gql/graphql";
import { useStaffText } from "./text";

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

export function InvoiceBadge({ status }: { status: InvoiceStatus }) {
  const t = useStaffText();
  return <StatusBadge look={INVOICES[status]}>{t(`invoice.${status}`)}</StatusBadge>;
}

export function EstimateBadge({ status }: { status: EstimateStatus }) {
  const t = useStaffText();
  return <StatusBadge look={ESTIMATES[status]}>{t(`estimate.${status}`)}</StatusBadge>;
}

/** Invoices, one in a row; the whole row is a link. */
export function InvoiceRows({ rows, label }: { rows: readonly InvoiceRowFragment[]; label: string }) {
  const t = useStaffText();
  return (
    <ul className="rows" aria-label={label}>
      {rows.map((row) => (
        <li key={row.id}>
          <Link className="row" to={`/staff/invoices/${row.id}`}>
            <span className="row-main">
              <bdi className="row-title">{row.customer?.name}</bdi>
              <span className="row-sub">
                <bdi>{[row.number ?? t("draft"), row.subject].filter(Boolean).join(" · ")}</bdi>
              </span>
            </span>
            <span className="row-date">
              {row.dueOn && (
                <>
                  <span className="muted">{t("due")}</span> <DateText value={row.dueOn} />
                </>
              )}
            </span>
            <span className="row-status">
              <InvoiceBadge status={row.status} />
            </span>
            <span className="row-money">
              <Money value={row.total} />
              {row.status === "PARTIALLY_PAID" && (
                <span className="row-sub">
                  {t("open")} <Money value={row.balance} />
                </span>
              )}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function EstimateRows({ rows, label }: { rows: readonly EstimateRowFragment[]; label: string }) {
  const t = useStaffText();
  return (
    <ul className="rows" aria-label={label}>
      {rows.map((row) => (
        <li key={row.id}>
          <Link className="row" to={`/staff/estimates/${row.id}`}>
            <span className="row-main">
              <bdi className="row-title">{row.customer?.name}</bdi>
              <span className="row-sub">
                <bdi>{[row.number ?? t("draft"), row.subject].filter(Boolean).join(" · ")}</bdi>
              </span>
            </span>
            <span className="row-date">
              {row.expiresOn && (
                <>
                  <span className="muted">{t("validUntil")}</span> <DateText value={row.expiresOn} />
                </>
              )}
            </span>
            <span className="row-status">
              <EstimateBadge status={row.status} />
            </span>
            <span className="row-money">
              <Money value={row.total} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
