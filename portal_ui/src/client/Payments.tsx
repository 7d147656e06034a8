import { Link } from "react-router";
import { isNothing, useFormat } from "../i18n/format";
import { DateText, Icon, Money } from "../ui";
import type { PaymentRowFragment } from "./gql/graphql";
import { brandName } from "./pay/CardChoice";
import { usePlace } from "./shell";
import { PaymentBadge } from "./status";
import { useClientText } from "./text";

/** The payments of an invoice, with receipts. Attempts that came to nothing are left out. */
export function Payments({ payments }: { payments: readonly PaymentRowFragment[] }) {
  const t = useClientText();
  const format = useFormat();
  const { to } = usePlace();
  const shown = payments.filter((one) => one.status !== "CANCELLED" && one.status !== "FAILED" && one.status !== "CREATED");
  if (shown.length === 0) return null;
  return (
    <section className="card payments">
      <h2>{t("payments")}</h2>
      <ul>
        {shown.map((payment) => (
          <li key={payment.id}>
            <div className="payment-line">
              <Link to={to(`/payments/${payment.id}`)}>
                <Money value={payment.amount} />
              </Link>
              <PaymentBadge status={payment.status} />
            </div>
            <p className="muted small">
              {payment.card ? t("cardEnding", { brand: brandName(payment.card.brand), lastFour: payment.card.lastFour }) : t(payment.mode)}
              {" · "}
              <DateText value={payment.receivedOn ?? payment.settledAt?.slice(0, 10) ?? payment.createdAt.slice(0, 10)} />
            </p>
            {!isNothing(payment.refunded) && (
              <p className="muted small">{t("refundedAmount", { amount: format.money(payment.refunded) })}</p>
            )}
            {payment.receipt && (
              <a className="file-link small" href={payment.receipt.url} target="_blank" rel="noreferrer">
                <Icon name="download" />
                {t("receipt")}
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
