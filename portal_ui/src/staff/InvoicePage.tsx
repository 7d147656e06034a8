import { useState } from "react";
import { Link, useParams } from "react-router";
import { useQuery } from "urql";
import { useAction } from "../graphql/action";
import { useLive } from "../graphql/live";
import { useFormat, isNothing } from "../i18n/format";
import { Button, ButtonLink, DateText, FailedState, FileButton, Money, PageHeader, Skeleton } from "../ui";
import { Confirm, RecordPayment, Refund } from "./actions";
import { Comments } from "./Comments";
import {
  DocumentChangedDocument,
  InvoicePageDocument,
  SendInvoiceDocument,
  VoidInvoiceDocument,
  WriteOffInvoiceDocument,
  type InvoiceWholeFragment,
  type PaymentRowFragment,
} from "./gql/graphql";
import { Lines, Mails, Totals, Views } from "./paper";
import { InvoiceBadge } from "./rows";
import { useMayWrite } from "./shell";
import { NoSuchPage } from "./StaffPages";
import { useStaffText } from "./text";

/** An invoice, what can be done with it, and what became of it. */
export function InvoicePage() {
  const { id = "" } = useParams();
  const t = useStaffText();
  const [{ data, error }, ask] = useQuery({ query: InvoicePageDocument, variables: { id }, requestPolicy: "cache-and-network" });
  const again = (): void => ask({ requestPolicy: "network-only" });
  useLive(DocumentChangedDocument, { documentId: id }, { onNews: again, onGap: again });
  const invoice = data?.invoice;
  if (!invoice) return error ? error.networkError ? <FailedState onRetry={again} /> : <NoSuchPage /> : <Skeleton lines={8} />;
  const client = invoice.customer?.name ?? "";
  return (
    <>
      <PageHeader
        title={invoice.number ? t("invoiceTitle", { number: invoice.number }) : t("invoiceDraft")}
        aside={<InvoiceBadge status={invoice.status} />}
        back={{ to: "/staff/invoices", label: t("invoices") }}
      >
        <InvoiceActions invoice={invoice} client={client} />
      </PageHeader>
      <div className="document">
        <div className="document-main">
          <section className="card paper" aria-label={t("lines")}>
            <div className="paper-head">
              <p>
                <span className="row-sub">{t("client")}</span>
                <Link to={`/staff/clients/${invoice.customer?.id ?? ""}`}>
                  <bdi>{client}</bdi>
                </Link>
              </p>
              {invoice.dueOn && (
                <p>
                  <span className="row-sub">{t("dueOn")}</span>
                  <DateText value={invoice.dueOn} />
                </p>
              )}
              {invoice.subject && (
                <p className="paper-subject">
                  <span className="row-sub">{t("subject")}</span>
                  <span dir="auto">{invoice.subject}</span>
                </p>
              )}
            </div>
            <Lines lines={invoice.lines} currency={invoice.currency} />
            <Totals totals={invoice.totals} />
            {invoice.notes && (
              <p className="paper-notes" dir="auto">
                {invoice.notes}
              </p>
            )}
          </section>
          <Comments documentId={invoice.id} client={client} rows={invoice.comments?.nodes ?? []} onNews={again} />
        </div>
        <aside className="document-side">
          {invoice.number && (
            <section className="card owed">
              <p className="label muted">{t("open")}</p>
              <p className="owed-amount">
                <Money value={invoice.balance} />
              </p>
              <p className="muted">
                {t("paid")} <Money value={invoice.paid} />
              </p>
            </section>
          )}
          <Payments invoice={invoice} />
          {invoice.number && (
            <section className="card">
              <h2>{t("views")}</h2>
              <Views views={invoice.views ?? []} />
            </section>
          )}
          {invoice.mails.length > 0 && (
            <section className="card">
              <h2>{t("mails")}</h2>
              <Mails mails={invoice.mails} />
            </section>
          )}
        </aside>
      </div>
    </>
  );
}

type Step = "send" | "record" | "void" | "writeOff";

function InvoiceActions({ invoice, client }: { invoice: InvoiceWholeFragment; client: string }) {
  const t = useStaffText();
  const format = useFormat();
  const mayWrite = useMayWrite();
  const [step, setStep] = useState<Step>();
  const send = useAction(SendInvoiceDocument);
  const end = useAction(VoidInvoiceDocument);
  const writeOff = useAction(WriteOffInvoiceDocument);
  const close = (): void => setStep(undefined);
  const isDraft = invoice.status === "DRAFT";
  const isOpen = invoice.status === "SENT" || invoice.status === "PARTIALLY_PAID" || invoice.status === "OVERDUE";
  const reason = { label: t("reason"), hint: t("reasonHint") };
  return (
    <>
      <FileButton href={invoice.file.url} icon="download">
        {t("pdf")}
      </FileButton>
      {mayWrite && (isDraft || (isOpen && isNothing(invoice.paid))) && (
        <Button look="danger" onPress={() => setStep("void")}>
          {t("void")}
        </Button>
      )}
      {mayWrite && isDraft && (
        <>
          <ButtonLink to={`/staff/invoices/${invoice.id}/edit`} icon="edit">
            {t("edit")}
          </ButtonLink>
          <Button look="primary" icon="send" onPress={() => setStep("send")}>
            {t("send")}
          </Button>
        </>
      )}
      {mayWrite && isOpen && (
        <>
          <Button look="danger" onPress={() => setStep("writeOff")}>
            {t("writeOff")}
          </Button>
          <Button look="primary" icon="plus" onPress={() => setStep("record")}>
            {t("recordPayment")}
          </Button>
        </>
      )}
      {step === "send" && (
        <Confirm
          action={send}
          title={t("sendTitle", { client })}
          text={t("sendText", { client })}
          confirm={t("send")}
          said={t("sentToast", { client })}
          input={{ invoiceId: invoice.id }}
          onClose={close}
        />
      )}
      {step === "void" && (
        <Confirm
          action={end}
          title={t("voidTitle")}
          text={t("voidText")}
          confirm={t("void")}
          said={t("voidedToast")}
          input={{ invoiceId: invoice.id }}
          reason={reason}
          look="danger"
          onClose={close}
        />
      )}
      {step === "writeOff" && (
        <Confirm
          action={writeOff}
          title={t("writeOffTitle", { amount: format.money(invoice.balance) })}
          text={t("writeOffText")}
          confirm={t("writeOff")}
          said={t("writtenOffToast")}
          input={{ invoiceId: invoice.id }}
          reason={reason}
          look="danger"
          onClose={close}
        />
      )}
      {step === "record" && <RecordPayment invoice={invoice} onClose={close} />}
    </>
  );
}

function Payments({ invoice }: { invoice: InvoiceWholeFragment }) {
  const t = useStaffText();
  const format = useFormat();
  const mayWrite = useMayWrite();
  const [refunding, setRefunding] = useState<PaymentRowFragment>();
  if (!invoice.number) return null;
  return (
    <section className="card">
      <h2>{t("payments")}</h2>
      {invoice.payments.length === 0 && <p className="muted">{t("noPayments")}</p>}
      <ul className="facts">
        {invoice.payments.map((payment) => (
          <li key={payment.id}>
            <span className="fact-line">
              <span>
                {t(payment.mode)} · {t(`payment.${payment.status}`)}
              </span>
              <Money value={payment.amount} />
            </span>
            <span className="row-sub">
              <DateText value={payment.receivedOn ?? payment.createdAt} />
              {!isNothing(payment.refunded) && ` · ${t("refunded", { amount: format.money(payment.refunded) })}`}
            </span>
            {mayWrite && !isNothing(payment.refundable) && (
              <Button look="plain" onPress={() => setRefunding(payment)}>
                {t("refund")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {refunding && <Refund payment={refunding} onClose={() => setRefunding(undefined)} />}
    </section>
  );
}
