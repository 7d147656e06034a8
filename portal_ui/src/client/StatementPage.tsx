import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { useQuery } from "urql";
import { isNothing, useFormat, type Amount } from "../i18n/format";
import { DateText, EmptyState, FailedState, FileButton, Money, PageHeader, Select, Skeleton, TextField } from "../ui";
import { useFreshLinks } from "./document";
import { StatementPageDocument, type StatementPageQuery } from "./gql/graphql";
import { usePlace } from "./shell";
import { useClientText } from "./text";

type Statement = NonNullable<StatementPageQuery["statements"]>[number];

/** All transactions between two days, one statement for each currency. */
export default function StatementPage() {
  const t = useClientText();
  const [query, setQuery] = useSearchParams();
  const period = query.get("period") ?? (query.has("from") ? "own" : "year");
  const { from, to } = period === "own" ? { from: query.get("from") ?? "", to: query.get("to") ?? "" } : datesOf(period);
  const isWrong = !from || !to || from > to;
  const [{ data, error }, asking] = useQuery({
    query: StatementPageDocument,
    variables: { from, to },
    pause: isWrong,
    requestPolicy: "cache-and-network",
  });
  const ask = (): void => asking({ requestPolicy: "network-only" });
  const statements = isWrong ? undefined : data?.statements;
  useFreshLinks(statements?.[0]?.file.expiresAt, ask);
  const choose = (next: string): void => setQuery(next === "own" ? { from, to } : { period: next }, { replace: true });
  return (
    <>
      <PageHeader title={t("statementTitle")} />
      <div className="period">
        <Select
          label={t("period")}
          value={period}
          onChange={choose}
          options={["year", "last", "quarter", "own"].map((value) => ({ value, label: t(`period.${value}` as "period.year") }))}
        />
        {period === "own" && <OwnDates from={from} to={to} onChange={(dates) => setQuery(dates, { replace: true })} isWrong={isWrong} />}
      </div>
      {error && !statements && <FailedState onRetry={ask} />}
      {!error && !isWrong && !statements && <Skeleton lines={8} />}
      {statements?.length === 0 && (
        <div className="card">
          <EmptyState icon="statement" title={t("noTransactions")}>
            <p>{t("noTransactionsText")}</p>
          </EmptyState>
        </div>
      )}
      {statements?.map((statement) => <OneStatement key={statement.currency} statement={statement} isOnly={statements.length === 1} />)}
    </>
  );
}

function OwnDates({ from, to, onChange, isWrong }: {
  from: string;
  to: string;
  onChange: (dates: { from: string; to: string }) => void;
  isWrong: boolean;
}) {
  const t = useClientText();
  const [dates, setDates] = useState({ from, to });
  const set = (name: "from" | "to") => (value: string) => {
    const next = { ...dates, [name]: value };
    setDates(next);
    if (next.from && next.to) onChange(next);
  };
  return (
    <>
      <TextField label={t("fromDate")} type="date" value={dates.from} onChange={set("from")} />
      <TextField label={t("toDate")} type="date" value={dates.to} onChange={set("to")} />
      {isWrong && <p className="error-line" role="alert">{t("badPeriod")}</p>}
    </>
  );
}

function OneStatement({ statement, isOnly }: { statement: Statement; isOnly: boolean }) {
  const t = useClientText();
  return (
    <section className="section statement" aria-label={statement.currency}>
      <div className="section-head">
        <h2>{isOnly ? <Period statement={statement} /> : <>{statement.currency} · <Period statement={statement} /></>}</h2>
        <div className="actions">
          <FileButton href={statement.file.url} icon="download">{t("pdf")}</FileButton>
          <FileButton href={statement.printed.url} icon="print">{t("print")}</FileButton>
        </div>
      </div>
      <div className="card flush">
        <table className="table statement-table">
          <thead>
            <tr>
              <th scope="col">{t("date")}</th>
              <th scope="col">{t("transaction")}</th>
              <th scope="col" className="end">{t("charged")}</th>
              <th scope="col" className="end">{t("credited")}</th>
              <th scope="col" className="end">{t("balance")}</th>
            </tr>
          </thead>
          <tbody>
            <BalanceRow date={statement.from} label={t("openingBalance")} value={statement.openingBalance} />
            {statement.rows.map((row, index) => (
              <Row key={index} row={row} />
            ))}
            <BalanceRow date={statement.to} label={t("closingBalance")} value={statement.closingBalance} strong />
          </tbody>
        </table>
      </div>
      <Ageing statement={statement} />
    </section>
  );
}

function Period({ statement }: { statement: Statement }) {
  return (
    <>
      <DateText value={statement.from} /> – <DateText value={statement.to} />
    </>
  );
}

function BalanceRow({ date, label, value, strong = false }: { date: string; label: string; value: Amount; strong?: boolean }) {
  const t = useClientText();
  return (
    <tr className={strong ? "strong" : "quiet"}>
      <td data-label={t("date")}><DateText value={date} /></td>
      <td className="what">{label}</td>
      <td className="none" />
      <td className="none" />
      <td className="end" data-label={t("balance")}><Money value={value} /></td>
    </tr>
  );
}

function Row({ row }: { row: Statement["rows"][number] }) {
  const t = useClientText();
  const place = usePlace();
  const label = t(`row.${row.kind}`, { number: row.number });
  const target = row.kind === "PAYMENT" && row.paymentId ? `/payments/${row.paymentId}` : row.invoice ? `/invoices/${row.invoice.id}` : "";
  return (
    <tr>
      <td data-label={t("date")}><DateText value={row.date} /></td>
      <td className="what">{target ? <Link to={place.to(target)}>{label}</Link> : label}</td>
      <td className={isNothing(row.debit) ? "none" : "end"} data-label={t("charged")}>{!isNothing(row.debit) && <Money value={row.debit} />}</td>
      <td className={isNothing(row.credit) ? "none" : "end"} data-label={t("credited")}>{!isNothing(row.credit) && <Money value={row.credit} />}</td>
      <td className="end" data-label={t("balance")}><Money value={row.balance} /></td>
    </tr>
  );
}

const AGES = ["current", "days1To30", "days31To60", "days61To90", "over90"] as const;

function Ageing({ statement }: { statement: Statement }) {
  const t = useClientText();
  const format = useFormat();
  return (
    <div className="ageing card">
      <h3>{t("ageing", { date: format.day(statement.to) })}</h3>
      <dl>
        {AGES.map((age) => (
          <div key={age} className={age !== "current" && !isNothing(statement.ageing[age]) ? "late" : undefined}>
            <dt>{t(`age.${age}`)}</dt>
            <dd><Money value={statement.ageing[age]} /></dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function datesOf(period: string): { from: string; to: string } {
  const now = new Date();
  const year = now.getFullYear();
  const today = iso(now);
  if (period === "last") return { from: `${year - 1}-01-01`, to: `${year - 1}-12-31` };
  if (period === "quarter") return { from: iso(new Date(year, now.getMonth(), now.getDate() - 90)), to: today };
  return { from: `${year}-01-01`, to: today };
}

function iso(day: Date): string {
  return [day.getFullYear(), String(day.getMonth() + 1).padStart(2, "0"), String(day.getDate()).padStart(2, "0")].join("-");
}
