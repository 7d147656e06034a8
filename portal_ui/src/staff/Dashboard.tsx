import type { ReactNode } from "react";
import { Link } from "react-router";
import { useQuery } from "urql";
import { useLive } from "../graphql/live";
import { isNothing } from "../i18n/format";
import { ButtonLink, DateText, FailedState, Money, PageHeader, Skeleton } from "../ui";
import { DashboardDocument, DocumentChangedDocument, type DashboardQuery, type NewsRowFragment } from "./gql/graphql";
import { EstimateRows, InvoiceRows } from "./rows";
import { useMayWrite } from "./shell";
import { useStaffText } from "./text";

/** What the business wants to know first: what is owed, what is late, what is to be done, what happened. */
export function Dashboard() {
  const t = useStaffText();
  const mayWrite = useMayWrite();
  const [{ data, error }, ask] = useQuery({ query: DashboardDocument, requestPolicy: "cache-and-network" });
  const again = (): void => ask({ requestPolicy: "network-only" });
  useLive(DocumentChangedDocument, {}, { onNews: again, onGap: again });
  if (error && !data) return <FailedState onRetry={again} />;
  if (!data) return <Skeleton lines={8} />;
  const overdue = data.overdue?.nodes ?? [];
  const drafts = data.drafts?.nodes ?? [];
  const accepted = data.accepted?.nodes ?? [];
  return (
    <>
      <PageHeader title={t("home")}>
        {mayWrite && (
          <>
            <ButtonLink to="/staff/estimates/new" icon="estimate">
              {t("newEstimate")}
            </ButtonLink>
            <ButtonLink to="/staff/invoices/new" look="primary" icon="plus">
              {t("newInvoice")}
            </ButtonLink>
          </>
        )}
      </PageHeader>
      <Outstanding rows={data.home?.outstanding ?? []} />
      <div className="two-columns">
        <div>
          <Section title={t("overdue")} more={<Link to="/staff/invoices?status=overdue">{t("seeAll")}</Link>}>
            {overdue.length > 0 ? <InvoiceRows rows={overdue} label={t("overdue")} /> : <p className="quiet-line">{t("nothingOverdue")}</p>}
          </Section>
          {accepted.length > 0 && (
            <Section title={t("toInvoice")}>
              <EstimateRows rows={accepted} label={t("toInvoice")} />
            </Section>
          )}
          {drafts.length > 0 && (
            <Section title={t("drafts")}>
              <InvoiceRows rows={drafts} label={t("drafts")} />
            </Section>
          )}
        </div>
        <Section title={t("news")}>
          <News rows={data.notifications?.nodes ?? []} />
        </Section>
      </div>
    </>
  );
}

function Outstanding({ rows }: { rows: NonNullable<DashboardQuery["home"]>["outstanding"] }) {
  const t = useStaffText();
  if (rows.length === 0) {
    return (
      <section className="card owed">
        <p className="label muted">{t("outstanding")}</p>
        <p className="owed-amount">{t("nothingOwed")}</p>
      </section>
    );
  }
  return (
    <div className="owed-row">
      {rows.map((row) => (
        <section className="card owed" key={row.currency} aria-label={t("outstandingIn", { currency: row.currency })}>
          <p className="label muted">{t("outstanding")}</p>
          <p className="owed-amount">
            <Money value={row.balance} />
          </p>
          <p className="muted">{t("invoiceCount", { count: row.invoices })}</p>
          {!isNothing(row.overdue) && (
            <p className="overdue-line">
              {t("overdue")} <Money value={row.overdue} />
            </p>
          )}
        </section>
      ))}
    </div>
  );
}

function News({ rows }: { rows: readonly NewsRowFragment[] }) {
  const t = useStaffText();
  if (rows.length === 0) return <p className="quiet-line">{t("noNews")}</p>;
  return (
    <ul className="news">
      {rows.map((row) => (
        <li key={row.id}>
          <NewsText row={row} />
          <span className="row-sub">
            <DateText value={row.createdAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function NewsText({ row }: { row: NewsRowFragment }) {
  const place = row.document?.__typename === "Invoice" ? "invoices" : "estimates";
  return row.document ? <Link to={`/staff/${place}/${row.document.id}`}>{row.title}</Link> : <span>{row.title}</span>;
}

export function Section({ title, more, children }: { title: string; more?: ReactNode; children: ReactNode }) {
  return (
    <section className="section">
      <div className="section-head">
        <h2>{title}</h2>
        {more}
      </div>
      <div className="card flush">{children}</div>
    </section>
  );
}
