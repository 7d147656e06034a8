import { useEffect, useRef, type ReactNode } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { useQuery } from "urql";
import { useAction } from "../../graphql/action";
import { useLive } from "../../graphql/live";
import { useFormat } from "../../i18n/format";
import { Button, ButtonLink, Errors, FailedState, FileButton, Icon, PageHeader, Skeleton, useErrorText, type IconName } from "../../ui";
import { NoSuchPage } from "../ClientPages";
import { useFreshLinks } from "../document";
import { CancelPaymentDocument, ConfirmPaymentDocument, DocumentChangedDocument, PaymentPageDocument, type PaymentPageQuery } from "../gql/graphql";
import { usePlace } from "../shell";
import { useClientText } from "../text";

/** How often to look whether an outcome has come, beside the live updates. */
const LOOK_MS = 5_000;

/** One payment and how it stands, said as it is: nothing is called paid before the money has arrived. */
export default function PaymentPage() {
  const t = useClientText();
  const { id = "" } = useParams();
  const { to } = usePlace();
  const [query, setQuery] = useSearchParams();
  const isBack = query.has("back");
  const [{ data, error }, asking] = useQuery({ query: PaymentPageDocument, variables: { id }, requestPolicy: "cache-and-network" });
  const ask = (): void => asking({ requestPolicy: "network-only" });
  const payment = data?.payment;
  const confirm = useAction(ConfirmPaymentDocument, { keyless: true });
  const hasAsked = useRef(false);
  useEffect(() => {
    if (!isBack || !payment || hasAsked.current) return;
    hasAsked.current = true;
    void confirm.run({ paymentId: payment.id }).then(() => setQuery({}, { replace: true }));
  }, [isBack, payment?.id]);
  const isOpen = payment?.status === "PROCESSING" || payment?.status === "UNKNOWN" || payment?.status === "CREATED";
  useEffect(() => {
    if (!isOpen) return;
    const timer = setInterval(ask, LOOK_MS);
    return () => clearInterval(timer);
  }, [isOpen]);
  useLive(DocumentChangedDocument, {}, {
    onNews: (news) => news.documentChanged.id === payment?.invoice?.id && ask(),
    onGap: ask,
  });
  useFreshLinks(payment?.receipt?.expiresAt, ask);
  if (!payment) return data && !error ? <NoSuchPage /> : error ? <FailedState onRetry={ask} /> : <Skeleton lines={4} />;
  const invoice = payment.invoice;
  return (
    <div className="narrow">
      <PageHeader
        title={t("paymentTitle", { number: payment.invoiceNumber })}
        {...(invoice ? { back: { to: to(`/invoices/${invoice.id}`), label: t("invoiceTitle", { number: payment.invoiceNumber }) } } : {})}
      />
      <div className="card outcome" aria-live="polite">
        {isBack || confirm.busy ? (
          <Outcome icon="history" look="info" title={t("checkingBank")} />
        ) : (
          <Stands payment={payment} />
        )}
      </div>
    </div>
  );
}

type Payment = NonNullable<PaymentPageQuery["payment"]>;

function Stands({ payment }: { payment: Payment }) {
  const t = useClientText();
  const format = useFormat();
  const sayError = useErrorText();
  const { to } = usePlace();
  const invoice = payment.invoice;
  const toInvoice = invoice && <ButtonLink to={to(`/invoices/${invoice.id}`)}>{t("toTheInvoice")}</ButtonLink>;
  const again = invoice && (
    <ButtonLink look="primary" to={to(`/invoices/${invoice.id}/pay`)}>
      {t("payAgain")}
    </ButtonLink>
  );
  switch (payment.status) {
    case "SUCCEEDED":
      return (
        <Outcome icon="check" look="good" title={t("payDone")} text={t("payDoneText", { amount: format.money(payment.amount) })}>
          {payment.receipt && (
            <FileButton look="primary" icon="download" href={payment.receipt.url}>
              {t("receipt")}
            </FileButton>
          )}
          {toInvoice}
        </Outcome>
      );
    case "REQUIRES_ACTION":
      return <AtTheBank payment={payment} />;
    case "FAILED": {
      const why = payment.failure ? sayError({ code: `card.${payment.failure.code}`, message: payment.failure.message }) : "";
      return (
        <Outcome icon="alert" look="bad" title={t("payFailed")} text={`${why} ${t("payFailedText")}`.trim()}>
          {again}
          {toInvoice}
        </Outcome>
      );
    }
    case "CANCELLED":
      return (
        <Outcome icon="close" look="info" title={t("payCancelled")} text={t("payCancelledText")}>
          {again}
          {toInvoice}
        </Outcome>
      );
    case "UNKNOWN":
      return (
        <Outcome icon="history" look="info" title={t("payUnknown")} text={t("payUnknownText")}>
          {toInvoice}
        </Outcome>
      );
    default:
      return (
        <Outcome icon="history" look="info" title={t("payProcessing")} text={t("payProcessingText")}>
          {toInvoice}
        </Outcome>
      );
  }
}

/** The payer closed the bank's page: go on there, or give the attempt up and pay in another way. */
function AtTheBank({ payment }: { payment: Payment }) {
  const t = useClientText();
  const go = useNavigate();
  const { to } = usePlace();
  const cancel = useAction(CancelPaymentDocument);
  const giveUp = async (): Promise<void> => {
    if ((await cancel.run({ paymentId: payment.id })) && payment.invoice) void go(to(`/invoices/${payment.invoice.id}/pay`), { replace: true });
  };
  return (
    <Outcome icon="lock" look="warn" title={t("payAction")} text={t(payment.nextAction ? "payActionText" : "payActionLost")}>
      {payment.nextAction && (
        <a className="button primary" href={payment.nextAction.redirectUrl}>
          {t("goOnToBank")}
        </a>
      )}
      <Button busy={cancel.busy} onPress={() => void giveUp()}>
        {t("otherWay")}
      </Button>
      <Errors errors={cancel.errors} />
    </Outcome>
  );
}

function Outcome({ icon, look, title, text, children }: { icon: IconName; look: string; title: string; text?: string; children?: ReactNode }) {
  return (
    <>
      <span className={`outcome-icon ${look}`}>
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      {text && <p className="muted">{text}</p>}
      <div className="outcome-actions">{children}</div>
    </>
  );
}
