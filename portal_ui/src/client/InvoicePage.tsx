import { Link, useParams } from "react-router";
import { useQuery } from "urql";
import { isNothing } from "../i18n/format";
import { ButtonLink, DateText, FailedState, FileButton, Money, Notice, PageHeader, Skeleton } from "../ui";
import { NoSuchPage } from "./ClientPages";
import { Comments } from "./Comments";
import { useFreshLinks, useLiveDocument, useRecordedView } from "./document";
import { Forward } from "./Forward";
import { InvoicePageDocument, type InvoicePaperFragment } from "./gql/graphql";
import { Paper, useFacts } from "./Paper";
import { Payments } from "./Payments";
import { usePlace } from "./shell";
import { InvoiceBadge } from "./status";
import { useClientText } from "./text";

/** An invoice as its paper, with what is due beside it. */
export default function InvoicePage() {
  const t = useClientText();
  const { id = "" } = useParams();
  const { to } = usePlace();
  const facts = useFacts();
  const [{ data, error }, asking] = useQuery({ query: InvoicePageDocument, variables: { id }, requestPolicy: "cache-and-network" });
  const ask = (): void => asking({ requestPolicy: "network-only" });
  const invoice = data?.invoice;
  useRecordedView(invoice?.id);
  useLiveDocument(id, invoice?.version, ask);
  useFreshLinks(invoice?.file.expiresAt, ask);
  if (!invoice) return data && !error ? <NoSuchPage /> : error ? <FailedState onRetry={ask} /> : <Skeleton lines={12} />;
  const title = t("invoiceTitle", { number: invoice.number ?? "" });
  return (
    <>
      <PageHeader title={title} aside={<InvoiceBadge status={invoice.status} />} back={{ to: to("/invoices"), label: t("invoices") }}>
        <FileButton href={invoice.file.url} icon="download">{t("pdf")}</FileButton>
        <FileButton href={invoice.printed.url} icon="print">{t("print")}</FileButton>
        <Forward documentId={invoice.id} number={invoice.number ?? ""} />
      </PageHeader>
      <div className="document">
        <div className="side">
          <Due invoice={invoice} />
          <Payments payments={invoice.payments} />
        </div>
        <div className="main">
          <Paper
            {...invoice}
            title={title}
            facts={facts(invoice, [
              ...(invoice.dueOn ? [{ label: t("dueOn"), value: <DateText value={invoice.dueOn} /> }] : []),
            ])}
            seller={invoice.seller ?? null}
            buyer={invoice.buyer ?? null}
          />
          <Comments
            documentId={invoice.id}
            comments={invoice.comments?.nodes ?? []}
            hasOlder={invoice.comments?.pageInfo.hasPreviousPage ?? false}
            onAdded={ask}
          />
        </div>
      </div>
    </>
  );
}

/** What is due, and the one thing to do about it. */
function Due({ invoice }: { invoice: InvoicePaperFragment }) {
  const t = useClientText();
  const { to } = usePlace();
  const isClosed = invoice.status === "VOID" || invoice.status === "WRITTEN_OFF";
  const isPaid = invoice.status === "PAID";
  const isUnderWay = invoice.payments.some((one) => one.status === "PROCESSING" || one.status === "UNKNOWN" || one.status === "REQUIRES_ACTION");
  return (
    <section className="card due">
      <p className="label muted">{isPaid ? t("paidInFull") : t("amountDue")}</p>
      <p className="owed-amount">
        <Money value={isPaid ? invoice.total : invoice.balance} />
      </p>
      {isClosed && <p className="muted">{t(invoice.status === "VOID" ? "voidText" : "writtenOffText")}</p>}
      {invoice.dueOn && !isPaid && !isClosed && (
        <p className={invoice.isOverdue ? "overdue-line" : "muted"}>
          {invoice.isOverdue ? t("overdue") : t("due")} <DateText value={invoice.dueOn} />
        </p>
      )}
      {!isPaid && !isNothing(invoice.paid) && (
        <p className="muted">
          {t("paidSoFar")} <Money value={invoice.paid} />
        </p>
      )}
      {isUnderWay && !isPaid && <Notice>{t("underWay")}</Notice>}
      {!isPaid && !isClosed && invoice.paymentModes.length > 0 && (
        <ButtonLink look="primary" wide to={to(`/invoices/${invoice.id}/pay`)}>
          {t("payNow")}
        </ButtonLink>
      )}
      {invoice.estimate && (
        <p className="small">
          <Link to={to(`/estimates/${invoice.estimate.id}`)}>{t("fromEstimate", { number: invoice.estimate.number ?? "" })}</Link>
        </p>
      )}
    </section>
  );
}
