import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { useQuery } from "urql";
import { useAction } from "../graphql/action";
import { useLive } from "../graphql/live";
import { Button, ButtonLink, DateText, FailedState, FileButton, Notice, PageHeader, Skeleton, toast } from "../ui";
import { Confirm } from "./actions";
import { Comments } from "./Comments";
import {
  ConvertEstimateDocument,
  DocumentChangedDocument,
  EstimatePageDocument,
  ReviseEstimateDocument,
  SendEstimateDocument,
  VoidEstimateDocument,
  type EstimateWholeFragment,
} from "./gql/graphql";
import { Lines, Mails, Totals, Views } from "./paper";
import { EstimateBadge } from "./rows";
import { useMayWrite } from "./shell";
import { NoSuchPage } from "./StaffPages";
import { useStaffText } from "./text";

/** An estimate, what can be done with it, and what the client said to it. */
export function EstimatePage() {
  const { id = "" } = useParams();
  const t = useStaffText();
  const [{ data, error }, ask] = useQuery({ query: EstimatePageDocument, variables: { id }, requestPolicy: "cache-and-network" });
  const again = (): void => ask({ requestPolicy: "network-only" });
  useLive(DocumentChangedDocument, { documentId: id }, { onNews: again, onGap: again });
  const estimate = data?.estimate;
  if (!estimate) return error ? error.networkError ? <FailedState onRetry={again} /> : <NoSuchPage /> : <Skeleton lines={8} />;
  const client = estimate.customer?.name ?? "";
  return (
    <>
      <PageHeader
        title={estimate.number ? t("estimateTitle", { number: estimate.number }) : t("estimateDraft")}
        aside={<EstimateBadge status={estimate.status} />}
        back={{ to: "/staff/estimates", label: t("estimates") }}
      >
        <EstimateActions estimate={estimate} client={client} />
      </PageHeader>
      {estimate.declineReason && <Notice look="warn">{t("declinedBecause", { reason: estimate.declineReason })}</Notice>}
      {estimate.status === "ACCEPTED" && estimate.answeredBy && <Notice look="good">{t("acceptedBy", { name: estimate.answeredBy.name })}</Notice>}
      <div className="document">
        <div className="document-main">
          <section className="card paper" aria-label={t("lines")}>
            <div className="paper-head">
              <p>
                <span className="row-sub">{t("client")}</span>
                <Link to={`/staff/clients/${estimate.customer?.id ?? ""}`}>
                  <bdi>{client}</bdi>
                </Link>
              </p>
              {estimate.expiresOn && (
                <p>
                  <span className="row-sub">{t("validUntil")}</span>
                  <DateText value={estimate.expiresOn} />
                </p>
              )}
              {estimate.subject && (
                <p className="paper-subject">
                  <span className="row-sub">{t("subject")}</span>
                  <span dir="auto">{estimate.subject}</span>
                </p>
              )}
            </div>
            <Lines lines={estimate.lines} currency={estimate.currency} />
            <Totals totals={estimate.totals} />
            {estimate.notes && (
              <p className="paper-notes" dir="auto">
                {estimate.notes}
              </p>
            )}
          </section>
          <Comments documentId={estimate.id} client={client} rows={estimate.comments?.nodes ?? []} onNews={again} />
        </div>
        <aside className="document-side">
          {estimate.invoice && (
            <section className="card">
              <h2>{t("theInvoice")}</h2>
              <Link to={`/staff/invoices/${estimate.invoice.id}`}>{estimate.invoice.number ?? t("invoiceDraft")}</Link>
            </section>
          )}
          {estimate.number && (
            <section className="card">
              <h2>{t("views")}</h2>
              <Views views={estimate.views ?? []} />
            </section>
          )}
          {estimate.mails.length > 0 && (
            <section className="card">
              <h2>{t("mails")}</h2>
              <Mails mails={estimate.mails} />
            </section>
          )}
        </aside>
      </div>
    </>
  );
}

function EstimateActions({ estimate, client }: { estimate: EstimateWholeFragment; client: string }) {
  const t = useStaffText();
  const go = useNavigate();
  const mayWrite = useMayWrite();
  const [step, setStep] = useState<"send" | "void" | "convert">();
  const send = useAction(SendEstimateDocument);
  const end = useAction(VoidEstimateDocument);
  const convert = useAction(ConvertEstimateDocument);
  const revise = useAction(ReviseEstimateDocument);
  const close = (): void => setStep(undefined);
  const { status } = estimate;
  const input = { estimateId: estimate.id };
  const reviseNow = async (): Promise<void> => {
    if (await revise.run(input)) toast(t("revisedToast"));
  };
  return (
    <>
      <FileButton href={estimate.file.url} icon="download">
        {t("pdf")}
      </FileButton>
      {mayWrite && (status === "DRAFT" || status === "SENT") && (
        <Button look="danger" onPress={() => setStep("void")}>
          {t("void")}
        </Button>
      )}
      {mayWrite && status === "DRAFT" && (
        <>
          <ButtonLink to={`/staff/estimates/${estimate.id}/edit`} icon="edit">
            {t("edit")}
          </ButtonLink>
          <Button look="primary" icon="send" onPress={() => setStep("send")}>
            {t("send")}
          </Button>
        </>
      )}
      {mayWrite && (status === "DECLINED" || status === "EXPIRED") && (
        <Button look="primary" icon="edit" busy={revise.busy} onPress={() => void reviseNow()}>
          {t("revise")}
        </Button>
      )}
      {mayWrite && status === "ACCEPTED" && (
        <Button look="primary" icon="invoice" onPress={() => setStep("convert")}>
          {t("convert")}
        </Button>
      )}
      {step === "send" && (
        <Confirm
          action={send}
          title={t("sendTitle", { client })}
          text={t("sendText", { client })}
          confirm={t("send")}
          said={t("sentToast", { client })}
          input={input}
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
          input={input}
          look="danger"
          onClose={close}
        />
      )}
      {step === "convert" && (
        <Confirm
          action={convert}
          title={t("convertTitle")}
          text={t("convertText")}
          confirm={t("convert")}
          said={t("convertedToast")}
          input={{ ...input, paymentTerms: { modes: ["CARD", "BANK_TRANSFER"] } }}
          onClose={close}
          onDone={(payload) => payload.invoice && void go(`/staff/invoices/${payload.invoice.id}`)}
        />
      )}
    </>
  );
}
