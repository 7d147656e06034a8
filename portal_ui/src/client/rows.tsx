import { Link } from "react-router";
import { DateText, Money } from "../ui";
import type { EstimateRowFragment, InvoiceRowFragment } from "./gql/graphql";
import { usePlace } from "./shell";
import { EstimateBadge, InvoiceBadge } from "./status";
import { useClientText } from "./text";

/** Invoices, one in a row; the whole row is a link. */
export function InvoiceRows({ rows, label }: { rows: readonly InvoiceRowFragment[]; label: string }) {
  const t = useClientText();
  const { to } = usePlace();
  return (
    <ul className="rows" aria-label={label}>
      {rows.map((row) => (
        <li key={row.id}>
          <Link className="row" to={to(`/invoices/${row.id}`)}>
            <span className="row-main">
              <span className="row-title">
                <bdi>{row.number}</bdi>
              </span>
              <span className="row-sub">{row.subject ? <bdi>{row.subject}</bdi> : row.issuedOn && <DateText value={row.issuedOn} />}</span>
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
              {row.status === "PARTIALLY_PAID" || (row.isOverdue && row.balance.amount !== row.total.amount) ? (
                <span className="row-sub">
                  {t("open")} <Money value={row.balance} />
                </span>
              ) : null}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function EstimateRows({ rows, label }: { rows: readonly EstimateRowFragment[]; label: string }) {
  const t = useClientText();
  const { to } = usePlace();
  return (
    <ul className="rows" aria-label={label}>
      {rows.map((row) => (
        <li key={row.id}>
          <Link className="row" to={to(`/estimates/${row.id}`)}>
            <span className="row-main">
              <span className="row-title">
                <bdi>{row.number}</bdi>
              </span>
              <span className="row-sub">{row.subject ? <bdi>{row.subject}</bdi> : row.issuedOn && <DateText value={row.issuedOn} />}</span>
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
