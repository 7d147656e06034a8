import { useFormat, isNothing, type Amount } from "../i18n/format";
import { DateText, Money } from "../ui";
import type { AddressFragment, AdjustmentFragment, LineFragment, PartyFragment, TotalsFragment } from "./gql/graphql";
import { useClientText } from "./text";

export interface PaperProps {
  title: string;
  subject: string;
  facts: readonly { label: string; value: React.ReactNode }[];
  seller: PartyFragment | null;
  buyer: PartyFragment | null;
  lines: readonly LineFragment[];
  adjustments: readonly AdjustmentFragment[];
  totals: TotalsFragment;
  pricesIncludeTax: boolean;
  notes: string;
  terms: string;
  /** Lines that are marked as different, by their place. */
  marked?: ReadonlySet<number>;
}

/** A document as it is printed: who, to whom, what, how much. Every amount is the server's. */
export function Paper(props: PaperProps) {
  const t = useClientText();
  return (
    <article className="paper" aria-label={props.title}>
      <header className="paper-head">
        <div>
          <p className="paper-title">{props.title}</p>
          {props.subject && <p className="paper-subject" dir="auto">{props.subject}</p>}
        </div>
        <dl className="facts">
          {props.facts.map((fact) => (
            <div key={fact.label}>
              <dt>{fact.label}</dt>
              <dd>{fact.value}</dd>
            </div>
          ))}
        </dl>
      </header>
      <div className="parties">
        {props.seller && <Party label={t("from")} party={props.seller} />}
        {props.buyer && <Party label={t("to")} party={props.buyer} />}
      </div>
      <Lines lines={props.lines} marked={props.marked} />
      <Totals {...props} />
      {props.notes && <Words label={t("notes")} text={props.notes} />}
      {props.terms && <Words label={t("terms")} text={props.terms} />}
    </article>
  );
}

function Party({ label, party }: { label: string; party: PartyFragment }) {
  const t = useClientText();
  return (
    <div className="party">
      <h2>{label}</h2>
      <p dir="auto">
        <strong>{party.name}</strong>
      </p>
      <AddressText address={party.address} />
      {party.email && <p><bdi>{party.email}</bdi></p>}
      {party.taxId && (
        <p>
          {t("taxId")} <bdi>{party.taxId}</bdi>
        </p>
      )}
    </div>
  );
}

export function AddressText({ address }: { address: AddressFragment }) {
  const format = useFormat();
  const city = [address.postalCode, address.city].filter(Boolean).join(" ");
  const lines = [address.line1, address.line2, city, address.region, format.country(address.country)].filter(Boolean);
  return (
    <address dir="auto">
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </address>
  );
}

function Lines({ lines, marked }: { lines: readonly LineFragment[]; marked: ReadonlySet<number> | undefined }) {
  const t = useClientText();
  const format = useFormat();
  return (
    <table className="lines">
      <thead>
        <tr>
          <th scope="col">{t("description")}</th>
          <th scope="col" className="end">{t("quantity")}</th>
          <th scope="col" className="end">{t("unitPrice")}</th>
          <th scope="col">{t("taxes")}</th>
          <th scope="col" className="end">{t("amount")}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, index) => (
          <tr key={index} className={marked?.has(index) ? "marked" : undefined}>
            <td className="what" dir="auto">
              {line.description}
              {marked?.has(index) && <span className="mark">{t("differs")}</span>}
              {line.adjustments.map((one, place) => (
                <span key={place} className="adjustment">
                  {one.label || t(one.kind === "DISCOUNT" ? "discounts" : "charges")}
                  {one.percent && ` ${format.percent(one.percent)}`} <Money value={one.amount} />
                </span>
              ))}
            </td>
            <td className="end number" data-label={t("quantity")}>
              {format.number(line.quantity)} {line.unit}
            </td>
            <td className="end number" data-label={t("unitPrice")}>
              {format.money({ amount: line.unitPrice, currency: line.amount.currency })}
              {line.priceBaseQuantity !== "1" && <span className="per">{t("perUnits", { count: format.number(line.priceBaseQuantity) })}</span>}
            </td>
            <td data-label={t("taxes")}>{line.taxes.map((tax) => `${tax.name} ${format.percent(tax.percent)}`).join(", ")}</td>
            <td className="end" data-label={t("amount")}>
              <Money value={line.amount} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Totals({ totals, adjustments, pricesIncludeTax }: PaperProps) {
  const t = useClientText();
  const format = useFormat();
  const hasAdjustments = !isNothing(totals.discounts) || !isNothing(totals.charges);
  const hasSettled = !isNothing(totals.prepaid) || !isNothing(totals.rounding);
  return (
    <div className="totals-wrap">
      {pricesIncludeTax && <p className="muted">{t("taxIncluded")}</p>}
      <dl className="totals">
        {hasAdjustments && <Sum label={t("sumOfLines")} value={totals.lines} />}
        {adjustments.map((one, index) => (
          <Sum
            key={index}
            label={[one.label || t(one.kind === "DISCOUNT" ? "discounts" : "charges"), one.percent && format.percent(one.percent)].filter(Boolean).join(" ")}
            value={one.amount}
          />
        ))}
        <Sum label={t("net")} value={totals.net} />
        {totals.taxes.map((tax) => (
          <Sum
            key={`${tax.name} ${tax.percent}`}
            label={t("taxOn", { name: tax.name, percent: format.percent(tax.percent), amount: format.money(tax.taxable) })}
            value={tax.tax}
          />
        ))}
        <Sum label={t("total")} value={totals.gross} strong={!hasSettled} />
        {!isNothing(totals.prepaid) && <Sum label={t("prepaid")} value={totals.prepaid} />}
        {!isNothing(totals.rounding) && <Sum label={t("rounding")} value={totals.rounding} />}
        {hasSettled && <Sum label={t("payable")} value={totals.payable} strong />}
      </dl>
    </div>
  );
}

function Sum({ label, value, strong = false }: { label: string; value: Amount; strong?: boolean }) {
  return (
    <div className={strong ? "strong" : undefined}>
      <dt>{label}</dt>
      <dd>
        <Money value={value} />
      </dd>
    </div>
  );
}

function Words({ label, text }: { label: string; text: string }) {
  return (
    <section className="words">
      <h2>{label}</h2>
      <p dir="auto">{text}</p>
    </section>
  );
}

/** The facts that all documents have. */
export function useFacts() {
  const t = useClientText();
  return (document: { issuedOn?: string | null; reference: string }, more: PaperProps["facts"]): PaperProps["facts"] => [
    ...(document.issuedOn ? [{ label: t("issuedOn"), value: <DateText value={document.issuedOn} /> }] : []),
    ...more,
    ...(document.reference ? [{ label: t("reference"), value: <bdi>{document.reference}</bdi> }] : []),
  ];
}
