import { useFormat, isNothing, type Amount } from "../i18n/format";
import { DateText, Money, StatusBadge, type BadgeLook } from "../ui";
import type { LineFragment, MailRowFragment, MailState, TotalsFragment, ViewRowFragment } from "./gql/graphql";
import { useStaffText } from "./text";

/** The sums of a document, as the server computed them. */
export function Totals({ totals }: { totals: TotalsFragment }) {
  const t = useStaffText();
  const format = useFormat();
  return (
    <dl className="totals">
      <Sum label={t("net")} value={totals.net} />
      {!isNothing(totals.discounts) && <Sum label={t("discounts")} value={totals.discounts} />}
      {!isNothing(totals.charges) && <Sum label={t("charges")} value={totals.charges} />}
      {totals.taxes.map((tax) => (
        <Sum key={`${tax.name} ${tax.percent}`} label={t("taxOn", { name: tax.name, percent: format.percent(tax.percent) })} value={tax.tax} />
      ))}
      {!isNothing(totals.prepaid) && <Sum label={t("prepaid")} value={totals.prepaid} />}
      <Sum label={t("payable")} value={totals.payable} isLast />
    </dl>
  );
}

function Sum({ label, value, isLast = false }: { label: string; value: Amount; isLast?: boolean }) {
  return (
    <div className={isLast ? "sum last" : "sum"}>
      <dt>{label}</dt>
      <dd>
        <Money value={value} />
      </dd>
    </div>
  );
}

/** The lines of a document; on phones each is a block. */
export function Lines({ lines, currency }: { lines: readonly LineFragment[]; currency: string }) {
  const t = useStaffText();
  const format = useFormat();
  return (
    <table className="table lines-table">
      <thead>
        <tr>
          <th scope="col">{t("description")}</th>
          <th scope="col" className="end">
            {t("quantity")}
          </th>
          <th scope="col" className="end">
            {t("unitPrice")}
          </th>
          <th scope="col" className="end">
            {t("amount")}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, place) => (
          <tr key={place}>
            <td className="description">
              <span dir="auto">{line.description}</span>
              {line.taxes.length > 0 && (
                <span className="row-sub">{line.taxes.map((tax) => t("taxOn", { name: tax.name, percent: format.percent(tax.percent) })).join(", ")}</span>
              )}
            </td>
            <td className="end number">
              {format.number(line.quantity)} {line.unit}
            </td>
            <td className="end">
              <Money value={{ amount: line.unitPrice, currency }} />
            </td>
            <td className="end">
              <Money value={line.amount} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Who opened the document and when: billing's word to staff, never shown to clients. */
export function Views({ views }: { views: readonly ViewRowFragment[] }) {
  const t = useStaffText();
  if (views.length === 0) return <p className="muted">{t("noViews")}</p>;
  return (
    <ul className="facts">
      {views.map((view) => (
        <li key={view.contact?.id ?? view.firstViewedAt}>
          <bdi>{view.contact?.name}</bdi>
          <span className="row-sub">
            {t("viewedTimes", { count: view.count })}, {t("lastOn")} <DateText value={view.lastViewedAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}

const MAILS: Record<MailState, BadgeLook> = { QUEUED: "info", SENT: "good", FAILED: "bad", BOUNCED: "bad", DROPPED: "warn" };

/** How the e-mails about the document fare. */
export function Mails({ mails }: { mails: readonly MailRowFragment[] }) {
  const t = useStaffText();
  return (
    <ul className="facts">
      {mails.map((mail) => (
        <li key={mail.id}>
          <bdi>{mail.toName}</bdi>
          <StatusBadge look={MAILS[mail.state]}>{t(`mail.${mail.state}`)}</StatusBadge>
          <span className="row-sub">
            <bdi>{mail.toEmail}</bdi> · <DateText value={mail.createdAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}
