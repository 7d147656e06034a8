import { useEffect, useState, type ReactNode } from "react";
import { useSearchParams } from "react-router";
import { useClient, useQuery } from "urql";
import { ButtonLink, EmptyState, FailedState, Icon, MoreRows, PageHeader, Select, Skeleton } from "../ui";
import { EstimateListDocument, InvoiceListDocument, type EstimateStatus, type InvoiceStatus } from "./gql/graphql";
import { EstimateRows, InvoiceRows } from "./rows";
import { useMayWrite } from "./shell";
import { useStaffText } from "./text";

const PAGE = 20;
/** How long to wait for the next letter before asking. */
const TYPING_MS = 250;

const INVOICE_FILTERS: Record<string, { statuses: InvoiceStatus[]; word: InvoiceStatus }> = {
  draft: { statuses: ["DRAFT"], word: "DRAFT" },
  open: { statuses: ["SENT", "PARTIALLY_PAID", "OVERDUE"], word: "SENT" },
  overdue: { statuses: ["OVERDUE"], word: "OVERDUE" },
  paid: { statuses: ["PAID"], word: "PAID" },
};
const ESTIMATE_FILTERS: Record<string, { statuses: EstimateStatus[]; word: EstimateStatus }> = {
  draft: { statuses: ["DRAFT"], word: "DRAFT" },
  waiting: { statuses: ["SENT"], word: "SENT" },
  accepted: { statuses: ["ACCEPTED"], word: "ACCEPTED" },
  declined: { statuses: ["DECLINED"], word: "DECLINED" },
};

export function InvoiceList() {
  const t = useStaffText();
  const list = useListAddress();
  const statuses = INVOICE_FILTERS[list.status]?.statuses;
  const variables = { first: PAGE, filter: { ...(statuses ? { statuses } : {}), ...(list.search ? { search: list.search } : {}) } };
  const [{ data, error, fetching, stale }, ask] = useQuery({ query: InvoiceListDocument, variables, requestPolicy: "cache-and-network" });
  const more = useMore(InvoiceListDocument, variables, data?.invoices?.pageInfo);
  const rows = data?.invoices?.nodes;
  const filters = Object.entries(INVOICE_FILTERS).map(([value, one]) => ({ value, label: t(`invoice.${one.word}`) }));
  return (
    <ListPage title={t("invoices")} list={list} filters={filters} busy={fetching || stale} create={{ to: "/staff/invoices/new", label: t("newInvoice") }}>
      {!rows && error && <FailedState onRetry={() => ask({ requestPolicy: "network-only" })} />}
      {!rows && !error && <Skeleton lines={8} />}
      {rows?.length === 0 && <NothingFound list={list} icon="invoice" title={t("noInvoices")} text={t("noInvoicesText")} />}
      {rows && rows.length > 0 && <InvoiceRows rows={rows} label={t("invoices")} />}
      {more.hasMore && <MoreRows busy={more.busy} onReach={more.load} />}
    </ListPage>
  );
}

export function EstimateList() {
  const t = useStaffText();
  const list = useListAddress();
  const statuses = ESTIMATE_FILTERS[list.status]?.statuses;
  const variables = { first: PAGE, filter: { ...(statuses ? { statuses } : {}), ...(list.search ? { search: list.search } : {}) } };
  const [{ data, error, fetching, stale }, ask] = useQuery({ query: EstimateListDocument, variables, requestPolicy: "cache-and-network" });
  const more = useMore(EstimateListDocument, variables, data?.estimates?.pageInfo);
  const rows = data?.estimates?.nodes;
  const filters = Object.entries(ESTIMATE_FILTERS).map(([value, one]) => ({ value, label: t(`estimate.${one.word}`) }));
  return (
    <ListPage title={t("estimates")} list={list} filters={filters} busy={fetching || stale} create={{ to: "/staff/estimates/new", label: t("newEstimate") }}>
      {!rows && error && <FailedState onRetry={() => ask({ requestPolicy: "network-only" })} />}
      {!rows && !error && <Skeleton lines={8} />}
      {rows?.length === 0 && <NothingFound list={list} icon="estimate" title={t("noEstimates")} text={t("noEstimatesText")} />}
      {rows && rows.length > 0 && <EstimateRows rows={rows} label={t("estimates")} />}
      {more.hasMore && <MoreRows busy={more.busy} onReach={more.load} />}
    </ListPage>
  );
}

export interface ListAddress {
  readonly status: string;
  readonly search: string;
  set: (name: "status" | "q", value: string) => void;
}

/** What a list shows is in its address: the back button, links and reloads keep it. */
export function useListAddress(): ListAddress {
  const [query, setQuery] = useSearchParams();
  const set = (name: string, value: string): void =>
    setQuery(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  return { status: query.get("status") ?? "", search: query.get("q") ?? "", set };
}

/** Loads the pages of a list after the first; the cache puts them behind each other. */
export function useMore<Variables extends object>(
  document: Parameters<ReturnType<typeof useClient>["query"]>[0],
  variables: Variables,
  page: { hasNextPage: boolean; endCursor?: string | null } | undefined,
): { hasMore: boolean; busy: boolean; load: () => void } {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const load = (): void => {
    if (busy || !page?.hasNextPage) return;
    setBusy(true);
    void client
      .query(document, { ...variables, after: page.endCursor }, { requestPolicy: "network-only" })
      .toPromise()
      .finally(() => setBusy(false));
  };
  return { hasMore: page?.hasNextPage ?? false, busy, load };
}

function ListPage({ title, list, filters, busy, create, children }: {
  title: string;
  list: ListAddress;
  filters: readonly { readonly value: string; readonly label: string }[];
  busy: boolean;
  create: { to: string; label: string };
  children: ReactNode;
}) {
  const t = useStaffText();
  const mayWrite = useMayWrite();
  return (
    <>
      <PageHeader title={title}>
        {mayWrite && (
          <ButtonLink to={create.to} look="primary" icon="plus">
            {create.label}
          </ButtonLink>
        )}
      </PageHeader>
      <div className="filters">
        <Search label={t("searchDocuments")} value={list.search} onChange={(value) => list.set("q", value)} />
        <Select
          label={t("status")}
          isLabelHidden
          value={list.status}
          onChange={(value) => list.set("status", value)}
          options={[{ value: "", label: t("allStatuses") }, ...filters]}
        />
      </div>
      <div className="card flush" aria-busy={busy}>
        {children}
      </div>
    </>
  );
}

/** Asks when the typing pauses, so that each letter is not a request. */
export function Search({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => setTyped(value), [value]);
  return (
    <label className="search">
      <span className="visually-hidden">{label}</span>
      <Icon name="search" />
      <input className="input" type="search" placeholder={label} value={typed} onChange={(event) => setTyped(event.target.value)} />
    </label>
  );
}

function NothingFound({ list, icon, title, text }: { list: ListAddress; icon: "invoice" | "estimate"; title: string; text: string }) {
  const t = useStaffText();
  if (list.search || list.status) {
    return (
      <EmptyState icon="search" title={t("noMatch")}>
        <p>{t("noMatchText")}</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={icon} title={title}>
      <p>{text}</p>
    </EmptyState>
  );
}
