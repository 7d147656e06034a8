import { useEffect, useRef, useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { useClient, useQuery } from "urql";
import { useAction, type Refusal } from "../graphql/action";
import { useText } from "../i18n/core";
import { Button, ButtonLink, Checkbox, EmptyState, FailedState, Form, PageHeader, Select, Skeleton, TextField, toast } from "../ui";
import { AdjustmentFields } from "./AdjustmentFields";
import { contentOf, draftOf, emptyDraft, isComputable, type Draft, type TypedAdjustment } from "./draft";
import {
  CreateEstimateDocument,
  CreateInvoiceDocument,
  EditorPageDocument,
  EstimatePageDocument,
  InvoicePageDocument,
  PreviewDocument,
  UpdateEstimateDocument,
  UpdateInvoiceDocument,
  type EditorPageQuery,
  type EstimateWholeFragment,
  type InvoiceWholeFragment,
  type PaymentMode,
  type PreviewQuery,
} from "./gql/graphql";
import { LineFields } from "./LineFields";
import { Totals } from "./paper";
import { useStaffText } from "./text";

export type Kind = "invoice" | "estimate";
type Whole = InvoiceWholeFragment | EstimateWholeFragment;
type Customer = NonNullable<EditorPageQuery["customers"]>["nodes"][number];
export type Computed = NonNullable<PreviewQuery["previewDocument"]>;

const MODES: readonly PaymentMode[] = ["CARD", "BANK_TRANSFER", "CHEQUE", "CASH"];
/** How long to wait for the next letter before asking for totals. */
const TYPING_MS = 250;

/** Write a new invoice or estimate. */
export function NewDraft({ kind }: { kind: Kind }) {
  const [query] = useSearchParams();
  return <Loaded kind={kind} initial={emptyDraft(query.get("client") ?? "")} />;
}

/** Change a draft. */
export function EditDraft({ kind }: { kind: Kind }) {
  const { id = "" } = useParams();
  const isInvoice = kind === "invoice";
  const [invoice, askInvoice] = useQuery({ query: InvoicePageDocument, variables: { id }, pause: !isInvoice, requestPolicy: "network-only" });
  const [estimate, askEstimate] = useQuery({ query: EstimatePageDocument, variables: { id }, pause: isInvoice, requestPolicy: "network-only" });
  const { data, error } = isInvoice ? invoice : estimate;
  const opened = useRef<Whole | undefined>(undefined);
  opened.current ??= (isInvoice ? invoice.data?.invoice : estimate.data?.estimate) ?? undefined;
  if (!data && error) return <FailedState onRetry={() => (isInvoice ? askInvoice : askEstimate)({ requestPolicy: "network-only" })} />;
  if (!opened.current) return <Skeleton lines={8} />;
  return <Loaded kind={kind} initial={draftOf(opened.current)} before={opened.current} />;
}

function Loaded({ kind, initial, before }: { kind: Kind; initial: Draft; before?: Whole }) {
  const t = useStaffText();
  const [{ data, error }, ask] = useQuery({ query: EditorPageDocument, requestPolicy: "cache-and-network" });
  const customers = data?.customers?.nodes;
  if (!customers) return error ? <FailedState onRetry={() => ask({ requestPolicy: "network-only" })} /> : <Skeleton lines={8} />;
  if (customers.length === 0) {
    return (
      <EmptyState icon="company" title={t("noClients")}>
        <p>{t("noClientsText")}</p>
        <ButtonLink to="/staff/clients?new" look="primary">
          {t("newClient")}
        </ButtonLink>
      </EmptyState>
    );
  }
  return <Editor kind={kind} initial={initial} before={before} customers={customers} />;
}

function Editor({ kind, initial, before, customers }: {
  kind: Kind;
  initial: Draft;
  before: Whole | undefined;
  customers: readonly Customer[];
}) {
  const core = useText();
  const t = useStaffText();
  const go = useNavigate();
  const [draft, setDraft] = useState(initial);
  const change = (part: Partial<Draft>): void => setDraft((now) => ({ ...now, ...part }));
  const currency = customers.find((one) => one.id === draft.customerId)?.currency ?? before?.currency ?? customers[0]?.currency ?? "EUR";
  const content = contentOf(draft, currency, t("taxName"), before);
  const { computed, busy: isComputing } = usePreview(content, isComputable(draft));
  const save = useSaving(kind, before);
  const isInvoice = kind === "invoice";
  const list = `/staff/${kind}s`;

  const submit = async (): Promise<void> => {
    const saved = await save.run(draft, content);
    if (!saved) return;
    toast(t("savedToast"));
    void go(`${list}/${saved}`, { replace: true });
  };
  const errors: readonly Refusal[] = save.errors.length > 0 ? save.errors : (computed?.userErrors ?? []);
  const names = ["customerId", "subject", "reference", "notes", "terms", "dueOn", "expiresOn"];
  const title = before ? t(isInvoice ? "editInvoice" : "editEstimate") : t(isInvoice ? "newInvoice" : "newEstimate");
  return (
    <>
      <PageHeader title={title} back={before ? { to: `${list}/${before.id}`, label: core("back") } : { to: list, label: t(isInvoice ? "invoices" : "estimates") }} />
      <Form onSubmit={() => void submit()} errors={errors} fields={[...names, ...lineNames(draft)]} fieldOf={{ NOT_FOUND: "customerId", WRONG_ID_KIND: "customerId" }}>
        <div className="editor">
          <div className="editor-main">
            <section className="card form">
              <Select
                label={t("client")}
                name="customerId"
                value={draft.customerId}
                onChange={(customerId) => change({ customerId })}
                options={[{ value: "", label: t("chooseClient") }, ...customers.map((one) => ({ value: one.id, label: `${one.name} (${one.currency})` }))]}
                error={errors.find((one) => one.field?.[0] === "customerId" || one.code === "WRONG_ID_KIND") && t("chooseClient")}
              />
              <div className="pair">
                <TextField label={t("subject")} name="subject" isRequired={false} value={draft.subject} onChange={(subject) => change({ subject })} />
                <TextField label={t("reference")} name="reference" isRequired={false} value={draft.reference} onChange={(reference) => change({ reference })} />
              </div>
            </section>
            <LineFields draft={draft} currency={currency} computed={computed} onChange={(lines) => change({ lines })} />
            <section className="card form" aria-label={t("adjustments")}>
              <div>
                <h2>{t("adjustments")}</h2>
                <p className="hint-line">{t("adjustmentsHint")}</p>
              </div>
              <AdjustmentFields rows={draft.adjustments} at="adjustments" currency={currency} onChange={(adjustments) => change({ adjustments })} />
            </section>
            <section className="card form">
              <Checkbox isSelected={draft.pricesIncludeTax} onChange={(pricesIncludeTax) => change({ pricesIncludeTax })}>
                {t("pricesIncludeTax")}
              </Checkbox>
              <TextField label={t("notes")} name="notes" isRequired={false} lines={3} value={draft.notes} onChange={(notes) => change({ notes })} />
              <TextField label={t("terms")} name="terms" isRequired={false} lines={2} value={draft.terms} onChange={(terms) => change({ terms })} />
            </section>
          </div>
          <aside className="editor-side">
            <section className="card form">
              <TextField
                label={t(isInvoice ? "dueOn" : "expiresOn")}
                hint={t(isInvoice ? "dueHint" : "expiresHint")}
                name={isInvoice ? "dueOn" : "expiresOn"}
                type="date"
                isRequired={false}
                value={draft.day}
                onChange={(day) => change({ day })}
              />
              {isInvoice && (
                <fieldset className="choices">
                  <legend className="label">{t("modes")}</legend>
                  {MODES.map((mode) => (
                    <Checkbox
                      key={mode}
                      isSelected={draft.modes.includes(mode)}
                      onChange={(on) => change({ modes: MODES.filter((one) => (one === mode ? on : draft.modes.includes(one))) })}
                    >
                      {t(mode)}
                    </Checkbox>
                  ))}
                  <Checkbox isSelected={draft.partial} onChange={(partial) => change({ partial })}>
                    {t("partialAllowed")}
                  </Checkbox>
                </fieldset>
              )}
            </section>
            <section className="card form" aria-live="polite" aria-busy={isComputing}>
              <h2>{t("totals")}</h2>
              {computed?.totals ? <Totals totals={computed.totals} /> : <p className="muted">{t(computed?.userErrors.length ? "totalsRefused" : "totalsWait")}</p>}
              <p className="hint-line">{isComputing ? t("computing") : t("totalsByServer")}</p>
              <Button type="submit" look="primary" wide busy={save.busy}>
                {t("saveDraft")}
              </Button>
            </section>
          </aside>
        </div>
      </Form>
    </>
  );
}

/** Ask what the draft comes to whenever it changes and is whole; the browser adds up nothing. */
function usePreview(content: ReturnType<typeof contentOf>, isWhole: boolean): { computed: Computed | undefined; busy: boolean } {
  const client = useClient();
  const [computed, setComputed] = useState<Computed>();
  const [busy, setBusy] = useState(false);
  const key = JSON.stringify(content);
  useEffect(() => {
    if (!isWhole) {
      setComputed(undefined);
      return;
    }
    let isOver = false;
    setBusy(true);
    const timer = setTimeout(() => {
      void client
        .query(PreviewDocument, { input: JSON.parse(key) as typeof content }, { requestPolicy: "network-only" })
        .toPromise()
        .then(({ data }) => {
          if (isOver) return;
          setBusy(false);
          if (data?.previewDocument) setComputed(data.previewDocument);
        });
    }, TYPING_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
      setBusy(false);
    };
  }, [client, key, isWhole]);
  return { computed, busy };
}

/** Save as a new draft, or over the one that was opened if nobody else has changed it; returns its id. */
function useSaving(kind: Kind, before: Whole | undefined) {
  const createInvoice = useAction(CreateInvoiceDocument);
  const updateInvoice = useAction(UpdateInvoiceDocument);
  const createEstimate = useAction(CreateEstimateDocument);
  const updateEstimate = useAction(UpdateEstimateDocument);
  const action = kind === "invoice" ? (before ? updateInvoice : createInvoice) : before ? updateEstimate : createEstimate;
  const run = async (draft: Draft, content: ReturnType<typeof contentOf>): Promise<string | undefined> => {
    const day = draft.day || null;
    const common = { ...content, customerId: draft.customerId };
    if (kind === "invoice") {
      const paymentTerms = { modes: [...draft.modes], partialPaymentsAllowed: draft.partial, dueOn: day };
      const input = { ...common, paymentTerms };
      const saved = before
        ? await updateInvoice.run({ ...input, invoiceId: before.id, expectedVersion: before.version })
        : await createInvoice.run(input);
      return saved?.invoice?.id;
    }
    const input = { ...common, expiresOn: day };
    const saved = before
      ? await updateEstimate.run({ ...input, estimateId: before.id, expectedVersion: before.version })
      : await createEstimate.run(input);
    return saved?.estimate?.id;
  };
  return { run, busy: action.busy, errors: action.errors };
}

function lineNames(draft: Draft): string[] {
  const parts = ["description", "quantity", "unit", "unitPrice", "taxes.0.percent"];
  const ofLines = draft.lines.flatMap((line, place) => [
    ...parts.map((part) => `lines.${place}.${part}`),
    ...adjustmentNames(line.adjustments, `lines.${place}.adjustments`),
  ]);
  return [...ofLines, ...adjustmentNames(draft.adjustments, "adjustments")];
}

const adjustmentNames = (rows: readonly TypedAdjustment[], at: string): string[] =>
  rows.flatMap((_, place) => [`${at}.${place}`, `${at}.${place}.label`]);
