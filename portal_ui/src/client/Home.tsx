import { useQuery } from "urql";
import { Link } from "react-router";
import { ButtonLink, EmptyState, FailedState, Money, Notice, PageHeader, Skeleton } from "../ui";
import { isNothing } from "../i18n/format";
import { HomePageDocument, type HomePageQuery } from "./gql/graphql";
import { EstimateRows, InvoiceRows } from "./rows";
import { usePlace } from "./shell";
import { useClientText } from "./text";

/** What a client wants to know first: what is owed, what is late, what waits for an answer. */
export function Home() {
  const t = useClientText();
  const { portal, shell, to } = usePlace();
  const [{ data, error }, ask] = useQuery({ query: HomePageDocument, requestPolicy: "cache-and-network" });
  const home = data?.home;
  if (error && !home) return <FailedState onRetry={() => ask({ requestPolicy: "network-only" })} />;
  if (!home) return <Skeleton lines={6} />;
  const company = shell?.me && "customer" in shell.me ? shell.me.customer?.name : undefined;
  const open = data.invoices?.nodes ?? [];
  const isNew = open.length + home.estimatesToAnswer.length + home.lastPaidInvoices.length === 0;
  return (
    <>
      <PageHeader title={company ?? t("home")} />
      {portal?.bannerMessage && <Notice><p dir="auto">{portal.bannerMessage}</p></Notice>}
      <Outstanding rows={home.outstanding} />
      {isNew && (
        <EmptyState icon="invoice" title={t("nothingYet")}>
          <p>{t("nothingYetText", { organisation: shell?.organisation?.name ?? "" })}</p>
        </EmptyState>
      )}
      {home.estimatesToAnswer.length > 0 && (
        <Section title={t("toAnswer")}>
          <EstimateRows rows={home.estimatesToAnswer} label={t("toAnswer")} />
        </Section>
      )}
      {open.length > 0 && (
        <Section title={t("openInvoices")} more={<Link to={to("/invoices?status=open")}>{t("seeAll")}</Link>}>
          <InvoiceRows rows={open} label={t("openInvoices")} />
        </Section>
      )}
      {home.lastPaidInvoices.length > 0 && (
        <Section title={t("lastPaid")} more={<Link to={to("/statement")}>{t("statement")}</Link>}>
          <InvoiceRows rows={home.lastPaidInvoices} label={t("lastPaid")} />
        </Section>
      )}
    </>
  );
}

/** What is owed, one card for each currency; currencies are never added up. */
function Outstanding({ rows }: { rows: NonNullable<HomePageQuery["home"]>["outstanding"] }) {
  const t = useClientText();
  const { to } = usePlace();
  if (rows.length === 0) {
    return (
      <section className="card owed settled">
        <p className="label">{t("outstanding")}</p>
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
          <ButtonLink to={to(`/invoices?status=open&currency=${row.currency}`)} look="primary">
            {t("viewAndPay")}
          </ButtonLink>
        </section>
      ))}
    </div>
  );
}

function Section({ title, more, children }: { title: string; more?: React.ReactNode; children: React.ReactNode }) {
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
