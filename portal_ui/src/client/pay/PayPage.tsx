import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { useQuery } from "urql";
import type { PortalConfig } from "../../config";
import { useAction } from "../../graphql/action";
import { isNothing, useFormat } from "../../i18n/format";
import { Button, ButtonLink, Checkbox, Errors, FailedState, Notice, PageHeader, Skeleton } from "../../ui";
import { NoSuchPage } from "../ClientPages";
import { PayInvoiceDocument, PayPageDocument, type PayPageQuery } from "../gql/graphql";
import { usePlace } from "../shell";
import { useClientText } from "../text";
import { AmountChoice, amountOf, type ChosenAmount } from "./AmountChoice";
import { CardForm } from "./CardForm";
import { CardChoice } from "./CardChoice";
import { OtherWays } from "./OtherWays";

/** Pay an invoice, in whole or in part. */
export default function PayPage({ config }: { config: PortalConfig }) {
  const t = useClientText();
  const { id = "" } = useParams();
  const { to } = usePlace();
  const [{ data, error }, asking] = useQuery({ query: PayPageDocument, variables: { id }, requestPolicy: "cache-and-network" });
  const ask = (): void => asking({ requestPolicy: "network-only" });
  const invoice = data?.invoice;
  if (!invoice) return data && !error ? <NoSuchPage /> : error ? <FailedState onRetry={ask} /> : <Skeleton lines={6} />;
  const title = t("payTitle", { number: invoice.number ?? "" });
  const back = { to: to(`/invoices/${invoice.id}`), label: t("invoiceTitle", { number: invoice.number ?? "" }) };
  const waiting = invoice.payments.find((one) => one.status === "REQUIRES_ACTION");
  return (
    <div className="narrow">
      <PageHeader title={title} back={back} />
      {isNothing(invoice.payableNow) && !waiting ? (
        <div className="card form">
          <h2>{invoice.status === "PAID" ? t("paidInFull") : t("payNothing")}</h2>
          {invoice.status !== "PAID" && !isNothing(invoice.balance) && <p className="muted">{t("underWay")}</p>}
          <ButtonLink to={back.to}>{t("toTheInvoice")}</ButtonLink>
        </div>
      ) : (
        <>
          {waiting && (
            <Notice look="warn">
              <p>{t("payActionText")}</p>
              <ButtonLink look="plain" to={to(`/payments/${waiting.id}`)}>
                {t("goOnToBank")}
              </ButtonLink>
            </Notice>
          )}
          {invoice.paymentModes.includes("CARD") && (
            <ByCard config={config} invoice={invoice} cards={data.savedCards ?? []} onRefused={ask} />
          )}
          <OtherWays options={invoice.paymentOptions.filter((one) => one.mode !== "CARD")} />
        </>
      )}
    </div>
  );
}

type Invoice = NonNullable<PayPageQuery["invoice"]>;
type Card = NonNullable<PayPageQuery["savedCards"]>[number];

function ByCard({ config, invoice, cards, onRefused }: { config: PortalConfig; invoice: Invoice; cards: readonly Card[]; onRefused: () => void }) {
  const t = useClientText();
  const format = useFormat();
  const go = useNavigate();
  const { to } = usePlace();
  const [query, setQuery] = useSearchParams();
  const [amount, setAmount] = useState<ChosenAmount>({ part: query.has("part"), text: query.get("part") ?? "" });
  const [token, setToken] = useState(query.get("card_token") ?? "");
  const [card, setCard] = useState(token ? "" : (cards.find((one) => one.isDefault)?.id ?? cards[0]?.id ?? ""));
  const [saveCard, setSaveCard] = useState(false);
  const [hasTried, setTried] = useState(false);
  const pay = useAction(PayInvoiceDocument);
  const whole = waitingFreed(invoice);
  const chosen = amountOf(amount, whole);
  const isReady = card !== "" || token !== "";

  const submit = async (): Promise<void> => {
    setTried(true);
    if (!chosen) return;
    const answer = await pay.run({
      invoiceId: invoice.id,
      mode: "CARD",
      amount: chosen,
      ...(card ? { savedCardId: card } : { cardToken: token, saveCard }),
      returnUrl: `${location.origin}${to(`/invoices/${invoice.id}/pay/back`)}`,
    });
    if (query.has("card_token")) setQuery({}, { replace: true });
    if (!answer?.payment) {
      setToken("");
      onRefused();
      return;
    }
    const { id, status, nextAction } = answer.payment;
    if (status === "REQUIRES_ACTION" && nextAction) location.assign(nextAction.redirectUrl);
    else void go(to(`/payments/${id}`), { replace: true });
  };
  return (
    <div className="card form">
      <AmountChoice invoice={invoice} whole={whole} value={amount} onChange={setAmount} isRefused={hasTried && !chosen} />
      <CardChoice cards={cards} value={card} onChange={setCard} />
      {card === "" && (
        <CardForm config={config} token={token} onToken={setToken} returnTo={returnTo(invoice.id, amount, to)} />
      )}
      {card === "" && token && (
        <Checkbox isSelected={saveCard} onChange={setSaveCard}>
          {t("saveCard")}
        </Checkbox>
      )}
      <Errors errors={pay.errors} />
      {isReady && (
        <>
          <Button look="primary" wide icon="lock" busy={pay.busy} onPress={() => void submit()}>
            {t("pay", { amount: chosen ? format.money(chosen) : "…" })}
          </Button>
          <p className="muted small center">{t("paySafe")}</p>
        </>
      )}
    </div>
  );
}

/** What can be paid now; where only an attempt that waits for the bank stands in the way, paying anew gives it up. */
function waitingFreed(invoice: Invoice) {
  return isNothing(invoice.payableNow) ? invoice.balance : invoice.payableNow;
}

function returnTo(invoiceId: string, amount: ChosenAmount, to: (path: string) => string): string {
  const part = amount.part && amount.text ? `?${new URLSearchParams({ part: amount.text })}` : "";
  return `${location.origin}${to(`/invoices/${invoiceId}/pay`)}${part}`;
}
