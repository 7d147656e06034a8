import { useState, type ReactNode } from "react";
import type { Action } from "../graphql/action";
import { useText } from "../i18n/core";
import { useFormat } from "../i18n/format";
import { Button, Dialog, Form, Select, TextField, toast } from "../ui";
import { figures } from "./draft";
import { RecordPaymentDocument, RefundPaymentDocument, type InvoiceWholeFragment, type PaymentMode, type PaymentRowFragment } from "./gql/graphql";
import { useAction } from "../graphql/action";
import { useStaffText } from "./text";

/** Asks before something that cannot be taken back; `reason` offers a field for why. */
export function Confirm<Data, Variables>({ action, title, text, confirm, said, input, reason, look = "primary", onClose, onDone }: {
  action: Action<Data, Variables>;
  title: string;
  text: string;
  confirm: string;
  said: string;
  input: Parameters<Action<Data, Variables>["run"]>[0];
  reason?: { label: string; hint: string };
  look?: "primary" | "danger";
  onClose: () => void;
  onDone?: (payload: NonNullable<Awaited<ReturnType<Action<Data, Variables>["run"]>>>) => void;
}) {
  const core = useText();
  const [why, setWhy] = useState("");
  const submit = async (): Promise<void> => {
    const payload = await action.run(reason ? { ...input, reason: why } : input);
    if (!payload) return;
    toast(said);
    onClose();
    onDone?.(payload);
  };
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <Form onSubmit={() => void submit()} errors={action.errors} fields={["reason"]}>
        <p>{text}</p>
        {reason && <TextField label={reason.label} hint={reason.hint} name="reason" isRequired={false} lines={2} value={why} onChange={setWhy} />}
        <div className="dialog-actions">
          <Button onPress={onClose}>{core("cancel")}</Button>
          <Button type="submit" look={look} busy={action.busy}>
            {confirm}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

const MODES: readonly PaymentMode[] = ["BANK_TRANSFER", "CHEQUE", "CASH"];

/** Write down money that came in outside the portal. */
export function RecordPayment({ invoice, onClose }: { invoice: InvoiceWholeFragment; onClose: () => void }) {
  const core = useText();
  const t = useStaffText();
  const format = useFormat();
  const [amount, setAmount] = useState(invoice.balance.amount);
  const [receivedOn, setReceivedOn] = useState(today());
  const [mode, setMode] = useState<PaymentMode>("BANK_TRANSFER");
  const [note, setNote] = useState("");
  const record = useAction(RecordPaymentDocument);
  const submit = async (): Promise<void> => {
    const money = { amount: figures(amount), currency: invoice.currency };
    if (!(await record.run({ invoiceId: invoice.id, mode, amount: money, receivedOn, note }))) return;
    toast(t("recordedToast"));
    onClose();
  };
  return (
    <Dialog title={t("recordTitle")} isOpen onClose={onClose}>
      <Form onSubmit={() => void submit()} errors={record.errors} fields={["amount", "receivedOn", "note"]} fieldOf={AMOUNT_ERRORS}>
        <p className="muted">{t("recordText", { amount: format.money(invoice.balance) })}</p>
        <div className="pair">
          <TextField label={`${t("amount")} (${invoice.currency})`} name="amount" isNumeric isRequired value={amount} onChange={setAmount} />
          <TextField label={t("receivedOn")} name="receivedOn" type="date" isRequired value={receivedOn} onChange={setReceivedOn} />
        </div>
        <Select label={t("mode")} value={mode} onChange={(value) => setMode(value as PaymentMode)} options={MODES.map((one) => ({ value: one, label: t(one) }))} />
        <TextField label={t("note")} hint={t("noteHint")} name="note" isRequired={false} value={note} onChange={setNote} />
        <Actions confirm={t("recordPayment")} busy={record.busy} onClose={onClose} cancel={core("cancel")} />
      </Form>
    </Dialog>
  );
}

const AMOUNT_ERRORS = {
  AMOUNT_EXCEEDS_BALANCE: "amount",
  AMOUNT_NOT_POSITIVE: "amount",
  NUMBER_OUT_OF_RANGE: "amount",
  TOO_MANY_DIGITS: "amount",
};

/** Give back what a payment brought, or part of it. */
export function Refund({ payment, onClose }: { payment: PaymentRowFragment; onClose: () => void }) {
  const core = useText();
  const t = useStaffText();
  const format = useFormat();
  const [amount, setAmount] = useState(payment.refundable.amount);
  const [reason, setReason] = useState("");
  const refund = useAction(RefundPaymentDocument);
  const submit = async (): Promise<void> => {
    const money = { amount: figures(amount), currency: payment.amount.currency };
    if (!(await refund.run({ paymentId: payment.id, amount: money, reason }))) return;
    toast(t("refundedToast"));
    onClose();
  };
  return (
    <Dialog title={t("refundTitle")} isOpen onClose={onClose}>
      <Form onSubmit={() => void submit()} errors={refund.errors} fields={["amount", "reason"]} fieldOf={AMOUNT_ERRORS}>
        <p className="muted">{t("refundText", { amount: format.money(payment.refundable) })}</p>
        <TextField label={`${t("amount")} (${payment.amount.currency})`} name="amount" isNumeric isRequired value={amount} onChange={setAmount} />
        <TextField label={t("reason")} hint={t("reasonHint")} name="reason" isRequired={false} value={reason} onChange={setReason} />
        <Actions confirm={t("refund")} busy={refund.busy} onClose={onClose} cancel={core("cancel")} />
      </Form>
    </Dialog>
  );
}

function Actions({ confirm, cancel, busy, onClose }: { confirm: ReactNode; cancel: string; busy: boolean; onClose: () => void }) {
  return (
    <div className="dialog-actions">
      <Button onPress={onClose}>{cancel}</Button>
      <Button type="submit" look="primary" busy={busy}>
        {confirm}
      </Button>
    </div>
  );
}

/** The day where the reader is, as `<input type="date">` writes it. */
function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
