import { useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { useQuery } from "urql";
import { useAction } from "../graphql/action";
import { useText } from "../i18n/core";
import { useLanguage } from "../i18n/text";
import { Button, Dialog, EmptyState, FailedState, Form, Money, MoreRows, PageHeader, Select, Skeleton, TextField, toast } from "../ui";
import { CreateCustomerDocument, CustomerListDocument } from "./gql/graphql";
import { Search, useListAddress, useMore } from "./lists";
import { useMayWrite, useShell } from "./shell";
import { useStaffText } from "./text";

const PAGE = 20;

/** The client companies, by name, with what each owes. */
export function Clients() {
  const t = useStaffText();
  const list = useListAddress();
  const mayWrite = useMayWrite();
  const [query, setQuery] = useSearchParams();
  const variables = { first: PAGE, filter: list.search ? { search: list.search } : {} };
  const [{ data, error, fetching, stale }, ask] = useQuery({ query: CustomerListDocument, variables, requestPolicy: "cache-and-network" });
  const more = useMore(CustomerListDocument, variables, data?.customers?.pageInfo);
  const rows = data?.customers?.nodes;
  const create = (open: boolean): void => setQuery(open ? { new: "" } : {}, { replace: true });
  return (
    <>
      <PageHeader title={t("clients")}>
        {mayWrite && (
          <Button look="primary" icon="plus" onPress={() => create(true)}>
            {t("newClient")}
          </Button>
        )}
      </PageHeader>
      <div className="filters">
        <Search label={t("searchClients")} value={list.search} onChange={(value) => list.set("q", value)} />
      </div>
      <div className="card flush" aria-busy={fetching || stale}>
        {!rows && error && <FailedState onRetry={() => ask({ requestPolicy: "network-only" })} />}
        {!rows && !error && <Skeleton lines={8} />}
        {rows?.length === 0 && (
          <EmptyState icon={list.search ? "search" : "company"} title={t(list.search ? "noMatch" : "noClientsYet")}>
            {!list.search && <p>{t("noClientsYetText")}</p>}
          </EmptyState>
        )}
        {rows && rows.length > 0 && (
          <ul className="rows" aria-label={t("clients")}>
            {rows.map((row) => (
              <li key={row.id}>
                <Link className="row two" to={`/staff/clients/${row.id}`}>
                  <span className="row-main">
                    <bdi className="row-title">{row.name}</bdi>
                    <span className="row-sub">
                      <bdi>{row.email ?? ""}</bdi>
                    </span>
                  </span>
                  <span className="row-money">
                    {row.outstanding?.map((owed) => (
                      <Money key={owed.currency} value={owed.balance} />
                    ))}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
        {more.hasMore && <MoreRows busy={more.busy} onReach={more.load} />}
      </div>
      {query.has("new") && mayWrite && <NewClient onClose={() => create(false)} />}
    </>
  );
}

function NewClient({ onClose }: { onClose: () => void }) {
  const core = useText();
  const t = useStaffText();
  const go = useNavigate();
  const language = useLanguage();
  const usual = useShell()?.organisation?.currency ?? "EUR";
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [taxId, setTaxId] = useState("");
  const [currency, setCurrency] = useState(usual);
  const create = useAction(CreateCustomerDocument);
  const submit = async (): Promise<void> => {
    const made = await create.run({ name, currency, language, email: email || null, taxId: taxId || null });
    if (!made?.customer) return;
    toast(t("createdToast", { name }));
    void go(`/staff/clients/${made.customer.id}`);
  };
  const currencies = [...new Set([usual, ...Intl.supportedValuesOf("currency")])];
  return (
    <Dialog title={t("newClient")} isOpen onClose={onClose}>
      <Form onSubmit={() => void submit()} errors={create.errors} fields={["name", "email", "taxId", "currency"]}>
        <TextField label={t("name")} name="name" isRequired value={name} onChange={setName} autoFocus />
        <TextField label={core("email")} name="email" type="email" isRequired={false} value={email} onChange={setEmail} />
        <div className="pair">
          <TextField label={t("taxId")} name="taxId" isRequired={false} value={taxId} onChange={setTaxId} />
          <Select
            label={t("currency")}
            name="currency"
            value={currency}
            onChange={setCurrency}
            options={currencies.map((value) => ({ value, label: value }))}
            error={create.errors.find((one) => one.field?.[0] === "currency")?.message}
          />
        </div>
        <div className="dialog-actions">
          <Button onPress={onClose}>{core("cancel")}</Button>
          <Button type="submit" look="primary" busy={create.busy}>
            {t("create")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
