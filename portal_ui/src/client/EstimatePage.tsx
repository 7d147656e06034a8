import { useState } from "react";
import { Link, useParams } from "react-router";
import { useQuery } from "urql";
import { useAction } from "../graphql/action";
import { useText } from "../i18n/core";
import { useFormat } from "../i18n/format";
import { Button, DateText, Dialog, Errors, FailedState, FileButton, Form, Money, PageHeader, Skeleton, TextField, toast } from "../ui";
import { NoSuchPage } from "./ClientPages";
import { Comments } from "./Comments";
import { useFreshLinks, useLiveDocument, useRecordedView } from "./document";
import { Forward } from "./Forward";
import { AcceptEstimateDocument, DeclineEstimateDocument, EstimatePageDocument, type EstimatePaperFragment } from "./gql/graphql";
import { Paper, useFacts } from "./Paper";
import { Revisions } from "./Revisions";
import { usePlace } from "./shell";
import { EstimateBadge } from "./status";
import { useClientText } from "./text";

/** An estimate as its paper, with the question whether it is accepted. */
export default function EstimatePage() {
  const t = useClientText();
  const { id = "" } = useParams();
  const { to } = usePlace();
  const facts = useFacts();
  const [{ data, error }, asking] = useQuery({ query: EstimatePageDocument, variables: { id }, requestPolicy: "cache-and-network" });
  const ask = (): void => asking({ requestPolicy: "network-only" });
  const estimate = data?.estimate;
  useRecordedView(estimate?.id);
  useLiveDocument(id, estimate?.version, ask);
  useFreshLinks(estimate?.file.expiresAt, ask);
  if (!estimate) return data && !error ? <NoSuchPage /> : error ? <FailedState onRetry={ask} /> : <Skeleton lines={12} />;
  const title = t("estimateTitle", { number: estimate.number ?? "" });
  return (
    <>
      <PageHeader title={title} aside={<EstimateBadge status={estimate.status} />} back={{ to: to("/estimates"), label: t("estimates") }}>
        <FileButton href={estimate.file.url} icon="download">{t("pdf")}</FileButton>
        <FileButton href={estimate.printed.url} icon="print">{t("print")}</FileButton>
        <Forward documentId={estimate.id} number={estimate.number ?? ""} />
      </PageHeader>
      <div className="document">
        <div className="side">
          <Answer estimate={estimate} onChanged={ask} />
          <Revisions estimate={estimate} />
        </div>
        <div className="main">
          <Paper
            {...estimate}
            title={title}
            facts={facts(estimate, [
              ...(estimate.expiresOn ? [{ label: t("validUntil"), value: <DateText value={estimate.expiresOn} /> }] : []),
              ...(estimate.revision > 1 ? [{ label: t("revision"), value: estimate.revision }] : []),
            ])}
            seller={estimate.seller ?? null}
            buyer={estimate.buyer ?? null}
          />
          <Comments
            documentId={estimate.id}
            comments={estimate.comments?.nodes ?? []}
            hasOlder={estimate.comments?.pageInfo.hasPreviousPage ?? false}
            onAdded={ask}
          />
        </div>
      </div>
    </>
  );
}

/** How the estimate stands, and the two answers while it waits for one. */
function Answer({ estimate, onChanged }: { estimate: EstimatePaperFragment; onChanged: () => void }) {
  const t = useClientText();
  const { to } = usePlace();
  const [asking, setAsking] = useState<"accept" | "decline" | undefined>();
  return (
    <section className="card due">
      <p className="label muted">{t("total")}</p>
      <p className="owed-amount">
        <Money value={estimate.total} />
      </p>
      <StandsAt estimate={estimate} />
      {estimate.status === "SENT" && (
        <div className="answers">
          <Button look="primary" icon="check" onPress={() => setAsking("accept")}>
            {t("accept")}
          </Button>
          <Button onPress={() => setAsking("decline")}>{t("decline")}</Button>
        </div>
      )}
      {estimate.invoice && (
        <p className="small">
          <Link to={to(`/invoices/${estimate.invoice.id}`)}>{t("toInvoice", { number: estimate.invoice.number ?? "" })}</Link>
        </p>
      )}
      <Accept estimate={estimate} isOpen={asking === "accept"} onClose={() => setAsking(undefined)} onChanged={onChanged} />
      <Decline estimate={estimate} isOpen={asking === "decline"} onClose={() => setAsking(undefined)} onChanged={onChanged} />
    </section>
  );
}

function StandsAt({ estimate }: { estimate: EstimatePaperFragment }) {
  const t = useClientText();
  const format = useFormat();
  const name = estimate.answeredBy?.name;
  const date = estimate.answeredAt ? format.moment(estimate.answeredAt) : "";
  switch (estimate.status) {
    case "SENT":
      return estimate.expiresOn ? <p className="muted">{t("waitingText", { date: format.day(estimate.expiresOn) })}</p> : null;
    case "ACCEPTED":
    case "INVOICED":
      return <p className="muted">{name ? t("acceptedBy", { name, date }) : t("acceptedOn", { date })}</p>;
    case "DECLINED":
      return (
        <>
          <p className="muted">{name ? t("declinedBy", { name, date }) : t("declinedOn", { date })}</p>
          {estimate.declineReason && <blockquote dir="auto">{estimate.declineReason}</blockquote>}
        </>
      );
    case "EXPIRED":
      return <p className="muted">{t("expiredText")}</p>;
    case "VOID":
      return <p className="muted">{t("voidEstimateText")}</p>;
    default:
      return <p className="muted">{t("reworkText")}</p>;
  }
}

interface Question {
  estimate: EstimatePaperFragment;
  isOpen: boolean;
  onClose: () => void;
  onChanged: () => void;
}

function Accept({ estimate, isOpen, onClose, onChanged }: Question) {
  const core = useText();
  const t = useClientText();
  const format = useFormat();
  const { shell } = usePlace();
  const accept = useAction(AcceptEstimateDocument);
  const submit = async (): Promise<void> => {
    const done = await accept.run({ estimateId: estimate.id, revision: estimate.revision });
    if (!done) return onChanged();
    toast(t("acceptedToast"));
    onClose();
  };
  const texts = { revision: estimate.revision, amount: format.money(estimate.total), organisation: shell?.organisation?.name ?? "" };
  return (
    <Dialog title={t("acceptTitle", { number: estimate.number ?? "" })} isOpen={isOpen} onClose={onClose}>
      <div className="form">
        <Errors errors={accept.errors} />
        <p>{t("acceptText", texts)}</p>
        <div className="dialog-actions">
          <Button onPress={onClose}>{core("cancel")}</Button>
          <Button look="primary" busy={accept.busy} onPress={() => void submit()} autoFocus>
            {t("accept")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Decline({ estimate, isOpen, onClose, onChanged }: Question) {
  const core = useText();
  const t = useClientText();
  const { shell } = usePlace();
  const [reason, setReason] = useState("");
  const decline = useAction(DeclineEstimateDocument);
  const submit = async (): Promise<void> => {
    const done = await decline.run({ estimateId: estimate.id, revision: estimate.revision, reason });
    if (!done) return onChanged();
    toast(t("declinedToast"));
    onClose();
  };
  return (
    <Dialog title={t("declineTitle", { number: estimate.number ?? "" })} isOpen={isOpen} onClose={onClose}>
      <Form onSubmit={() => void submit()} errors={decline.errors} fields={["reason"]} fieldOf={REASON_ERRORS}>
        <p className="muted">{t("declineText", { organisation: shell?.organisation?.name ?? "" })}</p>
        <TextField label={t("reason")} name="reason" lines={4} isRequired autoFocus value={reason} onChange={setReason} />
        <div className="dialog-actions">
          <Button onPress={onClose}>{core("cancel")}</Button>
          <Button type="submit" look="danger" busy={decline.busy}>
            {t("decline")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

const REASON_ERRORS = { TEXT_REQUIRED: "reason", TEXT_TOO_LONG: "reason", CONTROL_CHARACTERS: "reason", LOOKS_LIKE_CARD_NUMBER: "reason" };
