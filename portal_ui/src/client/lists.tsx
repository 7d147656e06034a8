import { useEffect, useState, type ReactNode } from "react";
import { useSearchParams } from "react-router";
import { useClient, useQuery } from "urql";
import { Button, EmptyState, FailedState, Icon, MoreRows, PageHeader, Select, Skeleton } from "../ui";
import {
  EstimateListDocument,
  InvoiceListDocument,
  type EstimateSortField,
  type EstimateStatus,
  type InvoiceSortField,
  type InvoiceStatus,
  type SortDirection,
} from "./gql/graphql";
import { EstimateRows, InvoiceRows } from "./rows";
import { useClientText } from "./text";

const PAGE = 20;
/** How long to wait for the next letter before asking. */
const TYPING_MS = 250;

const INVOICE_FILTERS: Record<string, InvoiceStatus[]> = {
  open: ["SENT", "PARTIALLY_PAID", "OVERDUE"],
  overdue: ["OVERDUE"],
  paid: ["PAID"],
  closed: ["VOID", "WRITTEN_OFF"],
};
const ESTIMATE_FILTERS: Record<string, EstimateStatus[]> = {
  waiting: ["SENT"],
  accepted: ["ACCEPTED", "INVOICED"],
  declined: ["DECLINED"],
  expired: ["EXPIRED", "VOID"],
};

export function InvoiceList() {
  const t = useClientText();
  const list = useListAddress();
  const statuses = INVOICE_FILTERS[list.status];
  const variables = {
    first: PAGE,
    filter: {
      ...(statuses ? { statuses } : {}),
      ...(list.search ? { search: list.search } : {}),
      ...(list.currency ? { currency: list.currency } : {}),
    },
    orderBy: orderOf<InvoiceSortField>(list.sort, "ISSUED"),
  };
  const [{ data, error, fetching, stale }, ask] = useQuery({ query: InvoiceListDocument, variables, requestPolicy: "cache-and-network" });
  const more = useMore(InvoiceListDocument, variables, data?.invoices?.pageInfo);
  const rows = data?.invoices?.nodes;
  return (
    <ListPage
      title={t("invoices")}
      list={list}
      filters={Object.keys(INVOICE_FILTERS).map((value) => ({ value, label: t(`filter.${value}` as "filter.open") }))}
      sorts={["ISSUED", "DUE", "NUMBER", "TOTAL", "BALANCE"].map((value) => ({ value, label: t(`sort.${value}` as "sort.DUE") }))}
      busy={fetching || stale}
    >
      {!rows && error && <FailedState onRetry={() => ask({ requestPolicy: "network-only" })} />}
      {!rows && !error && <Skeleton lines={8} />}
      {rows?.length === 0 && <NothingFound list={list} icon="invoice" title={t("noInvoices")} text={t("noInvoicesText")} />}
      {rows && rows.length > 0 && <InvoiceRows rows={rows} label={t("invoices")} />}
      {more.hasMore && <MoreRows busy={more.busy} onReach={more.load} />}
    </ListPage>
  );
}

export function EstimateList() {
  const t = useClientText();
  const list = useListAddress();
  const statuses = ESTIMATE_FILTERS[list.status];
  const variables = {
    first: PAGE,
    filter: { ...(statuses ? { statuses } : {}), ...(list.search ? { search: list.search } : {}) },
    orderBy: orderOf<EstimateSortField>(list.sort, "ISSUED"),
  };
  const [{ data, error, fetching, stale }, ask] = useQuery({ query: EstimateListDocument, variables, requestPolicy: "cache-and-network" });
  const more = useMore(EstimateListDocument, variables, data?.estimates?.pageInfo);
  const rows = data?.estimates?.nodes;
  return (
    <ListPage
      title={t("estimates")}
      list={list}
      filters={Object.keys(ESTIMATE_FILTERS).map((value) => ({ value, label: t(`filter.${value}` as "filter.open") }))}
      sorts={["ISSUED", "EXPIRES", "NUMBER", "TOTAL"].map((value) => ({ value, label: t(`sort.${value}` as "sort.DUE") }))}
      busy={fetching || stale}
    >
      {!rows && error && <FailedState onRetry={() => ask({ requestPolicy: "network-only" })} />}
      {!rows && !error && <Skeleton lines={8} />}
      {rows?.length === 0 && <NothingFound list={list} icon="estimate" title={t("noEstimates")} text={t("noEstimatesText")} />}
      {rows && rows.length > 0 && <EstimateRows rows={rows} label={t("estimates")} />}
      {more.hasMore && <MoreRows busy={more.busy} onReach={more.load} />}
    </ListPage>
  );
}

interface ListAddress {
  readonly status: string;
  readonly search: string;
  readonly sort: string;
  readonly currency: string;
  set: (name: "status" | "q" | "sort" | "currency", value: string) => void;
  clear: () => void;
}

/** What a list shows is in its address: the back button, links and reloads keep it. */
function useListAddress(): ListAddress {
  const [query, setQuery] = useSearchParams();
  return {
    status: query.get("status") ?? "",
    search: query.get("q") ?? "",
    sort: query.get("sort") ?? "",
    currency: query.get("currency") ?? "",
    set: (name, value) =>
      setQuery(
        (before) => {
          const next = new URLSearchParams(before);
          if (value) next.set(name, value);
          else next.delete(name);
          return next;
        },
        { replace: true },
      ),
    clear: () => setQuery({}, { replace: true }),
  };
}

function orderOf<Field extends string>(sort: string, usual: Field): { field: Field; direction: SortDirection } {
  const [field, direction] = sort.split(".");
  return { field: (field || usual) as Field, direction: direction === "ASC" ? "ASC" : "DESC" };
}

/** Loads the pages of a list after the first; the cache puts them behind each other. */
function useMore<Variables extends object>(
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

interface Option {
  readonly value: string;
  readonly label: string;
}

function ListPage({ title, list, filters, sorts, busy, children }: {
  title: string;
  list: ListAddress;
  filters: Option[];
  sorts: Option[];
  busy: boolean;
  children: ReactNode;
}) {
  const t = useClientText();
  const sort = list.sort || "ISSUED.DESC";
  return (
    <>
      <PageHeader title={title} />
      <div className="filters">
        <Search value={list.search} onChange={(value) => list.set("q", value)} />
        <Select
          label={t("status")}
          isLabelHidden
          value={list.status}
          onChange={(value) => list.set("status", value)}
          options={[{ value: "", label: t("allStatuses") }, ...filters]}
        />
        <Select
          label={t("sortBy")}
          isLabelHidden
          value={sort}
          onChange={(value) => list.set("sort", value === "ISSUED.DESC" ? "" : value)}
          options={sorts.flatMap((one) => [
            { value: `${one.value}.DESC`, label: `${one.label} ↓` },
            { value: `${one.value}.ASC`, label: `${one.label} ↑` },
          ])}
        />
      </div>
      {list.currency && (
        <p className="chips">
          <Button look="quiet" icon="close" onPress={() => list.set("currency", "")} aria-label={t("allCurrencies")}>
            {list.currency}
          </Button>
        </p>
      )}
      <div className="card flush" aria-busy={busy}>
        {children}
      </div>
    </>
  );
}

/** Asks when the typing pauses, so that each letter is not a request. */
function Search({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useClientText();
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => setTyped(value), [value]);
  return (
    <label className="search">
      <span className="visually-hidden">{t("searchByNumber")}</span>
      <Icon name="search" />
      <input className="input" type="search" placeholder={t("searchByNumber")} value={typed} onChange={(event) => setTyped(event.target.value)} />
    </label>
  );
}

function NothingFound({ list, icon, title, text }: { list: ListAddress; icon: "invoice" | "estimate"; title: string; text: string }) {
  const t = useClientText();
  if (list.search || list.status || list.currency) {
    return (
      <EmptyState icon="search" title={t("noMatch")}>
        <p>{t("noMatchText")}</p>
        <Button onPress={list.clear}>{t("showAll")}</Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={icon} title={title}>
      <p>{text}</p>
    </EmptyState>
  );
}
